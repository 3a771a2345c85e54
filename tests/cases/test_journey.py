"""One case from the field to the prosecutor, as the branch works it."""

from datetime import date

from app.audit.service import verify
from app.cases import service
from app.cases.clocks import Clock, ClockState
from app.cases.schemas import NextState
from app.cases.stages import Action, Proof, Stage, Violation
from tests.cases.conftest import TODAY, Casework


def test_a_case_goes_from_the_field_to_the_prosecutor(work: Casework) -> None:
    work.open(Violation.PWBD)
    work.inspect()
    work.warn_twice()
    fine = work.propose(Action.IMPOSE_FINE, date(2026, 3, 10), Proof.LETTER)
    imposed = work.approve(fine.approval_id)
    work.received(imposed.event_seq, date(2026, 3, 11))
    denial = work.propose(Action.REQUEST_DENIAL, date(2026, 4, 9), Proof.LETTER)
    work.approve(denial.approval_id)
    referral = work.propose(Action.REFER, date(2026, 4, 20))
    work.approve(referral.approval_id, by=work.cast.branch_head)
    service.record_sealed_packet(
        work.session,
        principal=work.cast.legal,
        case_id=work.case_id,
        packet_number="BR-1",
        sha256="0" * 64,
        on=date(2026, 4, 21),
        now=work.now,
    )
    work.step(Action.HAND_OVER, date(2026, 4, 22), Proof.RECEIPT, by=work.cast.legal)

    case = work.file()

    assert case.stage is Stage.REFERRED
    assert case.next.state is NextState.OUTSIDE
    assert [event.step for event in case.steps] == [
        Action.SEND_NOTICE,
        Action.ORDER_INSPECTION,
        Action.RECORD_MINUTES,
        Action.REPORT_FINDINGS,
        Action.WARN_1,
        Action.WARN_2,
        Action.IMPOSE_FINE,
        Action.REQUEST_DENIAL,
        Action.REFER,
        Action.SEAL_PACKET,
        Action.HAND_OVER,
    ]
    assert [item.exhibit for item in case.evidence] == [
        f"P-{number}" for number in range(1, len(case.evidence) + 1)
    ]
    second = case.deadline_of(Clock.WARNING_2)
    assert second is not None
    assert second.due_on == date(2026, 3, 9)
    assert second.state is ClockState.LAPSED
    fined = next(event for event in case.steps if event.step is Action.IMPOSE_FINE)
    assert fined.actor.name == "Ratna"
    assert fined.approved_by is not None
    assert fined.approved_by.name == "Sari"
    assert verify(work.session).broken_at is None


def test_arrears_go_to_the_prosecutor_by_letters_and_inspection(work: Casework) -> None:
    work.open(Violation.PIUTANG)
    work.inspect()
    work.letter(Action.SEND_NOTICE, date(2026, 1, 22), date(2026, 1, 26))
    referral = work.propose(Action.REFER, date(2026, 2, 2))

    assert work.approve(referral.approval_id).stage is Stage.REFERRAL


def test_a_paid_case_is_closed_on_its_proof_by_two_people(work: Casework) -> None:
    work.open(Violation.PIUTANG)

    work.close("LUNAS", Proof.PAYMENT)

    case = work.file()
    assert (case.stage, case.closed_on, case.closed_reason) == (Stage.CLOSED, TODAY, "LUNAS")
    assert case.steps[-1].actor.name == "Ratna"
    assert case.steps[-1].approved_by is not None
    assert case.steps[-1].approved_by.name == "Sari"
    assert case.next.state is NextState.NONE
    assert case.next_due_on is None
