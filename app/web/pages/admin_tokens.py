"""Administration of API tokens: the list, issuing one for another system, revoking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts import directory, permissions, service
from app.accounts.schemas import Principal, TokenEntry
from app.infra.wording import N_, translate
from app.web.deps import NowDep, PathId, SessionDep
from app.web.pages.admin import AdministratorDep
from app.web.pages.admin_people import office_choices
from app.web.pages.answers import see
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/administrasi/token")

SCOPE_WORDS: Final[Mapping[str, str]] = {
    "imports:read": N_("membaca impor dan potret data"),
    "imports:write": N_("mengirim ekstrak"),
    "sweeps:write": N_("menjalankan pencarian temuan"),
    "employers:read": N_("membaca pemberi kerja, pekerja, dan tagihan"),
    "flags:read": N_("membaca temuan"),
    "flags:write": N_("meninjau temuan dan membuka kasus darinya"),
    "cases:read": N_("membaca kasus"),
    "cases:write": N_("membuka kasus dan mencatat; langkah hukum tidak"),
    "packets:read": N_("membaca dan mengunduh berkas rujukan"),
    "linkage:read": N_("membaca pasangan pemberi kerja"),
    "calculations": N_("menghitung iuran, tunggakan, dan tenggat"),
    "rules:read": N_("membaca aturan, uji coba, dan ketepatannya"),
    "controls:read": N_("membaca kunjungan kontrol dan laporan seleksi"),
}
DAYS: Final = (30, 90, 180, 365)


@dataclass(frozen=True, slots=True)
class TokenRow:
    token: TokenEntry
    state: str
    tone: str
    may_revoke: bool


@dataclass(frozen=True, slots=True)
class TokensView:
    rows: tuple[TokenRow, ...]


@dataclass(frozen=True, slots=True)
class NewTokenView:
    scopes: list[tuple[str, str]]
    offices: list[tuple[str, str]]
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IssuedView:
    """The one page that shows a token."""

    name: str
    token: str
    days: int


@router.get("", name="page:tokens")
def tokens_page(
    request: Request, session: SessionDep, found: AdministratorDep, now: NowDep
) -> Response:
    return _page(request, session, found.principal, now, form=Form(), status=200)


@router.get("/baru", name="page:new_token")
def new_token_page(request: Request, session: SessionDep, found: AdministratorDep) -> Response:
    form = blank(kunci=service.new_seed(), office=found.principal.office_code, days=90)
    return _new_page(request, session, found.principal, form=form, status=200)


@router.post("/baru", name="page:issue_token")
def issue_token(
    request: Request, session: SessionDep, data: FormDep, found: AdministratorDep, now: NowDep
) -> Response:
    """Make a token and show it, this once."""
    reader = Reader(data)
    with attempt(session) as outcome:
        name = reader.text("name")
        days = reader.whole("days", N_("Pilih masa berlaku."))
        reader.check()
        token = service.issue_token(
            session,
            principal=found.principal,
            name=name,
            scopes=reader.texts("scopes"),
            office_code=reader.text("office"),
            days=days,
            seed=reader.text("kunci"),
            now=now,
        )
        view = IssuedView(name=name, token=token, days=days)
        return render_page(request, "pages/administration/issued.html", {"view": view})
    form = refilled(data, outcome.no, page_language(request))
    return _new_page(request, session, found.principal, form=form, status=outcome.status)


@router.post("/{token_id}/cabut", name="page:revoke_token")
def revoke_token(
    request: Request,
    token_id: PathId,
    session: SessionDep,
    data: FormDep,
    found: AdministratorDep,
    now: NowDep,
) -> Response:
    with attempt(session) as outcome:
        service.revoke_token(session, principal=found.principal, token_id=token_id, now=now)
        return see(request, "tokens", notice="token-cabut")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, found.principal, now, form=form, status=outcome.status)


def _page(
    request: Request,
    session: Session,
    principal: Principal,
    now: datetime,
    *,
    form: Form,
    status: int,
) -> Response:
    found = directory.tokens(session, principal=principal)
    view = TokensView(rows=tuple(_row(token, now) for token in found))
    return render_page(
        request, "pages/administration/tokens.html", {"view": view, "form": form}, status=status
    )


def _row(token: TokenEntry, now: datetime) -> TokenRow:
    if token.revoked_at is not None:
        return TokenRow(token, N_("Dicabut"), "red", may_revoke=False)
    if token.expires_at <= now:
        return TokenRow(token, N_("Berakhir"), "", may_revoke=False)
    if token.expires_at <= now + directory.EXPIRES_SOON:
        return TokenRow(token, N_("Segera berakhir"), "orange", may_revoke=True)
    return TokenRow(token, N_("Berlaku"), "green", may_revoke=True)


def _new_page(
    request: Request, session: Session, principal: Principal, *, form: Form, status: int
) -> Response:
    language = page_language(request)
    view = NewTokenView(
        scopes=[
            (scope, f"{translate(SCOPE_WORDS[scope], language)} ({scope})")
            for scope in permissions.scopes_for_systems()
        ],
        offices=office_choices(session, principal),
        days=DAYS,
    )
    return render_page(
        request,
        "pages/administration/new_token.html",
        {"view": view, "form": form},
        status=status,
    )
