"""What rested or was excused through a day that has passed comes back without a sweep."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts import offices
from app.accounts.tables import Office
from app.audit import service as audit
from app.audit.tables import AuditEntry
from app.detection import past, queries, service
from app.detection.schemas import FlagEventView, FlagView
from app.detection.tables import FlagEvent
from app.detection.waking import Woken
from app.infra.database import Database
from tests.detection.scene import INSPECTOR, NOW, SUPERVISOR, Scene, counts, flag_row
from tests.detection.snapshots import ON

MONTHS = ("2026-01", "2026-02", "2026-03")
LAST = date(2026, 12, 4)
ACTOR = "system:worker"
# The first second after LAST in Jakarta (UTC+7) and in Jayapura (UTC+9).
WIB_OVER = datetime(2026, 12, 4, 17, 0, 0, tzinfo=UTC)
WIT_OVER = datetime(2026, 12, 4, 15, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NONE = Woken(snoozes=0, exceptions=0)

Decide = Callable[..., None]


def rest(session: Session, flag_id: int, *, until: date = LAST) -> None:
    service.snooze(
        session,
        principal=SUPERVISOR,
        flag_id=flag_id,
        until=until,
        reason="Menunggu bukti bayar.",
        expected_version=1,
        on=ON,
        now=NOW,
    )


def excuse(session: Session, flag_id: int, *, until: date = LAST) -> None:
    service.excuse(
        session,
        principal=SUPERVISOR,
        flag_id=flag_id,
        until=until,
        reason="Angsuran disetujui.",
        expected_version=1,
        on=ON,
        now=NOW,
    )


def wake(session: Session, now: datetime = WIB_OVER) -> Woken:
    return service.wake(session, actor=ACTOR, now=now)


def make(session: Session, number: int = 1, **changes: object) -> int:
    row = flag_row(number, **changes)
    session.add(row)
    session.flush()
    return row.id or 0


def flag(session: Session, flag_id: int) -> FlagView:
    return queries.flag(session, principal=SUPERVISOR, flag_id=flag_id)


def statuses(session: Session, *flag_ids: int) -> list[str]:
    return [flag(session, flag_id).status for flag_id in flag_ids]


def events(session: Session, flag_id: int) -> list[FlagEventView]:
    return list(queries.flag_events(session, principal=SUPERVISOR, flag_id=flag_id))


def audited(session: Session) -> list[tuple[str, str, dict[str, object]]]:
    entries = session.exec(
        select(AuditEntry).where(AuditEntry.action == "flag.wake").order_by(col(AuditEntry.seq))
    )
    return [(one.actor, one.subject, dict(one.detail)) for one in entries]


@pytest.mark.parametrize(
    ("decide", "was", "action", "woken"),
    [
        (rest, "ditunda", "tunda_berakhir", Woken(snoozes=1, exceptions=0)),
        (excuse, "ditolak", "pengecualian_berakhir", Woken(snoozes=0, exceptions=1)),
    ],
)
def test_a_decision_holds_through_its_last_day_and_ends_when_the_next_begins(
    session: Session, decide: Decide, was: str, action: str, woken: Woken
) -> None:
    flag_id = make(session)
    decide(session, flag_id)
    decided = flag(session, flag_id)

    on_the_last_day = wake(session, WIB_OVER - SECOND)
    held = flag(session, flag_id)
    after_it = wake(session, WIB_OVER)

    assert (on_the_last_day, held) == (NONE, decided)
    found = flag(session, flag_id)
    assert (after_it, found.status, found.version) == (woken, "baru", decided.version + 1)
    event = events(session, flag_id)[-1]
    assert (event.action, event.from_status, event.to_status) == (action, was, "baru")
    assert (event.actor, event.recorded_at) == (ACTOR, WIB_OVER)
    detail = {"snoozes": woken.snoozes, "exceptions": woken.exceptions}
    assert audited(session) == [(ACTOR, "flags", detail)]


@pytest.mark.parametrize("decide", [rest, excuse])
def test_waking_leaves_what_a_sweep_of_the_next_day_leaves(scene: Scene, decide: Decide) -> None:
    session, day = scene.session, LAST + timedelta(days=1)
    scene.owe(*MONTHS)
    scene.sweep()
    flag_id, snapshot = scene.flag().id, scene.snapshot()
    decide(session, flag_id)

    def left() -> tuple[object, ...]:
        found, event = flag(session, flag_id), events(session, flag_id)[-1]
        told = (event.action, event.from_status, event.to_status, event.reason, event.detail)
        kept = (found.status, found.decision_reason, found.exception_until, found.snooze_until)
        by_rule = queries.flag_counts(session, principal=SUPERVISOR).by_rule
        return (*told, *kept, found.version, found.snapshot_id, by_rule)

    with session.begin_nested() as undone:
        scene.sweep(snapshot=snapshot, on=day, now=WIB_OVER)
        swept = left()
        undone.rollback()
    session.expire_all()
    wake(session)
    woken, known = left(), len(events(session, flag_id))
    scene.sweep(snapshot=snapshot, on=day, now=WIB_OVER)

    assert woken == swept
    assert len(events(session, flag_id)) == known


def test_the_day_is_that_of_the_flags_office(session: Session) -> None:
    offices.ensure_offices(session, codes=["J05", "M01"], now=NOW, actor=ACTOR)
    session.get_one(Office, "M01").zone = "Asia/Jayapura"
    session.flush()
    west = make(session, 1, kantor_cabang="J05")
    east = make(session, 2, kantor_cabang="M01")
    nowhere = make(session, 3, kantor_cabang="")
    for flag_id in (west, east, nowhere):
        rest(session, flag_id)

    def at(now: datetime) -> list[str]:
        wake(session, now)
        return statuses(session, west, east, nowhere)

    assert at(WIT_OVER - SECOND) == ["ditunda", "ditunda", "ditunda"]
    assert at(WIT_OVER) == ["ditunda", "baru", "ditunda"]
    assert at(WIB_OVER - SECOND) == ["ditunda", "baru", "ditunda"]
    assert at(WIB_OVER) == ["baru", "baru", "baru"]


def test_a_second_time_on_the_same_day_changes_nothing(session: Session) -> None:
    flag_id = make(session)
    rest(session, flag_id)
    wake(session)
    left = (flag(session, flag_id), events(session, flag_id), audit.length(session))

    again = wake(session, WIB_OVER + timedelta(hours=3))

    assert again == NONE
    assert (flag(session, flag_id), events(session, flag_id), audit.length(session)) == left


def test_days_that_were_missed_are_caught_up_with_one_entry_in_the_audit_log(
    session: Session,
) -> None:
    rested, later, excused, held, declined = (make(session, number) for number in range(1, 6))
    rest(session, rested)
    rest(session, later, until=LAST + timedelta(days=3))
    excuse(session, excused, until=LAST + timedelta(days=6))
    excuse(session, held, until=LAST + timedelta(days=7))
    service.decline(
        session,
        principal=INSPECTOR,
        flag_id=declined,
        reason="Sudah diperiksa.",
        expected_version=1,
        now=NOW,
    )

    woken = wake(session, WIB_OVER + timedelta(days=6))

    assert woken == Woken(snoozes=2, exceptions=1)
    assert audited(session) == [(ACTOR, "flags", {"snoozes": 2, "exceptions": 1})]
    assert statuses(session, rested, later, excused) == ["baru"] * 3
    # One holds through today, one was declined without a last day.
    assert statuses(session, held, declined) == ["ditolak"] * 2
    by_rule = queries.flag_counts(session, principal=SUPERVISOR).by_rule["PIUTANG"]
    assert (by_rule["baru"], by_rule["ditolak"]) == (3, 2)


@pytest.mark.parametrize(("decide", "was"), [(rest, "ditunda"), (excuse, "ditolak")])
def test_a_flag_that_is_gone_is_left_to_the_sweep_that_finds_it_again(
    session: Session, decide: Decide, was: str
) -> None:
    flag_id = make(session)
    decide(session, flag_id)
    session.connection().execute(
        sa.text("UPDATE flag SET status = 'hilang', seen = false, status_before_gone = :was"),
        {"was": was},
    )
    session.expire_all()
    gone = flag(session, flag_id)

    assert wake(session) == NONE
    assert flag(session, flag_id) == gone


def test_as_known_on_the_next_day_the_flag_is_new_and_says_no_decision(scene: Scene) -> None:
    session = scene.session
    scene.owe(*MONTHS)
    scene.sweep()
    flag_id = scene.flag().id
    rest(session, flag_id)
    wake(session)

    before, after = (
        past.flag_known_on(session, principal=SUPERVISOR, flag_id=flag_id, day=day).flag
        for day in (LAST, LAST + timedelta(days=1))
    )

    assert (before.status, before.snooze_until) == ("ditunda", LAST)
    assert (after.status, after.snooze_until, after.decision_reason) == ("baru", None, "")
    assert after.seen


def test_a_flag_that_somebody_takes_into_a_case_is_left_to_them_and_nobody_waits(
    database: Database,
) -> None:
    first, second = two_that_rest(database)
    with Session(database.engine) as opening, Session(database.engine) as waking:
        service.hold(opening, flag_ids=[first])
        waking.connection().execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
        woken = wake(waking)
        waking.commit()
        service.mark_as_case(
            opening, principal=SUPERVISOR, flag_ids=[first], case_number="K-1", on=LAST, now=NOW
        )
        opening.commit()
        again = wake(waking)
        waking.commit()

    assert (woken, again) == (Woken(snoozes=1, exceptions=0), NONE)
    with database.transaction() as session:
        assert statuses(session, first, second) == ["kasus", "baru"]
        assert flag(session, first).case_number == "K-1"


def test_while_a_sweep_writes_waking_waits_no_longer_than_any_decision_and_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    two_that_rest(database)
    with Session(database.engine) as sweeping, Session(database.engine) as waking:
        counted = of_both(sweeping, tmp_path)
        waking.connection().execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            wake(waking)
        waking.rollback()
        sweeping.rollback()

    assert counted == (0, 2, 0)
    with database.transaction() as session:
        assert audited(session) == []
        assert wake(session) == Woken(snoozes=2, exceptions=0)


def test_a_sweep_that_comes_while_flags_are_woken_waits_for_them_and_ends_nothing_twice(
    database: Database, tmp_path: Path
) -> None:
    first, _ = two_that_rest(database)

    def sweep() -> tuple[int, int, int]:
        with database.transaction() as session:
            return of_both(session, tmp_path)

    with ThreadPoolExecutor(1) as pool, Session(database.engine) as waking:
        # Taken as waking takes them: the sweep comes before anything is written.
        service.hold(waking, flag_ids=[first])
        swept = pool.submit(sweep)
        until_somebody_waits_for_the_flags(database)
        woken = wake(waking)
        waking.commit()
        counted = swept.result(timeout=120)

    assert (woken, counted) == (Woken(snoozes=2, exceptions=0), (0, 2, 0))
    with database.transaction() as session:
        actions = session.exec(select(FlagEvent.action).order_by(col(FlagEvent.id))).all()
    assert actions == ["snooze", "snooze", "tunda_berakhir", "tunda_berakhir"]


def two_that_rest(database: Database) -> tuple[int, int]:
    with database.transaction() as session:
        first, second = make(session, 1), make(session, 2)
        rest(session, first)
        rest(session, second)
    return first, second


def of_both(session: Session, tmp_path: Path) -> tuple[int, int, int]:
    """Sweep, on the day after the last of rest, over facts that carry both flags."""
    scene = Scene(session, tmp_path / "snapshots")
    for npp in ("AA000001", "AA000002"):
        scene.owe(*MONTHS, npp=npp)
    return counts(scene.sweep(on=LAST + timedelta(days=1), now=WIB_OVER))


def until_somebody_waits_for_the_flags(database: Database) -> None:
    waits = sa.text("SELECT 1 FROM pg_locks WHERE relation = 'flag'::regclass AND NOT granted")
    for _ in range(1200):
        with database.engine.connect() as connection:
            if connection.execute(waits).first():
                return
        time.sleep(0.1)
    pytest.fail("the sweep never asked for the flags")
