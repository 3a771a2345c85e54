"""The calendar page: every day off of a year, and its doors for an administrator."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel import Session

from app.accounts.schemas import SignedIn
from app.cases import service as casework
from app.cases import workdays
from app.cases.holidays import EDIT, PACKAGED
from app.cases.schemas import CalendarDay
from app.infra.wording import N_
from app.web.addresses import address_of
from app.web.deps import NowDep, SessionDep, anyone_signed_in, legal_day, person
from app.web.pages.answers import see_address
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/kalender")

KINDS: Final = (("public", N_("Libur nasional")), ("collective", N_("Cuti bersama")))
MANAGE: Final = person(EDIT)


@dataclass(frozen=True, slots=True)
class CalendarView:
    """`packaged` marks a day that came with Patuh and nobody has compared with the decree.

    `years` are those whose holidays and collective leave have been announced.
    """

    year: int
    years: tuple[int, ...]
    days: tuple[CalendarDay, ...]
    version: str
    packaged: str
    kinds: tuple[tuple[str, str], ...]
    may_edit: bool


@router.get("", name="page:calendar")
def calendar(
    request: Request,
    session: SessionDep,
    found: Annotated[SignedIn, Depends(anyone_signed_in)],
    tahun: Annotated[int | None, Query(ge=2000, le=2100)] = None,
) -> Response:
    year = tahun or legal_day(found.principal).year
    return _page(request, session, found, year=year, form=blank(kind="public"), status=200)


@router.post("", name="page:add_holiday")
def add_holiday(
    request: Request,
    session: SessionDep,
    data: FormDep,
    found: Annotated[SignedIn, Depends(MANAGE)],
    now: NowDep,
) -> Response:
    """Add a day off; the deadlines that it moves are computed anew."""
    reader = Reader(data)
    with attempt(session) as outcome:
        day = reader.day("day", N_("Pilih tanggal hari libur."))
        name = reader.required("name", N_("Isi nama hari libur."))
        source = reader.required("source", N_("Isi dasar penetapan, misalnya nomor SKB."))
        kind: Literal["public", "collective"] = (
            "collective" if reader.text("kind") == "collective" else "public"
        )
        reader.check()
        casework.set_holiday(
            session,
            principal=found.principal,
            day=day,
            name=name,
            kind=kind,
            source=source,
            now=now,
        )
        return _back(request, day.year)
    form = refilled(data, outcome.no, page_language(request))
    year = _year(reader.text("day"), now)
    return _page(request, session, found, year=year, form=form, status=outcome.status)


@router.post("/hapus", name="page:remove_holiday")
def remove_holiday(
    request: Request,
    session: SessionDep,
    data: FormDep,
    found: Annotated[SignedIn, Depends(MANAGE)],
    now: NowDep,
) -> Response:
    """Take a day off out of the calendar."""
    reader = Reader(data)
    with attempt(session) as outcome:
        day = reader.day("day", N_("Pilih tanggal hari libur."))
        reader.check()
        casework.remove_holiday(
            session, principal=found.principal, day=day, name=reader.text("name"), now=now
        )
        return _back(request, day.year)
    form = refilled(data, outcome.no, page_language(request))
    year = _year(reader.text("day"), now)
    return _page(request, session, found, year=year, form=form, status=outcome.status)


def _page(
    request: Request, session: Session, found: SignedIn, *, year: int, form: Form, status: int
) -> Response:
    known = workdays.calendar(session)
    view = CalendarView(
        year=year,
        years=tuple(sorted(known.loaded_years, reverse=True)),
        days=workdays.calendar_days(session, year=year),
        version=known.version,
        packaged=PACKAGED,
        kinds=KINDS,
        may_edit=found.principal.may(EDIT),
    )
    return render_page(
        request, "pages/calendar/calendar.html", {"view": view, "form": form}, status=status
    )


def _back(request: Request, year: int) -> Response:
    address = f"{address_of(request, 'calendar')}?tahun={year}"
    return see_address(address, notice="kalender")


def _year(text: str, now: datetime) -> int:
    try:
        return date.fromisoformat(text).year
    except ValueError:
        return now.year
