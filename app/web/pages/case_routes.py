"""Which routes a case has, what would sink it, and the papers with a term that decide on both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts.schemas import Principal, SignedIn
from app.calculations import faults
from app.calculations.schemas import SettlementAnswer, SettlementRequest
from app.calculations.settlement import settlement_answer
from app.cases import service
from app.cases.papers import PAPER_LABELS, Paper
from app.cases.schemas import CaseFile, Payment
from app.errors import AppError
from app.infra.wording import N_
from app.law.month import Month
from app.packets.ledger import Ledger
from app.packets.reported import with_reported
from app.packets.standing import standing
from app.web.context import WebContext
from app.web.deps import ContextDep, NowDep, PathId, SessionDep, legal_day, person
from app.web.norms import NormsDep
from app.web.pages.answers import see
from app.web.pages.case import addresses_of, case_of
from app.web.pages.case_views import Tab, case_due, tabs
from app.web.pages.defect_views import DefectLine, RouteLine, defect_lines, route_lines
from app.web.pages.due import Due
from app.web.pages.forms import (
    Form,
    FormDep,
    Reader,
    attempt,
    blank,
    refilled,
    relabelled,
    typed,
)
from app.web.pages.paper_forms import KINDS, TRILEAN, ending, paper_given
from app.web.pages.settlement import BILLS_TYPED_IN, complained, plan_document, suggested
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/kasus/{number}")
READ = person("cases.read")
RECORD = person("cases.record")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """`may_end`: this person may record that it was withdrawn."""

    id: int
    label: str
    number: str
    signed_on: date
    valid_until: date | None
    ended_on: date | None
    substitution: bool | None
    stamped: bool | None
    in_force: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class ReportedLine:
    """A payment reported by hand. `counted` False: the registry billed nothing for its month."""

    month: Month
    programme: str
    amount: int
    paid_on: date
    exhibit: str
    counted: bool


@dataclass(frozen=True, slots=True)
class RoutesView:
    """`claim` is what the last snapshot tells, of `known_on`; None: it knows no bill."""

    case: CaseFile
    due: Due | None
    tabs: tuple[Tab, ...]
    defects: tuple[DefectLine, ...]
    routes: tuple[RouteLine, ...]
    claim: int | None
    known_on: date | None
    papers: tuple[PaperLine, ...]
    kinds: Mapping[str, str]
    trilean: Mapping[str, str]
    today: date
    may_record: bool


@dataclass(frozen=True, slots=True)
class CaseSettlementView:
    """`answer` None: nothing was asked, what was asked is wrong, or no bill is known."""

    case: CaseFile
    due: Due | None
    tabs: tuple[Tab, ...]
    known_on: date | None
    has_bills: bool
    reported: tuple[ReportedLine, ...]
    answer: SettlementAnswer | None


@router.get("/jalur", name="page:case_routes")
def routes_page(
    request: Request,
    number: str,
    session: SessionDep,
    context: ContextDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    case = case_of(session, found.principal, number)
    return _page(request, session, context, found.principal, case, form=Form(), status=200)


@router.post("/dokumen", name="page:add_paper")
def add_paper(
    request: Request,
    number: str,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(RECORD)],
) -> Response:
    case = case_of(session, found.principal, number)
    with attempt(session) as outcome:
        service.record_paper(
            session,
            principal=found.principal,
            case_id=case.id,
            given=paper_given(Reader(data)),
            now=now,
        )
        return see(request, "case_routes", number=number, notice="dokumen")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, context, found.principal, case, form=form, status=outcome.status)


@router.post("/dokumen/{paper_id}/berakhir", name="page:end_paper")
def end_paper(
    request: Request,
    number: str,
    paper_id: PathId,
    session: SessionDep,
    context: ContextDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(RECORD)],
) -> Response:
    case = case_of(session, found.principal, number)
    with attempt(session) as outcome:
        ended_on, reason = ending(Reader(data))
        service.end_paper(
            session,
            principal=found.principal,
            paper_id=paper_id,
            ended_on=ended_on,
            reason=reason,
            now=now,
        )
        return see(request, "case_routes", number=number, notice="dokumen")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, context, found.principal, case, form=form, status=outcome.status)


@router.get("/penyelesaian", name="page:case_settlement")
def settlement_page(
    request: Request,
    number: str,
    session: SessionDep,
    context: ContextDep,
    norms: NormsDep,
    found: Annotated[SignedIn, Depends(READ)],
) -> Response:
    case = case_of(session, found.principal, number)
    today, asked = legal_day(found.principal), request.query_params
    known = standing(
        session,
        principal=found.principal,
        file=case,
        snapshots_dir=context.settings.snapshots_dir,
    )
    told = with_reported(known.ledger, case.payments, known_on=known.known_on or date.max)
    form, answer, status = suggested(today), None, 200
    if asked and known.ledger.bills:
        try:
            plan = plan_document(Reader(asked))
            answer = settlement_answer(_request(told.ledger, plan), norms)
            form = Form(values=typed(asked))
        except AppError as error:
            form = complained(asked, error, page_language(request))
            # The bills stand in the registry: what is wrong with them has no input here.
            form, status = relabelled(form, BILLS_TYPED_IN, ""), 422
    view = CaseSettlementView(
        case=case,
        due=case_due(case, today=today),
        tabs=tabs(case, addresses=addresses_of(request, case), current="settlement"),
        known_on=known.known_on,
        has_bills=bool(known.ledger.bills),
        reported=(
            *(_reported(case, one, counted=True) for one in told.counted),
            *(_reported(case, one, counted=False) for one in told.unbilled),
        ),
        answer=answer,
    )
    return render_page(
        request, "pages/cases/settlement.html", {"view": view, "form": form}, status=status
    )


def _reported(case: CaseFile, payment: Payment, *, counted: bool) -> ReportedLine:
    proof = case.exhibit(payment.evidence_id)
    return ReportedLine(
        month=Month.from_index(payment.month),
        programme=payment.programme,
        amount=payment.amount,
        paid_on=payment.paid_on,
        exhibit=proof.exhibit if proof else "",
        counted=counted,
    )


def _request(ledger: Ledger, plan: dict[str, object]) -> SettlementRequest:
    def key(month: Month | None, programme: str | None) -> dict[str, object]:
        return {"month": month, "programme": programme}

    return faults.read(
        SettlementRequest,
        {
            "bills": [
                {**key(bill.month, bill.programme), "amount": bill.amount} for bill in ledger.bills
            ],
            "payments": [
                {**key(item.month, item.programme), "paid_on": item.paid_on, "amount": item.amount}
                for item in ledger.payments
            ],
            **plan,
        },
    )


def _page(
    request: Request,
    session: Session,
    context: WebContext,
    principal: Principal,
    case: CaseFile,
    *,
    form: Form,
    status: int,
) -> Response:
    language, today = page_language(request), legal_day(principal)
    known = standing(
        session, principal=principal, file=case, snapshots_dir=context.settings.snapshots_dir
    )
    may_record = case.is_open and principal.may("cases.record")
    if not form.values:
        form = blank(signed_on=today, ended_on=today)
    view = RoutesView(
        case=case,
        due=case_due(case, today=today),
        tabs=tabs(case, addresses=addresses_of(request, case), current="routes"),
        defects=defect_lines(known.defects, language),
        routes=route_lines(known.routes, language),
        claim=known.arrears.total if known.arrears else None,
        known_on=known.known_on,
        papers=tuple(
            paper_line(paper, today=today, may_end=may_record and paper.case_id is not None)
            for paper in reversed(case.court.position.trail.papers)
        ),
        kinds={"": N_("Pilih jenis"), **KINDS},
        trilean=TRILEAN,
        today=today,
        may_record=may_record,
    )
    return render_page(
        request, "pages/cases/routes.html", {"view": view, "form": form}, status=status
    )


def paper_line(paper: Paper, *, today: date, may_end: bool) -> PaperLine:
    return PaperLine(
        id=paper.id,
        label=PAPER_LABELS[paper.kind],
        number=paper.number,
        signed_on=paper.signed_on,
        valid_until=paper.valid_until,
        ended_on=paper.ended_on,
        substitution=paper.substitution,
        stamped=paper.stamped,
        in_force=paper.in_force(today),
        may_end=may_end and paper.ended_on is None,
    )
