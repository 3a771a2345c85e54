"""Control visits: draw employers by lot, say who goes, record what was found, open a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.schemas import OfficeView, Principal, SignedIn
from app.cases.controlled import open_from_control
from app.detection import control_queries as queries
from app.detection import control_visits, controls
from app.detection.control_schemas import (
    REGISTERED_RULES,
    RESULTS,
    Dimension,
    Draw,
    Outcome,
    Redrawn,
    Result,
    Visit,
    dimensions,
)
from app.detection.drawing import Stratum
from app.infra.wording import N_
from app.web.control_words import DIMENSION_WORDS, RESULT_TONES, RESULT_WORDS, group_name
from app.web.deps import ContextDep, NowDep, PathId, SessionDep, legal_day, person
from app.web.lots import SeedDep
from app.web.pages.answers import see
from app.web.pages.case_words import SCALES
from app.web.pages.due import Due, due_in_days
from app.web.pages.flag_views import RULE_WORDS, place_name
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/kontrol")
READ = person("controls.read")
DRAW = person("controls.draw")
ASSIGN = person("controls.assign")
RECORD = person("controls.record")
_NO_RESULT: Final[Result] = "tidak_ditemukan"


@dataclass(frozen=True, slots=True)
class DrawLine:
    draw: Draw
    office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlsView:
    lines: tuple[DrawLine, ...]
    mine: tuple[Visit, ...]
    offices: tuple[tuple[str, str], ...]
    dimensions: Mapping[str, str]
    may_draw: bool


@dataclass(frozen=True, slots=True)
class VisitLine:
    visit: Visit
    words: str
    tone: str
    due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawView:
    """`again` is None until a person asks to draw again."""

    draw: Draw
    office: str
    lines: tuple[VisitLine, ...]
    strata: tuple[str, ...]
    groups: tuple[tuple[str, Stratum], ...]
    officers: tuple[tuple[str, str], ...]
    may_assign: bool
    again: Redrawn | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitView:
    """`flagged` are rules; nobody sees them before an outcome is recorded."""

    visit: Visit
    results: Mapping[str, str]
    rules: Mapping[str, str]
    scale: str
    region: str
    flagged: tuple[str, ...]
    may_record: bool
    may_open: bool
    zone: str


@router.get("", name="page:controls")
def controls_page(
    request: Request, session: SessionDep, found: Annotated[SignedIn, Depends(READ)]
) -> Response:
    return _list(request, session, found.principal, form=None, status=200)


@router.post("", name="page:draw_controls")
def draw_controls(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    seed: SeedDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(DRAW)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        office = reader.required("kantor", N_("Pilih kantor."))
        count = reader.whole(
            "banyaknya",
            N_("“{value}” bukan jumlah; isi misalnya 40."),
            missing=N_("Isi banyaknya kunjungan, misalnya 40."),
        )
        first_on = reader.day("first_on", N_("Pilih hari pertama kunjungan."))
        last_on = reader.day("last_on", N_("Pilih hari terakhir kunjungan."))
        why = reader.required("why", N_("Tulis mengapa undian ini dibuat."))
        reader.check()
        drawn = controls.draw_controls(
            session,
            principal=found.principal,
            wanted=controls.Wanted(
                office_code=office,
                first_on=first_on,
                last_on=last_on,
                count=count,
                strata=dimensions(reader.texts("lapisan")),
                why=why,
            ),
            seed=seed,
            snapshots_dir=context.settings.snapshots_dir,
            on=legal_day(found.principal),
            now=now,
        )
        return see(request, "control_draw", number=drawn.number, notice="undian")
    form = refilled(data, outcome.no, page_language(request))
    return _list(request, session, found.principal, form=form, status=outcome.status)


@router.get("/undian/{number}", name="page:control_draw")
def control_draw(
    request: Request,
    number: str,
    session: SessionDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    return _draw(request, session, found.principal, number, form=None, status=200)


@router.post("/undian/{number}/cocokkan", name="page:draw_again")
def draw_again(
    request: Request,
    number: str,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    """Draw again from the kept seed and compare; nothing is stored."""
    again = controls.drawn_again(
        session,
        principal=found.principal,
        number=number,
        snapshots_dir=context.settings.snapshots_dir,
    )
    return _draw(request, session, found.principal, number, form=None, status=200, again=again)


@router.post("/undian/{number}/petugas", name="page:assign_controls")
def assign_controls(
    request: Request,
    number: str,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(ASSIGN)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        officer = reader.row("petugas", N_("Pilih petugas."))
        reader.check()
        control_visits.assign(
            session,
            principal=found.principal,
            number=number,
            places=reader.rows("kunjungan"),
            officer_id=officer,
            now=now,
        )
        return see(request, "control_draw", number=number, notice="tugas")
    form = refilled(data, outcome.no, page_language(request))
    return _draw(request, session, found.principal, number, form=form, status=outcome.status)


@router.get("/undian/{number}/{place}", name="page:control_visit")
def control_visit(
    request: Request,
    number: str,
    place: PathId,
    session: SessionDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    return _visit(request, session, found.principal, number, place, form=None, status=200)


@router.post("/undian/{number}/{place}", name="page:record_control")
def record_control(
    request: Request,
    number: str,
    place: PathId,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(RECORD)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        found_there = _outcome(reader)
        known = reader.whole("tercatat", N_("Muat ulang halaman, lalu catat lagi."))
        reader.check()
        control_visits.record_outcome(
            session,
            principal=found.principal,
            number=number,
            place=place,
            outcome=found_there,
            known_outcomes=known,
            on=legal_day(found.principal),
            now=now,
        )
        return see(request, "control_visit", number=number, place=place, notice="kontrol")
    form = refilled(data, outcome.no, page_language(request))
    return _visit(
        request, session, found.principal, number, place, form=form, status=outcome.status
    )


@router.post("/undian/{number}/{place}/kasus", name="page:open_control_case")
def open_control_case(
    request: Request,
    number: str,
    place: PathId,
    session: SessionDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(RECORD)],
) -> Response:
    with attempt(session) as outcome:
        opened = open_from_control(
            session,
            principal=found.principal,
            number=number,
            place=place,
            on=legal_day(found.principal),
            now=now,
        )
        return see(request, "case", number=opened.number, notice="kasus")
    form = refilled(request.query_params, outcome.no, page_language(request))
    return _visit(
        request, session, found.principal, number, place, form=form, status=outcome.status
    )


def _outcome(reader: Reader) -> Outcome:
    visited_on = reader.day("visited_on", N_("Pilih hari kunjungan."))
    said = reader.text("result")
    result = next((one for one in RESULTS if one == said), None)
    if result is None:
        reader.complain("result", N_("Pilih apa yang ditemukan."))
    note = reader.required("note", N_("Tulis apa yang diperiksa dan apa yang ditemukan."))
    complaint = N_("“{value}” bukan bilangan bulat; kosongkan bila tidak ditaksir.")
    rupiah = reader.whole("rupiah", complaint) if reader.text("rupiah") else 0
    workers = reader.whole("workers", complaint) if reader.text("workers") else 0
    return Outcome(
        visited_on=visited_on,
        result=result or _NO_RESULT,
        violations=frozenset(reader.texts("violations")),
        rupiah=rupiah,
        workers=workers,
        note=note,
    )


def _list(
    request: Request,
    session: Session,
    principal: Principal,
    *,
    form: Form | None,
    status: int,
) -> Response:
    offices = accounts.offices(session)
    view = ControlsView(
        lines=tuple(
            DrawLine(one, _office(offices, one.office_code))
            for one in queries.draws(session, principal=principal)
        ),
        mine=queries.waiting_for(session, principal=principal),
        offices=tuple((one.code, one.name) for one in offices if principal.reaches(one.code)),
        dimensions={str(code): words for code, words in DIMENSION_WORDS.items()},
        may_draw=principal.may(controls.DRAW),
    )
    today = legal_day(principal).isoformat()
    return render_page(
        request,
        "pages/controls/list.html",
        {"view": view, "form": form or blank(kantor=principal.office_code, first_on=today)},
        status=status,
    )


def _draw(
    request: Request,
    session: Session,
    principal: Principal,
    number: str,
    *,
    form: Form | None,
    status: int,
    again: Redrawn | None = None,
) -> Response:
    drawn = queries.draw(session, principal=principal, number=number)
    today = legal_day(principal)
    may_assign = principal.may(control_visits.ASSIGN)
    people = accounts.colleagues(session, principal=principal) if may_assign else ()
    view = DrawView(
        draw=drawn,
        office=_office(accounts.offices(session), drawn.office_code),
        lines=tuple(
            _line(one, today=today)
            for one in queries.visits(session, principal=principal, number=number)
        ),
        strata=tuple(DIMENSION_WORDS[one] for one in drawn.strata),
        groups=tuple(
            (_stratum(one, drawn.strata, language=page_language(request)), one)
            for one in drawn.groups
            if drawn.strata
        ),
        officers=tuple((str(one.id), f"{one.name}, {one.office_code}") for one in people),
        may_assign=may_assign,
        again=again,
    )
    return render_page(
        request,
        "pages/controls/draw.html",
        {"view": view, "form": form or Form()},
        status=status,
    )


def _stratum(one: Stratum, strata: Iterable[Dimension], *, language: str) -> str:
    """Return a stratum as people call it: `Mikro, Kabupaten Bekasi`."""
    return ", ".join(
        group_name(by, key, offices={}, scales=SCALES, language=language)
        for by, key in zip(dimensions(strata), one.key.split("|"), strict=True)
    )


def _visit(
    request: Request,
    session: Session,
    principal: Principal,
    number: str,
    place: int,
    *,
    form: Form | None,
    status: int,
) -> Response:
    found = queries.visit(session, principal=principal, number=number, place=place)
    closed = bool(found.case_number)
    scale = str(found.employer.get("skala", ""))
    view = VisitView(
        visit=found,
        results={str(code): words for code, words in RESULT_WORDS.items()},
        rules={code: RULE_WORDS[code] for code in REGISTERED_RULES},
        scale=SCALES.get(scale, scale),
        region=place_name(str(found.employer.get("kode_wilayah", ""))),
        flagged=tuple(RULE_WORDS[code] for code in REGISTERED_RULES if code in found.flagged),
        may_record=not closed and principal.may(control_visits.RECORD),
        may_open=not closed
        and found.outcome is not None
        and found.outcome.result == "melanggar"
        and principal.may("cases.open")
        and principal.may(control_visits.RECORD),
        zone=principal.zone,
    )
    suggested = blank(visited_on=legal_day(principal).isoformat())
    return render_page(
        request,
        "pages/controls/visit.html",
        {"view": view, "form": form or suggested},
        status=status,
    )


def _line(visit: Visit, *, today: date) -> VisitLine:
    outcome = visit.outcome
    if outcome is not None:
        # The whole sentence of the form would not fit beside a name on a phone.
        words = (
            N_("Tidak ditemukan") if outcome.result == _NO_RESULT else RESULT_WORDS[outcome.result]
        )
        return VisitLine(visit, words, RESULT_TONES[outcome.result], None)
    words = N_("Belum dikunjungi") if visit.officer_id else N_("Belum ada petugas")
    return VisitLine(visit, words, "", due_in_days(on=visit.due_on, today=today))


def _office(offices: tuple[OfficeView, ...], code: str) -> str:
    return next((one.name for one in offices if one.code == code), code)
