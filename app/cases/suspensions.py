"""Keeps the ledger of suspensions: one person proposes a line, another decides it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.cases import workdays
from app.cases.edges import APPROVE, STEP
from app.cases.ledger import APPROVED, ENDS, REVERSES, STARTS, in_force, standing, still_open
from app.cases.positions import Position, deadlines, fine_window
from app.cases.reading import (
    kept_problem,
    key_of,
    position,
    suspension_view,
    suspensions_of,
)
from app.cases.recording import (
    Entry,
    append,
    locked_case,
    require_named,
    require_open,
    require_version,
    today_of,
)
from app.cases.schemas import Person, SuspensionEntry, SuspensionLine
from app.cases.stages import Action
from app.cases.tables import CaseRecord, EvidenceRow, SuspensionRow
from app.cases.undermined import Undermined, undermined
from app.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, Refused
from app.law.calendar import CalendarTooShort, WorkingCalendar

WAITING: Final = "menunggu"
REJECTED: Final = "ditolak"
LONGEST_TEXT: Final = 400
VERBS: Final = {
    STARTS: "suspension_recorded",
    ENDS: "suspension_ended",
    REVERSES: "suspension_reversed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionRequest:
    """A line to be written. `of_id` names the suspension that it ends or reverses.

    `first_on` for a start; `last_on` for an end, and for a start whose end is known. With
    `accepts_defects` the proposer has read which steps already taken become too early or too
    late, and wants the line none the less.
    """

    entry: SuspensionEntry
    of_id: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    reason: str
    authority: str
    evidence_id: int | None = None
    accepts_defects: bool = False


class StepsUndermined(Refused):
    """The line would make steps too early or too late; `missing` says each in one sentence."""

    code = "steps-undermined"


def propose_suspension(
    session: Session,
    *,
    principal: Principal,
    case_id: int,
    request: SuspensionRequest,
    expected_version: int,
    now: datetime,
) -> SuspensionLine:
    """Write a line that counts once a second person has approved it.

    Raises:
        Forbidden: no named person, or the role may not.
        NotFound: the case is not there, or not in this principal's offices.
        Conflict: the case is closed or has changed, or another line waits for its decision.
        Invalid: days, grounds or the suspension named do not fit.
        Refused: every clock of the case had lapsed before it began.
        StepsUndermined: steps already taken become too early or too late.
    """
    proposer = require_named(principal)
    case = locked_case(session, principal=principal, action=STEP, case_id=case_id)
    require_version(case, expected_version)
    require_open(case)
    lines = suspensions_of(session, case_id)
    if any(line.status == WAITING for line in lines):
        raise Conflict("Sudah ada usulan penangguhan yang menunggu keputusan pada kasus ini.")
    _check_request(request, lines)
    _require_exhibit(session, case_id=case_id, evidence_id=request.evidence_id)
    would_be = _would_be(request, lines, principal=principal, now=now)
    steps = _consequences(session, case, would_be, lines, on=today_of(principal, now))
    if steps and not request.accepts_defects:
        raise StepsUndermined(
            "Penangguhan ini membuat {count} langkah yang sudah diambil tidak lagi tepat waktu; "
            "nyatakan bahwa Anda mengetahuinya bila tetap hendak mengusulkannya.",
            missing=tuple(one.problem for one in steps),
            count=len(steps),
        )
    row = SuspensionRow(
        case_id=case_id,
        entry=would_be.entry,
        of_id=would_be.of_id,
        first_on=would_be.first_on,
        last_on=would_be.last_on,
        reason=would_be.reason,
        authority=would_be.authority,
        evidence_id=would_be.evidence_id,
        undermines={"steps": [kept_problem(one.problem) for one in steps]},
        status=WAITING,
        proposed_by_id=proposer,
        proposed_by_name=principal.name,
        proposed_by_title=principal.title,
        proposed_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, case, row, verb="suspension_proposed", principal=principal, now=now)
    return suspension_view(row)


def approve_suspension(
    session: Session, *, principal: Principal, suspension_id: int, note: str, now: datetime
) -> SuspensionLine:
    """Let a proposed line count from now on.

    Raises:
        Forbidden: no named person, the role may not, or it is the proposer.
        NotFound: not there, or not in this principal's offices.
        Conflict: already decided, or the case is closed.
        Refused: every clock of the case had lapsed before it began.
        StepsUndermined: since the proposal another step has come to rest on what it moves.
    """
    row, case = _waiting(session, principal=principal, suspension_id=suspension_id)
    lines = suspensions_of(session, row.case_id)
    approved = replace(suspension_view(row), status=APPROVED)
    others = tuple(line for line in lines if line.id != approved.id)
    steps = _consequences(session, case, approved, others, on=today_of(principal, now))
    told = row.undermines.get("steps", [])
    unsaid = [one.problem for one in steps if kept_problem(one.problem) not in told]
    if unsaid:
        raise StepsUndermined(
            "Sejak usulan ini dibuat, {count} langkah lagi menjadi tidak tepat waktu karenanya; "
            "tolak, lalu minta usulan baru.",
            missing=tuple(unsaid),
            count=len(unsaid),
        )
    _decide(row, principal=principal, status=APPROVED, note=note, now=now)
    session.add(row)
    session.flush()
    _note(session, case, row, verb=VERBS[row.entry], principal=principal, now=now)
    return suspension_view(row)


def reject_suspension(
    session: Session, *, principal: Principal, suspension_id: int, note: str, now: datetime
) -> SuspensionLine:
    """Turn a proposed line down, with the reason; it stays in the ledger and counts for nothing.

    Raises:
        Forbidden: no named person, the role may not, or it is the proposer.
        NotFound: not there, or not in this principal's offices.
        Conflict: already decided, or the case is closed.
        Invalid: no reason.
    """
    if not note.strip():
        raise _fault("note", "Tulis alasan penolakan.")
    row, case = _waiting(session, principal=principal, suspension_id=suspension_id)
    _decide(row, principal=principal, status=REJECTED, note=note, now=now)
    session.add(row)
    session.flush()
    _note(session, case, row, verb="suspension_rejected", principal=principal, now=now)
    return suspension_view(row)


def _check_request(request: SuspensionRequest, lines: tuple[SuspensionLine, ...]) -> None:
    for name, text in (("reason", request.reason), ("authority", request.authority)):
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise _fault(
                name,
                "Isi alasan dan dasar wewenang penangguhan, masing-masing paling banyak {longest} "
                "huruf.",
                longest=LONGEST_TEXT,
            )
    if request.entry == STARTS:
        _check_start(request)
    elif request.entry == ENDS:
        _check_end(request, still_open(lines))
    elif request.entry == REVERSES:
        _check_reversal(request, standing(lines))
    else:
        raise _fault("entry", "Pilih mulai, akhir, atau batal.")


def _check_start(request: SuspensionRequest) -> None:
    if request.of_id is not None:
        raise _fault("of_id", "Penangguhan yang dimulai tidak menunjuk penangguhan lain.")
    if request.first_on is None:
        raise _fault("first_on", "Isi hari pertama penangguhan.")
    _check_order(request.first_on, request.last_on)


def _check_end(request: SuspensionRequest, lines: tuple[SuspensionLine, ...]) -> None:
    line = next((one for one in lines if one.id == request.of_id), None)
    if line is None or line.first_on is None or request.first_on is not None:
        raise _fault("of_id", "Pilih penangguhan yang masih berjalan untuk diakhiri.")
    if request.last_on is None:
        raise _fault("last_on", "Isi hari terakhir penangguhan.")
    _check_order(line.first_on, request.last_on)


def _check_reversal(request: SuspensionRequest, lines: tuple[SuspensionLine, ...]) -> None:
    if all(one.id != request.of_id for one in lines):
        raise _fault("of_id", "Pilih penangguhan yang berlaku untuk dibatalkan.")
    if request.first_on is not None or request.last_on is not None:
        raise _fault("last_on", "Pembatalan berlaku untuk seluruh penangguhan, tanpa tanggal.")


def _check_order(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise _fault(
            "last_on",
            "Hari terakhir penangguhan {last_on} mendahului hari pertamanya {first_on}.",
            first_on=first,
            last_on=last,
        )


def _would_be(
    request: SuspensionRequest,
    lines: tuple[SuspensionLine, ...],
    *,
    principal: Principal,
    now: datetime,
) -> SuspensionLine:
    """Return the line as it will stand, after all others, once it is approved."""
    return SuspensionLine(
        id=max((line.id for line in lines), default=0) + 1,
        entry=request.entry,
        of_id=request.of_id,
        first_on=request.first_on,
        last_on=request.last_on,
        reason=request.reason.strip(),
        authority=request.authority.strip(),
        evidence_id=request.evidence_id,
        undermines=(),
        status=APPROVED,
        proposed_by=Person(principal.user_id, principal.name, principal.title),
        proposed_at=now,
        decided_by=None,
        decided_at=None,
        decision_note="",
    )


def _consequences(
    session: Session,
    case: CaseRecord,
    line: SuspensionLine,
    others: tuple[SuspensionLine, ...],
    *,
    on: date,
) -> tuple[Undermined, ...]:
    """Return the steps that `line` makes too early or too late, and were not so before.

    Raises:
        Refused: every clock of the case had lapsed before a suspension that it starts began.
    """
    calendar = workdays.calendar(session)
    stands = position(session, case)
    if line.first_on is not None:
        _require_running(stands, line.first_on, on=on, calendar=calendar)
    then = replace(stands, suspensions=in_force((*others, line)))
    before = {one.step.seq for one in undermined(stands, on=on, calendar=calendar)}
    return tuple(
        one for one in undermined(then, on=on, calendar=calendar) if one.step.seq not in before
    )


def _require_running(stands: Position, first: date, *, on: date, calendar: WorkingCalendar) -> None:
    try:
        clocks = list(deadlines(stands, on=on, calendar=calendar))
        warning_2 = stands.last_done(Action.WARN_2)
        if warning_2 is not None and stands.last_done(Action.IMPOSE_FINE) is None:
            clocks.append(fine_window(stands, warning_2, on=on, calendar=calendar))
    except CalendarTooShort:
        return
    last_days = [clock.due_on for clock in clocks]
    known = [day for day in last_days if day is not None]
    if not known or len(known) < len(last_days) or max(known) >= first:
        return
    raise _refused(
        "Semua tenggat kasus ini sudah lewat sebelum {first_on}, yang terakhir pada {due_on}; "
        "tenggat yang sudah lewat tidak dapat ditangguhkan.",
        first_on=first,
        due_on=max(known),
    )


def _waiting(
    session: Session, *, principal: Principal, suspension_id: int
) -> tuple[SuspensionRow, CaseRecord]:
    decider = require_named(principal)
    principal.require(APPROVE)
    case_id = session.exec(
        select(SuspensionRow.case_id).where(SuspensionRow.id == suspension_id)
    ).first()
    if case_id is None:
        raise NotFound("Usulan penangguhan {suspension} tidak ada.", suspension=suspension_id)
    case = locked_case(session, principal=principal, action=APPROVE, case_id=case_id)
    require_open(case)
    row = session.exec(
        select(SuspensionRow)
        .where(col(SuspensionRow.id) == suspension_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if row.status != WAITING:
        raise Conflict("Usulan penangguhan ini sudah diputus.")
    if row.proposed_by_id == decider:
        raise Forbidden("Pengusul tidak boleh memutus usulannya sendiri; minta orang kedua.")
    return row, case


def _decide(
    row: SuspensionRow, *, principal: Principal, status: str, note: str, now: datetime
) -> None:
    row.status = status
    row.decided_by_id = principal.user_id
    row.decided_by_name = principal.name
    row.decided_by_title = principal.title
    row.decided_at = now
    row.decision_note = note.strip()


def _note(
    session: Session,
    case: CaseRecord,
    row: SuspensionRow,
    *,
    verb: str,
    principal: Principal,
    now: datetime,
) -> None:
    detail = {
        "suspension_id": key_of(row),
        "entry": row.entry,
        "of_id": row.of_id,
        "first_on": _iso(row.first_on),
        "last_on": _iso(row.last_on),
        "authority": row.authority,
        "proposed_by": row.proposed_by_name,
        "undermines": [one["values"]["document"] for one in row.undermines.get("steps", ())],
    }
    append(
        session,
        case,
        Entry(
            verb=verb,
            on=today_of(principal, now),
            note=row.decision_note if verb == "suspension_rejected" else row.reason,
            evidence_ids=(row.evidence_id,) if row.evidence_id is not None else (),
            detail=detail,
        ),
        principal=principal,
        now=now,
    )


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _require_exhibit(session: Session, *, case_id: int, evidence_id: int | None) -> None:
    if evidence_id is None:
        return
    row = session.get(EvidenceRow, evidence_id)
    if row is None or row.case_id != case_id:
        raise _fault("evidence_id", "Bukti yang dipilih bukan milik kasus ini.")


def _fault(field: str, template: str, /, **values: object) -> Invalid:
    return Invalid(template, fields=(FieldProblem(field, template, values),), **values)


def _refused(template: str, /, **values: object) -> Refused:
    problem = FieldProblem("first_on", template, values)
    return Refused(template, missing=(problem,), **values)
