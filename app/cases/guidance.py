"""PURE: what moves a case on, and from which day a person is needed for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.cases.edges import edge_from
from app.cases.gates import ONE_DAY, resting_days, unmet, unproved
from app.cases.positions import Position
from app.cases.stages import ACTION_LABELS, DOCUMENT_LABELS, Action, Stage
from app.cases.undermined import undermined
from app.errors import FieldProblem
from app.law.calendar import WorkingCalendar

# The action that leads on from each stage; the first that fits the case and is not too late.
GOALS: Final[Mapping[Stage, tuple[Action, ...]]] = MappingProxyType(
    {
        Stage.VERIFICATION: (Action.SEND_NOTICE,),
        Stage.NOTIFICATION: (Action.ORDER_INSPECTION,),
        Stage.INSPECTION: (Action.WARN_1, Action.REFER),
        Stage.WARNING_1: (Action.WARN_2, Action.REFER),
        Stage.WARNING_2: (Action.IMPOSE_FINE, Action.REFER),
        Stage.FINE: (Action.REQUEST_DENIAL, Action.REFER),
        Stage.DENIAL: (Action.REFER,),
        Stage.REFERRAL: (Action.HAND_OVER,),
    }
)


class NextState(StrEnum):
    """Who is to move: we (ACT, PROVE), time (WAIT), the prosecutor (OUTSIDE), nobody (NONE).

    PROVE: proof of receipt lacks. STUCK: no step of ours leads on.
    """

    ACT = "act"
    PROVE = "prove"
    WAIT = "wait"
    OUTSIDE = "outside"
    STUCK = "stuck"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class NextStep:
    """`act_on` is the day from which a person is needed; None when nobody is."""

    state: NextState
    action: Action | None
    act_on: date | None
    sentence: FieldProblem


def next_step(position: Position, *, on: date, calendar: WorkingCalendar) -> NextStep:
    """Return what moves the case on, and from which day a person is needed for it."""
    if position.stage is Stage.CLOSED:
        return NextStep(NextState.NONE, None, None, FieldProblem("", "Kasus sudah ditutup."))
    if (repair := _withdrawal(position, on=on, calendar=calendar)) is not None:
        return repair
    if position.stage is Stage.REFERRED:
        sentence = FieldProblem("", "Berkas ada di Kejaksaan; catat tanggapannya bila diterima.")
        return NextStep(NextState.OUTSIDE, None, None, sentence)
    if (goal := _goal(position, on=on, calendar=calendar)) is not None:
        return _towards(position, goal, on=on, calendar=calendar, seen=frozenset())
    sentence = FieldProblem("", "Tidak ada langkah lanjutan; periksa jenis pelanggarannya.")
    return NextStep(NextState.STUCK, None, position.opened_on, sentence)


def _withdrawal(position: Position, *, on: date, calendar: WorkingCalendar) -> NextStep | None:
    """Return the way back from a referral that rests on a step which came too early."""
    if edge_from(position.stage, Action.WITHDRAW_REFERRAL) is None:
        return None
    early = [one for one in undermined(position, on=on, calendar=calendar) if one.early]
    if not early:
        return None
    step = early[0].step
    sentence = FieldProblem(
        "",
        "{document} tanggal {on} terlalu dini: cabut rujukan, lalu ulangi langkah itu.",
        {"document": DOCUMENT_LABELS[step.action], "on": step.on},
    )
    return NextStep(NextState.ACT, Action.WITHDRAW_REFERRAL, _last_day(position), sentence)


def _goal(position: Position, *, on: date, calendar: WorkingCalendar) -> Action | None:
    for action in GOALS[position.stage]:
        edge = edge_from(position.stage, action)
        if edge is None or not edge.only_for & position.violations:
            continue
        if not any(i.too_late for i in unmet(position, action, on=on, calendar=calendar)):
            return action
    return None


def _towards(
    position: Position,
    goal: Action,
    *,
    on: date,
    calendar: WorkingCalendar,
    seen: frozenset[Action],
) -> NextStep:
    found = unmet(position, goal, on=on, calendar=calendar)
    notice = position.last_done(Action.SEND_NOTICE)
    if goal is Action.ORDER_INSPECTION and notice and not position.received(Action.SEND_NOTICE):
        found = (unproved(Action.SEND_NOTICE, position.violations), *found)
    for item in found:
        if item.unproved and item.action is not None:
            letter = position.last_done(item.action)
            act_on = letter.on if letter else position.opened_on
            return NextStep(NextState.PROVE, item.action, act_on, item.problem)
        if item.suspended:
            return NextStep(NextState.WAIT, goal, None, item.problem)
        if item.until is not None:
            return NextStep(NextState.WAIT, goal, item.until + ONE_DAY, item.problem)
        if item.action is not None and item.action not in seen:
            return _towards(position, item.action, on=on, calendar=calendar, seen=seen | {goal})
    if found:
        return NextStep(NextState.STUCK, goal, _last_day(position), found[0].problem)
    sentence = FieldProblem("", "Langkah berikutnya: {step}.", {"step": ACTION_LABELS[goal]})
    act_on = max(resting_days(position, goal, on=on, calendar=calendar))
    return NextStep(NextState.ACT, goal, act_on, sentence)


def _last_day(position: Position) -> date:
    return max((step.on for step in position.steps), default=position.opened_on)
