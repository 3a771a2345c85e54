"""PURE: what of an open case differs under two books of law: next step, routes, debt."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.cases.avenues import route_facts
from app.cases.defects import CourtFacts
from app.cases.guidance import next_step
from app.cases.positions import Position
from app.cases.stages import ACTION_LABELS
from app.infra.wording import N_
from app.law.book import LawBook
from app.law.calendar import CalendarTooShort, WorkingCalendar
from app.law.routes import LABELS, STATE_LABELS, RouteAdvice, RouteState, advice

NO_STEP: Final = N_("tidak ada langkah kita")
NEXT_STEP: Final = N_("Langkah berikutnya")
WRONG_SIZE: Final = N_("nilai tuntutan tidak memenuhi syarat")
DEBT: Final = N_("Tunggakan dan denda")


@dataclass(frozen=True, slots=True)
class Owed:
    """What an employer owes on a day, in rupiah; `ageing` is the name of the class or None."""

    total: int
    ageing: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """`what`, `before` and `after` are sentence keys; a debt has `rupiah` (after less before)."""

    what: str
    before: str = ""
    after: str = ""
    rupiah: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A case as it is asked: `scale` and `address` of its employer as when it was opened."""

    position: Position
    scale: str
    address: str


def differences(
    stand: Stand,
    *,
    proposed: LawBook,
    owed: tuple[Owed | None, Owed | None],
    on: date,
    calendar: WorkingCalendar,
) -> Iterator[Difference]:
    """Yield what differs on `on`; `owed` is the debt under the book of today and the proposed."""
    known = stand
    other = replace(stand, position=replace(stand.position, law=proposed))
    now, then = (_step(one.position, on=on, calendar=calendar) for one in (known, other))
    if now != then:
        yield Difference(NEXT_STEP, now, then)
    befores, afters = (
        _routes(one, debt, on=on, calendar=calendar)
        for one, debt in zip((known, other), owed, strict=True)
    )
    for label, before in befores.items():
        if before != afters[label]:
            yield Difference(label, before, afters[label])
    earlier, later = (debt.total if debt else 0 for debt in owed)
    if earlier != later:
        yield Difference(DEBT, rupiah=later - earlier)


def _step(position: Position, *, on: date, calendar: WorkingCalendar) -> str:
    try:
        found = next_step(position, on=on, calendar=calendar)
    except CalendarTooShort:
        # A day beyond the announced calendar is not guessed; there is nothing to compare yet.
        return NO_STEP
    return NO_STEP if found.action is None else ACTION_LABELS[found.action]


def _routes(
    stand: Stand, owed: Owed | None, *, on: date, calendar: WorkingCalendar
) -> Mapping[str, str]:
    facts = CourtFacts(position=stand.position, on=on, calendar=calendar)
    try:
        found = advice(
            route_facts(
                facts,
                claim=owed.total if owed else None,
                ageing=owed.ageing if owed else None,
                scale=stand.scale,
                address=stand.address,
            )
        )
    except CalendarTooShort:
        return {LABELS[route]: "" for route in LABELS}
    return {LABELS[one.route]: _told(one) for one in found}


def _told(one: RouteAdvice) -> str:
    """Return how a route stands; a claim of the wrong size is told before all that lacks."""
    if any(gap.field == "claim" for gap in one.gaps) and one.state is RouteState.LACKING:
        return WRONG_SIZE
    return STATE_LABELS[one.state]
