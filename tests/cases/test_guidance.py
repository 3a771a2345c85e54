"""What people are offered and told to do next, and that no walk of theirs escapes the law."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cases import lifecycle
from app.cases.edges import edges_of
from app.cases.lifecycle import Action, Done, NextState, Position, Proof, Stage, StepRefused
from app.cases.stages import (
    ARREARS,
    BREACHES,
    Violation,
)
from app.infra.settings import PROJECT_ROOT
from tests.cases.walks import (
    CALENDAR,
    OPENED,
    STEP,
    TODAY,
    WARNING_1_DUE,
    inspected,
    opened,
    receive,
    take,
    warned_once,
    warned_twice,
)


class TestOptions:
    def test_every_action_is_offered_or_explained(self) -> None:
        options = lifecycle.options(
            warned_once(), on=WARNING_1_DUE, permissions=STEP, calendar=CALENDAR
        )

        assert [option.action for option in options] == list(Action)
        assert all(option.allowed != bool(option.reasons) for option in options)

    def test_what_time_alone_heals_says_from_which_day(self) -> None:
        options = lifecycle.options(
            warned_once(), on=WARNING_1_DUE, permissions=STEP, calendar=CALENDAR
        )
        second = next(option for option in options if option.action is Action.WARN_2)

        assert second.possible_from == date(2026, 2, 20)
        assert second.proofs == (Proof.LETTER,)

    def test_without_the_permission_nothing_is_possible_and_it_says_so(self) -> None:
        options = lifecycle.options(
            opened(Violation.PWBD), on=TODAY, permissions=frozenset(), calendar=CALENDAR
        )

        assert not [option for option in options if option.allowed]

    def test_what_is_offered_is_what_move_accepts(self) -> None:
        for position in (opened(Violation.PWBD), warned_once(), warned_twice()):
            options = lifecycle.options(position, on=TODAY, permissions=STEP, calendar=CALENDAR)
            offered = [option.action for option in options if option.allowed]

            assert offered
            for action in offered:
                assert take(position, action, TODAY, closing_reason="LUNAS").steps[-1].on == TODAY


class TestNextStep:
    @pytest.mark.parametrize(
        ("position", "state", "action"),
        [
            (opened(Violation.PWBD), NextState.ACT, Action.SEND_NOTICE),
            (
                take(opened(Violation.PWBD), Action.SEND_NOTICE, OPENED),
                NextState.PROVE,
                Action.SEND_NOTICE,
            ),
            (inspected(Violation.PWBD), NextState.ACT, Action.WARN_1),
            (inspected(Violation.PIUTANG), NextState.ACT, Action.SEND_NOTICE),
            (warned_once(), NextState.WAIT, Action.WARN_2),
        ],
        ids=["opened", "notice unproved", "breach inspected", "arrears inspected", "warned"],
    )
    def test_it_names_what_moves_the_case_on(
        self, position: Position, state: NextState, action: Action
    ) -> None:
        found = lifecycle.next_step(position, on=date(2026, 2, 10), calendar=CALENDAR)

        assert (found.state, found.action) == (state, action)

    def test_a_running_clock_needs_somebody_the_day_after_it_lapses(self) -> None:
        found = lifecycle.next_step(warned_once(), on=WARNING_1_DUE, calendar=CALENDAR)

        assert found.act_on == date(2026, 2, 20)

    def test_a_lapsed_warning_needs_somebody_since_the_day_after(self) -> None:
        found = lifecycle.next_step(warned_once(), on=TODAY, calendar=CALENDAR)

        assert (found.state, found.act_on) == (NextState.ACT, date(2026, 2, 20))

    def test_warnings_on_a_case_that_proved_to_be_arrears_lead_to_referral(self) -> None:
        position = replace(warned_once(), violations=ARREARS)

        found = lifecycle.next_step(position, on=TODAY, calendar=CALENDAR)

        assert found.action is Action.SEND_NOTICE
        assert found.state is NextState.ACT


def _days(position: Position, action: Action) -> list[date]:
    return [step.on for step in position.steps if step.action is action]


def _check_law(position: Position, violations: frozenset[Violation]) -> None:
    """What a referred case must hold, said without the table."""
    assert position.received(Action.SEND_NOTICE)
    assert _days(position, Action.ORDER_INSPECTION)
    assert _days(position, Action.RECORD_MINUTES)
    assert _days(position, Action.REPORT_FINDINGS)
    (referred_on, *_) = _days(position, Action.REFER)
    if violations & BREACHES:
        (first,) = position.all_done(Action.WARN_1)
        (second,) = position.all_done(Action.WARN_2)
        for warning, following in pairwise((first, second)):
            assert warning.received_on is not None
            assert (following.on - warning.received_on).days >= 14
        assert second.received_on is not None
        assert (referred_on - second.received_on).days >= 14
    if violations & ARREARS:
        assert len(position.received(Action.SEND_NOTICE)) >= 2
        if not violations & BREACHES:
            assert not position.all_done(Action.WARN_1)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_walk_reaches_referral_without_what_the_law_asks(data: st.DataObject) -> None:
    violations = data.draw(st.frozensets(st.sampled_from(list(Violation)), min_size=1))
    position, on = opened(*violations), OPENED
    for _ in range(40):
        on = min(on + timedelta(days=data.draw(st.integers(0, 20))), TODAY)
        offered = [
            option.action
            for option in lifecycle.options(position, on=on, permissions=STEP, calendar=CALENDAR)
            if option.allowed and option.action is not Action.CLOSE
        ]
        action = data.draw(st.sampled_from([*offered * 5, *Action]))
        try:
            position = take(position, action, on, closing_reason="LUNAS")
        except StepRefused as refused:
            assert refused.missing  # noqa: PT017 - a refusal without a reason is the defect
            continue
        if data.draw(st.booleans()) and edges_of(action)[0].delivered:
            position = receive(position, on)
        if position.stage is Stage.REFERRED:
            _check_law(position, violations)


def test_a_guided_walk_does_reach_the_prosecutor() -> None:
    """The walk above proves nothing if no walk can arrive."""
    referred = take(warned_twice(), Action.REFER, date(2026, 3, 10))
    handed = take(
        take(referred, Action.SEAL_PACKET, date(2026, 3, 11)), Action.HAND_OVER, date(2026, 3, 12)
    )

    assert handed.stage is Stage.REFERRED
    _check_law(handed, frozenset({Violation.PWBD}))


def test_a_step_counts_from_one_and_keeps_its_order() -> None:
    steps = warned_twice().steps

    assert [step.seq for step in steps] == list(range(1, len(steps) + 1))
    assert isinstance(steps[0], Done)


def test_the_page_lies_where_the_command_says() -> None:
    assert Path(PROJECT_ROOT / "docs" / "lifecycle.md").is_file()
