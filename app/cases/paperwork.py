"""Registers papers that stand until a day, and says when one was withdrawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, select

from app.accounts import queries as accounts
from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.audit import service as audit
from app.cases.papers import MANDATES, OFFICE_PAPERS, PAPER_LABELS, STAMPED, Paper, PaperKind
from app.cases.reading import paper_view
from app.cases.recording import (
    Entry,
    append,
    locked_case,
    require_not_future,
    require_open,
    today_of,
)
from app.cases.tables import CasePaper
from app.errors import Conflict, FieldProblem, Invalid, NotFound

RECORD: Final = "cases.record"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperGiven:
    """What is on the paper. `substitution` only of a mandate, `stamped` only where duty is due."""

    kind: PaperKind
    number: str
    signed_on: date
    valid_until: date | None = None
    substitution: bool | None = None
    stamped: bool | None = None
    note: str = ""


def record_paper(
    session: Session, *, principal: Principal, case_id: int, given: PaperGiven, now: datetime
) -> Paper:
    """Register a paper of one case. The same paper twice is kept once.

    Raises:
        Forbidden: the role may not.
        NotFound: the case is not there, or not in this principal's offices.
        Conflict: the case is closed.
        Invalid: names each field that is wrong.
    """
    case = locked_case(session, principal=principal, action=RECORD, case_id=case_id)
    require_open(case)
    _check(given, today=today_of(principal, now))
    if given.kind in OFFICE_PAPERS:
        raise _fault("kind", "{paper} dicatat pada kantor, bukan pada kasus.",
                     paper=PAPER_LABELS[given.kind])  # fmt: skip
    row, fresh = _kept(
        session, given, office_code=case.office_code, case_id=case_id, principal=principal, now=now
    )
    if fresh:
        append(
            session,
            case,
            Entry(
                verb="paper_recorded",
                on=given.signed_on,
                note=given.note,
                detail={"kind": given.kind, "number": given.number.strip()},
            ),
            principal=principal,
            now=now,
        )
    return paper_view(row)


def record_office_paper(
    session: Session, *, principal: Principal, office_code: str, given: PaperGiven, now: datetime
) -> Paper:
    """Register a paper of an office and all its cases, such as its agreement.

    Raises:
        Forbidden: the role may not.
        NotFound: the office is not there, or not in this principal's reach.
        Invalid: names each field that is wrong.
    """
    principal.require(RECORD)
    if not principal.reaches(office_code):
        raise NotFound("Kantor {code} tidak ada atau di luar jangkauan Anda.", code=office_code)
    accounts.office(session, code=office_code)
    _check(given, today=today_of(principal, now))
    if given.kind not in OFFICE_PAPERS:
        raise _fault("kind", "{paper} dicatat pada kasusnya.", paper=PAPER_LABELS[given.kind])
    row, fresh = _kept(
        session, given, office_code=office_code, case_id=None, principal=principal, now=now
    )
    if fresh:
        _audit(session, row, "cases.paper_recorded", principal=principal, now=now)
    return paper_view(row)


def end_paper(
    session: Session,
    *,
    principal: Principal,
    paper_id: int,
    ended_on: date,
    reason: str,
    now: datetime,
) -> Paper:
    """Record that a paper was withdrawn or replaced; `ended_on` is its last day.

    Raises:
        Forbidden: the role may not.
        NotFound: it is not there, or not in this principal's offices.
        Conflict: it has ended, or its case is closed.
        Invalid: no reason, or a day before it was signed or still to come.
    """
    row = session.exec(
        select(CasePaper)
        .where(CasePaper.id == paper_id, within(principal, RECORD, CasePaper.office_code))
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound("Dokumen {paper} tidak ada.", paper=paper_id)
    if row.ended_on is not None:
        raise Conflict("Dokumen {number} sudah dicatat berakhir.", number=row.number)
    require_not_future(ended_on, today=today_of(principal, now), field="ended_on")
    if ended_on < row.signed_on:
        raise _fault(
            "ended_on",
            "Tanggal berakhir {ended_on} mendahului tanggal dokumen {signed_on}.",
            ended_on=ended_on,
            signed_on=row.signed_on,
        )
    if not reason.strip():
        raise _fault("reason", "Tulis mengapa dokumen ini berakhir.")
    row.ended_on, row.ended_reason = ended_on, reason.strip()
    session.add(row)
    session.flush()
    if row.case_id is None:
        _audit(session, row, "cases.paper_ended", principal=principal, now=now)
        return paper_view(row)
    case = locked_case(session, principal=principal, action=RECORD, case_id=row.case_id)
    require_open(case)
    append(
        session,
        case,
        Entry(
            verb="paper_ended",
            on=ended_on,
            note=reason,
            detail={"kind": row.kind, "number": row.number},
        ),
        principal=principal,
        now=now,
    )
    return paper_view(row)


def _check(given: PaperGiven, *, today: date) -> None:
    problems = tuple(_problems(given, today=today))
    if problems:
        raise Invalid("Data dokumen belum lengkap.", fields=problems)


def _problems(given: PaperGiven, *, today: date) -> Iterator[FieldProblem]:
    if not given.number.strip():
        yield FieldProblem("number", "Isi nomor dokumen.")
    if given.signed_on > today:
        yield FieldProblem(
            "signed_on",
            "Tanggal {on} belum tiba; hari ini {today}.",
            {"on": given.signed_on, "today": today},
        )
    if given.valid_until is not None and given.valid_until < given.signed_on:
        yield FieldProblem(
            "valid_until",
            "Berlaku sampai {until} mendahului tanggal dokumen {signed_on}.",
            {"until": given.valid_until, "signed_on": given.signed_on},
        )
    if given.substitution is not None and given.kind not in MANDATES:
        yield FieldProblem("substitution", "Hak substitusi hanya dicatat pada surat kuasa.")
    if given.stamped is not None and given.kind not in STAMPED:
        yield FieldProblem("stamped", "Meterai hanya dicatat pada surat kuasa dan bukti.")


def _kept(
    session: Session,
    given: PaperGiven,
    *,
    office_code: str,
    case_id: int | None,
    principal: Principal,
    now: datetime,
) -> tuple[CasePaper, bool]:
    """Return the row and whether it is new."""
    row = CasePaper(
        office_code=office_code,
        case_id=case_id,
        kind=given.kind,
        number=given.number.strip(),
        signed_on=given.signed_on,
        valid_until=given.valid_until,
        substitution=given.substitution,
        stamped=given.stamped,
        note=given.note.strip(),
        recorded_at=now,
        recorded_by_id=principal.user_id,
        recorded_by_name=principal.name,
    )
    told = {"id", "recorded_at", "recorded_by_id", "recorded_by_name"}
    same = session.exec(
        select(CasePaper).where(
            CasePaper.office_code == office_code,
            CasePaper.case_id == case_id,
            CasePaper.kind == row.kind,
            CasePaper.number == row.number,
        )
    ).all()
    content = row.model_dump(exclude=told)
    known = next((one for one in same if one.model_dump(exclude=told) == content), None)
    if known is not None:
        return known, False
    session.add(row)
    session.flush()
    return row, True


def _audit(
    session: Session, row: CasePaper, action: str, *, principal: Principal, now: datetime
) -> None:
    audit.record(
        session,
        actor=principal.actor,
        action=action,
        subject=f"office:{row.office_code}",
        office=row.office_code,
        now=now,
        detail={"paper": row.id, "kind": row.kind, "number": row.number},
    )


def _fault(field: str, template: str, /, **values: object) -> Invalid:
    return Invalid(template, fields=(FieldProblem(field, template, values),), **values)
