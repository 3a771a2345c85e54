"""Bringing extracts in: upload, progress, the report, the rejected rows to fix and send again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.schemas import Principal, SignedIn
from app.detection import queries as detection
from app.detection.schemas import SweepView
from app.errors import NotFound
from app.infra.wording import N_
from app.registry import queries as registry
from app.registry import service as registry_service
from app.registry.schemas import ImportView, SnapshotView
from app.web.deps import ContextDep, NowDep, SessionDep, legal_day, person
from app.web.pages.answers import see
from app.web.pages.case_views import rule_words
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/impor")
READ = person("imports.read")
IMPORT = person("registry.import")
SWEEP = person("detection.sweep")

SHOWN_IMPORTS: Final = 20
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


@dataclass(frozen=True, slots=True)
class ImportsView:
    imports: tuple[ImportLine, ...]
    snapshot: SnapshotCard | None
    sweep: SweepCard | None
    may_import: bool
    may_sweep: bool
    today: date


@dataclass(frozen=True, slots=True)
class RejectedFileLink:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One import. `progress` is percent, None when it has not begun; `failure` empty: none."""

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
    assumed: tuple[Mapping[str, Any], ...]
    rejected: tuple[Mapping[str, Any], ...]
    rejected_total: int
    refused_files: tuple[Mapping[str, Any], ...]
    rejected_files: tuple[RejectedFileLink, ...]
    may_sweep: bool


@router.get("", name="imports")
def imports_page(
    request: Request, session: SessionDep, found: Annotated[SignedIn, Depends(READ)]
) -> Response:
    form = blank(per_tanggal=legal_day(found.principal))
    return _list_page(request, session, found.principal, form=form, status=200)
