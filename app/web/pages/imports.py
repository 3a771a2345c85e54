"""Bringing extracts in: upload, progress, the report, the rejected rows to fix and send again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.schemas import Principal, SignedIn
from app.detection import queries as detection
from app.detection import service as sweeps
from app.detection.schemas import RULE_CODES, SweepView
from app.detection.sources import FIELD as ACCEPT_LOSS
from app.errors import NotFound
from app.infra.queue import Standing
from app.infra.templating import masked_nik
from app.infra.wording import N_, english, translate
from app.registry import queries as registry
from app.registry import service
from app.registry.formats.reasons import ASSUMPTIONS, REASONS
from app.registry.schemas import ImportView, SnapshotView
from app.registry.snapshots import TABLES
from app.web import bodies
from app.web.addresses import address_of
from app.web.deps import ContextDep, NowDep, PathId, SessionDep, legal_day, person
from app.web.downloads import attachment, record_download
from app.web.pages.answers import see
from app.web.pages.case_views import rule_words
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.pages.listing import in_order
from app.web.rendering import page_language, render_page
from app.web.spoken import respoken, spoken_template

router = APIRouter(prefix="/impor", max_body_size=bodies.EXTRACTS)
READ = person("imports.read")
IMPORT = person("registry.import")
SWEEP = person("detection.sweep")

SHOWN_IMPORTS: Final = 20
PIECE: Final = 1 << 16
SHOWN_REJECTIONS: Final = 200
# fmt: off
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "queued":  (N_("Menunggu giliran"), "blue"),
    "running": (N_("Sedang diperiksa"), "blue"),
    "done":    (N_("Selesai"),          "green"),
    "failed":  (N_("Gagal"),            "red"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class ImportLine:
    address: str
    created_at: datetime
    actor: str
    files: str
    status: str
    tone: str
    rows: int | None
    rejected: int | None


@dataclass(frozen=True, slots=True)
class TableLine:
    name: str
    rows: int
    rejected: int
    carried_over: bool


@dataclass(frozen=True, slots=True)
class SnapshotCard:
    id: str
    as_of: date
    created_at: datetime
    tables: tuple[TableLine, ...]


@dataclass(frozen=True, slots=True)
class SweepLine:
    words: str
    new: int
    still: int
    gone: int


@dataclass(frozen=True, slots=True)
class SweepCard:
    recorded_at: datetime
    rows: tuple[SweepLine, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportsView:
    imports: tuple[ImportLine, ...]
    snapshot: SnapshotCard | None
    sweep: SweepCard | None
    may_import: bool
    may_sweep: bool
    asks_loss: bool
    sweeping: Standing
    today: date


@dataclass(frozen=True, slots=True)
class RejectedFileLink:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class RejectedLine:
    table: str
    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One import. `progress` is percent, None when it has not begun; `failure` empty: none.

    `without_nik` counts workers turned away for want of a NIK, at least; 0: none is known.
    `rejected` are the first of `rejected_total`; the files hold them all.
    """

    address: str
    created_at: datetime
    files: str
    running: bool
    status: str
    step: str
    progress: int | None
    failure: str
    snapshot_id: str
    as_of: date
    tables: tuple[TableLine, ...]
    notes: tuple[str, ...]
    assumed: tuple[str, ...]
    rejected: tuple[RejectedLine, ...]
    rejected_total: int
    without_nik: int
    refused_files: tuple[tuple[str, str], ...]
    rejected_files: tuple[RejectedFileLink, ...]
    may_sweep: bool


@router.get("", name="page:imports")
def imports_page(
    request: Request, session: SessionDep, found: Annotated[SignedIn, Depends(READ)]
) -> Response:
    form = blank(per_tanggal=legal_day(found.principal))
    return _list_page(request, session, found.principal, form=form, status=200)


@router.post("", name="page:start_import")
def start_import(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(IMPORT)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        as_of = reader.day("per_tanggal", N_("Isi tanggal keadaan data."))
        uploads = reader.uploads("berkas")
        if not uploads:
            reader.complain("berkas", N_("Pilih sekurang-kurangnya satu berkas ekstrak."))
        reader.check()
        run = service.request_import(
            session,
            principal=found.principal,
            store=context.store,
            uploads=[service.Upload(one.filename or "", one.file) for one in uploads],
            as_of=as_of,
            now=now,
        )
        return see(request, "import_run", run_id=run.id)
    form = refilled(data, outcome.no, page_language(request))
    return _list_page(request, session, found.principal, form=form, status=outcome.status)


@router.get("/{run_id}", name="page:import_run")
def import_page(
    request: Request,
    run_id: PathId,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    run = registry.import_run(session, principal=found.principal, run_id=run_id)
    folder = service.rejects_dir(service.folders(context.settings), run_id)
    without_nik = registry.workers_without_nik(session, run_id=run.id) or 0
    view = _import_view(request, run, found.principal, folder, without_nik=without_nik)
    return render_page(request, "pages/imports/detail.html", {"view": view})


@router.get("/{run_id}/ditolak/{table}", name="page:rejected_rows")
def rejected_rows(
    run_id: PathId,
    table: str,
    session: SessionDep,
    context: ContextDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(IMPORT)],
) -> Response:
    run = registry.import_run(session, principal=found.principal, run_id=run_id)
    path = service.rejects_dir(service.folders(context.settings), run.id) / f"{table}.csv"
    if table not in TABLES or not path.is_file():
        raise NotFound("Tidak ada baris {table} yang ditolak pada impor ini.", table=table[:40])
    record_download(
        session,
        principal=found.principal,
        subject=f"import:{run.id}/{table}",
        office=run.office,
        now=now,
    )
    return attachment(
        _pieces(path), name=f"{table}.csv", media_type="text/csv", size=path.stat().st_size
    )


@router.post("/temuan", name="page:start_sweep")
def start_sweep(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    found: Annotated[SignedIn, Depends(SWEEP)],
    now: NowDep,
) -> Response:
    settings = context.settings
    with attempt(session) as outcome:
        reader = Reader(data)
        sweeps.request_sweep(
            session,
            principal=found.principal,
            snapshot_id=reader.text("potret"),
            on=legal_day(found.principal),
            now=now,
            snapshots_dir=settings.snapshots_dir,
            scratch=settings.scratch_dir,
            memory=settings.duckdb_memory,
            accepted_loss=reader.text(ACCEPT_LOSS),
        )
        return see(request, "imports", notice="deteksi")
    if isinstance(outcome.no, NotFound):
        raise outcome.no
    form = refilled(data, outcome.no, page_language(request))
    return _list_page(
        request, session, found.principal, form=form, status=outcome.status, asks_loss=True
    )


def _list_page(
    request: Request,
    session: Session,
    principal: Principal,
    *,
    form: Form,
    status: int,
    asks_loss: bool = False,
) -> Response:
    page = registry.imports(session, principal=principal, limit=SHOWN_IMPORTS, cursor=None)
    snapshot = registry.latest_snapshot(session)
    view = ImportsView(
        imports=tuple(_line(request, session, run) for run in page.items),
        snapshot=_snapshot_card(snapshot) if snapshot else None,
        sweep=_sweep_card(detection.latest_sweep(session), page_language(request)),
        may_import=principal.may("registry.import"),
        may_sweep=principal.may("detection.sweep"),
        asks_loss=asks_loss,
        sweeping=sweeps.sweep_requested(session),
        today=legal_day(principal),
    )
    return render_page(
        request, "pages/imports/list.html", {"view": view, "form": form}, status=status
    )


def _line(request: Request, session: Session, run: ImportView) -> ImportLine:
    words, tone = STATES[run.status]
    tables = _tables(run)
    return ImportLine(
        address=address_of(request, "import_run", run_id=run.id),
        created_at=run.created_at,
        actor=accounts.actor_name(session, actor=run.requested_by),
        files=", ".join(run.files),
        status=words,
        tone=tone,
        rows=sum(table.rows for table in tables if not table.carried_over) if tables else None,
        rejected=sum(table.rejected for table in tables) if tables else None,
    )


def _import_view(
    request: Request, run: ImportView, principal: Principal, folder: Path, *, without_nik: int
) -> ImportPage:
    language, report = page_language(request), run.report
    tables = _tables(run)
    # The report holds personal data of rejected rows: only who imports may read those.
    fixes = principal.may("registry.import")
    rejected: list[dict[str, Any]] = report.get("rejected", []) if fixes else []  # type: ignore[assignment]
    refused = tuple(
        (str(item["file"]), respoken(str(item["reason"]), language, english()))
        for item in _items(report, "rejected_files")
    )
    return ImportPage(
        address=address_of(request, "import_run", run_id=run.id),
        created_at=run.created_at,
        files=", ".join(run.files),
        running=not run.finished,
        status=STATES[run.status][0],
        step=translate(run.step, language),
        progress=run.percent if run.status == "running" else None,
        failure=_failure(run.error, refused, language),
        snapshot_id=str(report.get("snapshot_id") or ""),
        as_of=run.as_of,
        tables=tables,
        notes=tuple(respoken(text, language, english()) for text in _texts(report, "warnings")),
        assumed=tuple(_assumed(item, language) for item in _items(report, "assumptions")),
        rejected=tuple(_rejected(row, language) for row in rejected[:SHOWN_REJECTIONS]),
        rejected_total=sum(table.rejected for table in tables),
        without_nik=without_nik,
        refused_files=refused,
        rejected_files=tuple(
            RejectedFileLink(
                name=f"{table}.csv",
                address=address_of(request, "rejected_rows", run_id=run.id, table=table),
            )
            for table in TABLES
            if fixes and (folder / f"{table}.csv").is_file()
        ),
        may_sweep=principal.may("detection.sweep"),
    )


def _failure(error: str, refused: Iterable[tuple[str, str]], language: str) -> str:
    """Return why an import failed; the files it names are those refused, each with its reason."""
    if not error.startswith(service.NOTHING.format(reasons="")):
        return respoken(error, language, english())
    reasons = " ".join(f"{file}: {reason}" for file, reason in refused)
    return spoken_template(service.NOTHING, {"reasons": reasons}, language)


def _tables(run: ImportView) -> tuple[TableLine, ...]:
    found: Mapping[str, Any] = run.report.get("tables", {})  # type: ignore[assignment]
    return tuple(
        TableLine(
            name=name,
            rows=info["rows"],
            rejected=info["rejected"],
            carried_over=info.get("carried_over", False),
        )
        for name, info in in_order(found, TABLES)
    )


def _items(report: Mapping[str, object], name: str) -> list[Mapping[str, Any]]:
    return report.get(name, [])  # type: ignore[return-value]


def _texts(report: Mapping[str, object], name: str) -> list[str]:
    return report.get(name, [])  # type: ignore[return-value]


def _assumed(item: Mapping[str, Any], language: str) -> str:
    place = ".".join(part for part in (item["table"], item["column"]) if part)
    what = respoken(str(item["what"]), language, ASSUMPTIONS.values())
    return spoken_template(
        N_("{place}: {what} ({count} nilai)"),
        {"place": place, "what": what, "count": item["count"]},
        language,
    )


def _rejected(row: Mapping[str, Any], language: str) -> RejectedLine:
    column, value = str(row["column"]), str(row["value"])
    template = REASONS.get(str(row["code"]), "")
    return RejectedLine(
        table=str(row["table"]),
        line=int(row["line"]),
        column=column,
        value=masked_nik(value) if column == "nik" else value,
        reason=_reason(respoken(str(row["reason"]), language, [template]), column, value),
    )


def _reason(reason: str, column: str, value: str) -> str:
    return reason.replace(value, masked_nik(value)) if column == "nik" and value else reason


def _snapshot_card(snapshot: SnapshotView) -> SnapshotCard:
    return SnapshotCard(
        id=snapshot.id,
        as_of=snapshot.as_of,
        created_at=snapshot.created_at,
        tables=tuple(
            TableLine(name, info.rows, info.rejected, info.carried_over)
            for name, info in in_order(snapshot.tables, TABLES)
        ),
    )


def _sweep_card(sweep: SweepView | None, language: str) -> SweepCard | None:
    if sweep is None:
        return None
    return SweepCard(
        recorded_at=sweep.recorded_at,
        rows=tuple(
            SweepLine(rule_words(code), counts.new, counts.still, counts.gone)
            for code, counts in in_order(sweep.rules, RULE_CODES)
        ),
        notes=tuple(spoken_template(one.template, one.values, language) for one in sweep.notes),
    )


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
