"""The ledger of suspensions of a case: two people, no lapsed clock revived, nothing kept silent."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.accounts.schemas import Principal
from app.cases import service
from app.cases.clocks import Clock, ClockState, Deadline
from app.cases.lifecycle import NextState
from app.cases.schemas import SuspensionEntry, SuspensionLine
from app.cases.service import SuspensionRequest
from app.cases.stages import Action, Violation
from app.cases.suspensions import StepsUndermined
from app.errors import Conflict, Forbidden, Invalid, Refused
from app.packets import chronicle
from tests.cases.conftest import Casework

FIRST, LAST = date(2026, 2, 9), date(2026, 2, 11)


def propose(
    work: Casework,
    entry: SuspensionEntry = "mulai",
    *,
    by: Principal | None = None,
    of_id: int | None = None,
    first_on: date | None = None,
    last_on: date | None = None,
    reason: str = "Banjir di kawasan industri",
    accepts_defects: bool = False,
) -> SuspensionLine:
    return service.propose_suspension(
        work.session,
        principal=by or work.cast.inspector,
        case_id=work.case_id,
        request=SuspensionRequest(
            entry=entry,
            of_id=of_id,
            first_on=first_on,
            last_on=last_on,
            reason=reason,
            authority="Surat Kepala Cabang B/77/022026",
            accepts_defects=accepts_defects,
        ),
        expected_version=work.version,
        now=work.now,
    )


def approve(work: Casework, line: SuspensionLine, by: Principal | None = None) -> SuspensionLine:
    return service.approve_suspension(
        work.session,
        principal=by or work.cast.supervisor,
        suspension_id=line.id,
        note="Setuju.",
        now=work.now,
    )


def suspend(work: Casework, first_on: date = FIRST, last_on: date | None = LAST) -> SuspensionLine:
    return approve(work, propose(work, first_on=first_on, last_on=last_on))


def warning(work: Casework, on: date = date(2026, 2, 16)) -> Deadline:
    found = work.file(on=on).deadline_of(Clock.WARNING_1)
    assert found is not None
    return found


@pytest.fixture
def warned(work: Casework) -> Casework:
    """Warning I was received on 3 February 2026 and lapses on the 19th."""
    work.open(Violation.PWBD)
    work.inspect()
    work.letter(Action.WARN_1, date(2026, 2, 2), date(2026, 2, 3))
    return work


def test_a_suspension_counts_only_once_a_second_person_approved_it(warned: Casework) -> None:
    line = propose(warned, first_on=FIRST, last_on=LAST)
    before = warning(warned).due_on

    approve(warned, line)

    assert (before, warning(warned).due_on) == (date(2026, 2, 19), date(2026, 2, 24))
    assert [event.verb for event in warned.file().events][-2:] == [
        "suspension_proposed",
        "suspension_recorded",
    ]


def test_its_days_stand_in_the_certificate_with_reason_and_authority(warned: Casework) -> None:
    suspend(warned)

    certificate = warning(warned).certificate
    assert certificate is not None
    reasons = {item.day: item.reason for item in certificate.skipped}
    assert reasons[FIRST] == (
        "Penangguhan: Banjir di kawasan industri (Surat Kepala Cabang B/77/022026)"
    )


def test_the_proposer_may_not_decide(warned: Casework) -> None:
    line = propose(warned, by=warned.cast.supervisor, first_on=FIRST, last_on=LAST)

    with pytest.raises(Forbidden):
        approve(warned, line)


def test_a_machine_proposes_no_suspension(warned: Casework) -> None:
    with pytest.raises(Forbidden):
        propose(warned, by=warned.cast.machine, first_on=FIRST)


def test_an_open_suspension_leaves_the_deadline_unknown_and_calls_nobody(
    warned: Casework,
) -> None:
    suspend(warned, last_on=None)

    found = warned.file()
    clock = warning(warned)
    assert (clock.state, clock.due_on, clock.days_counted) == (ClockState.SUSPENDED, None, 3)
    assert found.option(Action.WARN_2).allowed is False
    assert "ditangguhkan" in str(found.option(Action.WARN_2).reasons[0])
    assert (found.next.state, found.next.act_on) == (NextState.WAIT, None)
    assert found.next_due_on is None


def test_an_open_suspension_is_ended_by_a_line_of_its_own(warned: Casework) -> None:
    opened = suspend(warned, last_on=None)

    approve(warned, propose(warned, "akhir", of_id=opened.id, last_on=LAST))

    assert warning(warned).due_on == date(2026, 2, 24)
    assert [line.entry for line in warned.file().suspensions] == ["mulai", "akhir"]


def test_a_reversal_is_a_new_line_and_nothing_is_deleted(warned: Casework) -> None:
    line = suspend(warned)

    approve(warned, propose(warned, "batal", of_id=line.id))

    assert warning(warned).due_on == date(2026, 2, 19)
    assert [one.status for one in warned.file().suspensions] == ["disetujui", "disetujui"]
    with pytest.raises(Invalid):
        propose(warned, "batal", of_id=line.id)


def test_a_rejected_line_stays_in_the_ledger_and_counts_for_nothing(warned: Casework) -> None:
    line = propose(warned, first_on=FIRST, last_on=LAST)

    service.reject_suspension(
        warned.session,
        principal=warned.cast.supervisor,
        suspension_id=line.id,
        note="Cabang tetap buka.",
        now=warned.now,
    )

    assert warning(warned).due_on == date(2026, 2, 19)
    assert [one.status for one in warned.file().suspensions] == ["ditolak"]
    with pytest.raises(Conflict):
        approve(warned, line)


@pytest.mark.parametrize(
    ("first_on", "refused"),
    [(date(2026, 2, 19), False), (date(2026, 2, 20), True)],
    ids=["on the last day", "the day after"],
)
def test_a_clock_that_lapsed_before_it_began_is_not_suspended(
    warned: Casework, first_on: date, *, refused: bool
) -> None:
    if refused:
        with pytest.raises(Refused, match="2026-02-19"):
            propose(warned, first_on=first_on)
        assert warned.file().suspensions == ()
    else:
        assert propose(warned, first_on=first_on).status == "menunggu"


def test_the_window_of_the_fine_can_still_be_suspended(warned: Casework) -> None:
    """Warning II lapses on 9 March; the fine may follow until 8 April, then two days more."""
    warned.letter(Action.WARN_2, date(2026, 2, 20), date(2026, 2, 23))

    suspend(warned, date(2026, 4, 1), date(2026, 4, 2))

    assert warned.file(on=date(2026, 4, 10)).option(Action.IMPOSE_FINE).allowed
    assert not warned.file(on=date(2026, 4, 11)).option(Action.IMPOSE_FINE).allowed


def test_a_suspension_that_undermines_a_step_taken_is_refused_until_somebody_says_so(
    warned: Casework,
) -> None:
    warned.letter(Action.WARN_2, date(2026, 2, 20), date(2026, 2, 23))

    with pytest.raises(StepsUndermined) as caught:
        propose(warned, first_on=FIRST, last_on=LAST)
    approve(warned, propose(warned, first_on=FIRST, last_on=LAST, accepts_defects=True))

    assert "2026-02-24" in str(caught.value.missing[0])
    (defect,) = warned.file().undermined
    assert (defect.step.action, defect.due_on, defect.early) == (
        Action.WARN_2, date(2026, 2, 24), True,
    )  # fmt: skip
    assert "Surat Teguran Tertulis II" in warned.file().events[-1].detail["undermines"]  # type: ignore[operator]


def test_reversing_a_suspension_may_make_the_fine_too_late_and_says_so(warned: Casework) -> None:
    warned.letter(Action.WARN_2, date(2026, 2, 20), date(2026, 2, 23))
    line = suspend(warned, date(2026, 4, 1), date(2026, 4, 2))
    warned.letter(Action.IMPOSE_FINE, date(2026, 4, 10), date(2026, 4, 10))

    with pytest.raises(StepsUndermined, match="1 langkah") as caught:
        propose(warned, "batal", of_id=line.id)

    assert "terlambat" in str(caught.value.missing[0])


def test_a_step_taken_while_a_proposal_waits_is_not_undermined_by_its_approval(
    warned: Casework,
) -> None:
    line = propose(warned, first_on=FIRST, last_on=LAST)
    warned.letter(Action.WARN_2, date(2026, 2, 20), date(2026, 2, 23))

    with pytest.raises(StepsUndermined):
        approve(warned, line)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"entry": "mulai", "first_on": None}, "first_on"),
        ({"entry": "mulai", "first_on": LAST, "last_on": FIRST}, "last_on"),
        ({"entry": "mulai", "first_on": FIRST, "reason": " "}, "reason"),
        ({"entry": "akhir", "of_id": 99, "last_on": LAST}, "of_id"),
        ({"entry": "batal", "of_id": 99}, "of_id"),
    ],
)
def test_a_line_that_is_none_is_refused_by_its_field(
    warned: Casework, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        propose(warned, **wrong)  # type: ignore[arg-type]

    assert [problem.field for problem in caught.value.fields] == [field]


def test_one_line_waits_at_a_time(warned: Casework) -> None:
    propose(warned, first_on=FIRST, last_on=LAST)

    with pytest.raises(Conflict):
        propose(warned, first_on=LAST)


def test_the_database_keeps_the_ledger_and_its_two_people(warned: Casework) -> None:
    suspend(warned)

    for statement in (
        "DELETE FROM case_suspension",
        "UPDATE case_suspension SET decided_by_id = proposed_by_id",
    ):
        with pytest.raises(DBAPIError), warned.session.begin_nested():
            warned.session.execute(sa.text(statement))


def test_the_prosecutor_reads_of_the_suspension_in_the_chronology(warned: Casework) -> None:
    suspend(warned)

    told = chronicle.events(warned.file(), cutoff=date(2026, 11, 20))

    assert "Penangguhan tenggat dicatat" in [event.title for event in told]
    assert "Penangguhan tenggat diusulkan" not in [event.title for event in told]
