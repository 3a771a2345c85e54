"""/cases/{id}/events, evidence, service-attempts, payments, notes, approvals: the record."""

from typing import Annotated

from fastapi import File, Form, Response, UploadFile
from fastapi.responses import StreamingResponse

from app.calculations.schemas import DayText
from app.cases import queries, service
from app.cases.schemas import Upload
from app.cases.service import Outcome
from app.cases.stages import Proof
from app.errors import NotFound
from app.web import bodies
from app.web.api.operation import LanguageDep, PrincipalDep, TodayDep, change, may, operations
from app.web.api.v1.case_documents import StepDocument, VersionDocument
from app.web.api.v1.case_ledgers import (
    ApprovalDocument,
    DeliveryDocument,
    EventDocument,
    EvidenceDocument,
    PaymentRecorded,
)
from app.web.api.v1.case_requests import (
    DecisionSent,
    DeliverySent,
    NoteSent,
    OutcomeSent,
    PaymentSent,
)
from app.web.api.v1.shapes import Cursor, Limit, PageOf, Word, page_within
from app.web.deps import ContextDep, NowDep, PathId, SessionDep
from app.web.downloads import attachment, record_download
from app.web.preconditions import etag

router = operations("cases")
uploads = operations("cases", largest_body=bodies.EVIDENCE)


@router.get("/cases/{case_id}/events", summary="Linimasa kasus", dependencies=may("cases.read"))
def list_events(
    case_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[EventDocument]:
    """Menurut urutan pencatatan (`seq`)."""
    case = queries.case_file(session, principal=principal, case=case_id, on=today)
    page = page_within(case.events, key=lambda event: event.seq, limit=limit, cursor=cursor)
    return PageOf(items=[EventDocument.of(event, language) for event in page.items], next=page.next)


@router.post(
    "/cases/{case_id}/events",
    summary="Mencatat catatan pada linimasa",
    status_code=201,
    dependencies=change("cases.record"),
)
def add_note(
    case_id: PathId,
    document: NoteSent,
    session: SessionDep,
    principal: PrincipalDep,
    now: NowDep,
    today: TodayDep,
    response: Response,
) -> VersionDocument:
    """Langkah hukum tidak dicatat di sini melainkan di `/cases/{id}/steps`."""
    version = service.add_note(
        session,
        principal=principal,
        case_id=case_id,
        text=document.text,
        on=document.on or today,
        now=now,
    )
    response.headers["ETag"] = etag(version)
    return VersionDocument(id=case_id, version=version)


@router.get("/cases/{case_id}/evidence", summary="Daftar bukti", dependencies=may("cases.read"))
def list_evidence(
    case_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    today: TodayDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[EvidenceDocument]:
    case = queries.case_file(session, principal=principal, case=case_id, on=today)
    page = page_within(case.evidence, key=lambda item: item.id, limit=limit, cursor=cursor)
    return PageOf(
        items=[EvidenceDocument.model_validate(item) for item in page.items], next=page.next
    )


@uploads.post(
    "/cases/{case_id}/evidence",
    summary="Mengunggah bukti",
    status_code=201,
    dependencies=change("cases.record"),
)
def add_evidence(
    case_id: PathId,
    file: Annotated[UploadFile, File(description="PDF, JPEG, PNG, DOCX, XLSX, atau EML; 25 MB.")],
    kind: Annotated[Proof, Form()],
    dated_on: Annotated[DayText, Form(description="Tanggal dokumen itu.")],
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    now: NowDep,
    response: Response,
    title: Annotated[Word, Form()] = "",
) -> EvidenceDocument:
    """Bita aslinya disimpan sekali; berkas yang sama menghasilkan bukti yang sama."""
    kept = service.add_evidence(
        session,
        principal=principal,
        case_id=case_id,
        upload=Upload(source=file.file, name=file.filename or ""),
        kind=kind,
        title=title,
        dated_on=dated_on,
        store=context.store,
        now=now,
    )
    response.headers["Location"] = f"/api/v1/cases/{case_id}/evidence/{kept.id}/file"
    return EvidenceDocument.model_validate(kept)


@router.get(
    "/cases/{case_id}/evidence/{evidence_id}/file",
    summary="Mengunduh bukti",
    response_class=StreamingResponse,
    dependencies=may("cases.read"),
)
def download_evidence(
    case_id: PathId,
    evidence_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    today: TodayDep,
    now: NowDep,
) -> StreamingResponse:
    """Bita aslinya, sebagai lampiran. Setiap unduhan dicatat."""
    case = queries.case_file(session, principal=principal, case=case_id, on=today)
    item = queries.evidence(session, principal=principal, evidence_id=evidence_id)
    exhibit = case.exhibit(item.id)
    if exhibit is None:
        raise NotFound("Bukti {evidence} tidak ada.", evidence=evidence_id)
    record_download(
        session,
        principal=principal,
        subject=f"evidence:{item.id}",
        office=case.office_code,
        now=now,
    )
    return attachment(
        context.store.chunks(item.sha256),
        name=item.file_name,
        media_type=item.media_type,
        size=item.size,
    )


@router.get(
    "/cases/{case_id}/service-attempts",
    summary="Percobaan penyampaian surat",
    dependencies=may("cases.read"),
)
def list_deliveries(
    case_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    today: TodayDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[DeliveryDocument]:
    case = queries.case_file(session, principal=principal, case=case_id, on=today)
    ordered = sorted(case.deliveries, key=lambda delivery: delivery.id)
    page = page_within(ordered, key=lambda delivery: delivery.id, limit=limit, cursor=cursor)
    return PageOf(
        items=[DeliveryDocument.model_validate(item) for item in page.items], next=page.next
    )


@router.post(
    "/cases/{case_id}/service-attempts",
    summary="Mencatat percobaan penyampaian surat",
    status_code=201,
    dependencies=change("cases.record"),
)
def record_delivery(
    case_id: PathId,
    document: DeliverySent,
    session: SessionDep,
    principal: PrincipalDep,
    now: NowDep,
) -> DeliveryDocument:
    """Hanya penerimaan yang terbukti menjalankan tenggat."""
    kept = service.record_service(
        session,
        principal=principal,
        case_id=case_id,
        event_seq=document.event_seq,
        channel=document.channel,
        tracking_number=document.tracking_number,
        sent_on=document.sent_on,
        outcome=_outcome(document),
        now=now,
    )
    return DeliveryDocument.model_validate(kept)


@router.post(
    "/service-attempts/{attempt_id}/outcome",
    summary="Mencatat hasil pengiriman yang sedang berjalan",
    dependencies=change("cases.record"),
)
def complete_delivery(
    attempt_id: PathId,
    document: OutcomeSent,
    session: SessionDep,
    principal: PrincipalDep,
    now: NowDep,
) -> DeliveryDocument:
    """Juga untuk menambah bukti pada penerimaan yang dicatat tanpa bukti."""
    kept = service.complete_service(
        session, principal=principal, attempt_id=attempt_id, outcome=_outcome(document), now=now
    )
    return DeliveryDocument.model_validate(kept)


@router.get(
    "/cases/{case_id}/payments",
    summary="Pembayaran yang dilaporkan",
    dependencies=may("cases.read"),
)
def list_payments(
    case_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    today: TodayDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[PaymentRecorded]:
    case = queries.case_file(session, principal=principal, case=case_id, on=today)
    ordered = sorted(case.payments, key=lambda payment: payment.id)
    page = page_within(ordered, key=lambda payment: payment.id, limit=limit, cursor=cursor)
    return PageOf(items=[PaymentRecorded.of(item) for item in page.items], next=page.next)


@router.post(
    "/cases/{case_id}/payments",
    summary="Melaporkan pembayaran",
    status_code=201,
    dependencies=change("cases.record"),
)
def record_payment(
    case_id: PathId,
    document: PaymentSent,
    session: SessionDep,
    principal: PrincipalDep,
    now: NowDep,
) -> PaymentRecorded:
    """Tidak mengubah angka apa pun: snapshot berikutnya yang menegaskannya."""
    kept = service.record_payment(
        session,
        principal=principal,
        case_id=case_id,
        paid_on=document.paid_on,
        month=document.month.index,
        programme=document.programme,
        amount=document.amount,
        payment_code=document.payment_code,
        evidence_id=document.evidence_id,
        now=now,
    )
    return PaymentRecorded.of(kept)


@router.get(
    "/cases/{case_id}/approvals",
    summary="Usulan dan keputusannya",
    dependencies=may("cases.read"),
)
def list_approvals(
    case_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    language: LanguageDep,
    today: TodayDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[ApprovalDocument]:
    case = queries.case_file(session, principal=principal, case=case_id, on=today)
    page = page_within(case.approvals, key=lambda item: item.id, limit=limit, cursor=cursor)
    return PageOf(
        items=[ApprovalDocument.of(item, language) for item in page.items], next=page.next
    )


@router.post(
    "/approvals/{approval_id}/decision",
    summary="Memutus usulan",
    dependencies=change("cases.approve"),
)
def decide_proposal(
    approval_id: PathId,
    document: DecisionSent,
    session: SessionDep,
    principal: PrincipalDep,
    now: NowDep,
    response: Response,
) -> StepDocument:
    """Pengusul tidak boleh memutus usulannya sendiri; kasus yang sudah berubah dijawab 409."""
    run = service.approve if document.decision == "approve" else service.reject
    result = run(session, principal=principal, approval_id=approval_id, note=document.note, now=now)
    response.headers["ETag"] = etag(result.version)
    return StepDocument.model_validate(result)


def _outcome(document: DeliverySent | OutcomeSent) -> Outcome:
    return Outcome(
        result=document.result,
        received_on=document.received_on,
        received_time=document.received_time,
        receiver_name=document.receiver_name,
        receiver_position=document.receiver_position,
        evidence_id=document.evidence_id,
        note=document.note,
    )
