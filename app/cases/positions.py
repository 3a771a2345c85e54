"""PURE: where a case stands: steps taken, proof of receipt, and the clocks they started."""

from dataclasses import dataclass
from datetime import date

from app.cases.clocks import Clock, Deadline, fine_deadline, warning_deadline
from app.cases.edges import CLOCK_OF, Edge, edge_from
from app.cases.papers import NO_PAPERS, PaperTrail
from app.cases.stages import Action, Stage, Violation
from app.law.book import LawBook
from app.law.calendar import CollectiveLeave, WorkingCalendar
from app.law.suspensions import Suspension


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was taken. `received_on`: the proved day of receipt, None while unproved."""

    seq: int
    action: Action
    on: date
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """All that decides what may happen next. `steps` are in the order they were recorded.

    `law` is the book of the day of looking, never left to a default: a value two people have put
    in force since the program shipped must not be forgotten.
    """

    stage: Stage
    opened_on: date
    violations: frozenset[Violation]
    law: LawBook
    steps: tuple[Done, ...] = ()
    collective_leave: CollectiveLeave = CollectiveLeave.DAY_OFF
    suspensions: tuple[Suspension, ...] = ()
    trail: PaperTrail = NO_PAPERS

    def all_done(self, action: Action) -> tuple[Done, ...]:
        return tuple(step for step in self.steps if step.action is action)

    def received(self, action: Action) -> tuple[date, ...]:
        """Return the proved days of receipt of all such letters, earliest first."""
        return tuple(sorted(s.received_on for s in self.all_done(action) if s.received_on))

    def last_done(self, action: Action) -> Done | None:
        return next((step for step in reversed(self.steps) if step.action is action), None)


def stage_after(position: Position, edge: Edge) -> Stage:
    """Return the stage to which `edge` leads the case from where it stands."""
    if edge.back_before is not None:
        return _stage_before(position, edge.back_before)
    return edge.to or position.stage


def _stage_before(position: Position, action: Action) -> Stage:
    """Return the stage in which the last `action` found the case, by taking its steps again."""
    stage, found = Stage.VERIFICATION, {action: position.stage}
    for step in position.steps:
        found[step.action] = stage
        edge = edge_from(stage, step.action)
        if edge is not None:
            stage = found[edge.back_before] if edge.back_before else edge.to or stage
    return found[action]


def deadlines(position: Position, *, on: date, calendar: WorkingCalendar) -> tuple[Deadline, ...]:
    """Return the clock of every letter that starts one, in the order of the steps, as of `on`.

    Raises:
        CalendarTooShort: a clock reaches beyond the loaded years.
    """
    return tuple(
        deadline_of(position, step, on=on, calendar=calendar)
        for step in position.steps
        if step.action in CLOCK_OF
    )


def deadline_of(position: Position, step: Done, *, on: date, calendar: WorkingCalendar) -> Deadline:
    """Return the clock that `step` started, as of `on`.

    Raises:
        CalendarTooShort: it reaches beyond the loaded years.
    """
    clock = CLOCK_OF[step.action]
    leave = position.collective_leave
    if clock is not Clock.FINE:
        return warning_deadline(
            clock=clock,
            seq=step.seq,
            received_on=step.received_on,
            on=on,
            calendar=calendar,
            collective_leave=leave,
            law=position.law,
            suspensions=position.suspensions,
        )
    return fine_window(
        position, position.last_done(Action.WARN_2), seq=step.seq, on=on, calendar=calendar
    )


def fine_window(
    position: Position,
    warning_2: Done | None,
    *,
    on: date,
    calendar: WorkingCalendar,
    seq: int = 0,
) -> Deadline:
    """Return the window of the fine after `warning_2`, whether or not it was imposed (`seq`).

    Raises:
        CalendarTooShort: it reaches beyond the loaded years.
    """
    return fine_deadline(
        seq=seq,
        warning_2=deadline_of(position, warning_2, on=on, calendar=calendar) if warning_2 else None,
        on=on,
        calendar=calendar,
        collective_leave=position.collective_leave,
        law=position.law,
        suspensions=position.suspensions,
    )
