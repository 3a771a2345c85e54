"""PURE: what a case says to the advice on routes."""

from app.cases.defects import CourtFacts
from app.cases.gates import unmet
from app.cases.papers import PaperKind
from app.cases.stages import ARREARS, BREACHES, Action, Stage
from app.errors import FieldProblem
from app.law.money import Rupiah
from app.law.routes import Route, RouteFacts

_REFERRED = frozenset({Stage.REFERRAL, Stage.REFERRED})
_TAKEN_BY_PAPER = {
    PaperKind.PUPN: Route.PUPN,
    PaperKind.SMALL_CLAIM: Route.SMALL_CLAIM,
    PaperKind.LABOUR_REPORT: Route.LABOUR_INSPECTOR,
}


def route_facts(
    court: CourtFacts, *, claim: Rupiah | None, ageing: str | None, scale: str, address: str
) -> RouteFacts:
    """Return the facts of one case as of its day; the claim is what the last snapshot tells."""
    position, on = court.position, court.on
    trail = position.trail
    referred = position.stage in _REFERRED
    taken = {
        route for kind, route in _TAKEN_BY_PAPER.items() if trail.in_force(kind, on=on) is not None
    }
    if referred:
        taken.add(Route.NON_LITIGATION)
    if position.last_done(Action.REQUEST_DENIAL) is not None:
        taken.add(Route.DENIAL)
    return RouteFacts(
        on=on,
        owes=bool(position.violations & ARREARS),
        breaches=bool(position.violations & BREACHES),
        claim=claim,
        ageing=ageing,
        scale=scale,
        taken=frozenset(taken),
        with_police=trail.in_force(PaperKind.POLICE, on=on) is not None,
        enforced=position.last_done(Action.HAND_OVER) is not None
        or bool(trail.of_kind(PaperKind.POLICE)),
        referral_gaps=() if referred else _gaps(court, Action.REFER),
        denial_gaps=_gaps(court, Action.REQUEST_DENIAL),
        findings_reported=position.last_done(Action.REPORT_FINDINGS) is not None,
        litigation_mandate=trail.in_force(PaperKind.LITIGATION_MANDATE, on=on) is not None,
        address_known=bool(address.strip()),
        law=position.law,
    )


def _gaps(court: CourtFacts, action: Action) -> tuple[FieldProblem, ...]:
    found = unmet(court.position, action, on=court.on, calendar=court.calendar)
    return tuple(item.problem for item in found)
