"""Which routes are open, in boundary pairs. The advice never chooses."""

from dataclasses import replace
from datetime import date

import pytest

from app.errors import FieldProblem
from app.law.book import SHIPPED
from app.law.routes import EXCLUDES, Route, RouteAdvice, RouteFacts, RouteState, advice

DAY = date(2026, 11, 20)
DEBTOR = RouteFacts(
    on=DAY,
    owes=True,
    breaches=False,
    claim=100_000_000,
    ageing="macet",
    scale="menengah",
    law=SHIPPED,
    findings_reported=True,
    litigation_mandate=True,
    address_known=True,
)
GAP = FieldProblem("receipt", "Bukti terima belum dicatat.")


def look(route: Route, facts: RouteFacts) -> RouteAdvice:
    return next(item for item in advice(facts) if item.route is route)


def test_every_route_is_told_of_once_and_none_is_chosen() -> None:
    assert [item.route for item in advice(DEBTOR)] == list(Route)


@pytest.mark.parametrize(
    ("claim", "state"),
    [(500_000_000, RouteState.OPEN), (500_000_001, RouteState.LACKING)],
)
def test_a_small_claim_ends_above_the_ceiling(claim: int, state: RouteState) -> None:
    assert look(Route.SMALL_CLAIM, replace(DEBTOR, claim=claim)).state is state


@pytest.mark.parametrize(
    ("on", "state"),
    [(date(2019, 8, 19), RouteState.LACKING), (date(2019, 8, 20), RouteState.OPEN)],
)
def test_the_ceiling_is_that_of_the_day(on: date, state: RouteState) -> None:
    facts = replace(DEBTOR, on=on, claim=200_000_001)

    assert look(Route.SMALL_CLAIM, facts).state is state


@pytest.mark.parametrize(
    ("claim", "state"), [(7_999_999, RouteState.LACKING), (8_000_000, RouteState.OPEN)]
)
def test_pupn_takes_eight_million_and_more(claim: int, state: RouteState) -> None:
    assert look(Route.PUPN, replace(DEBTOR, claim=claim)).state is state


def test_state_counsel_and_pupn_shut_each_other_out() -> None:
    with_counsel = replace(DEBTOR, taken=frozenset({Route.NON_LITIGATION}), enforced=True)
    with_pupn = replace(DEBTOR, taken=frozenset({Route.PUPN}))

    assert look(Route.PUPN, with_counsel).state is RouteState.SHUT
    assert look(Route.NON_LITIGATION, with_counsel).state is RouteState.TAKEN
    for route in (Route.NON_LITIGATION, Route.SMALL_CLAIM, Route.ORDINARY_CLAIM):
        assert look(route, with_pupn).state is RouteState.SHUT
        assert look(route, DEBTOR).state is RouteState.OPEN


def test_a_debt_that_came_back_from_the_prosecutor_stays_shut_to_pupn() -> None:
    returned = look(Route.PUPN, replace(DEBTOR, enforced=True))

    assert returned.state is RouteState.SHUT
    assert "penegak hukum" in str(returned.gaps[0])


def test_the_police_shut_every_way_of_collecting_and_nothing_else() -> None:
    facts = replace(DEBTOR, breaches=True, with_police=True)

    shut = {item.route for item in advice(facts) if item.state is RouteState.SHUT}

    assert shut == {
        Route.NON_LITIGATION, Route.SMALL_CLAIM, Route.ORDINARY_CLAIM, Route.PUPN,
    }  # fmt: skip


def test_exclusion_is_mutual() -> None:
    assert all(route in EXCLUDES[other] for route in Route for other in EXCLUDES[route])


def test_who_owes_nothing_has_nothing_to_collect() -> None:
    facts = replace(DEBTOR, owes=False, breaches=True, claim=None)

    for route in (Route.SMALL_CLAIM, Route.ORDINARY_CLAIM, Route.PUPN):
        assert look(route, facts).state is RouteState.NOT_APPLICABLE
    assert look(Route.DENIAL, facts).state is RouteState.OPEN
    assert look(Route.DENIAL, DEBTOR).state is RouteState.NOT_APPLICABLE


def test_what_the_workflow_lacks_is_said_in_its_own_sentence() -> None:
    facts = replace(DEBTOR, breaches=True, referral_gaps=(GAP,), denial_gaps=(GAP,))

    for route in (Route.NON_LITIGATION, Route.SMALL_CLAIM, Route.DENIAL):
        assert look(route, facts).gaps[0] == GAP


def test_a_lawsuit_needs_a_mandate_of_its_own() -> None:
    facts = replace(DEBTOR, litigation_mandate=False)

    assert look(Route.NON_LITIGATION, facts).state is RouteState.OPEN
    assert look(Route.ORDINARY_CLAIM, facts).state is RouteState.LACKING


def test_a_report_of_findings_opens_the_labour_inspectorate() -> None:
    facts = replace(DEBTOR, findings_reported=False)

    assert look(Route.LABOUR_INSPECTOR, facts).state is RouteState.LACKING
    assert look(Route.LABOUR_INSPECTOR, DEBTOR).state is RouteState.OPEN


def test_agents_are_for_micro_firms_and_for_no_other() -> None:
    micro = look(Route.AGENT, replace(DEBTOR, scale="mikro"))

    assert micro.state is RouteState.OPEN
    assert "belum diverifikasi" in micro.citation.label
    assert look(Route.AGENT, replace(DEBTOR, scale="kecil")).state is RouteState.NOT_APPLICABLE
