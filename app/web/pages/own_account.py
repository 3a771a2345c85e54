"""One's own account: where one is signed in, and the password."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.accounts import queries, service
from app.accounts.schemas import BrowserSession, SignedIn
from app.web.deps import (
    ContextDep,
    NowDep,
    SessionDep,
    anyone_signed_in,
    cookie_name,
    known_person,
)
from app.web.pages.answers import see
from app.web.pages.forms import Form, FormDep, Reader, attempt, problems_of
from app.web.pages.session import keep_cookie
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/akun")

MineDep = Annotated[SignedIn, Depends(anyone_signed_in)]


@dataclass(frozen=True, slots=True)
class AccountView:
    sessions: tuple[BrowserSession, ...]
    others: int


@dataclass(frozen=True, slots=True)
class PasswordView:
    """`first`: the password now in use was given, and nothing else is open until it is changed."""

    first: bool
    shortest: int


@router.get("", name="page:own_account")
def own_account(
    request: Request, context: ContextDep, session: SessionDep, found: MineDep, now: NowDep
) -> Response:
    sessions = queries.sessions_of(
        session,
        principal=found.principal,
        cookie=request.cookies.get(cookie_name(context), ""),
        now=now,
    )
    view = AccountView(sessions=sessions, others=sum(not one.current for one in sessions))
    return render_page(request, "pages/account/account.html", {"view": view})


@router.post("/sesi/akhiri", name="page:end_session")
def end_session(
    request: Request, session: SessionDep, data: FormDep, found: MineDep, now: NowDep
) -> Response:
    handle = Reader(data).text("sesi")
    service.end_session(session, principal=found.principal, handle=handle, now=now)
    return see(request, "own_account", notice="sesi")


@router.post("/sesi/akhiri-lain", name="page:end_other_sessions")
def end_other_sessions(
    request: Request, context: ContextDep, session: SessionDep, found: MineDep, now: NowDep
) -> Response:
    cookie = request.cookies.get(cookie_name(context), "")
    service.end_other_sessions(session, principal=found.principal, cookie=cookie, now=now)
    return see(request, "own_account", notice="sesi")


@router.get("/kata-sandi", name="page:own_password")
def own_password(request: Request, found: Annotated[SignedIn, Depends(known_person)]) -> Response:
    return _password_page(request, found, form=Form(), status=200)


@router.post("/kata-sandi", name="page:change_password")
def change_password(
    request: Request,
    context: ContextDep,
    session: SessionDep,
    data: FormDep,
    found: Annotated[SignedIn, Depends(known_person)],
    now: NowDep,
) -> Response:
    with attempt(session) as outcome:
        opened = service.change_password(
            session,
            principal=found.principal,
            cookie=request.cookies.get(cookie_name(context), ""),
            current=_secret(data.get("current_password")),
            new=_secret(data.get("new_password")),
            repeated=_secret(data.get("repeated_password")),
            now=now,
        )
        target = "home" if found.must_choose_password else "own_account"
        response = see(request, target, notice="sandi")
        keep_cookie(response, context, opened.cookie)
        return response
    if isinstance(outcome.no, service.WrongPassword):
        service.record_failure(session, email=found.email, now=now)
    # Passwords are typed again: no page ever carries one back.
    form = Form(problems=problems_of(outcome.no, page_language(request)))
    return _password_page(request, found, form=form, status=outcome.status)


def _secret(value: object) -> str:
    """Return a password as typed: spaces at its ends are part of it."""
    return value if isinstance(value, str) else ""


def _password_page(request: Request, found: SignedIn, *, form: Form, status: int) -> Response:
    view = PasswordView(first=found.must_choose_password, shortest=service.SHORTEST_PASSWORD)
    return render_page(
        request, "pages/account/password.html", {"view": view, "form": form}, status=status
    )
