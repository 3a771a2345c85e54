"""Two imports a month apart: what moved, what was corrected, and what was known in between."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
import time_machine
from httpx2 import Response

from app.jobs import tasks
from app.jobs.tasks import JobContext
from tests.detection.kept import keep_difference_1
from tests.registry.extracts import Row, row, text_of
from tests.web.conftest import OFFICE, TODAY, Browser, Upload, Visit, words
from tests.web.test_cases import opened

NPP = row("pemberi_kerja")["npp"]


def send(
    browser: Browser,
    jobs: JobContext,
    run_id: int,
    as_of: str,
    **tables: Sequence[Row],
) -> None:
    browser.get("/impor")
    files: list[tuple[str, Upload]] = [
        ("berkas", (f"{name}.csv", text_of(name, rows).encode(), "text/csv"))
        for name, rows in tables.items()
    ]
    answer = browser.post("/impor", {"per_tanggal": as_of}, files)
    assert answer.headers["location"] == f"/impor/{run_id}", words(answer)
    tasks.run_import(jobs, run_id=run_id)


@pytest.fixture
def twice(visit: Visit, jobs: JobContext) -> Browser:
    """A supervisor who imported in September and again in November; somebody left in between."""
    return imported_twice(visit, jobs)


def imported_twice(visit: Visit, jobs: JobContext, *more: Row) -> Browser:
    """Import as `twice` says; `more` are memberships that only the second extract has."""
    browser = visit("penyelia")
    employer = row("pemberi_kerja", kantor_cabang=OFFICE)
    with time_machine.travel(datetime(2026, 9, 30, 3, tzinfo=UTC), tick=False):
        early = visit("penyelia")
        send(early, jobs, 1, "2026-09-30", pemberi_kerja=[employer],
             kepesertaan=[row("kepesertaan", tgl_akhir="", sebab_akhir="")],
             tagihan=[row("tagihan", blth="2026-08", jumlah="1000")])  # fmt: skip
    send(browser, jobs, 2, "2026-11-20",
         kepesertaan=[row("kepesertaan", tgl_akhir="2026-10-31", sebab_akhir="phk"), *more],
         tagihan=[row("tagihan", blth="2026-08", jumlah="1500")])  # fmt: skip
    return browser


def snapshots_of(page: Response) -> tuple[str, str]:
    """Return the two snapshots that the page offers to compare, the earlier one first."""
    before, after = (
        re.search(rf'name="{name}" value="([0-9a-f]{{16}})"', page.text) for name in ("dari", "ke")
    )
    assert before
    assert after
    return before[1], after[1]


def computed(browser: Browser, jobs: JobContext) -> str:
    """Let the difference be computed and return the address of its page."""
    page = browser.get("/selisih")
    assert "Selisih keduanya belum dihitung" in words(page)
    return counted(browser, jobs, *snapshots_of(page))


def counted(browser: Browser, jobs: JobContext, before: str, after: str) -> str:
    answer = browser.post("/selisih/hitung", {"dari": before, "ke": after})
    tasks.run_movement(jobs, before_id=before, after_id=after, actor="user:2")
    return answer.headers["location"]


def test_what_moved_is_told_in_total_by_employer_and_in_the_file(
    twice: Browser,
    visit: Visit,
    jobs: JobContext,
) -> None:
    address = computed(twice, jobs)

    page = twice.get(address)
    sheet = twice.get(address.replace("/selisih?", "/selisih/csv?"))
    stranger = visit("asing").get(address)

    told = words(page)
    assert "Pekerja keluar 1" in told
    assert "Koreksi tagihan Rp500" in told
    (line,) = csv.DictReader(io.StringIO(sheet.text))
    assert (line["npp"], line["keluar"], line["koreksi_tagihan_rupiah"]) == (NPP, "1", "500")
    assert "Tidak ada perubahan di wilayah kerja Anda" in words(stranger)
    same = twice.get("/selisih?dari=" + "0" * 16 + "&ke=" + "0" * 16)
    assert same.status_code == 404


def test_a_difference_of_an_earlier_definition_is_shown_says_so_and_is_counted_anew(
    visit: Visit,
    jobs: JobContext,
) -> None:
    passing = row("kepesertaan", nik="3171010101900020", kpj="20000000020", tgl_mulai="2026-10-02",
                  tgl_akhir="2026-10-30", sebab_akhir="phk")  # fmt: skip
    browser = imported_twice(visit, jobs, passing)
    before, after = snapshots_of(browser.get("/selisih"))
    with jobs.database.transaction() as session:
        keep_difference_1(session, jobs.settings, before_id=before, after_id=after)

    kept = browser.get("/selisih")
    reader = visit("pemeriksa").get("/selisih")
    address = counted(browser, jobs, before, after)
    anew = browser.get(address)
    sheet = browser.get(address.replace("/selisih?", "/selisih/csv?"))

    assert "Pekerja masuk 1 Pekerja keluar 1" in words(kept)
    assert "dihitung dengan definisi versi 1: yang masuk dan keluar" in words(kept)
    assert 'action="/selisih/hitung"' in kept.text
    assert "dihitung dengan definisi versi 1: yang masuk dan keluar" in words(reader)
    assert 'action="/selisih/hitung"' not in reader.text
    assert "Pekerja masuk 1 Pekerja keluar 2" in words(anew)
    assert "Definisi versi 2, dihitung" in words(anew)
    assert 'action="/selisih/hitung"' not in anew.text
    (line,) = csv.DictReader(io.StringIO(sheet.text))
    assert (line["masuk"], line["keluar"], line["definisi"]) == ("1", "2", "2")


def test_an_employer_is_shown_as_known_on_a_day(twice: Browser) -> None:
    now = words(twice.get(f"/pemberi-kerja/{NPP}/pekerja"))
    page = twice.get(f"/pemberi-kerja/{NPP}/pekerja?pada=2026-10-31")
    then = words(page)

    assert "pemutusan hubungan kerja" in now
    assert "pemutusan hubungan kerja" not in then
    assert "Seperti diketahui pada 31 Oktober 2026" in then
    assert "Lihat satu NIK" not in then
    assert f'href="/pemberi-kerja/{NPP}/tagihan?pada=2026-10-31"' in page.text
    assert twice.get(f"/pemberi-kerja/{NPP}?pada=2026-09-29").status_code == 404
    wrong = twice.get(f"/pemberi-kerja/{NPP}?pada=kemarin")
    assert '<a href="#pada">' in wrong.text


def test_an_employer_of_a_day_has_the_cases_that_were_on_record_then(
    twice: Browser, visit: Visit
) -> None:
    case = opened(visit("pemeriksa"), npp=NPP)
    number = case.rpartition("/")[2]

    now, today, then = (
        twice.get(f"/pemberi-kerja/{NPP}{asked}")
        for asked in ("", f"?pada={TODAY}", "?pada=2026-10-31")
    )

    assert f'<a href="{case}">{number}</a>' in now.text
    assert "Tahap kasus seperti diketahui" not in words(now)
    assert f'<a href="{case}">{number}</a>' in today.text
    assert "Tahap kasus seperti diketahui pada 20 November 2026" in words(today)
    assert number not in then.text
