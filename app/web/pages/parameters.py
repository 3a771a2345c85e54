"""Parameters of law: every value with its source, and the way in which two people add one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts.schemas import Principal, SignedIn
from app.cases.impact import Impact, impact
from app.errors import Invalid
from app.infra.wording import N_
from app.law.book import parameter_named
from app.law.dated import Dated, Version
from app.law.derivation import percent
from app.law.money import formatted
from app.law.parameters import SECTIONS
from app.lawbook import queries, service, values
from app.lawbook.schemas import ParameterView, Proposal, Wanted
from app.lawbook.values import HINTS, Kind
from app.web.deps import ContextDep, NowDep, PathId, SessionDep, legal_day, person
from app.web.pages.answers import see
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled, typed
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/parameter")

ReaderDep = Annotated[SignedIn, Depends(person(queries.READ))]
ProposerDep = Annotated[SignedIn, Depends(person(service.PROPOSE))]
ApproverDep = Annotated[SignedIn, Depends(person(service.APPROVE))]
GRADES: Final[Mapping[str, str]] = {
    "A": N_("A: teks norma saya baca"),
    "B": N_("B: sumber sekunder saya baca"),
}
# How a part of a month counts, which the law room keeps as a word of code.
_RULE_WORDS: Final[Mapping[str, str]] = {
    "started": N_("bulan yang sudah dimulai dihitung satu bulan"),
    "completed": N_("hanya bulan penuh yang dihitung"),
}
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "diusulkan": (N_("Menunggu orang kedua"), "yellow"),
    "berlaku": (N_("Disetujui"), "green"),
    "ditolak": (N_("Ditolak"), "red"),
    "dicabut": (N_("Ditarik pengusul"), ""),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter: the version of today, and those that begin later."""

    parameter: Dated[object]
    now: Version[object] | None
    later: tuple[Version[object], ...]
    printed: str


@dataclass(frozen=True, slots=True)
class ListView:
    sections: tuple[tuple[str, tuple[Row, ...]], ...]
    waiting: tuple[Proposal, ...]
    edition: str
    on: date


@dataclass(frozen=True, slots=True)
class DetailView:
    """`may_propose`: this person may, and the parameter is a number and no rule.

    `is_of_a_rule`: a detection rule's; its page changes it after a trial.
    """

    found: ParameterView
    printed: tuple[tuple[Version[object], str], ...]
    may_propose: bool
    is_of_a_rule: bool
    hint: str
    grades: Mapping[str, str]
    states: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CheckView:
    """What is about to be proposed, and how far it reaches."""

    parameter: Dated[object]
    wanted: Wanted
    written: str
    before: str
    after: str
    impact: Impact


@dataclass(frozen=True, slots=True)
class ProposalView:
    proposal: Proposal
    before: str
    after: str
    state: tuple[str, str]
    may_approve: bool
    is_own: bool
    impact: Mapping[str, Any]


@router.get("", name="page:parameters")
def parameters(request: Request, session: SessionDep, found: ReaderDep) -> Response:
    on, book = legal_day(found.principal), queries.law_in_force(session)
    view = ListView(
        sections=tuple(
            (title, tuple(_row(book[parameter], on=on) for parameter in listed))
            for title, listed in SECTIONS
        ),
        waiting=tuple(
            one
            for one in queries.proposals(session, principal=found.principal)
            if one.state == queries.WAITING
        ),
        edition=book.edition,
        on=on,
    )
    return render_page(request, "pages/parameters/list.html", {"view": view})


@router.get("/usulan/{proposal_id}", name="page:proposal")
def proposal_page(
    request: Request, proposal_id: PathId, session: SessionDep, found: ReaderDep
) -> Response:
    return _proposal(request, session, found.principal, proposal_id, form=Form(), status=200)


@router.post("/usulan/{proposal_id}/setuju", name="page:approve_proposal")
def approve_proposal(
    request: Request, proposal_id: PathId, session: SessionDep, found: ApproverDep, now: NowDep
) -> Response:
    with attempt(session) as outcome:
        service.approve(
            session,
            principal=found.principal,
            proposal_id=proposal_id,
            today=legal_day(found.principal),
            now=now,
        )
        return see(request, "proposal", notice="nilai-setuju", proposal_id=proposal_id)
    form = refilled(request.query_params, outcome.no, page_language(request))
    return _proposal(
        request, session, found.principal, proposal_id, form=form, status=outcome.status
    )


@router.post("/usulan/{proposal_id}/tolak", name="page:refuse_proposal")
def refuse_proposal(
    request: Request,
    proposal_id: PathId,
    session: SessionDep,
    data: FormDep,
    found: ApproverDep,
    now: NowDep,
) -> Response:
    with attempt(session) as outcome:
        service.refuse(
            session,
            principal=found.principal,
            proposal_id=proposal_id,
            reason=Reader(data).text("reason"),
            now=now,
        )
        return see(request, "proposal", notice="nilai-tolak", proposal_id=proposal_id)
    form = refilled(data, outcome.no, page_language(request))
    return _proposal(
        request, session, found.principal, proposal_id, form=form, status=outcome.status
    )


@router.get("/{key}", name="page:parameter")
def parameter_page(request: Request, key: str, session: SessionDep, found: ReaderDep) -> Response:
    return _detail(request, session, found.principal, key, form=blank(grade="B"), status=200)


@router.post("/{key}/periksa", name="page:check_value")
def check_value(
    request: Request,
    key: str,
    session: SessionDep,
    data: FormDep,
    found: ProposerDep,
    context: ContextDep,
) -> Response:
    """Show what the value would change; nothing is stored."""
    with attempt(session) as outcome:
        wanted, written = _wanted(key, Reader(data))
        proposed = service.draft(
            session, principal=found.principal, wanted=wanted, today=legal_day(found.principal)
        )
        known = queries.law_in_force(session)[parameter_named(key)]
        view = CheckView(
            parameter=known,
            wanted=wanted,
            written=written,
            before=printed(known.versions[-1]),
            after=printed(proposed[known].versions[-1]),
            impact=impact(
                session,
                principal=found.principal,
                proposed=proposed,
                on=wanted.valid_from,
                snapshots_dir=context.settings.snapshots_dir,
            ),
        )
        return render_page(
            request, "pages/parameters/check.html", {"view": view, "form": Form(typed(data))}
        )
    form = refilled(data, outcome.no, page_language(request))
    return _detail(request, session, found.principal, key, form=form, status=outcome.status)


@router.post("/{key}", name="page:propose_value")
def propose_value(
    request: Request,
    key: str,
    session: SessionDep,
    data: FormDep,
    found: ProposerDep,
    context: ContextDep,
    now: NowDep,
) -> Response:
    with attempt(session) as outcome:
        wanted, _ = _wanted(key, Reader(data))
        today = legal_day(found.principal)
        proposed = service.draft(session, principal=found.principal, wanted=wanted, today=today)
        reach = impact(
            session,
            principal=found.principal,
            proposed=proposed,
            on=wanted.valid_from,
            snapshots_dir=context.settings.snapshots_dir,
        )
        made = service.propose(
            session,
            principal=found.principal,
            wanted=wanted,
            impact=reach.as_json(),
            today=today,
            now=now,
        )
        return see(request, "proposal", notice="nilai-usul", proposal_id=made.id)
    form = refilled(data, outcome.no, page_language(request))
    return _detail(request, session, found.principal, key, form=form, status=outcome.status)


def printed(version: Version[object]) -> str:
    """Return the value as a letter would print it."""
    match version.value:
        case bool():
            return N_("ya") if version.value else N_("tidak")
        case None:
            return N_("tidak ada")
        case Decimal():
            return percent(version.value)
        case int() if version.unit.startswith("rupiah"):
            return formatted(version.value)
        case tuple() as items:
            return "; ".join(str(item) for item in items)
        case other:
            return _RULE_WORDS.get(str(other), str(other))


def _wanted(key: str, reader: Reader) -> tuple[Wanted, str]:
    parameter = parameter_named(key)
    written = reader.required("value", N_("Isi nilainya."))
    valid_from = reader.day("valid_from", N_("Pilih tanggal mulai berlaku."))
    instrument = reader.required(
        "instrument", N_("Isi nama peraturan atau surat yang menetapkannya.")
    )
    source = reader.required("source", N_("Isi di mana teks itu Anda baca."))
    value: object = None
    if written:
        try:
            value = values.read(parameter, written)
        except Invalid as error:
            for problem in error.fields:
                reader.complain_of(problem)
            if not error.fields:
                raise
    reader.check()
    return (
        Wanted(
            key=key,
            valid_from=valid_from,
            value=value,
            instrument=instrument,
            article=reader.text("article"),
            grade=reader.text("grade"),
            source=source,
            note=reader.text("note"),
        ),
        written,
    )


def _row(parameter: Dated[object], *, on: date) -> Row:
    now = parameter.find_on(on)
    return Row(
        parameter=parameter,
        now=now,
        later=tuple(version for version in parameter if version.valid_from > on),
        printed=printed(now) if now else "",
    )


def _detail(
    request: Request,
    session: Session,
    principal: Principal,
    key: str,
    *,
    form: Form,
    status: int,
) -> Response:
    found = queries.parameter(session, principal=principal, key=key)
    view = DetailView(
        found=found,
        printed=tuple(
            (version, printed(version)) for version in reversed(found.parameter.versions)
        ),
        may_propose=principal.may(service.PROPOSE)
        and found.kind is not Kind.RULE
        and not values.is_of_a_rule(key),
        is_of_a_rule=values.is_of_a_rule(key),
        hint=HINTS.get(found.kind, ""),
        grades=GRADES,
        states=STATES,
    )
    return render_page(
        request, "pages/parameters/detail.html", {"view": view, "form": form}, status=status
    )


def _proposal(
    request: Request,
    session: Session,
    principal: Principal,
    proposal_id: int,
    *,
    form: Form,
    status: int,
) -> Response:
    found = queries.proposal(session, principal=principal, proposal_id=proposal_id)
    waiting = found.state == queries.WAITING
    own = principal.user_id == found.proposed_by_id
    view = ProposalView(
        proposal=found,
        before=printed(found.before),
        after=printed(found.version),
        state=STATES[found.state],
        may_approve=waiting and not own and principal.may(service.APPROVE),
        is_own=waiting and own,
        impact=found.impact,
    )
    return render_page(
        request, "pages/parameters/proposal.html", {"view": view, "form": form}, status=status
    )
