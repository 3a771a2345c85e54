"""/sweeps: run the rules over a snapshot, or see what a run would change."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Response
from pydantic import ConfigDict, Field

from app.calculations.schemas import DayText
from app.cases import workdays
from app.detection import queries, service
from app.detection.schemas import SweepReport
from app.detection.sources import LONGEST_REASON
from app.web.api.operation import PrincipalDep, TodayDep, change, may, operations
from app.web.api.v1.employers import wanted_snapshot
from app.web.api.v1.shapes import Answer, Cursor, Limit, PageOf, Request, StandingDocument
from app.web.deps import ContextDep, NowDep, SessionDep

router = operations("sweeps")


class SweepAsked(Request):
    """Tanpa `snapshot_id`: snapshot terakhir. Tanpa `on`: hari ini.

    `accept_loss`: alasan mengapa susutnya suatu sumber memang benar; tanpanya sapuan berhenti.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"on": "2026-11-20"}]})

    snapshot_id: Annotated[str | None, Field(pattern="^[0-9a-f]{16}$")] = None
    on: DayText | None = None
    accept_loss: Annotated[str, Field(max_length=LONGEST_REASON)] = ""


class SweepSent(SweepAsked):
    """Seperti `SweepAsked`; `dry_run` tidak menyimpan."""

    dry_run: bool = False


class CountsDocument(Answer):
    """`new` + `still` ditemukan sekarang; `gone` ditemukan sebelumnya dan sekarang tidak."""

    new: int
    still: int
    gone: int


class SourceDocument(Answer):
    """Isi satu sumber; `source` kosong untuk tabel registrasi sendiri, yang tidak bertanggal."""

    table: str
    source: str
    rows: int
    newest_on: date | None
    age_days: int | None


class SweepDocument(Answer):
    """Bentuk yang sama dengan `patuh sweep --json`. `notes`: yang perlu diketahui dahulu."""

    snapshot_id: str
    on: date
    rules: dict[str, CountsDocument]
    sources: list[SourceDocument]
    notes: list[str]

    @classmethod
    def of(cls, report: SweepReport) -> "SweepDocument":
        return cls.model_validate(report.as_json())


class SweepLine(Answer):
    """`rule_editions` memuat apa yang diubah orang pada tiap aturan saat itu."""

    id: int
    snapshot_id: str
    on: date
    recorded_at: datetime
    actor: str
    rules: dict[str, CountsDocument]
    rule_editions: dict[str, Any]


@router.get("/sweeps", summary="Sapuan yang tersimpan", dependencies=may("imports.read"))
def list_sweeps(session: SessionDep, limit: Limit = 50, cursor: Cursor = None) -> PageOf[SweepLine]:
    page = queries.sweeps(session, limit=limit, cursor=cursor)
    return PageOf(items=[SweepLine.model_validate(item) for item in page.items], next=page.next)


@router.post(
    "/sweeps",
    summary="Menjalankan aturan",
    status_code=201,
    dependencies=change("detection.sweep"),
    responses={200: {"model": SweepDocument, "description": "Percobaan; tidak ada yang disimpan"}},
)
def run_sweep(
    document: SweepSent,
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    now: NowDep,
    today: TodayDep,
    response: Response,
) -> SweepDocument:
    """Sapuan kedua atas snapshot dan hari yang sama tidak mengubah apa pun.

    Jawabannya menunggu sapuan selesai; untuk data besar pakai `/sweeps/requested`.
    """
    snapshot = wanted_snapshot(session, document.snapshot_id)
    on, settings = document.on or today, context.settings
    if document.dry_run:
        response.status_code = 200
        report = service.preview_sweep(
            session,
            principal=principal,
            snapshot=snapshot,
            snapshots_dir=settings.snapshots_dir,
            on=on,
            calendar=workdays.calendar(session),
            scratch=settings.scratch_dir,
            memory=settings.duckdb_memory,
        )
    else:
        report = service.sweep(
            session,
            principal=principal,
            snapshot=snapshot,
            snapshots_dir=settings.snapshots_dir,
            on=on,
            calendar=workdays.calendar(session),
            scratch=settings.scratch_dir,
            memory=settings.duckdb_memory,
            now=now,
            accepted_loss=document.accept_loss,
        )
    return SweepDocument.of(report)


@router.post(
    "/sweeps/requested",
    summary="Meminta sapuan di latar belakang",
    status_code=202,
    dependencies=change("detection.sweep"),
)
def request_sweep(
    document: SweepAsked,
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    now: NowDep,
    today: TodayDep,
) -> StandingDocument:
    """Untuk data besar: dikerjakan sesudah jawaban ini, satu per satu.

    Yang sama dan masih menunggu tidak diantrekan dua kali; yang terputus dimulai lagi.
    """
    settings = context.settings
    service.request_sweep(
        session,
        principal=principal,
        snapshot_id=wanted_snapshot(session, document.snapshot_id).id,
        on=document.on or today,
        now=now,
        snapshots_dir=settings.snapshots_dir,
        scratch=settings.scratch_dir,
        memory=settings.duckdb_memory,
        accepted_loss=document.accept_loss,
    )
    return StandingDocument(state=service.sweep_requested(session))


@router.get(
    "/sweeps/requested", summary="Keadaan sapuan yang diminta", dependencies=may("imports.read")
)
def requested_sweep(session: SessionDep) -> StandingDocument:
    """Sapuan yang selesai ada di `/sweeps`."""
    return StandingDocument(state=service.sweep_requested(session))
