"""/imports, /snapshots: send extracts, watch them being judged, read what was rejected and why."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from fastapi import File, Form, Response, UploadFile
from fastapi import Path as PathParameter
from fastapi.responses import StreamingResponse

from app.calculations.schemas import DayText
from app.errors import NotFound
from app.registry import queries, service
from app.registry.snapshots import TABLES
from app.web import bodies
from app.web.api.operation import (
    PrincipalDep,
    TodayDep,
    change,
    may,
    operations,
)
from app.web.api.v1.import_documents import ImportDocument, RejectionDocument, SnapshotDocument
from app.web.api.v1.shapes import Cursor, Limit, PageOf, numbered_page
from app.web.deps import ContextDep, NowDep, PathId, SessionDep
from app.web.downloads import attachment, record_download

router = operations("imports")
uploads = operations("imports", largest_body=bodies.EXTRACTS)

PIECE = 1 << 20


@uploads.post(
    "/imports",
    summary="Mengirim berkas ekstrak",
    status_code=202,
    dependencies=change("registry.import"),
)
def request_import(
    files: Annotated[
        list[UploadFile],
        File(description="CSV, XLSX, atau Parquet; nama berkas atau lembar adalah nama tabel."),
    ],
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    now: NowDep,
    today: TodayDep,
    response: Response,
    as_of: Annotated[
        DayText | None, Form(description="Hari yang digambarkan ekstrak; bawaan hari ini.")
    ] = None,
) -> ImportDocument:
    """Diperiksa di latar; ikuti kemajuannya pada alamat di tajuk `Location`."""
    view = service.request_import(
        session,
        principal=principal,
        store=context.store,
        uploads=[service.Upload(name=one.filename or "", source=one.file) for one in files],
        as_of=as_of or today,
        now=now,
    )
    response.headers["Location"] = f"/api/v1/imports/{view.id}"
    return ImportDocument.of(view)


@router.get("/imports", summary="Daftar impor", dependencies=may("imports.read"))
def list_imports(
    session: SessionDep, principal: PrincipalDep, limit: Limit = 50, cursor: Cursor = None
) -> PageOf[ImportDocument]:
    page = queries.imports(session, principal=principal, limit=limit, cursor=cursor)
    return PageOf(items=[ImportDocument.of(view) for view in page.items], next=page.next)


@router.get(
    "/imports/{import_id}", summary="Kemajuan dan laporan", dependencies=may("imports.read")
)
def show_import(import_id: PathId, session: SessionDep, principal: PrincipalDep) -> ImportDocument:
    view = queries.import_run(session, principal=principal, run_id=import_id)
    return ImportDocument.of(view)


@router.get(
    "/imports/{import_id}/rejected",
    summary="Baris yang ditolak, dengan sebabnya",
    dependencies=may("imports.read"),
)
def list_rejected(
    import_id: PathId,
    session: SessionDep,
    principal: PrincipalDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[RejectionDocument]:
    """Seribu yang pertama; seluruhnya ada pada berkas CSV setiap tabel."""
    view = queries.import_run(session, principal=principal, run_id=import_id)
    rows: list[dict[str, str | int]] = list(view.report.get("rejected", ()))  # type: ignore[call-overload]
    page = numbered_page(rows, limit=limit, cursor=cursor)
    return PageOf(items=[RejectionDocument.of(row) for row in page.items], next=page.next)


@router.get(
    "/imports/{import_id}/rejected/{table}.csv",
    summary="Baris yang ditolak sebagai berkas untuk diperbaiki",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}}},
    dependencies=may("imports.read"),
)
def download_rejected(
    import_id: PathId,
    table: Annotated[str, PathParameter(pattern=f"^({'|'.join(TABLES)})$", examples=[TABLES[1]])],
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    now: NowDep,
) -> StreamingResponse:
    """Tata letak yang sama dengan sebabnya di depan; perbaiki lalu kirim kembali."""
    view = queries.import_run(session, principal=principal, run_id=import_id)
    folder = service.rejects_dir(service.folders(context.settings), view.id)
    path = folder / f"{table}.csv"
    if not path.is_file():
        raise NotFound("Tidak ada baris {table} yang ditolak pada impor ini.", table=table)
    record_download(
        session,
        principal=principal,
        subject=f"import:{view.id}/{table}",
        office=view.office,
        now=now,
    )
    return attachment(
        _pieces(path),
        name=f"ditolak-{view.id}-{table}.csv",
        media_type="text/csv; charset=utf-8",
        size=path.stat().st_size,
    )


@router.get("/snapshots", summary="Daftar snapshot", dependencies=may("imports.read"))
def list_snapshots(
    session: SessionDep, limit: Limit = 50, cursor: Cursor = None
) -> PageOf[SnapshotDocument]:
    page = queries.snapshots(session, limit=limit, cursor=cursor)
    return PageOf(items=[SnapshotDocument.of(view) for view in page.items], next=page.next)


@router.get("/snapshots/{snapshot_id}", summary="Satu snapshot", dependencies=may("imports.read"))
def show_snapshot(
    snapshot_id: Annotated[str, PathParameter(pattern="^[0-9a-f]{16}$")], session: SessionDep
) -> SnapshotDocument:
    return SnapshotDocument.of(queries.snapshot_by_id(session, snapshot_id))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
