"""The audit trail: who did what to what, newest first, and whether its chain holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts import trail
from app.accounts.schemas import Principal, SignedIn
from app.audit import service as audit
from app.audit.service import Verification
from app.cases import queries as cases
from app.errors import NotFound
from app.infra.wording import N_, translate
from app.web.addresses import address_of
from app.web.deps import SessionDep, legal_day, person
from app.web.pages.forms import Form, Problem, typed
from app.web.pages.listing import Chip, Listing, with_query
from app.web.pages.trail_words import ACTION_WORDS, ACTOR_WORDS, detail_items, without_nik
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/jejak-audit")
READ: Final = person(trail.READ)

PAGE: Final = 50
# Up to here the whole chain is recomputed with every page; beyond it, when somebody asks.
VERIFIED_UNASKED: Final = 10_000
SHORT_DETAIL: Final = 120


@dataclass(frozen=True, slots=True)
class Line:
    """`words` is empty for an action that has none; then its code stands alone."""

    seq: int
    recorded_at: datetime
    actor: str
    actor_name: str
    actor_address: str
    action: str
    words: str
    action_address: str
    subject: str
    subject_address: str
    case_number: str
    case_address: str
    office: str
    detail: tuple[tuple[str, str], ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class TrailView:
    """`verification` is None where it was not asked for; `entries` is the length of the chain."""

    lines: tuple[Line, ...]
    actions: list[tuple[str, str]]
    chips: tuple[Chip, ...]
    entries: int
    verification: Verification | None
    verify_address: str
    first_address: str
    next_address: str


@router.get("", name="page:trail")
def trail_page(
    request: Request, session: SessionDep, found: Annotated[SignedIn, Depends(READ)]
) -> Response:
    asked, language, principal = request.query_params, page_language(request), found.principal
    narrowing = {
        name: asked.get(name, "").strip() for name in ("pelaku", "tindakan", "pokok", "hari")
    }
    day, problems = _day(narrowing["hari"], language)
    page = trail.entries(
        session,
        principal=principal,
        filter=_filter(session, principal, narrowing, day),
        limit=PAGE,
        cursor=asked.get("kursor"),
    )
    listing = Listing(request.scope["path"], narrowing)
    length = audit.length(session)
    wanted = length <= VERIFIED_UNASKED or asked.get("periksa") == "rantai"
    view = TrailView(
        lines=tuple(_line(request, principal, entry) for entry in page.items),
        actions=sorted(
            ((code, translate(words, language)) for code, words in ACTION_WORDS.items()),
            key=lambda pair: pair[1],
        ),
        chips=listing.chips(_chip_words(narrowing, day, language)),
        entries=length,
        verification=audit.verify(session) if wanted else None,
        verify_address=listing.address(periksa="rantai"),
        first_address=listing.address() if asked.get("kursor") else "",
        next_address=listing.next_page(page.next),
    )
    form = Form(values=typed(asked), problems=problems)
    return render_page(
        request,
        "pages/trail/trail.html",
        {"view": view, "form": form},
        status=422 if problems else 200,
    )


def _day(text: str, language: str) -> tuple[date | None, tuple[Problem, ...]]:
    if not text:
        return None, ()
    try:
        return date.fromisoformat(text), ()
    except ValueError:
        complaint = translate(
            N_("“{value}” bukan tanggal; pilih dari kalender."), language, value=text[:40]
        )
        return None, (Problem("hari", complaint),)


def _filter(
    session: Session, principal: Principal, narrowing: Mapping[str, str], day: date | None
) -> trail.TrailFilter:
    zone = ZoneInfo(principal.zone)
    since = None if day is None else datetime.combine(day, time.min, tzinfo=zone)
    return trail.TrailFilter(
        actor=trail.actor_of(session, text=narrowing["pelaku"]),
        action=narrowing["tindakan"],
        subject=_subject(session, principal, narrowing["pokok"]),
        since=since,
        until=None
        if day is None or day == date.max
        else datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone),
    )


def _subject(session: Session, principal: Principal, text: str) -> str:
    """Return `case:17` for a case number too, where this person may read the case."""
    if ":" in text or not text or not principal.may("cases.read"):
        return text
    try:
        found = cases.case_file(
            session, principal=principal, case=text.upper(), on=legal_day(principal)
        )
    except NotFound:
        return text
    return f"case:{found.id}"


def _line(request: Request, principal: Principal, entry: trail.TrailEntry) -> Line:
    path = request.scope["path"]
    detail = detail_items(entry.detail)
    number = entry.detail.get("number")
    is_case = entry.subject.startswith("case:") and isinstance(number, str)
    case_number = str(number) if is_case else ""
    readable = case_number and principal.may("cases.read")
    return Line(
        seq=entry.seq,
        recorded_at=entry.recorded_at,
        actor=without_nik(entry.actor),
        actor_name=entry.actor_name or ACTOR_WORDS.get(entry.actor, ""),
        actor_address=with_query(path, {"pelaku": entry.actor}),
        action=entry.action,
        words=ACTION_WORDS.get(entry.action, ""),
        action_address=with_query(path, {"tindakan": entry.action}),
        subject=without_nik(entry.subject),
        subject_address=with_query(path, {"pokok": entry.subject}),
        case_number=case_number,
        case_address=address_of(request, "case", number=case_number) if readable else "",
        office=entry.office,
        detail=detail,
        folded=sum(len(name) + len(value) for name, value in detail) > SHORT_DETAIL,
    )


def _chip_words(narrowing: Mapping[str, str], day: date | None, language: str) -> dict[str, str]:
    action = narrowing["tindakan"]
    words = {
        "pelaku": narrowing["pelaku"],
        "tindakan": translate(ACTION_WORDS.get(action, action), language),
        "pokok": without_nik(narrowing["pokok"]),
    }
    if day is not None:
        words["hari"] = day.isoformat()
    return words
