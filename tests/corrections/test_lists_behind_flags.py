"""Papers about a registered employer, when an agency corrects the list that their flag named."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from app.accounts.schemas import Principal
from app.cases.reading import event_view
from app.cases.stages import Action, Violation
from app.cases.tables import CaseEvent, CaseFlagRow
from app.corrections import queries, service
from app.corrections.schemas import CorrectionView
from app.corrections.tables import CorrectionRow
from app.corrections.weighing import Choice, Ground, Kind
from app.detection.schemas import masked_nik
from app.detection.settings import RuleSettings
from app.web.pages.timeline_words import details_of
from tests.cases.conftest import Casework
from tests.corrections.conftest import BEFORE_LETTER, Look, flagged, swept
from tests.corrections.test_looking import AFTER
from tests.packets.desk import EMPLOYER, EXTRACTS, LETTER_ON, Import

NIK, OTHER_NIK = "3174011204850021", "3174011204850022"
EMPLOYERS = (
    "sumber,id_sumber,nama,npwp,nib,kbli,alamat,kode_wilayah,jumlah_tk,tgl_data\n"
    "KESEHATAN,K-1,{nama},,,47111,Jalan Contoh 1,31.74,{count},2026-06-30\n"
)
WORKERS = "sumber,id_sumber,nik,nama,tgl_lahir,tgl_mulai,upah,tgl_data\n"
ROW = "KESEHATAN,K-1,{nik},Anna Contoh,1985-04-12,2024-01-02,{wage},{on}\n"
NAMED = {"table": "sumber_pekerja", "line": 2, "values": {
    "sumber": "KESEHATAN", "id_sumber": "K-1", "nik": masked_nik(NIK),
    "nama": "Anna Contoh"}}  # fmt: skip
COUNTED = {"table": "sumber_pemberi_kerja", "line": 2, "values": {
    "sumber": "KESEHATAN", "id_sumber": "K-1"}}  # fmt: skip


def lists(
    wage: int = 5_000_000,
    *,
    nik: str = NIK,
    other: int = 4_000_000,
    count: int = 9,
    nama: str = "PT Sinar Baja",
    on: str = "2026-06-30",
) -> dict[str, str]:
    rows = ROW.format(nik=nik, wage=wage, on=on) if wage else ""
    return {
        **EXTRACTS,
        "sumber_pemberi_kerja": EMPLOYERS.format(count=count, nama=nama),
        "sumber_pekerja": WORKERS + rows + ROW.format(nik=OTHER_NIK, wage=other, on="2026-06-30"),
    }


@pytest.fixture
def listed(work: Casework) -> Casework:
    """A case about a worker whom only an agency lists, with one letter of 20 September."""
    work.open(Violation.PDS_TK, employer=EMPLOYER, on=date(2026, 9, 1))
    work.letter(Action.SEND_NOTICE, LETTER_ON, date(2026, 9, 22))
    carry(work, NAMED)
    return work


def carry(work: Casework, *evidence: dict[str, Any], flag_id: int = 1) -> None:
    work.session.add(
        CaseFlagRow(
            case_id=work.case_id,
            flag_id=flag_id,
            rule="PDS_TK",
            snapshot_id="",
            content={"evidence": list(evidence)},
            added_on=date(2026, 9, 1),
        )
    )
    work.session.flush()


def asked_about(session: Session, by: Principal) -> Sequence[CorrectionView]:
    found = queries.corrections(session, principal=by, state="terbuka", limit=50, cursor=None)
    return [one for one in found.items if one.kind is Kind.LETTER]


@pytest.mark.parametrize(
    ("after", "rows", "told"),
    [
        (lists(4_000_000), 1, (1, 1)),
        (lists(nik="3174011204850029"), 1, (1, 0)),
        (lists(0), 1, (1, 0)),
    ],
    ids=["the wage", "the NIK", "the whole row"],
)
def test_a_row_that_a_flag_named_and_its_agency_corrects_asks_about_the_letter(
    listed: Casework,
    bring: Import,
    look: Look,
    session: Session,
    after: dict[str, str],
    rows: int,
    told: tuple[int, int],
) -> None:
    bring(lists(), BEFORE_LETTER)
    bring(after, AFTER)

    look()

    (letter,) = asked_about(session, listed.cast.inspector)
    weight = letter.weight
    assert (weight.sources, (weight.told_was, weight.told)) == (rows, told)
    assert (letter.proposal, weight.ground) == (Choice.ADJUST, Ground.SOURCES_UNSWEPT)
    assert look().opened == 0
    assert NIK not in session.get_one(CorrectionRow, letter.id).model_dump_json()


@pytest.mark.parametrize(
    "after",
    [
        lists(other=3_000_000),
        lists(count=3),
        {**lists(), "sumber_pekerja": lists(4_000_000, on="2026-07-31")["sumber_pekerja"]},
        EXTRACTS,
    ],
    ids=["another worker", "the head count", "a list of a later day", "no list any more"],
)
def test_what_no_flag_named_and_what_is_news_asks_nothing(
    listed: Casework, bring: Import, look: Look, session: Session, after: dict[str, str]
) -> None:
    bring(lists(), BEFORE_LETTER)
    bring(after, AFTER)

    assert look().papers == 2
    assert asked_about(session, listed.cast.inspector) == []


@pytest.mark.parametrize(("changed", "found"), [({"count": 8}, True), ({"nama": "PT SB"}, False)])
def test_of_an_employer_counted_elsewhere_only_the_head_count_was_told(
    listed: Casework,
    bring: Import,
    look: Look,
    session: Session,
    changed: dict[str, Any],
    found: bool,
) -> None:
    carry(listed, COUNTED, flag_id=2)
    bring(lists(), BEFORE_LETTER)
    bring(lists(**changed), AFTER)

    look()

    weights = [one.weight for one in asked_about(session, listed.cast.inspector)]
    assert [(one.told_was, one.told) for one in weights] == ([(9, 8)] if found else [])


def test_a_flag_that_the_sweep_over_the_corrected_list_no_longer_finds_withdraws_the_letter(
    listed: Casework, bring: Import, look: Look, session: Session, now: datetime
) -> None:
    bring(lists(), BEFORE_LETTER)
    newest = bring(lists(0), AFTER)
    swept(session, newest, now)
    flagged(session, now, id=1, rule="PDS_TK", npp="AB123456", status="hilang", seen=False)

    look()

    (letter,) = asked_about(session, listed.cast.inspector)
    assert (letter.proposal, letter.weight.ground) == (Choice.WITHDRAW, Ground.FLAGS_GONE)
    assert "PDS_TK" in str(letter.why)


@pytest.mark.parametrize(
    ("asked", "ground"),
    [
        (RuleSettings("PDS_TK"), Ground.FLAGS_GONE),
        (RuleSettings("PDS_TK", edition=1, state="mati"), Ground.SOURCES),
        (RuleSettings("PDS_TK", edition=1, values={"grace_days": 366}), Ground.SOURCES),
        (RuleSettings("PDS_TK", version=2), Ground.SOURCES),
    ],
    ids=["as it was", "switched off", "other numbers", "another version"],
)
def test_a_flag_that_is_gone_because_people_changed_its_rule_withdraws_nothing(
    listed: Casework,
    bring: Import,
    look: Look,
    session: Session,
    now: datetime,
    asked: RuleSettings,
    ground: Ground,
) -> None:
    bring(lists(), BEFORE_LETTER)
    newest = bring(lists(4_000_000), AFTER)
    swept(session, newest, now, asked)
    flagged(session, now, id=1, rule="PDS_TK", npp="AB123456", status="hilang", seen=False)

    look()

    (letter,) = asked_about(session, listed.cast.inspector)
    assert letter.weight.ground is ground


def test_a_sweep_over_older_data_says_nothing_of_the_newest(
    listed: Casework, bring: Import, look: Look, session: Session, now: datetime
) -> None:
    older = bring(lists(), BEFORE_LETTER)
    newest = bring(lists(4_000_000), AFTER)
    for snapshot_id in (newest, older):
        swept(session, snapshot_id, now)
    flagged(session, now, id=1, rule="PDS_TK", npp="AB123456", status="hilang", seen=False)

    look()

    (letter,) = asked_about(session, listed.cast.inspector)
    assert letter.weight.ground is Ground.SOURCES_UNSWEPT


def test_a_letter_about_arrears_alone_told_nothing_of_lists(
    work: Casework, bring: Import, look: Look, session: Session
) -> None:
    work.open(Violation.PIUTANG, employer=EMPLOYER, on=date(2026, 9, 1))
    work.letter(Action.SEND_NOTICE, LETTER_ON, date(2026, 9, 22))
    carry(work, NAMED)
    bring(lists(), BEFORE_LETTER)
    bring(lists(4_000_000), AFTER)

    look()

    assert asked_about(session, work.cast.inspector) == []


def test_the_trail_tells_rows_of_others_beside_the_debt_that_did_not_move(
    listed: Casework, bring: Import, look: Look, session: Session, now: datetime
) -> None:
    bring(lists(), BEFORE_LETTER)
    bring(lists(4_000_000), AFTER)
    look()
    (letter,) = asked_about(session, listed.cast.inspector)

    service.decide(
        session, principal=listed.cast.inspector, correction_id=letter.id,
        choice=Choice.ADJUST, reason="Surat baru.", expected_version=letter.version, now=now,
    )  # fmt: skip

    event = session.exec(select(CaseEvent).where(CaseEvent.verb == service.VERB)).one()
    assert {key: event.detail[key] for key in ("sources", "told_was", "told")} == {
        "sources": 1, "told_was": 1, "told": 1,
    }  # fmt: skip
    entry = event_view(event, violations=frozenset(), evidence={}, deliveries=(), approvals={})
    spoken = " ".join(details_of(entry, "id"))
    assert "1 baris dikoreksi" in spoken
    assert "Pokok dan denda" in spoken
    assert letter.weight.total == letter.weight.total_was > 0
