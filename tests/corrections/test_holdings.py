"""Pruning leaves what a letter, an opening or a decided correction is reckoned by."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from app.cases import service as cases
from app.cases.stages import Action, Proof, Violation
from app.corrections import queries, service
from app.corrections.holdings import holdings
from app.corrections.papers import papers
from app.corrections.tables import CorrectionRow
from app.corrections.weighing import Choice, Kind
from tests.cases.conftest import Casework
from tests.corrections.conftest import BEFORE_LETTER, Look
from tests.corrections.test_looking import AFTER, CHEAPER, ONE_RUPIAH
from tests.packets.desk import EMPLOYER, EXTRACTS, Import

OPENED = datetime(2026, 11, 20, 2, tzinfo=UTC)


def named(session: Session, snapshot_id: str) -> tuple[str, ...]:
    return holdings(session).get(snapshot_id, ())


def test_a_letter_typed_in_late_holds_the_data_of_its_day_and_those_of_its_record(
    warned: Casework, bring: Import, session: Session
) -> None:
    on_its_day, since = bring(EXTRACTS, BEFORE_LETTER), bring(CHEAPER, OPENED)
    (letter,) = [one for one in papers(session) if one.kind is Kind.LETTER]

    assert letter.snapshot_id == on_its_day
    for snapshot_id in (on_its_day, since):
        assert f"surat {letter.number} kasus {warned.file().number}" in named(session, snapshot_id)


@pytest.mark.parametrize(
    ("finished", "held"),
    [
        (datetime(2026, 9, 20, 16, 59, 59, tzinfo=UTC), True),  # 23.59.59 in Jakarta
        (datetime(2026, 9, 20, 17, 0, 1, tzinfo=UTC), False),
    ],
)
def test_the_day_of_a_letter_ends_in_the_zone_of_its_office(
    warned: Casework, bring: Import, session: Session, finished: datetime, *, held: bool
) -> None:
    del warned
    bring(EXTRACTS, BEFORE_LETTER)
    between = bring(CHEAPER, finished)
    bring(ONE_RUPIAH, OPENED)

    assert bool(named(session, between)) is held


def test_a_report_without_a_number_holds_its_data_too(
    work: Casework, bring: Import, session: Session
) -> None:
    work.open(Violation.PIUTANG, employer=EMPLOYER)
    work.letter(Action.SEND_NOTICE, date(2026, 1, 6), date(2026, 1, 8))
    work.step(Action.ORDER_INSPECTION, date(2026, 1, 12), Proof.ORDER)
    work.step(Action.RECORD_MINUTES, date(2026, 1, 15), Proof.MINUTES)
    report = work.request(Action.REPORT_FINDINGS, date(2026, 1, 20), Proof.REPORT)
    taken = cases.take_step(
        session,
        principal=work.cast.inspector,
        case_id=work.case_id,
        request=replace(report, letter_number=""),
        expected_version=work.version,
        now=work.now,
    )
    there = bring(EXTRACTS, datetime(2026, 1, 19, tzinfo=UTC))

    name = f"langkah {taken.event_seq} kasus {work.file().number}"
    assert name in named(session, there)


def test_every_paper_that_is_looked_at_holds_its_data(
    warned: Casework, bring: Import, session: Session
) -> None:
    bring(EXTRACTS, BEFORE_LETTER)
    bring(CHEAPER, OPENED)
    warned.step(Action.ORDER_INSPECTION, date(2026, 11, 12), Proof.ORDER)

    told = papers(session)

    assert {one.kind for one in told} == {Kind.CASE, Kind.LETTER}
    assert {one.snapshot_id for one in told} <= holdings(session).keys()


def test_a_decision_holds_both_sides_it_compared_and_a_lapsed_question_neither(
    warned: Casework, bring: Import, look: Look, session: Session, now: datetime
) -> None:
    was, cheaper = bring(EXTRACTS, BEFORE_LETTER), bring(CHEAPER, AFTER)
    look()
    (letter,) = [
        one
        for one in queries.of_case(session, principal=warned.cast.inspector, case_id=warned.case_id)
        if one.kind is Kind.LETTER
    ]
    name = f"koreksi {letter.id} kasus {letter.case_number}"
    assert name in named(session, was)
    assert name in named(session, cheaper)

    service.decide(
        session, principal=warned.cast.inspector, correction_id=letter.id, choice=Choice.IGNORE,
        reason="Cukup.", expected_version=letter.version, now=now,
    )  # fmt: skip
    further = bring(ONE_RUPIAH, AFTER + timedelta(minutes=1))
    look()

    (opening,) = session.exec(
        select(CorrectionRow).where(
            CorrectionRow.paper_kind == Kind.CASE, CorrectionRow.state == "gugur"
        )
    )
    assert named(session, cheaper) == (name,)
    assert f"koreksi {opening.id} kasus {letter.case_number}" not in named(session, further)
