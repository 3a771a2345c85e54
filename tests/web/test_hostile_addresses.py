"""Addresses and numbers that nobody types by accident: a sentence each time, never a breakdown."""

import re

import pytest

from app.infra.paging import encode_cursor
from app.jobs import tasks
from tests.infra.test_paging import NESTED, coded
from tests.web.conftest import TODAY, Browser, Visit, words
from tests.web.finding import first_flag
from tests.web.test_cases import opened

LISTS = (
    "/tautan", "/koreksi", "/temuan", "/kasus", "/pemberi-kerja", f"/temuan?pada={TODAY}",
)  # fmt: skip
HUGE = "9" * 5000


def test_a_cursor_of_no_list_of_ours_is_refused_on_every_list(supervisor: Browser) -> None:
    cursors = (
        coded(NESTED), encode_cursor(2**80, 2**80), encode_cursor(2**80), encode_cursor("x", 1),
        encode_cursor("\x00", 1), encode_cursor("\x00", "\x00"),
    )  # fmt: skip

    found = {
        (address, cursor[:12]): supervisor.get(
            f"{address}{'&' if '?' in address else '?'}kursor={cursor}"
        ).status_code
        for address in LISTS
        for cursor in cursors
    }

    assert {key: status for key, status in found.items() if status not in {200, 422}} == {}


def test_a_case_number_beyond_those_of_rows_ends_the_list_of_cases(visit: Visit) -> None:
    browser = visit("penyelia")

    page = browser.get(f"/kasus?kursor={encode_cursor('2026-11-20', 2**40)}")

    assert page.status_code == 200


@pytest.mark.parametrize("day", ["2026-11-21", "9999-12-31"])
def test_nothing_is_known_on_a_day_that_has_not_come(supervisor: Browser, day: str) -> None:
    flag = first_flag(supervisor, "PIUTANG")
    employer = re.search(r'href="(/pemberi-kerja/[^"/?]+)"', supervisor.get(flag).text)
    assert employer is not None

    for address in ("/temuan", flag, employer[1], f"{employer[1]}/tagihan"):
        page = supervisor.get(f"{address}?pada={day}")

        assert "belum tiba; pilih hari ini atau sebelumnya" in words(page), address
        assert '<a href="#pada">' in page.text, address
        assert "eperti diketahui pada" not in words(page).replace(
            "Lihat seperti diketahui pada", ""
        )


def test_a_number_of_thousands_of_digits_is_no_row(visit: Visit) -> None:
    inspector, head = visit("pemeriksa"), visit("kepala")
    case = opened(inspector)
    head.get("/")

    step = inspector.post(
        f"{case}/langkah/visit",
        {"on": "2026-11-20", "versi": "1", "tahap": "catat", "evidence": HUGE},
    )
    stale = inspector.post(
        f"{case}/langkah/visit", {"on": "2026-11-20", "versi": HUGE, "tahap": "catat"}
    )
    chosen = head.post(
        "/kontrol/undian/SK-J05-2026-001/petugas", {"petugas": "1", "kunjungan": HUGE}
    )

    assert (step.status_code, stale.status_code, chosen.status_code) == (404, 404, 404)
    assert "99999999999999999999 tidak ada" in words(step)


def test_opening_what_only_takes_forms_says_so_in_words_for_people(visit: Visit) -> None:
    page = visit("penyelia").get("/retensi/hitung")

    assert page.status_code == 405
    assert "hanya menerima kiriman formulir" in words(page)


def test_no_office_is_asked_for_not_searched(supervisor: Browser) -> None:
    days = {"first_on": "2026-11-20", "last_on": "2026-11-30", "mulai": "2026-11-01",
            "sampai": "2026-11-20", "banyaknya": "3", "why": "Uji coba."}  # fmt: skip

    for address in ("/kontrol", "/kontrol/laporan"):
        page = supervisor.post(address, days)

        assert page.status_code == 422, address
        assert "Pilih kantor." in words(page), address


@pytest.mark.parametrize("asked", ["retensi", "deteksi"])
def test_work_that_was_asked_for_is_told_until_it_is_done(
    supervisor: Browser,
    jobs: tasks.JobContext,
    asked: str,
) -> None:
    page, form = ("/retensi", "/retensi/hitung") if asked == "retensi" else ("/impor", "")
    if form:
        supervisor.post(form)
        supervisor.post(form)

    told = words(supervisor.get(page))

    assert "Menunggu giliran" in told
    assert "dimulai lagi dengan sendirinya dalam beberapa menit" in told
    assert ("Hitung retensi" in told) is False
    with jobs.database.engine.connect() as connection:
        waiting = connection.exec_driver_sql(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'run_retention'"
        ).scalar_one()
    assert waiting == (1 if asked == "retensi" else 0)


def test_work_that_failed_is_told_until_it_is_done_otherwise(
    supervisor: Browser, jobs: tasks.JobContext
) -> None:
    with jobs.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = 'run_sweep'"
        )
        # Real events are written by the wall clock; here the last sweep is of a fixed day.
        connection.exec_driver_sql("UPDATE procrastinate_events SET at = '2026-12-01'")
    failed = words(supervisor.get("/impor"))
    with jobs.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE procrastinate_events SET at = '2026-11-01'")
    since = words(supervisor.get("/impor"))

    assert "Pencarian temuan yang diminta terakhir gagal; tidak ada temuan yang berubah" in failed
    assert "diminta terakhir gagal" not in since


def test_why_no_file_could_be_used_is_told_in_the_language_of_the_reader(
    visit: Visit, jobs: tasks.JobContext
) -> None:
    browser = visit("penyelia")
    browser.post("/bahasa", {"bahasa": "en"})
    browser.get("/impor")
    answer = browser.post(
        "/impor",
        {"per_tanggal": "2026-11-20"},
        {"berkas": ("tagihan.csv", b"npp\n1\n", "text/csv")},
    )
    assert answer.status_code == 303
    tasks.run_import(jobs, run_id=1)

    page = words(browser.get("/impor/1"))

    assert "No file could be used: tagihan.csv: Columns divisi, blth" in page
    assert "tambahkan lalu kirim lagi" not in page
