"""PURE: steps already taken that a date computed anew makes too early or too late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.cases.edges import Need, NeedKind, edges_of
from app.cases.positions import Done, Position, deadline_of, fine_window
from app.cases.stages import DOCUMENT_LABELS
from app.errors import FieldProblem
from app.law.calendar import CalendarTooShort, WorkingCalendar

_LAPSES = frozenset({NeedKind.LAPSED, NeedKind.LAPSED_IF_DONE})


@dataclass(frozen=True, slots=True)
class Undermined:
    """`step` rests on the clock of `rests_on`, whose last day is now `due_on` (None: unknown).

    `early`: the step came before that day had passed; otherwise it came after its window.
    """

    step: Done
    rests_on: Done
    due_on: date | None
    early: bool

    @property
    def problem(self) -> FieldProblem:
        values: dict[str, object] = {
            "document": DOCUMENT_LABELS[self.step.action],
            "on": self.step.on,
            "earlier": DOCUMENT_LABELS[self.rests_on.action],
        }
        if not self.early:
            return FieldProblem(
                "on",
                "{document} tanggal {on} terlambat: jangka waktu sesudah {earlier} berakhir pada "
                "{due_on}.",
                {**values, "due_on": self.due_on},
            )
        if self.due_on is None:
            return FieldProblem(
                "on",
                "{document} tanggal {on} terlalu dini: tenggat {earlier} belum dapat diketahui "
                "karena ditangguhkan.",
                values,
            )
        return FieldProblem(
            "on",
            "{document} tanggal {on} terlalu dini: tenggat {earlier} baru berakhir pada {due_on}.",
            {**values, "due_on": self.due_on},
        )


def undermined(
    position: Position, *, on: date, calendar: WorkingCalendar
) -> tuple[Undermined, ...]:
    """Return each step that would not have been possible on its day, by the dates of `calendar`.

    A step that was lawfully taken again later is healed and left out. A clock that leaves the
    calendar is not known, and so undermines nothing.
    """
    found: dict[int, Undermined] = {}
    for step in position.steps:
        first = next(iter(_against(position, step, on=on, calendar=calendar)), None)
        if first is not None:
            found[step.seq] = first
        else:
            found = {seq: one for seq, one in found.items() if one.step.action is not step.action}
    return tuple(found.values())


def _against(
    position: Position, step: Done, *, on: date, calendar: WorkingCalendar
) -> Iterator[Undermined]:
    for need in edges_of(step.action)[0].needs:
        earlier = _last_before(position, step, need)
        if earlier is None or not need.only_for & position.violations:
            continue
        try:
            if need.kind in _LAPSES:
                deadline = deadline_of(position, earlier, on=on, calendar=calendar)
                if not deadline.lapsed_by(step.on):
                    yield Undermined(step, earlier, deadline.due_on, early=True)
            elif need.kind is NeedKind.WINDOW_OPEN:
                window = fine_window(position, earlier, on=on, calendar=calendar)
                if window.lapsed_by(step.on):
                    yield Undermined(step, earlier, window.due_on, early=False)
        except CalendarTooShort:
            continue


def _last_before(position: Position, step: Done, need: Need) -> Done | None:
    earlier = [one for one in position.all_done(need.action) if one.seq < step.seq]
    return earlier[-1] if earlier else None
