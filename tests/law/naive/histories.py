"""Random histories of employers, the same ones for the same seed; small, and full of edges."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from tests.law.naive.spreadsheet import (
    OWED,
    YearMonth,
    due_on,
    last_day,
    months_on,
    shares,
)

ONE_DAY = timedelta(days=1)
FIRST, LAST = (2015, 7), (2027, 11)
EDGE_MONTHS: list[YearMonth] = [
    (2015, 7),
    *((2020, number) for number in range(7, 13)),
    (2021, 1),
    (2021, 2),
    (2025, 1),
    (2025, 2),
    (2025, 7),
    (2025, 8),
    (2026, 1),
    (2026, 2),
    (2026, 3),
    (2027, 2),
]
# How many months in a row are billed: mostly one, at times enough for every ageing class.
LENGTHS = [1] * 60 + [2] * 20 + [3] * 12 + [4, 5, 6, 4, 6] + [7, 12] + [14]
COUNTS = [1, 2, 3, 5, 7, 10, 10, 10, 14, 21, 30]


@dataclass(frozen=True)
class History:
    number: int
    jkk_class: int
    scale: str
    labour_intensive: bool
    wage: int
    programmes: tuple[str, ...] | None
    months: tuple[YearMonth, ...]
    bills: tuple[tuple[YearMonth, str, int], ...]
    payments: tuple[tuple[YearMonth, str, date, int], ...]
    cutoff: date
    warned_on: date
    days: int
    in_working_days: bool
    collective_leave_counts: bool


def histories(seed: int, count: int) -> Iterator[History]:
    dice = random.Random(seed)  # noqa: S311 - no secret, and the same again tomorrow
    for number in range(count):
        yield _history(dice, number)


@cache
def _calendar_months() -> list[YearMonth]:
    found = [FIRST]
    while found[-1] != LAST:
        found.append(_next(found[-1]))
    return found


def _next(month: YearMonth) -> YearMonth:
    return (month[0] + 1, 1) if month[1] == 12 else (month[0], month[1] + 1)


@cache
def _moved_months() -> list[YearMonth]:
    """Months whose bill falls due on a Saturday, a Sunday or in a run of days off."""
    return [month for month in _calendar_months() if due_on(month).day not in {15, 30}]


@cache
def _due(month: YearMonth) -> date:
    return due_on(month)


def _history(dice: random.Random, number: int) -> History:
    jkk_class, scale = dice.randint(1, 5), dice.choice(list(OWED))
    labour_intensive = dice.random() < 0.3
    wage = _wage(dice)
    # One in four names its programmes; the others owe what their scale obliges.
    named = dice.random() < 0.25
    programmes = tuple(dice.sample(OWED["besar"], dice.randint(1, 4))) if named else None
    months = _months(dice)
    bills = _bills(
        dice, months, programmes or OWED[scale], wage, jkk_class, labour_intensive=labour_intensive
    )
    # Some who are behind for long pay nothing at all, or the worst class would never be seen.
    neglected = len(months) > 3 and dice.random() < 0.4
    cutoff = months_on(_due(months[-1]), dice.randint(1, 30)) if neglected else _cutoff(dice, bills)
    warned_on = _warned_on(dice)
    return History(
        number=number,
        jkk_class=jkk_class,
        scale=scale,
        labour_intensive=labour_intensive,
        wage=wage,
        programmes=programmes,
        months=months,
        bills=bills,
        payments=() if neglected else _payments(dice, bills, cutoff),
        cutoff=cutoff,
        warned_on=warned_on,
        days=dice.choice(COUNTS),
        in_working_days=dice.random() < 0.8,
        collective_leave_counts=dice.random() < 0.3,
    )


def _wage(dice: random.Random) -> int:
    kind = dice.random()
    if kind < 0.1:
        return dice.randint(0, 200)  # where half a rupiah decides
    if kind < 0.3:
        near = dice.choice([7_000_000, 8_939_700, 8_754_600, 10_547_400, 11_086_300])
        return near + dice.choice([-100, -1, 0, 1, 100])
    if kind < 0.35:
        return dice.randint(10**9, 10**12)
    return dice.randint(1_000_000, 25_000_000)


def _months(dice: random.Random) -> tuple[YearMonth, ...]:
    kind = dice.random()
    if kind < 0.3:
        month = dice.choice(EDGE_MONTHS)
    elif kind < 0.5:
        month = dice.choice(_moved_months())
    else:
        month = dice.choice(_calendar_months())
    found = [month]
    for _ in range(dice.choice(LENGTHS) - 1):
        if found[-1] == LAST:
            break
        found.append(_next(found[-1]))
    return tuple(found)


def _bills(
    dice: random.Random,
    months: tuple[YearMonth, ...],
    owed: tuple[str, ...] | list[str],
    wage: int,
    jkk_class: int,
    *,
    labour_intensive: bool,
) -> tuple[tuple[YearMonth, str, int], ...]:
    workers = dice.choice([1, 1, 1, 2, 7, 40])
    billed = list(owed) if dice.random() < 0.15 else [dice.choice(list(owed))]
    bills = []
    for month in months:
        owes = shares(month, wage, jkk_class, billed, labour_intensive=labour_intensive)
        for programme in billed:
            employer, worker, _ = owes[programme]
            bills.append((month, programme, (employer + worker) * workers))
    if dice.random() < 0.1:
        dice.shuffle(bills)
    return tuple(bills)


def _cutoff(dice: random.Random, bills: tuple[tuple[YearMonth, str, int], ...]) -> date:
    due = _due(dice.choice(bills)[0])
    kind = dice.randrange(8)
    if kind == 0:
        return due
    if kind == 1:
        return due + dice.choice([-ONE_DAY, ONE_DAY])
    if kind == 2:
        return months_on(due, dice.randint(1, 30))
    if kind == 3:
        return months_on(due, dice.randint(1, 30)) + ONE_DAY
    if kind == 4:
        later = months_on(due, dice.randint(0, 14))
        return date(later.year, later.month, last_day(later.year, later.month))
    return due + timedelta(days=dice.randint(-40, 1100))


def _payments(
    dice: random.Random, bills: tuple[tuple[YearMonth, str, int], ...], cutoff: date
) -> tuple[tuple[YearMonth, str, date, int], ...]:
    found = [
        (month, programme, _paid_on(dice, month, cutoff), _part(dice, amount))
        for month, programme, amount in bills
        for _ in range(dice.choice([0, 0, 0, 1, 1, 1, 2, 3]))
    ]
    dice.shuffle(found)
    return tuple(found)


def _paid_on(dice: random.Random, month: YearMonth, cutoff: date) -> date:
    due = _due(month)
    kind = dice.randrange(10)
    if kind == 0:
        return due
    if kind == 1:
        return due + ONE_DAY
    if kind == 2:
        return date(due.year, due.month, last_day(due.year, due.month))
    if kind == 3:
        return months_on(due, dice.randint(1, 12)) + dice.choice([timedelta(0), ONE_DAY])
    if kind == 4:
        return cutoff + dice.choice([timedelta(0), ONE_DAY])
    return due + timedelta(days=dice.randint(-45, 500))


def _part(dice: random.Random, amount: int) -> int:
    kind = dice.random()
    if kind < 0.4:
        return amount
    if kind < 0.9:
        return dice.randint(0, amount)
    return amount + dice.randint(1, 1_000_000)


def _warned_on(dice: random.Random) -> date:
    if dice.random() < 0.3:
        # Before and into Lebaran, Christmas, and the end of the last year that is loaded.
        return dice.choice(
            [
                date(2026, 3, 16),
                date(2026, 12, 20),
                date(2027, 3, 5),
                date(2027, 12, 17),
                date(2018, 6, 8),
            ]
        ) + timedelta(days=dice.randint(0, 14))
    return date(2015, 1, 1) + timedelta(days=dice.randrange(13 * 365))
