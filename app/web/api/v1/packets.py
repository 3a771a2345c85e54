"""/referrals, /packets: fix the figures, approve, seal, download."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from app.calculations.schemas import DayText
from app.cases.defects import Severity
from app.packets import queries, service
from app.packets.dossier import Agreement
from app.packets.schemas import LetterChoice, PacketView, ReferralStatus
from app.web.api.operation import LanguageDep, PrincipalDep, TodayDep, change, may, operations
from app.web.api.v1.case_judgements import DefectDocument
from app.web.api.v1.shapes import Answer, Code, Cursor, Id, Limit, PageOf, Request, Word
from app.web.deps import ContextDep, NowDep, PathId, SessionDep
from app.web.downloads import attachment
from app.web.preconditions import ExpectedVersion, etag, require_version

router = operations("packets")

EXAMPLE: JsonDict = {"case_id": 1, "cutoff": "2026-10-31"}
CaseQuery = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Hanya kasus ini.")]


class AgreementSent(Request):
    """Perjanjian kerja sama dengan kejaksaan."""

    number: Code
    signed_on: DayText
    valid_until: DayText | None = None


class LetterSent(Request):
    """Nomor kosong: diberi nomor otomatis. `criminal_clause` pilihan yang dicatat."""

    number: Word = ""
    on: DayText | None = None
    nature: Word = "Segera"
    agreement: AgreementSent | None = None
    criminal_clause: bool = False

    def choice(self) -> LetterChoice:
        given = self.agreement
        return LetterChoice(
            number=self.number,
            on=self.on,
            nature=self.nature,
            agreement=None
            if given is None
            else Agreement(
                number=given.number, signed_on=given.signed_on, valid_until=given.valid_until
            ),
            criminal_clause=self.criminal_clause,
        )


class ReferralSent(Request):
    """`cutoff` hari terakhir yang dihitung, termasuk hari itu."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    case_id: Id
    cutoff: DayText
    letter: LetterSent = Field(default_factory=LetterSent)


class PacketSent(Request):
    """Angka dan surat seperti yang disetujui untuk `cutoff` itu."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    case_id: Id
    cutoff: DayText
    letter: LetterSent = Field(default_factory=LetterSent)


class ReferralDocument(Answer):
    """Persetujuan terikat pada `basis_sha256`: semua yang akan dicetak."""

    id: int
    case_id: int
    office_code: str
    cutoff: date
    status: ReferralStatus
    letter_number: str
    letter_on: date
    basis_sha256: str
    prepared_by: str
    prepared_at: datetime
    approved_by: str
    approved_at: datetime | None
    version: int


class PacketFileDocument(Answer):
    """`name` jalurnya di dalam berkas; unduh di `/packets/{id}/files/{name}`."""

    name: str
    sha256: str
    size: int
    media_type: str


class PacketDocument(Answer):
    """Berkas bersegel tidak pernah berubah; `superseded_by` nomor berkas yang lebih baru.

    `on_record`: penyegelannya sudah menjadi langkah kasus, oleh orang yang bernama. `withdrawn`:
    rujukannya dicabut sesudah itu; berkas ini tidak berlaku lagi.
    """

    id: int
    number: str
    case_id: int
    office_code: str
    cutoff: date
    version: int
    pages: int
    pdf_size: int
    pdf_sha256: str
    content_sha256: str
    check_code: str
    total: int
    files: list[PacketFileDocument]
    sealed_at: datetime
    sealed_by: str
    superseded_by: str
    on_record: bool
    withdrawn: bool
    already: bool


class SealedDocument(PacketDocument):
    """Jawaban penyegelan. `cautions`: cacat yang masih dapat diperbaiki; tidak menghalangi."""

    cautions: list[DefectDocument]


@router.get("/referrals", summary="Daftar rujukan", dependencies=may("packets.read"))
def list_referrals(
    session: SessionDep,
    principal: PrincipalDep,
    case_id: CaseQuery = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[ReferralDocument]:
    page = queries.referrals(
        session, principal=principal, case_id=case_id, limit=limit, cursor=cursor
    )
    return PageOf(
        items=[ReferralDocument.model_validate(item) for item in page.items], next=page.next
    )


@router.post(
    "/referrals",
    summary="Menyusun rujukan",
    status_code=201,
    dependencies=change("packets.prepare"),
)
def prepare_referral(
    document: ReferralSent,
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    now: NowDep,
    today: TodayDep,
    response: Response,
) -> ReferralDocument:
    """Mengunci surat dan angka pada `cutoff` untuk disetujui orang kedua.

    Kasus yang belum lengkap tetap `draft`. Bila disusun lagi dan isinya berubah, persetujuan gugur.
    """
    made = service.prepare(
        session,
        principal=principal,
        case=document.case_id,
        cutoff=document.cutoff,
        letter=document.letter.choice(),
        snapshots_dir=context.settings.snapshots_dir,
        on=today,
        now=now,
    )
    response.headers["Location"] = f"/api/v1/referrals/{made.id}"
    response.headers["ETag"] = etag(made.version)
    return ReferralDocument.model_validate(made)


@router.get("/referrals/{referral_id}", summary="Satu rujukan", dependencies=may("packets.read"))
def show_referral(
    referral_id: PathId, session: SessionDep, principal: PrincipalDep, response: Response
) -> ReferralDocument:
    found = queries.referral(session, principal=principal, referral_id=referral_id)
    response.headers["ETag"] = etag(found.version)
    return ReferralDocument.model_validate(found)


@router.post(
    "/referrals/{referral_id}/approval",
    summary="Menyetujui rujukan",
    dependencies=change("packets.approve"),
)
def approve_referral(
    referral_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    expected: ExpectedVersion,
    now: NowDep,
    today: TodayDep,
    response: Response,
) -> ReferralDocument:
    """Penyusun tidak boleh menyetujui rujukannya sendiri."""
    found = queries.referral(session, principal=principal, referral_id=referral_id)
    require_version(expected=expected, actual=found.version)
    made = service.approve(
        session,
        principal=principal,
        referral_id=referral_id,
        snapshots_dir=context.settings.snapshots_dir,
        on=today,
        now=now,
    )
    response.headers["ETag"] = etag(made.version)
    return ReferralDocument.model_validate(made)


@router.get("/packets", summary="Daftar berkas bersegel", dependencies=may("packets.read"))
def list_packets(
    session: SessionDep,
    principal: PrincipalDep,
    case_id: CaseQuery = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[PacketDocument]:
    page = queries.packets(
        session, principal=principal, case_id=case_id, limit=limit, cursor=cursor
    )
    return PageOf(
        items=[PacketDocument.model_validate(item) for item in page.items], next=page.next
    )


@router.post(
    "/packets",
    summary="Menyegel berkas rujukan",
    status_code=201,
    dependencies=change("packets.prepare"),
    responses={200: {"model": SealedDocument, "description": "Sudah disegel sebelumnya"}},
)
def build_packet(
    document: PacketSent,
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    now: NowDep,
    today: TodayDep,
    response: Response,
    language: LanguageDep,
) -> SealedDocument:
    """Dikerjakan saat itu juga, biasanya beberapa detik. Isi yang sama memberi berkas yang sama.

    Yang belum lengkap, atau cacat yang menggugurkan perkara, dijawab 409; `errors` menyebut
    semuanya sekaligus.
    """
    made = service.build(
        session,
        principal=principal,
        case=document.case_id,
        cutoff=document.cutoff,
        store=context.store,
        snapshots_dir=context.settings.snapshots_dir,
        out_dir=None,
        on=today,
        now=now,
        letter=document.letter.choice(),
    )
    return _sealed(made, response, language)


@router.get("/packets/{packet_id}", summary="Satu berkas", dependencies=may("packets.read"))
def show_packet(packet_id: PathId, session: SessionDep, principal: PrincipalDep) -> PacketDocument:
    found = queries.packet(session, principal=principal, packet=packet_id)
    return PacketDocument.model_validate(found)


@router.get(
    "/packets/{packet_id}/files/{name:path}",
    summary="Mengunduh isi berkas",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}}},
    dependencies=may("packets.read"),
)
def download_packet_file(
    packet_id: PathId,
    name: Annotated[str, Path(min_length=1, max_length=300, examples=["berkas.pdf"])],
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    now: NowDep,
) -> StreamingResponse:
    """`<nomor>.pdf` untuk PDF-nya, `<nomor>.zip` untuk semuanya. Setiap unduhan dicatat."""
    file, pieces = service.download(
        session,
        principal=principal,
        packet=packet_id,
        name=name,
        store=context.store,
        now=now,
    )
    return attachment(
        pieces, name=file.name.rsplit("/", 1)[-1], media_type=file.media_type, size=file.size
    )


def _sealed(made: PacketView, response: Response, language: str) -> SealedDocument:
    response.status_code = 200 if made.already else 201
    response.headers["Location"] = f"/api/v1/packets/{made.id}"
    return SealedDocument(
        **PacketDocument.model_validate(made).model_dump(),
        cautions=[
            DefectDocument.of(item, language)
            for item in made.defects
            if item.severity is Severity.REPAIRABLE
        ],
    )
