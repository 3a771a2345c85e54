"""Edits the calendar; recomputes the deadlines that an edit moves, with a record in each case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.audit import service as audit
from app.cases import workdays
from app.cases.edges import CLOCK_OF
from app.cases.lifecycle import Stage
from app.cases.reading import key_of, positions
from app.cases.recording import Entry, append, today_of
from app.cases.recount import Recount, recount
from app.cases.tables import CalendarDayRow, CalendarYearRow, CaseEvent, CaseRecord
from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.infra.calendars import packaged_calendar
from app.law.calendar import WorkingCalendar

EDIT: Final = "calendar.edit"
PACKAGED: Final = "paket holidays"


@dataclass(frozen=True, slots=True)
class AffectedCase:
    """A case whose deadlines an edit moves. It names no employer: who edits reads no cases."""

    number: str
    office_code: str
    recount: Recount


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """From which version to which, and the open cases it touches, by number."""

    version_before: str
    version: str
    affected: tuple[AffectedCase, ...]

    @property
    def moved(self) -> tuple[str, ...]:
        return tuple(case.number for case in self.affected)


@dataclass(frozen=True, slots=True)
class _Edit:
    """What `_changed` records: `source` is the decree on which it rests."""

    verb: str
    day: date
    name: str
    source: str


def preview(session: Session, edit: Callable[[], CalendarChanged]) -> CalendarChanged:
    """Return what `edit` would change, and undo it: a preview cannot differ from the saving.

    Raises:
        AppError: as the edit.
    """
    nested = session.begin_nested()
    try:
        return edit()
    finally:
        nested.rollback()


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
    before = workdays.calendar(session)
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
    edit = _Edit("set", day, name.strip(), source.strip())
    return _changed(session, edit, before=before, principal=principal, now=now)


def remove_holiday(
    session: Session, *, principal: Principal, day: date, name: str, source: str, now: datetime
) -> CalendarChanged:
    """Take a day off out of the calendar; `source` names the decree that withdrew it.

    Raises:
        Forbidden: the principal may not edit the calendar.
        NotFound: there is no such day.
        Invalid: no source.
    """
    principal.require(EDIT)
    seed_calendar(session, now=now)
    before = workdays.calendar(session)
    row = _known(session, day=day, name=name)
    _require_source(source)
    session.delete(row)
    session.flush()
    edit = _Edit("removed", day, name, source.strip())
    return _changed(session, edit, before=before, principal=principal, now=now)


def move_holiday(
    session: Session,
    *,
    principal: Principal,
    day: date,
    name: str,
    to: date,
    source: str,
    now: datetime,
) -> CalendarChanged:
    """Move a day off to another day; `source` names the decree that moved it.

    Raises:
        Forbidden: the principal may not edit the calendar.
        NotFound: there is no such day.
        Conflict: the day off is on the other day already.
        Invalid: no source, or a year that is not announced yet.
    """
    principal.require(EDIT)
    seed_calendar(session, now=now)
    before = workdays.calendar(session)
    row = _known(session, day=day, name=name)
    _require_source(source)
    if session.get(CalendarYearRow, to.year) is None:
        problem = FieldProblem(
            "to", "Tahun {year} belum diumumkan; tetapkan dahulu tahunnya.", {"year": to.year}
        )
        raise Invalid(problem.template, fields=(problem,), **problem.values)
    if session.get(CalendarDayRow, (to, name)) is not None:
        raise Conflict("Hari libur {name} sudah ada pada {day}.", name=name, day=to)
    session.add(CalendarDayRow(day=to, name=name, kind=row.kind, source=source.strip()))
    session.delete(row)
    session.flush()
    edit = _Edit("moved", to, name, source.strip())
    return _changed(session, edit, before=before, principal=principal, now=now)


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
    before = workdays.calendar(session)
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
    edit = _Edit("announced", date(year, 1, 1), "", source.strip())
    return _changed(session, edit, before=before, principal=principal, now=now)


def _known(session: Session, *, day: date, name: str) -> CalendarDayRow:
    row = session.get(CalendarDayRow, (day, name))
    if row is None:
        raise NotFound("Tidak ada hari libur {name} pada {day}.", name=name, day=day)
    return row


def _require_source(source: str) -> None:
    if not source.strip():
        problem = FieldProblem("source", "Isi dasar penetapan, misalnya nomor SKB.")
        raise Invalid(problem.template, fields=(problem,))


def _changed(
    session: Session,
    edit: _Edit,
    *,
    before: WorkingCalendar,
    principal: Principal,
    now: datetime,
) -> CalendarChanged:
    after = workdays.calendar(session)
    on = today_of(principal, now)
    # Only a letter with a clock rests on the calendar, and a closed case on none any more.
    cases = session.exec(
        select(CaseRecord)
        .where(
            CaseRecord.stage != Stage.CLOSED,
            col(CaseRecord.id).in_(
                select(CaseEvent.case_id).where(col(CaseEvent.step).in_(list(CLOCK_OF)))
            ),
        )
        .order_by(col(CaseRecord.number))
        .with_for_update()
    ).all()
    stands = positions(session, cases)
    affected = []
    for case in cases:
        found = recount(stands[key_of(case)], before=before, after=after, on=on)
        if found:
            entry = _entry(edit, found, before=before, after=after, on=on)
            append(session, case, entry, principal=principal, now=now)
            affected.append(AffectedCase(case.number, case.office_code, found))
    changed = CalendarChanged(before.version, after.version, tuple(affected))
    audit.record(
        session,
        actor=principal.actor,
        action=f"cases.calendar_{edit.verb}",
        subject="calendar:id",
        now=now,
        detail={
            "day": edit.day.isoformat(),
            "version": changed.version,
            "version_was": changed.version_before,
            "source": edit.source,
            "moved": list(changed.moved),
        },
    )
    return changed


def _entry(
    edit: _Edit, found: Recount, *, before: WorkingCalendar, after: WorkingCalendar, on: date
) -> Entry:
    return Entry(
        verb="calendar_changed",
        on=on,
        note=edit.source,
        detail={
            "edit": edit.verb,
            "day": edit.day.isoformat(),
            "name": edit.name,
            "source": edit.source,
            "version_was": before.version,
            "version": after.version,
            "moved": [
                {
                    "letter_seq": one.seq,
                    "letter": one.letter,
                    "due_on_was": one.before.isoformat() if one.before else None,
                    "due_on": one.after.isoformat() if one.after else None,
                }
                for one in found.moved
            ],
            "undermined": [
                {"step_seq": one.step.seq, "step": one.step.action, "early": one.early}
                for one in found.undermined
            ],
        },
    )
