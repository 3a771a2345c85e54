"""The engine against a second computation that was written without reading it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

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


def arrears_by_sheet(history: History) -> spreadsheet.Sheet:
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


def test_the_histories_hold_the_edges_that_matter() -> None:
    drawn = list(histories(0, HISTORIES_PER_SEED))

    found = {edge: sum(map(holds, drawn)) for edge, holds in EDGES.items()}

    assert {edge: count for edge, count in found.items() if count < 30} == {}


def dues(history: History) -> set[date]:
    return {spreadsheet.due_on(month) for month in history.months}


def late_by(history: History, days: int) -> bool:
    return any(
        paid_on == spreadsheet.due_on(month) + timedelta(days=days)
        for month, _, paid_on, _ in history.payments
    )


def months_owed(history: History) -> int:
    return arrears_by_sheet(history).months_in_arrears


# fmt: off
EDGES: dict[str, Callable[[History], bool]] = {
    "the first month of all": lambda history: (2015, 7) in history.months,
    "the pandemic":           lambda history: any(map(spreadsheet.pandemic, history.months)),
    "its last month and the next": lambda history: {(2021, 1), (2021, 2)} <= set(history.months),
    "a bill due on a Sunday or in Lebaran":
        lambda history: any(due.day not in {15, 30} for due in dues(history)),
    "paid on the due date":   lambda history: late_by(history, 0),
    "paid one day later":     lambda history: late_by(history, 1),
    "paid on the last day of the month":
        lambda history: any((paid.day >= 28 and (paid + timedelta(days=1)).day == 1)
                            for _, _, paid, _ in history.payments),
    "paid after the cut-off":
        lambda history: any(paid > history.cutoff for _, _, paid, _ in history.payments),
    "cut off on a due date":  lambda history: history.cutoff in dues(history),
    "paid too much":
        lambda history: any(row.overpaid for row in arrears_by_sheet(history).rows),
    "paid in part":
        lambda history: any(row.outstanding > 0 and row.paid > 0
                            for row in arrears_by_sheet(history).rows),
    "lancar":        lambda history: 1 <= months_owed(history) <= 3,
    "kurang lancar": lambda history: 4 <= months_owed(history) <= 6,
    "diragukan":     lambda history: 7 <= months_owed(history) <= 12,
    "macet":         lambda history: months_owed(history) >= 13,
    "a ceiling not announced": lambda history: history.months[-1] >= (2027, 3),
    "relief for labour-intensive industry":
        lambda history: history.labour_intensive and (2025, 2) <= history.months[0] <= (2026, 1),
    "a deadline into a year not loaded":
        lambda history: deadline_by_sheet(history) == "not loaded",
}
# fmt: on
