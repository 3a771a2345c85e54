"""PURE: may this step be taken, what is possible now, what comes next. Does no I/O.

`python -m app.cases.lifecycle` writes the page docs/lifecycle.md to standard output.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from app.cases.clocks import Deadline
from app.cases.edges import EDGES, FREE_ACTIONS, Edge, edge_from, edges_of
from app.cases.gates import ONE_DAY, unmet
from app.cases.guidance import NextState, NextStep, next_step
from app.cases.positions import Done, Position, deadline_of, deadlines, stage_after
from app.cases.stages import (
    ACTION_LABELS,
    CLOSING_REASONS,
    PROOF_LABELS,
    TRANSFERRED,
    Action,
    Proof,
    Stage,
    document_label,
)
from app.errors import FieldProblem, Refused
from app.law.calendar import WorkingCalendar

__all__ = [
    "EDGES",
    "Action",
    "Done",
    "Edge",
    "Moved",
    "NextState",
    "NextStep",
    "Position",
    "Proof",
    "Stage",
    "StepOption",
    "StepRefused",
    "deadlines",
    "move",
    "next_step",
    "options",
]


class StepRefused(Refused):
    """The step is out of order or lacks something; `missing` says each in one sentence."""

    code = "step-refused"


@dataclass(frozen=True, slots=True)
class Moved:
    """The position after the step; `deadline` is the clock it started, running or not yet."""

    position: Position
    edge: Edge
    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class StepOption:
    """One action and whether it is possible now; `reasons` say why not, one sentence each.

    `label` is the Indonesian sentence key. `proofs` are to be attached. `possible_from` is the
    first day on which time alone will have healed what stands in the way. `closing_reasons` are
    the codes a closing may name now.
    """

    action: Action
    label: str
    to: Stage | None
    allowed: bool
    reasons: tuple[FieldProblem, ...]
    proofs: tuple[Proof, ...]
    letter: bool
    second_person: bool
    possible_from: date | None
    citation: str
    closing_reasons: tuple[str, ...] = ()


def move(
    position: Position,
    action: Action,
    *,
    on: date,
    today: date,
    proofs: frozenset[Proof],
    letter_number: str,
    closing_reason: str,
    calendar: WorkingCalendar,
) -> Moved:
    """Take `action` on the legal day `on`.

    A past `on` is never a reason to refuse; one after `today`, or before a fact on which the step
    rests, is. `letter_number` and `closing_reason` are empty where the edge asks for none.

    Raises:
        StepRefused: `missing` lists every unmet need.
    """
    edge = edge_from(position.stage, action)
    problems = [item.problem for item in unmet(position, action, on=on, calendar=calendar)]
    if edge is not None:
        problems += _day_problems(position, edge, on=on, today=today)
        problems += _attachment_problems(edge, proofs=proofs, letter_number=letter_number)
        if action is Action.CLOSE:
            problems += _closing_problems(position, closing_reason, proofs)
    if edge is None or problems:
        raise StepRefused(
            "Langkah “{step}” belum dapat diambil: {reasons}",
            missing=tuple(problems),
            step=ACTION_LABELS[action],
            reasons=" ".join(str(problem) for problem in problems),
        )
    seq = position.steps[-1].seq + 1 if position.steps else 1
    moved = replace(
        position,
        stage=stage_after(position, edge),
        steps=(*position.steps, Done(seq=seq, action=action, on=on)),
    )
    return Moved(position=moved, edge=edge, deadline=_not_yet(moved, edge, on, calendar))


def options(
    position: Position, *, on: date, permissions: frozenset[str], calendar: WorkingCalendar
) -> tuple[StepOption, ...]:
    """Return every action once, in the order of the table: possible on `on`, or why not yet."""
    return tuple(
        _option(position, action, on=on, permissions=permissions, calendar=calendar)
        for action in dict.fromkeys(edge.action for edge in EDGES)
    )


def _option(
    position: Position,
    action: Action,
    *,
    on: date,
    permissions: frozenset[str],
    calendar: WorkingCalendar,
) -> StepOption:
    way = edge_from(position.stage, action)
    edge = way or edges_of(action)[0]
    found = unmet(position, action, on=on, calendar=calendar)
    reasons = [item.problem for item in found]
    if edge.permission not in permissions:
        reasons.append(FieldProblem("role", "Peran Anda tidak berwenang mengambil langkah ini."))
    if edge.recorded_by_packets:
        reasons.append(
            FieldProblem("action", "Dicatat oleh Patuh sendiri saat berkas rujukan disegel.")
        )
    waits = [item.until for item in found if item.until is not None]
    only_time = bool(waits) and len(waits) == len(reasons)
    return StepOption(
        action=action,
        label=ACTION_LABELS[action],
        to=stage_after(position, edge) if way and edge.back_before else edge.to,
        allowed=not reasons,
        reasons=tuple(reasons),
        proofs=tuple(sorted(edge.proofs)),
        letter=edge.letter,
        second_person=edge.second_person,
        possible_from=max(waits) + ONE_DAY if only_time else None,
        citation=edge.citation.label,
        closing_reasons=_closing_codes(position) if action is Action.CLOSE else (),
    )


def _not_yet(
    position: Position, edge: Edge, on: date, calendar: WorkingCalendar
) -> Deadline | None:
    if edge.starts is None:
        return None
    return deadline_of(position, position.steps[-1], on=on, calendar=calendar)


def _day_problems(
    position: Position, edge: Edge, *, on: date, today: date
) -> Iterator[FieldProblem]:
    if on > today:
        yield FieldProblem(
            "on", "Tanggal {on} belum tiba; hari ini {today}.", {"on": on, "today": today}
        )
    if on < position.opened_on:
        yield FieldProblem(
            "on",
            "Tanggal {on} mendahului pembukaan kasus pada {opened_on}.",
            {"on": on, "opened_on": position.opened_on},
        )
    if edge.free:
        return
    formal = [step for step in position.steps if step.action not in FREE_ACTIONS]
    last = max(formal, key=lambda step: step.on, default=None)
    if last is not None and on < last.on:
        document = document_label(last.action, position.violations)
        yield FieldProblem(
            "on",
            "Tanggal {on} mendahului {document} tanggal {last_on}.",
            {"on": on, "document": document, "last_on": last.on},
        )


def _attachment_problems(
    edge: Edge, *, proofs: frozenset[Proof], letter_number: str
) -> Iterator[FieldProblem]:
    for proof in sorted(edge.proofs - proofs):
        yield FieldProblem("evidence", "Lampirkan bukti: {proof}.", {"proof": PROOF_LABELS[proof]})
    if edge.letter and not letter_number.strip():
        yield FieldProblem("letter_number", "Isi nomor surat.")


def _closing_problems(
    position: Position, code: str, proofs: frozenset[Proof]
) -> Iterator[FieldProblem]:
    reason = CLOSING_REASONS.get(code)
    if reason is None:
        yield FieldProblem(
            "closing_reason",
            "Pilih alasan penutupan: {codes}.",
            {"codes": ", ".join(_closing_codes(position))},
        )
    elif code not in _closing_codes(position):
        yield FieldProblem(
            "closing_reason",
            "Piutang yang sudah diserahkan ke Kejaksaan tidak dapat dialihkan ke PUPN/KPKNL.",
        )
    elif reason.proof is not None and reason.proof not in proofs:
        yield FieldProblem(
            "evidence", "Lampirkan bukti: {proof}.", {"proof": PROOF_LABELS[reason.proof]}
        )


def _closing_codes(position: Position) -> tuple[str, ...]:
    # PUPN takes only debts that no law enforcement has handled, a returned file included.
    if position.last_done(Action.HAND_OVER) is None:
        return tuple(CLOSING_REASONS)
    return tuple(code for code in CLOSING_REASONS if code != TRANSFERRED)


if __name__ == "__main__":
    import sys

    from app.cases.diagram import page

    sys.stdout.write(page())
