"""Turns the rows of one case into the values that the pure part decides upon and pages show."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, cast

from sqlmodel import Session, col, or_, select

from app.accounts import queries as accounts
from app.cases.edges import DELIVERED_ACTIONS
from app.cases.ledger import in_force
from app.cases.lifecycle import Done, Position
from app.cases.papers import Handed, Paper, PaperKind, PaperTrail, Sent
from app.cases.receipts import counted_day, receipt_of
from app.cases.schemas import (
    Approval,
    ApprovalStatus,
    CaseFlag,
    Delivery,
    Employer,
    Event,
    Evidence,
    Payment,
    Person,
    SuspensionEntry,
    SuspensionLine,
    SuspensionStatus,
)
from app.cases.stages import ACTION_LABELS, Action, Proof, Stage, Violation, document_label
from app.cases.tables import (
    CaseApproval,
    CaseEvent,
    CaseFlagRow,
    CasePaper,
    CasePayment,
    CaseRecord,
    EvidenceRow,
    ServiceAttempt,
    SuspensionRow,
)
from app.errors import FieldProblem
from app.law.book import LawBook
from app.law.calendar import CollectiveLeave
from app.lawbook.queries import law_in_force

# Where an event says what the case is about from then on.
_TELLS_VIOLATIONS: Final[Mapping[str, str]] = {
    "opened": "violations",
    "flags_added": "violations",
    "violations_amended": "after",
}
# Sentence keys for what is on the timeline without being a step.
VERB_LABELS: Final[Mapping[str, str]] = {
    "opened": "Kasus dibuka",
    "flags_added": "Temuan ditambahkan",
    "assigned": "Petugas ditunjuk",
    "violations_amended": "Jenis pelanggaran diubah",
    "leave_amended": "Perlakuan cuti bersama diubah",
    "noted": "Catatan",
    "evidence_added": "Bukti ditambahkan",
    "service_recorded": "Pengiriman surat dicatat",
    "payment_recorded": "Pembayaran dilaporkan",
    "paper_recorded": "Dokumen berjangka dicatat",
    "paper_ended": "Dokumen berjangka berakhir",
    "proposed": "Langkah diusulkan",
    "rejected": "Usulan ditolak",
    "suspension_proposed": "Penangguhan tenggat diusulkan",
    "suspension_recorded": "Penangguhan tenggat dicatat",
    "suspension_ended": "Penangguhan tenggat diakhiri",
    "suspension_reversed": "Penangguhan tenggat dibatalkan",
    "suspension_rejected": "Usulan penangguhan ditolak",
    "calendar_changed": "Tenggat dihitung ulang karena kalender berubah",
    "step": "Langkah",
    "correction_decided": "Koreksi data masa lalu diputus",
}


def key_of(
    row: CaseRecord
    | CaseEvent
    | EvidenceRow
    | ServiceAttempt
    | CaseApproval
    | SuspensionRow
    | CasePaper,
) -> int:
    """Return the id of a stored row; one that was never stored has none and is a defect."""
    if row.id is None:
        raise ValueError(f"{type(row).__name__} has not been stored")
    return row.id


def events_of(session: Session, case_id: int) -> Sequence[CaseEvent]:
    return session.exec(
        select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(col(CaseEvent.seq))
    ).all()


def attempts_of(session: Session, case_id: int) -> Sequence[ServiceAttempt]:
    return session.exec(
        select(ServiceAttempt)
        .where(ServiceAttempt.case_id == case_id)
        .order_by(col(ServiceAttempt.sent_on), col(ServiceAttempt.id))
    ).all()


def evidence_of(session: Session, case_id: int) -> Sequence[EvidenceRow]:
    return session.exec(
        select(EvidenceRow)
        .where(EvidenceRow.case_id == case_id)
        .order_by(col(EvidenceRow.exhibit_no))
    ).all()


def suspensions_of(session: Session, case_id: int) -> tuple[SuspensionLine, ...]:
    """Return the whole ledger of the case, in the order recorded."""
    rows = session.exec(
        select(SuspensionRow)
        .where(SuspensionRow.case_id == case_id)
        .order_by(col(SuspensionRow.id))
    )
    return tuple(suspension_view(row) for row in rows)


def papers_of(session: Session, case: CaseRecord) -> tuple[Paper, ...]:
    """Return the papers of the case and those of its office, the newest last."""
    rows = session.exec(
        select(CasePaper)
        .where(
            CasePaper.office_code == case.office_code,
            or_(col(CasePaper.case_id) == case.id, col(CasePaper.case_id).is_(None)),
        )
        .order_by(col(CasePaper.signed_on), col(CasePaper.id))
    )
    return tuple(paper_view(row) for row in rows)


def position(session: Session, case: CaseRecord) -> Position:
    """Return where the case stands; of several proved receipts of a letter the first counts."""
    case_id = key_of(case)
    return position_from(
        case,
        events_of(session, case_id),
        attempts_of(session, case_id),
        suspensions_of(session, case_id),
        papers_of(session, case),
        law=law_in_force(session),
        zone=accounts.office(session, code=case.office_code).zone,
    )


def positions(session: Session, cases: Sequence[CaseRecord]) -> dict[int, Position]:
    """Return where each of many cases stands, by id, in as many questions as one case takes."""
    law = law_in_force(session)
    zones = accounts.zones(session)
    ids = [key_of(case) for case in cases]
    events: dict[int, list[CaseEvent]] = {case_id: [] for case_id in ids}
    attempts: dict[int, list[ServiceAttempt]] = {case_id: [] for case_id in ids}
    lines: dict[int, list[SuspensionLine]] = {case_id: [] for case_id in ids}
    papers = _papers_of_many(session, cases)
    for event in session.exec(
        select(CaseEvent).where(col(CaseEvent.case_id).in_(ids)).order_by(col(CaseEvent.seq))
    ):
        events[event.case_id].append(event)
    for attempt in session.exec(select(ServiceAttempt).where(col(ServiceAttempt.case_id).in_(ids))):
        attempts[attempt.case_id].append(attempt)
    for row in session.exec(
        select(SuspensionRow)
        .where(col(SuspensionRow.case_id).in_(ids))
        .order_by(col(SuspensionRow.id))
    ):
        lines[row.case_id].append(suspension_view(row))
    return {
        key_of(case): position_from(
            case,
            events[key_of(case)],
            attempts[key_of(case)],
            lines[key_of(case)],
            papers[key_of(case)],
            law=law,
            zone=zones[case.office_code],
        )
        for case in cases
    }


def _papers_of_many(session: Session, cases: Sequence[CaseRecord]) -> dict[int, tuple[Paper, ...]]:
    offices = {case.office_code for case in cases}
    rows = session.exec(
        select(CasePaper)
        .where(col(CasePaper.office_code).in_(offices))
        .order_by(col(CasePaper.signed_on), col(CasePaper.id))
    ).all()
    return {
        key_of(case): tuple(
            paper_view(row)
            for row in rows
            if row.office_code == case.office_code and row.case_id in {None, case.id}
        )
        for case in cases
    }


def position_from(
    case: CaseRecord,
    events: Sequence[CaseEvent],
    attempts: Sequence[ServiceAttempt],
    suspensions: Iterable[SuspensionLine],
    papers: tuple[Paper, ...],
    *,
    law: LawBook,
    zone: str,
) -> Position:
    """`zone` is that of the case's office: by its clock the hour of a receipt is read."""
    received: dict[int, date] = {}
    for attempt in attempts:
        day = counted_day(attempt.received_on, attempt.received_at, zone=zone, law=law)
        if day is not None and attempt.evidence_id is not None:
            received[attempt.event_id] = min(received.get(attempt.event_id) or day, day)
    return Position(
        stage=Stage(case.stage),
        opened_on=case.opened_on,
        violations=frozenset(Violation(code) for code in case.violations),
        steps=tuple(
            Done(
                seq=event.seq,
                action=Action(event.step),
                on=event.took_place_on,
                received_on=received.get(key_of(event)),
            )
            for event in events
            if event.step is not None
        ),
        collective_leave=(
            CollectiveLeave.WORKING_DAY if case.collective_leave_counts else CollectiveLeave.DAY_OFF
        ),
        law=law,
        suspensions=in_force(suspensions),
        trail=_trail(case, events, attempts, papers),
    )


def _trail(
    case: CaseRecord,
    events: Iterable[CaseEvent],
    attempts: Iterable[ServiceAttempt],
    papers: tuple[Paper, ...],
) -> PaperTrail:
    letters = {
        key_of(event): Sent(
            seq=event.seq,
            action=Action(event.step),
            on=event.took_place_on,
            number=event.letter_number,
            addressee=event.detail.get("addressee", ""),
            address=event.detail.get("address", ""),
        )
        for event in events
        if event.step in DELIVERED_ACTIONS
    }
    return PaperTrail(
        employer=case.employer_name,
        address=case.employer.get("alamat", ""),
        sent=tuple(letters.values()),
        handed=tuple(
            Handed(
                seq=letters[attempt.event_id].seq,
                received_on=attempt.received_on,
                receiver=attempt.receiver_name,
                capacity=attempt.receiver_position,
            )
            for attempt in attempts
            if attempt.received_on is not None
            and attempt.evidence_id is not None
            and attempt.event_id in letters
        ),
        papers=papers,
    )


def employer(content: Mapping[str, Any]) -> Employer:
    return Employer(**content)


def evidence_view(row: EvidenceRow) -> Evidence:
    return Evidence(
        id=key_of(row),
        exhibit=f"P-{row.exhibit_no}",
        kind=Proof(row.kind),
        title=row.title,
        dated_on=row.dated_on,
        file_name=row.file_name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        added_at=row.added_at,
        added_by=Person(row.added_by_id, row.added_by_name, row.added_by_title),
    )


def delivery_view(row: ServiceAttempt, *, event_seq: int, zone: str, law: LawBook) -> Delivery:
    return Delivery(
        id=key_of(row),
        event_seq=event_seq,
        channel=row.channel,
        tracking_number=row.tracking_number,
        sent_on=row.sent_on,
        result=row.result,
        received_on=row.received_on,
        receiver_name=row.receiver_name,
        receiver_position=row.receiver_position,
        evidence_id=row.evidence_id,
        note=row.note,
        receipt=receipt_of(row.received_at, zone=zone, law=law),
    )


def approval_view(row: CaseApproval, *, case_version: int) -> Approval:
    """A waiting proposal about an older version of the case is shown as gone stale."""
    request = row.request
    stale = row.status == "menunggu" and row.case_version != case_version
    decided = row.decided_by_id is not None
    return Approval(
        id=key_of(row),
        action=Action(row.action),
        label=ACTION_LABELS[Action(row.action)],
        on=date.fromisoformat(request["on"]),
        letter_number=request["letter_number"],
        note=request["note"],
        closing_reason=request["closing_reason"],
        evidence_ids=tuple(request["evidence_ids"]),
        case_version=row.case_version,
        content_sha256=row.content_sha256,
        status="basi" if stale else cast("ApprovalStatus", row.status),
        proposed_by=Person(row.proposed_by_id, row.proposed_by_name, row.proposed_by_title),
        proposed_at=row.proposed_at,
        decided_by=(
            Person(row.decided_by_id, row.decided_by_name, row.decided_by_title)
            if decided
            else None
        ),
        decided_at=row.decided_at,
        decision_note=row.decision_note,
    )


def violations_at(rows: Iterable[CaseEvent]) -> Mapping[int, frozenset[Violation]]:
    """Return what the case was about at each event, by its number; rows in the order recorded.

    A letter keeps its name when the case turns out to be about more.
    """
    found: dict[int, frozenset[Violation]] = {}
    violations = frozenset[Violation]()
    for row in rows:
        if (told := row.detail.get(_TELLS_VIOLATIONS.get(row.verb, ""))) is not None:
            violations = frozenset(Violation(code) for code in told)
        found[row.seq] = violations
    return found


def event_view(
    row: CaseEvent,
    *,
    violations: frozenset[Violation],
    evidence: Mapping[int, Evidence],
    deliveries: Iterable[Delivery],
    approvals: Mapping[int, Approval],
) -> Event:
    step = Action(row.step) if row.step is not None else None
    approval = approvals.get(row.approval_id) if row.approval_id is not None else None
    return Event(
        seq=row.seq,
        on=row.took_place_on,
        recorded_at=row.recorded_at,
        verb=row.verb,
        step=step,
        label=document_label(step, violations) if step is not None else VERB_LABELS[row.verb],
        stage_after=Stage(row.stage_after),
        actor=Person(row.actor_id, row.actor_name, row.actor_title),
        approved_by=approval.decided_by if approval is not None else None,
        letter_number=row.letter_number,
        note=row.note,
        evidence=tuple(evidence[item] for item in row.evidence_ids),
        deliveries=tuple(item for item in deliveries if item.event_seq == row.seq),
        detail=row.detail,
    )


def flag_view(row: CaseFlagRow) -> CaseFlag:
    found_on = row.content.get("found_on")
    content = {name: value for name, value in row.content.items() if name != "found_on"}
    return CaseFlag(
        flag_id=row.flag_id,
        rule=row.rule,
        snapshot_id=row.snapshot_id,
        added_on=row.added_on,
        found_on=date.fromisoformat(found_on) if found_on else None,
        **{**content, "evidence": tuple(content["evidence"])},
    )


def suspension_view(row: SuspensionRow) -> SuspensionLine:
    return SuspensionLine(
        id=key_of(row),
        entry=cast("SuspensionEntry", row.entry),
        of_id=row.of_id,
        first_on=row.first_on,
        last_on=row.last_on,
        reason=row.reason,
        authority=row.authority,
        evidence_id=row.evidence_id,
        undermines=tuple(_told(item) for item in row.undermines.get("steps", ())),
        status=cast("SuspensionStatus", row.status),
        proposed_by=Person(row.proposed_by_id, row.proposed_by_name, row.proposed_by_title),
        proposed_at=row.proposed_at,
        decided_by=(
            Person(row.decided_by_id, row.decided_by_name, row.decided_by_title)
            if row.decided_by_id is not None
            else None
        ),
        decided_at=row.decided_at,
        decision_note=row.decision_note,
    )


def kept_problem(problem: FieldProblem) -> dict[str, Any]:
    """Return a sentence as a document that `suspension_view` reads again; days as ISO text."""
    return {
        "field": problem.field,
        "template": problem.template,
        "values": {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in problem.values.items()
        },
    }


def _told(content: Mapping[str, Any]) -> FieldProblem:
    values = {
        name: date.fromisoformat(value) if name.endswith("on") else value
        for name, value in content["values"].items()
    }
    return FieldProblem(content["field"], content["template"], values)


def payment_view(row: CasePayment) -> Payment:
    return Payment(
        id=row.id or 0,
        paid_on=row.paid_on,
        month=row.month,
        programme=row.programme,
        amount=row.amount,
        payment_code=row.payment_code,
        evidence_id=row.evidence_id,
        reported_at=row.reported_at,
        reported_by=Person(row.reported_by_id, row.reported_by_name, row.reported_by_title),
    )


def paper_view(row: CasePaper) -> Paper:
    return Paper(
        id=key_of(row),
        case_id=row.case_id,
        kind=PaperKind(row.kind),
        number=row.number,
        signed_on=row.signed_on,
        valid_until=row.valid_until,
        ended_on=row.ended_on,
        substitution=row.substitution,
        stamped=row.stamped,
        note=row.note,
    )
