"""Asks about cases: one whole case, lists, tasks, counts. Writes nothing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from sqlmodel import Session, col, func, select

from app.accounts import queries as accounts
from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.cases import lifecycle, lists, workdays
from app.cases.clocks import Deadline
from app.cases.defects import CourtFacts, defects
from app.cases.lifecycle import Action, Position, Stage
from app.cases.lists import cases, cases_known_on, tasks
from app.cases.reading import (
    approval_view,
    attempts_of,
    delivery_view,
    employer,
    event_view,
    events_of,
    evidence_of,
    evidence_view,
    flag_view,
    key_of,
    papers_of,
    payment_view,
    position_from,
    suspensions_of,
    violations_at,
)
from app.cases.schemas import (
    Approval,
    CaseCounts,
    CaseFile,
    Delivery,
    Event,
    Evidence,
    FlagCase,
    NextState,
    NextStep,
    Person,
)
from app.cases.stages import CLOSING_REASONS, STAGE_LABELS, Violation
from app.cases.tables import (
    CaseApproval,
    CaseEvent,
    CaseFlagRow,
    CasePayment,
    CaseRecord,
    EvidenceRow,
)
from app.cases.undermined import undermined
from app.cases.workdays import calendar, calendar_days
from app.errors import FieldProblem, NotFound
from app.law.calendar import CalendarTooShort, WorkingCalendar
from app.lawbook.queries import law_in_force

__all__ = [
    "calendar",
    "calendar_days",
    "case_counts",
    "case_file",
    "cases",
    "cases_known_on",
    "cases_of_flag",
    "evidence",
    "packets_on_record",
    "packets_withdrawn",
    "tasks",
]

READ: Final = "cases.read"


def case_file(session: Session, *, principal: Principal, case: int | str, on: date) -> CaseFile:
    """Return everything about one case, by id or number, with its clocks as of `on`.

    Raises:
        Forbidden: the principal may not read cases.
        NotFound: it is not there, or not in this principal's offices.
    """
    row = _row(session, principal=principal, case=case)
    case_id = key_of(row)
    events, attempts = events_of(session, case_id), attempts_of(session, case_id)
    ledger = suspensions_of(session, case_id)
    office, law = accounts.office(session, code=row.office_code), law_in_force(session)
    stands = position_from(
        row, events, attempts, ledger, papers_of(session, row), law=law, zone=office.zone
    )
    days = workdays.calendar(session)
    court = CourtFacts(position=stands, on=on, calendar=days)
    exhibits = {key_of(item): evidence_view(item) for item in evidence_of(session, case_id)}
    seqs = {key_of(event): event.seq for event in events}
    deliveries = tuple(
        delivery_view(item, event_seq=seqs[item.event_id], zone=office.zone, law=law)
        for item in attempts
    )
    approvals = _approvals(session, case_id, version=row.version)
    clocks, following = _clocks(stands, on=on, days=days)
    return CaseFile(
        id=case_id,
        number=row.number,
        office_code=row.office_code,
        office_name=office.name,
        stage=Stage(row.stage),
        stage_label=STAGE_LABELS[Stage(row.stage)],
        version=row.version,
        as_of=on,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        closed_reason=row.closed_reason,
        closed_reason_label=_reason_label(row),
        employer=employer(row.employer),
        violations=tuple(Violation(code) for code in row.violations),
        officer=_officer(session, row.officer_id),
        snapshot_id=row.snapshot_id,
        flags=tuple(
            flag_view(item)
            for item in session.exec(
                select(CaseFlagRow)
                .where(CaseFlagRow.case_id == case_id)
                .order_by(col(CaseFlagRow.flag_id))
            )
        ),
        events=_events(events, exhibits, deliveries, approvals),
        evidence=tuple(exhibits.values()),
        deliveries=deliveries,
        deadlines=clocks,
        approvals=approvals,
        payments=tuple(
            payment_view(item)
            for item in session.exec(
                select(CasePayment)
                .where(CasePayment.case_id == case_id)
                .order_by(col(CasePayment.paid_on), col(CasePayment.id))
            )
        ),
        options=lifecycle.options(stands, on=on, permissions=principal.actions, calendar=days),
        next=following,
        next_due_on=row.next_due_on,
        collective_leave_counts=row.collective_leave_counts,
        suspensions=ledger,
        undermined=undermined(stands, on=on, calendar=days),
        court=court,
        defects=defects(court) if row.stage != Stage.CLOSED else (),
        zone=office.zone,
    )


def evidence(session: Session, *, principal: Principal, evidence_id: int) -> Evidence:
    """Return one exhibit; its bytes are in the blob store under `sha256`.

    Raises:
        Forbidden: the principal may not read cases.
        NotFound: it is not there, or its case is not in this principal's offices.
    """
    row = session.exec(
        select(EvidenceRow)
        .join(CaseRecord, col(CaseRecord.id) == col(EvidenceRow.case_id))
        .where(EvidenceRow.id == evidence_id, within(principal, READ, CaseRecord.office_code))
    ).first()
    if row is None:
        raise NotFound("Bukti {evidence} tidak ada.", evidence=evidence_id)
    return evidence_view(row)


def cases_of_flag(session: Session, *, principal: Principal, flag_id: int) -> tuple[FlagCase, ...]:
    """Return the cases of this principal's offices that took the flag, the newest first.

    Raises:
        Forbidden: the principal may not read cases.
    """
    rows = session.exec(
        select(CaseRecord)
        .join(CaseFlagRow, col(CaseFlagRow.case_id) == col(CaseRecord.id))
        .where(CaseFlagRow.flag_id == flag_id, within(principal, READ, CaseRecord.office_code))
        .order_by(col(CaseRecord.id).desc())
    )
    return tuple(
        FlagCase(
            number=row.number,
            stage_label=STAGE_LABELS[Stage(row.stage)],
            opened_on=row.opened_on,
            closed_on=row.closed_on,
            closed_reason_label=_reason_label(row),
        )
        for row in rows
    )


def packets_on_record(session: Session, *, case_ids: Collection[int]) -> frozenset[str]:
    """Return the numbers of the packets whose sealing is a step of one of these cases."""
    rows = session.exec(
        select(CaseEvent.detail).where(
            col(CaseEvent.case_id).in_(case_ids), CaseEvent.step == Action.SEAL_PACKET
        )
    )
    return frozenset(str(detail["packet"]) for detail in rows)


def packets_withdrawn(session: Session, *, case_ids: Collection[int]) -> frozenset[str]:
    """Return the numbers of those packets whose referral was withdrawn after their sealing."""
    rows = session.exec(
        select(CaseEvent.case_id, CaseEvent.step, CaseEvent.detail)
        .where(
            col(CaseEvent.case_id).in_(case_ids),
            col(CaseEvent.step).in_([Action.SEAL_PACKET, Action.WITHDRAW_REFERRAL]),
        )
        .order_by(col(CaseEvent.case_id), col(CaseEvent.seq))
    )
    sealed: dict[int, list[str]] = {}
    withdrawn: list[str] = []
    for case_id, step, detail in rows:
        if step == Action.SEAL_PACKET:
            sealed.setdefault(case_id, []).append(str(detail["packet"]))
        else:
            withdrawn += sealed.pop(case_id, [])
    return frozenset(withdrawn)


def case_counts(session: Session, *, principal: Principal, on: date) -> CaseCounts:
    """Count the cases this principal sees, as of `on`."""
    condition = within(principal, READ, CaseRecord.office_code)
    by_stage = {
        Stage(stage): count
        for stage, count in session.exec(
            select(CaseRecord.stage, func.count()).where(condition).group_by(CaseRecord.stage)
        )
    }
    closed = by_stage.pop(Stage.CLOSED, 0)
    needing = session.exec(
        select(func.count()).select_from(CaseRecord).where(condition, col(CaseRecord.act_on) <= on)
    ).one()
    waiting = session.exec(
        select(func.count()).select_from(CaseRecord).where(condition, lists.approval_waits())
    ).one()
    return CaseCounts(
        by_stage=by_stage, needing_action=needing, waiting_approval=waiting, closed=closed
    )


def _row(session: Session, *, principal: Principal, case: int | str) -> CaseRecord:
    which = CaseRecord.id == case if isinstance(case, int) else CaseRecord.number == case
    row = session.exec(
        select(CaseRecord).where(which, within(principal, READ, CaseRecord.office_code))
    ).first()
    if row is None:
        raise NotFound("Kasus {case} tidak ada atau di luar kantor Anda.", case=case)
    return row


def _clocks(
    stands: Position, *, on: date, days: WorkingCalendar
) -> tuple[tuple[Deadline, ...], NextStep]:
    try:
        return (
            lifecycle.deadlines(stands, on=on, calendar=days),
            lifecycle.next_step(stands, on=on, calendar=days),
        )
    except CalendarTooShort as error:
        problem = FieldProblem("calendar", error.template, error.values)
        return (), NextStep(NextState.STUCK, None, on, problem)


def _approvals(session: Session, case_id: int, *, version: int) -> tuple[Approval, ...]:
    rows = session.exec(
        select(CaseApproval).where(CaseApproval.case_id == case_id).order_by(col(CaseApproval.id))
    )
    return tuple(approval_view(row, case_version=version) for row in rows)


def _events(
    rows: Sequence[CaseEvent],
    exhibits: Mapping[int, Evidence],
    deliveries: tuple[Delivery, ...],
    approvals: tuple[Approval, ...],
) -> tuple[Event, ...]:
    by_id = {approval.id: approval for approval in approvals}
    about = violations_at(rows)
    return tuple(
        event_view(
            row,
            violations=about[row.seq],
            evidence=exhibits,
            deliveries=deliveries,
            approvals=by_id,
        )
        for row in rows
    )


def _reason_label(row: CaseRecord) -> str:
    return CLOSING_REASONS[row.closed_reason].label if row.closed_reason else ""


def _officer(session: Session, officer_id: int | None) -> Person | None:
    if officer_id is None:
        return None
    user = accounts.user_names(session, ids=[officer_id])[officer_id]
    return Person(user.id, user.name, user.title)
