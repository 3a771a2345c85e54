"""What a case keeps of its employer: the snapshot's facts, wherever they are read again."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from app.accounts.tables import Office
from app.cases import service
from app.cases.schemas import Employer, Opened
from app.packets.compose import compose_draft
from app.packets.dossier import Letter
from app.packets.gather import dossier
from app.registry.importers import run_import
from app.registry.tables import Snapshot
from tests.cases.conftest import TODAY, Casework
from tests.cases.test_flags import flag
from tests.registry.extracts import row, write_csv

AS_OF = date(2026, 11, 15)
EXTRACTS = {
    "pemberi_kerja": [
        row("pemberi_kerja", npp="AB123456", kantor_cabang="J05", program="JKK,JKM"),
        row("pemberi_kerja", npp="AB123456", divisi="001", kantor_cabang="J05", skala="besar",
            program="JKK,JHT"),
    ],
    "kepesertaan": [
        row("kepesertaan", npp="AB123456", kpj="1", nik="3171010101900001"),
        row("kepesertaan", npp="AB123456", kpj="2", nik="3171010101900002"),
    ],
    "sumber_pemberi_kerja": [
        row("sumber_pemberi_kerja", npwp="", kbli="", skala="", nib=""),
        row("sumber_pemberi_kerja", npwp="", kbli="", skala="", nib="", tgl_data="2026-09-30",
            jumlah_tk="15"),
        row("sumber_pemberi_kerja", sumber="OSS", id_sumber="O-9", nib="9120001112223",
            kbli="47111", skala="menengah", jumlah_tk="9"),
    ],
}  # fmt: skip


@pytest.fixture
def work(work: Casework, tmp_path: Path, now: datetime) -> Casework:
    """A branch with a registry of one employer, and one that only WLKP and OSS know."""
    sent = tmp_path / "kirim"
    sent.mkdir()
    result = run_import(
        files=[write_csv(sent, table, rows) for table, rows in EXTRACTS.items()],
        snapshots_dir=work.snapshots_dir,
        rejects_dir=tmp_path / "ditolak",
        scratch=tmp_path / "scratch",
        memory="512MB",
        previous=None,
        as_of=AS_OF,
        report_progress=lambda _step, _done, _all: None,
    )
    assert result.snapshot_id is not None
    assert result.rejected == ()
    tables = {
        name: {"rows": info.rows, "rejected": 0, "sha256": info.sha256, "carried_over": False}
        for name, info in result.tables.items()
    }
    work.session.add(
        Snapshot(id=result.snapshot_id, as_of=AS_OF, created_at=now, turn=1, tables=tables)
    )
    work.session.flush()
    work.snapshot_id = result.snapshot_id
    return work


def open_from(work: Casework, flag_id: int, told: Employer | None = None) -> Opened:
    opened = service.open_from_flags(
        work.session,
        principal=work.cast.inspector,
        flag_ids=[flag_id],
        employer=told,
        note="",
        snapshots_dir=work.snapshots_dir,
        on=TODAY,
        now=work.now,
    )
    work.case_id = opened.id
    return opened


def outside_flag(work: Casework) -> int:
    rows = [{"sumber": "WLKP", "id_sumber": "WL-0001"}, {"sumber": "OSS", "id_sumber": "O-9"}]
    return flag(
        work,
        "PWBD",
        "sumber:WLKP:WL-0001",
        sumber="WLKP",
        id_sumber="WL-0001",
        snapshot_id=work.snapshot_id,
        evidence=[
            {"table": "sumber_pemberi_kerja", "line": line, "values": values}
            for line, values in enumerate(rows, start=2)
        ],
    )


def test_a_case_takes_every_fact_of_the_employer_from_the_snapshot_of_its_flags(
    work: Casework,
) -> None:
    open_from(work, flag(work, "PIUTANG", snapshot_id=work.snapshot_id))

    case = work.file()
    assert case.employer == Employer(
        nama="PT Maju Bersama",
        npp="AB123456",
        bentuk="PT",
        npwp="012345678901000",
        nib="1234567890123",
        kbli="10110",
        skala="kecil",
        kelas_jkk=2,
        alamat="Jl. Melati 1",
        kode_wilayah="31.71",
        program="JKK,JKM,JHT",
        jumlah_tk=2,
    )
    assert case.snapshot_id == work.snapshot_id
    assert case.events[0].detail["snapshot"] == work.snapshot_id
    assert case.events[0].detail["told"] == []


def test_what_one_agency_leaves_open_another_of_the_same_flag_fills(work: Casework) -> None:
    open_from(work, outside_flag(work))

    employer = work.file().employer
    assert (employer.jumlah_tk, employer.npp, employer.id_sumber) == (15, "", "WL-0001")
    assert (employer.kbli, employer.skala, employer.nib) == ("47111", "menengah", "9120001112223")
    # The key stays that of the flags: a second request still finds the case.
    assert open_from(work, outside_flag_again(work)).already


def outside_flag_again(work: Casework) -> int:
    return work.file().flags[0].flag_id


def test_what_is_told_fills_gaps_and_never_overrules_the_registry(work: Casework) -> None:
    told = Employer(nama="PT Lain", npp="AB123456", skala="besar", kontak="021-555")

    open_from(work, flag(work, "PIUTANG", snapshot_id=work.snapshot_id), told)

    case = work.file()
    assert (case.employer.nama, case.employer.skala) == ("PT Maju Bersama", "kecil")
    assert case.employer.kontak == "021-555"
    assert case.events[0].detail["told"] == ["kontak"]


def test_an_employer_that_the_snapshot_does_not_know_keeps_what_the_flags_say(
    work: Casework,
) -> None:
    open_from(work, flag(work, "PIUTANG", "npp:ZZ000001", snapshot_id=work.snapshot_id))

    employer = work.file().employer
    assert (employer.nama, employer.npp, employer.skala) == (
        "PT Sinar Baja Contoh", "ZZ000001", "",
    )  # fmt: skip


@pytest.mark.parametrize("registered", [True, False], ids=["registered", "known outside"])
def test_the_packet_prints_what_the_case_page_shows(
    session: Session, work: Casework, *, registered: bool
) -> None:
    session.get_one(Office, "J05").city = "Jakarta"
    open_from(
        work,
        flag(work, "PIUTANG", snapshot_id=work.snapshot_id) if registered else outside_flag(work),
    )
    shown = work.file().employer

    printed = compose_draft(
        dossier(
            session,
            principal=work.cast.inspector,
            file=work.file(),
            cutoff=TODAY,
            letter=Letter(number="B/1", on=TODAY, nature="Segera", agreement=None),
            criminal_clause=False,
            snapshots_dir=work.snapshots_dir,
            snapshot_id=work.snapshot_id,
        )
    ).employer

    assert (printed.scale, printed.kbli, printed.nib, printed.npwp, printed.address) == (
        shown.skala, shown.kbli, shown.nib, shown.npwp, shown.alamat,
    )  # fmt: skip
    assert ",".join(printed.programmes) == shown.program


def test_a_token_that_may_only_open_cases_gets_the_same_facts(work: Casework) -> None:
    rights = frozenset({"flags.read", "cases.open", "cases.read"})
    narrow = replace(work.cast.inspector, actions=rights)
    opened = service.open_from_flags(
        work.session,
        principal=narrow,
        flag_ids=[flag(work, "PIUTANG", snapshot_id=work.snapshot_id)],
        employer=None,
        note="",
        snapshots_dir=work.snapshots_dir,
        on=TODAY,
        now=work.now,
    )
    work.case_id = opened.id

    assert work.file().employer.skala == "kecil"
