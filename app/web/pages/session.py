"""Signing in and out, and choosing the language."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts import service as accounts
from app.accounts.demonstration import DEMO_PASSWORD, DEMO_PEOPLE
from app.errors import Refused, Unauthenticated
from app.infra.wording import LANGUAGES
from app.web.browsers import browser_kind
from app.web.chrome import ROLE_WORDS
from app.web.deps import (
    ContextDep,
    NowDep,
    SessionDep,
    VisitorDep,
    cookie_name,
    known_person,
    public,
)
from app.web.errors import status_of
from app.web.pages.answers import local_address, see, see_address
from app.web.pages.forms import Form, FormDep, Reader, blank, refilled
from app.web.rendering import LANGUAGE_COOKIE, page_language, render_page

router = APIRouter()

LANGUAGE_KEPT_SECONDS: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class DemoRow:
    email: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class SignInView:
    """`demo` is empty unless the operator chose to show demo accounts."""

    demo: tuple[DemoRow, ...]
    demo_password: str


@router.get("/masuk", name="page:sign_in", dependencies=[Depends(public)])
def sign_in_page(
    request: Request, context: ContextDep, visitor: VisitorDep, lanjut: str = "/"
) -> Response:
    if visitor is not None:
        return see_address(local_address(lanjut))
    return _page(request, context, form=blank(lanjut=local_address(lanjut)), status=200)


@router.post("/masuk", dependencies=[Depends(public)])
def sign_in(
    request: Request, data: FormDep, context: ContextDep, visitor: VisitorDep, now: NowDep
) -> Response:
    del visitor
    browser = browser_kind(request.headers.get("user-agent", ""))
    reader = Reader(data)
    email = reader.text("email")
    password = data.get("password")
    try:
        # A wrong password is remembered in a transaction of its own: this one rolls back.
        with context.database.transaction() as session:
            opened = accounts.sign_in(
                session,
                email=email,
                password=password if isinstance(password, str) else "",
                now=now,
                browser=browser,
            )
    except (Unauthenticated, Refused) as error:
        if isinstance(error, Unauthenticated):
            with context.database.transaction() as session:
                accounts.record_failure(session, email=email, now=now)
        form = refilled(data, error, page_language(request))
        return _page(request, context, form=form, status=status_of(error))
    response = see_address(local_address(reader.text("lanjut")))
    keep_cookie(response, context, opened.cookie)
    return response


@router.post("/keluar", name="page:sign_out", dependencies=[Depends(known_person)])
def sign_out(
    request: Request, context: ContextDep, session: SessionDep, now: NowDep
) -> RedirectResponse:
    accounts.sign_out(session, cookie=request.cookies.get(cookie_name(context), ""), now=now)
    response = see(request, "sign_in", notice="keluar")
    response.delete_cookie(cookie_name(context), path="/", secure=context.settings.secure_cookies)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@router.post("/bahasa", name="page:language", dependencies=[Depends(public)])
def choose_language(
    data: FormDep, context: ContextDep, session: SessionDep, visitor: VisitorDep
) -> RedirectResponse:
    reader = Reader(data)
    wanted = reader.text("bahasa")
    language = wanted if wanted in LANGUAGES else "id"
    if visitor is not None:
        accounts.choose_language(session, principal=visitor.principal, language=language)
    response = see_address(local_address(reader.text("kembali")))
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=LANGUAGE_KEPT_SECONDS,
        httponly=True,
        secure=context.settings.secure_cookies,
        samesite="lax",
        path="/",
    )
    return response


def keep_cookie(response: Response, context: ContextDep, cookie: str) -> None:
    response.set_cookie(
        cookie_name(context),
        cookie,
        httponly=True,
        secure=context.settings.secure_cookies,
        samesite="lax",
        path="/",
    )


def _page(request: Request, context: ContextDep, *, form: Form, status: int) -> Response:
    people = DEMO_PEOPLE if context.settings.demo_accounts else ()
    view = SignInView(
        demo=tuple(
            DemoRow(email=person.email, name=person.name, role=ROLE_WORDS[person.role])
            for person in people
        ),
        demo_password=DEMO_PASSWORD,
    )
    return render_page(
        request, "pages/session/sign_in.html", {"view": view, "form": form}, status=status
    )
