"""Flags as known on a day: to be read only, for who asks what could have been known then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from fastapi import Request, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.schemas import Principal
from app.detection import past
from app.detection.past import KnownFlag
from app.detection.schemas import OPEN_STATUSES, RULE_CODES, STATUSES, FlagFilter, FlagView, Status
from app.errors import Invalid
from app.infra.wording import translate
from app.web.addresses import address_of
from app.web.deps import legal_day
from app.web.pages import flag_views as views
from app.web.pages.forms import Form, Reader, refilled, typed
from app.web.pages.listing import Listing, with_query
from app.web.pages.values import Item, items_of
from app.web.rendering import page_language, render_page

DAY: Final = "pada"
NARROWING: Final = (DAY, "aturan", "status", "cari", "wilayah")
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class PastRow:
    row: views.FlagRow
    address: str


@dataclass(frozen=True, slots=True)
class PastFlagsView:
    day: date
    today: date
    swept_on: date
    swept_at: datetime
    rows: tuple[PastRow, ...]
    rules: Mapping[str, str]
    statuses: Mapping[str, str]
    now_address: str
    first_address: str
    next_address: str


@dataclass(frozen=True, slots=True)
class PastFlagPage:
    """`gone`: the sweep of then did not find it; what is shown is what was found last."""

    day: date
    today: date
    known: KnownFlag
    flag: FlagView
    rule: str
    status: str
    confidence: str
    confidence_reason: str
    identifier: str
    place: str
    office: str
    sentence: str
    money_label: str
    numbers: tuple[Item, ...]
    source_ages: tuple[views.SourceAge, ...]
    evidence: tuple[views.EvidenceGroup, ...]
    history: tuple[views.HistoryItem, ...]
    gone: bool
    list_address: str
    now_address: str
    past_address: str
    may_read_cases: bool


def day_asked(request: Request, *, today: date) -> tuple[date | None, Form]:
    """Return the day of the address, None if none or a wrong one, and the form that asks for it."""
    asked = request.query_params
    reader = Reader(asked)
    day = reader.known_day(DAY, today=today)
    try:
        reader.check()
    except Invalid as no:
        return None, refilled(asked, no, page_language(request))
    return day, Form(values=typed(asked))


def list_page(
    request: Request, session: Session, principal: Principal, *, day: date, form: Form
) -> Response:
    asked, language = request.query_params, page_language(request)
    narrowing = {name: asked.get(name, "") for name in NARROWING}
    cursor = asked.get("kursor")
    found = past.flags_known_on(
        session,
        principal=principal,
        filter=FlagFilter(
            rule=narrowing["aturan"] if narrowing["aturan"] in RULE_CODES else "",
            status=statuses_asked(narrowing["status"]),
            kode_wilayah=narrowing["wilayah"],
            text=narrowing["cari"].strip(),
        ),
        day=day,
        cursor=cursor,
        limit=PAGE,
    )
    listing = Listing(request.scope["path"], narrowing)
    on = {DAY: day.isoformat()}
    view = PastFlagsView(
        day=day,
        today=legal_day(principal),
        swept_on=found.sweep.on,
        swept_at=found.sweep.recorded_at,
        rows=tuple(
            PastRow(
                views.flag_row(flag, language),
                with_query(address_of(request, "flag", flag_id=flag.id), on),
            )
            for flag in found.page.items
        ),
        rules=views.RULE_WORDS,
        statuses=views.STATUS_WORDS,
        now_address=listing.address(**{DAY: ""}),
        first_address=listing.address() if cursor else "",
        next_address=listing.next_page(found.page.next),
    )
    return render_page(request, "pages/flags/past_list.html", {"view": view, "form": form})


def flag_page(
    request: Request,
    session: Session,
    principal: Principal,
    flag_id: int,
    *,
    day: date,
    form: Form,
) -> Response:
    language = page_language(request)
    known = past.flag_known_on(session, principal=principal, flag_id=flag_id, day=day)
    flag = known.flag
    address = address_of(request, "flag", flag_id=flag_id)
    view = PastFlagPage(
        day=day,
        today=legal_day(principal),
        known=known,
        flag=flag,
        rule=views.RULE_WORDS[flag.rule],
        status=views.STATUS_WORDS[flag.status],
        confidence=views.CONFIDENCE_WORDS[flag.confidence],
        confidence_reason=translate(flag.confidence_reason, language),
        identifier=views.identifier(flag),
        place=views.place_name(flag.kode_wilayah),
        office=accounts.office_name(session, code=flag.kantor_cabang),
        sentence=views.sentence(flag, language),
        money_label=views.money_label(flag),
        numbers=items_of(flag.numbers, language),
        source_ages=views.source_ages(flag),
        evidence=views.evidence_groups(flag.evidence, language),
        history=views.history_items(
            known.events,
            {one.actor: accounts.actor_name(session, actor=one.actor) for one in known.events},
            language,
        ),
        gone=not flag.seen,
        list_address=with_query(address_of(request, "flags"), {DAY: day.isoformat()}),
        now_address=address,
        past_address=address,
        may_read_cases=principal.may("cases.read"),
    )
    return render_page(request, "pages/flags/past.html", {"view": view, "form": form})


def statuses_asked(wanted: str) -> tuple[Status, ...]:
    """Return the statuses behind the choice: those that wait, all, or one."""
    if wanted == "semua":
        return STATUSES
    return (wanted,) if wanted in STATUSES else OPEN_STATUSES
