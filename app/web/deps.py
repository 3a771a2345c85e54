"""What routes ask for: the transaction, the person or token behind the request, the guard."""

import secrets
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Path, Request
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from sqlmodel import Session
from starlette.datastructures import FormData

from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.accounts.schemas import Principal, SignedIn
from app.errors import AppError, Forbidden, Unauthenticated
from app.infra import clock
from app.web import bodies
from app.web.context import WebContext, web_context

COOKIE: Final = "patuh_sid"
SECURE_COOKIE: Final = "__Host-patuh_sid"
CSRF_FIELD: Final = "csrf_token"
CSRF_HEADER: Final = "X-CSRF-Token"
# The largest number a row can have (INTEGER): above it there is nothing to look up.
LARGEST_ID: Final = 2**31 - 1
PathId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

ContextDep = Annotated[WebContext, Depends(web_context)]


class SignInNeeded(AppError):
    """A page was asked for by nobody: the answer is the sign-in page, not an error."""

    code = "sign-in-needed"


class OwnPasswordNeeded(AppError):
    """Somebody signed in with a password that was given to them: first comes one of their own."""

    code = "own-password-needed"


def transaction(context: ContextDep) -> Iterator[Session]:
    """One unit of work a request; committed before the answer leaves (scope="function")."""
    with context.database.transaction() as session:
        yield session


SessionDep = Annotated[Session, Depends(transaction, scope="function")]


def now() -> datetime:
    return clock.now()


NowDep = Annotated[datetime, Depends(now)]


def cookie_name(context: WebContext) -> str:
    return SECURE_COOKIE if context.settings.secure_cookies else COOKIE


def visitor(request: Request, context: ContextDep, session: SessionDep) -> SignedIn | None:
    """Return who is signed in, or None; keeps a used session from going idle."""
    cookie = request.cookies.get(cookie_name(context))
    if not cookie:
        return None
    moment = clock.now()
    found = accounts.signed_in(session, cookie=cookie, now=moment)
    if found is not None:
        accounts_service.touch(session, cookie=cookie, now=moment)
        request.state.language = found.language
    request.state.visitor = found
    return found


VisitorDep = Annotated[SignedIn | None, Depends(visitor)]


def known_person(found: VisitorDep) -> SignedIn:
    """Return who is signed in, be it with a temporary password.

    The guard of what such a person may do: choose a password, sign out.
    """
    if found is None:
        raise SignInNeeded("Silakan masuk untuk melanjutkan.")
    return found


known_person.guards = "signed-in"  # type: ignore[attr-defined]


def signed_in(found: VisitorDep) -> SignedIn:
    if found is None:
        raise SignInNeeded("Silakan masuk untuk melanjutkan.")
    if found.must_choose_password:
        raise OwnPasswordNeeded("Ganti dahulu kata sandi sementara Anda.")
    return found


async def same_site_form(request: Request, context: ContextDep, found: VisitorDep) -> None:
    """Refuse a change that was not asked for from one of our own pages."""
    if request.method in SAFE_METHODS:
        return
    if not _from_here(request, base_url=context.settings.base_url):
        raise Forbidden("Permintaan ini datang dari situs lain dan ditolak.")
    if found is None:
        # A file would lie on our disk before the route's own guard asks who sends it.
        if _more_than_a_form(request):
            raise SignInNeeded("Silakan masuk untuk melanjutkan.")
        return
    sent = request.headers.get(CSRF_HEADER)
    if sent is None:
        form: FormData = await request.form()
        value = form.get(CSRF_FIELD)
        sent = value if isinstance(value, str) else ""
    if not secrets.compare_digest(sent.encode(), found.csrf_token.encode()):
        raise Forbidden(
            "Formulir ini sudah kedaluwarsa; muat ulang halaman lalu kirim lagi. "
            "Isian Anda belum disimpan."
        )


def _more_than_a_form(request: Request) -> bool:
    """Say whether the body holds files, or is larger than the forms that anybody may send."""
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        return True
    size = request.headers.get("content-length", "")
    if not size:
        return "transfer-encoding" in request.headers
    return not size.isdecimal() or int(size) > bodies.TEXT


def _from_here(request: Request, *, base_url: str) -> bool:
    """Say whether the browser names one of our own pages, or no page at all, as the sender.

    Not every browser sends Sec-Fetch-Site, above all not over plain http; all send Origin. A proxy
    may have rewritten Host: then the address that the operator has set counts.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    ours = {request.headers.get("host"), urlsplit(base_url).netloc}
    return origin is None or urlsplit(origin).netloc in ours


def person(action: str) -> Callable[..., SignedIn]:
    """Return the guard of a page: a signed-in person whose role may do `action`."""

    def guard(found: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
        found.principal.require(action)
        return found

    guard.guards = action  # type: ignore[attr-defined]
    return guard


def anyone_signed_in(found: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
    """The guard of pages that every signed-in person may see."""
    return found


anyone_signed_in.guards = "signed-in"  # type: ignore[attr-defined]


def public() -> None:
    """The guard of the few routes that nobody needs to sign in for."""


public.guards = "public"  # type: ignore[attr-defined]

_bearer = HTTPBearer(auto_error=False, description="Token dari `patuh token create`.")


def token_principal(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    session: SessionDep,
) -> Principal:
    if credentials is None:
        raise Unauthenticated(
            "Kirim token Anda pada tajuk Authorization: Bearer <token>; buat dengan "
            "`patuh token create`."
        )
    return accounts.token_principal(session, token=credentials.credentials, now=clock.now())


def token(action: str) -> Callable[..., Principal]:
    """Return the guard of an API operation: a token whose scopes and role open `action`."""

    def guard(principal: Annotated[Principal, Depends(token_principal)]) -> Principal:
        principal.require(action)
        return principal

    guard.guards = action  # type: ignore[attr-defined]
    return guard


def legal_day(principal: Principal) -> date:
    """Return today in the zone of the principal's office."""
    return clock.today(principal.zone)
