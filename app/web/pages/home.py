"""The first page: what needs this person today."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts import directory
from app.accounts.schemas import Principal, SignedIn
from app.cases import queries as cases
from app.cases.schemas import CaseFilter, NextState, Task
from app.corrections import queries as corrections
from app.detection import control_queries, control_visits
from app.detection import queries as detection
from app.detection.schemas import OPEN_STATUSES
from app.infra.wording import N_
from app.web.addresses import address_of
from app.web.deps import NowDep, SessionDep, anyone_signed_in, legal_day
from app.web.pages.case_views import waiting_due
from app.web.pages.case_words import TASKS
from app.web.pages.cases import Row, case_line
from app.web.pages.due import Due
from app.web.pages.listing import with_query
from app.web.rendering import page_language, render_page
from app.web.spoken import spoken

router = APIRouter()

SHOWN_TASKS: Final = 30
SHOWN_UPCOMING: Final = 10


@dataclass(frozen=True, slots=True)
class Tile:
    words: str
    count: int
    address: str
    tone: str


@dataclass(frozen=True, slots=True)
class TaskCard:
    """`kind` is empty for a step: its sentence already names it."""

    case_number: str
    employer_name: str
    kind: str
    tone: str
    sentence: str
    due: Due | None
    urgency: str


@dataclass(frozen=True, slots=True)
class HomeView:
    today: date
    tiles: tuple[Tile, ...]
    tasks: tuple[TaskCard, ...]
    upcoming: tuple[Row, ...]
    shows_tasks: bool
    may_flags: bool
    may_imports: bool


@router.get("/", name="page:home")
def home(
    request: Request,
    session: SessionDep,
    found: Annotated[SignedIn, Depends(anyone_signed_in)],
    now: NowDep,
) -> Response:
    principal = found.principal
    today = legal_day(principal)
    reads_cases = principal.may("cases.read")
    view = HomeView(
        today=today,
        tiles=_tiles(request, session, principal, today, now),
        tasks=_tasks(session, principal, today, page_language(request)) if reads_cases else (),
        upcoming=_upcoming(session, principal, today) if reads_cases else (),
        shows_tasks=reads_cases,
        may_flags=principal.may("flags.read"),
        may_imports=principal.may("imports.read"),
    )
    return render_page(request, "pages/home/home.html", {"view": view})


def _tiles(
    request: Request, session: Session, principal: Principal, today: date, now: datetime
) -> tuple[Tile, ...]:
    def path(route: str) -> str:
        return address_of(request, route)

    tiles: list[Tile] = []
    if principal.may("flags.read"):
        counts = detection.flag_counts(session, principal=principal)
        waiting = counts.total(*OPEN_STATUSES)
        tiles.append(Tile(N_("temuan menunggu tinjauan"), waiting, path("flags"), ""))
    if principal.may("cases.read"):
        case_counts = cases.case_counts(session, principal=principal, on=today)
        address = path("cases")
        all_open = with_query(address, {"lihat": "semua"})
        needing, waiting = case_counts.needing_action, case_counts.waiting_approval
        tone = "orange" if needing else ""
        tiles += [
            Tile(N_("kasus perlu tindakan hari ini"), needing, address, tone),
            Tile(N_("usulan menunggu persetujuan"), waiting, all_open, ""),
            Tile(N_("kasus terbuka"), case_counts.open, all_open, ""),
        ]
        if waiting := corrections.open_count(session, principal=principal):
            words = N_("koreksi data masa lalu menunggu putusan")
            tiles.append(Tile(words, waiting, path("corrections"), "orange"))
    if principal.may(control_visits.RECORD) and (
        mine := control_queries.waiting_for(session, principal=principal)
    ):
        tiles.append(Tile(N_("kunjungan kontrol menunggu Anda"), len(mine), path("controls"), ""))
    if principal.may("accounts.manage"):
        tiles += _upkeep_tiles(request, session, principal, now)
    return tuple(tiles)


def _upkeep_tiles(
    request: Request, session: Session, principal: Principal, now: datetime
) -> tuple[Tile, ...]:
    found = directory.upkeep(session, principal=principal, now=now)
    people, offices = address_of(request, "people"), address_of(request, "offices")
    temporary = with_query(people, {"status": "sementara"})
    tokens = address_of(request, "tokens")

    def tone(count: int) -> str:
        return "orange" if count else ""

    return (
        Tile(N_("pengguna aktif"), found.people, people, ""),
        Tile(N_("kata sandi sementara belum diganti"), found.temporary, temporary, ""),
        Tile(
            N_("kantor belum lengkap"),
            found.incomplete_offices,
            offices,
            tone(found.incomplete_offices),
        ),
        Tile(
            N_("token berakhir dalam 14 hari"),
            found.expiring_tokens,
            tokens,
            tone(found.expiring_tokens),
        ),
    )


def _tasks(
    session: Session, principal: Principal, today: date, language: str
) -> tuple[TaskCard, ...]:
    found = cases.tasks(session, principal=principal, on=today)
    return tuple(_card(task, today, language) for task in found[:SHOWN_TASKS])


def _card(task: Task, today: date, language: str) -> TaskCard:
    kind, tone = TASKS.get(task.kind, ("", ""))
    due = waiting_due(task.since, today=today)
    return TaskCard(
        case_number=task.case_number,
        employer_name=task.employer_name,
        kind=kind,
        tone=tone,
        sentence=spoken(task.sentence, language),
        due=due,
        urgency=due.urgency if due else "",
    )


def _upcoming(session: Session, principal: Principal, today: date) -> tuple[Row, ...]:
    """Return cases that wait for a deadline, the nearest first."""
    page = cases.cases(session, principal=principal, filter=CaseFilter(on=today, limit=200))
    waiting = sorted(
        (row for row in page.items if row.next_state is NextState.WAIT and row.next_due_on),
        key=lambda row: (row.next_due_on or today, row.id),
    )
    return tuple(case_line(row, today=today) for row in waiting[:SHOWN_UPCOMING])
