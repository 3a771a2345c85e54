"""PURE: what one calendar makes of the deadlines of a case, and another one does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.cases.edges import CLOCK_OF
from app.cases.positions import Position, deadline_of
from app.cases.stages import Action
from app.cases.undermined import Undermined, undermined
from app.law.calendar import CalendarTooShort, WorkingCalendar


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """The clock of the letter `seq`; a day is None where that calendar does not reach it."""

    seq: int
    letter: Action
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class Recount:
    """`undermined`: steps already taken that become too early or too late, and were not so."""

    moved: tuple[MovedDeadline, ...]
    undermined: tuple[Undermined, ...]

    def __bool__(self) -> bool:
        return bool(self.moved or self.undermined)


def recount(
    position: Position, *, before: WorkingCalendar, after: WorkingCalendar, on: date
) -> Recount:
    """Return which deadlines of the case the calendar `after` moves, in order of the letters."""
    old, new = _last_days(position, before, on), _last_days(position, after, on)
    letters = {step.seq: step.action for step in position.steps}
    already = {one.step.seq for one in undermined(position, on=on, calendar=before)}
    return Recount(
        moved=tuple(
            MovedDeadline(seq, letters[seq], old[seq], new[seq])
            for seq in old
            if old[seq] != new[seq]
        ),
        undermined=tuple(
            one
            for one in undermined(position, on=on, calendar=after)
            if one.step.seq not in already
        ),
    )


def _last_days(
    position: Position, calendar: WorkingCalendar, on: date
) -> Mapping[int, date | None]:
    found: dict[int, date | None] = {}
    for step in position.steps:
        if step.action in CLOCK_OF:
            try:
                found[step.seq] = deadline_of(position, step, on=on, calendar=calendar).due_on
            except CalendarTooShort:
                found[step.seq] = None
    return found
