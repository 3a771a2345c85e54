"""From one snapshot to another: who joined, left, earns otherwise, paid, and what was corrected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts.schemas import Principal, SignedIn
from app.cases.lists import open_cases_of
from app.detection import between, movements
from app.detection import figures as kept
from app.detection.between import Moved, Summary, Two
from app.detection.figures import Figure
from app.detection.movements import COUNTS
from app.infra.queue import Standing
from app.infra.wording import N_
from app.registry import queries as registry
from app.registry.schemas import SnapshotView
from app.web.addresses import address_of
from app.web.context import WebContext
from app.web.deps import ContextDep, NowDep, SessionDep, person
from app.web.downloads import attachment, record_download
from app.web.pages.answers import see_address
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.pages.listing import with_query
from app.web.rendering import page_language, render_page
from app.web.sheets import csv_bytes

router = APIRouter(prefix="/selisih")
READ = person("registry.read")
RUN = person("detection.sweep")

CHOICES: Final = 36
SHOWN: Final = 100
PIECE: Final = 200
# fmt: off
LABELS: Final[Mapping[str, str]] = {
    "baru":                   N_("Pemberi kerja baru"),
    "hilang":                 N_("Pemberi kerja tidak ada lagi"),
    "masuk":                  N_("Pekerja masuk"),
    "keluar":                 N_("Pekerja keluar"),
    "upah_berubah":           N_("Upah berubah"),
    "upah_selisih":           N_("Selisih upah"),
    "bayar":                  N_("Pembayaran"),
    "bayar_rupiah":           N_("Dibayar"),
    "tagihan_baru":           N_("Tagihan baru"),
    "tagihan_rupiah":         N_("Ditagihkan"),
    "koreksi_pekerja":        N_("Koreksi kepesertaan"),
    "koreksi_tagihan":        N_("Jumlah koreksi tagihan"),
    "koreksi_tagihan_rupiah": N_("Koreksi tagihan"),
    "koreksi_bayar":          N_("Jumlah koreksi pembayaran"),
    "koreksi_bayar_rupiah":   N_("Koreksi pembayaran"),
}
# fmt: on
RUPIAH: Final = frozenset(
    {
        "upah_selisih",
        "bayar_rupiah",
        "tagihan_rupiah",
        "koreksi_tagihan_rupiah",
        "koreksi_bayar_rupiah",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementView:
    """`pair` is None while nothing can be compared; `figure` None: not computed yet.

    `earlier`: it was computed under an earlier definition, and can be computed anew beside that.
    `cases` are the numbers of open cases by NPP: what is corrected there touches them.
    """

    pair: Two | None
    figure: Figure | None
    earlier: bool
    computing: Standing
    summary: Summary | None
    rows: tuple[Moved, ...]
    cases: Mapping[str, tuple[str, ...]]
    only_corrected: bool
    switch_address: str
    csv_address: str
    snapshots: tuple[SnapshotView, ...]
    labels: Mapping[str, str]
    rupiah: frozenset[str]
    shown: int
    may_run: bool


@router.get("", name="page:movements")
def movements_page(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    query = request.query_params
    choices = _choices(session)
    after = query.get("ke") or (choices[0].id if choices else "")
    before = query.get("dari") or next(
        (one.previous_id or "" for one in choices if one.id == after), ""
    )
    form = blank(dari=before, ke=after)
    if not (before and after):
        return _page(request, session, context, found.principal, pair=None, form=form, status=200)
    with attempt(session) as outcome:
        pair = between.two(session, before_id=before, after_id=after)
        return _page(request, session, context, found.principal, pair=pair, form=form, status=200)
    form = refilled(query, outcome.no, page_language(request))
    return _page(
        request, session, context, found.principal, pair=None, form=form, status=outcome.status
    )


@router.post("/hitung", name="page:start_movement")
def start_movement(
    request: Request, session: SessionDep, data: FormDep, found: Annotated[SignedIn, Depends(RUN)]
) -> Response:
    reader = Reader(data)
    pair = between.two(session, before_id=reader.text("dari"), after_id=reader.text("ke"))
    between.request_movement(session, principal=found.principal, pair=pair)
    return see_address(_address(request, pair), notice="selisih")


@router.get("/csv", name="page:movements_csv")
def movements_csv(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    """Every employer in reach, not only those that the page has room for."""
    query = request.query_params
    pair = between.two(session, before_id=query.get("dari", ""), after_id=query.get("ke", ""))
    figure = between.movement_known(session, principal=found.principal, pair=pair)
    file = kept.result_file(context.settings.snapshots_dir, figure)
    rows: list[list[object]] = []
    cursor: str | None = None
    while True:
        page = between.everyone(found.principal, file=file, limit=PIECE, cursor=cursor)
        rows += [
            [
                one.npp,
                one.nama,
                *one.counts.values(),
                pair.before.id,
                pair.after.id,
                figure.definition,
            ]
            for one in page.items
        ]
        if page.next is None:
            break
        cursor = page.next
    content = csv_bytes(["npp", "nama", *COUNTS, "dari", "ke", "definisi"], rows)
    record_download(
        session,
        principal=found.principal,
        subject=f"statistic:{figure.id}",
        office=found.principal.office_code,
        now=now,
    )
    return attachment(
        iter((content,)),
        name=f"selisih-{pair.before.id}-{pair.after.id}.csv",
        media_type="text/csv; charset=utf-8",
        size=len(content),
    )


def _page(
    request: Request,
    session: Session,
    context: WebContext,
    principal: Principal,
    *,
    pair: Two | None,
    form: Form,
    status: int,
) -> Response:
    only_corrected = request.query_params.get("koreksi") == "1"
    figure = None if pair is None else between.movement(session, principal=principal, pair=pair)
    earlier = figure is not None and figure.definition < movements.DEFINITION
    summary, rows = None, tuple[Moved, ...]()
    if figure is not None:
        file = kept.result_file(context.settings.snapshots_dir, figure)
        summary = between.summary(principal, file=file)
        rows = between.heaviest(principal, file=file, only_corrected=only_corrected, limit=SHOWN)
    view = MovementView(
        pair=pair,
        figure=figure,
        earlier=earlier,
        computing=between.requested(session, pair=pair)
        if pair is not None and (earlier or figure is None)
        else "",
        summary=summary,
        rows=rows,
        cases=_cases(session, principal, rows),
        only_corrected=only_corrected,
        switch_address=""
        if pair is None
        else _address(request, pair, **({} if only_corrected else {"koreksi": "1"})),
        csv_address="" if pair is None else _address(request, pair, route="movements_csv"),
        snapshots=_choices(session),
        labels=LABELS,
        rupiah=RUPIAH,
        shown=SHOWN,
        may_run=principal.may("detection.sweep"),
    )
    return render_page(
        request, "pages/movements/movements.html", {"view": view, "form": form}, status=status
    )


def _cases(
    session: Session, principal: Principal, rows: tuple[Moved, ...]
) -> Mapping[str, tuple[str, ...]]:
    if not rows or not principal.may("cases.read"):
        return {}
    return open_cases_of(session, principal=principal, npps=[row.npp for row in rows])


def _choices(session: Session) -> tuple[SnapshotView, ...]:
    page = registry.snapshots(session, limit=CHOICES, cursor=None)
    return tuple(one for one in page.items if one.removed_at is None)


def _address(request: Request, pair: Two, *, route: str = "movements", **more: str) -> str:
    pairs = {"dari": pair.before.id, "ke": pair.after.id, **more}
    return with_query(address_of(request, route), pairs)
