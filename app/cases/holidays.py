"""Edits the calendar, and recomputes the deadlines that an edit moves."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.audit import service as audit
from app.cases import workdays
from app.cases.lifecycle import Stage
from app.cases.recording import refresh, today_of
from app.cases.tables import CalendarDayRow, CalendarYearRow, CaseRecord
from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.infra.calendars import packaged_calendar

EDIT: Final = "calendar.edit"
PACKAGED: Final = "paket holidays"


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """The version now in force, and the case numbers whose deadline moved, in order."""

    version: str
    moved: tuple[str, ...]


def seed_calendar(session: Session, *, now: datetime) -> int:
    """Load the years that ship with the program and are not in the table; return how many.

    A year that is already there is left alone: an administrator may have edited it.
    """
    known = set(session.exec(select(CalendarYearRow.year)))
    packaged = packaged_calendar()
    fresh = sorted(packaged.loaded_years - known)
    for year in fresh:
        session.add(CalendarYearRow(year=year, source=PACKAGED))
    for holiday in packaged.holidays:
        if holiday.on.year in fresh:
            session.add(
                CalendarDayRow(
                    day=holiday.on, name=holiday.name, kind=holiday.kind, source=PACKAGED
                )
            )
    session.flush()
    if fresh:
        audit.record(
            session,
            actor="system:calendar",
            action="cases.calendar_seeded",
            subject="calendar:id",
            now=now,
            detail={"years": fresh, "version": workdays.calendar(session).version},
        )
    return len(fresh)


def set_holiday(
    session: Session,
    *,
    principal: Principal,
    day: date,
    name: str,
    kind: Literal["public", "collective"],
    source: str,
    now: datetime,
) -> CalendarChanged:
    """Add a day off, or change its kind and source; `source` names the decree.

    Raises:
        Forbidden: the principal may not edit the calendar.
        Invalid: no name, no source, or a year that is not announced yet.
    """
    principal.require(EDIT)
    seed_calendar(session, now=now)
    problems = []
    if not name.strip():
        problems.append(FieldProblem("name", "Isi nama hari libur."))
    if not source.strip():
        problems.append(FieldProblem("source", "Isi dasar penetapan, misalnya nomor SKB."))
    if session.get(CalendarYearRow, day.year) is None:
        problems.append(
            FieldProblem(
                "day", "Tahun {year} belum diumumkan; tetapkan dahulu tahunnya.", {"year": day.year}
            )
        )
    if problems:
        raise Invalid("Hari libur belum dapat disimpan.", fields=tuple(problems))
    row = session.get(CalendarDayRow, (day, name.strip()))
    if row is None:
        row = CalendarDayRow(day=day, name=name.strip(), kind=kind, source=source.strip())
    row.kind, row.source = kind, source.strip()
    session.add(row)
    session.flush()
    return _changed(session, principal=principal, verb="set", day=day, now=now)


def remove_holiday(
    session: Session, *, principal: Principal, day: date, name: str, now: datetime
) -> CalendarChanged:
    """Take a day off out of the calendar.

    Raises:
        Forbidden: the principal may not edit the calendar.
        NotFound: there is no such day.
    """
    principal.require(EDIT)
    seed_calendar(session, now=now)
    row = session.get(CalendarDayRow, (day, name))
    if row is None:
        raise NotFound("Tidak ada hari libur {name} pada {day}.", name=name, day=day)
    session.delete(row)
    session.flush()
    return _changed(session, principal=principal, verb="removed", day=day, now=now)


def announce_year(
    session: Session, *, principal: Principal, year: int, source: str, now: datetime
) -> CalendarChanged:
    """Say that the holidays and collective leave of `year` are all announced and entered next.

    Raises:
        Forbidden: the principal may not edit the calendar.
        Conflict: the year is known already.
        Invalid: no source, or years in between are unknown.
    """
    principal.require(EDIT)
    seed_calendar(session, now=now)
    years = set(session.exec(select(CalendarYearRow.year)))
    if year in years:
        raise Conflict("Tahun {year} sudah dimuat.", year=year)
    if not source.strip() or year != max(years) + 1:
        raise Invalid(
            "Tahun berikutnya yang dapat dimuat adalah {year}; sebutkan dasar penetapannya.",
            year=max(years) + 1,
        )
    session.add(CalendarYearRow(year=year, source=source.strip()))
    session.flush()
    return _changed(session, principal=principal, verb="announced", day=date(year, 1, 1), now=now)


def recompute_deadlines(session: Session, *, on: date) -> tuple[str, ...]:
    """Work out anew the next step of every open case; return the numbers whose deadline moved."""
    moved = []
    cases = session.exec(
        select(CaseRecord)
        .where(CaseRecord.stage != Stage.CLOSED)
        .order_by(col(CaseRecord.number))
        .with_for_update()
    ).all()
    for case in cases:
        before = case.next_due_on
        refresh(session, case, on=on)
        if case.next_due_on != before:
            moved.append(case.number)
    return tuple(moved)


def _changed(
    session: Session, *, principal: Principal, verb: str, day: date, now: datetime
) -> CalendarChanged:
    version = workdays.calendar(session).version
    moved = recompute_deadlines(session, on=today_of(principal, now))
    audit.record(
        session,
        actor=principal.actor,
        action=f"cases.calendar_{verb}",
        subject="calendar:id",
        now=now,
        detail={"day": day.isoformat(), "version": version, "moved": list(moved)},
    )
    return CalendarChanged(version=version, moved=moved)
