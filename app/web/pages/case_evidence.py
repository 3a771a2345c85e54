"""What a case is proved by: files under exhibit numbers, and attempts to deliver its letters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts.schemas import Principal, SignedIn
from app.cases import service
from app.cases.edges import DELIVERED_ACTIONS
from app.cases.schemas import CaseFile, Channel, Delivery, DeliveryResult, NextState, Upload
from app.cases.service import Outcome
from app.cases.stages import PROOF_LABELS, Proof
from app.errors import NotFound
from app.infra.store import BlobStore
from app.infra.wording import N_, translate
from app.law.receipt import ZONE_NAMES
from app.web import bodies
from app.web.deps import ContextDep, NowDep, PathId, SessionDep, legal_day, person
from app.web.downloads import attachment, record_download
from app.web.pages.answers import see
from app.web.pages.case import addresses_of, case_of
from app.web.pages.case_views import Tab, case_due, tabs
from app.web.pages.case_words import ACCEPT, CHANNELS, FILE_HINT, PROOFS, RESULT_TONES, RESULTS
from app.web.pages.due import Due
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.pages.receipt_words import receipt_words
from app.web.rendering import page_language, render_page
from app.web.spoken import spoken_template

router = APIRouter(prefix="/kasus/{number}", max_body_size=bodies.EVIDENCE)
READ = person("cases.read")
RECORD = person("cases.record")


@dataclass(frozen=True, slots=True)
class ExhibitLine:
    id: int
    exhibit: str
    title: str
    kind: str
    dated_on: date
    added_by: str
    added_at: datetime
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """`open`: its outcome, or the proof of it, may still be written."""

    id: int
    letter: str
    channel: str
    tracking_number: str
    sent_on: date
    result: str
    tone: str
    received_on: date | None
    received_hour: str
    receiver: str
    exhibit: str
    open: bool


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """`letters` and `receipts` are choices: (value, words)."""

    case: CaseFile
    due: Due | None
    tabs: tuple[Tab, ...]
    exhibits: tuple[ExhibitLine, ...]
    deliveries: tuple[DeliveryLine, ...]
    letters: list[tuple[str, str]]
    receipts: list[tuple[str, str]]
    channels: Mapping[str, str]
    results: Mapping[str, str]
    proof_kinds: Mapping[str, str]
    file_hint: str
    accept: str
    today: date
    zone: str
    may_record: bool
    open_form: str


@dataclass(frozen=True, slots=True)
class DeliveryView:
    case: CaseFile
    due: Due | None
    tabs: tuple[Tab, ...]
    line: DeliveryLine
    results: Mapping[str, str]
    receipts: list[tuple[str, str]]
    today: date
    zone: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An upload that became an exhibit, and the version of the case after it."""

    evidence_id: int
    version: int


@router.get("/bukti", name="page:case_evidence")
def evidence_page(
    request: Request, number: str, session: SessionDep, found: Annotated[SignedIn, Depends(READ)]
) -> Response:
    case = case_of(session, found.principal, number)
    form = blank(dated_on=legal_day(found.principal), kind=Proof.RECEIPT.value, result="diterima")
    proving = case.next.state is NextState.PROVE
    opened = "penyampaian" if proving else "" if case.evidence else "bukti"
    return _page(request, found.principal, case, form=form, status=200, open_form=opened)


@router.post("/bukti", name="page:add_evidence")
def add_evidence(
    request: Request,
    number: str,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(RECORD)],
) -> Response:
    case = case_of(session, found.principal, number)
    with attempt(session) as outcome:
        reader = Reader(data)
        dated_on = reader.day("dated_on", N_("Isi tanggal dokumen."))
        if not reader.uploads("file"):
            reader.complain("file", N_("Pilih berkas yang akan disimpan."))
        reader.check()
        keep_upload(
            session,
            context.store,
            reader,
            case=case,
            dated_on=dated_on,
            principal=found.principal,
            now=now,
        )
        return see(request, "case_evidence", number=number, notice="bukti")
    form = refilled(data, outcome.no, page_language(request))
    return _page(
        request, found.principal, case, form=form, status=outcome.status, open_form="bukti"
    )


@router.post("/penyampaian", name="page:add_delivery")
def add_delivery(
    request: Request,
    number: str,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(RECORD)],
) -> Response:
    case = case_of(session, found.principal, number)
    with attempt(session) as outcome:
        reader = Reader(data)
        letter = reader.row("event_seq", N_("Pilih surat yang disampaikan."))
        sent_on = reader.day("sent_on", N_("Isi tanggal surat dikirim."))
        ended = _outcome(reader)
        reader.check()
        service.record_service(
            session,
            principal=found.principal,
            case_id=case.id,
            event_seq=letter,
            channel=cast("Channel", reader.text("channel")),
            tracking_number=reader.text("tracking_number"),
            sent_on=sent_on,
            outcome=ended,
            now=now,
        )
        return see(request, "case_evidence", number=number, notice="layanan")
    form = refilled(data, outcome.no, page_language(request))
    return _page(
        request, found.principal, case, form=form, status=outcome.status, open_form="penyampaian"
    )


@router.get("/penyampaian/{attempt_id}", name="page:delivery")
def delivery_page(
    request: Request,
    number: str,
    attempt_id: PathId,
    session: SessionDep,
    found: Annotated[SignedIn, Depends(RECORD)],
) -> Response:
    case = case_of(session, found.principal, number)
    delivery = _delivery(case, attempt_id)
    form = blank(
        result="diterima",
        received_on=delivery.received_on,
        received_time=f"{delivery.receipt.local:%H:%M}" if delivery.receipt else None,
        receiver_name=delivery.receiver_name,
        receiver_position=delivery.receiver_position,
        note=delivery.note,
    )
    return _delivery_page(request, found.principal, case, delivery, form=form, status=200)


@router.post("/penyampaian/{attempt_id}")
def complete_delivery(
    request: Request,
    number: str,
    attempt_id: PathId,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(RECORD)],
) -> Response:
    case = case_of(session, found.principal, number)
    delivery = _delivery(case, attempt_id)
    with attempt(session) as outcome:
        reader = Reader(data)
        ended = _outcome(reader)
        reader.check()
        service.complete_service(
            session, principal=found.principal, attempt_id=attempt_id, outcome=ended, now=now
        )
        return see(request, "case_evidence", number=number, notice="layanan")
    form = refilled(data, outcome.no, page_language(request))
    return _delivery_page(
        request, found.principal, case, delivery, form=form, status=outcome.status
    )


@router.get("/bukti/{evidence_id}/berkas", name="page:evidence_file")
def evidence_file(
    number: str,
    evidence_id: PathId,
    session: SessionDep,
    context: ContextDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    case = case_of(session, found.principal, number)
    item = case.exhibit(evidence_id)
    if item is None:
        raise NotFound("Bukti nomor {evidence} tidak ada dalam kasus ini.", evidence=evidence_id)
    record_download(
        session,
        principal=found.principal,
        subject=f"evidence:{evidence_id}",
        office=case.office_code,
        now=now,
    )
    return attachment(
        context.store.chunks(item.sha256),
        name=f"{case.number}-{item.exhibit}-{item.file_name}",
        media_type=item.media_type,
        size=item.size,
    )


def keep_upload(
    session: Session,
    store: BlobStore,
    reader: Reader,
    *,
    case: CaseFile,
    dated_on: date | None,
    principal: Principal,
    now: datetime,
) -> Kept | None:
    """Keep the file of the form as an exhibit of `case`; None when none was sent.

    Raises:
        Invalid, Conflict, Unavailable: as the case room's `add_evidence`.
    """
    uploads = reader.uploads("file")
    if not uploads or dated_on is None:
        return None
    kind = reader.text("kind")
    evidence = service.add_evidence(
        session,
        principal=principal,
        case_id=case.id,
        upload=Upload(source=uploads[0].file, name=uploads[0].filename or ""),
        kind=Proof(kind) if kind in PROOFS else Proof.OTHER,
        title=reader.text("title"),
        dated_on=dated_on,
        store=store,
        now=now,
    )
    changed = case_of(session, principal, case.number)
    return Kept(evidence_id=evidence.id, version=changed.version)


def _outcome(reader: Reader) -> Outcome:
    evidence = reader.rows("evidence_id")
    return Outcome(
        result=cast("DeliveryResult", reader.text("result")),
        received_on=reader.optional_day("received_on"),
        received_time=reader.optional_clock("received_time"),
        receiver_name=reader.text("receiver_name"),
        receiver_position=reader.text("receiver_position"),
        evidence_id=evidence[0] if evidence else None,
        note=reader.text("note"),
    )


def _delivery(case: CaseFile, attempt_id: int) -> Delivery:
    found = next((item for item in case.deliveries if item.id == attempt_id), None)
    if found is None:
        raise NotFound("Pengiriman {attempt} tidak ada.", attempt=attempt_id)
    return found


def _page(
    request: Request,
    principal: Principal,
    case: CaseFile,
    *,
    form: Form,
    status: int,
    open_form: str,
) -> Response:
    language, today = page_language(request), legal_day(principal)
    view = EvidenceView(
        case=case,
        due=case_due(case, today=today),
        tabs=tabs(case, addresses=addresses_of(request, case), current="evidence"),
        exhibits=tuple(
            ExhibitLine(
                id=item.id,
                exhibit=item.exhibit,
                title=item.title,
                kind=PROOF_LABELS[item.kind],
                dated_on=item.dated_on,
                added_by=item.added_by.name,
                added_at=item.added_at,
                size=item.size,
                sha256=item.sha256,
            )
            for item in case.evidence
        ),
        deliveries=tuple(_line(case, item, language) for item in reversed(case.deliveries)),
        letters=_letters(case, language),
        receipts=_receipts(case),
        channels=CHANNELS,
        results=RESULTS,
        proof_kinds=PROOFS,
        file_hint=translate(FILE_HINT, language),
        accept=ACCEPT,
        today=today,
        zone=ZONE_NAMES[case.zone],
        may_record=case.is_open and principal.may("cases.record"),
        open_form=open_form,
    )
    return render_page(
        request, "pages/cases/evidence.html", {"view": view, "form": form}, status=status
    )


def _delivery_page(
    request: Request,
    principal: Principal,
    case: CaseFile,
    delivery: Delivery,
    *,
    form: Form,
    status: int,
) -> Response:
    today = legal_day(principal)
    view = DeliveryView(
        case=case,
        due=case_due(case, today=today),
        tabs=tabs(case, addresses=addresses_of(request, case), current="evidence"),
        line=_line(case, delivery, page_language(request)),
        results=RESULTS,
        receipts=_receipts(case),
        today=today,
        zone=ZONE_NAMES[case.zone],
    )
    return render_page(
        request, "pages/cases/delivery.html", {"view": view, "form": form}, status=status
    )


def _line(case: CaseFile, item: Delivery, language: str) -> DeliveryLine:
    proof = case.exhibit(item.evidence_id)
    letter = next((event.label for event in case.events if event.seq == item.event_seq), "")
    unproved = item.result == "diterima" and item.evidence_id is None
    return DeliveryLine(
        id=item.id,
        letter=letter,
        channel=CHANNELS[item.channel],
        tracking_number=item.tracking_number,
        sent_on=item.sent_on,
        result=RESULTS[item.result],
        tone=RESULT_TONES[item.result],
        received_on=item.received_on,
        received_hour=receipt_words(item.receipt, language) if item.receipt else "",
        receiver=", ".join(part for part in (item.receiver_name, item.receiver_position) if part),
        exhibit=proof.exhibit if proof else "",
        open=case.is_open and (item.result == "dikirim" or unproved),
    )


def _letters(case: CaseFile, language: str) -> list[tuple[str, str]]:
    """Return the letters that can be delivered, newest first."""
    return [
        (
            str(event.seq),
            spoken_template(
                N_("{document} tanggal {day}"), {"document": event.label, "day": event.on}, language
            ),
        )
        for event in reversed(case.steps)
        if event.step in DELIVERED_ACTIONS
    ]


def _receipts(case: CaseFile) -> list[tuple[str, str]]:
    return [
        (str(item.id), f"{item.exhibit} {item.title}")
        for item in reversed(case.evidence)
        if item.kind is Proof.RECEIPT
    ]
