"""Deadlines with the certificate that shows every day counted and every day left out."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from app.law.calendar import CollectiveLeave, WorkingCalendar
from app.law.faults import fault

_LONGEST: Final = 3660


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
    *, start: date, count: int, calendar: WorkingCalendar, collective_leave: CollectiveLeave
) -> DeadlineCertificate:
    """Return the `count`-th working day after `start`.

    Law: PP 86/2013 says working days without defining them. Reading: the day after proof of
    receipt is day 1; collective leave is a day off unless the caller decides otherwise.

    Raises:
        CalendarTooShort: the count reaches a year that is not loaded.
        Invalid: `count` is not from 1 to 3660.
    """
    _check_count(count, field="working_days")
    due_on = calendar.add_working_days(start, count, collective_leave=collective_leave)
    counted: list[date] = []
    skipped: list[Skipped] = []
    for day in _days_after(start, through=due_on):
        reason = calendar.reason_off(day, collective_leave=collective_leave)
        if reason is None:
            counted.append(day)
        else:
            skipped.append(Skipped(day, reason))
    leave = (
        "cuti bersama bukan hari kerja"
        if collective_leave is CollectiveLeave.DAY_OFF
        else "cuti bersama dihitung sebagai hari kerja"
    )
    return DeadlineCertificate(
        start=start,
        due_on=due_on,
        count=count,
        unit="working_days",
        counted=tuple(counted),
        skipped=tuple(skipped),
        calendar_version=calendar.version,
        rule=f"{count} hari kerja dihitung sejak hari sesudah {start.isoformat()}, "
        f"hari terakhir termasuk; {leave}.",
    )


def calendar_day_deadline(*, start: date, count: int) -> DeadlineCertificate:
    """Return the `count`-th day after `start`; not moved when it is a day off.

    Raises:
        Invalid: `count` is not from 1 to 3660, or the last day is beyond year 9999.
    """
    _check_count(count, field="calendar_days")
    if (date.max - start).days < count:
        raise fault(
            "from", "Tenggat sejak {start} ({field}) melewati tahun 9999.", start=start.isoformat()
        )
    due_on = start + timedelta(days=count)
    return DeadlineCertificate(
        start=start,
        due_on=due_on,
        count=count,
        unit="calendar_days",
        counted=_days_after(start, through=due_on),
        skipped=(),
        calendar_version=None,
        rule=f"{count} hari kalender dihitung sejak hari sesudah {start.isoformat()}, "
        "hari terakhir termasuk dan tidak digeser bila jatuh pada hari libur.",
    )


def _days_after(start: date, *, through: date) -> tuple[date, ...]:
    return tuple(start + timedelta(days=n) for n in range(1, (through - start).days + 1))


def _check_count(count: int, *, field: str) -> None:
    if not 1 <= count <= _LONGEST:
        raise fault(
            field,
            "Jumlah hari {count} ({field}) harus dari 1 sampai {longest}.",
            count=count,
            longest=_LONGEST,
        )
