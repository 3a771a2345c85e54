"""The calendar page: every day off of a year, and its doors for an administrator."""

from collections.abc import Callable, Mapping
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
from app.cases.service import CalendarChanged
from app.cases.stages import DOCUMENT_LABELS
from app.errors import NotFound, Stale
from app.infra.wording import N_
from app.web.addresses import address_of
from app.web.deps import NowDep, SessionDep, anyone_signed_in, legal_day, person
from app.web.pages.answers import see_address
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.rendering import page_language, render_page
from app.web.spoken import spoken

router = APIRouter(prefix="/kalender")

KINDS: Final = (("public", N_("Libur nasional")), ("collective", N_("Cuti bersama")))
CHANGES: Final = {
    "pindah": N_("Pindahkan ke tanggal lain"),
    "hapus": N_("Hapus dari kalender"),
}
CARRIED: Final = ("day", "name", "kind", "source", "perubahan", "to")
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


@dataclass(frozen=True, slots=True)
class ChangeView:
    day: str
    name: str
    changes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AffectedLetter:
    """A day is None where that calendar does not reach it."""

    case: str
    office: str
    letter: str
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class PreviewView:
    """`carried` are the hidden fields with which the previewed edit is sent again.

    `to` is the new day of a day off that is moved, None when it is added or removed.
    """

    action: str
    carried: tuple[tuple[str, str], ...]
    name: str
    source: str
    day: date
    to: date | None
    removes: bool
    version_before: str
    version: str
    cases: int
    letters: tuple[AffectedLetter, ...]
    defects: tuple[tuple[str, str], ...]
    year: int


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
    """Show what a new day off would move; add it once that was seen."""
    reader = Reader(data)
    with attempt(session) as outcome:
        day = reader.day("day", N_("Pilih tanggal hari libur."))
        name = reader.required("name", N_("Isi nama hari libur."))
        source = reader.required("source", N_("Isi dasar penetapan, misalnya nomor SKB."))
        kind: Literal["public", "collective"] = (
            "collective" if reader.text("kind") == "collective" else "public"
        )
        reader.check()

        def edit() -> CalendarChanged:
            return casework.set_holiday(
                session,
                principal=found.principal,
                day=day,
                name=name,
                kind=kind,
                source=source,
                now=now,
            )

        return _seen_or_saved(request, session, reader, edit, action="add_holiday", year=day.year)
    form = refilled(data, outcome.no, page_language(request))
    year = _year(reader.text("day"), now)
    return _page(request, session, found, year=year, form=form, status=outcome.status)


@router.get("/ubah", name="page:change_holiday", dependencies=[Depends(MANAGE)])
def change_page(request: Request) -> Response:
    asked = request.query_params
    form = blank(day=asked.get("day"), name=asked.get("name"), perubahan="pindah")
    return _change_page(request, form, status=200)


@router.post("/ubah", name="page:save_holiday")
def change_holiday(
    request: Request,
    session: SessionDep,
    data: FormDep,
    found: Annotated[SignedIn, Depends(MANAGE)],
    now: NowDep,
) -> Response:
    """Show what moving or removing a day off would move; do it once that was seen."""
    reader = Reader(data)
    with attempt(session) as outcome:
        day = reader.day("day", N_("Pilih tanggal hari libur."))
        name, source = reader.text("name"), reader.text("source")
        removes = reader.text("perubahan") == "hapus"
        if not source:
            reader.complain("source", N_("Isi dasar penetapan, misalnya nomor SKB."))
        to = day if removes else reader.day("to", N_("Pilih tanggal yang baru."))
        reader.check()

        def edit() -> CalendarChanged:
            if removes:
                return casework.remove_holiday(
                    session,
                    principal=found.principal,
                    day=day,
                    name=name,
                    source=source,
                    now=now,
                )
            return casework.move_holiday(
                session,
                principal=found.principal,
                day=day,
                name=name,
                to=to,
                source=source,
                now=now,
            )

        return _seen_or_saved(request, session, reader, edit, action="save_holiday", year=to.year)
    form = refilled(data, outcome.no, page_language(request))
    return _change_page(request, form, status=outcome.status)


def _require_seen(reader: Reader, *, current: str) -> None:
    """Raises: Stale: the calendar that was previewed is not the one in force."""
    if current != reader.text("versi"):
        raise Stale(
            "Kalender sudah berubah sejak pratinjau ini dibuat ({expected}, kini {current}); "
            "ulangi supaya akibatnya terlihat.",
            expected=reader.text("versi"),
            current=current,
        )


def _seen_or_saved(
    request: Request,
    session: Session,
    reader: Reader,
    edit: Callable[[], CalendarChanged],
    *,
    action: str,
    year: int,
) -> Response:
    """Save what was previewed under the calendar still in force; otherwise show the preview.

    Raises:
        Stale: somebody changed the calendar after the preview.
    """
    if reader.text("tahap") == "simpan":
        try:
            changed = edit()
        except NotFound:
            # Sent twice, a move must not only say that the day it moved is gone.
            _require_seen(reader, current=workdays.calendar(session).version)
            raise
        _require_seen(reader, current=changed.version_before)
        address = f"{address_of(request, 'calendar')}?tahun={year}"
        return see_address(address, notice="kalender")
    language, removes = page_language(request), reader.text("perubahan") == "hapus"
    changed = casework.preview(session, edit)
    view = PreviewView(
        action=action,
        carried=tuple((name, reader.text(name)) for name in CARRIED if reader.text(name)),
        name=reader.text("name"),
        source=reader.text("source"),
        day=reader.day("day", N_("Pilih tanggal hari libur.")),
        to=None if removes else reader.optional_day("to"),
        removes=removes,
        version_before=changed.version_before,
        version=changed.version,
        cases=len(changed.affected),
        letters=tuple(
            AffectedLetter(
                case.number,
                case.office_code,
                DOCUMENT_LABELS[one.letter],
                one.before,
                one.after,
            )
            for case in changed.affected
            for one in case.recount.moved
        ),
        defects=tuple(
            (case.number, spoken(one.problem, language))
            for case in changed.affected
            for one in case.recount.undermined
        ),
        year=year,
    )
    return render_page(request, "pages/calendar/preview.html", {"view": view, "form": Form()})


def _change_page(request: Request, form: Form, *, status: int) -> Response:
    view = ChangeView(day=form.value("day"), name=form.value("name"), changes=CHANGES)
    return render_page(
        request, "pages/calendar/change.html", {"view": view, "form": form}, status=status
    )


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


def _year(text: str, now: datetime) -> int:
    try:
        return date.fromisoformat(text).year
    except ValueError:
        return now.year
