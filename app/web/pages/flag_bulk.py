"""Triage of several flags at once: chosen on the list, checked on a page of their own, decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app.accounts.schemas import Principal, SignedIn
from app.detection import queries, service
from app.detection.schemas import OPEN_STATUSES, FlagView
from app.infra.wording import N_
from app.web.addresses import address_of
from app.web.deps import NowDep, SessionDep, legal_day, person
from app.web.pages import flag_views as views
from app.web.pages.answers import see_address
from app.web.pages.flags import PAGE, list_query
from app.web.pages.forms import Form, FormDep, Reader, Sent, attempt, blank, refilled
from app.web.pages.listing import with_query
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/temuan/pilihan")
TRIAGE = person("flags.triage")

DECLINE: Final = "tolak"
SNOOZE: Final = "tunda"
DECISIONS: Final = {DECLINE: N_("Tolak"), SNOOZE: N_("Tunda sampai tanggal")}


@dataclass(frozen=True, slots=True)
class BulkView:
    """`left_out` counts what was chosen but no longer waits for a decision."""

    rows: tuple[views.FlagRow, ...]
    left_out: int
    decisions: dict[str, str]
    list_query: str
    list_address: str
    tomorrow: date
    latest_rest: date


@router.get("", name="page:chosen_flags")
def chosen_flags(
    request: Request, session: SessionDep, found: Annotated[SignedIn, Depends(TRIAGE)]
) -> Response:
    return _page(
        request,
        session,
        found.principal,
        request.query_params,
        form=blank(keputusan=DECLINE),
        status=200,
    )


@router.post("", name="page:decide_flags")
def decide_flags(
    request: Request,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(TRIAGE)],
) -> Response:
    """Decide on all of them or on none: one that somebody changed stops the rest."""
    with attempt(session) as outcome:
        reader = Reader(data)
        decision = reader.text("keputusan")
        if decision not in DECISIONS:
            reader.complain("keputusan", N_("Pilih menolak atau menunda."))
        until = date.min
        if decision == SNOOZE:
            until = reader.day("until", N_("Pilih tanggal sampai kapan ditunda."))
        reason = reader.required("reason", N_("Tulis alasan untuk semua temuan ini."))
        chosen = [
            (flag_id, reader.whole(f"versi-{flag_id}", N_("Muat ulang halaman lalu coba lagi.")))
            for flag_id in _ids(data)
        ]
        reader.check()
        # All before the first is written down: what wakes flags takes them first, too.
        service.hold(session, flag_ids=[flag_id for flag_id, _ in chosen])
        for flag_id, version in chosen:
            if decision == DECLINE:
                service.decline(
                    session,
                    principal=found.principal,
                    flag_id=flag_id,
                    reason=reason,
                    expected_version=version,
                    now=now,
                )
            else:
                service.snooze(
                    session,
                    principal=found.principal,
                    flag_id=flag_id,
                    until=until,
                    reason=reason,
                    expected_version=version,
                    on=legal_day(found.principal),
                    now=now,
                )
        return see_address(_list_address(request, data), notice=f"{decision}-banyak")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, found.principal, data, form=form, status=outcome.status)


def _page(
    request: Request,
    session: Session,
    principal: Principal,
    data: Sent,
    *,
    form: Form,
    status: int,
) -> Response:
    language = page_language(request)
    chosen = _chosen(session, principal, _ids(data))
    waiting = [flag for flag in chosen if flag.status in OPEN_STATUSES]
    view = BulkView(
        rows=tuple(views.flag_row(flag, language) for flag in waiting),
        left_out=len(chosen) - len(waiting),
        decisions=DECISIONS,
        list_query=list_query(Reader(data)),
        list_address=_list_address(request, data),
        tomorrow=legal_day(principal) + timedelta(days=1),
        latest_rest=service.latest_rest(legal_day(principal)),
    )
    return render_page(
        request, "pages/flags/bulk.html", {"view": view, "form": form}, status=status
    )


def _ids(data: Sent | FormData) -> Sequence[int]:
    """Return the flags chosen, each once, at most as many as one page of the list shows."""
    return Reader(data).rows("temuan")[:PAGE]


def _chosen(session: Session, principal: Principal, ids: Sequence[int]) -> list[FlagView]:
    return [queries.flag(session, principal=principal, flag_id=flag_id) for flag_id in ids]


def _list_address(request: Request, data: Sent) -> str:
    return with_query(address_of(request, "flags"), dict(parse_qsl(list_query(Reader(data)))))
