"""The engine against a second computation that was written without reading it."""

from collections.abc import Iterator

import pytest

from app.law.book import SHIPPED
from app.law.calendar import CalendarTooShort, CollectiveLeave, WorkingCalendar
from app.law.contributions import contribution
from app.law.deadlines import calendar_day_deadline, working_day_deadline
from app.law.late_payment import Bill, Payment, arrears
from app.law.month import Month
from tests.law.naive import spreadsheet
from tests.law.naive.histories import History, histories

SEEDS = range(10)
HISTORIES_PER_SEED = 10_000


@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_agrees_to_the_rupiah_with_the_naive_computation(
    seed: int, calendar: WorkingCalendar
) -> None:
    for history in histories(seed, HISTORIES_PER_SEED):
        disagreements = list(compared(history, calendar))
        assert disagreements == [], history


def compared(history: History, calendar: WorkingCalendar) -> Iterator[tuple[object, object]]:
    """Yield what the engine and the sheet say where they differ."""
    pairs = [
        *((by_engine(history, *month), by_sheet(history, *month)) for month in history.months),
        (arrears_by_engine(history, calendar), arrears_by_sheet(history)),
        (deadline_by_engine(history, calendar), deadline_by_sheet(history)),
    ]
    return ((engine, sheet) for engine, sheet in pairs if engine != sheet)


def by_engine(history: History, year: int, number: int) -> object:
    found = contribution(
        month=Month(year, number),
        wage=history.wage,
        jkk_class=history.jkk_class,
        scale=history.scale,
        programmes=history.programmes,
        labour_intensive=history.labour_intensive,
        law=SHIPPED,
    )
    return (
        {share.programme: (share.employer, share.worker, share.deferred) for share in found.shares},
        found.total,
        found.provisional,
    )


def by_sheet(history: History, year: int, number: int) -> object:
    programmes = history.programmes or spreadsheet.OWED[history.scale]
    found = spreadsheet.shares(
        (year, number),
        history.wage,
        history.jkk_class,
        programmes,
        labour_intensive=history.labour_intensive,
    )
    return (
        found,
        sum(employer + worker for employer, worker, _ in found.values()),
        spreadsheet.is_provisional((year, number), programmes),
    )


def arrears_by_engine(history: History, calendar: WorkingCalendar) -> object:
    found = arrears(
        bills=[
            Bill(month=Month(*month), programme=programme, amount=amount)
            for month, programme, amount in history.bills
        ],
        payments=[
            Payment(month=Month(*month), programme=programme, paid_on=paid_on, amount=amount)
            for month, programme, paid_on, amount in history.payments
        ],
        cutoff=history.cutoff,
        law=SHIPPED,
        calendar=calendar,
    )
    lines = [
        spreadsheet.Row(line.due_on, line.paid, line.overpaid, line.outstanding, line.penalty)
        for line in found.lines
    ]
    assert found.total == found.principal + found.penalty
    return spreadsheet.Sheet(
        tuple(lines),
        found.principal,
        found.penalty,
        found.months_in_arrears,
        found.ageing_class,
    )


def arrears_by_sheet(history: History) -> object:
    return spreadsheet.sheet(history.bills, history.payments, history.cutoff)


def deadline_by_engine(history: History, calendar: WorkingCalendar) -> object:
    if not history.in_working_days:
        found = calendar_day_deadline(start=history.warned_on, count=history.days)
        return list(found.counted)
    try:
        found = working_day_deadline(
            start=history.warned_on,
            count=history.days,
            calendar=calendar,
            collective_leave=CollectiveLeave.WORKING_DAY
            if history.collective_leave_counts
            else CollectiveLeave.DAY_OFF,
        )
    except CalendarTooShort:
        return "not loaded"
    assert found.due_on == found.counted[-1]
    return list(found.counted)


def deadline_by_sheet(history: History) -> object:
    if not history.in_working_days:
        return spreadsheet.calendar_days(history.warned_on, history.days)
    try:
        return spreadsheet.working_days(
            history.warned_on,
            history.days,
            collective_leave_counts=history.collective_leave_counts,
        )
    except spreadsheet.YearNotLoaded:
        return "not loaded"
