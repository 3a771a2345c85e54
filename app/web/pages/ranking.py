"""The order of flags: what it looks at, by which weights, and how two people change them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from app.accounts.schemas import Principal, SignedIn
from app.detection import weights as service
from app.detection.deciding import APPROVE, PROPOSE
from app.detection.ranking import ELEMENTS, Weights
from app.detection.rule_queries import IN_FORCE, READ, WAITING
from app.detection.schemas import RULE_CODES
from app.detection.weights import WeightsView
from app.infra.wording import N_
from app.web.deps import NowDep, PathId, SessionDep, legal_day, person
from app.web.pages.answers import see
from app.web.pages.flag_views import RULE_WORDS
from app.web.pages.forms import Form, FormDep, Reader, attempt, blank, refilled, relabelled, typed
from app.web.pages.rule_views import EDITION_WORDS
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/aturan/peringkat")
ReaderDep = Annotated[SignedIn, Depends(person(READ))]
ProposeDep = Annotated[SignedIn, Depends(person(PROPOSE))]
ApproveDep = Annotated[SignedIn, Depends(person(APPROVE))]


@dataclass(frozen=True, slots=True)
class RankingPage:
    """`effect` is empty until a person asks what other weights would do.

    `sorted_by`: the edition that the flags are still sorted by, None where it is the one in force.
    """

    weights: Weights
    sorted_by: int | None
    elements: Mapping[str, str]
    changes: tuple[WeightsView, ...]
    states: Mapping[str, tuple[str, str]]
    waiting: WeightsView | None
    coming: tuple[WeightsView, ...]
    effect: Mapping[str, Any]
    rules: Mapping[str, str]
    may_propose: bool
    may_approve: bool
    may_call_off: bool
    is_own: bool
    on: date

    @property
    def coming_numbers(self) -> tuple[tuple[int, int], ...]:
        return tuple((one.id, one.id) for one in self.coming)


@router.get("", name="page:ranking")
def ranking_page(request: Request, session: SessionDep, found: ReaderDep) -> Response:
    return _page(request, session, found.principal, form=None, status=200, effect={})


@router.post("/periksa", name="page:check_weights")
def check_weights(
    request: Request, session: SessionDep, data: FormDep, found: ProposeDep
) -> Response:
    """Show what the weights would move; nothing is stored."""
    with attempt(session) as outcome:
        reader = Reader(data)
        points = _points(reader)
        reader.check()
        effect = service.effect_of(session, principal=found.principal, points=points)
        today = legal_day(found.principal).isoformat()
        form = Form({"valid_from": (today,), **typed(data)})
        return _page(request, session, found.principal, form=form, status=200, effect=effect)
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, found.principal, form=form, status=outcome.status, effect={})


@router.post("", name="page:propose_weights")
def propose_weights(
    request: Request, session: SessionDep, data: FormDep, found: ProposeDep, now: NowDep
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        points = _points(reader)
        valid_from = reader.day("valid_from", N_("Pilih tanggal mulai berlaku."))
        why = reader.required("why", N_("Tulis mengapa bobot diubah."))
        reader.check()
        service.propose_weights(
            session,
            principal=found.principal,
            points=points,
            valid_from=valid_from,
            why=why,
            today=legal_day(found.principal),
            now=now,
        )
        return see(request, "ranking", notice="bobot-usul")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, found.principal, form=form, status=outcome.status, effect={})


@router.post("/{edition_id}/setuju", name="page:approve_weights")
def approve_weights(
    request: Request, edition_id: PathId, session: SessionDep, found: ApproveDep, now: NowDep
) -> Response:
    with attempt(session) as outcome:
        service.approve_weights(
            session,
            principal=found.principal,
            edition_id=edition_id,
            today=legal_day(found.principal),
            now=now,
        )
        return see(request, "ranking", notice="bobot-setuju")
    form = refilled(request.query_params, outcome.no, page_language(request))
    return _page(request, session, found.principal, form=form, status=outcome.status, effect={})


@router.post("/{edition_id}/tolak", name="page:refuse_weights")
def refuse_weights(
    request: Request,
    edition_id: PathId,
    session: SessionDep,
    data: FormDep,
    found: ApproveDep,
    now: NowDep,
) -> Response:
    with attempt(session) as outcome:
        service.refuse_weights(
            session,
            principal=found.principal,
            edition_id=edition_id,
            reason=Reader(data).text("reason"),
            now=now,
        )
        return see(request, "ranking", notice="bobot-tolak")
    form = refilled(data, outcome.no, page_language(request))
    return _page(request, session, found.principal, form=form, status=outcome.status, effect={})


@router.post("/batal", name="page:call_off_weights")
def call_off_weights(
    request: Request, session: SessionDep, data: FormDep, found: ApproveDep, now: NowDep
) -> Response:
    with attempt(session) as outcome:
        reader = Reader(data)
        edition = reader.whole("edisi", N_("Pilih edisi yang dibatalkan."))
        reader.check()
        service.call_off_weights(
            session,
            principal=found.principal,
            edition_id=edition,
            reason=reader.text("alasan_batal"),
            today=legal_day(found.principal),
            now=now,
        )
        return see(request, "ranking", notice="bobot-batal")
    form = relabelled(refilled(data, outcome.no, page_language(request)), "reason", "alasan_batal")
    return _page(request, session, found.principal, form=form, status=outcome.status, effect={})


def _points(reader: Reader) -> dict[str, int]:
    complaint = N_("Bobot harus bilangan bulat dari 0 sampai 100.")
    return {name: reader.whole(f"bobot_{name}", complaint) for name in ELEMENTS}


def _page(
    request: Request,
    session: Session,
    principal: Principal,
    *,
    form: Form | None,
    status: int,
    effect: Mapping[str, Any],
) -> Response:
    on = legal_day(principal)
    weights = service.weights_in_force(session, on=on)
    used = service.sorted_by(session)
    changes = service.all_weights(session, principal=principal)
    waiting = next((one for one in changes if one.state == WAITING), None)
    own = waiting is not None and waiting.proposed_by_id == principal.user_id
    view = RankingPage(
        weights=weights,
        sorted_by=None if used == weights.edition else used,
        elements=ELEMENTS,
        changes=changes,
        states=EDITION_WORDS,
        waiting=waiting,
        coming=tuple(one for one in changes if one.state == IN_FORCE and one.valid_from > on),
        effect=effect,
        rules={code: RULE_WORDS[code] for code in RULE_CODES},
        may_propose=waiting is None and principal.may(PROPOSE),
        may_approve=waiting is not None and not own and principal.may(APPROVE),
        may_call_off=principal.may(APPROVE),
        is_own=own,
        on=on,
    )
    suggested = {f"bobot_{name}": points for name, points in weights.points.items()}
    return render_page(
        request,
        "pages/rules/ranking.html",
        {"view": view, "form": form or blank(valid_from=on.isoformat(), **suggested)},
        status=status,
    )
