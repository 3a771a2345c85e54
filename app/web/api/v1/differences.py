"""/snapshots/{id}/differences: what happened since an earlier one, in total and by employer."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import ConfigDict, Field

from app.detection import between, figures
from app.detection.figures import Figure
from app.detection.movements import DEFINITION
from app.web.api.operation import PrincipalDep, change, may, operations
from app.web.api.v1.shapes import Answer, Cursor, Limit, Request, StandingDocument
from app.web.deps import ContextDep, NowDep, SessionDep

router = operations("statistics")

SnapshotId = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]
Before = Annotated[
    str, Query(alias="from", pattern="^[0-9a-f]{16}$", description="Snapshot yang lebih lama.")
]


class MovedEmployer(Answer):
    """`counts` menurut nama; uang dalam rupiah, koreksi negatif bila berkurang."""

    npp: str
    nama: str
    counts: dict[str, int]


class FigureDocument(Answer):
    """Dasar hasil: definisi, kedua snapshot, dan sidik hasilnya."""

    before: str
    after: str
    definition: int
    sha256: str
    computed_at: datetime

    @classmethod
    def of(cls, figure: Figure) -> "FigureDocument":
        return cls(
            before=str(figure.terms["before"]),
            after=figure.snapshot_id,
            definition=figure.definition,
            sha256=figure.sha256,
            computed_at=figure.computed_at,
        )


class DifferencesDocument(Answer):
    """`total` atas semua pemberi kerja dalam wilayah kerja; `items` satu halaman menurut NPP."""

    figure: FigureDocument
    before_as_of: date
    after_as_of: date
    employers: int
    corrected: int
    total: dict[str, int]
    items: list[MovedEmployer]
    next: str | None


class DifferencesSent(Request):
    """Snapshot yang lebih lama; yang lebih baru ada pada alamatnya.

    Definisi lama hanya dihitung ulang.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"from": "0123456789abcdef"}]})

    before: Annotated[str, Field(alias="from", pattern="^[0-9a-f]{16}$")]
    definition: Annotated[int, Field(ge=1, le=DEFINITION)] = DEFINITION


class DifferencesRerun(Answer):
    """`first`: belum pernah dihitung. `same`: hasilnya sama dengan yang tersimpan."""

    figure: FigureDocument
    first: bool
    same: bool


@router.get(
    "/snapshots/{snapshot_id}/differences",
    summary="Selisih terhadap snapshot yang lebih lama",
    dependencies=may("registry.read"),
)
def show_differences(
    snapshot_id: SnapshotId,
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    before: Before,
    npp: Annotated[str, Query(max_length=200, description="Hanya pemberi kerja ini.")] = "",
    limit: Limit = 50,
    cursor: Cursor = None,
    definition: Annotated[
        int | None,
        Query(ge=1, le=DEFINITION, description="Versi definisi; bawaan: terbaru yang tersimpan."),
    ] = None,
) -> DifferencesDocument:
    pair = between.two(session, before_id=before, after_id=snapshot_id)
    figure = between.movement_known(session, principal=principal, pair=pair, definition=definition)
    file = figures.result_file(context.settings.snapshots_dir, figure)
    summed = between.summary(principal, file=file)
    page = between.everyone(principal, file=file, limit=limit, cursor=cursor, npp=npp)
    return DifferencesDocument(
        figure=FigureDocument.of(figure),
        before_as_of=pair.before.as_of,
        after_as_of=pair.after.as_of,
        employers=summed.employers,
        corrected=summed.corrected,
        total=dict(summed.counts),
        items=[MovedEmployer.model_validate(one) for one in page.items],
        next=page.next,
    )


@router.post(
    "/snapshots/{snapshot_id}/differences",
    summary="Menghitung selisih, atau menghitungnya ulang",
    status_code=201,
    dependencies=change("detection.sweep"),
    responses={200: {"model": DifferencesRerun, "description": "Sudah ada; dihitung ulang"}},
)
def run_differences(
    snapshot_id: SnapshotId,
    document: DifferencesSent,
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    now: NowDep,
    response: Response,
) -> DifferencesRerun:
    """Hasil yang tersimpan tidak pernah diganti; `same` menyatakan apakah hasilnya sama.

    Jawabannya menunggu hitungan selesai; untuk data besar pakai
    `/snapshots/{snapshot_id}/differences/requested`.
    """
    settings = context.settings
    settled = between.compute_movement(
        session,
        principal=principal,
        pair=between.two(session, before_id=document.before, after_id=snapshot_id),
        places=figures.Places(
            snapshots=settings.snapshots_dir,
            scratch=settings.scratch_dir,
            memory=settings.duckdb_memory,
        ),
        now=now,
        definition=document.definition,
    )
    if not settled.first:
        response.status_code = 200
    return DifferencesRerun(
        figure=FigureDocument.of(settled.figure), first=settled.first, same=settled.same
    )


@router.post(
    "/snapshots/{snapshot_id}/differences/requested",
    summary="Meminta hitungan selisih di latar belakang",
    status_code=202,
    dependencies=change("detection.sweep"),
)
def request_differences(
    snapshot_id: SnapshotId, document: DifferencesSent, session: SessionDep, principal: PrincipalDep
) -> StandingDocument:
    """Untuk data besar: dikerjakan sesudah jawaban ini, satu per satu.

    Yang masih menunggu atau berjalan tidak diantrekan dua kali; yang terputus dimulai lagi. Yang
    sudah tersimpan dihitung ulang dan tidak pernah diganti.
    """
    pair = between.two(session, before_id=document.before, after_id=snapshot_id)
    between.request_movement(session, principal=principal, pair=pair)
    return StandingDocument(state=between.requested(session, pair=pair))


@router.get(
    "/snapshots/{snapshot_id}/differences/requested",
    summary="Keadaan hitungan selisih yang diminta",
    dependencies=may("registry.read"),
)
def requested_differences(
    snapshot_id: SnapshotId, session: SessionDep, before: Before
) -> StandingDocument:
    """Hasil yang selesai ada di `/snapshots/{snapshot_id}/differences`."""
    pair = between.two(session, before_id=before, after_id=snapshot_id)
    return StandingDocument(state=between.requested(session, pair=pair))
