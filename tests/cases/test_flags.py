"""From flags to a case: one employer, one case, the flags told."""

from datetime import date

import pytest

from app.cases import service
from app.cases.schemas import Employer, Opened
from app.cases.stages import Action, Proof, Violation
from app.detection import queries as flags
from app.detection.tables import Flag
from app.errors import Conflict, Invalid, NotFound
from tests.cases.conftest import TODAY, Casework


def flag(work: Casework, rule: str, subject: str = "npp:AB123456", **changes: object) -> int:
    row = Flag.model_validate(
        {
            "rule": rule,
            "rule_version": 1,
            "subject": subject,
            "npp": subject.removeprefix("npp:") if subject.startswith("npp:") else "",
            "nama": "PT Sinar Baja Contoh",
            "kantor_cabang": "J05",
            "kode_wilayah": "31.74",
            "jumlah_tk": 12,
            "potensi_rupiah": 4_500_000,
            "bulan_tunggak": 4,
            "skor": 70,
            "status": "baru",
            "snapshot_id": "s1",
            "sentence": "Empat bulan iuran belum dibayar.",
            "sentence_template": "{bulan} bulan iuran belum dibayar.",
            "sentence_values": {"bulan": 4},
            "numbers": {"metode": "pokok"},
            "evidence": [
                {"table": "kepesertaan", "line": 7, "values": {"nik": "3171011708030001"}}
            ],
            "source_ages": {"WLKP": 30},
            "confidence": "tinggi",
            "confidence_reason": "NPWP sama.",
            "facts_hash": "x",
            "seen": True,
            "first_found_on": date(2026, 11, 1),
            "last_found_on": date(2026, 11, 1),
            "changed_at": work.now,
            **changes,
        }
    )
    work.session.add(row)
    work.session.flush()
    assert row.id is not None
    return row.id


def open_from(work: Casework, *ids: int, employer: Employer | None = None) -> Opened:
    opened = service.open_from_flags(
        work.session,
        principal=work.cast.inspector,
        flag_ids=ids,
        employer=employer,
        note="",
        snapshots_dir=work.snapshots_dir,
        on=TODAY,
        now=work.now,
    )
    work.case_id = opened.id
    return opened


def test_several_flags_of_one_employer_become_one_case(work: Casework) -> None:
    ids = flag(work, "PIUTANG"), flag(work, "PDS_TK")

    opened = open_from(work, *ids)

    case = work.file()
    assert case.violations == (Violation.PDS_TK, Violation.PIUTANG)
    assert {item.flag_id for item in case.flags} == set(ids)
    assert case.flags[0].sentence == "Empat bulan iuran belum dibayar."
    assert case.snapshot_id == "s1"
    for flag_id in ids:
        told = flags.flag(work.session, principal=work.cast.inspector, flag_id=flag_id)
        assert (told.status, told.case_number) == ("kasus", opened.number)


def test_a_case_keeps_no_whole_nik(work: Casework) -> None:
    open_from(work, flag(work, "PDS_TK"))

    assert "3171011708030001" not in repr(work.file().flags)


def test_a_double_click_on_flags_returns_the_same_case(work: Casework) -> None:
    flag_id = flag(work, "PIUTANG")
    first = open_from(work, flag_id)

    second = open_from(work, flag_id)

    assert (second.id, second.already) == (first.id, True)


def test_a_further_flag_names_the_open_case_and_can_join_it(work: Casework) -> None:
    first = open_from(work, flag(work, "PIUTANG"))
    late = flag(work, "PDS_UPAH")

    with pytest.raises(Conflict, match=first.number):
        open_from(work, late)
    service.add_flags(
        work.session,
        principal=work.cast.inspector,
        case_id=first.id,
        expected_version=work.version,
        flag_ids=[late],
        on=TODAY,
        now=work.now,
    )

    assert work.file().violations == (Violation.PDS_UPAH, Violation.PIUTANG)


def test_flags_of_two_employers_are_refused(work: Casework) -> None:
    with pytest.raises(Invalid, match="beberapa pemberi kerja"):
        open_from(work, flag(work, "PIUTANG"), flag(work, "PIUTANG", "npp:CD000001"))


def test_a_flag_of_another_employer_cannot_join(work: Casework) -> None:
    first = open_from(work, flag(work, "PIUTANG"))

    with pytest.raises(Invalid, match="pemberi kerja lain"):
        service.add_flags(
            work.session,
            principal=work.cast.inspector,
            case_id=first.id,
            expected_version=work.version,
            flag_ids=[flag(work, "PDS_TK", "npp:CD000001")],
            on=TODAY,
            now=work.now,
        )


def test_no_flag_is_no_case(work: Casework) -> None:
    with pytest.raises(Invalid, match="paling sedikit satu"):
        open_from(work)


def test_a_flag_of_another_office_is_not_found(work: Casework) -> None:
    with pytest.raises(NotFound):
        open_from(work, flag(work, "PIUTANG", kantor_cabang="M01"))


def test_facts_of_another_employer_are_refused(work: Casework) -> None:
    with pytest.raises(Invalid, match="tidak cocok"):
        open_from(work, flag(work, "PIUTANG"), employer=Employer(nama="CV Lain", npp="ZZ1"))


def test_an_unregistered_employer_is_known_by_its_source(work: Casework) -> None:
    flag_id = flag(
        work, "PWBD", "sumber:WLKP:W-7", sumber="WLKP", id_sumber="W-7", potensi_rupiah=0
    )

    open_from(work, flag_id)

    employer = work.file().employer
    assert (employer.npp, employer.key) == ("", "sumber:WLKP:W-7")


def test_after_closing_the_same_employer_can_be_opened_again(work: Casework) -> None:
    open_from(work, flag(work, "PIUTANG"))
    work.step(Action.CLOSE, TODAY, Proof.PAYMENT, reason="LUNAS")

    assert open_from(work, flag(work, "PDS_TK")).already is False
