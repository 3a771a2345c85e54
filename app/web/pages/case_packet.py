"""The referral packet of a case: is it complete, seal it, download it, check its hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts.schemas import Principal, SignedIn
from app.cases.defects import Severity
from app.cases.schemas import CaseFile, Stage
from app.infra.wording import N_
from app.packets import queries, service
from app.packets.content import CompletenessStatus
from app.packets.readiness import readiness
from app.packets.schemas import DEFAULT_LETTER, PacketView, ReferralView
from app.web.addresses import address_of
from app.web.context import WebContext
from app.web.deps import ContextDep, NowDep, PathId, SessionDep, legal_day, person
from app.web.downloads import attachment
from app.web.pages.answers import see
from app.web.pages.case import addresses_of, case_of
from app.web.pages.case_views import Tab, case_due, tabs
from app.web.pages.defect_views import DefectLine, defect_lines
from app.web.pages.due import Due
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.rendering import page_language, render_page
from app.web.spoken import spoken

router = APIRouter(prefix="/kasus/{number}/rujukan")
READ = person("packets.read")
PREPARE = person("packets.prepare")
APPROVE = person("packets.approve")

SHOWN: Final = 20
# fmt: off
ROW_STATES: Final[Mapping[CompletenessStatus, tuple[str, str]]] = {
    "ada":         (N_("ada"),          "green"),
    "tidak_perlu": (N_("tidak perlu"),  ""),
    "kemudian":    (N_("menyusul"),     "blue"),
    "belum":       (N_("belum ada"),    "orange"),
}
REFERRAL_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "draft":    (N_("konsep, belum lengkap"),  "orange"),
    "proposed": (N_("menunggu persetujuan"),   "yellow"),
    "approved": (N_("disetujui"),              "green"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class SheetRow:
    title: str
    reference: str
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class FileLink:
    words: str
    address: str
    size: int


@dataclass(frozen=True, slots=True)
class PacketCard:
    """One sealed packet; `may_record`: this person can make its sealing a step of the case."""

    number: str
    cutoff: date
    sealed_at: datetime
    sealed_by: str
    pages: int
    size: int
    sha256: str
    check_code: str
    superseded_by: str
    on_record: bool
    withdrawn: bool
    may_record: bool
    pdf: FileLink
    whole: str
    files: tuple[FileLink, ...]


@dataclass(frozen=True, slots=True)
class ReferralCard:
    id: int
    cutoff: date
    letter_number: str
    status: str
    tone: str
    prepared_by: str
    approved_by: str
    may_approve: bool


@dataclass(frozen=True, slots=True)
class PacketPage:
    case: CaseFile
    due: Due | None
    tabs: tuple[Tab, ...]
    cutoff: date
    rows: tuple[SheetRow, ...]
    missing: tuple[str, ...]
    defects: tuple[DefectLine, ...]
    fatal: int
    referral_approved: bool
    packets: tuple[PacketCard, ...]
    referrals: tuple[ReferralCard, ...]
    may_prepare: bool
    today: date


@router.get("", name="page:case_packet")
def packet_page(
    request: Request,
    number: str,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    case = case_of(session, found.principal, number)
    form = blank(cutoff=legal_day(found.principal))
    return _page(request, session, context, found.principal, case, form=form, status=200)


@router.post("", name="page:build_packet")
def build(
    request: Request,
    number: str,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(PREPARE)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        cutoff = reader.day("cutoff", N_("Isi tanggal batas perhitungan."))
        reader.check()
        made = service.build(
            session,
            principal=found.principal,
            case=number,
            cutoff=cutoff,
            store=context.store,
            snapshots_dir=context.settings.snapshots_dir,
            out_dir=None,
            on=legal_day(found.principal),
            now=now,
        )
        return see(
            request, "case_packet", number=number, notice="segel-lama" if made.already else "segel"
        )
    form = refilled(data, outcome.no, page_language(request))
    case = case_of(session, found.principal, number)
    return _page(request, session, context, found.principal, case, form=form, status=outcome.status)


@router.post("/siapkan", name="page:prepare_referral")
def prepare(
    request: Request,
    number: str,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(PREPARE)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        cutoff = reader.day("cutoff", N_("Isi tanggal batas perhitungan."))
        reader.check()
        service.prepare(
            session,
            principal=found.principal,
            case=number,
            cutoff=cutoff,
            letter=DEFAULT_LETTER,
            snapshots_dir=context.settings.snapshots_dir,
            on=legal_day(found.principal),
            now=now,
        )
        return see(request, "case_packet", number=number, notice="rujukan")
    form = refilled(data, outcome.no, page_language(request))
    case = case_of(session, found.principal, number)
    return _page(request, session, context, found.principal, case, form=form, status=outcome.status)


@router.post("/{referral_id}/setujui", name="page:approve_referral")
def approve(
    request: Request,
    number: str,
    referral_id: PathId,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(APPROVE)],
) -> Response:
    with attempt(session) as outcome:
        service.approve(
            session,
            principal=found.principal,
            referral_id=referral_id,
            snapshots_dir=context.settings.snapshots_dir,
            on=legal_day(found.principal),
            now=now,
        )
        return see(request, "case_packet", number=number, notice="rujukan-setuju")
    form = refilled(data, outcome.no, page_language(request))
    case = case_of(session, found.principal, number)
    return _page(request, session, context, found.principal, case, form=form, status=outcome.status)


@router.get("/konsep", name="page:packet_draft")
def draft(
    request: Request,
    number: str,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(PREPARE)],
) -> Response:
    today = legal_day(found.principal)
    cutoff = Reader(request.query_params).optional_day("cutoff") or today
    made = service.draft(
        session,
        principal=found.principal,
        case=number,
        cutoff=cutoff,
        snapshots_dir=context.settings.snapshots_dir,
        on=today,
    )
    return attachment(
        iter(BytesIO(made.pdf)),
        name=f"KONSEP-{number}-{cutoff.isoformat()}.pdf",
        media_type="application/pdf",
        size=len(made.pdf),
    )


@router.get("/{packet}/berkas/{name:path}", name="page:packet_file")
def packet_file(
    number: str,
    packet: str,
    name: str,
    session: SessionDep,
    context: ContextDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    case_of(session, found.principal, number)
    file, pieces = service.download(
        session,
        principal=found.principal,
        packet=packet,
        name=name,
        store=context.store,
        now=now,
    )
    return attachment(
        pieces, name=file.name.rsplit("/", 1)[-1], media_type=file.media_type, size=file.size
    )


def _page(
    request: Request,
    session: Session,
    context: WebContext,
    principal: Principal,
    case: CaseFile,
    *,
    form: Form,
    status: int,
) -> Response:
    language, today = page_language(request), legal_day(principal)
    cutoff = min(_cutoff_typed(form) or today, today)
    ready = readiness(
        session,
        principal=principal,
        case=case.id,
        cutoff=cutoff,
        snapshots_dir=context.settings.snapshots_dir,
        on=today,
    )
    packets = queries.packets(
        session, principal=principal, case_id=case.id, limit=SHOWN, cursor=None
    )
    referrals = queries.referrals(
        session, principal=principal, case_id=case.id, limit=SHOWN, cursor=None
    )
    view = PacketPage(
        case=case,
        due=case_due(case, today=today),
        tabs=tabs(case, addresses=addresses_of(request, case), current="packet"),
        cutoff=cutoff,
        rows=tuple(
            SheetRow(row.title, row.reference, *ROW_STATES[row.status]) for row in ready.rows
        ),
        missing=tuple(spoken(problem, language) for problem in ready.missing),
        defects=defect_lines(ready.defects, language),
        fatal=sum(item.severity is Severity.FATAL for item in ready.defects),
        referral_approved=ready.referral_approved,
        packets=tuple(_packet_card(request, case, item, principal) for item in packets.items),
        referrals=tuple(_referral_card(item, principal) for item in referrals.items),
        may_prepare=principal.may("packets.prepare"),
        today=today,
    )
    return render_page(
        request, "pages/cases/packet.html", {"view": view, "form": form}, status=status
    )


def _cutoff_typed(form: Form) -> date | None:
    try:
        return date.fromisoformat(form.value("cutoff"))
    except ValueError:
        return None


def _packet_card(
    request: Request, case: CaseFile, packet: PacketView, principal: Principal
) -> PacketCard:
    def address(name: str) -> str:
        return address_of(
            request, "packet_file", number=case.number, packet=packet.number, name=name
        )

    return PacketCard(
        number=packet.number,
        cutoff=packet.cutoff,
        sealed_at=packet.sealed_at,
        sealed_by=packet.sealed_by,
        pages=packet.pages,
        size=packet.pdf_size,
        sha256=packet.pdf_sha256,
        check_code=packet.check_code,
        superseded_by=packet.superseded_by,
        on_record=packet.on_record,
        withdrawn=packet.withdrawn,
        may_record=not packet.on_record
        and not packet.superseded_by
        and case.stage is Stage.REFERRAL
        and principal.may("packets.prepare"),
        pdf=FileLink("PDF", address(packet.pdf_name), packet.pdf_size),
        whole=address(f"{packet.number}.zip"),
        files=tuple(
            FileLink(file.name, address(file.name), file.size)
            for file in packet.files
            if file.name != packet.pdf_name
        ),
    )


def _referral_card(referral: ReferralView, principal: Principal) -> ReferralCard:
    words, tone = REFERRAL_STATES[referral.status]
    return ReferralCard(
        id=referral.id,
        cutoff=referral.cutoff,
        letter_number=referral.letter_number,
        status=words,
        tone=tone,
        prepared_by=referral.prepared_by,
        approved_by=referral.approved_by,
        may_approve=referral.status == "proposed" and principal.may("packets.approve"),
    )
