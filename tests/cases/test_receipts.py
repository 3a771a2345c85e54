"""The hour of a receipt: an instant, and the day that counts by the clock of the case's office."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import Session, col, select

from app.accounts.tables import Office
from app.cases import service
from app.cases.clocks import Clock
from app.cases.receipts import counted_day, instant_of
from app.cases.service import Outcome
from app.cases.stages import Action, Proof, Violation
from app.cases.tables import ServiceAttempt
from app.errors import Conflict, Invalid
from app.law.book import SHIPPED, LawBook
from app.law.citation import Citation
from app.law.dated import Version
from app.lawbook.tables import ParameterVersionRow
from tests.cases.conftest import TODAY, Casework, Cast

SENT = date(2026, 2, 2)
TUESDAY = date(2026, 2, 3)
SUNDAY = date(2026, 2, 8)
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
CLOSING = 16
UNIT = "jam setempat, 0 sampai 23"


def closing_book() -> LawBook:
    return SHIPPED.with_version(
        "calendar.receipt-cutoff",
        Version(
            valid_from=date(2026, 1, 1), valid_to=None, value=CLOSING, unit=UNIT, grade="B",
            citation=Citation(instrument="Peraturan contoh", article=None, grade="B", source="uji"),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("at", "day"),
    [
        (time(15, 59), TUESDAY),
        (time(16, 0), TUESDAY),
        (time(16, 1), TUESDAY + timedelta(days=1)),
        (time(0, 0), TUESDAY),
        (time(23, 59), TUESDAY + timedelta(days=1)),
    ],
)
def test_a_minute_after_the_closing_of_the_offices_own_clock_counts_a_day_later(
    zone: str, at: time, day: date
) -> None:
    instant = instant_of(TUESDAY, at, zone=zone)

    assert instant.tzinfo is UTC
    assert counted_day(TUESDAY, instant, zone=zone, law=closing_book()) == day
    assert counted_day(TUESDAY, instant, zone=zone, law=SHIPPED) == TUESDAY


def test_the_same_minute_is_another_instant_in_each_zone() -> None:
    instants = [instant_of(TUESDAY, time(16, 0), zone=zone) for zone in ZONES]

    assert [f"{one:%H:%M}" for one in instants] == ["09:00", "08:00", "07:00"]
    # What is in time at the office in Jayapura would be in time in Jakarta; not the reverse.
    late = instant_of(TUESDAY, time(16, 0), zone="Asia/Jakarta")
    assert counted_day(TUESDAY, late, zone="Asia/Jayapura", law=closing_book()) == date(2026, 2, 4)


def test_without_an_hour_the_day_counts_whatever_the_law_closes() -> None:
    assert counted_day(TUESDAY, None, zone="Asia/Jakarta", law=closing_book()) == TUESDAY
    assert counted_day(None, None, zone="Asia/Jakarta", law=closing_book()) is None


@pytest.fixture
def warned(work: Casework) -> Casework:
    work.open(Violation.PWBD)
    work.inspect()
    work.submit(Action.WARN_1, SENT, Proof.LETTER)
    return work


def letter_seq(work: Casework) -> int:
    return next(event.seq for event in work.file().steps if event.step is Action.WARN_1)


def close_at_four(session: Session, cast: Cast) -> None:
    """Two people have put an hour of closing in force."""
    session.add(
        ParameterVersionRow(
            key="calendar.receipt-cutoff",
            valid_from=date(2026, 1, 1),
            value=CLOSING,
            instrument="Peraturan contoh",
            grade="B",
            source="uji",
            state="berlaku",
            proposed_at=datetime(2025, 12, 1, tzinfo=UTC),
            proposed_by_id=cast.administrator.user_id or 0,
            proposed_by_name="Ani",
            impact={},
            decided_at=datetime(2025, 12, 2, tzinfo=UTC),
            decided_by_id=cast.legal.user_id,
            decided_by_name="Lestari",
        )
    )
    session.flush()


def due(work: Casework) -> date | None:
    deadline = work.file().deadline_of(Clock.WARNING_1)
    return deadline.due_on if deadline else None


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("day", "at", "starts", "last"),
    [
        # Sixteen and seventeen February 2026 are collective leave and Imlek.
        (TUESDAY, time(16, 0), date(2026, 2, 4), date(2026, 2, 19)),
        (TUESDAY, time(16, 1), date(2026, 2, 5), date(2026, 2, 20)),
        (SUNDAY, time(16, 0), date(2026, 2, 9), date(2026, 2, 24)),
        (SUNDAY, time(22, 30), date(2026, 2, 10), date(2026, 2, 25)),
    ],
    ids=["in time", "a minute late", "Sunday afternoon", "Sunday night"],
)
def test_the_clock_of_a_warning_starts_by_the_hour_of_its_receipt(
    warned: Casework, cast: Cast, session: Session, zone: str, day: date, at: time,
    starts: date, last: date,
) -> None:  # fmt: skip
    session.get_one(Office, "J05").zone = zone
    close_at_four(session, cast)

    warned.received(letter_seq(warned), day, received_time=at)

    deadline = warned.file().deadline_of(Clock.WARNING_1)
    assert deadline is not None
    assert (deadline.starts_on, deadline.due_on) == (starts, last)
    kept = warned.file().deliveries[-1]
    assert kept.received_on == day
    assert kept.received_at == instant_of(day, at, zone=zone)


def test_what_was_recorded_by_day_alone_stays_where_it_is_when_an_hour_closes(
    warned: Casework, cast: Cast, session: Session
) -> None:
    warned.received(letter_seq(warned), TUESDAY)
    before = due(warned)

    close_at_four(session, cast)

    assert due(warned) == before == date(2026, 2, 19)
    assert warned.file().deliveries[-1].receipt is None


def test_the_first_receipt_counts_by_the_day_that_counts(
    warned: Casework, cast: Cast, session: Session
) -> None:
    close_at_four(session, cast)
    seq = letter_seq(warned)
    warned.received(seq, TUESDAY, received_time=time(19, 0))
    assert due(warned) == date(2026, 2, 20)

    warned.received(seq, TUESDAY, receiver_name="Joko")

    assert due(warned) == date(2026, 2, 19)


def test_the_proof_may_come_later_and_keeps_the_hour(warned: Casework) -> None:
    warned.received(letter_seq(warned), TUESDAY, received_time=time(9, 5), evidence_id=None)
    attempt = warned.file().deliveries[-1]
    proof = warned.attach(Proof.RECEIPT, TUESDAY)

    def complete(at: time | None) -> None:
        service.complete_service(
            warned.session,
            principal=warned.cast.inspector,
            attempt_id=attempt.id,
            outcome=Outcome(
                result="diterima", received_on=TUESDAY, received_time=at,
                receiver_name="Wati", evidence_id=proof.id,
            ),
            now=warned.now,
        )  # fmt: skip

    with pytest.raises(Conflict):
        complete(time(17, 5))
    complete(time(9, 5))

    row = warned.session.exec(select(ServiceAttempt).where(col(ServiceAttempt.id) == attempt.id))
    assert row.one().received_at == datetime(2026, 2, 3, 2, 5, tzinfo=UTC)


def test_an_hour_that_has_not_come_or_of_no_receipt_is_refused_by_its_field(
    warned: Casework,
) -> None:
    local = warned.now.astimezone(UTC) + timedelta(hours=7)
    seq = letter_seq(warned)

    for at, result, on in (
        ((local + timedelta(minutes=1)).time(), "diterima", TODAY),
        (time(9, 0), "ditolak", None),
    ):
        with pytest.raises(Invalid) as refused:
            warned.received(
                seq, TODAY, result=result, received_on=on, received_time=at, evidence_id=None
            )
        assert [problem.field for problem in refused.value.fields] == ["received_time"]
    warned.received(seq, TODAY, received_time=local.time(), evidence_id=None)
