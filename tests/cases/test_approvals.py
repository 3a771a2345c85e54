"""Two people: who may decide, and about exactly what."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from app.cases import queries, service
from app.cases.stages import Action, Proof, Stage, Violation
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests.cases.conftest import TODAY, Casework


@pytest.fixture
def ready(work: Casework) -> Casework:
    work.open(Violation.PWBD)
    work.inspect()
    work.warn_twice()
    return work


def test_a_step_that_needs_two_people_is_not_taken_by_one(ready: Casework) -> None:
    with pytest.raises(Refused, match="orang kedua"):
        ready.step(Action.IMPOSE_FINE, date(2026, 3, 10), Proof.LETTER)


@pytest.mark.parametrize("action", [Action.WARN_1, Action.WARN_2])
def test_a_written_warning_is_a_sanction_and_takes_two_people(
    work: Casework, action: Action
) -> None:
    work.open(Violation.PWBD)
    work.inspect()
    on = date(2026, 2, 2)
    if action is Action.WARN_2:
        work.letter(Action.WARN_1, on, date(2026, 2, 3))
        on = date(2026, 2, 20)
    with pytest.raises(Refused, match="orang kedua"):
        work.step(action, on, Proof.LETTER)
    proposed = service.propose(
        work.session,
        principal=work.cast.supervisor,
        case_id=work.case_id,
        request=work.request(action, on, Proof.LETTER),
        expected_version=work.version,
        now=work.now,
    )
    with pytest.raises(Forbidden, match="Pengusul"):
        work.approve(proposed.approval_id, by=work.cast.supervisor)
    # A token that acts for the proposer is the same person.
    token = replace(work.cast.supervisor, actor="token:4")
    with pytest.raises(Forbidden, match="Pengusul"):
        work.approve(proposed.approval_id, by=token)

    work.approve(proposed.approval_id, by=work.cast.branch_head)

    step = work.file().steps[-1]
    assert step.approved_by is not None
    assert (step.actor.name, step.approved_by.name) == ("Sari", "Hasan")


def test_a_step_that_needs_nobody_else_is_not_proposed(work: Casework) -> None:
    work.open()

    with pytest.raises(Refused, match="ambil langsung"):
        work.propose(Action.VISIT, TODAY)


def test_the_proposer_cannot_approve(ready: Casework) -> None:
    request = ready.request(Action.REFER, date(2026, 3, 10))
    proposed = service.propose(
        ready.session,
        principal=ready.cast.supervisor,
        case_id=ready.case_id,
        request=request,
        expected_version=ready.version,
        now=ready.now,
    )

    with pytest.raises(Forbidden, match="Pengusul"):
        ready.approve(proposed.approval_id, by=ready.cast.supervisor)

    assert ready.approve(proposed.approval_id, by=ready.cast.branch_head).stage is Stage.REFERRAL


def test_an_inspector_cannot_approve(ready: Casework) -> None:
    proposed = ready.propose(Action.REFER, date(2026, 3, 10))

    with pytest.raises(Forbidden):
        ready.approve(proposed.approval_id, by=ready.cast.colleague)


def test_a_change_after_the_proposal_makes_it_stale(ready: Casework) -> None:
    proposed = ready.propose(Action.REFER, date(2026, 3, 10))
    ready.step(Action.VISIT, date(2026, 3, 11))

    with pytest.raises(Conflict, match="sudah berubah"):
        ready.approve(proposed.approval_id)

    assert ready.file().approvals[-1].status == "basi"
    again = ready.propose(Action.REFER, date(2026, 3, 10))
    assert ready.approve(again.approval_id).stage is Stage.REFERRAL


def test_a_doctored_proposal_is_not_approved(ready: Casework) -> None:
    proposed = ready.propose(Action.REFER, date(2026, 3, 10))
    ready.session.connection().execute(
        sa.text("UPDATE case_approval SET request = jsonb_set(request, '{note}', '\"lain\"')")
    )

    with pytest.raises(Conflict):
        ready.approve(proposed.approval_id)


def test_the_same_proposal_twice_is_a_conflict(ready: Casework) -> None:
    request = ready.request(Action.REFER, date(2026, 3, 10))
    ready.propose(Action.REFER, date(2026, 3, 10))

    with pytest.raises(Conflict, match="menunggu persetujuan"):
        service.propose(
            ready.session,
            principal=ready.cast.inspector,
            case_id=ready.case_id,
            request=request,
            expected_version=ready.version,
            now=ready.now,
        )


def test_a_decision_is_taken_once(ready: Casework) -> None:
    proposed = ready.propose(Action.REFER, date(2026, 3, 10))
    ready.approve(proposed.approval_id)

    with pytest.raises(Conflict, match="sudah diputus"):
        ready.approve(proposed.approval_id)


def test_a_rejection_needs_a_reason_and_leaves_the_stage(ready: Casework) -> None:
    proposed = ready.propose(Action.REFER, date(2026, 3, 10))
    assert proposed.approval_id is not None

    with pytest.raises(Invalid, match="alasan"):
        service.reject(
            ready.session,
            principal=ready.cast.supervisor,
            approval_id=proposed.approval_id,
            note=" ",
            now=ready.now,
        )
    service.reject(
        ready.session,
        principal=ready.cast.supervisor,
        approval_id=proposed.approval_id,
        note="Lengkapi kertas kerja.",
        now=ready.now,
    )

    case = ready.file()
    assert case.stage is Stage.WARNING_2
    assert case.approvals[-1].status == "ditolak"
    assert case.events[-1].note == "Lengkapi kertas kerja."


def test_another_office_does_not_find_the_proposal(ready: Casework) -> None:
    proposed = ready.propose(Action.REFER, date(2026, 3, 10))
    elsewhere = ready.cast.stranger.__class__(
        actor="user:99",
        name="Kepala Medan",
        role="branch_head",
        office_code="M01",
        offices=frozenset({"M01"}),
        actions=ready.cast.branch_head.actions,
        zone="Asia/Jakarta",
        user_id=ready.cast.stranger.user_id,
    )

    with pytest.raises(NotFound):
        ready.approve(proposed.approval_id, by=elsewhere)


@pytest.mark.parametrize(
    ("reason", "proof"),
    [
        ("LUNAS", Proof.PAYMENT),
        ("PATUH", Proof.REGISTRATION),
        ("TUTUP_TERVERIFIKASI", Proof.CLOSURE),
    ],
)
def test_whatever_the_reason_nobody_closes_a_case_alone(
    work: Casework, reason: str, proof: Proof
) -> None:
    work.open()
    with pytest.raises(Refused, match="orang kedua"):
        work.step(Action.CLOSE, TODAY, proof, reason=reason)
    request = work.request(Action.CLOSE, TODAY, proof, reason=reason)

    result = service.submit(
        work.session,
        principal=work.cast.inspector,
        case_id=work.case_id,
        request=request,
        expected_version=work.version,
        now=work.now,
    )

    assert result.event_seq is None
    assert work.file().stage is Stage.VERIFICATION
    assert work.approve(result.approval_id).stage is Stage.CLOSED


def test_what_waits_for_me_is_a_task_and_my_own_proposal_is_not(ready: Casework) -> None:
    ready.propose(Action.REFER, date(2026, 3, 10))

    mine = queries.tasks(ready.session, principal=ready.cast.supervisor, on=TODAY)
    theirs = queries.tasks(ready.session, principal=ready.cast.inspector, on=TODAY)

    assert "approval" in {task.kind for task in mine}
    assert "approval" not in {task.kind for task in theirs}
