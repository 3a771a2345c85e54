"""How every change of a case is made: lock it, append its event, refresh what lists sort by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.audit import service as audit
from app.cases import lifecycle, workdays
from app.cases.clocks import legal_day
from app.cases.lifecycle import Action, NextState, NextStep, Stage
from app.cases.reading import key_of, position
from app.cases.stages import BREACHES
from app.cases.tables import SINGLE_LETTERS, CaseEvent, CaseRecord
from app.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, Refused, Stale
from app.law.calendar import CalendarTooShort


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is about to be written on the timeline. `on` is the legal day of the fact."""

    verb: str
    on: date
    step: Action | None = None
    letter_number: str = ""
    note: str = ""
    evidence_ids: Sequence[int] = ()
    detail: Mapping[str, Any] | None = None
    approval_id: int | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """Who stands behind an entry, when it is not the one who is signed in."""

    actor: str
    user_id: int | None
    name: str
    title: str


def require_named(principal: Principal) -> int:
    """Return the id of the person who acts.

    Raises:
        Forbidden: no named person stands behind this principal.
    """
    if principal.user_id is None:
        raise Forbidden(
            "Langkah yang berakibat hukum hanya dapat diambil oleh orang yang bernama; "
            "token ini tidak mewakili siapa pun."
        )
    return principal.user_id


def today_of(principal: Principal, now: datetime) -> date:
    return legal_day(now, zone=principal.zone)


def require_not_future(on: date, *, today: date, field: str) -> None:
    """Raises: Invalid: `on` has not come yet. A past day is never refused here."""
    if on > today:
        problem = FieldProblem(
            field, "Tanggal {on} belum tiba; hari ini {today}.", {"on": on, "today": today}
        )
        raise Invalid(problem.template, fields=(problem,), **problem.values)


def locked_case(session: Session, *, principal: Principal, action: str, case_id: int) -> CaseRecord:
    """Return the case, locked until the transaction ends, for somebody who may do `action`.

    Raises:
        Forbidden: the principal may not do this at all.
        NotFound: it is not there, or not in this principal's offices.
    """
    case = session.exec(
        select(CaseRecord)
        .where(CaseRecord.id == case_id, within(principal, action, CaseRecord.office_code))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if case is None:
        raise NotFound("Kasus {case} tidak ada atau di luar kantor Anda.", case=case_id)
    return case


def require_version(case: CaseRecord, expected_version: int) -> None:
    """Raises: Stale: somebody, or a second click, changed the case in between."""
    if case.version != expected_version:
        raise Stale(
            "Kasus {number} sudah berubah sejak Anda membukanya (versi {expected}, kini "
            "{current}); muat ulang halaman lalu periksa kembali.",
            number=case.number,
            expected=expected_version,
            current=case.version,
        )


def require_open(case: CaseRecord) -> None:
    """Raises: Conflict: the case has been closed."""
    if case.stage == Stage.CLOSED:
        raise Conflict("Kasus {number} sudah ditutup.", number=case.number)


def require_warnable(session: Session, case: CaseRecord, violations: Iterable[str]) -> None:
    """Raises: Refused: a breach would join after the first warning, which cannot have named it."""
    late = sorted(BREACHES & set(violations) - set(case.violations))
    if late and position(session, case).last_done(Action.WARN_1) is not None:
        raise Refused(
            "Surat teguran tertulis kasus {number} tidak menyebut {violations}; pelanggaran itu "
            "memerlukan tegurannya sendiri dalam kasus berikutnya.",
            number=case.number,
            violations=", ".join(late),
        )


def append(
    session: Session,
    case: CaseRecord,
    entry: Entry,
    *,
    principal: Principal,
    now: datetime,
    hand: Hand | None = None,
) -> CaseEvent:
    """Write `entry` on the timeline and the audit log, and raise the version of the locked case.

    Raises:
        Conflict: the letter number is already taken by another letter of this office and year.
    """
    case_id = key_of(case)
    last = session.exec(select(func.max(CaseEvent.seq)).where(CaseEvent.case_id == case_id)).one()
    behind = hand or Hand(principal.actor, principal.user_id, principal.name, principal.title)
    event = CaseEvent(
        case_id=case_id,
        seq=(last or 0) + 1,
        office_code=case.office_code,
        took_place_on=entry.on,
        recorded_at=now,
        verb=entry.verb,
        step=entry.step,
        stage_after=case.stage,
        actor=behind.actor,
        actor_id=behind.user_id,
        actor_name=behind.name,
        actor_title=behind.title,
        approval_id=entry.approval_id,
        letter_number=entry.letter_number.strip(),
        letter_key="".join(entry.letter_number.upper().split()),
        letter_year=entry.on.year,
        note=entry.note.strip(),
        evidence_ids=list(entry.evidence_ids),
        detail=dict(entry.detail or {}),
    )
    _require_free_letter(session, event)
    try:
        with session.begin_nested():
            session.add(event)
    except IntegrityError as error:
        raise _letter_taken(event.letter_number) from error
    case.version += 1
    refresh(session, case, on=today_of(principal, now))
    audit.record(
        session,
        actor=principal.actor,
        action=f"cases.{entry.step or entry.verb}",
        subject=f"case:{case_id}",
        office=case.office_code,
        now=now,
        detail={
            "number": case.number,
            "seq": event.seq,
            "version": case.version,
            "on": entry.on.isoformat(),
            "stage": case.stage,
        },
    )
    return event


def refresh(session: Session, case: CaseRecord, *, on: date) -> None:
    """Work out anew what comes next and by when, from the facts and the calendar in force."""
    calendar = workdays.calendar(session)
    stands = position(session, case)
    try:
        following = lifecycle.next_step(stands, on=on, calendar=calendar)
        running = [
            deadline
            for deadline in lifecycle.deadlines(stands, on=on, calendar=calendar)
            if deadline.due_on is not None
        ]
    except CalendarTooShort as error:
        problem = FieldProblem("calendar", error.template, error.values)
        following, running = NextStep(NextState.STUCK, None, on, problem), []
    newest = running[-1] if running and case.stage != Stage.CLOSED else None
    case.next_state = following.state
    case.next_action = following.action
    case.act_on = following.act_on
    case.next_due_on = newest.due_on if newest is not None else None
    case.next_due_basis = (
        {
            "clock": newest.clock,
            "event_seq": newest.seq,
            "starts_on": newest.starts_on.isoformat() if newest.starts_on else "",
            "calendar_version": newest.certificate.calendar_version or "",
            "rule": newest.certificate.rule,
        }
        if newest is not None and newest.certificate is not None
        else {}
    )
    session.add(case)
    session.flush()


def lock_key(session: Session, key: str) -> None:
    """Let those who work on the same key take turns until their transactions end."""
    session.connection().execute(
        sa.text("SELECT pg_advisory_xact_lock(7204, hashtext(:key))"), {"key": key}
    )


def _require_free_letter(session: Session, event: CaseEvent) -> None:
    if not event.letter_key or event.step not in SINGLE_LETTERS:
        return
    taken = session.exec(
        select(CaseEvent.id).where(
            CaseEvent.office_code == event.office_code,
            CaseEvent.letter_year == event.letter_year,
            CaseEvent.letter_key == event.letter_key,
            col(CaseEvent.step).in_(SINGLE_LETTERS),
        )
    ).first()
    if taken is not None:
        raise _letter_taken(event.letter_number)


def _letter_taken(number: str) -> Conflict:
    return Conflict(
        "Nomor surat {number} sudah dipakai untuk surat lain di kantor ini pada tahun yang sama.",
        number=number,
    )
