"""Deadlines with the certificate that shows every day counted and every day left out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from app.law.calendar import CollectiveLeave, WorkingCalendar
from app.law.faults import fault
from app.law.suspensions import (
    StillSuspended,
    Suspension,
    checked,
    open_suspension_on,
    reasons_suspended,
)

_LONGEST: Final = 3660
# Thirty years of skipped days: no interval of law lasts longer, and a certificate has an end.
_LONGEST_WALK: Final = 3 * _LONGEST
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that does not count; `reason` is Indonesian."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineCertificate:
    """`due_on` is the last day, inclusive; `counted` starts the day after `start`.

    `calendar_version` is None for calendar days, which no calendar can change.
    `rule` is one Indonesian sentence.
    """

    start: date
    due_on: date
    count: int
    unit: Literal["working_days", "calendar_days"]
    counted: tuple[date, ...]
    skipped: tuple[Skipped, ...]
    calendar_version: str | None
    rule: str


def working_day_deadline(
    *,
    start: date,
    count: int,
    calendar: WorkingCalendar,
    collective_leave: CollectiveLeave,
    suspensions: tuple[Suspension, ...] = (),
) -> DeadlineCertificate:
    """Return the `count`-th working day after `start` on which no suspension stood.

    Law: PP 86/2013 says working days without defining them. Reading: the day after proof of
    receipt is day 1; collective leave is a day off unless the caller decides otherwise.

    Raises:
        CalendarTooShort: the count reaches a year that is not loaded.
        StillSuspended: a suspension without an end stands before the last day.
        Invalid: `count` is not from 1 to 3660, or a suspension is none.
    """
    _check_count(count, field="working_days")

    def reason_off(day: date) -> str | None:
        return calendar.reason_off(day, collective_leave=collective_leave)

    counted, skipped = _walk(
        start=start,
        count=count,
        suspensions=checked(suspensions),
        reason_off=reason_off,
        day_after=calendar.day_after,
    )
    leave = (
        "cuti bersama bukan hari kerja"
        if collective_leave is CollectiveLeave.DAY_OFF
        else "cuti bersama dihitung sebagai hari kerja"
    )
    return DeadlineCertificate(
        start=start,
        due_on=counted[-1],
        count=count,
        unit="working_days",
        counted=counted,
        skipped=skipped,
        calendar_version=calendar.version,
        rule=f"{count} hari kerja dihitung sejak hari sesudah {start.isoformat()}, "
        f"hari terakhir termasuk; {leave}.",
    )


def calendar_day_deadline(
    *, start: date, count: int, suspensions: tuple[Suspension, ...] = ()
) -> DeadlineCertificate:
    """Return the `count`-th day after `start` on which no suspension stood.

    It is not moved when it is a day off.

    Raises:
        StillSuspended: a suspension without an end stands before the last day.
        Invalid: `count` is not from 1 to 3660, a suspension is none or lasts for decades, or the
            last day is beyond year 9999.
    """
    _check_count(count, field="calendar_days")

    def day_after(day: date) -> date:
        if day == date.max:
            raise fault(
                "from",
                "Tenggat sejak {start} ({field}) melewati tahun 9999.",
                start=start.isoformat(),
            )
        return day + _ONE_DAY

    counted, skipped = _walk(
        start=start,
        count=count,
        suspensions=checked(suspensions),
        reason_off=lambda _day: None,
        day_after=day_after,
    )
    return DeadlineCertificate(
        start=start,
        due_on=counted[-1],
        count=count,
        unit="calendar_days",
        counted=counted,
        skipped=skipped,
        calendar_version=None,
        rule=f"{count} hari kalender dihitung sejak hari sesudah {start.isoformat()}, "
        "hari terakhir termasuk dan tidak digeser bila jatuh pada hari libur.",
    )


def _walk(
    *,
    start: date,
    count: int,
    suspensions: tuple[Suspension, ...],
    reason_off: Callable[[date], str | None],
    day_after: Callable[[date], date],
) -> tuple[tuple[date, ...], tuple[Skipped, ...]]:
    counted: list[date] = []
    skipped: list[Skipped] = []
    day = start
    while len(counted) < count:
        day = day_after(day)
        if (by := open_suspension_on(day, suspensions)) is not None:
            raise StillSuspended(by=by, counted=tuple(counted), count=count)
        off = reason_off(day)
        reasons = (*filter(None, (off,)), *reasons_suspended(day, suspensions))
        if reasons:
            skipped.append(Skipped(day, "; ".join(reasons)))
        else:
            counted.append(day)
        if len(counted) + len(skipped) > _LONGEST_WALK:
            raise fault(
                "suspensions",
                "Tenggat sejak {start} tidak selesai dalam {longest} hari karena penangguhan "
                "({field}) terlalu panjang; periksa tanggalnya.",
                start=start.isoformat(),
                longest=_LONGEST_WALK,
            )
    return tuple(counted), tuple(skipped)


def _check_count(count: int, *, field: str) -> None:
    if not 1 <= count <= _LONGEST:
        raise fault(
            field,
            "Jumlah hari {count} ({field}) harus dari 1 sampai {longest}.",
            count=count,
            longest=_LONGEST,
        )
