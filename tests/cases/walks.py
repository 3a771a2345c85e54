"""Cases that walk through the table of steps without a database; 16 and 17 February are off."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.cases import lifecycle
from app.cases.lifecycle import Action, Position, Proof, Stage, StepRefused
from app.cases.stages import (
    Violation,
)
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED
from app.law.suspensions import Suspension

CALENDAR = packaged_calendar()
OPENED = date(2026, 1, 5)
TODAY = date(2026, 11, 20)
ALL_PROOFS = frozenset(Proof)
STEP = frozenset({"cases.step"})
FLOOD = Suspension(
    first=date(2026, 2, 9), last=date(2026, 2, 11), reason="Banjir", authority="B/77/2026"
)


def opened(*violations: Violation) -> Position:
    return Position(
        stage=Stage.VERIFICATION,
        opened_on=OPENED,
        violations=frozenset(violations),
        law=SHIPPED,
    )


def take(
    position: Position,
    action: Action,
    on: date,
    *,
    proofs: frozenset[Proof] = ALL_PROOFS,
    letter_number: str = "B/1/012026",
    closing_reason: str = "",
) -> Position:
    return lifecycle.move(
        position,
        action,
        on=on,
        today=TODAY,
        proofs=proofs,
        letter_number=letter_number,
        closing_reason=closing_reason,
        calendar=CALENDAR,
    ).position


def receive(position: Position, on: date) -> Position:
    """Prove that the last letter was received on that day."""
    last = replace(position.steps[-1], received_on=on)
    return replace(position, steps=(*position.steps[:-1], last))


def inspected(*violations: Violation) -> Position:
    position = receive(
        take(opened(*violations), Action.SEND_NOTICE, date(2026, 1, 6)), date(2026, 1, 8)
    )
    position = take(position, Action.ORDER_INSPECTION, date(2026, 1, 12))
    position = take(position, Action.RECORD_MINUTES, date(2026, 1, 15))
    return take(position, Action.REPORT_FINDINGS, date(2026, 1, 20))


def warned_once() -> Position:
    """Warning I received on 3 February 2026; 16 and 17 February are days off."""
    position = take(inspected(Violation.PWBD), Action.WARN_1, date(2026, 2, 2))
    return receive(position, date(2026, 2, 3))


WARNING_1_DUE = date(2026, 2, 19)


def warned_twice() -> Position:
    position = take(warned_once(), Action.WARN_2, WARNING_1_DUE + timedelta(days=1))
    return receive(position, date(2026, 2, 23))


WARNING_2_DUE = date(2026, 3, 9)


def refusal(position: Position, action: Action, on: date, **given: object) -> str:
    with pytest.raises(StepRefused) as caught:
        take(position, action, on, **given)  # type: ignore[arg-type]
    assert caught.value.missing
    return str(caught.value)
