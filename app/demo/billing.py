"""Bills by law and the payments that answered them, month by month."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

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


@dataclass(frozen=True, slots=True)
class Bill:
    divisi: str
    month: int
    programme: str
    workers: int
    wages: int
    amount: int


@dataclass(frozen=True, slots=True)
class Payment:
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
    steps = [[0] * width for _ in range(BILLED_MONTHS + 1)]
    for member in employer.members:
        if member.divisi != divisi:
            continue
        entered = max(Month.of(member.start).index, first)
        left = min(Month.of(member.end).index, last) if member.end else last
        while entered <= left:
            period = bisect_right(starts, entered) - 1
            until = min(left, starts[period + 1] - 1 if period + 1 < len(starts) else last)
            law_month = Month.from_index(starts[period])
            parts = (1, member.wage, *shares(law_month, member.wage, employer.kelas_jkk))
            for column, part in enumerate(parts):
                steps[entered - first][column] += part
                steps[until + 1 - first][column] -= part
            entered = until + 1
    running = [0] * width
    for month in range(BILLED_MONTHS):
        running = [value + step for value, step in zip(running, steps[month], strict=True)]
        workers, wages, *amounts = running
        for programme, amount in zip(PROGRAMMES, amounts, strict=True):
            if workers and programme in employer.programmes:
                yield Bill(divisi, first + month, programme, workers, wages, amount)


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
            code = f"{rng.randrange(10**12):012d}"
            day = _on_time(rng, bill.month, calendar=calendar)
        habit = _habit(employer, bill)
        yield from _paid(rng, bill, habit, on=day, code=code, calendar=calendar)


def _habit(employer: Employer, bill: Bill) -> Habit:
    everywhere = employer.habits.get(("", bill.month), Habit.ON_TIME)
    return employer.habits.get((bill.divisi, bill.month), everywhere)


def _on_time(rng: Random, month: int, *, calendar: DemoCalendar) -> date:
    if month == calendar.current_month and rng.random() < _PAID_AHEAD_SHARE:
        return calendar.ago(rng.randint(0, 4))
    return (Month.from_index(month) + 1).day(rng.randint(2, _DUE_DAY))


def _paid(
    rng: Random, bill: Bill, habit: Habit, *, on: date, code: str, calendar: DemoCalendar
) -> Iterator[Payment]:
    late = min(on + timedelta(days=rng.randint(20, 75)), calendar.today)
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
        if day <= calendar.today and amount > 0:
            own = f"{(int(code) + number * bill.month) % 10**12:012d}"
            yield Payment(bill, day, amount, own)
