"""The list of those who left and work on: what it shows, its file, the reach of an office."""

import csv
import io
import re
from pathlib import Path

import pytest

from app.detection import figures
from app.infra import program
from app.infra.database import Database
from app.infra.settings import Settings
from app.jobs import tasks
from app.jobs.tasks import JobContext
from tests.detection.kept import keep_definition_1
from tests.web.conftest import ELSEWHERE, OFFICE, TODAY, Browser, Visit, words
from tests.web.leaving import LEFT, LISTED, brought

PAGE = "/retensi/lanjut"


@pytest.fixture
def snapshot(visit: Visit, database: Database, settings: Settings, tmp_path: Path) -> str:
    del visit  # its offices
    return brought(database, settings, tmp_path / "ekstrak", office=OFFICE, other=ELSEWHERE)


@pytest.fixture
def counted(visit: Visit, jobs: JobContext, snapshot: str) -> Browser:
    tasks.run_retention(jobs, snapshot_id=snapshot, actor="user:2")
    return visit("penyelia")


def sheet(browser: Browser, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(browser.get(f"{PAGE}/csv{query}").text)))


def test_the_list_says_how_many_from_which_data_and_shows_no_whole_nik(
    counted: Browser, snapshot: str
) -> None:
    page = counted.get(PAGE)

    said = words(page)
    assert f"Menurut potret data {snapshot}; kepesertaan per 19 November 2026" in said
    tiles = re.findall(r'tile__value">(\d+)</span>', page.text)
    assert tiles == [str(LISTED), "10", "20", "10"]
    assert len(re.findall(r"·{12}\d{4}", said)) == LISTED
    assert not re.search(r"\b\d{16}\b", page.text)
    assert f'href="/pemberi-kerja/{LEFT}"' in page.text
    assert "Pemberi kerja di luar wilayah kerja Anda" in said
    assert "PT Tujuan" not in said
    assert "PT Belum Daftar tidak terdaftar menurut WLKP per 30 Jun 2026, WL-0002" in said
    assert "style=" not in page.text


def test_the_file_has_everyone_under_the_filter_and_is_recorded(
    counted: Browser, database: Database, snapshot: str
) -> None:
    whole = sheet(counted)

    assert len(whole) == LISTED
    assert {row["snapshot"] for row in whole} == {snapshot}
    assert all(re.fullmatch(r"·{12}\d{4}", row["nik"]) for row in whole)
    assert {row["lanjut"] for row in whole} == {"kepesertaan", "sumber"}
    assert {row["luar_wilayah"] for row in whole if row["lanjut"] == "kepesertaan"} == {"1"}
    assert len(sheet(counted, "?sebab=klaim_jht")) == len(sheet(counted, "?sebab=phk")) == 15
    assert len(sheet(counted, "?dasar=perdana")) == 20
    assert len(sheet(counted, "?bulan=2025-02&angkatan=2025&skala=kecil&sektor=10")) == LISTED
    assert sheet(counted, "?bulan=2025-03") == []
    with database.transaction() as session:
        taken = session.connection().exec_driver_sql(
            "SELECT count(*) FROM audit_entry WHERE action = 'file.downloaded'"
        )
        assert taken.scalar_one() == 6


def test_the_page_of_retention_leads_there_with_its_own_filter(counted: Browser) -> None:
    front = counted.get("/retensi?dasar=pemberi_kerja&skala=kecil&menurut=kantor")

    link = re.search(r'href="(/retensi/lanjut\?[^"]*)"', front.text)

    assert link is not None
    assert link[1].replace("&amp;", "&") == f"{PAGE}?dasar=pemberi_kerja&skala=kecil"
    narrowed = counted.get(f"{PAGE}?bulan=2025-02&sebab=klaim_jht&kanal=perisai")
    for chip in ("klaim JHT", "Februari 2025", "Agen Perisai"):
        assert f"Hapus saringan {chip}" in words(narrowed)
    assert "Tidak ada peserta seperti itu" in words(narrowed)
    unmeant = counted.get(f"{PAGE}?bulan=2026-13&sebab=apa&dasar=x&kantor=%27%3B--")
    assert "Tidak ada peserta seperti itu" in words(unmeant)
    assert counted.get(f"{PAGE}?kursor=apa").status_code == 422


def test_a_standing_flag_is_linked_and_a_rejected_one_is_not(
    counted: Browser,
    visit: Visit,
    jobs: JobContext,
    snapshot: str,
) -> None:
    before = words(counted.get(PAGE))
    assert before.count("tidak ada temuan yang berlaku") == 10
    assert "Belum ada pencarian temuan yang menautkan pekerja pada potret data ini" in before
    tasks.run_sweep(jobs, snapshot_id=snapshot, on=TODAY.isoformat(), actor="user:2")

    found = re.findall(r'href="/temuan/(\d+)"', counted.get(PAGE).text)

    for page in (PAGE, "/retensi"):
        assert "potret data ini menautkan 1 NIK seperti itu" in words(counted.get(page))
    assert len(found) == 10
    (flag,) = set(found)
    assert "LAPSED" in words(counted.get(f"/temuan/{flag}"))
    version = re.search(r'name="versi" value="(\d+)"', counted.get(f"/temuan/{flag}").text)
    assert version is not None
    rejected = counted.post(
        f"/temuan/{flag}/tolak", {"versi": version[1], "alasan_tolak": "Sudah dijelaskan."}
    )
    assert rejected.status_code == 303
    assert words(visit("penyelia").get(PAGE)).count("tidak ada temuan yang berlaku") == 10


def test_another_branch_has_nobody_on_the_list_and_who_may_not_read_is_refused(
    counted: Browser, visit: Visit
) -> None:
    del counted
    stranger = visit("asing")

    assert "Tidak ada peserta seperti itu" in words(stranger.get(PAGE))
    assert sheet(stranger) == []
    assert visit("admin").get(PAGE).status_code == 403


def test_a_retention_from_before_there_was_a_list_says_how_to_get_one(
    visit: Visit,
    jobs: JobContext,
    snapshot: str,
) -> None:
    browser = visit("penyelia")
    assert browser.get(PAGE).status_code == 404
    with jobs.database.transaction() as session:
        keep_definition_1(session, jobs.settings, snapshot)

    page = browser.get(PAGE)

    assert "dihitung sebelum ada daftar ini" in words(page)
    assert "Hitung retensi" in words(page)
    assert browser.get(f"{PAGE}/csv").status_code == 404
    tasks.run_retention(jobs, snapshot_id=snapshot, actor="user:2")
    assert len(sheet(browser)) == LISTED


def test_a_list_that_is_damaged_is_said_to_be_and_computing_again_brings_it_back(
    counted: Browser,
    jobs: JobContext,
    settings: Settings,
    snapshot: str,
) -> None:
    for kept in (settings.snapshots_dir / "statistics").iterdir():
        kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    assert counted.get(PAGE).status_code == 503

    tasks.run_retention(jobs, snapshot_id=snapshot, actor="user:2")

    assert len(sheet(counted)) == LISTED


def test_a_result_of_another_release_says_so_and_a_run_by_this_one_whether_it_agrees(
    visit: Visit,
    jobs: JobContext,
    snapshot: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = visit("penyelia")
    with monkeypatch.context() as earlier:
        earlier.setattr(figures, "release", lambda: "0.0.9+0123456789ab")
        tasks.run_retention(jobs, snapshot_id=snapshot, actor="user:2")
    for address in ("/retensi", PAGE):
        page = words(browser.get(address))
        assert (
            f"oleh rilis program 0.0.9+0123456789ab; yang dipakai sekarang {program.release()}"
            in page
        )
        assert "hasilnya sama" in page
        assert f"oleh rilis {program.release()}" not in page

    tasks.run_retention(jobs, snapshot_id=snapshot, actor="user:2")

    for address in ("/retensi", PAGE):
        page = words(browser.get(address))
        assert "oleh rilis program 0.0.9+0123456789ab" in page
        assert f"oleh rilis {program.release()}: hasilnya sama" in page
