"""What a person says of a pair: what the next sweep makes of it, and taking it back."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.detection.schemas import FlagView
from app.errors import Forbidden, NotFound, Refused, Stale
from app.linkage import queries, service
from app.linkage.schemas import PairView
from tests.detection.conftest import scene as scene  # noqa: PLC0414 - a fixture
from tests.detection.scene import AUDITOR, INSPECTOR, NOW, STRANGER, SUPERVISOR, Scene
from tests.detection.snapshots import Row
from tests.linkage.saying import decide, take_back

OURS = "PT Sinar Jaya Abadi"
SLIP = "PT Sinar Jaya Abdai"


def known_elsewhere(scene: Scene, nama: str, **changes: object) -> Row:
    """Let our employer be known elsewhere under `nama`, without a number, at its own address."""
    ours = scene.registry.employer(nama=OURS, alamat="Jl. Merdeka No. 12, Kec. Setu")
    return scene.registry.record(
        ours,
        **{"nama": nama, "npwp": None, "nib": None, "alamat": ours["alamat"], **changes},
    )


def outside_flags(scene: Scene) -> list[FlagView]:
    return [one for one in scene.all_flags() if one.rule == "PWBD" and one.seen]


def only_pair(session: Session) -> PairView:
    (found,) = (
        pair
        for group in ("menunggu", "tertaut", "diputus")
        for pair in queries.pairs(
            session, principal=INSPECTOR, group=group, cursor=None, limit=50
        ).items
    )
    return found


def test_a_slip_of_the_finger_is_linked_and_the_flag_says_how(
    scene: Scene, session: Session
) -> None:
    record = known_elsewhere(scene, SLIP, jumlah_tk=9)
    scene.registry.listed(record, 7)

    scene.sweep()

    assert outside_flags(scene) == []
    flag = scene.flag(rule="PDS_TK")
    assert flag.confidence == "perlu ditinjau"
    assert flag.numbers["tautan"] == "nama_mirip"
    assert only_pair(session).method == "nama_mirip"


def test_a_sure_pair_that_a_person_calls_two_is_two_until_that_is_taken_back(
    scene: Scene, session: Session
) -> None:
    known_elsewhere(scene, SLIP)
    scene.sweep()

    apart = decide(session, only_pair(session), "beda")
    assert (apart.method, apart.next_method) == ("nama_mirip", "")
    assert outside_flags(scene) == []
    scene.sweep()
    (flag,) = outside_flags(scene)
    assert flag.sumber == "WLKP"
    assert only_pair(session).method == ""

    take_back(session, apart)
    scene.sweep()

    assert outside_flags(scene) == []
    assert only_pair(session).method == "nama_mirip"
    said = queries.decisions(session, principal=INSPECTOR, pair_id=apart.id)
    assert [one.verdict for one in said] == ["beda", "dicabut"]


def test_other_numbers_are_a_question_that_only_a_person_turns_into_a_link(
    scene: Scene, session: Session
) -> None:
    known_elsewhere(scene, OURS, npwp="990000000000001", nib="9900000000001")
    scene.sweep()
    (before,) = outside_flags(scene)
    pair = only_pair(session)
    assert (pair.band, pair.why, pair.method) == ("tinjau", "nomor", "")
    assert before.numbers["mirip_npp"] == "AA000001"

    decide(session, pair, "sama")
    scene.sweep()

    assert outside_flags(scene) == []
    assert only_pair(session).method == "putusan"


def rivals(scene: Scene) -> None:
    """Let two registered employers be about as likely to be the one that is known elsewhere."""
    known_elsewhere(scene, SLIP)
    scene.registry.employer(
        "AA000002", nama="PT Sinar Jaya Abbadi", alamat="Jl. Merdeka No. 12, Kec. Setu"
    )
    scene.sweep()


def test_whom_a_person_called_different_holds_nobody_back_until_that_is_taken_back(
    scene: Scene, session: Session
) -> None:
    rivals(scene)
    likely, rival = sorted(
        queries.pairs(session, principal=INSPECTOR, group="menunggu", cursor=None, limit=50).items,
        key=lambda one: one.npp,
    )
    assert [(one.band, one.why, one.rival_npp) for one in (likely, rival)] == [
        ("tinjau", "saingan", "AA000002"),
        ("tinjau", "saingan", "AA000001"),
    ]
    assert len(outside_flags(scene)) == 1

    apart = decide(session, rival, "beda")
    scene.sweep()

    sure = queries.pair(session, principal=INSPECTOR, pair_id=likely.id)
    assert (sure.band, sure.method, sure.rival_npp) == ("pasti", "nama_mirip", "")
    assert outside_flags(scene) == []

    take_back(session, queries.pair(session, principal=INSPECTOR, pair_id=apart.id))
    scene.sweep()

    again = queries.pair(session, principal=INSPECTOR, pair_id=likely.id)
    assert (again.band, again.why, again.method) == ("tinjau", "saingan", "")
    assert len(outside_flags(scene)) == 1


def test_one_outside_employer_is_the_same_as_one_registered_until_that_is_taken_back(
    scene: Scene, session: Session
) -> None:
    rivals(scene)
    first, second = queries.pairs(
        session, principal=INSPECTOR, group="menunggu", cursor=None, limit=50
    ).items
    said = decide(session, first, "sama")

    with pytest.raises(Refused, match=f"sudah diputus sama dengan NPP {first.npp}"):
        decide(session, second, "sama")
    assert decide(session, second, "beda").verdict == "beda"
    take_back(session, said)

    again = queries.pair(session, principal=INSPECTOR, pair_id=second.id)
    assert decide(session, again, "sama").next_method == "putusan"


def test_doubt_changes_nothing_and_keeps_the_pair_waiting(scene: Scene, session: Session) -> None:
    known_elsewhere(scene, OURS, npwp="990000000000001", nib="9900000000001")
    scene.sweep()

    decide(session, only_pair(session), "ragu")
    report = scene.sweep()

    assert (report.rules["PWBD"].new, report.rules["PWBD"].gone) == (0, 0)
    waiting = queries.pairs(
        session, principal=INSPECTOR, group="menunggu", cursor=None, limit=5
    ).items
    assert [one.verdict for one in waiting] == ["ragu"]


def test_a_decision_outlives_a_new_name_a_new_number_and_a_month_without_the_record(
    scene: Scene, session: Session
) -> None:
    record = known_elsewhere(scene, SLIP)
    scene.sweep()
    decide(session, only_pair(session), "beda")

    scene.registry.rows["sumber_pemberi_kerja"].clear()
    scene.sweep()
    scene.registry.rows["sumber_pemberi_kerja"].append(
        {**record, "nama": OURS, "npwp": "990000000000001"}
    )
    scene.sweep()

    (flag,) = outside_flags(scene)
    assert flag.subject == "npwp:0990000000000001"
    assert flag.numbers["mirip_npp"] == ""


def test_a_decision_outlives_rows_that_their_agency_numbers_anew_and_so_does_taking_it_back(
    scene: Scene, session: Session
) -> None:
    record = known_elsewhere(scene, SLIP)
    scene.sweep()
    decide(session, only_pair(session), "beda")

    record["id_sumber"] = "W-777"
    scene.sweep()

    pair = only_pair(session)
    assert (pair.verdict, pair.method, pair.next_method) == ("beda", "", "")
    assert [flag.id_sumber for flag in outside_flags(scene)] == ["W-777"]

    take_back(session, pair)
    for number in ("W-777", "W-1"):
        record["id_sumber"] = number
        scene.sweep()
        assert outside_flags(scene) == []
        assert only_pair(session).method == "nama_mirip"


def test_a_decision_stays_with_its_record_when_another_employer_gets_its_number(
    scene: Scene, session: Session
) -> None:
    number = {"npwp": "990000000000001", "nib": "9900000000001"}
    record = known_elsewhere(scene, OURS, **number)
    scene.sweep()
    decide(session, only_pair(session), "sama")

    other = {**record, "id_sumber": "W-2", "nama": OURS}
    record.update(npwp="990000000000002", nib="9900000000002")
    scene.registry.rows["sumber_pemberi_kerja"].append(other)
    scene.sweep()

    found = {
        pair.kunci: (pair.verdict, pair.method, pair.next_method)
        for group in ("menunggu", "diputus")
        for pair in queries.pairs(
            session, principal=INSPECTOR, group=group, cursor=None, limit=50
        ).items
    }
    assert found == {
        "npwp:0990000000000001": ("", "", ""),
        "npwp:0990000000000002": ("sama", "putusan", "putusan"),
    }
    assert [flag.id_sumber for flag in outside_flags(scene)] == ["W-2"]


def test_a_number_wins_over_what_was_decided(scene: Scene, session: Session) -> None:
    record = known_elsewhere(scene, SLIP)
    scene.sweep()
    decide(session, only_pair(session), "beda")

    record["npwp"] = scene.registry.rows["pemberi_kerja"][0]["npwp"]
    scene.sweep()

    assert outside_flags(scene) == []


def test_the_second_of_two_who_decide_at_once_is_told(scene: Scene, session: Session) -> None:
    known_elsewhere(scene, SLIP)
    scene.sweep()
    pair = only_pair(session)
    decide(session, pair, "beda")

    with pytest.raises(Stale):
        decide(session, pair, "sama")
    with pytest.raises(Refused):
        decide(session, replace(pair, version=only_pair(session).version), "beda")


def test_only_the_offices_of_the_employer_decide_and_an_auditor_only_reads(
    scene: Scene, session: Session
) -> None:
    known_elsewhere(scene, SLIP)
    scene.sweep()
    pair = only_pair(session)

    for who, no in ((STRANGER, NotFound), (AUDITOR, Forbidden)):
        with pytest.raises(no):
            service.decide(
                session, principal=who, pair_id=pair.id, verdict="beda",
                reason="Bukan urusannya.", expected_version=0, now=NOW,
            )  # fmt: skip
    assert queries.pair(session, principal=AUDITOR, pair_id=pair.id).id == pair.id
    with pytest.raises(NotFound):
        queries.pair(session, principal=STRANGER, pair_id=pair.id)


def test_a_decision_cannot_be_rewritten(scene: Scene, session: Session) -> None:
    known_elsewhere(scene, SLIP)
    scene.sweep()
    decide(session, only_pair(session), "beda")

    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text("UPDATE linkage_decision SET verdict = 'sama'"))


def test_a_sweep_again_and_a_preview_change_no_pair(scene: Scene, session: Session) -> None:
    known_elsewhere(scene, SLIP)
    scene.sweep()
    before = only_pair(session)

    scene.preview()
    scene.sweep()

    assert only_pair(session) == before
    content = queries.model_file(session, principal=SUPERVISOR, sha256=before.model_sha256)
    assert '"pasangan_latih": 0' in content
    assert before.last_seen_on == date(2026, 11, 20)
