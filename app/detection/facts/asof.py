"""PURE: the numbers of law as the rules use them on one day: dates, whole numbers, no fractions.

Engines differ in date arithmetic and in decimals; here both are done once, before any engine.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import narwhals.stable.v2 as nw

from app.law import late_payment
from app.law.book import LawBook
from app.law.calendar import CalendarTooShort, WorkingCalendar
from app.law.dated import Dated
from app.law.month import Month
from app.law.parameters import detection, rates
from app.law.parameters.jp_ceiling import JP_CEILING
from app.law.parameters.programmes import OBLIGED, PROGRAMMES, SCALES

# A share of one ten-thousandth: every rate and threshold is a whole number of them.
POINTS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """Everything that depends on the sweep's day. Points are ten-thousandths.

    `fresh_from` is the oldest day, inclusive, at which a source is not stale; `fresh_by_source`
    holds the sources for which another day was decided. `due_months` are the months
    (year * 12 + month - 1) whose due date has passed on `on`, `next_due` the due dates of the
    months after them, as far as the calendar is known.
    """

    on: date
    law: LawBook
    fresh_from: date
    fresh_by_source: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    grace_days: int
    head_count_margin: int
    head_count_points: int
    wage_points: int
    arrears_months: int
    lapsed_days: int
    longest_estimate: int
    due_months: tuple[int, ...]
    next_due: tuple[date, ...]
    rate_points: Mapping[str, int]
    jkk_points: Mapping[int, int]
    jp_ceiling: int
    obliged: Mapping[str, tuple[str, ...]]

    @property
    def month(self) -> int:
        return Month.of(self.on).index

    def oldest(self, source: str) -> date:
        """Return the oldest day, inclusive, at which `source` is not stale."""
        return self.fresh_by_source.get(source, self.fresh_from)

    def thresholds(self) -> dict[str, object]:
        """Return what a stored sweep must remember to be run again."""
        return {
            "on": self.on.isoformat(),
            "fresh_from": self.fresh_from.isoformat(),
            "grace_days": self.grace_days,
            "head_count_margin": self.head_count_margin,
            "head_count_points": self.head_count_points,
            "wage_points": self.wage_points,
            "arrears_months": self.arrears_months,
            "lapsed_days": self.lapsed_days,
            "longest_estimate": self.longest_estimate,
            "jp_ceiling": self.jp_ceiling,
        }


def fresh_from(on: date, *, law: LawBook) -> date:
    """Return the oldest day, inclusive, whose data are not stale on `on`.

    Raises:
        ParameterGap: the threshold was not in force on `on`.
    """
    return months_before(on, law[detection.STALE_AFTER_MONTHS].on(on))


def as_of(
    on: date, *, billed_months: Iterable[int], calendar: WorkingCalendar, law: LawBook
) -> AsOf:
    """Return the numbers in force on `on`; `billed_months` are the months that have bills.

    Raises:
        CalendarTooShort: a month in question falls due in a year that is not loaded.
        ParameterGap: a parameter was not in force on `on`.
    """
    return AsOf(
        on=on,
        law=law,
        fresh_from=fresh_from(on, law=law),
        grace_days=law[detection.GRACE_DAYS].on(on),
        head_count_margin=law[detection.HEAD_COUNT_MARGIN].on(on),
        head_count_points=points_of(law[detection.HEAD_COUNT_SHARE].on(on)),
        wage_points=points_of(law[detection.WAGE_MARGIN].on(on)),
        arrears_months=law[detection.ARREARS_MONTHS].on(on),
        lapsed_days=law[detection.LAPSED_GRACE_DAYS].on(on),
        longest_estimate=law[detection.LONGEST_ESTIMATE].on(on),
        due_months=tuple(
            sorted(
                month
                for month in set(billed_months)
                if _is_due(Month.from_index(month), on=on, calendar=calendar, law=law)
            )
        ),
        next_due=tuple(_next_due(on, calendar=calendar, law=law)),
        rate_points={
            "JKM": _together(on, law, rates.JKM_EMPLOYER),
            "JHT": _together(on, law, rates.JHT_EMPLOYER, rates.JHT_WORKER),
            "JP": _together(on, law, rates.JP_EMPLOYER, rates.JP_WORKER),
        },
        jkk_points={kelas: _together(on, law, rate) for kelas, rate in rates.JKK_EMPLOYER.items()},
        jp_ceiling=law[JP_CEILING].last_known_on(on).value,
        obliged={scale: law[OBLIGED[scale]].on(on) for scale in SCALES},
    )


def monthly_contribution(asof: AsOf, *, wage: nw.Expr, jkk_class: nw.Expr) -> dict[str, nw.Expr]:
    """Return by programme what is due a month for `wage`, in ten-thousandths of a rupiah.

    Law: the ordinary rates and the JP ceiling of the sweep's day. Reading: an estimate; reliefs
    are left out, nothing is rounded before the sum; an unknown class counts as the lowest.
    """
    jkk = nw.lit(asof.jkk_points[min(asof.jkk_points)])
    for kelas, points in asof.jkk_points.items():
        jkk = nw.when(jkk_class == kelas).then(nw.lit(points)).otherwise(jkk)
    capped = nw.when(wage > asof.jp_ceiling).then(nw.lit(asof.jp_ceiling)).otherwise(wage)
    return {
        "JKK": wage * jkk,
        "JKM": wage * asof.rate_points["JKM"],
        "JHT": wage * asof.rate_points["JHT"],
        "JP": capped * asof.rate_points["JP"],
    }


def obliged_contribution(
    asof: AsOf, *, wage: nw.Expr, jkk_class: nw.Expr, scale: nw.Expr
) -> nw.Expr:
    """Return what the scale obliges a month for `wage`, in ten-thousandths of a rupiah.

    An unknown scale counts as the smallest one.
    """
    parts = monthly_contribution(asof, wage=wage, jkk_class=jkk_class)
    total: nw.Expr | None = None
    for programme in PROGRAMMES:
        scales = [name for name, programmes in asof.obliged.items() if programme in programmes]
        owed = scale.is_in(scales)
        if SCALES[0] in scales:
            owed = owed | scale.is_null()
        part = nw.when(owed).then(parts[programme]).otherwise(nw.lit(0))
        total = part if total is None else total + part
    assert total is not None  # noqa: S101 - there are always programmes
    return total


def is_fresh(asof: AsOf) -> nw.Expr:
    """Say of a row with `sumber` and `tgl_data` whether it is young enough to carry a finding."""
    day = nw.col("tgl_data")
    fresh = day >= asof.fresh_from
    for source, oldest in sorted(asof.fresh_by_source.items()):
        fresh = nw.when(nw.col("sumber") == source).then(day >= oldest).otherwise(fresh)
    return fresh


def months_before(on: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of a shorter month."""
    return (Month.of(on) - months).day(on.day)


def too_old_on(day: date, *, months: int) -> date:
    """Return the first day on which `day` lies before what `months_before` returns."""
    month = Month.of(day) + months
    following = month.day(day.day + 1)
    return following if months_before(following, months) > day else (month + 1).first_day


def months_since(asof: AsOf, day: nw.Expr) -> nw.Expr:
    """Return the months from the month of `day` to the sweep's, from 1 to the longest estimate."""
    months = nw.lit(asof.month) - (day.dt.year() * 12 + day.dt.month() - 1)
    return (
        nw.when(months < 1)
        .then(nw.lit(1))
        .otherwise(
            nw.when(months > asof.longest_estimate)
            .then(nw.lit(asof.longest_estimate))
            .otherwise(months)
        )
    )


def points_of(share: Decimal) -> int:
    """Return a share in ten-thousandths.

    Raises:
        ValueError: it is no whole number of them.
    """
    points = share * POINTS
    if points != int(points):
        raise ValueError(f"{share} is no whole number of ten-thousandths")
    return int(points)


def _together(on: date, law: LawBook, *shares: Dated[Decimal]) -> int:
    return sum(points_of(law[share].on(on)) for share in shares)


def _next_due(on: date, *, calendar: WorkingCalendar, law: LawBook) -> Iterator[date]:
    month = Month.of(on) - 2
    for step in range(law[detection.LONGEST_ESTIMATE].on(on) + 2):
        try:
            day = late_payment.due_on(month=month + step, calendar=calendar, law=law)
        except CalendarTooShort:
            return
        if day >= on:
            yield day


def _is_due(month: Month, *, on: date, calendar: WorkingCalendar, law: LawBook) -> bool:
    # The due date lies in the next month and rolls over days off at most into the one after it:
    # only months close to `on` need the calendar, so that old bills do not need old calendars.
    if (month + 2).last_day < on:
        return True
    if (month + 1).first_day > on:
        return False
    return late_payment.due_on(month=month, calendar=calendar, law=law) < on
