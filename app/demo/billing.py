"""Bills by law and the payments that answered them, month by month."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from operator import add, sub
from random import Random
from typing import NamedTuple

from app.demo.chance import below
from app.demo.days import BILLED_MONTHS, DemoCalendar
from app.demo.model import Employer, Habit
from app.law.book import SHIPPED
from app.law.contributions import contribution
from app.law.month import Month

PROGRAMMES = ("JKK", "JKM", "JHT", "JP")
_CLASSES = (1, 2, 3, 4, 5)
_HIGH_WAGE = 50_000_000
_DUE_DAY = 15
_PAID_AHEAD_SHARE = 0.2
_LEAST_LATE, _MOST_LATE = 20, 75
_YEAR = 12


# Tuples: a nation has hundreds of millions of them, and a frozen dataclass takes thrice as long.
class Bill(NamedTuple):
    divisi: str
    month: int
    programme: str
    workers: int
    wages: int
    amount: int


class Payment(NamedTuple):
    bill: Bill
    on: date
    amount: int
    code: str


@cache
def shares(month: Month, wage: int, jkk_class: int) -> tuple[int, ...]:
    """Return employer's and worker's part together, per programme in the order of PROGRAMMES."""
    computed = contribution(
        month=month,
        wage=wage,
        jkk_class=jkk_class,
        scale=None,
        programmes=PROGRAMMES,
        labour_intensive=False,
        law=SHIPPED,
    )
    by_programme = {share.programme: share.payable for share in computed.shares}
    return tuple(by_programme[programme] for programme in PROGRAMMES)


@cache
def _by_period(calendar: DemoCalendar, wage: int, jkk_class: int) -> tuple[tuple[int, ...], ...]:
    """Return what one worker adds to the bills in each of `_law_starts`: head, wage, shares."""
    return tuple(
        (1, wage, *shares(Month.from_index(start), wage, jkk_class))
        for start in _law_starts(calendar)
    )


@cache
def _days_of(month: int) -> tuple[date, ...]:
    """Return the days on which the bill of a month can be paid in time."""
    following = Month.from_index(month) + 1
    return tuple(following.day(day) for day in range(2, _DUE_DAY + 1))


@cache
def _law_starts(calendar: DemoCalendar) -> tuple[int, ...]:
    """Return the months, first one included, from which contributions differ from before.

    A wage above every ceiling shows each change, so that a worker is computed once per period.
    """
    starts: list[int] = []
    before: object = None
    for month in range(calendar.first_month, calendar.current_month + 1):
        now = tuple(shares(Month.from_index(month), _HIGH_WAGE, each) for each in _CLASSES)
        if now != before:
            starts.append(month)
        before = now
    return tuple(starts)


def bills(employer: Employer, *, calendar: DemoCalendar) -> Iterator[Bill]:
    """Yield the employer's bills by divisi, month and programme, in that order."""
    for divisi in employer.divisions:
        yield from _bills_of(employer, divisi, calendar)


def _bills_of(employer: Employer, divisi: str, calendar: DemoCalendar) -> Iterator[Bill]:
    starts = _law_starts(calendar)
    first, last = calendar.first_month, calendar.current_month
    width = 2 + len(PROGRAMMES)
    steps: list[list[int] | None] = [None] * (BILLED_MONTHS + 1)
    nothing = [0] * width
    for member in employer.members:
        if member.divisi != divisi:
            continue
        start, end = member.start, member.end
        entered = max(start.year * _YEAR + start.month - 1, first)
        left = min(end.year * _YEAR + end.month - 1, last) if end else last
        parts_of = _by_period(calendar, member.wage, employer.kelas_jkk)
        while entered <= left:
            period = bisect_right(starts, entered) - 1
            until = min(left, starts[period + 1] - 1 if period + 1 < len(starts) else last)
            parts = parts_of[period]
            joins, leaves = entered - first, until + 1 - first
            steps[joins] = list(map(add, steps[joins] or nothing, parts))
            steps[leaves] = list(map(sub, steps[leaves] or nothing, parts))
            entered = until + 1
    running = nothing
    programmes = [
        (programme, at)
        for at, programme in enumerate(PROGRAMMES, start=2)
        if programme in employer.programmes
    ]
    for month in range(BILLED_MONTHS):
        if step := steps[month]:
            running = list(map(add, running, step))
        workers, wages = running[0], running[1]
        if workers:
            for programme, at in programmes:
                yield Bill(divisi, first + month, programme, workers, wages, running[at])


def payments(
    rng: Random, employer: Employer, billed: list[Bill], *, calendar: DemoCalendar
) -> Iterator[Payment]:
    """Yield what was paid up to today, in the order of the bills.

    One code per divisi and month covers all its programmes, as a bank transfer does; each further
    instalment has its own.
    """
    together: tuple[str, int] | None = None
    code, day = "", calendar.today
    for bill in billed:
        if (bill.divisi, bill.month) != together:
            together = (bill.divisi, bill.month)
            code = f"{below(rng, 10**12):012d}"
            day = _on_time(rng, bill.month, calendar=calendar)
        habit = _habit(employer, bill)
        # Drawn whether or not it is needed: what is paid late leaves all the rest as it was.
        days_late = _LEAST_LATE + below(rng, _MOST_LATE - _LEAST_LATE + 1)
        if habit is not Habit.ON_TIME:
            late = min(day + timedelta(days=days_late), calendar.today)
            yield from _paid(bill, habit, on=day, late=late, code=code, today=calendar.today)
        elif day <= calendar.today and bill.amount > 0:
            yield Payment(bill, day, bill.amount, code)


def _habit(employer: Employer, bill: Bill) -> Habit:
    everywhere = employer.habits.get(("", bill.month), Habit.ON_TIME)
    return employer.habits.get((bill.divisi, bill.month), everywhere)


def _on_time(rng: Random, month: int, *, calendar: DemoCalendar) -> date:
    if month == calendar.current_month and rng.random() < _PAID_AHEAD_SHARE:
        return calendar.ago(rng.randint(0, 4))
    return _days_of(month)[below(rng, _DUE_DAY - 1)]


def _paid(
    bill: Bill, habit: Habit, *, on: date, late: date, code: str, today: date
) -> Iterator[Payment]:
    parts: tuple[tuple[date, int], ...]
    match habit:
        case Habit.UNPAID:
            parts = ()
        case Habit.ONE_PROGRAMME_UNPAID:
            parts = () if bill.programme == "JKM" else ((on, bill.amount),)
        case Habit.HALF:
            parts = ((on, bill.amount // 2),)
        case Habit.INSTALMENTS:
            third = bill.amount // 3
            between = late - timedelta(days=9)
            parts = ((on, third), (between, third), (late, bill.amount - 2 * third))
        case Habit.LATE:
            parts = ((late, bill.amount),)
        case Habit.OVERPAID:
            parts = ((on, bill.amount * 2),)
        case Habit.ON_TIME:
            parts = ((on, bill.amount),)
    for number, (day, amount) in enumerate(parts):
        if day <= today and amount > 0:
            own = f"{(int(code) + number * bill.month) % 10**12:012d}"
            yield Payment(bill, day, amount, own)
