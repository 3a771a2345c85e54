"""What a case has gathered: events, evidence, deliveries, deadlines, payments, approvals."""

from datetime import date, datetime
from typing import Any

from app.cases.schemas import (
    Approval,
    ApprovalStatus,
    Clock,
    ClockState,
    Deadline,
    Event,
    Payment,
    SuspensionEntry,
    SuspensionLine,
    SuspensionStatus,
    Undermined,
)
from app.cases.stages import Action, Proof, Stage
from app.infra.wording import sentence, translate
from app.law.month import Month
from app.web.api.v1.shapes import Answer


class PersonDocument(Answer):
    user_id: int | None
    name: str
    title: str


class EvidenceDocument(Answer):
    """`exhibit` (P-1) diberikan sekali dan tidak berubah. Isinya di `…/evidence/{id}/file`."""

    id: int
    exhibit: str
    kind: Proof
    title: str
    dated_on: date
    file_name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    added_by: PersonDocument


class DeliveryDocument(Answer):
    """`received_at` null bila jamnya tidak dicatat; `counted_on` hari terima yang dihitung."""

    id: int
    event_seq: int
    channel: str
    tracking_number: str
    sent_on: date
    result: str
    received_on: date | None
    received_at: datetime | None
    counted_on: date | None
    receiver_name: str
    receiver_position: str
    evidence_id: int | None
    note: str
    proves_receipt: bool


class EventDocument(Answer):
    """`on` hari hukum; `recorded_at` saat dicatat. `step` null untuk yang hanya dicatat."""

    seq: int
    on: date
    recorded_at: datetime
    verb: str
    step: Action | None
    label: str
    stage_after: Stage
    actor: PersonDocument
    approved_by: PersonDocument | None
    letter_number: str
    note: str
    evidence: list[EvidenceDocument]
    deliveries: list[DeliveryDocument]
    detail: dict[str, Any]

    @classmethod
    def of(cls, event: Event, language: str) -> "EventDocument":
        shown = cls.model_validate(event)
        return shown.model_copy(update={"label": translate(event.label, language)})


class SkippedDay(Answer):
    day: date
    reason: str


class CertificateDocument(Answer):
    """Hari mana saja yang dihitung dan mengapa yang lain tidak."""

    start: date
    due_on: date
    count: int
    unit: str
    counted: list[date]
    skipped: list[SkippedDay]
    calendar_version: str | None
    rule: str


class DeadlineDocument(Answer):
    """`due_on` hari terakhir, termasuk hari itu; null selama penerimaan belum terbukti.

    Null juga selama suatu penangguhan belum berakhir (`suspended_since`); `days_counted` hari yang
    sudah terhitung sebelumnya.
    """

    clock: Clock
    event_seq: int
    state: ClockState
    starts_on: date | None
    due_on: date | None
    working_days: int | None
    citation: str
    suspended_since: date | None
    days_counted: int
    certificate: CertificateDocument | None

    @classmethod
    def of(cls, deadline: Deadline) -> "DeadlineDocument":
        certificate = deadline.certificate
        return cls(
            clock=deadline.clock,
            event_seq=deadline.seq,
            state=deadline.state,
            starts_on=deadline.starts_on,
            due_on=deadline.due_on,
            working_days=deadline.working_days,
            citation=deadline.citation.label,
            suspended_since=deadline.suspended_by.first if deadline.suspended_by else None,
            days_counted=len(certificate.counted) if certificate else deadline.days_counted,
            certificate=None
            if certificate is None
            else CertificateDocument.model_validate(certificate),
        )


class UnderminedDocument(Answer):
    """Langkah yang sudah diambil, tetapi menurut kalender dan penangguhan kini tidak tepat waktu.

    `due_on` hari terakhir yang kini berlaku; null bila belum dapat diketahui.
    """

    step_seq: int
    action: Action
    on: date
    rests_on: Action
    due_on: date | None
    early: bool
    detail: str

    @classmethod
    def of(cls, step: Undermined, language: str) -> "UnderminedDocument":
        return cls(
            step_seq=step.step.seq,
            action=step.step.action,
            on=step.step.on,
            rests_on=step.rests_on.action,
            due_on=step.due_on,
            early=step.early,
            detail=sentence(step.problem, language),
        )


class SuspensionLineDocument(Answer):
    """Satu baris daftar penangguhan; hanya yang disetujui yang dihitung.

    `entry`: mulai, akhir (mengakhiri `of_id`), atau batal (membatalkan `of_id`). Kedua hari
    termasuk; `last_on` null: belum berakhir. `undermines`: langkah yang menjadi tidak tepat waktu.
    """

    id: int
    entry: SuspensionEntry
    of_id: int | None
    first_on: date | None
    last_on: date | None
    reason: str
    authority: str
    evidence_id: int | None
    undermines: list[str]
    status: SuspensionStatus
    proposed_by: PersonDocument
    proposed_at: datetime
    decided_by: PersonDocument | None
    decided_at: datetime | None
    decision_note: str

    @classmethod
    def of(cls, line: SuspensionLine, language: str) -> "SuspensionLineDocument":
        return cls(
            **{name: getattr(line, name) for name in _PLAIN},
            undermines=[sentence(problem, language) for problem in line.undermines],
            proposed_by=PersonDocument.model_validate(line.proposed_by),
            decided_by=None
            if line.decided_by is None
            else PersonDocument.model_validate(line.decided_by),
        )


_PLAIN = (
    "id",
    "entry",
    "of_id",
    "first_on",
    "last_on",
    "reason",
    "authority",
    "evidence_id",
    "status",
    "proposed_at",
    "decided_at",
    "decision_note",
)


class PaymentRecorded(Answer):
    id: int
    paid_on: date
    month: str
    programme: str
    amount: int
    payment_code: str
    evidence_id: int | None
    reported_at: datetime
    reported_by: PersonDocument

    @classmethod
    def of(cls, payment: Payment) -> "PaymentRecorded":
        return cls(
            id=payment.id,
            paid_on=payment.paid_on,
            month=str(Month.from_index(payment.month)),
            programme=payment.programme,
            amount=payment.amount,
            payment_code=payment.payment_code,
            evidence_id=payment.evidence_id,
            reported_at=payment.reported_at,
            reported_by=PersonDocument.model_validate(payment.reported_by),
        )


class ApprovalDocument(Answer):
    """Usulan yang menunggu orang kedua; `basi` bila kasus berubah sesudah usulan."""

    id: int
    action: Action
    label: str
    on: date
    letter_number: str
    note: str
    closing_reason: str
    evidence_ids: list[int]
    case_version: int
    content_sha256: str
    status: ApprovalStatus
    proposed_by: PersonDocument
    proposed_at: datetime
    decided_by: PersonDocument | None
    decided_at: datetime | None
    decision_note: str

    @classmethod
    def of(cls, approval: Approval, language: str) -> "ApprovalDocument":
        shown = cls.model_validate(approval)
        return shown.model_copy(update={"label": translate(approval.label, language)})
