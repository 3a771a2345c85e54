"""Administration of people: the list, adding one, and what can be done with an account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from fastapi import APIRouter, Request, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app.accounts import directory, service
from app.accounts.schemas import (
    Invitation,
    PersonDetails,
    PersonEntry,
    PersonFilter,
    Principal,
)
from app.errors import AppError
from app.infra.wording import N_, translate
from app.web.chrome import ROLE_WORDS
from app.web.deps import NowDep, PathId, SessionDep
from app.web.pages.admin import PERSON_ROLES, RELOAD, AdministratorDep
from app.web.pages.answers import see
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled, typed
from app.web.pages.listing import Chip, Listing
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/administrasi/pengguna")

PAGE: Final = 50
STATES: Final[Mapping[str, str]] = {
    "aktif": N_("Aktif"),
    "nonaktif": N_("Nonaktif"),
    "sementara": N_("Kata sandi sementara"),
}
_STATE_FILTERS: Final[Mapping[str, Literal["", "active", "inactive", "temporary"]]] = {
    "aktif": "active",
    "nonaktif": "inactive",
    "sementara": "temporary",
}


@dataclass(frozen=True, slots=True)
class PeopleView:
    rows: tuple[PersonEntry, ...]
    now: datetime
    roles: Mapping[str, str]
    all_roles: Mapping[str, str]
    states: Mapping[str, str]
    offices: list[tuple[str, str]]
    chips: tuple[Chip, ...]
    first_address: str
    next_address: str


@dataclass(frozen=True, slots=True)
class NewPersonView:
    roles: Mapping[str, str]
    offices: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PersonView:
    """`is_self`: what would lock this administrator out is not offered."""

    person: PersonEntry
    now: datetime
    role: str
    roles: Mapping[str, str]
    offices: list[tuple[str, str]]
    is_self: bool
    may_read_trail: bool


@dataclass(frozen=True, slots=True)
class HandOverView:
    """The one page that shows a temporary password."""

    invitation: Invitation
    is_new: bool


@router.get("", name="page:people")
def people_page(
    request: Request, session: SessionDep, found: AdministratorDep, now: NowDep
) -> Response:
    asked = request.query_params
    narrowing = {
        name: asked.get(name, "").strip() for name in ("cari", "peran", "kantor", "status")
    }
    page = directory.people(
        session,
        principal=found.principal,
        filter=PersonFilter(
            role=narrowing["peran"] if narrowing["peran"] in ROLE_WORDS else "",
            office=narrowing["kantor"],
            state=_STATE_FILTERS.get(narrowing["status"], ""),
            text=narrowing["cari"],
        ),
        limit=PAGE,
        cursor=asked.get("kursor"),
        now=now,
    )
    offices = office_choices(session, found.principal)
    listing = Listing(request.scope["path"], narrowing)
    view = PeopleView(
        rows=page.items,
        now=now,
        roles=PERSON_ROLES,
        all_roles=ROLE_WORDS,
        states=STATES,
        offices=offices,
        chips=listing.chips(_chip_words(narrowing, dict(offices), page_language(request))),
        first_address=listing.address() if asked.get("kursor") else "",
        next_address=listing.next_page(page.next),
    )
    form = Form(values=typed(asked))
    return render_page(request, "pages/administration/people.html", {"view": view, "form": form})


@router.get("/baru", name="page:new_person")
def new_person_page(request: Request, session: SessionDep, found: AdministratorDep) -> Response:
    form = blank(kunci=service.new_seed(), office=found.principal.office_code)
    return _new_page(request, session, found.principal, form=form, status=200)


@router.post("/baru", name="page:invite_person")
def invite_person(
    request: Request, session: SessionDep, data: FormDep, found: AdministratorDep, now: NowDep
) -> Response:
    reader = Reader(data)
    with attempt(session) as outcome:
        invitation = service.invite(
            session,
            principal=found.principal,
            email=reader.text("email"),
            details=_details(reader),
            seed=reader.text("kunci"),
            now=now,
        )
        return _hand_over(request, invitation, is_new=True)
    form = refilled(data, outcome.no, page_language(request))
    return _new_page(request, session, found.principal, form=form, status=outcome.status)


@router.get("/{user_id}", name="page:person")
def person_page(
    request: Request, user_id: PathId, session: SessionDep, found: AdministratorDep, now: NowDep
) -> Response:
    return _page(request, session, found.principal, user_id, now, form=None, status=200)


@router.post("/{user_id}", name="page:change_person")
def change_person(
    request: Request,
    user_id: PathId,
    session: SessionDep,
    data: FormDep,
    found: AdministratorDep,
    now: NowDep,
) -> Response:
    reader = Reader(data)
    with attempt(session) as outcome:
        version = reader.whole("versi", RELOAD)
        reader.check()
        service.change_person(
            session,
            principal=found.principal,
            user_id=user_id,
            details=_details(reader),
            expected_version=version,
            now=now,
        )
        return see(request, "person", user_id=user_id, notice="pengguna")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, found.principal, user_id, now, form=form, status=outcome.status)


@router.post("/{user_id}/nonaktif", name="page:deactivate_person")
def deactivate(
    request: Request,
    user_id: PathId,
    session: SessionDep,
    data: FormDep,
    found: AdministratorDep,
    now: NowDep,
) -> Response:
    reader = Reader(data)
    with attempt(session) as outcome:
        version = reader.whole("versi", RELOAD)
        reader.check()
        service.deactivate(
            session,
            principal=found.principal,
            user_id=user_id,
            expected_version=version,
            now=now,
        )
        return see(request, "person", user_id=user_id, notice="pengguna-nonaktif")
    return _refused(request, session, found.principal, user_id, now, outcome.no, outcome.status)


@router.post("/{user_id}/aktif", name="page:reactivate_person")
def reactivate(
    request: Request,
    user_id: PathId,
    session: SessionDep,
    data: FormDep,
    found: AdministratorDep,
    now: NowDep,
) -> Response:
    reader = Reader(data)
    with attempt(session) as outcome:
        version = reader.whole("versi", RELOAD)
        reader.check()
        service.reactivate(
            session,
            principal=found.principal,
            user_id=user_id,
            expected_version=version,
            now=now,
        )
        return see(request, "person", user_id=user_id, notice="pengguna-aktif")
    return _refused(request, session, found.principal, user_id, now, outcome.no, outcome.status)


@router.post("/{user_id}/kata-sandi", name="page:reset_password")
def reset_password(
    request: Request,
    user_id: PathId,
    session: SessionDep,
    data: FormDep,
    found: AdministratorDep,
    now: NowDep,
) -> Response:
    """Show a temporary password once; the person's sessions end."""
    reader = Reader(data)
    with attempt(session) as outcome:
        version = reader.whole("versi", RELOAD)
        reader.check()
        invitation = service.reset_password(
            session,
            principal=found.principal,
            user_id=user_id,
            seed=reader.text("kunci"),
            expected_version=version,
            now=now,
        )
        return _hand_over(request, invitation, is_new=False)
    return _refused(request, session, found.principal, user_id, now, outcome.no, outcome.status)


def office_choices(session: Session, principal: Principal) -> list[tuple[str, str]]:
    """Return the offices in reach as choices of a form."""
    return [
        (office.code, f"{office.name} ({office.code})")
        for office in directory.offices_in_reach(session, principal=principal)
    ]


def _details(reader: Reader) -> PersonDetails:
    return PersonDetails(
        name=reader.text("name"),
        role=reader.text("role"),
        office_code=reader.text("office"),
        title=reader.text("title"),
        staff_number=reader.text("staff_number"),
    )


def _chip_words(
    narrowing: Mapping[str, str], offices: Mapping[str, str], language: str
) -> dict[str, str]:
    words = {"cari": f"“{narrowing['cari']}”", "kantor": narrowing["kantor"]}
    if narrowing["kantor"] in offices:
        words["kantor"] = offices[narrowing["kantor"]]
    if narrowing["peran"] in ROLE_WORDS:
        words["peran"] = translate(ROLE_WORDS[narrowing["peran"]], language)
    if narrowing["status"] in STATES:
        words["status"] = translate(STATES[narrowing["status"]], language)
    return words


def _new_page(
    request: Request, session: Session, principal: Principal, *, form: Form, status: int
) -> Response:
    view = NewPersonView(roles=PERSON_ROLES, offices=office_choices(session, principal))
    return render_page(
        request,
        "pages/administration/new_person.html",
        {"view": view, "form": form},
        status=status,
    )


def _hand_over(request: Request, invitation: Invitation, *, is_new: bool) -> Response:
    view = HandOverView(invitation=invitation, is_new=is_new)
    return render_page(request, "pages/administration/password.html", {"view": view})


def _refused(
    request: Request,
    session: Session,
    principal: Principal,
    user_id: int,
    now: datetime,
    error: AppError,
    status: int,
) -> Response:
    """Show the page as it is now, with the no on top; nothing was typed that could be lost."""
    no = refilled(FormData(), error, page_language(request))
    return _page(request, session, principal, user_id, now, form=no, status=status)


def _page(
    request: Request,
    session: Session,
    principal: Principal,
    user_id: int,
    now: datetime,
    *,
    form: Form | None,
    status: int,
) -> Response:
    person = directory.person(session, principal=principal, user_id=user_id, now=now)
    kept = {
        "name": (person.user.name,),
        "role": (person.user.role,),
        "office": (person.user.office_code,),
        "title": (person.user.title,),
        "staff_number": (person.user.staff_number,),
        "versi": (str(person.version),),
    }
    problems = () if form is None else form.problems
    values = {**kept, **({} if form is None else form.values)}
    role = ROLE_WORDS[person.user.role]
    view = PersonView(
        person=person,
        now=now,
        role=role,
        roles={**PERSON_ROLES, person.user.role: role},
        offices=office_choices(session, principal),
        is_self=principal.user_id == person.user.id,
        may_read_trail=principal.may("audit.read"),
    )
    shown = Form(values={**values, "kunci": (service.new_seed(),)}, problems=problems)
    return render_page(
        request,
        "pages/administration/person.html",
        {"view": view, "form": shown},
        status=status,
    )
