"""PURE: what stands in the way of a step, one sentence each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.cases.defects import fatal
from app.cases.edges import FREE_ACTIONS, Need, NeedKind, edge_from, edges_of
from app.cases.positions import Done, Position, deadline_of, fine_window
from app.cases.stages import STAGE_LABELS, Action, Stage, Violation, document_label
from app.cases.undermined import undermined
from app.errors import FieldProblem
from app.law.calendar import CalendarTooShort, WorkingCalendar

ONE_DAY: Final = timedelta(days=1)
_LAPSES: Final = frozenset({NeedKind.LAPSED, NeedKind.LAPSED_IF_DONE})
_ASKED_OF_WHAT_WAS_DONE: Final = frozenset(
    {NeedKind.RECEIVED_IF_DONE, NeedKind.LAPSED_IF_DONE, NeedKind.WINDOW_OPEN}
)


@dataclass(frozen=True, slots=True)
class Unmet:
    """One reason why not yet. `until`: the last day on which it holds, when time alone heals it.

    `action`: the step that would heal it. `unproved`: that step's receipt is what lacks.
    `too_late`: nothing heals it any more. `suspended`: the clock stands still, for how long nobody
    knows.
    """

    problem: FieldProblem
    action: Action | None = None
    until: date | None = None
    unproved: bool = False
    too_late: bool = False
    suspended: bool = False


def unmet(
    position: Position, action: Action, *, on: date, calendar: WorkingCalendar
) -> tuple[Unmet, ...]:
    """Return what stands in the way on `on`, apart from what the form itself brings."""
    edge = edge_from(position.stage, action)
    found: list[Unmet] = []
    if edge is None:
        found.append(_wrong_stage(position.stage, action))
    row = edge or edges_of(action)[0]
    if not row.only_for & position.violations:
        found.append(
            Unmet(
                FieldProblem(
                    "action",
                    "Sanksi PP 86/2013 hanya untuk pelanggaran pendaftaran atau data; kasus ini "
                    "hanya memuat {violations}.",
                    {"violations": ", ".join(sorted(position.violations)) or "-"},
                )
            )
        )
        return tuple(found)
    if position.stage is not Stage.CLOSED:
        for need in row.needs:
            if need.only_for & position.violations:
                found += _unmet_need(position, need, on=on, calendar=calendar)
        if action is Action.REFER:
            found += [Unmet(item.sentence) for item in fatal(position, on=on, calendar=calendar)]
    return tuple(found)


def _wrong_stage(stage: Stage, action: Action) -> Unmet:
    if stage is Stage.CLOSED:
        return Unmet(FieldProblem("stage", "Kasus sudah ditutup."))
    sources = frozenset().union(*(edge.sources for edge in edges_of(action)))
    names = ", ".join(STAGE_LABELS[source] for source in Stage if source in sources)
    return Unmet(
        FieldProblem(
            "stage",
            "Kasus berada pada tahap {stage}; langkah ini diambil dari tahap {sources}.",
            {"stage": STAGE_LABELS[stage], "sources": names},
        )
    )


def _unmet_need(
    position: Position, need: Need, *, on: date, calendar: WorkingCalendar
) -> Iterator[Unmet]:
    step = position.last_done(need.action)
    if step is None:
        if need.kind not in _ASKED_OF_WHAT_WAS_DONE:
            yield _not_done(position, need, count=_wanted(position, need, on=on))
        return
    match need.kind:
        case NeedKind.DONE:
            later = [position.last_done(action) for action in need.since]
            if step.on > on or any(one and one.seq > step.seq for one in later):
                yield _not_done(position, need, count=_wanted(position, need, on=on))
        case NeedKind.RECEIVED | NeedKind.RECEIVED_IF_DONE:
            yield from _unmet_receipts(position, need, on=on)
        case NeedKind.LAPSED | NeedKind.LAPSED_IF_DONE:
            yield from _unmet_lapse(position, step, on=on, calendar=calendar)
        case NeedKind.TOO_EARLY:
            yield from _in_time(position, step, on=on, calendar=calendar)
        case NeedKind.WINDOW_OPEN:
            yield from _window_passed(position, step, on=on, calendar=calendar)


def _unmet_receipts(position: Position, need: Need, *, on: date) -> Iterator[Unmet]:
    proved = [day for day in position.received(need.action) if day <= on]
    count = _wanted(position, need, on=on)
    if len(proved) >= count:
        return
    if len(position.all_done(need.action)) < count:
        yield _not_done(position, need, count=count)
    elif proved != list(position.received(need.action)):
        yield Unmet(
            FieldProblem(
                "on",
                "{document} baru diterima pada {received_on}.",
                {
                    "document": document_label(need.action, position.violations),
                    "received_on": position.received(need.action)[-1],
                },
            ),
            until=position.received(need.action)[-1] - ONE_DAY,
        )
    else:
        yield unproved(need.action, position.violations)


def _unmet_lapse(
    position: Position, step: Done, *, on: date, calendar: WorkingCalendar
) -> Iterator[Unmet]:
    try:
        deadline = deadline_of(position, step, on=on, calendar=calendar)
    except CalendarTooShort as error:
        yield Unmet(FieldProblem("calendar", error.template, error.values))
        return
    if deadline.suspended_by is not None:
        yield Unmet(
            FieldProblem(
                "on",
                "Tenggat {document} belum dapat diketahui: ditangguhkan sejak {first} ({reason}).",
                {
                    "document": document_label(step.action, position.violations),
                    "first": deadline.suspended_by.first,
                    "reason": deadline.suspended_by.reason,
                },
            ),
            suspended=True,
        )
    elif deadline.due_on is None:
        yield unproved(step.action, position.violations)
    elif not deadline.lapsed_by(on):
        yield Unmet(
            FieldProblem(
                "on",
                "Tenggat {document} jatuh pada {due_on}; langkah ini dapat diambil "
                "mulai {from_on}.",
                {
                    "document": document_label(step.action, position.violations),
                    "due_on": deadline.due_on,
                    "from_on": deadline.due_on + ONE_DAY,
                },
            ),
            until=deadline.due_on,
        )


def _window_passed(
    position: Position, warning: Done, *, on: date, calendar: WorkingCalendar
) -> Iterator[Unmet]:
    """Law: PP 86/2013 Pasal 7. A fine dated after its window would leave no day of it."""
    try:
        window = fine_window(position, warning, on=on, calendar=calendar)
    except CalendarTooShort:
        return  # the lapse of the same warning says so
    if window.lapsed_by(on):
        yield Unmet(
            FieldProblem(
                "on",
                "Jangka waktu pengenaan denda berakhir pada {due_on}; lanjutkan dengan permohonan "
                "TMP2T atau rujukan.",
                {"due_on": window.due_on},
            ),
            too_late=True,
        )


def _in_time(
    position: Position, step: Done, *, on: date, calendar: WorkingCalendar
) -> Iterator[Unmet]:
    """Only a step that was taken too early may be taken again."""
    if not any(
        one.early and one.step.action is step.action
        for one in undermined(position, on=on, calendar=calendar)
    ):
        yield Unmet(
            FieldProblem(
                "action",
                "{document} sudah ada dan tidak terlalu dini; tidak ada yang perlu diulang.",
                {"document": document_label(step.action, position.violations)},
            )
        )


def _wanted(position: Position, need: Need, *, on: date) -> int:
    return 1 if need.count is None else position.law[need.count].on(on)


def _not_done(position: Position, need: Need, *, count: int) -> Unmet:
    document = document_label(need.action, position.violations)
    if count > 1:
        problem = FieldProblem(
            "action",
            "{document} dengan bukti terima harus ada paling sedikit {count} kali.",
            {"document": document, "count": count},
        )
    else:
        problem = FieldProblem("action", "{document} belum ada.", {"document": document})
    return Unmet(problem, action=need.action)


def unproved(action: Action, violations: frozenset[Violation]) -> Unmet:
    problem = FieldProblem(
        "receipt",
        "Bukti terima {document} belum dicatat.",
        {"document": document_label(action, violations)},
    )
    return Unmet(problem, action=action, unproved=True)


def resting_days(
    position: Position, action: Action, *, on: date, calendar: WorkingCalendar
) -> Iterator[date]:
    """Yield the days of the facts on which the step rests: it cannot be dated before them."""
    yield position.opened_on
    if action in FREE_ACTIONS:
        return
    formal = [step for step in position.steps if step.action not in FREE_ACTIONS]
    if formal:
        yield max(step.on for step in formal)
    edge = edge_from(position.stage, action)
    for need in edge.needs if edge else ():
        step = position.last_done(need.action)
        if step is None or not need.only_for & position.violations:
            continue
        if need.kind in _LAPSES:
            deadline = deadline_of(position, step, on=on, calendar=calendar)
            if deadline.due_on is not None:
                yield deadline.due_on + ONE_DAY
