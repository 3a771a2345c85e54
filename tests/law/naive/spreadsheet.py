"""The law worked out a second time, as one would in a spreadsheet; imports nothing of ours.

Written from the legal dossier and the product's readings alone, without reading the engine: its
own tables, whole numbers only, loops over months and days. Slow where it may be, never clever.
It exists to disagree with `app.law`, so it must not borrow from it.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from holidays import country_holidays

YearMonth = tuple[int, int]

# Rates in hundredths of a percent (JKK class II: 0.54 % = 54), employer and worker.
JKK = {1: 24, 2: 54, 3: 89, 4: 127, 5: 174}
RATES = {"JKM": (30, 0), "JHT": (370, 200), "JP": (200, 100)}
CEILINGS = [
    ((2015, 7), 7_000_000),
    ((2016, 3), 7_335_300),
    ((2017, 3), 7_703_500),
    ((2018, 3), 8_094_000),
    ((2019, 3), 8_512_400),
    ((2020, 3), 8_939_700),
    ((2021, 3), 8_754_600),
    ((2022, 3), 9_077_600),
    ((2023, 3), 9_559_600),
    ((2024, 3), 10_042_300),
    ((2025, 3), 10_547_400),
    ((2026, 3), 11_086_300),
]
CEILING_NOT_ANNOUNCED_FROM = (2027, 3)
OWED = {
    "mikro": ["JKK", "JKM"],
    "kecil": ["JKK", "JKM", "JHT"],
    "menengah": ["JKK", "JKM", "JHT", "JP"],
    "besar": ["JKK", "JKM", "JHT", "JP"],
}

PUBLIC_2026 = """
01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17 08-25
12-25
"""
COLLECTIVE_2026 = "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24"
PUBLIC_2027 = """
01-01 01-05 02-06 03-08 03-10 03-11 03-26 03-28 05-01 05-06 05-17 05-20 06-01 06-06 08-15 08-17
12-25 12-26
"""
COLLECTIVE_2027 = "02-05 03-09 03-12 03-15 03-25 05-18 05-19 12-24"
FIRST_YEAR, LAST_YEAR = 2015, 2027


def _days(year: int, typed: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in typed.split()}


PUBLIC = _days(2026, PUBLIC_2026) | _days(2027, PUBLIC_2027)
COLLECTIVE = _days(2026, COLLECTIVE_2026) | _days(2027, COLLECTIVE_2027)
for _year in range(FIRST_YEAR, 2026):
    PUBLIC |= set(country_holidays("ID", years=_year, categories=("public",)))
    COLLECTIVE |= set(country_holidays("ID", years=_year, categories=("government",)))


class YearNotLoaded(Exception):
    """A working day was asked of a year whose holidays have not all been announced."""


def works(day: date, *, collective_leave_counts: bool) -> bool:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise YearNotLoaded(day)
    if day.isoweekday() in {6, 7} or day in PUBLIC:
        return False
    return collective_leave_counts or day not in COLLECTIVE


def half_up(parts: int, parts_per_rupiah: int) -> int:
    whole, rest = divmod(parts, parts_per_rupiah)
    return whole + 1 if 2 * rest >= parts_per_rupiah else whole


def pandemic(month: YearMonth) -> bool:
    """PP 49/2020: contribution months August 2020 to January 2021."""
    return (2020, 8) <= month <= (2021, 1)


def ceiling(month: YearMonth) -> int:
    """The last announced one also stands for later months: provisional, see `is_provisional`."""
    found = 0
    for first, amount in CEILINGS:
        if first <= month:
            found = amount
    return found


def is_provisional(month: YearMonth, programmes: Sequence[str]) -> bool:
    return "JP" in programmes and month >= CEILING_NOT_ANNOUNCED_FROM


def percent_left(month: YearMonth, programme: str, *, labour_intensive: bool) -> int:
    """Percent of the contribution that is payable now."""
    if pandemic(month) and programme in {"JKK", "JKM", "JP"}:
        return 1
    # PP 7/2025 February to July 2025, PP 36/2025 August 2025 to January 2026: JKK only.
    if labour_intensive and programme == "JKK" and (2025, 2) <= month <= (2026, 1):
        return 50
    return 100


def shares(
    month: YearMonth,
    wage: int,
    jkk_class: int,
    programmes: Sequence[str],
    *,
    labour_intensive: bool,
) -> dict[str, tuple[int, int, int]]:
    """Per programme what the employer and the worker pay now, and what is deferred."""
    found = {}
    for programme in programmes:
        employer, worker = (JKK[jkk_class], 0) if programme == "JKK" else RATES[programme]
        base = min(wage, ceiling(month)) if programme == "JP" else wage
        left = percent_left(month, programme, labour_intensive=labour_intensive)
        now = [half_up(base * rate * left, 1_000_000) for rate in (employer, worker)]
        whole = [half_up(base * rate, 10_000) for rate in (employer, worker)]
        # Only the pension is put off; the relief on JKK and JKM is a gift.
        deferred = sum(whole) - sum(now) if programme == "JP" and pandemic(month) else 0
        found[programme] = (now[0], now[1], deferred)
    return found


def last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def months_on(day: date, count: int) -> date:
    """The same day `count` months later; a day that the month lacks is its last one."""
    year, month = day.year, day.month
    for _ in range(count):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, last_day(year, month)))


def due_on(month: YearMonth) -> date:
    year, number = month
    year, number = (year + 1, 1) if number == 12 else (year, number + 1)
    day = min(30 if pandemic(month) else 15, last_day(year, number))
    due = date(year, number, day)
    while not works(due, collective_leave_counts=False):
        due += timedelta(days=1)
    return due


def months_started(due: date, until: date) -> int:
    started = 0
    while months_on(due, started) < until:
        started += 1
    return started


@dataclass(frozen=True)
class Row:
    """One bill as a row of the sheet."""

    due_on: date
    paid: int
    overpaid: int
    outstanding: int
    penalty: int


def row(month: YearMonth, amount: int, payments: Sequence[tuple[date, int]], cutoff: date) -> Row:
    """`payments` are those of this bill, in any order."""
    due = due_on(month)
    thousandths = 5 if pandemic(month) else 20
    unpaid, paid, penalty_thousandths = amount, 0, 0
    for day, rupiah in sorted(payments):
        if day > cutoff:
            continue
        paid += rupiah
        covered = min(unpaid, rupiah)
        unpaid -= covered
        penalty_thousandths += covered * thousandths * months_started(due, day)
    penalty_thousandths += unpaid * thousandths * months_started(due, cutoff)
    return Row(due, paid, max(0, paid - amount), unpaid, half_up(penalty_thousandths, 1000))


@dataclass(frozen=True)
class Sheet:
    rows: tuple[Row, ...]
    principal: int
    penalty: int
    months_in_arrears: int
    ageing_class: str | None


def sheet(
    bills: Sequence[tuple[YearMonth, str, int]],
    payments: Sequence[tuple[YearMonth, str, date, int]],
    cutoff: date,
) -> Sheet:
    rows = []
    principal = penalty = 0
    months = set()
    for month, programme, amount in bills:
        mine = [(day, rupiah) for m, p, day, rupiah in payments if (m, p) == (month, programme)]
        found = row(month, amount, mine, cutoff)
        rows.append(found)
        if cutoff > found.due_on:
            principal += found.outstanding
            penalty += found.penalty
            if found.outstanding > 0:
                months.add(month)
    return Sheet(tuple(rows), principal, penalty, len(months), ageing_class(len(months)))


def ageing_class(months: int) -> str | None:
    if months == 0:
        return None
    if months <= 3:
        return "lancar"
    if months <= 6:
        return "kurang_lancar"
    if months <= 12:
        return "diragukan"
    return "macet"


def working_days(start: date, count: int, *, collective_leave_counts: bool) -> list[date]:
    """The days counted; the last one is the deadline, `start` itself is day 0."""
    counted: list[date] = []
    day = start
    while len(counted) < count:
        day += timedelta(days=1)
        if works(day, collective_leave_counts=collective_leave_counts):
            counted.append(day)
    return counted


def calendar_days(start: date, count: int) -> list[date]:
    return [start + timedelta(days=number) for number in range(1, count + 1)]
