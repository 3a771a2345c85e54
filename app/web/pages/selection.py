"""What flags find beside what the lot finds: the report, its chart, its tables, its warnings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.schemas import Principal, SignedIn
from app.detection import selection_report as service
from app.detection.intervals import Rate
from app.detection.selection import GROUPED, UNREGISTERED, By, Group
from app.detection.selection_report import Counted, ReportView
from app.detection.skew import enough
from app.infra.wording import N_
from app.web.addresses import address_of
from app.web.context import WebContext
from app.web.control_words import BY_WORDS, group_name, sentence_of
from app.web.deps import ContextDep, NowDep, PathId, SessionDep, legal_day, person
from app.web.pages.answers import see_address
from app.web.pages.case_words import SCALES
from app.web.pages.flag_views import RULE_WORDS
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.pages.intervals import IntervalChart, Span, interval_chart
from app.web.pages.listing import with_query
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/kontrol/laporan")
READ = person("controls.read")
RUN = person("controls.draw")
# A phone must not scroll past groups that nobody visited and no rule flagged.
LONGEST_TABLE: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """`compared`: the base rests on enough visits to be held against another figure."""

    name: str
    group: Group
    compared: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one dimension; `left` are those that the table leaves out."""

    by: By
    words: str
    lines: tuple[Line, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Said:
    sentence: str
    warns: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionView:
    """`kept` is None before the first report of this office. `again` only after a recount."""

    kept: ReportView | None
    office: str
    office_name: str
    offices: tuple[tuple[str, str], ...]
    said: tuple[Said, ...]
    rules: tuple[Line, ...]
    sections: tuple[Section, ...]
    chart: IntervalChart | None
    names: Mapping[str, str]
    compared: bool
    may_run: bool
    again: Counted | None


@router.get("", name="page:selection")
def selection_page(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    return _page(request, session, context, found.principal, form=None, status=200)


@router.post("", name="page:count_selection")
def count_selection(
    request: Request,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(RUN)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        first = reader.day("mulai", N_("Pilih hari pertama."))
        last = reader.day("sampai", N_("Pilih hari terakhir."))
        office = reader.required("kantor", N_("Pilih kantor."))
        reader.check()
        service.compute_report(
            session,
            principal=found.principal,
            office_code=office,
            first=first,
            last=last,
            snapshots_dir=context.settings.snapshots_dir,
            on=legal_day(found.principal),
            now=now,
        )
        address = with_query(address_of(request, "selection"), {"kantor": office})
        return see_address(address, notice="seleksi")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, context, found.principal, form=form, status=outcome.status)


@router.post("/{figure_id}/ulang", name="page:recount_selection")
def recount_selection(
    request: Request,
    figure_id: PathId,
    session: SessionDep,
    context: ContextDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(RUN)],
) -> Response:
    """Count a kept report again under its own terms and say whether it came out the same."""
    again = service.count_again(
        session,
        principal=found.principal,
        figure_id=figure_id,
        snapshots_dir=context.settings.snapshots_dir,
        now=now,
    )
    return _page(request, session, context, found.principal, form=None, status=200, again=again)


def _page(
    request: Request,
    session: Session,
    context: WebContext,
    principal: Principal,
    *,
    form: Form | None,
    status: int,
    again: Counted | None = None,
) -> Response:
    language = page_language(request)
    names = {one.code: one.name for one in accounts.offices(session)}
    asked = request.query_params.get("kantor", "") or principal.office_code
    office = asked if asked in names and principal.reaches(asked) else principal.office_code
    kept = (
        again.view
        if again is not None
        else service.latest_report(
            session,
            principal=principal,
            office_code=office,
            snapshots_dir=context.settings.snapshots_dir,
        )
    )
    office = kept.terms.office if kept is not None else office
    today = legal_day(principal)
    spoken = {**names, "": ""}
    view = SelectionView(
        kept=kept,
        office=office,
        office_name=names.get(office, office),
        offices=tuple((code, name) for code, name in names.items() if principal.reaches(code)),
        said=() if kept is None else _said(kept, offices=spoken, language=language),
        rules=() if kept is None else _lines(kept, "aturan", offices=names, language=language),
        sections=()
        if kept is None
        else tuple(_section(kept, by, offices=names, language=language) for by in GROUPED),
        chart=None if kept is None else _chart(kept),
        names=RULE_WORDS,
        compared=kept is not None and enough(kept.report.whole.base, minimum=kept.terms.minimum),
        may_run=principal.may(service.RUN),
        again=again,
    )
    suggested = blank(
        kantor=office, mulai=today.replace(month=1, day=1).isoformat(), sampai=today.isoformat()
    )
    return render_page(
        request,
        "pages/controls/report.html",
        {"view": view, "form": form or suggested},
        status=status,
    )


def _said(kept: ReportView, *, offices: Mapping[str, str], language: str) -> tuple[Said, ...]:
    return tuple(
        Said(
            sentence_of(
                one,
                name=group_name(one.by, one.key, offices=offices, scales=SCALES, language=language),
                language=language,
            ),
            one.warns,
        )
        for one in kept.remarks
    )


def _lines(
    kept: ReportView, by: By, *, offices: Mapping[str, str], language: str
) -> tuple[Line, ...]:
    return tuple(
        Line(
            RULE_WORDS[one.key]
            if by == "aturan"
            else group_name(by, one.key, offices=offices, scales=SCALES, language=language),
            one,
            enough(one.base, minimum=kept.terms.minimum),
        )
        for one in kept.report.along(by)
    )


def _section(kept: ReportView, by: By, *, offices: Mapping[str, str], language: str) -> Section:
    lines = _lines(kept, by, offices=offices, language=language)
    shown = sorted(lines, key=lambda one: (-_visits(one.group.base), -one.group.register))
    return Section(
        by, BY_WORDS[by], tuple(shown[:LONGEST_TABLE]), max(0, len(shown) - LONGEST_TABLE)
    )


def _visits(rate: Rate | None) -> int:
    return rate.trials if rate else 0


def _chart(kept: ReportView) -> IntervalChart | None:
    """Draw per rule how often the lot finds it and how often its flags held."""
    spans = [
        (one.key, tuple(_span(rate) for rate in (one.base, one.held)))
        for one in kept.report.along("aturan")
        if one.key != UNREGISTERED
    ]
    return interval_chart(spans)


def _span(rate: Rate | None) -> Span | None:
    return None if rate is None else Span(rate.low, rate.per_mille, rate.high)
