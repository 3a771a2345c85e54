"""The figures of one case: why its arrears changed since a letter, and what was never billed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.schemas import SignedIn
from app.calculations.estimates import EstimateAnswer
from app.cases.schemas import CaseFile
from app.errors import Invalid
from app.infra.wording import N_, translate
from app.law.estimates import WorkerEvidence
from app.law.parameters.programmes import SCALES as KNOWN_SCALES
from app.packets.estimates import FlagEstimate, Given, estimates
from app.packets.figures import Change, figures
from app.packets.moments import Moment
from app.web.addresses import address_of
from app.web.deps import ContextDep, SessionDep, legal_day, person
from app.web.pages.calculator_problems import on_the_page
from app.web.pages.calculators import RISK_CLASSES, SCALES
from app.web.pages.case import addresses_of, case_of
from app.web.pages.case_views import Tab, case_due, rule_words, tabs
from app.web.pages.due import Due
from app.web.pages.estimates import PREPARED
from app.web.pages.forms import LONGEST_TEXT, Form, Reader, Sent, blank, refilled, typed
from app.web.rendering import page_language, render_page
from app.web.spoken import spoken, spoken_template

router = APIRouter(prefix="/kasus/{number}")
READ = person("cases.read")
_CHOSEN: Final = frozenset({"scale", "jkk_class"})
_SINCE: Final = {"since": ("since", N_("Bandingkan hari ini dengan"))}
_MOMENT: Final = N_("{label} {number}, {day}")


@dataclass(frozen=True, slots=True)
class EstimateLine:
    """`refused` says why there is no `answer`.

    `calculator` is empty where the list is too long for it, or no choice would give an answer.
    """

    rule: str
    words: str
    answer: EstimateAnswer | None
    folded: bool
    remarks: tuple[str, ...]
    refused: str
    calculator: str


@dataclass(frozen=True, slots=True)
class FiguresView:
    """`unknown` says why there is no `change`. `asks`: an estimate waits for scale or class."""

    case: CaseFile
    due: Due | None
    tabs: tuple[Tab, ...]
    moments: tuple[tuple[str, str], ...]
    change: Change | None
    since: str
    unknown: str
    estimates: tuple[EstimateLine, ...]
    asks: bool
    scales: Mapping[str, str]
    risk_classes: Mapping[str, str]


@router.get("/angka", name="page:case_figures")
def figures_page(
    request: Request,
    number: str,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    case, principal = case_of(session, found.principal, number), found.principal
    language, snapshots = page_language(request), context.settings.snapshots_dir
    asked = request.query_params
    given, form, status = Given(), Form(values=typed(asked)), 200
    try:
        given = _given(Reader(asked))
        told = figures(
            session,
            principal=principal,
            file=case,
            since=asked.get("since", ""),
            snapshots_dir=snapshots,
        )
    except Invalid as error:
        form, status = refilled(asked, on_the_page(error, _SINCE), language), 422
        told = figures(session, principal=principal, file=case, since="", snapshots_dir=snapshots)
    estimated = estimates(
        session, principal=principal, file=case, given=given, snapshots_dir=snapshots
    )
    if not asked:
        form = blank(since=told.change.since.key if told.change else None)
    view = FiguresView(
        case=case,
        due=case_due(case, today=legal_day(principal)),
        tabs=tabs(case, addresses=addresses_of(request, case), current="figures"),
        moments=tuple((moment.key, _moment(moment, language)) for moment in told.moments),
        change=told.change,
        since=_moment(told.change.since, language) if told.change else "",
        unknown=spoken(told.unknown, language) if told.unknown else "",
        estimates=tuple(_line(request, item, language) for item in estimated),
        asks=_asks(asked, estimated),
        scales=SCALES,
        risk_classes=RISK_CLASSES,
    )
    return render_page(
        request, "pages/cases/figures.html", {"view": view, "form": form}, status=status
    )


def _given(reader: Reader) -> Given:
    scale, risk = reader.text("scale"), reader.text("jkk_class")
    if scale and scale not in KNOWN_SCALES:
        reader.complain("scale", N_("Skala usaha “{value}” tidak ada; pilih satu."), value=scale)
    if risk and risk not in RISK_CLASSES:
        reader.complain(
            "jkk_class", N_("Tingkat risiko JKK “{value}” tidak ada; pilih satu."), value=risk
        )
    reader.check()
    return Given(scale=scale, jkk_class=int(risk) if risk else None)


def _asks(asked: Sent, estimated: Sequence[FlagEstimate]) -> bool:
    """Say whether the two choices are shown: an estimate needs one, or one was made."""
    wanted = {item.refused.field for item in estimated if item.refused}
    return bool(wanted & _CHOSEN or asked.get("scale") or asked.get("jkk_class"))


def _moment(moment: Moment, language: str) -> str:
    number = "" if moment.printed is not None and moment.number == "" else moment.number
    values = {"label": moment.label, "number": number, "day": moment.on}
    return " ".join(spoken_template(_MOMENT, values, language).split()).replace(" ,", ",")


def _line(request: Request, item: FlagEstimate, language: str) -> EstimateLine:
    return EstimateLine(
        rule=item.rule,
        words=translate(rule_words(item.rule), language),
        answer=item.answer,
        folded=item.folded,
        remarks=tuple(spoken(remark, language) for remark in item.remarks),
        refused=spoken(item.refused, language) if item.refused else "",
        calculator=_calculator(request, item),
    )


def _calculator(request: Request, item: FlagEstimate) -> str:
    """Return the address of the calculator with this evidence typed in."""
    lines = "\n".join(_typed(worker) for worker in item.workers)
    if not lines or len(lines) > LONGEST_TEXT:
        return ""
    if item.refused and item.refused.field not in _CHOSEN:
        return ""
    query: list[tuple[str, str]] = [
        (PREPARED, "1"),
        ("kind", item.rule),
        ("cutoff", item.cutoff.isoformat()),
        ("workers", lines),
        ("scale", item.employer.scale or ""),
        ("jkk_class", str(item.employer.jkk_class or "")),
        *(("held", programme) for programme in item.held),
    ]
    return f"{address_of(request, 'estimate')}?{urlencode(query)}"


def _typed(worker: WorkerEvidence) -> str:
    label = worker.label.replace(";", ",")
    started = worker.started_on.isoformat() if worker.started_on else ""
    shown = worker.source_on.isoformat() if worker.source_on else ""
    return f"{label}; {worker.wage}; {started}; {shown}; {worker.reported or ''}"
