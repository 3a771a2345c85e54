"""A named person decides about one paper; it is on the record, and the same is not asked again."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.accounts.schemas import Principal
from app.audit.tables import AuditEntry
from app.cases.stages import Action, Proof
from app.corrections import queries, service
from app.corrections.papers import papers
from app.corrections.schemas import CorrectionView
from app.corrections.tables import CorrectionRow
from app.corrections.weighing import Choice, Kind
from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.cases.conftest import TODAY, Casework
from tests.corrections.conftest import BEFORE_LETTER, Look
from tests.corrections.test_looking import AFTER, CHEAPER, ONE_RUPIAH
from tests.packets.desk import EXTRACTS, LETTER_ON, Import

WHY = "Selisih sudah dibicarakan dengan pemberi kerja."


@pytest.fixture
def asked(warned: Casework, bring: Import, look: Look, session: Session) -> CorrectionView:
    """The letter of 20 September, whose July bill was corrected since."""
    bring(EXTRACTS, BEFORE_LETTER)
    bring(CHEAPER, AFTER)
    look()
    return letter_of(session, warned)


def letter_of(session: Session, work: Casework) -> CorrectionView:
    (letter,) = [
        one
        for one in queries.of_case(session, principal=work.cast.inspector, case_id=work.case_id)
        if one.kind is Kind.LETTER and one.state == "terbuka"
    ]
    return letter


def decide(
    work: Casework,
    asked: CorrectionView,
    *,
    by: Principal | None = None,
    choice: Choice = Choice.ADJUST,
    reason: str = WHY,
    version: int | None = None,
) -> CorrectionView:
    return service.decide(
        work.session,
        principal=by or work.cast.inspector,
        correction_id=asked.id,
        choice=choice,
        reason=reason,
        expected_version=asked.version if version is None else version,
        now=work.now,
    )


def test_a_decision_is_kept_with_its_person_told_on_the_timeline_and_audited(
    warned: Casework, asked: CorrectionView, session: Session
) -> None:
    decided = decide(warned, asked).decided

    assert decided is not None
    assert (decided.choice, decided.reason, decided.name) == (Choice.ADJUST, WHY, "Ratna")
    event = warned.file().events[-1]
    assert (event.verb, event.label) == (service.VERB, "Koreksi data masa lalu diputus")
    assert event.note == WHY
    assert event.detail["total_was"] != event.detail["total"]
    audited = session.exec(
        select(AuditEntry).where(AuditEntry.action == f"cases.{service.VERB}")
    ).one()
    assert (audited.actor, audited.office) == (warned.cast.inspector.actor, "J05")


def test_the_same_correction_is_not_asked_again_and_a_further_one_is(
    warned: Casework, asked: CorrectionView, bring: Import, look: Look, session: Session
) -> None:
    decide(warned, asked, choice=Choice.IGNORE)
    assert look().opened == 0

    bring(ONE_RUPIAH, AFTER + timedelta(minutes=1))
    look()

    further = letter_of(session, warned)
    assert further.id != asked.id
    assert further.weight.moved == 1


def test_a_letter_that_was_adjusted_and_sent_again_is_history(
    warned: Casework, asked: CorrectionView, session: Session
) -> None:
    decide(warned, asked)
    first = f"langkah-{warned.file().steps[0].seq}"
    assert first in {paper.key for paper in papers(session)}

    warned.now += timedelta(minutes=5)
    warned.step(Action.SEND_NOTICE, TODAY, Proof.LETTER)

    keys = {paper.key for paper in papers(session)}
    assert first not in keys
    assert len(keys) == 2


def test_a_letter_that_was_ignored_still_speaks_beside_the_next_one(
    warned: Casework, asked: CorrectionView, session: Session
) -> None:
    decide(warned, asked, choice=Choice.IGNORE)

    warned.now += timedelta(minutes=5)
    warned.step(Action.SEND_NOTICE, TODAY, Proof.LETTER)

    assert len({paper.key for paper in papers(session)}) == 3


@pytest.mark.parametrize("reason", ["", "  \n", "-1", "a" * 2001])
def test_a_decision_without_a_reason_of_some_size_is_refused_and_nothing_is_stored(
    warned: Casework, asked: CorrectionView, session: Session, reason: str
) -> None:
    with pytest.raises(Invalid) as refused:
        decide(warned, asked, reason=reason)

    assert [problem.field for problem in refused.value.fields] == ["reason"]
    assert letter_of(session, warned) == asked


def test_a_second_decision_and_an_old_page_are_refused(
    warned: Casework, asked: CorrectionView
) -> None:
    with pytest.raises(Stale):
        decide(warned, asked, version=asked.version + 1)
    decided = decide(warned, asked)

    with pytest.raises(Stale):
        decide(warned, asked)
    with pytest.raises(Conflict):
        decide(warned, asked, version=decided.version)


def test_who_may_not_act_and_who_is_elsewhere_decide_nothing(
    warned: Casework, asked: CorrectionView, session: Session
) -> None:
    with pytest.raises(Forbidden):
        decide(warned, asked, by=warned.cast.auditor)
    with pytest.raises(Forbidden):
        decide(warned, asked, by=warned.cast.machine)
    with pytest.raises(NotFound):
        decide(warned, asked, by=warned.cast.stranger)
    with pytest.raises(NotFound):
        queries.correction(session, principal=warned.cast.stranger, correction_id=asked.id)

    assert queries.open_count(session, principal=warned.cast.stranger) == 0
    assert queries.open_count(session, principal=warned.cast.administrator) == 0
    assert queries.open_count(session, principal=warned.cast.auditor) > 0
    assert letter_of(session, warned) == asked


def test_a_letter_tells_its_own_day(asked: CorrectionView) -> None:
    assert asked.told_on == LETTER_ON


def test_the_heaviest_proposal_comes_first_and_pages_meet_each_paper_once(
    warned: Casework, asked: CorrectionView, session: Session
) -> None:
    row = session.get_one(CorrectionRow, asked.id)
    row.proposal = Choice.IGNORE
    session.flush()

    pages: list[CorrectionView] = []
    cursor = None
    while True:
        page = queries.corrections(
            session, principal=warned.cast.inspector, state="terbuka", limit=1, cursor=cursor
        )
        pages += page.items
        if (cursor := page.next) is None:
            break

    assert [one.proposal for one in pages] == [Choice.ADJUST, Choice.IGNORE]
    assert pages[-1].id == asked.id
