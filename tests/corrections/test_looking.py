"""Which papers are asked about when data of the past are corrected, and which are not."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from app.audit.tables import AuditEntry
from app.cases.stages import Action, Proof, Violation
from app.corrections import queries, service
from app.corrections.gathering import Bench
from app.corrections.papers import papers
from app.corrections.schemas import CorrectionView, State
from app.corrections.weighing import Choice, Ground, Kind
from app.detection.tables import Sweep
from app.errors import Forbidden, NotFound
from app.registry.queries import snapshots
from app.registry.snapshots import file_of
from tests.cases.conftest import Casework
from tests.corrections.conftest import BEFORE_LETTER, Import, Look
from tests.packets.desk import EMPLOYER, EXTRACTS, Desk

JULY = "AB123456,000,2026-07,JHT,3,15000000,855000"
AFTER = datetime(2026, 11, 20, 3, 1, tzinfo=UTC)


def corrected(was: str, now: str, table: str = "tagihan") -> dict[str, str]:
    assert was in EXTRACTS[table]
    return {**EXTRACTS, table: EXTRACTS[table].replace(was, now)}


def more(row: str, table: str) -> dict[str, str]:
    return {**EXTRACTS, table: EXTRACTS[table] + row + "\n"}


def open_ones(
    session: Session, work: Casework, state: State = "terbuka"
) -> Sequence[CorrectionView]:
    return queries.corrections(
        session, principal=work.cast.inspector, state=state, limit=50, cursor=None
    ).items


CHEAPER = corrected(JULY, "AB123456,000,2026-07,JHT,3,14000000,798000")
ONE_RUPIAH = corrected(JULY, "AB123456,000,2026-07,JHT,3,15000000,855001")
PAID_LONG_AGO = more("AB123456,000,2026-07,JHT,2026-09-10,855000,990700000001", "pembayaran")


def test_a_corrected_bill_asks_about_the_letter_with_both_sums(
    warned: Casework, bring: Import, look: Look, session: Session
) -> None:
    then, now = bring(EXTRACTS, BEFORE_LETTER), bring(CHEAPER, AFTER)

    looked = look()

    (letter,) = [one for one in open_ones(session, warned) if one.kind is Kind.LETTER]
    assert looked.opened == len(open_ones(session, warned))
    assert (letter.basis_snapshot_id, letter.snapshot_id) == (then, now)
    assert letter.step is Action.SEND_NOTICE
    assert letter.weight.principal_was - letter.weight.principal == 57_000
    assert letter.weight.penalty_was - letter.weight.penalty == 2_280
    assert (letter.proposal, letter.weight.ground) == (Choice.ADJUST, Ground.AMOUNT)
    assert "Rp59.280" in str(letter.why)


def test_one_rupiah_is_asked_and_proposed_to_be_ignored(
    warned: Casework, bring: Import, look: Look, session: Session
) -> None:
    bring(EXTRACTS, BEFORE_LETTER)
    bring(ONE_RUPIAH, AFTER)

    look()

    (letter,) = [one for one in open_ones(session, warned) if one.kind is Kind.LETTER]
    assert (letter.weight.moved, letter.proposal) == (1, Choice.IGNORE)


def test_news_is_no_correction(
    warned: Casework, bring: Import, look: Look, session: Session
) -> None:
    bring(EXTRACTS, BEFORE_LETTER)
    new_bill = more("AB123456,000,2026-11,JHT,3,15000000,855000", "tagihan")["tagihan"]
    new_payment = more("AB123456,000,2026-08,JHT,2026-11-16,855000,990800000001", "pembayaran")
    bring({**new_payment, "tagihan": new_bill}, AFTER)

    looked = look()

    assert (looked.opened, open_ones(session, warned)) == (0, ())


@pytest.mark.parametrize(
    ("finished", "asked"),
    [
        (datetime(2026, 9, 20, 16, 59, 59, tzinfo=UTC), False),  # 23.59.59 in Jakarta
        (datetime(2026, 9, 20, 17, 0, 1, tzinfo=UTC), True),
    ],
)
def test_a_letter_rests_on_what_was_current_when_its_day_ended(
    warned: Casework,
    bring: Import,
    look: Look,
    session: Session,
    finished: datetime,
    *,
    asked: bool,
) -> None:
    bring(EXTRACTS, BEFORE_LETTER)
    bring(CHEAPER, finished)

    look()

    letters = [one for one in open_ones(session, warned) if one.kind is Kind.LETTER]
    assert bool(letters) is asked


def test_what_happened_after_the_day_of_the_letter_is_not_its_fact(
    warned: Casework, bring: Import, look: Look, session: Session
) -> None:
    bring(EXTRACTS, BEFORE_LETTER)
    bring(corrected("2026-10,JHT,3,15000000,855000", "2026-10,JHT,3,15000000,1"), AFTER)

    look()

    assert open_ones(session, warned) == ()


def test_a_closed_case_is_not_asked_about(
    work: Casework, bring: Import, look: Look, session: Session
) -> None:
    work.open(Violation.PIUTANG, employer=EMPLOYER, on=date(2026, 9, 1))
    bring(EXTRACTS, BEFORE_LETTER)
    assert papers(session)
    closing = work.propose(Action.CLOSE, date(2026, 11, 20), Proof.PAYMENT, reason="LUNAS")
    work.approve(closing.approval_id)
    bring(CHEAPER, AFTER)

    looked = look()

    assert (looked.papers, looked.opened) == (0, 0)


def test_a_payment_that_came_to_light_can_take_the_ground_away(
    warned: Casework, bring: Import, look: Look, session: Session
) -> None:
    lines = [
        f"AB123456,000,{month},{code},2026-09-10,{amount},99{month[-2:]}{amount:08d}"
        for month in ("2026-07", "2026-08")
        for code, amount in (("JKK", 81000), ("JKM", 45000), ("JHT", 855000))
    ]
    bring(EXTRACTS, BEFORE_LETTER)
    bring(more("\n".join(lines), "pembayaran"), AFTER)

    look()

    (letter,) = [one for one in open_ones(session, warned) if one.kind is Kind.LETTER]
    assert (letter.proposal, letter.weight.ground) == (Choice.WITHDRAW, Ground.DEBT_GONE)
    assert letter.weight.fallen == (Violation.PIUTANG,)


def test_a_sealed_packet_is_asked_about_by_its_own_data_and_a_replaced_one_is_not(
    desk: Desk, bring: Import, look: Look, session: Session
) -> None:
    packet = desk.build()
    bring(CHEAPER, AFTER)

    look()

    (asked,) = [one for one in open_ones(session, desk.work) if one.kind is Kind.PACKET]
    assert asked.key == packet.number
    assert asked.weight.total_was == packet.total
    assert asked.proposal is Choice.ADJUST
    newer = desk.build(cutoff=date(2026, 11, 18))
    assert {one.key for one in papers(session) if one.kind is Kind.PACKET} == {newer.number}


def test_a_packet_lists_workers_and_a_letter_about_arrears_does_not(
    desk: Desk, bring: Import, look: Look, session: Session
) -> None:
    desk.build()
    ended = corrected(
        "1990-06-12,2019-03-01,,,", "1990-06-12,2019-03-01,2026-03-31,phk,", "kepesertaan"
    )
    bring(ended, AFTER)

    look()

    (asked,) = open_ones(session, desk.work)
    assert asked.kind is Kind.PACKET
    assert (asked.weight.workers, asked.weight.ground) == (1, Ground.WORKERS)


@pytest.mark.parametrize(("ended", "asked"), [("2026-11-15", True), ("2026-11-16", False)])
def test_an_end_reported_after_the_day_of_the_data_is_a_leaving(
    desk: Desk, bring: Import, look: Look, session: Session, ended: str, *, asked: bool
) -> None:
    desk.build()
    bring(
        corrected("1990-06-12,2019-03-01,,,", f"1990-06-12,2019-03-01,{ended},phk,", "kepesertaan"),
        AFTER,
    )

    look()

    assert bool(open_ones(session, desk.work)) is asked


def test_a_breach_waits_for_the_sweep_to_say_whether_its_ground_fell(
    work: Casework, bring: Import, look: Look, session: Session, now: datetime
) -> None:
    work.open(Violation.LAPSED, employer=EMPLOYER, on=date(2026, 9, 1))
    bring(EXTRACTS, datetime(2026, 9, 1, tzinfo=UTC))
    bring(corrected("1990-06-12,2019-03-01", "1990-06-12,2018-03-01", "kepesertaan"), AFTER)
    look()
    (waiting,) = open_ones(session, work)
    session.add(
        Sweep(snapshot_id=waiting.snapshot_id, swept_on=now.date(), recorded_at=now, actor="test")
    )
    session.flush()

    look()

    (judged,) = open_ones(session, work)
    assert waiting.weight.ground is Ground.WORKERS_UNSWEPT
    assert judged.id == waiting.id
    assert judged.weight.ground is Ground.WORKERS
    assert judged.version == waiting.version + 1


def test_looking_twice_changes_nothing(
    warned: Casework, bring: Import, look: Look, session: Session
) -> None:
    bring(EXTRACTS, BEFORE_LETTER)
    bring(CHEAPER, AFTER)
    look()
    before = open_ones(session, warned)

    again = look()

    assert (again.opened, again.lapsed) == (0, 0)
    assert open_ones(session, warned) == before


def test_data_that_went_back_take_the_question_back_and_a_further_correction_asks_anew(
    warned: Casework, bring: Import, look: Look, session: Session
) -> None:
    bring(EXTRACTS, BEFORE_LETTER)
    bring(CHEAPER, AFTER)
    look()
    first = {one.key for one in open_ones(session, warned)}
    bring(ONE_RUPIAH, AFTER + timedelta(minutes=1))

    further = look()

    assert (further.opened, further.lapsed) == (len(first), len(first))
    assert {one.weight.moved for one in open_ones(session, warned)} == {1}


def test_old_data_that_are_gone_keep_only_their_own_papers_from_being_looked_at(
    warned: Casework, bring: Import, look: Look, session: Session, tmp_path: Path
) -> None:
    bring(EXTRACTS, BEFORE_LETTER)
    bring(CHEAPER, AFTER)
    oldest = snapshots(session, limit=10, cursor=None).items[-1]
    bills = file_of(tmp_path / "snapshots", oldest.tables["tagihan"].sha256)
    bills.unlink()

    looked = look()

    assert looked.unreadable == looked.papers > 0
    assert open_ones(session, warned) == ()


def test_nothing_imported_is_said(look: Look) -> None:
    with pytest.raises(NotFound):
        look()


def test_the_look_is_audited_and_open_to_who_may_sweep(
    warned: Casework, bring: Import, look: Look, session: Session, bench: Bench, now: datetime
) -> None:
    bring(EXTRACTS, BEFORE_LETTER)

    look()

    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "corrections.looked")).one()
    assert entry.detail["papers"] == 2
    with pytest.raises(Forbidden):
        service.look_for(session, principal=warned.cast.inspector, bench=bench, now=now)
    service.look_for(session, principal=warned.cast.supervisor, bench=bench, now=now)
