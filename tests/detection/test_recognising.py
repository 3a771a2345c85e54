"""An unregistered employer stays the same one when what agencies call it changes."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from app.detection import service
from app.detection.tables import Flag, FlagEvent
from tests.detection.scene import INSPECTOR, NOW, Scene, counts
from tests.detection.snapshots import ON

UNNUMBERED = {"npwp": None, "nib": None}


@pytest.fixture
def known(scene: Scene) -> Scene:
    """An employer without a number, on one agency's list, that somebody is looking at."""
    scene.registry.employer()
    scene.registry.record(**UNNUMBERED)
    scene.sweep()
    service.review(
        scene.session, principal=INSPECTOR, flag_id=only(scene).id or 0,
        expected_version=only(scene).version, now=NOW,
    )  # fmt: skip
    return scene


def flags(scene: Scene) -> list[Flag]:
    scene.session.expire_all()
    return list(scene.session.exec(select(Flag).where(Flag.rule == "PWBD").order_by(col(Flag.id))))


def only(scene: Scene) -> Flag:
    (flag,) = flags(scene)
    return flag


def actions(scene: Scene, flag: Flag) -> list[str]:
    rows = select(FlagEvent.action).where(FlagEvent.flag_id == flag.id).order_by(col(FlagEvent.id))
    return list(scene.session.exec(rows))


def row(scene: Scene, number: int = 0) -> dict[str, object]:
    return scene.registry.rows["sumber_pemberi_kerja"][number]


def test_a_number_that_an_agency_learns_renames_the_flag_and_keeps_what_people_did(
    known: Scene,
) -> None:
    before = only(known)
    was = (before.id, before.subject, before.version)
    row(known).update(npwp="990000000000001", nib="9900000000001")

    previewed = counts(known.preview(), "PWBD")
    report = known.sweep(on=ON + timedelta(days=1))

    after = only(known)
    assert previewed == counts(report, "PWBD") == (0, 1, 0)
    assert (after.id, after.status, after.seen) == (was[0], "ditinjau", True)
    assert (was[1], after.subject) == (
        "nama:32.01:PT:BELUMDAFTAR",
        "npwp:0990000000000001",
    )
    assert after.version == was[2] + 1
    assert "dikenali_kembali" in actions(known, after)
    told = known.session.exec(select(FlagEvent).where(FlagEvent.action == "dikenali_kembali")).one()
    assert told.detail == {"subject": [was[1], after.subject]}


def test_a_number_that_is_corrected_and_one_that_goes_are_no_other_employer(known: Scene) -> None:
    first = only(known).id
    for numbers in (
        {"npwp": "990000000000001"}, {"npwp": "990000000000009"}, {"nib": "9900000000001"},
        UNNUMBERED,
    ):  # fmt: skip
        row(known).update({**UNNUMBERED, **numbers})
        known.sweep()
        assert [(flag.id, flag.status) for flag in flags(known)] == [(first, "ditinjau")]


def test_another_agency_whose_row_brings_a_number_joins_the_same_flag(known: Scene) -> None:
    known.registry.record(sumber="DJP", id_sumber="D-1", npwp="990000000000001", nib=None)

    known.sweep()

    flag = only(known)
    assert (flag.subject, flag.status) == ("npwp:0990000000000001", "ditinjau")


def test_another_row_of_the_same_agency_is_another_employer(known: Scene) -> None:
    row(known).update(id_sumber="W-9", nama="PT Orang Lain")

    report = known.sweep()

    old, new = flags(known)
    assert counts(report, "PWBD") == (1, 0, 1)
    assert (old.status, new.status) == ("hilang", "baru")
    assert "dikenali_kembali" not in actions(known, old)


def test_of_two_that_turn_out_to_be_one_the_older_goes_on(known: Scene) -> None:
    known.registry.record(
        sumber="DJP", id_sumber="D-1", nama="PT Karya Nusantara", alamat="Jalan Lain 9",
        **UNNUMBERED, jumlah_tk=3,
    )  # fmt: skip
    known.sweep()
    older, newer = flags(known)
    for number in (0, 1):
        row(known, number).update(npwp="990000000000001")

    known.sweep()

    older, newer = flags(known)
    assert (older.subject, older.status) == ("npwp:0990000000000001", "ditinjau")
    assert newer.status == "hilang"


def test_of_one_that_falls_apart_one_part_goes_on(known: Scene) -> None:
    known.registry.record(sumber="DJP", id_sumber="D-1", npwp="990000000000001", nib=None)
    row(known).update(npwp="990000000000001")
    known.sweep()
    row(known).update(npwp="990000000000002", nama="PT Satu")
    row(known, 1).update(npwp="990000000000003", nama="PT Dua")

    report = known.sweep()

    first, second = flags(known)
    assert counts(report, "PWBD") == (1, 1, 0)
    assert (first.status, second.status) == ("ditinjau", "baru")
    assert {first.subject, second.subject} == {"npwp:0990000000000002", "npwp:0990000000000003"}


def test_a_row_left_out_for_a_month_comes_back_as_itself_under_another_name(known: Scene) -> None:
    first, left_out = only(known).id, dict(row(known))
    rows = known.registry.rows["sumber_pemberi_kerja"]
    rows.clear()
    assert counts(known.sweep(), "PWBD") == (0, 0, 1)
    rows.append({**left_out, "npwp": "990000000000001"})

    previewed = counts(known.preview(), "PWBD")
    report = known.sweep(on=ON + timedelta(days=30))

    flag = only(known)
    assert previewed == counts(report, "PWBD") == (1, 0, 0)
    assert (flag.id, flag.subject) == (first, "npwp:0990000000000001")
    # Its facts have changed, so that it is to be looked at anew, as under the name it had.
    assert (flag.status, flag.seen) == ("baru", True)
    assert {"hilang", "dikenali_kembali", "kembali"} <= set(actions(known, flag))


def test_a_part_that_leaves_again_is_the_employer_it_was_before_it_joined(known: Scene) -> None:
    known.registry.record(sumber="DJP", id_sumber="D-1", nama="PT Lain", **UNNUMBERED)
    known.sweep()
    one, other = (flag.id for flag in flags(known))
    row(known, 1).update(nama=row(known)["nama"])
    known.sweep()
    row(known, 1).update(nama="PT Lain Sekali")

    known.sweep()

    assert [(flag.id, flag.seen) for flag in flags(known)] == [(one, True), (other, True)]
    assert flags(known)[1].subject == "nama:32.01:PT:LAINSEKALI"


def test_who_was_there_until_now_goes_on_before_who_was_gone_long_ago(known: Scene) -> None:
    known.registry.record(sumber="DJP", id_sumber="D-1", nama="PT Lain", **UNNUMBERED)
    known.registry.record(sumber="OSS", id_sumber="O-1", nama="PT Lain", **UNNUMBERED)
    known.sweep()
    here, gone = (flag.id for flag in flags(known))
    two = known.registry.rows["sumber_pemberi_kerja"][1:]
    del known.registry.rows["sumber_pemberi_kerja"][1:]
    known.sweep()
    # All three meet under one new name; the two of whoever was gone are more rows.
    known.registry.rows["sumber_pemberi_kerja"].extend({**one, "nama": "PT Baru"} for one in two)
    row(known).update(nama="PT Baru")

    known.sweep()

    assert [(flag.id, flag.seen) for flag in flags(known)] == [(here, True), (gone, False)]
