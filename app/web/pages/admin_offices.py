"""Administration of offices: the tree, adding one, renaming, moving, the letterhead."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts import directory, service
from app.accounts.schemas import OfficeDetails, OfficeNode, OfficeView, Principal
from app.web.deps import NowDep, SessionDep
from app.web.pages.admin import KIND_WORDS, RELOAD, ZONE_WORDS, AdministratorDep
from app.web.pages.admin_people import office_choices
from app.web.pages.answers import see
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/administrasi/kantor")

HEAD: Final = "pusat"
BELOW: Final[Mapping[str, str]] = {
    kind: words for kind, words in KIND_WORDS.items() if kind != HEAD
}


@dataclass(frozen=True, slots=True)
class OfficesView:
    roots: tuple[OfficeNode, ...]
    kinds: Mapping[str, str]
    total: int
    incomplete: int


@dataclass(frozen=True, slots=True)
class OfficeFormView:
    """`office` is None while it is being added; `parents` is empty when it may not move."""

    office: OfficeView | None
    kinds: Mapping[str, str]
    zones: Mapping[str, str]
    parents: list[tuple[str, str]]


@router.get("", name="page:offices")
def offices_page(request: Request, session: SessionDep, found: AdministratorDep) -> Response:
    roots = directory.office_tree(session, principal=found.principal)
    total, incomplete = _count(roots)
    view = OfficesView(roots=roots, kinds=KIND_WORDS, total=total, incomplete=incomplete)
    return render_page(request, "pages/administration/offices.html", {"view": view})


@router.get("/baru", name="page:new_office")
def new_office_page(request: Request, session: SessionDep, found: AdministratorDep) -> Response:
    form = blank(
        parent=request.query_params.get("induk", found.principal.office_code),
        kind="cabang",
        zone=found.principal.zone,
        head_title="Kepala Kantor Cabang",
    )
    return _new_page(request, session, found.principal, form=form, status=200)


@router.post("/baru", name="page:add_office")
def add_office(
    request: Request, session: SessionDep, data: FormDep, found: AdministratorDep, now: NowDep
) -> Response:
    reader = Reader(data)
    with attempt(session) as outcome:
        office = service.add_office(
            session,
            principal=found.principal,
            code=reader.text("code"),
            details=_details(reader),
            now=now,
        )
        return see(request, "office", code=office.code, notice="kantor-baru")
    form = refilled(data, outcome.no, page_language(request))
    return _new_page(request, session, found.principal, form=form, status=outcome.status)


@router.get("/{code:path}", name="page:office")
def office_page(
    request: Request, code: str, session: SessionDep, found: AdministratorDep
) -> Response:
    return _page(request, session, found.principal, code, form=None, status=200)


@router.post("/{code:path}", name="page:change_office")
def change_office(
    request: Request,
    code: str,
    session: SessionDep,
    data: FormDep,
    found: AdministratorDep,
    now: NowDep,
) -> Response:
    reader = Reader(data)
    with attempt(session) as outcome:
        version = reader.whole("versi", RELOAD)
        reader.check()
        service.change_office(
            session,
            principal=found.principal,
            code=code,
            details=_details(reader),
            expected_version=version,
            now=now,
        )
        return see(request, "office", code=code, notice="kantor")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, found.principal, code, form=form, status=outcome.status)


def _details(reader: Reader) -> OfficeDetails:
    return OfficeDetails(
        name=reader.text("name"),
        kind=reader.text("kind"),
        parent_code=reader.text("parent") or None,
        zone=reader.text("zone"),
        city=reader.text("city"),
        address=reader.text("address"),
        phone=reader.text("phone"),
        email=reader.text("email"),
        head_name=reader.text("head_name"),
        head_title=reader.text("head_title"),
        prosecutor_office=reader.text("prosecutor_office"),
    )


def _count(nodes: tuple[OfficeNode, ...]) -> tuple[int, int]:
    total, incomplete = 0, 0
    for node in nodes:
        below = _count(node.children)
        total += 1 + below[0]
        incomplete += (not node.office.complete) + below[1]
    return total, incomplete


def _new_page(
    request: Request, session: Session, principal: Principal, *, form: Form, status: int
) -> Response:
    view = OfficeFormView(
        office=None, kinds=BELOW, zones=ZONE_WORDS, parents=office_choices(session, principal)
    )
    return render_page(
        request, "pages/administration/office.html", {"view": view, "form": form}, status=status
    )


def _page(
    request: Request,
    session: Session,
    principal: Principal,
    code: str,
    *,
    form: Form | None,
    status: int,
) -> Response:
    office, version = directory.office_for_change(session, principal=principal, code=code)
    if form is None:
        kept = {name: value for name, value in asdict(office).items() if isinstance(value, str)}
        form = blank(**kept, parent=office.parent_code or "", versi=version)
    fixed = office.kind == HEAD or not principal.reaches(office.parent_code or "")
    parents = () if fixed else directory.possible_parents(session, principal=principal, code=code)
    view = OfficeFormView(
        office=office,
        kinds={HEAD: KIND_WORDS[HEAD]} if office.kind == HEAD else BELOW,
        zones=ZONE_WORDS,
        parents=[(one.code, f"{one.name} ({one.code})") for one in parents],
    )
    return render_page(
        request, "pages/administration/office.html", {"view": view, "form": form}, status=status
    )
