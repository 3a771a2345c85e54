"""Taking steps: who may, on which version, with which exhibits, and what is stored."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.cases import service
from app.cases.lifecycle import StepRefused
from app.cases.recording import refresh
from app.cases.schemas import NextState
from app.cases.service import StepRequest
from app.cases.stages import Action, Proof, Stage, Violation
from app.cases.tables import CaseRecord
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from app.law.calendar import CollectiveLeave
from tests.cases.conftest import TODAY, Casework

DAY = date(2026, 1, 6)


def test_a_missing_proof_is_refused_and_nothing_is_stored(work: Casework) -> None:
    work.open()
    before = work.file()

    with pytest.raises(StepRefused, match="Lampirkan bukti: Salinan surat"):
        work.step(Action.SEND_NOTICE, DAY)

    assert work.file() == before


def test_a_step_out_of_order_is_refused_with_every_reason(work: Casework) -> None:
    work.open()

    with pytest.raises(StepRefused) as caught:
        work.step(Action.WARN_2, DAY, Proof.LETTER)

    said = [str(problem) for problem in caught.value.missing]
    assert any("tahap Verifikasi" in sentence for sentence in said)
    assert "Surat Teguran Tertulis I belum ada." in said


def test_a_stale_version_is_a_conflict(work: Casework) -> None:
    work.open()
    request = work.request(Action.SEND_NOTICE, DAY, Proof.LETTER)
    seen = work.version
    service.take_step(
        work.session,
        principal=work.cast.inspector,
        case_id=work.case_id,
        request=request,
        expected_version=seen,
        now=work.now,
    )

    with pytest.raises(Conflict, match="sudah berubah"):
        service.take_step(
            work.session,
            principal=work.cast.inspector,
            case_id=work.case_id,
            request=request,
            expected_version=seen,
            now=work.now,
        )

    assert len(work.file().steps) == 1


def test_a_token_of_nobody_takes_no_step(work: Casework) -> None:
    work.open()

    with pytest.raises(Forbidden, match="orang yang bernama"):
        work.step(Action.VISIT, DAY, by=work.cast.machine)


def test_an_auditor_reads_but_takes_no_step(work: Casework) -> None:
    work.open()

    with pytest.raises(Forbidden):
        work.step(Action.VISIT, DAY, by=work.cast.auditor)

    options = work.file(by=work.cast.auditor).options
    assert not [option for option in options if option.allowed]


def test_another_office_does_not_find_the_case(work: Casework) -> None:
    work.open()

    with pytest.raises(NotFound):
        work.file(by=work.cast.stranger)
    with pytest.raises(NotFound):
        work.step(Action.VISIT, DAY, by=work.cast.stranger)


def test_a_letter_number_is_used_once_per_office_and_year(work: Casework) -> None:
    work.open()
    work.letter(Action.SEND_NOTICE, DAY, DAY)
    used = work.file().steps[0].letter_number
    copy = work.attach(Proof.LETTER)
    request = StepRequest(
        action=Action.SEND_NOTICE,
        on=DAY,
        letter_number=f"  {used.lower()} ",
        evidence_ids=(copy.id,),
    )

    with pytest.raises(Conflict, match="sudah dipakai"):
        service.take_step(
            work.session,
            principal=work.cast.inspector,
            case_id=work.case_id,
            request=request,
            expected_version=work.version,
            now=work.now,
        )


def test_the_copy_of_one_letter_cannot_prove_another(work: Casework) -> None:
    work.open()
    work.letter(Action.SEND_NOTICE, DAY, DAY)
    used = work.file().steps[0].evidence[0]

    with pytest.raises(Invalid, match="adalah salinan"):
        service.take_step(
            work.session,
            principal=work.cast.inspector,
            case_id=work.case_id,
            request=StepRequest(
                action=Action.SEND_NOTICE, on=DAY, letter_number="B/9", evidence_ids=(used.id,)
            ),
            expected_version=work.version,
            now=work.now,
        )


def test_evidence_of_another_case_proves_nothing(work: Casework) -> None:
    work.open()
    foreign = work.attach(Proof.LETTER)
    work.open(employer=work.file().employer.__class__(nama="CV Lain", npp="CD000001"))

    with pytest.raises(Invalid, match="bukan milik kasus ini"):
        service.take_step(
            work.session,
            principal=work.cast.inspector,
            case_id=work.case_id,
            request=StepRequest(
                action=Action.SEND_NOTICE, on=DAY, letter_number="B/7", evidence_ids=(foreign.id,)
            ),
            expected_version=work.version,
            now=work.now,
        )


def test_a_sealed_packet_cannot_be_claimed_by_hand(work: Casework) -> None:
    work.open()
    work.inspect()
    work.warn_twice()
    work.approve(work.propose(Action.REFER, date(2026, 3, 10)).approval_id)

    with pytest.raises(Refused, match="disegel"):
        work.step(Action.SEAL_PACKET, date(2026, 3, 11))


def test_events_cannot_be_changed_or_deleted(work: Casework) -> None:
    work.open()

    for statement in (
        "UPDATE case_event SET note = 'lain'",
        "DELETE FROM case_event",
        "TRUNCATE case_event CASCADE",
    ):
        with (
            pytest.raises(DBAPIError, match="append-only"),
            work.session.begin_nested(),
        ):
            work.session.connection().execute(sa.text(statement))


def test_events_are_numbered_without_gaps_and_each_raises_the_version(work: Casework) -> None:
    work.open()
    work.inspect()

    case = work.file()

    assert [event.seq for event in case.events] == list(range(1, len(case.events) + 1))
    assert case.version == len(case.events)


def test_a_late_fact_is_recorded_and_shown_as_late(work: Casework) -> None:
    work.open()
    work.step(Action.VISIT, DAY)

    event = work.file().steps[0]

    assert event.on == DAY
    assert event.recorded_late


def test_the_list_columns_follow_the_clock(work: Casework) -> None:
    work.open()
    work.inspect()
    work.letter(Action.WARN_1, date(2026, 2, 2), date(2026, 2, 3))
    record = work.session.get_one(CaseRecord, work.case_id)

    refresh(work.session, record, on=date(2026, 2, 10))

    assert record.next_state == NextState.WAIT
    assert record.next_due_on == date(2026, 2, 19)
    assert record.act_on == date(2026, 2, 20)
    assert record.next_due_basis["calendar_version"]


def test_a_clock_beyond_the_calendar_is_a_refusal_and_not_a_crash(work: Casework) -> None:
    work.now = work.now.replace(year=2027, month=12, day=29)
    work.open(on=date(2027, 12, 1))
    work.letter(Action.SEND_NOTICE, date(2027, 12, 1), date(2027, 12, 1))
    work.step(Action.ORDER_INSPECTION, date(2027, 12, 2), Proof.ORDER)
    work.step(Action.RECORD_MINUTES, date(2027, 12, 3), Proof.MINUTES)
    work.step(Action.REPORT_FINDINGS, date(2027, 12, 3), Proof.REPORT)
    work.letter(Action.WARN_1, date(2027, 12, 20), date(2027, 12, 21))

    case = work.file(on=date(2027, 12, 29))

    second = case.option(Action.WARN_2)
    assert case.stage is Stage.WARNING_1
    assert case.next.state is NextState.STUCK
    assert any("2028" in str(reason) for reason in second.reasons)


def test_amending_what_a_case_is_about_changes_what_it_needs(work: Casework) -> None:
    work.open(Violation.PWBD)
    work.inspect()

    service.amend_violations(
        work.session,
        principal=work.cast.inspector,
        case_id=work.case_id,
        violations=frozenset({Violation.PIUTANG}),
        reason="Ternyata sudah terdaftar dan menunggak.",
        expected_version=work.version,
        now=work.now,
    )

    assert not work.file(on=TODAY).option(Action.WARN_1).allowed


def amend(work: Casework, *violations: Violation) -> int:
    return service.amend_violations(
        work.session,
        principal=work.cast.inspector,
        case_id=work.case_id,
        violations=frozenset(violations),
        reason="Temuan pemeriksaan.",
        expected_version=work.version,
        now=work.now,
    )


@pytest.mark.parametrize(
    ("violations", "name"),
    [
        ((Violation.PIUTANG,), "Surat Penagihan"),
        ((Violation.PDS_TK, Violation.PDS_UPAH), "Surat Pemberitahuan"),
        ((Violation.PIUTANG, Violation.PDS_TK), "Surat Pemberitahuan dan Penagihan"),
    ],
)
def test_a_first_letter_is_called_by_what_the_case_is_about(
    work: Casework, violations: tuple[Violation, ...], name: str
) -> None:
    work.open(*violations)

    work.step(Action.SEND_NOTICE, date(2026, 1, 8), Proof.LETTER)

    file = work.file()
    assert [one.label for one in file.events if one.step is Action.SEND_NOTICE] == [name]
    assert file.next.sentence.values["document"] == name
    wanting = [str(one.values) for option in file.options for one in option.reasons]
    assert not any(" atau Penagihan" in values for values in wanting)


def test_a_letter_keeps_its_name_when_the_case_turns_out_to_be_about_more(work: Casework) -> None:
    work.open(Violation.PIUTANG)
    work.letter(Action.SEND_NOTICE, date(2026, 1, 8), date(2026, 1, 9))
    amend(work, Violation.PIUTANG, Violation.PDS_TK)
    work.letter(Action.SEND_NOTICE, date(2026, 1, 12), date(2026, 1, 13))

    letters = [one.label for one in work.file().events if one.step is Action.SEND_NOTICE]

    assert letters == ["Surat Penagihan", "Surat Pemberitahuan dan Penagihan"]


def test_a_breach_that_no_warning_named_cannot_join_after_the_first_warning(
    work: Casework,
) -> None:
    work.open(Violation.PDS_TK)
    work.inspect()
    amend(work, Violation.PDS_TK, Violation.PDS_UPAH)
    work.letter(Action.WARN_1, date(2026, 2, 2), date(2026, 2, 3))

    with pytest.raises(Refused, match="tidak menyebut PDS_PROGRAM"):
        amend(work, Violation.PDS_TK, Violation.PDS_PROGRAM)

    # What was warned of may fall away, and arrears need letters, not warnings.
    amend(work, Violation.PDS_TK, Violation.PIUTANG)
    assert work.file().violations == (Violation.PDS_TK, Violation.PIUTANG)


def treat(work: Casework, leave: CollectiveLeave) -> int:
    return service.treat_collective_leave(
        work.session,
        principal=work.cast.supervisor,
        case_id=work.case_id,
        leave=leave,
        reason="Perjanjian kerja bersama.",
        expected_version=work.version,
        now=work.now,
    )


@pytest.mark.parametrize(
    ("second_on", "too_early"), [(date(2026, 2, 19), True), (date(2026, 2, 20), False)]
)
def test_a_deadline_that_carried_a_step_is_not_lengthened_afterwards(
    work: Casework, second_on: date, *, too_early: bool
) -> None:
    """16 February 2026 is collective leave: counted, warning I ends on the 18th, not the 19th."""
    work.open(Violation.PWBD)
    work.inspect()
    work.letter(Action.WARN_1, date(2026, 2, 2), date(2026, 2, 3))
    treat(work, CollectiveLeave.WORKING_DAY)
    work.submit(Action.WARN_2, second_on, Proof.LETTER)

    if too_early:
        with pytest.raises(Refused, match="terlalu dini"):
            treat(work, CollectiveLeave.DAY_OFF)
    else:
        treat(work, CollectiveLeave.DAY_OFF)

    assert work.file().collective_leave_counts is too_early
