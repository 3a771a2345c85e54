"""A referral that rests on a step which came too early is withdrawn by two, and the step repeated.

The pure part first: where a withdrawal leads, what it asks, what may follow it.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.cases import lifecycle, service
from app.cases.edges import edge_from
from app.cases.lifecycle import Action, NextState, Position, Proof, Stage
from app.cases.stages import Violation
from app.cases.undermined import undermined
from app.errors import Forbidden, Invalid, Refused
from app.law.suspensions import Suspension
from tests.cases.conftest import Casework
from tests.cases.walks import (
    CALENDAR,
    STEP,
    TODAY,
    inspected,
    receive,
    refusal,
    take,
    warned_once,
    warned_twice,
)

REFERRED_ON = date(2026, 3, 10)
WITHDRAWN_ON = date(2026, 3, 16)
NO_PROOF: frozenset[Proof] = frozenset()


def lengthened(position: Position, *, by: int) -> Position:
    """Suspend the clocks by so many working days from 24 February 2026, a Tuesday."""
    last = date(2026, 2, 24) + timedelta(days=by - 1)
    stopped = Suspension(first=date(2026, 2, 24), last=last, reason="Banjir", authority="B/1")
    return replace(position, suspensions=(stopped,))


def referred(position: Position) -> Position:
    return take(position, Action.REFER, REFERRED_ON)


def handed(position: Position) -> Position:
    sealed = take(referred(position), Action.SEAL_PACKET, date(2026, 3, 11))
    return take(sealed, Action.HAND_OVER, date(2026, 3, 12))


def next_of(position: Position) -> tuple[NextState, Action | None]:
    found = lifecycle.next_step(position, on=TODAY, calendar=CALENDAR)
    return found.state, found.action


class TestWhereItLeads:
    @pytest.mark.parametrize(
        ("position", "stage"),
        [
            (warned_twice(), Stage.WARNING_2),
            (
                take(warned_twice(), Action.REQUEST_DENIAL, REFERRED_ON),
                Stage.DENIAL,
            ),
            (
                receive(
                    take(inspected(Violation.PIUTANG), Action.SEND_NOTICE, date(2026, 1, 22)),
                    date(2026, 1, 26),
                ),
                Stage.INSPECTION,
            ),
        ],
        ids=["second warning", "denial", "inspection"],
    )
    @pytest.mark.parametrize("hand_over", [False, True])
    def test_back_to_the_stage_in_which_the_referral_found_the_case(
        self, position: Position, stage: Stage, *, hand_over: bool
    ) -> None:
        standing = handed(position) if hand_over else referred(position)

        assert take(standing, Action.WITHDRAW_REFERRAL, WITHDRAWN_ON).stage is stage

    def test_a_second_withdrawal_goes_back_to_where_the_second_referral_found_it(self) -> None:
        back = take(referred(warned_twice()), Action.WITHDRAW_REFERRAL, WITHDRAWN_ON)
        denied = take(back, Action.REQUEST_DENIAL, WITHDRAWN_ON)
        again = take(denied, Action.REFER, date(2026, 3, 20))

        assert take(again, Action.WITHDRAW_REFERRAL, date(2026, 3, 21)).stage is Stage.DENIAL

    @pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.REFERRAL, Stage.REFERRED}))
    def test_there_is_nothing_to_withdraw_elsewhere(self, stage: Stage) -> None:
        assert edge_from(stage, Action.WITHDRAW_REFERRAL) is None

    def test_it_is_offered_with_where_it_leads(self) -> None:
        def leads(position: Position) -> Stage | None:
            options = lifecycle.options(position, on=TODAY, permissions=STEP, calendar=CALENDAR)
            return next(one.to for one in options if one.action is Action.WITHDRAW_REFERRAL)

        assert leads(referred(warned_twice())) is Stage.WARNING_2
        assert leads(warned_twice()) is None


class TestWhatItAsks:
    def test_while_the_file_is_with_us_no_proof_is_asked(self) -> None:
        back = take(
            referred(warned_twice()), Action.WITHDRAW_REFERRAL, WITHDRAWN_ON,
            proofs=NO_PROOF, letter_number="",
        )  # fmt: skip

        assert back.stage is Stage.WARNING_2

    @pytest.mark.parametrize(
        ("proofs", "letter", "missing"),
        [
            (frozenset({Proof.LETTER}), "B/9", "Tanda terima"),
            (frozenset({Proof.RECEIPT}), "B/9", "Salinan surat"),
            (frozenset({Proof.LETTER, Proof.RECEIPT}), "", "nomor surat"),
        ],
    )
    def test_from_the_prosecutor_it_comes_back_by_a_letter_that_reached_him(
        self, proofs: frozenset[Proof], letter: str, missing: str
    ) -> None:
        said = refusal(
            handed(warned_twice()), Action.WITHDRAW_REFERRAL, WITHDRAWN_ON,
            proofs=proofs, letter_number=letter,
        )  # fmt: skip

        assert missing in said

    def test_always_two_people(self) -> None:
        for stage in (Stage.REFERRAL, Stage.REFERRED):
            edge = edge_from(stage, Action.WITHDRAW_REFERRAL)
            assert edge is not None
            assert edge.second_person


class TestWhatFollows:
    def test_the_warning_that_came_too_early_is_given_again_and_heals_the_case(self) -> None:
        early = replace(referred(warned_twice()), suspensions=lengthened_first())
        assert {one.step.action for one in undermined(early, on=TODAY, calendar=CALENDAR)} >= {
            Action.WARN_2
        }
        assert "tahap" in refusal(early, Action.WARN_2, WITHDRAWN_ON)

        back = take(early, Action.WITHDRAW_REFERRAL, WITHDRAWN_ON)
        again = receive(take(back, Action.WARN_2, date(2026, 3, 17)), date(2026, 3, 17))
        # Ten working days after 17 March 2026, Lebaran and its leave left out.
        due_on = lifecycle.deadlines(again, on=TODAY, calendar=CALENDAR)[-1].due_on
        assert due_on is not None
        refusal(again, Action.REFER, due_on)
        anew = take(again, Action.REFER, due_on + timedelta(days=1))

        assert undermined(anew, on=TODAY, calendar=CALENDAR) == ()
        assert next_of(anew) == (NextState.ACT, Action.SEAL_PACKET)

    def test_the_sealed_packet_of_before_cannot_be_handed_over(self) -> None:
        sealed = take(referred(warned_twice()), Action.SEAL_PACKET, date(2026, 3, 11))
        back = take(sealed, Action.WITHDRAW_REFERRAL, WITHDRAWN_ON)
        again = take(back, Action.REFER, date(2026, 3, 17))

        assert "Penyegelan" in refusal(again, Action.HAND_OVER, date(2026, 3, 18))
        resealed = take(again, Action.SEAL_PACKET, date(2026, 3, 18))
        assert take(resealed, Action.HAND_OVER, date(2026, 3, 18)).stage is Stage.REFERRED

    def test_pupn_stays_shut_after_a_file_was_with_the_prosecutor(self) -> None:
        back = take(handed(warned_twice()), Action.WITHDRAW_REFERRAL, WITHDRAWN_ON)

        assert "PUPN" in refusal(back, Action.CLOSE, WITHDRAWN_ON, closing_reason="DIALIHKAN")


class TestTheNextStep:
    """Warning II lapses on 9 March 2026; the referral of the 10th came on the first day it might.

    One working day more, and it came too early.
    """

    def test_it_is_the_withdrawal_when_the_referral_came_too_early_by_a_day(self) -> None:
        early = lengthened(referred(warned_twice()), by=1)

        assert next_of(early) == (NextState.ACT, Action.WITHDRAW_REFERRAL)
        assert next_of(lengthened(handed(warned_twice()), by=1))[1] is Action.WITHDRAW_REFERRAL

    def test_it_is_the_sealing_when_the_referral_came_in_time(self) -> None:
        assert next_of(referred(warned_twice())) == (NextState.ACT, Action.SEAL_PACKET)
        assert next_of(handed(warned_twice())) == (NextState.OUTSIDE, None)


def lengthened_first() -> tuple[Suspension, ...]:
    """Move the last day of warning I from 19 to 20 February, the day of warning II."""
    return (
        Suspension(
            first=date(2026, 2, 9), last=date(2026, 2, 9), reason="Banjir", authority="B/77"
        ),
    )


def test_warning_two_on_the_day_after_the_first_lapsed_needs_no_withdrawal() -> None:
    assert warned_once().steps[-1].received_on == date(2026, 2, 3)
    assert undermined(referred(warned_twice()), on=TODAY, calendar=CALENDAR) == ()


@pytest.fixture
def approved(work: Casework) -> Casework:
    work.open()
    work.inspect()
    work.warn_twice()
    work.submit(Action.REFER, REFERRED_ON)
    return work


def test_one_proposes_with_a_reason_and_another_withdraws(approved: Casework) -> None:
    with pytest.raises(Refused, match="orang kedua"):
        approved.step(Action.WITHDRAW_REFERRAL, WITHDRAWN_ON)
    proposed = approved.propose(Action.WITHDRAW_REFERRAL, WITHDRAWN_ON)
    assert approved.file().stage is Stage.REFERRAL
    with pytest.raises(Forbidden):
        approved.approve(proposed.approval_id, by=approved.cast.inspector)

    withdrawn = approved.approve(proposed.approval_id)

    assert withdrawn.stage is Stage.WARNING_2
    event = approved.file().steps[-1]
    assert (event.step, event.note, event.stage_after) == (
        Action.WITHDRAW_REFERRAL, "Uraian.", Stage.WARNING_2,
    )  # fmt: skip
    assert event.approved_by is not None
    assert event.approved_by.name == "Sari"


def test_a_withdrawal_without_a_reason_is_refused(approved: Casework) -> None:
    request = replace(approved.request(Action.WITHDRAW_REFERRAL, WITHDRAWN_ON), note=" ")

    with pytest.raises(Invalid) as refused:
        service.propose(
            approved.session,
            principal=approved.cast.inspector,
            case_id=approved.case_id,
            request=request,
            expected_version=approved.version,
            now=approved.now,
        )

    assert [problem.field for problem in refused.value.fields] == ["note"]
