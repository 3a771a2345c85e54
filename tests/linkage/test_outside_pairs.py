"""Two agencies spell one unregistered employer differently: one flag, or two and a question."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.detection import queries as detection
from app.errors import Forbidden, NotFound, Stale
from app.linkage import queries
from tests.detection.conftest import scene as scene  # noqa: PLC0414 - a fixture
from tests.detection.scene import AUDITOR, INSPECTOR, STRANGER, SUPERVISOR, Scene, counts
from tests.linkage.outside import NAME, SLIP, THIRD, flags, known, pair_of, pairs
from tests.linkage.saying import decide, take_back

RIGHT = "995432161123000"
TYPED = "995432611123000"
ELSEWHERE = "Jl. Pahlawan No. 70, Kec. Tambun"


def test_two_spellings_of_one_employer_are_one_flag_that_says_so(
    scene: Scene, session: Session
) -> None:
    known(scene, "WLKP", NAME, jumlah_tk=9)
    known(scene, "OSS", SLIP, jumlah_tk=7)

    scene.sweep()

    (found,) = flags(scene)
    flag = detection.flag(session, principal=SUPERVISOR, flag_id=found.id)
    assert flag.confidence == "perlu ditinjau"
    assert flag.confidence_reason == (
        "Catatan beberapa instansi digabung karena nama, alamat, dan wilayahnya mirip."
    )
    assert {name: flag.numbers[name] for name in ("sumber", "pekerja", "tautan", "digabung")} == {
        "sumber": 2, "pekerja": 9, "tautan": "nama_mirip", "digabung": 1,
    }  # fmt: skip
    told = {row.values["id_sumber"]: row.values.get("tautan") for row in flag.evidence}
    assert told == {"OSS-1": "nama_mirip", "WLKP-1": None}
    (pair,) = pairs(session)
    assert (pair.band, pair.why, pair.method) == ("pasti", "", "nama_mirip")
    assert pair.kantor_cabang == flag.kantor_cabang == "J05"
    assert set(pair.records) == {("WLKP", "WLKP-1"), ("OSS", "OSS-1")}
    assert pair.chance > 0.99


def test_a_flag_that_nothing_was_joined_for_says_nothing_of_it(scene: Scene) -> None:
    known(scene, "WLKP", NAME)
    known(scene, "OSS", "CV Bunga Melati", alamat=ELSEWHERE)

    scene.sweep()

    assert ["tautan" in one.numbers for one in flags(scene)] == [False, False]


def test_the_estimate_of_one_employer_is_counted_once(scene: Scene) -> None:
    scene.registry.member(1)
    known(scene, "WLKP", NAME, jumlah_tk=9)
    scene.sweep()
    (alone,) = flags(scene)
    known(scene, "OSS", SLIP, jumlah_tk=9)

    scene.sweep()

    assert [one.potensi_rupiah for one in flags(scene)] == [alone.potensi_rupiah]
    assert alone.potensi_rupiah > 0


@pytest.mark.parametrize(
    ("left", "right", "how_many"),
    [
        ({"npwp": "990000000000001"}, {}, 1),
        ({"npwp": "990000000000001"}, {"nib": "9900000000001"}, 1),
        ({"nib": "9900000000001"}, {}, 1),
        ({"npwp": "990000000000001"}, {"npwp": "990000000000002"}, 2),
        ({"nib": "9900000000001"}, {"nib": "9900000000002"}, 2),
    ],
)
def test_a_number_on_one_side_speaks_against_nothing_and_another_one_on_the_other_against_all(
    scene: Scene, left: dict[str, str], right: dict[str, str], how_many: int
) -> None:
    known(scene, "WLKP", NAME, **left)
    known(scene, "OSS", SLIP, **right)

    scene.sweep()

    assert len(flags(scene)) == how_many


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"npwp": RIGHT}, {"npwp": TYPED}),
        ({"npwp": RIGHT, "nib": "9900000000001"}, {"npwp": TYPED}),
        ({"nib": "9900000000001"}, {"nib": "9900000000010"}),
    ],
)
def test_numbers_one_slip_apart_are_a_question_until_a_person_says_so_and_can_be_undone(
    scene: Scene, session: Session, left: dict[str, str], right: dict[str, str]
) -> None:
    known(scene, "WLKP", NAME, **left)
    known(scene, "OSS", SLIP, **right)
    scene.sweep()
    assert len(flags(scene)) == 2
    (asked,) = pairs(session)
    assert (asked.band, asked.why, asked.method) == ("tinjau", "nomor", "")
    assert {one.comparison: one.level for one in asked.parts}["nomor"] == "hampir_sama"

    said = decide(session, asked, "sama")
    scene.sweep()

    (flag,) = flags(scene)
    assert (flag.numbers["tautan"], flag.numbers["digabung"]) == ("putusan", 1)
    take_back(session, said)
    scene.sweep()
    assert len(flags(scene)) == 2


def test_a_slip_of_a_number_is_asked_about_at_another_address_where_the_names_sound_alike(
    scene: Scene, session: Session
) -> None:
    known(scene, "WLKP", NAME, npwp=RIGHT)
    known(scene, "OSS", NAME, npwp=TYPED, alamat=ELSEWHERE)

    scene.sweep()

    assert [(one.band, one.why) for one in pairs(session)] == [("tinjau", "nomor")]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        # Two branches of one taxpayer.
        ({"npwp": "990000000000001"}, {"npwp": "990000000000002"}),
        # Two slips.
        ({"npwp": RIGHT}, {"npwp": "996543211123000"}),
        # One slip of the NPWP, and another NIB altogether.
        ({"npwp": RIGHT, "nib": "9900000000001"}, {"npwp": TYPED, "nib": "9112345678900"}),
    ],
)
def test_numbers_further_apart_are_not_even_asked_about(
    scene: Scene, session: Session, left: dict[str, str], right: dict[str, str]
) -> None:
    known(scene, "WLKP", NAME, **left)
    known(scene, "OSS", SLIP, **right)

    scene.sweep()

    assert len(flags(scene)) == 2
    assert pairs(session) == ()


def test_a_third_without_a_number_joins_neither_of_two_one_slip_apart_until_they_are_one(
    scene: Scene, session: Session
) -> None:
    known(scene, "WLKP", NAME, npwp=RIGHT)
    known(scene, "OSS", SLIP, npwp=TYPED)
    known(scene, "KESEHATAN", THIRD)
    scene.sweep()
    assert len(flags(scene)) == 3

    decide(session, pair_of(session, "WLKP-1", "OSS-1"), "sama")
    scene.sweep()

    (flag,) = flags(scene)
    assert flag.numbers["sumber"] == 3


def test_of_two_names_the_number_gives_the_name(scene: Scene) -> None:
    known(scene, "DJP", NAME)
    known(scene, "OSS", SLIP, nib="9900000000001")

    scene.sweep()

    assert [one.subject for one in flags(scene)] == ["nib:9900000000001"]


def test_another_regency_or_another_legal_form_is_not_joined(
    scene: Scene, session: Session
) -> None:
    known(scene, "WLKP", NAME)
    known(scene, "OSS", SLIP, kode_wilayah="32.16")
    known(scene, "DJP", "CV Sinar Jaya Abadi")

    scene.sweep()

    assert len(flags(scene)) == 3
    assert [(one.band, one.why) for one in pairs(session)] == [("tinjau", "bentuk")]


def test_what_one_agency_lists_twice_is_a_question(scene: Scene, session: Session) -> None:
    known(scene, "WLKP", NAME)
    known(scene, "WLKP", SLIP, id_sumber="WLKP-2")

    scene.sweep()

    assert len(flags(scene)) == 2
    (pair,) = pairs(session)
    assert (pair.band, pair.why, pair.method) == ("tinjau", "sumber", "")
    decide(session, pair, "sama")
    scene.sweep()
    (flag,) = flags(scene)
    assert (flag.numbers["tautan"], flag.numbers["digabung"]) == ("putusan", 1)


def test_three_agencies_are_one_through_the_one_in_the_middle(
    scene: Scene, session: Session
) -> None:
    known(scene, "WLKP", NAME)
    known(scene, "OSS", SLIP)
    known(scene, "KESEHATAN", THIRD)

    scene.sweep()

    (flag,) = flags(scene)
    assert flag.subject == "nama:32.01:PT:SINARJAYAABADI"
    assert (flag.numbers["sumber"], flag.numbers["digabung"]) == (3, 2)


def test_a_third_that_may_be_either_of_two_is_joined_to_neither(
    scene: Scene, session: Session
) -> None:
    known(scene, "WLKP", NAME, npwp="990000000000001")
    known(scene, "OSS", SLIP, npwp="990000000000002")
    known(scene, "KESEHATAN", THIRD)

    scene.sweep()

    assert len(flags(scene)) == 3
    assert {(one.band, one.why) for one in pairs(session)} == {("tinjau", "saingan")}


def test_a_question_joins_nothing_until_a_person_says_so_and_then_until_it_is_taken_back(
    scene: Scene, session: Session
) -> None:
    known(scene, "WLKP", NAME)
    known(scene, "OSS", "PT Sinar Jaya", alamat=ELSEWHERE, kbli="96111")
    scene.sweep()
    (asked,) = pairs(session)
    assert (asked.band, asked.why, asked.method) == ("tinjau", "peluang", "")
    assert len(flags(scene)) == 2

    said = decide(session, asked, "sama")
    assert said.next_method == "putusan"
    scene.sweep()
    (flag,) = flags(scene)
    assert flag.numbers["tautan"] == "putusan"
    assert pairs(session)[0].method == "putusan"

    take_back(session, said)
    scene.sweep()
    assert len(flags(scene)) == 2
    told = queries.decisions(session, principal=INSPECTOR, pair_id=asked.id)
    assert [one.verdict for one in told] == ["sama", "dicabut"]


def test_a_wrong_join_is_split_and_stays_so_under_new_names_and_after_a_month_without_one(
    scene: Scene, session: Session
) -> None:
    first = known(scene, "WLKP", NAME)
    other = known(scene, "OSS", SLIP)
    scene.sweep()
    before = pair_of(session, "WLKP-1", "OSS-1")
    decide(session, pair_of(session, "WLKP-1", "OSS-1"), "beda")

    scene.sweep()
    assert len(flags(scene)) == 2
    scene.registry.rows["sumber_pemberi_kerja"].remove(other)
    scene.sweep()
    first["npwp"] = "990000000000001"
    scene.registry.rows["sumber_pemberi_kerja"].append({**other, "nama": "PT Sinar Jaya Abaddi"})
    scene.sweep()

    assert len(flags(scene)) == 2
    again = pair_of(session, "WLKP-1", "OSS-1")
    assert (again.band, again.verdict, again.method) == ("pasti", "beda", "")
    # Under their new names the second of the two is the first.
    assert again.other_records == (("WLKP", "WLKP-1"),) != before.other_records
    decided = queries.decisions(session, principal=INSPECTOR, pair_id=again.id)
    assert [one.verdict for one in decided] == ["beda"]


@pytest.mark.parametrize("both", [False, True], ids=["one-side", "both-sides"])
def test_a_split_outlives_rows_that_agencies_number_anew_and_so_does_taking_it_back(
    scene: Scene, session: Session, both: bool
) -> None:
    first, other = known(scene, "WLKP", NAME), known(scene, "OSS", SLIP)
    scene.sweep()
    decide(session, pair_of(session, "WLKP-1", "OSS-1"), "beda")

    first["id_sumber"] = "WLKP-9"
    other["id_sumber"] = "OSS-9" if both else "OSS-1"
    scene.sweep()

    assert len(flags(scene)) == 2
    (again,) = pairs(session)
    assert (again.band, again.verdict, again.method) == ("pasti", "beda", "")

    take_back(session, again)
    for numbers in (("WLKP-9", other["id_sumber"]), ("WLKP-1", "OSS-1")):
        first["id_sumber"], other["id_sumber"] = numbers
        scene.sweep()
        assert len(flags(scene)) == 1
        (joined,) = pairs(session)
        assert (joined.verdict, joined.method) == ("", "nama_mirip")
        told = queries.decisions(session, principal=INSPECTOR, pair_id=joined.id)
        assert [one.verdict for one in told] == ["beda", "dicabut"]


def test_a_split_stays_with_a_listed_record_under_a_new_name_and_goes_to_no_namesake(
    scene: Scene, session: Session
) -> None:
    first, other = known(scene, "WLKP", NAME), known(scene, "OSS", SLIP)
    scene.sweep()
    decide(session, pair_of(session, "WLKP-1", "OSS-1"), "beda")

    first["id_sumber"] = "WLKP-9"
    other.update(nama="PT Sinar Jaya Abaddi")
    known(scene, "OSS", SLIP, id_sumber="OSS-7")
    scene.sweep()

    renamed, namesake = pair_of(session, "WLKP-9", "OSS-1"), pair_of(session, "WLKP-9", "OSS-7")
    assert (renamed.verdict, renamed.method) == ("beda", "")
    assert namesake.verdict == ""


def test_doubt_changes_nothing(scene: Scene, session: Session) -> None:
    known(scene, "WLKP", NAME)
    known(scene, "OSS", SLIP)
    scene.sweep()
    decide(session, pair_of(session, "WLKP-1", "OSS-1"), "ragu")

    report = scene.sweep()

    assert counts(report, "PWBD") == (0, 1, 0)


def test_a_word_against_a_pair_wins_over_a_chain_of_likenesses(
    scene: Scene, session: Session
) -> None:
    for sumber, nama in (("WLKP", NAME), ("OSS", SLIP), ("KESEHATAN", THIRD)):
        known(scene, sumber, nama)
    scene.sweep()
    decide(session, pair_of(session, "WLKP-1", "KESEHATAN-1"), "beda")

    scene.sweep()

    # The third may be either of the two that a person keeps apart.
    assert len(flags(scene)) == 3
    left = [one for one in pairs(session) if not one.verdict]
    assert [(one.band, one.why, one.method) for one in left] == [("tinjau", "saingan", "")] * 2

    decide(session, pair_of(session, "OSS-1", "KESEHATAN-1"), "sama")
    scene.sweep()

    assert sorted(str(one.numbers["sumber"]) for one in flags(scene)) == ["1", "2"]


def test_of_words_that_cannot_all_hold_the_newest_join_first_and_a_different_holds_always(
    scene: Scene, session: Session
) -> None:
    for sumber, nama in (("WLKP", NAME), ("OSS", SLIP), ("KESEHATAN", THIRD)):
        known(scene, sumber, nama)
    scene.sweep()
    decide(session, pair_of(session, "WLKP-1", "OSS-1"), "sama")
    decide(session, pair_of(session, "OSS-1", "KESEHATAN-1"), "sama")
    decide(session, pair_of(session, "WLKP-1", "KESEHATAN-1"), "beda")

    scene.sweep()

    assert len(flags(scene)) == 2
    older, newer = pair_of(session, "WLKP-1", "OSS-1"), pair_of(session, "OSS-1", "KESEHATAN-1")
    assert (older.why, older.method, older.next_method) == ("rantai", "", "")
    assert newer.method == "putusan"


def test_one_that_is_registered_after_all_leaves_the_other_to_the_exact_rules(
    scene: Scene, session: Session
) -> None:
    ours = scene.registry.employer(nama="PT Nama Lama Kami", alamat=ELSEWHERE)
    first = known(scene, "WLKP", NAME)
    known(scene, "OSS", SLIP)
    scene.sweep()
    assert len(flags(scene)) == 1
    decide(session, pair_of(session, "WLKP-1", "OSS-1"), "sama")

    first["npwp"] = ours["npwp"]
    scene.sweep()

    (flag,) = flags(scene)
    assert (flag.sumber, "tautan" in flag.numbers) == ("OSS", False)
    (pair,) = pairs(session)
    assert (pair.seen, pair.method, pair.verdict) == (False, "", "sama")


def test_only_the_office_that_serves_the_place_sees_the_pair(
    scene: Scene, session: Session
) -> None:
    known(scene, "WLKP", NAME)
    known(scene, "OSS", SLIP)
    scene.sweep()
    (pair,) = pairs(session)

    assert pairs(session, principal=STRANGER) == ()
    assert len(pairs(session, principal=AUDITOR)) == 1
    with pytest.raises(NotFound):
        queries.pair(session, principal=STRANGER, pair_id=pair.id)
    for who, no in ((STRANGER, NotFound), (AUDITOR, Forbidden)):
        with pytest.raises(no):
            decide(session, pair, "beda", principal=who)
    decide(session, pair, "beda")
    with pytest.raises(Stale):
        decide(session, pair, "sama")


def test_a_decision_cannot_be_rewritten(scene: Scene, session: Session) -> None:
    known(scene, "WLKP", NAME)
    known(scene, "OSS", SLIP)
    scene.sweep()
    decide(session, pairs(session)[0], "beda")

    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text("UPDATE linkage_decision SET other_records = '[]'"))


def test_the_order_of_the_rows_and_a_sweep_again_change_nothing(
    scene: Scene, session: Session
) -> None:
    for sumber, nama in (("WLKP", NAME), ("OSS", SLIP), ("KESEHATAN", THIRD)):
        known(scene, sumber, nama)
    scene.sweep()
    before, was = flags(scene), pairs(session)

    scene.registry.rows["sumber_pemberi_kerja"].reverse()
    previewed = scene.preview()
    report = scene.sweep()

    assert counts(previewed, "PWBD") == counts(report, "PWBD") == (0, 1, 0)
    assert [one.subject for one in flags(scene)] == [one.subject for one in before]
    told = [(one.kunci, one.member, one.weight, one.method) for one in pairs(session)]
    assert told == [(one.kunci, one.member, one.weight, one.method) for one in was]


def test_a_name_that_one_agency_lists_three_times_over_says_little(
    scene: Scene, session: Session
) -> None:
    for number in range(40):
        scene.registry.employer(f"CC2000{number:02}", nama=f"PT Lain {number:02}", alamat=None)
    for number, place in enumerate(("32.01", "33.01", "33.02")):
        known(scene, "WLKP", NAME, id_sumber=f"WLKP-{number}", kode_wilayah=place, kbli="47111")
    known(scene, "OSS", NAME.removeprefix("PT "), alamat=ELSEWHERE, kbli="96111")

    scene.sweep()

    assert [(one.band, one.why) for one in pairs(session)] == [("tinjau", "peluang")]
    rows = scene.registry.rows["sumber_pemberi_kerja"]
    rows.remove(next(row for row in rows if row["id_sumber"] == "WLKP-2"))
    scene.sweep()
    assert [(one.band, one.why) for one in pairs(session)] == [("pasti", "")]
