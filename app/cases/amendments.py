"""Changes a case beside its steps: officer, violations, collective leave, notes, payments."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, select

from app.accounts import queries as accounts
from app.accounts.schemas import Principal, UserView
from app.cases import workdays
from app.cases.reading import payment_view, position
from app.cases.recording import (
    Entry,
    append,
    locked_case,
    require_named,
    require_not_future,
    require_open,
    require_version,
    require_warnable,
    today_of,
)
from app.cases.schemas import Payment
from app.cases.stages import DOCUMENT_LABELS, Violation
from app.cases.tables import CasePayment, EvidenceRow
from app.cases.undermined import undermined
from app.errors import FieldProblem, Invalid, NotFound, Refused
from app.law.calendar import CollectiveLeave
from app.law.parameters.programmes import PROGRAMMES

ASSIGN: Final = "cases.assign"
RECORD: Final = "cases.record"
STEP: Final = "cases.step"


def assign(
    session: Session,
    *,
    principal: Principal,
    case_id: int,
    officer_id: int,
    expected_version: int,
    note: str,
    now: datetime,
) -> int:
    """Make somebody the officer of the case and return its new version. `note`: the hand-over.

    Raises:
        Forbidden: no named person, or the role may not.
        NotFound: the case is not there, or nobody who may handle it has this id.
        Conflict: the case is closed or has changed.
    """
    require_named(principal)
    case = locked_case(session, principal=principal, action=ASSIGN, case_id=case_id)
    require_version(case, expected_version)
    require_open(case)
    officer = _officer(session, principal=principal, officer_id=officer_id)
    case.officer_id = officer.id
    append(
        session,
        case,
        Entry(
            verb="assigned",
            on=today_of(principal, now),
            note=note,
            detail={"officer_id": officer.id, "officer": officer.name},
        ),
        principal=principal,
        now=now,
    )
    return case.version


def amend_violations(
    session: Session,
    *,
    principal: Principal,
    case_id: int,
    violations: frozenset[Violation],
    reason: str,
    expected_version: int,
    now: datetime,
) -> int:
    """Say what the case is about after inspection; return its new version.

    Raises:
        Forbidden: no named person, or the role may not.
        NotFound: the case is not there, or not in this principal's offices.
        Conflict: the case is closed or has changed.
        Invalid: no violation, or no reason.
        Refused: the first written warning went out without one of them.
    """
    require_named(principal)
    case = locked_case(session, principal=principal, action=STEP, case_id=case_id)
    require_version(case, expected_version)
    require_open(case)
    if not violations:
        raise _fault("violations", "Pilih paling sedikit satu jenis pelanggaran.")
    if not reason.strip():
        raise _fault("reason", "Tulis alasan perubahan jenis pelanggaran.")
    require_warnable(session, case, violations)
    before, case.violations = list(case.violations), sorted(violations)
    append(
        session,
        case,
        Entry(
            verb="violations_amended",
            on=today_of(principal, now),
            note=reason,
            detail={"before": before, "after": case.violations},
        ),
        principal=principal,
        now=now,
    )
    return case.version


def treat_collective_leave(
    session: Session,
    *,
    principal: Principal,
    case_id: int,
    leave: CollectiveLeave,
    reason: str,
    expected_version: int,
    now: datetime,
) -> int:
    """Decide for this case whether collective leave is a working day; return its new version.

    Raises:
        Forbidden: no named person, or the role may not.
        NotFound: the case is not there, or not in this principal's offices.
        Conflict: the case is closed or has changed.
        Invalid: no reason.
        Refused: a step already taken would have come before its clock had lapsed.
    """
    require_named(principal)
    case = locked_case(session, principal=principal, action="cases.approve", case_id=case_id)
    require_version(case, expected_version)
    require_open(case)
    if not reason.strip():
        raise _fault("reason", "Tulis alasan perlakuan cuti bersama ini.")
    today = today_of(principal, now)
    changed = replace(position(session, case), collective_leave=leave)
    steps = undermined(changed, on=today, calendar=workdays.calendar(session))
    early = next((one.step for one in steps if one.early), None)
    if early is not None:
        raise Refused(
            "Dengan perlakuan ini {document} tanggal {on} menjadi terlalu dini; tenggat yang sudah "
            "menjadi dasar langkah tidak dapat diperpanjang kemudian.",
            document=DOCUMENT_LABELS[early.action],
            on=early.on,
        )
    case.collective_leave_counts = leave is CollectiveLeave.WORKING_DAY
    append(
        session,
        case,
        Entry(
            verb="leave_amended",
            on=today,
            note=reason,
            detail={"collective_leave": leave.value},
        ),
        principal=principal,
        now=now,
    )
    return case.version


def add_note(
    session: Session, *, principal: Principal, case_id: int, text: str, on: date, now: datetime
) -> int:
    """Put a note on the timeline, dated `on`; return the case's new version.

    Raises:
        NotFound: the case is not there, or not in this principal's offices.
        Conflict: the case is closed.
        Invalid: no text, or a day to come.
    """
    case = locked_case(session, principal=principal, action=RECORD, case_id=case_id)
    require_open(case)
    require_not_future(on, today=today_of(principal, now), field="on")
    if not text.strip():
        raise _fault("text", "Tulis isi catatan.")
    append(session, case, Entry(verb="noted", on=on, note=text), principal=principal, now=now)
    return case.version


def record_payment(
    session: Session,
    *,
    principal: Principal,
    case_id: int,
    paid_on: date,
    month: int,
    programme: str,
    amount: int,
    payment_code: str,
    evidence_id: int | None,
    now: datetime,
) -> Payment:
    """Keep a payment as somebody reported it; `month` is year * 12 + month - 1, `amount` rupiah.

    It moves no figure: the next snapshot confirms or contradicts it. The same report twice is
    kept once.

    Raises:
        NotFound: the case is not there, or not in this principal's offices.
        Conflict: the case is closed.
        Invalid: an amount that is none, an unknown programme, or a day to come.
    """
    case = locked_case(session, principal=principal, action=RECORD, case_id=case_id)
    require_open(case)
    require_not_future(paid_on, today=today_of(principal, now), field="paid_on")
    if amount <= 0:
        raise _fault("amount", "Jumlah pembayaran harus lebih besar daripada nol.")
    if programme not in PROGRAMMES:
        raise _fault("programme", "Pilih program: {known}.", known=", ".join(PROGRAMMES))
    known = session.exec(
        select(CasePayment).where(
            CasePayment.case_id == case_id,
            CasePayment.paid_on == paid_on,
            CasePayment.month == month,
            CasePayment.programme == programme,
            CasePayment.payment_code == payment_code.strip(),
            CasePayment.amount == amount,
        )
    ).first()
    if known is not None:
        return payment_view(known)
    _require_evidence(session, case_id=case_id, evidence_id=evidence_id)
    row = CasePayment(
        case_id=case_id,
        paid_on=paid_on,
        month=month,
        programme=programme,
        amount=amount,
        payment_code=payment_code.strip(),
        evidence_id=evidence_id,
        reported_at=now,
        reported_by_id=principal.user_id,
        reported_by_name=principal.name,
        reported_by_title=principal.title,
    )
    session.add(row)
    session.flush()
    append(
        session,
        case,
        Entry(
            verb="payment_recorded",
            on=paid_on,
            evidence_ids=(evidence_id,) if evidence_id is not None else (),
            detail={"month": month, "programme": programme, "amount": amount},
        ),
        principal=principal,
        now=now,
    )
    return payment_view(row)


def _officer(session: Session, *, principal: Principal, officer_id: int) -> UserView:
    for person in accounts.colleagues(session, principal=principal):
        if person.id == officer_id:
            return person
    raise NotFound("Petugas itu tidak ada, tidak aktif, atau di luar kantor Anda.")


def _require_evidence(session: Session, *, case_id: int, evidence_id: int | None) -> None:
    if evidence_id is None:
        return
    row = session.get(EvidenceRow, evidence_id)
    if row is None or row.case_id != case_id:
        raise _fault("evidence_id", "Bukti yang dipilih bukan milik kasus ini.")


def _fault(field: str, template: str, /, **values: object) -> Invalid:
    return Invalid(template, fields=(FieldProblem(field, template, values),), **values)
