"""Employers as of the latest snapshot: search, profile, workers, bills; one NIK with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.schemas import Principal, SignedIn
from app.cases import queries as cases
from app.cases.schemas import CaseFilter, CaseRow, CaseThen
from app.detection import past
from app.detection import queries as detection
from app.errors import Invalid, NotFound
from app.infra.wording import N_
from app.registry import employers, queries, service
from app.registry.reference.endings import END_REASONS
from app.registry.reference.regions import regency_names
from app.registry.schemas import (
    BillRow,
    EmployerProfile,
    EmployerRow,
    PaymentRow,
    SnapshotView,
    WorkerRow,
)
from app.registry.snapshots import SnapshotReader
from app.web.addresses import address_of
from app.web.context import WebContext
from app.web.deps import ContextDep, NowDep, SessionDep, legal_day, person
from app.web.pages.case_views import Tab
from app.web.pages.case_words import SCALES
from app.web.pages.flag_views import RULE_WORDS, STATUS_WORDS
from app.web.pages.forms import Form, FormDep, Reader, attempt, refilled, typed
from app.web.pages.listing import Listing, with_query
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/pemberi-kerja")
READ = person("registry.read")
REVEAL = person("nik.reveal")

PAGE: Final = 50
UNTOUCHED: Final = Form()
# fmt: off
STATUSES: Final[Mapping[str, tuple[str, str]]] = {
    "aktif":    (N_("Aktif"),    "green"),
    "nonaktif": (N_("Nonaktif"), "orange"),
    "tutup":    (N_("Tutup"),    ""),
}
SECTIONS: Final[Mapping[str, str]] = {
    "profil":  N_("Profil"),
    "pekerja": N_("Pekerja"),
    "tagihan": N_("Tagihan"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class EmployerLine:
    employer: EmployerRow
    address: str
    place: str
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class SearchView:
    snapshot: SnapshotView | None
    rows: tuple[EmployerLine, ...]
    searched: bool
    first_address: str
    next_address: str


@dataclass(frozen=True, slots=True)
class WorkerLine:
    worker: WorkerRow
    reason: str


@dataclass(frozen=True, slots=True)
class BillLine:
    bill: BillRow
    outstanding: int
    payments: tuple[PaymentRow, ...]


@dataclass(frozen=True, slots=True)
class FlagLink:
    id: int
    rule: str
    status: str


@dataclass(frozen=True, slots=True)
class Revealed:
    """A whole NIK, shown on this one answer only."""

    kpj: str
    nik: str


@dataclass(frozen=True, slots=True)
class EmployerView:
    profile: EmployerProfile
    section: str
    tabs: tuple[Tab, ...]
    status: str
    tone: str
    place: str
    office: str
    scales: Mapping[str, str]
    flags: tuple[FlagLink, ...]
    cases: tuple[CaseRow, ...] | tuple[CaseThen, ...]
    workers: tuple[WorkerLine, ...]
    bills: tuple[BillLine, ...]
    first_address: str
    next_address: str
    may_reveal: bool
    revealed: Revealed | None
    known_on: date | None
    snapshot: SnapshotView
    today: date
    now_address: str


@router.get("", name="page:employers")
def search_page(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    asked = request.query_params
    view_of = queries.latest_snapshot(session)
    text, cursor = asked.get("cari", "").strip(), asked.get("kursor")
    listing = Listing(request.scope["path"], {"cari": text})
    rows: tuple[EmployerLine, ...] = ()
    following = None
    if view_of is not None:
        page = employers.search(
            found.principal,
            snapshot=SnapshotReader(context.settings.snapshots_dir, view_of),
            text=text,
            limit=PAGE,
            cursor=cursor,
        )
        rows = tuple(_line(request, row) for row in page.items)
        following = page.next
    view = SearchView(
        snapshot=view_of,
        rows=rows,
        searched=bool(text),
        first_address=listing.address() if cursor else "",
        next_address=listing.next_page(following),
    )
    return render_page(
        request, "pages/employers/search.html", {"view": view, "form": Form(values=typed(asked))}
    )


@router.get("/{npp}", name="page:employer")
def profile_page(
    request: Request,
    npp: str,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    return _page(request, session, context, found.principal, npp, section="profil")


@router.get("/{npp}/pekerja", name="page:employer_workers")
def workers_page(
    request: Request,
    npp: str,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    return _page(request, session, context, found.principal, npp, section="pekerja")


@router.get("/{npp}/tagihan", name="page:employer_bills")
def bills_page(
    request: Request,
    npp: str,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    return _page(request, session, context, found.principal, npp, section="tagihan")


@router.post("/{npp}/pekerja", name="page:reveal_nik")
def reveal_nik(
    request: Request,
    npp: str,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(REVEAL)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        kpj = reader.required("kpj", N_("Isi KPJ pekerja."))
        reason = reader.required("reason", N_("Tuliskan alasan melihat NIK lengkap."))
        reader.check()
        nik = service.reveal_nik(
            session,
            principal=found.principal,
            snapshot=_snapshot(session, context),
            npp=npp,
            kpj=kpj,
            reason=reason,
            now=now,
        )
        return _page(
            request,
            session,
            context,
            found.principal,
            npp,
            section="pekerja",
            revealed=Revealed(kpj, nik),
        )
    form = refilled(data, outcome.no, page_language(request))
    return _page(
        request,
        session,
        context,
        found.principal,
        npp,
        section="pekerja",
        form=form,
        status=outcome.status,
    )


def _page(
    request: Request,
    session: Session,
    context: WebContext,
    principal: Principal,
    npp: str,
    *,
    section: str,
    form: Form = UNTOUCHED,
    status: int = 200,
    revealed: Revealed | None = None,
) -> Response:
    known_on, day_form = _known_on(request, today=legal_day(principal))
    snapshot = _snapshot(session, context, principal=principal, known_on=known_on)
    form = day_form if form is UNTOUCHED else form
    profile = employers.profile(principal, snapshot=snapshot, npp=npp)
    words, tone = STATUSES[profile.head.status]
    cursor = request.query_params.get("kursor")
    workers: tuple[WorkerLine, ...] = ()
    following = ""
    on = "" if known_on is None else known_on.isoformat()
    listing = Listing(request.scope["path"], {"pada": on})
    if section == "pekerja":
        page = employers.workers(principal, snapshot=snapshot, npp=npp, limit=PAGE, cursor=cursor)
        workers = tuple(
            WorkerLine(row, END_REASONS.get(row.sebab_akhir or "", "")) for row in page.items
        )
        following = listing.next_page(page.next)
    view = EmployerView(
        profile=profile,
        section=section,
        tabs=_tabs(request, npp, section, on),
        status=words,
        tone=tone,
        place=regency_names().get(profile.head.kode_wilayah, profile.head.kode_wilayah),
        office=accounts.office_name(session, code=profile.head.kantor_cabang),
        scales=SCALES,
        flags=_flags(session, principal, npp, known_on) if section == "profil" else (),
        cases=_cases(session, principal, npp, known_on) if section == "profil" else (),
        workers=workers,
        bills=_bills(principal, snapshot, npp) if section == "tagihan" else (),
        first_address=listing.address() if cursor else "",
        next_address=following,
        # A whole NIK is shown of those who are there now; the past stays masked.
        may_reveal=known_on is None and principal.may("nik.reveal"),
        revealed=revealed,
        known_on=known_on,
        snapshot=snapshot.view,
        today=legal_day(principal),
        now_address=Listing(request.scope["path"], {}).address(),
    )
    return render_page(
        request, "pages/employers/detail.html", {"view": view, "form": form}, status=status
    )


def _known_on(request: Request, *, today: date) -> tuple[date | None, Form]:
    """Return the day of the address as of which it is asked, and the form that asks for it."""
    asked = request.query_params
    reader = Reader(asked)
    day = reader.known_day("pada", today=today)
    try:
        reader.check()
    except Invalid as no:
        return None, refilled(asked, no, page_language(request))
    return day, Form(values=typed(asked))


def _snapshot(
    session: Session,
    context: WebContext,
    *,
    principal: Principal | None = None,
    known_on: date | None = None,
) -> SnapshotReader:
    """Return the current snapshot, or the one that was current at the end of a day.

    Raises:
        NotFound: nothing was imported yet, or by then.
    """
    if principal is not None and known_on is not None:
        then = queries.known_on(session, day=known_on, zone=principal.zone)
        return SnapshotReader(context.settings.snapshots_dir, then)
    found = queries.latest_snapshot(session)
    if found is None:
        raise NotFound("Belum ada data; impor data registrasi lebih dahulu.")
    return SnapshotReader(context.settings.snapshots_dir, found)


def _line(request: Request, row: EmployerRow) -> EmployerLine:
    words, tone = STATUSES[row.status]
    return EmployerLine(
        employer=row,
        address=address_of(request, "employer", npp=row.npp),
        place=regency_names().get(row.kode_wilayah, row.kode_wilayah),
        status=words,
        tone=tone,
    )


def _tabs(request: Request, npp: str, section: str, on: str) -> tuple[Tab, ...]:
    routes = {"profil": "employer", "pekerja": "employer_workers", "tagihan": "employer_bills"}
    return tuple(
        Tab(
            address=with_query(address_of(request, routes[name], npp=npp), {"pada": on}),
            words=words,
            current=name == section,
            count=None,
        )
        for name, words in SECTIONS.items()
    )


def _bills(principal: Principal, snapshot: SnapshotReader, npp: str) -> tuple[BillLine, ...]:
    paid: dict[tuple[str, int, str], list[PaymentRow]] = {}
    for payment in employers.payments(principal, snapshot=snapshot, npp=npp):
        paid.setdefault((payment.divisi, payment.blth, payment.program), []).append(payment)
    return tuple(
        BillLine(
            bill=bill,
            outstanding=max(0, bill.jumlah - bill.paid),
            payments=tuple(paid.get((bill.divisi, bill.blth, bill.program), ())),
        )
        for bill in employers.bills(principal, snapshot=snapshot, npp=npp)
    )


def _flags(
    session: Session, principal: Principal, npp: str, known_on: date | None
) -> tuple[FlagLink, ...]:
    """Return the flags of the page's day, with the status that each had then."""
    if not principal.may("flags.read"):
        return ()
    key = f"npp:{npp}"
    found = (
        detection.flags_of_employer(session, principal=principal, key=key)
        if known_on is None
        else past.flags_of_employer_known_on(session, principal=principal, key=key, day=known_on)
    )
    return tuple(
        FlagLink(flag.id, RULE_WORDS[flag.rule], STATUS_WORDS[flag.status]) for flag in found
    )


def _cases(
    session: Session, principal: Principal, npp: str, known_on: date | None
) -> tuple[CaseRow, ...] | tuple[CaseThen, ...]:
    """Return the cases of the page's day, with the stage that each was in then."""
    if not principal.may("cases.read"):
        return ()
    if known_on is not None:
        return cases.cases_known_on(session, principal=principal, npp=npp, day=known_on)
    wanted = CaseFilter(on=legal_day(principal), text=npp, only_open=False)
    page = cases.cases(session, principal=principal, filter=wanted)
    return tuple(row for row in page.items if row.npp == npp)
