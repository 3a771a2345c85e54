"""/retention: cohorts of a snapshot, why they ended, targets; computed, and computed again."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import ConfigDict, Field

from app.cases import workdays
from app.detection import cohorts, figures, queries, statistics
from app.detection.cohorts import CohortFilter, CohortRow
from app.detection.disclosure import Share, State
from app.detection.retention import DEFINITION
from app.detection.statistics import StatisticView
from app.errors import NotFound
from app.web.api.operation import PrincipalDep, change, may, operations
from app.web.api.v1.employers import wanted_snapshot
from app.web.api.v1.shapes import Answer, Request, StandingDocument
from app.web.deps import ContextDep, NowDep, SessionDep

router = operations("statistics")

# What cohorts are asked by, here and in the list of those who left.
OfSnapshot = Annotated[
    str | None,
    Query(pattern="^[0-9a-f]{16}$", description="Snapshot; bawaan: data terbaru."),
]
Basis = Annotated[
    Literal["perdana", "pemberi_kerja"],
    Query(description="Kepesertaan pertama di mana pun, atau pada pemberi kerja itu."),
]
OfOffice = Annotated[str, Query(max_length=20, description="Kode kantor cabang.")]
OfSector = Annotated[str, Query(max_length=2, description="Divisi KBLI, dua angka.")]
OfScale = Annotated[str, Query(max_length=20, description="Skala usaha.")]
OfChannel = Annotated[
    str, Query(max_length=20, description="Kanal pendaftaran kepesertaan pertama.")
]
OfYear = Annotated[int, Query(ge=0, le=9999, description="Tahun pendaftaran; 0: semua.")]


class ActiveShareDocument(Answer):
    """`active` dari `enrolled`; keduanya null bila `state` bukan `ada`."""

    state: State
    active: int | None
    enrolled: int | None
    per_mille: int | None

    @classmethod
    def of(cls, share: Share) -> "ActiveShareDocument":
        return cls(
            state=share.state,
            active=share.active,
            enrolled=share.enrolled,
            per_mille=share.per_mille,
        )


class CohortDocument(Answer):
    """`key` bulan, kode kantor, divisi KBLI, skala, atau kanal; `after` menurut banyaknya bulan."""

    key: str
    enrolled: int | None
    after: dict[str, ActiveShareDocument]

    @classmethod
    def of(cls, row: CohortRow) -> "CohortDocument":
        return cls(
            key=row.key,
            enrolled=row.enrolled,
            after={
                str(months): ActiveShareDocument.of(share) for months, share in row.shares.items()
            },
        )


class YearDocument(Answer):
    """`one_in_tenths`: N dari 1 banding N yang masih aktif pada 31 Desember, dalam persepuluhan."""

    year: int
    enrolled: int | None
    share: ActiveShareDocument
    one_in_tenths: int | None
    target_one_in: Decimal | None
    target_basis: str | None


class EndingDocument(Answer):
    """Sebab berakhirnya kepesertaan terakhir; null: kelompok terlalu kecil untuk ditampilkan."""

    reason: str
    people: int | None
    elsewhere: int | None
    at_work: int | None
    here: int | None


class RunAgainDocument(Answer):
    """Terakhir kali dihitung ulang: oleh rilis mana, dan apakah hasilnya sama."""

    release: str
    same: bool
    run_at: datetime


class StatisticDocument(Answer):
    """Yang menjadi dasar setiap angka; dihitung ulang dengan dasar yang sama, hasilnya sama.

    `release`: rilis program yang menghitungnya, null bila belum dicatat waktu itu.
    """

    snapshot_id: str
    definition: int
    on: date
    terms: dict[str, str | int]
    sha256: str
    computed_at: datetime
    release: str | None
    run_again: RunAgainDocument | None

    @classmethod
    def of(cls, view: StatisticView) -> "StatisticDocument":
        return cls(
            snapshot_id=view.snapshot_id,
            definition=view.definition,
            on=view.terms.on,
            terms=view.terms.as_json(),
            sha256=view.sha256,
            computed_at=view.computed_at,
            release=view.release or None,
            run_again=view.run_again and RunAgainDocument.model_validate(view.run_again),
        )


class RetentionDocument(Answer):
    """NIK dibaca persis seperti tertulis.

    `workers_linked`: banyaknya NIK pada daftar lembaga lain yang oleh pencarian temuan terakhir
    atas snapshot itu ditautkan kepada peserta dan tidak ikut dihitung; null: belum ada.
    """

    statistic: StatisticDocument
    workers_linked: int | None
    rows: list[CohortDocument]
    total: CohortDocument
    years: list[YearDocument]
    active: int | None
    endings: list[EndingDocument]


class RetentionAsked(Request):
    """Tanpa `snapshot_id`: snapshot terakhir."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})

    snapshot_id: Annotated[str | None, Field(pattern="^[0-9a-f]{16}$")] = None


class RetentionSent(RetentionAsked):
    """Seperti `RetentionAsked`. Definisi lama hanya dihitung ulang."""

    definition: Annotated[int, Field(ge=1, le=DEFINITION)] = DEFINITION


class RerunDocument(Answer):
    """`first`: belum pernah dihitung. `same`: hasilnya sama dengan yang tersimpan."""

    statistic: StatisticDocument
    first: bool
    same: bool


@router.get("/retention", summary="Retensi peserta", dependencies=may("registry.read"))
def show_retention(
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    *,
    snapshot: OfSnapshot = None,
    basis: Basis = "perdana",
    by: Annotated[cohorts.By, Query(description="Rincian menurut apa.")] = "bulan",
    office: OfOffice = "",
    sector: OfSector = "",
    scale: OfScale = "",
    channel: OfChannel = "",
    year: OfYear = 0,
    definition: Annotated[
        int | None,
        Query(ge=1, le=DEFINITION, description="Versi definisi; bawaan: terbaru yang tersimpan."),
    ] = None,
) -> RetentionDocument:
    """Sasaran hanya untuk kepesertaan pertama tanpa saringan sektor, skala, dan kanal."""
    statistic = (
        statistics.latest_retention(session, principal=principal, definition=definition)
        if snapshot is None
        else statistics.retention_of(
            session, principal=principal, snapshot_id=snapshot, definition=definition
        )
    )
    if statistic is None:
        raise NotFound("Retensi belum dihitung; hitung lebih dahulu.")
    asked = CohortFilter(
        basis=basis,
        by=by,
        office=office,
        sector=sector,
        scale=scale,
        channel=channel,
        year=year,
    )
    cells = statistics.cells_file(context.settings.snapshots_dir, statistic)
    found = cohorts.cohorts(principal, cells=cells, asked=asked)
    targets = (
        statistics.targets(
            session, principal=principal, office_code=office or principal.office_code
        )
        if asked.has_target
        else {}
    )
    return RetentionDocument(
        statistic=StatisticDocument.of(statistic),
        workers_linked=queries.workers_linked(session, snapshot_id=statistic.snapshot_id),
        rows=[CohortDocument.of(row) for row in found.rows],
        total=CohortDocument.of(found.total),
        years=[
            YearDocument(
                year=row.year,
                enrolled=row.enrolled,
                share=ActiveShareDocument.of(row.share),
                one_in_tenths=row.share.one_in_tenths,
                target_one_in=target.one_in if (target := targets.get(row.year)) else None,
                target_basis=target.basis if target else None,
            )
            for row in found.years
        ],
        active=found.active,
        endings=[EndingDocument.model_validate(row) for row in found.endings],
    )


@router.post(
    "/retention",
    summary="Menghitung retensi, atau menghitungnya ulang",
    status_code=201,
    dependencies=change("detection.sweep"),
    responses={200: {"model": RerunDocument, "description": "Sudah ada; dihitung ulang"}},
)
def run_retention(
    document: RetentionSent,
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    now: NowDep,
    response: Response,
) -> RerunDocument:
    """Hasil yang tersimpan tidak pernah diganti; `same` menyatakan apakah hasilnya sama.

    Jawabannya menunggu hitungan selesai; untuk data besar pakai `/retention/requested`.
    """
    settings = context.settings
    rerun = statistics.compute_retention(
        session,
        principal=principal,
        snapshot=wanted_snapshot(session, document.snapshot_id),
        places=figures.Places(
            snapshots=settings.snapshots_dir,
            scratch=settings.scratch_dir,
            memory=settings.duckdb_memory,
        ),
        calendar=workdays.calendar(session),
        now=now,
        definition=document.definition,
    )
    if not rerun.first:
        response.status_code = 200
    return RerunDocument(
        statistic=StatisticDocument.of(rerun.statistic), first=rerun.first, same=rerun.same
    )


@router.post(
    "/retention/requested",
    summary="Meminta hitungan retensi di latar belakang",
    status_code=202,
    dependencies=change("detection.sweep"),
)
def request_retention(
    document: RetentionAsked, session: SessionDep, principal: PrincipalDep
) -> StandingDocument:
    """Untuk data besar: dikerjakan sesudah jawaban ini, satu per satu.

    Yang masih menunggu atau berjalan tidak diantrekan dua kali; yang terputus dimulai lagi. Yang
    sudah tersimpan dihitung ulang dan tidak pernah diganti.
    """
    snapshot = wanted_snapshot(session, document.snapshot_id)
    statistics.request_retention(session, principal=principal, snapshot_id=snapshot.id)
    return StandingDocument(state=statistics.requested(session, snapshot_id=snapshot.id))


@router.get(
    "/retention/requested",
    summary="Keadaan hitungan retensi yang diminta",
    dependencies=may("registry.read"),
)
def requested_retention(session: SessionDep, snapshot: OfSnapshot = None) -> StandingDocument:
    """Hasil yang selesai ada di `/retention`; `run_again` menyatakan hitungan ulangnya."""
    found = wanted_snapshot(session, snapshot)
    return StandingDocument(state=statistics.requested(session, snapshot_id=found.id))
