"""A flag as known on a day says what it said then, under the sweep and the decisions of then."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.detection import past, service
from app.detection.outcomes import Ending
from app.detection.past import KnownFlag
from app.detection.schemas import FlagFilter
from app.errors import NotFound
from tests.detection.scene import INSPECTOR, STRANGER, SUPERVISOR, Scene
from tests.detection.snapshots import ON

THREE = ("2026-01", "2026-02", "2026-03")
ZONE = ZoneInfo("Asia/Jakarta")
LATER = ON + timedelta(days=30)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def known(scene: Scene, day: date) -> KnownFlag:
    return past.flag_known_on(scene.session, principal=INSPECTOR, flag_id=scene.flag().id, day=day)


def numbers_known(scene: Scene, day: date, **asked: object) -> list[int]:
    found = past.flags_known_on(
        scene.session,
        principal=SUPERVISOR,
        filter=FlagFilter(**asked),  # type: ignore[arg-type]
        day=day,
        cursor=None,
        limit=50,
    )
    return [one.id for one in found.page.items]


@pytest.fixture
def grown(scene: Scene) -> Scene:
    """Three months owed on ON, four a month later, each found by a sweep of its own day."""
    scene.owe(*THREE)
    scene.sweep(now=at(ON))
    scene.owe("2026-04")
    scene.sweep(on=LATER, now=at(LATER))
    return scene


def test_a_flag_says_what_it_said_before_a_later_sweep_said_otherwise(grown: Scene) -> None:
    was, is_now = known(grown, LATER - timedelta(days=1)), known(grown, LATER)

    assert (was.flag.bulan_tunggak, is_now.flag.bulan_tunggak) == (3, 4)
    assert (was.flag.potensi_rupiah, is_now.flag.potensi_rupiah) == (855_000, 1_140_000)
    assert (len(was.flag.evidence), len(is_now.flag.evidence)) == (3, 4)
    assert was.flag.sentence.startswith("PT Usaha AA000001 menunggak iuran 3 bulan")
    assert (was.sweep.on, was.flag.last_found_on) == (ON, ON)
    assert was.flag.snapshot_id == was.sweep.snapshot_id != is_now.flag.snapshot_id


def test_what_is_known_on_its_own_last_day_is_what_the_flag_says_now(grown: Scene) -> None:
    now = grown.flag()

    flag = known(grown, LATER).flag

    assert flag.version == 0
    assert [getattr(flag, name) for name in ("sentence", "numbers", "evidence", "status")] == [
        getattr(now, name) for name in ("sentence", "numbers", "evidence", "status")
    ]


def test_a_sweep_of_midnight_belongs_to_the_new_day_of_the_reader(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep(now=at(ON))
    scene.owe("2026-04")
    scene.sweep(on=LATER, now=at(LATER, hour=0))

    assert known(scene, LATER - timedelta(days=1)).flag.bulan_tunggak == 3
    assert known(scene, LATER).flag.bulan_tunggak == 4


def test_before_the_first_sweep_nothing_was_known_and_the_answer_names_the_day(
    grown: Scene,
) -> None:
    with pytest.raises(NotFound, match=r"belum ada pencarian temuan"):
        known(grown, ON - timedelta(days=1))


def test_a_flag_found_later_was_not_known_yet_and_is_not_in_the_list(grown: Scene) -> None:
    first = grown.flag().id
    grown.owe(*THREE, npp="BB000002")
    grown.sweep(on=LATER + timedelta(days=1), now=at(LATER + timedelta(days=1)))
    second = grown.flag("BB000002")

    assert numbers_known(grown, LATER) == [first]
    assert numbers_known(grown, LATER + timedelta(days=1)) == [second.id, first]
    with pytest.raises(NotFound, match="belum ditemukan"):
        past.flag_known_on(grown.session, principal=INSPECTOR, flag_id=second.id, day=LATER)


def test_a_decision_is_known_from_its_day_with_its_reason_and_last_day(grown: Scene) -> None:
    until = LATER + timedelta(days=60)
    flag = grown.flag()
    service.snooze(
        grown.session,
        principal=INSPECTOR,
        flag_id=flag.id,
        until=until,
        reason="Menunggu bukti bayar.",
        expected_version=flag.version,
        on=LATER,
        now=at(LATER + timedelta(days=2)),
    )
    grown.owe("2026-05")
    grown.sweep(on=LATER + timedelta(days=9), now=at(LATER + timedelta(days=9)))

    before, rested, broken = (known(grown, LATER + timedelta(days=days)).flag for days in (1, 2, 9))

    assert [one.status for one in (before, rested, broken)] == ["baru", "ditunda", "baru"]
    assert (rested.decision_reason, rested.snooze_until) == ("Menunggu bukti bayar.", until)
    assert (before.decision_reason, before.snooze_until) == ("", None)
    assert numbers_known(grown, LATER + timedelta(days=2), status=("ditunda",)) == [flag.id]
    assert numbers_known(grown, LATER + timedelta(days=9), status=("ditunda",)) == []


def test_a_flag_that_was_gone_is_gone_on_that_day_and_keeps_what_it_said_last(
    grown: Scene,
) -> None:
    grown.settle()
    gone_on, back_on = LATER + timedelta(days=10), LATER + timedelta(days=20)
    grown.sweep(on=gone_on, now=at(gone_on))
    grown.registry.rows["pembayaran"].clear()
    grown.owe("2026-05")
    grown.sweep(on=back_on, now=at(back_on))

    gone, back = known(grown, gone_on).flag, known(grown, back_on).flag

    assert (gone.status, gone.seen, gone.bulan_tunggak) == ("hilang", False, 4)
    assert (gone.last_found_on, known(grown, gone_on).sweep.on) == (LATER, gone_on)
    assert (back.status, back.seen, back.bulan_tunggak) == ("baru", True, 5)


def test_the_case_that_held_a_flag_is_named_on_the_days_it_held_it(grown: Scene) -> None:
    flag_id = grown.flag().id
    service.mark_as_case(
        grown.session,
        principal=INSPECTOR,
        flag_ids=[flag_id],
        case_number="K-2026-J05-0001",
        on=LATER,
        now=at(LATER + timedelta(days=1)),
    )
    service.release_from_case(
        grown.session,
        actor="user:1",
        case_number="K-2026-J05-0001",
        judged=frozenset(),
        ending=Ending(
            code="paid", kbli="", verdicts={"PIUTANG": "terbukti"}, taken_as={flag_id: (1, 0)}
        ),
        reason="Lunas.",
        on=LATER + timedelta(days=5),
        now=at(LATER + timedelta(days=5)),
    )

    free, held, ended = (known(grown, LATER + timedelta(days=days)).flag for days in (0, 1, 5))

    assert [one.case_number for one in (free, held, ended)] == [
        "", "K-2026-J05-0001", "K-2026-J05-0001",
    ]  # fmt: skip
    assert [one.case_ended_on for one in (free, held, ended)] == [
        None, None, LATER + timedelta(days=5),
    ]  # fmt: skip


def test_the_list_asks_what_flags_said_then_not_what_they_say_now(grown: Scene) -> None:
    flag_id = grown.flag().id

    assert numbers_known(grown, ON, min_rupiah=1_000_000) == []
    assert numbers_known(grown, LATER, min_rupiah=1_000_000) == [flag_id]
    assert numbers_known(grown, ON, text="usaha aa0", rule="PIUTANG") == [flag_id]
    assert numbers_known(grown, ON, rule="LAPSED") == []


def test_only_who_reaches_the_office_learns_what_was_known(grown: Scene) -> None:
    with pytest.raises(NotFound):
        past.flag_known_on(grown.session, principal=STRANGER, flag_id=grown.flag().id, day=ON)
    assert (
        past.flags_known_on(
            grown.session,
            principal=STRANGER,
            filter=FlagFilter(),
            day=ON,
            cursor=None,
            limit=50,
        ).page.items
        == ()
    )


def test_days_whose_flags_were_written_over_unkept_are_refused_not_guessed(
    grown: Scene, session: Session
) -> None:
    session.execute(sa.text("UPDATE sweep SET keeps_past = false"))

    with pytest.raises(NotFound, match="belum disimpan"):
        known(grown, ON)

    assert known(grown, LATER).flag.bulan_tunggak == 4


def test_ages_of_sources_are_those_of_the_sweep_of_that_day(scene: Scene) -> None:
    scene.registry.record()
    snapshot = scene.snapshot()
    scene.sweep(snapshot=snapshot, now=at(ON))
    scene.sweep(snapshot=snapshot, on=ON + timedelta(days=7), now=at(ON + timedelta(days=7)))
    (flag,) = [one for one in scene.all_flags() if one.source_ages]

    first, second = (
        past.flag_known_on(
            scene.session, principal=SUPERVISOR, flag_id=flag.id, day=ON + timedelta(days=days)
        ).flag
        for days in (0, 7)
    )

    assert {source: days - 7 for source, days in second.source_ages.items()} == first.source_ages


def test_days_to_the_next_limit_are_those_of_the_sweep_of_that_day(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.registry.record()
    snapshot = scene.snapshot()
    scene.sweep(snapshot=snapshot, now=at(ON))
    before = {flag.id: flag.numbers["batas_berikut"] for flag in scene.all_flags()}
    scene.sweep(snapshot=snapshot, on=ON + timedelta(days=7), now=at(ON + timedelta(days=7)))

    then = past.flags_known_on(
        scene.session, principal=SUPERVISOR, filter=FlagFilter(), day=ON, cursor=None, limit=50
    ).page.items

    assert len(before) == 2
    assert {flag.id: flag.numbers["batas_berikut"] for flag in then} == before
