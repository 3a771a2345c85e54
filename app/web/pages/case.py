"""One case: its page, who handles it, decisions of a second person, and its deadlines."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.schemas import Principal, SignedIn
from app.cases import queries, service
from app.cases.relinked import relinked
from app.cases.schemas import CaseFile
from app.cases.stages import Action
from app.infra.wording import N_
from app.linkage.schemas import EMPLOYER, WORKER
from app.web import linkage_words as words
from app.web.addresses import address_of
from app.web.deps import NowDep, PathId, SessionDep, legal_day, person
from app.web.pages.answers import see
from app.web.pages.case_views import (
    Addresses,
    case_view,
    rule_words,
)
from app.web.pages.corrections import open_lines
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/kasus/{number}")
READ = person("cases.read")
ASSIGN = person("cases.assign")
APPROVE = person("cases.approve")


@router.get("", name="page:case")
def case_page(
    request: Request, number: str, session: SessionDep, found: Annotated[SignedIn, Depends(READ)]
) -> Response:
    case = case_of(session, found.principal, number)
    return case_response(request, session, found.principal, case, form=_suggested(case), status=200)


@router.post("/petugas", name="page:assign")
def assign(
    request: Request,
    number: str,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(ASSIGN)],
) -> Response:
    case = case_of(session, found.principal, number)
    with attempt(session) as outcome:
        reader = Reader(data)
        officer = reader.row("petugas", N_("Pilih petugas."))
        version = reader.whole("versi", N_("Muat ulang halaman lalu coba lagi."))
        reader.check()
        service.assign(
            session,
            principal=found.principal,
            case_id=case.id,
            expected_version=version,
            officer_id=officer,
            note="",
            now=now,
        )
        return see(request, "case", number=number, notice="tugas")
    form = refilled(data, outcome.no, page_language(request))
    case = case_of(session, found.principal, number)
    return case_response(request, session, found.principal, case, form=form, status=outcome.status)


@router.post("/usulan/{approval_id}", name="page:decide")
def decide(
    request: Request,
    number: str,
    approval_id: PathId,
    session: SessionDep,
    data: FormDep,
    now: NowDep,
    found: Annotated[SignedIn, Depends(APPROVE)],
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        note = reader.text("catatan_putusan")
        if reader.text("putusan") == "setuju":
            service.approve(
                session, principal=found.principal, approval_id=approval_id, note=note, now=now
            )
            return see(request, "case", number=number, notice="setuju")
        if not note:
            reader.complain("catatan_putusan", N_("Tulis alasan penolakan."))
        reader.check()
        service.reject(
            session, principal=found.principal, approval_id=approval_id, note=note, now=now
        )
        return see(request, "case", number=number, notice="usul-tolak")
    form = refilled(data, outcome.no, page_language(request))
    case = case_of(session, found.principal, number)
    return case_response(request, session, found.principal, case, form=form, status=outcome.status)


def case_of(session: Session, principal: Principal, number: str) -> CaseFile:
    """Return the case as of this person's legal day.

    Raises:
        NotFound: it is not there, or not in this person's offices.
    """
    return queries.case_file(session, principal=principal, case=number, on=legal_day(principal))


def addresses_of(request: Request, case: CaseFile) -> Addresses:
    def path(route: str, **values: object) -> str:
        return address_of(request, route, number=case.number, **values)

    employer = ""
    if case.employer.npp:
        employer = address_of(request, "employer", npp=case.employer.npp)
    return Addresses(
        case=path("case"),
        evidence=path("case_evidence"),
        deadlines=path("case_deadlines"),
        packet=path("case_packet"),
        routes=path("case_routes"),
        settlement=path("case_settlement"),
        figures=path("case_figures"),
        steps={
            action: path("step", action=action.value)
            for action in Action
            if action is not Action.SEAL_PACKET
        },
        files={item.id: path("evidence_file", evidence_id=item.id) for item in case.evidence},
        employer=employer,
    )


def _suggested(case: CaseFile) -> Form:
    officer = case.officer.user_id if case.officer else None
    return blank(petugas=officer)


def case_response(
    request: Request,
    session: Session,
    principal: Principal,
    case: CaseFile,
    *,
    form: Form,
    status: int,
) -> Response:
    """Return the page of a case; `form` carries what a refused change is to say on it."""
    colleagues = (
        accounts.colleagues(session, principal=principal) if principal.may("cases.assign") else ()
    )
    view = case_view(
        case,
        principal=principal,
        today=legal_day(principal),
        addresses=addresses_of(request, case),
        colleagues=colleagues,
        language=page_language(request),
        whole_timeline=request.query_params.get("linimasa") == "semua",
    )
    return render_page(
        request,
        "pages/cases/detail.html",
        {
            "view": view,
            "form": form,
            "corrections": open_lines(request, session, principal, case),
            "relinked": _relinked(request, session, principal, case),
        },
        status=status,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RelinkedLine:
    """`address` is empty for who may not see pairs, and where none is compared of late."""

    npp: str
    of_worker: bool
    among: bool
    was: str
    now: str
    who: str
    at: datetime
    reason: str
    rules: tuple[str, ...]
    proposal: str
    address: str


def _relinked(
    request: Request, session: Session, principal: Principal, case: CaseFile
) -> tuple[RelinkedLine, ...]:
    may_see = principal.may("linkage.read")
    return tuple(
        RelinkedLine(
            npp=one.npp,
            of_worker=one.of_worker,
            among=one.among,
            was=words.verdict_words(WORKER if one.of_worker else EMPLOYER, one.was)[0],
            now=words.verdict_words(WORKER if one.of_worker else EMPLOYER, one.now)[0],
            who=accounts.actor_name(session, actor=one.actor),
            at=one.at,
            reason=one.reason,
            rules=tuple(rule_words(rule) for rule in one.rules),
            proposal=words.PROPOSAL_WORDS[one.proposal],
            address=address_of(request, "pair", pair_id=one.pair_id)
            if may_see and one.pair_id
            else "",
        )
        for one in relinked(session, principal=principal, case_id=case.id)
    )
