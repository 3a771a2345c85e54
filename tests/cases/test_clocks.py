"""Deadlines of warnings and of the fine, in boundary pairs."""

from datetime import UTC, date, datetime

import pytest

from app.cases.clocks import Clock, ClockState, Deadline, fine_deadline, legal_day, warning_deadline
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED
from app.law.calendar import CalendarTooShort, CollectiveLeave

# Friday 13 March 2026: Lebaran lies inside the ten working days.
BEFORE_LEBARAN = date(2026, 3, 13)


def warning(
    received_on: date | None, on: date, leave: CollectiveLeave = CollectiveLeave.DAY_OFF
) -> Deadline:
    return warning_deadline(
        clock=Clock.WARNING_1,
        seq=4,
        received_on=received_on,
        on=on,
        calendar=packaged_calendar(),
        collective_leave=leave,
        law=SHIPPED,
    )


def fine(warning_2: Deadline | None, on: date) -> Deadline:
    return fine_deadline(
        seq=6,
        warning_2=warning_2,
        on=on,
        calendar=packaged_calendar(),
        collective_leave=CollectiveLeave.DAY_OFF,
        law=SHIPPED,
    )


def test_without_proof_of_receipt_the_clock_does_not_run() -> None:
    deadline = warning(None, date(2026, 11, 20))

    assert deadline.state is ClockState.NOT_RUNNING
    assert deadline.due_on is None
    assert not deadline.lapsed_by(date(2030, 1, 1))


@pytest.mark.parametrize(
    ("on", "state", "left_or_passed"),
    [
        (date(2026, 11, 12), ClockState.RUNNING, 1),
        (date(2026, 11, 13), ClockState.DUE_TODAY, 0),
        (date(2026, 11, 14), ClockState.LAPSED, 0),
        (date(2026, 11, 16), ClockState.LAPSED, 1),
    ],
    ids=["day 9", "day 10", "the Saturday after", "the Monday after"],
)
def test_the_tenth_working_day_is_still_the_employers(
    on: date, state: ClockState, left_or_passed: int
) -> None:
    deadline = warning(date(2026, 10, 30), on)

    assert deadline.due_on == date(2026, 11, 13)
    assert deadline.state is state
    assert deadline.working_days == left_or_passed


def test_lebaran_and_collective_leave_lengthen_the_warning() -> None:
    deadline = warning(BEFORE_LEBARAN, BEFORE_LEBARAN)

    assert deadline.due_on == date(2026, 4, 6)
    assert deadline.certificate is not None
    assert date(2026, 3, 20) in {item.day for item in deadline.certificate.skipped}


def test_collective_leave_may_count_when_the_case_says_so() -> None:
    deadline = warning(BEFORE_LEBARAN, BEFORE_LEBARAN, CollectiveLeave.WORKING_DAY)

    assert deadline.due_on == date(2026, 3, 30)


def test_a_warning_that_reaches_an_unannounced_year_is_refused() -> None:
    with pytest.raises(CalendarTooShort):
        warning(date(2027, 12, 22), date(2027, 12, 22))


def test_a_lapsed_clock_stays_lapsed_where_the_calendar_ends() -> None:
    deadline = warning(date(2027, 11, 1), date(2028, 2, 1))

    assert deadline.state is ClockState.LAPSED
    assert deadline.working_days is None


def test_the_fine_window_is_thirty_calendar_days_from_the_end_of_the_second_warning() -> None:
    second = warning(date(2026, 10, 30), date(2026, 11, 20))

    deadline = fine(second, date(2026, 12, 13))

    assert deadline.due_on == date(2026, 12, 13)
    assert deadline.state is ClockState.DUE_TODAY
    assert fine(second, date(2026, 12, 14)).state is ClockState.LAPSED


def test_a_fine_without_a_proved_second_warning_has_no_window() -> None:
    assert fine(warning(None, date(2026, 12, 1)), date(2026, 12, 1)).due_on is None
    assert fine(None, date(2026, 12, 1)).due_on is None


def test_the_legal_day_is_that_of_the_office() -> None:
    late_in_jakarta = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)

    assert legal_day(late_in_jakarta, zone="Asia/Jakarta") == date(2026, 11, 20)
    assert legal_day(late_in_jakarta, zone="Asia/Jayapura") == date(2026, 11, 21)
