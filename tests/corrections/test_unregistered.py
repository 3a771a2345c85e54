"""Papers about an employer that only other agencies know, when what they told is corrected."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from app.accounts.schemas import Principal
from app.cases.schemas import Employer
from app.cases.stages import Action, Violation
from app.cases.tables import CaseEvent, CaseFlagRow
from app.corrections import queries, service
from app.corrections.schemas import CorrectionView
from app.corrections.tables import CorrectionRow
from app.corrections.weighing import Choice, Ground, Kind
from tests.cases.conftest import Casework
from tests.corrections.conftest import BEFORE_LETTER, Look, flagged, swept
from tests.corrections.test_looking import AFTER
from tests.packets.desk import EXTRACTS, LETTER_ON, Import

NPWP = "021234567891000"
HEAD = "sumber,id_sumber,nama,npwp,nib,kbli,alamat,kode_wilayah,jumlah_tk,tgl_data\n"
OTHER = "WLKP,W-2,PT Lain,,,47111,Jalan Lain 2,31.74,9,2026-06-30\n"
WORKERS = "sumber,id_sumber,nik,nama,tgl_lahir,tgl_mulai,upah,tgl_data\n"
ANN = "WLKP,W-1,3174011204850021,Anna Contoh,1985-04-12,2024-01-02,{wage},2026-06-30\n"
BEN = "WLKP,W-9,3174011204850022,Beni Contoh,1985-04-12,2024-01-02,5000000,2026-06-30\n"
UNKNOWN = Employer(
    nama="CV Tanpa Nomor", npwp=NPWP, kode_wilayah="31.74", sumber="WLKP", id_sumber="W-1"
)


def told(
    count: int = 7, *, on: str = "2026-06-30", others: str = OTHER, npwp: str = NPWP
) -> dict[str, str]:
    row = f"WLKP,W-1,CV Tanpa Nomor,{npwp},,47111,Jalan Luar 1,31.74,{count},{on}\n"
    return {**EXTRACTS, "sumber_pemberi_kerja": HEAD + row + others}


def registered(since: str, *, npwp: str = NPWP) -> dict[str, str]:
    row = (
        f"CD999999,000,CV Tanpa Nomor,CV,{npwp},,,kecil,2,Jalan Luar 1,31.74,J05,{since},"
        'aktif,"JKK,JKM,JHT"\n'
    )
    both = told()
    return {**both, "pemberi_kerja": both["pemberi_kerja"] + row}


@pytest.fixture
def unregistered(work: Casework) -> Casework:
    """A case against an employer without NPP, with one letter of 20 September."""
    work.open(Violation.PWBD, employer=UNKNOWN, on=date(2026, 9, 1))
    work.letter(Action.SEND_NOTICE, LETTER_ON, date(2026, 9, 22))
    return work


def asked(session: Session, by: Principal) -> Sequence[CorrectionView]:
    found = queries.corrections(session, principal=by, state="terbuka", limit=50, cursor=None)
    return [one for one in found.items if one.kind is Kind.LETTER]


def test_a_head_count_that_an_agency_corrects_asks_about_the_letter(
    unregistered: Casework, bring: Import, look: Look, session: Session
) -> None:
    bring(told(7), BEFORE_LETTER)
    bring(told(5), AFTER)

    look()

    (letter,) = asked(session, unregistered.cast.inspector)
    weight = letter.weight
    assert (weight.told_was, weight.told, weight.sources) == (7, 5, 1)
    assert (letter.proposal, weight.ground) == (Choice.ADJUST, Ground.SOURCES_UNSWEPT)
    assert look().opened == 0


def test_the_list_of_a_later_day_is_news(
    unregistered: Casework, bring: Import, look: Look, session: Session
) -> None:
    bring(told(7), BEFORE_LETTER)
    bring(told(5, on="2026-07-31"), AFTER)

    looked = look()

    assert looked.papers == 2
    assert asked(session, unregistered.cast.inspector) == []


def test_a_row_taken_out_of_the_same_list_withdraws_and_a_list_that_is_gone_says_nothing(
    unregistered: Casework, bring: Import, look: Look, session: Session
) -> None:
    bring(told(7), BEFORE_LETTER)
    bring({**EXTRACTS, "sumber_pemberi_kerja": HEAD + OTHER.replace("06-30", "07-31")}, AFTER)
    look()
    assert asked(session, unregistered.cast.inspector) == []

    bring({**EXTRACTS, "sumber_pemberi_kerja": HEAD + OTHER}, AFTER)
    look()

    (letter,) = asked(session, unregistered.cast.inspector)
    assert (letter.proposal, letter.weight.ground) == (Choice.WITHDRAW, Ground.NO_WORKERS)
    assert "7" in str(letter.why)


@pytest.mark.parametrize(
    ("since", "found"), [("2026-09-19", True), ("2026-09-20", False), ("2026-09-21", False)]
)
def test_a_registration_before_the_day_of_the_letter_withdraws_and_one_on_it_does_not(
    unregistered: Casework, bring: Import, look: Look, session: Session, since: str, *, found: bool
) -> None:
    bring(told(), BEFORE_LETTER)
    bring(registered(since), AFTER)

    look()

    letters = asked(session, unregistered.cast.inspector)
    assert [(one.proposal, one.weight.ground, one.weight.registered_as) for one in letters] == (
        [(Choice.WITHDRAW, Ground.REGISTERED, "CD999999")] if found else []
    )


def test_an_employer_registered_all_along_under_a_wrong_number_is_a_correction(
    unregistered: Casework, bring: Import, look: Look, session: Session
) -> None:
    bring(registered("2019-02-01", npwp="029999999991000"), BEFORE_LETTER)
    bring(registered("2019-02-01"), AFTER)

    look()

    (letter,) = asked(session, unregistered.cast.inspector)
    assert letter.weight.registered_on == date(2019, 2, 1)


def test_a_registration_that_was_there_to_be_seen_is_no_correction(
    unregistered: Casework, bring: Import, look: Look, session: Session
) -> None:
    bring(registered("2019-02-01"), BEFORE_LETTER)
    bring({**registered("2019-02-01"), "sumber_pekerja": WORKERS + BEN}, AFTER)

    look()

    assert asked(session, unregistered.cast.inspector) == []


def test_a_number_that_an_agency_corrects_can_show_the_employer_to_be_registered(
    unregistered: Casework, bring: Import, look: Look, session: Session
) -> None:
    other = "031111111111000"
    before = registered("2019-02-01", npwp=other)
    bring(before, BEFORE_LETTER)
    bring({**before, "sumber_pemberi_kerja": told(npwp=other)["sumber_pemberi_kerja"]}, AFTER)

    look()

    (letter,) = asked(session, unregistered.cast.inspector)
    assert (letter.weight.ground, letter.weight.sources) == (Ground.REGISTERED, 1)


def test_a_wage_on_a_list_that_a_flag_named_moves_the_letter_and_no_nik_is_kept(
    unregistered: Casework, bring: Import, look: Look, session: Session
) -> None:
    row = session.get_one(CaseFlagRow, _flag(session, unregistered.case_id))
    assert row.content["evidence"]
    lists = [WORKERS + ANN.format(wage=wage) + BEN for wage in ("5000000", "4000000")]
    bring({**told(), "sumber_pekerja": lists[0]}, BEFORE_LETTER)
    bring({**told(), "sumber_pekerja": lists[1]}, AFTER)

    look()

    (letter,) = asked(session, unregistered.cast.inspector)
    assert letter.weight.sources == 1
    kept = session.get_one(CorrectionRow, letter.id)
    assert "3174011204850021" not in kept.model_dump_json()


@pytest.mark.parametrize(("still", "ground"), [(True, Ground.SOURCES), (False, Ground.FLAGS_GONE)])
def test_a_flag_that_stands_under_another_name_takes_no_ground_away(
    unregistered: Casework,
    bring: Import,
    look: Look,
    session: Session,
    now: datetime,
    *,
    still: bool,
    ground: Ground,
) -> None:
    row = session.get_one(CaseFlagRow, _flag(session, unregistered.case_id))
    bring(told(), BEFORE_LETTER)
    newest = bring(told(npwp="031111111111000"), AFTER)
    swept(session, newest, now)
    flagged(session, now, id=1, rule="PWBD", subject="npwp:0", status="hilang", seen=False)
    flagged(
        session, now, id=2, rule="PWBD", subject="npwp:1", status="baru", seen=still,
        evidence=row.content["evidence"],
    )  # fmt: skip

    look()

    (letter,) = asked(session, unregistered.cast.inspector)
    assert letter.weight.ground == ground


def _flag(session: Session, case_id: int) -> int:
    row = CaseFlagRow(
        case_id=case_id,
        flag_id=1,
        rule="PWBD",
        snapshot_id="",
        content={
            "evidence": [
                {"table": "sumber_pemberi_kerja", "line": 2,
                 "values": {"sumber": "WLKP", "id_sumber": "W-1"}}
            ]
        },
        added_on=date(2026, 9, 1),
    )  # fmt: skip
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def test_a_decision_tells_the_workers_of_other_agencies_and_no_bills(
    unregistered: Casework, bring: Import, look: Look, session: Session, now: datetime
) -> None:
    bring(told(7), datetime(2026, 9, 1, tzinfo=UTC))
    bring(told(5), AFTER)
    look()
    (letter,) = asked(session, unregistered.cast.inspector)

    service.decide(
        session, principal=unregistered.cast.inspector, correction_id=letter.id,
        choice=Choice.ADJUST, reason="Surat baru.", expected_version=letter.version, now=now,
    )  # fmt: skip

    event = session.exec(select(CaseEvent).where(CaseEvent.verb == service.VERB)).one()
    told_now = {key: event.detail[key] for key in ("told_was", "told", "sources")}
    assert told_now == {"told_was": 7, "told": 5, "sources": 1}
