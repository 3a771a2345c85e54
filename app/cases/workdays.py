"""Reads the editable calendar of public holidays and collective leave."""

import hashlib
from typing import cast

from sqlmodel import Session, col, select

from app.cases.schemas import CalendarDay
from app.cases.tables import CalendarDayRow, CalendarYearRow
from app.infra.calendars import packaged_calendar
from app.law.calendar import Holiday, HolidayKind, WorkingCalendar


def calendar(session: Session) -> WorkingCalendar:
    """Return the calendar in force; the one that ships with the program until it was seeded.

    Its version changes with any day in it, so that a certificate can say by which it was made.
    """
    years = frozenset(session.exec(select(CalendarYearRow.year)))
    if not years:
        return packaged_calendar()
    days = tuple(
        Holiday(row.day, row.name, cast("HolidayKind", row.kind))
        for row in session.exec(
            select(CalendarDayRow).order_by(col(CalendarDayRow.day), col(CalendarDayRow.name))
        )
    )
    lines = "\n".join(f"{day.on.isoformat()}\t{day.kind}\t{day.name}" for day in days)
    fingerprint = hashlib.sha256(f"{sorted(years)}\n{lines}".encode()).hexdigest()[:8]
    return WorkingCalendar(
        holidays=days, version=f"{min(years)}-{max(years)}-{fingerprint}", loaded_years=years
    )


def calendar_days(session: Session, *, year: int) -> tuple[CalendarDay, ...]:
    """Return the days off of one year, in order; weekends are not listed."""
    sources = {
        (row.day, row.name): row.source
        for row in session.exec(select(CalendarDayRow))
        if row.day.year == year
    }
    return tuple(
        CalendarDay(
            day=holiday.on,
            name=holiday.name,
            kind=holiday.kind,
            source=sources.get((holiday.on, holiday.name), "paket holidays"),
        )
        for holiday in calendar(session).holidays
        if holiday.on.year == year
    )
