"""What linkage of workers does to flags, what a person says of a pair, and taking it back."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.detection.schemas import FlagView
from app.errors import Forbidden, Invalid, NotFound
from app.linkage import queries, worker_service
from app.linkage.schemas import GROUPS, WORKER, PairView
from tests.detection.conftest import scene as scene  # noqa: PLC0414 - a fixture
from tests.detection.scene import AUDITOR, INSPECTOR, NOW, STRANGER, Scene
from tests.detection.snapshots import Row
from tests.linkage.saying import decide, take_back

OURS = "3216060302900001"
SLIP = "3216060302900007"
TWIN = "3216060302900008"
OTHER = "3301110302905555"
BORN = date(1990, 2, 3)


def scene_with(scene: Scene, **listed: object) -> Row:
    """Let a member be listed at the same employer under what `listed` changes."""
    scene.registry.employer()
    for number in range(50, 56):
        scene.registry.member(number)
    scene.registry.member(1, nik=OURS, nama="Muhammad Rizki Hidayat", tgl_lahir=BORN)
    record = scene.registry.record(scene.registry.rows["pemberi_kerja"][0], jumlah_tk=7)
    return scene.registry.listed(
        record,
        1,
        **{"nik": SLIP, "nama": "M. Rizki Hidayat", "tgl_lahir": BORN, **listed},
    )


def flags_of(scene: Scene, rule: str) -> list[FlagView]:
    return [one for one in scene.all_flags() if one.rule == rule and one.seen]


def every_pair(session: Session) -> list[PairView]:
    return [
        pair
        for group in GROUPS
        for pair in queries.pairs(
            session, principal=INSPECTOR, group=group, kind=WORKER, cursor=None, limit=9
        ).items
    ]


def only_pair(session: Session) -> PairView:
    (found,) = every_pair(session)
    return found


def test_a_worker_who_is_surely_a_member_is_not_counted_as_unregistered(
    scene: Scene, session: Session
) -> None:
    scene_with(scene)

    scene.sweep()

    assert flags_of(scene, "PDS_TK") == []
    pair = only_pair(session)
    assert (pair.kind, pair.band, pair.method) == ("pekerja", "pasti", "nama_mirip")


def test_a_question_lowers_the_flag_and_is_named_in_its_evidence(
    scene: Scene, session: Session
) -> None:
    scene_with(scene, nik=OTHER)

    scene.sweep()

    flag = scene.flag(rule="PDS_TK")
    assert (only_pair(session).band, only_pair(session).why) == ("tinjau", "nomor")
    assert flag.confidence == "perlu ditinjau"
    assert flag.numbers["pekerja_ragu"] == 1
    shown = {row.table: row.values for row in flag.evidence}
    assert shown["sumber_pekerja"]["ragu"] == "mungkin peserta"
    assert shown["kepesertaan"]["nama"] == "Muhammad Rizki Hidayat"
    assert OTHER not in str(shown)
    assert OURS not in str(shown)


def test_one_doubt_among_several_lowers_the_flag_by_a_step(scene: Scene) -> None:
    scene_with(scene, nik=OTHER)
    record = scene.registry.rows["sumber_pemberi_kerja"][0]
    scene.registry.listed(record, 80)
    scene.registry.listed(record, 81)
    second = scene.registry.record(
        scene.registry.rows["pemberi_kerja"][0], sumber="DJP", id_sumber="D-1"
    )
    scene.registry.listed(second, 80)

    scene.sweep()

    flag = scene.flag(rule="PDS_TK")
    assert (flag.jumlah_tk, flag.numbers["pekerja_ragu"], flag.confidence) == (3, 1, "sedang")


def test_a_sure_member_whose_card_ended_is_lapsed_and_the_flag_says_how(scene: Scene) -> None:
    scene_with(scene)
    scene.registry.rows["kepesertaan"][-1].update(
        tgl_akhir=date(2025, 12, 31), sebab_akhir="mengundurkan_diri"
    )

    scene.sweep()

    assert flags_of(scene, "PDS_TK") == []
    flag = scene.flag(rule="LAPSED")
    assert (flag.jumlah_tk, flag.numbers["pekerja_mirip"]) == (1, 1)
    shown = {row.table: row.values for row in flag.evidence}
    assert shown["sumber_pekerja"]["nik"] == shown["kepesertaan"]["nik"]
    assert shown["sumber_pekerja"]["nik_tertulis"] != shown["sumber_pekerja"]["nik"]
    assert SLIP not in str(flag)
    assert OURS not in str(flag)
    assert flag.confidence == "perlu ditinjau"


def test_a_member_who_was_called_another_person_holds_the_likelier_one_back_no_more(
    scene: Scene, session: Session
) -> None:
    scene_with(scene)
    scene.registry.member(2, nik=TWIN, nama="Muhammad Rizki Hidayat", tgl_lahir=BORN)
    scene.sweep()
    asked = {one.member[-4:]: one for one in every_pair(session)}
    assert {(one.band, one.why) for one in asked.values()} == {("tinjau", "saingan")}

    decide(session, asked[TWIN[-4:]], "beda")
    scene.sweep()

    sure = queries.pair(session, principal=INSPECTOR, pair_id=asked[OURS[-4:]].id)
    assert (sure.band, sure.method) == ("pasti", "nama_mirip")
    assert flags_of(scene, "PDS_TK") == []


def test_a_sure_pair_called_two_people_is_two_until_that_is_taken_back(
    scene: Scene, session: Session
) -> None:
    scene_with(scene)
    scene.sweep()

    apart = decide(session, only_pair(session), "beda")
    scene.sweep()
    assert scene.flag(rule="PDS_TK").jumlah_tk == 1
    assert "pekerja_ragu" not in scene.flag(rule="PDS_TK").numbers

    take_back(session, apart)
    scene.sweep()

    assert flags_of(scene, "PDS_TK") == []
    said = queries.decisions(session, principal=INSPECTOR, pair_id=apart.id)
    assert [one.verdict for one in said] == ["beda", "dicabut"]


def test_a_question_that_a_person_answers_outlives_a_month_and_another_list(
    scene: Scene, session: Session
) -> None:
    row = scene_with(scene, nik=OTHER)
    scene.sweep()
    decide(session, only_pair(session), "sama")
    scene.registry.rows["sumber_pekerja"].clear()
    scene.sweep()

    scene.registry.rows["sumber_pekerja"].append({**row, "nama": "Rizki Hidayat"})
    scene.sweep()

    assert flags_of(scene, "PDS_TK") == []
    assert only_pair(session).method == "putusan"


def test_a_member_whom_the_same_list_names_is_somebody_else(scene: Scene, session: Session) -> None:
    scene_with(scene)
    record = scene.registry.rows["sumber_pemberi_kerja"][0]
    scene.registry.listed(record, 1, nik=OURS, nama="Muhammad Rizki Hidayat", tgl_lahir=BORN)

    scene.sweep()

    assert (only_pair(session).band, only_pair(session).why) == ("tinjau", "disebut")
    assert scene.flag(rule="PDS_TK").jumlah_tk == 1


def test_a_member_elsewhere_is_unregistered_here_without_a_doubt(
    scene: Scene, session: Session
) -> None:
    scene_with(scene)
    scene.registry.employer("BB000002")
    scene.registry.rows["kepesertaan"][-1]["npp"] = "BB000002"

    scene.sweep()

    assert only_pair(session).why == "tempat"
    flag = scene.flag(rule="PDS_TK")
    assert (flag.jumlah_tk, flag.confidence) == (1, "sedang")
    assert "pekerja_ragu" not in flag.numbers


def test_a_nik_is_masked_in_every_view_and_shown_to_who_says_why(
    scene: Scene, session: Session
) -> None:
    scene_with(scene)
    scene.sweep()
    pair = only_pair(session)
    decided = decide(session, pair, "sama")

    for view in (pair, decided, queries.decisions(session, principal=INSPECTOR, pair_id=pair.id)):
        assert SLIP not in repr(view)
        assert OURS not in repr(view)
    trail = session.execute(sa.text("SELECT detail::text FROM audit_entry")).scalars().all()
    assert not [one for one in trail if SLIP in one or OURS in one]
    shown = worker_service.reveal_niks(
        session, principal=INSPECTOR, pair_id=pair.id, reason="Mencocokkan kartu.", now=NOW
    )
    assert (shown.outside, shown.member) == (SLIP, OURS)
    for who, reason, no in (
        (INSPECTOR, "pendek", Invalid),
        (AUDITOR, "Mencocokkan kartu.", Forbidden),
        (STRANGER, "Mencocokkan kartu.", NotFound),
    ):
        with pytest.raises(no):
            worker_service.reveal_niks(
                session, principal=who, pair_id=pair.id, reason=reason, now=NOW
            )


@pytest.mark.parametrize("table", ["sumber_pekerja", "kepesertaan", "sumber_pemberi_kerja"])
def test_a_snapshot_without_a_table_of_people_is_swept(scene: Scene, table: str) -> None:
    scene_with(scene)
    scene.registry.rows[table].clear()

    scene.sweep()

    assert scene.preview().rules["PDS_TK"].gone == 0


def test_a_worker_without_a_nik_is_compared_with_nobody(scene: Scene, session: Session) -> None:
    scene_with(scene, nik=None)

    scene.sweep()

    found = queries.pairs(session, principal=INSPECTOR, group="menunggu", cursor=None, limit=9)
    assert found.items == ()


def test_a_sweep_again_and_a_preview_change_no_pair_of_workers(
    scene: Scene, session: Session
) -> None:
    scene_with(scene)
    scene.sweep()
    before = only_pair(session)

    scene.preview()
    scene.sweep()

    assert only_pair(session) == before
