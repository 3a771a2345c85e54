"""The page of cohorts: chart and table, filters, targets, the file, and the reach of an office."""

import csv
import io
import re

import pytest

from app.accounts import queries as accounts
from app.demo import RegionReport
from app.detection import statistics
from app.jobs import tasks
from app.jobs.tasks import JobContext
from tests.detection.kept import keep_definition_1
from tests.web.conftest import Browser, Visit, uploaded, words


@pytest.fixture
def counted(visit: Visit, region: RegionReport, jobs: JobContext) -> Browser:
    """A supervisor whose data has been imported and counted."""
    browser = visit("penyelia")
    uploaded(browser, region)
    tasks.run_import(jobs, run_id=1)
    page = browser.get("/retensi")
    assert "Retensi belum dihitung" in words(page)
    answer = browser.post("/retensi/hitung")
    assert answer.headers["location"] == "/retensi?kabar=retensi"
    snapshot = re.search(r"potret data ([0-9a-f]{16})", words(page))
    assert snapshot is not None
    tasks.run_retention(jobs, snapshot_id=snapshot[1], actor="user:2")
    return browser


def test_the_chart_has_its_words_and_its_table(counted: Browser) -> None:
    page = counted.get("/retensi")

    assert re.search(r'<svg[^>]*role="img" aria-labelledby="grafik-judul grafik-uraian"', page.text)
    assert '<title id="grafik-judul">' in page.text
    assert '<desc id="grafik-uraian">' in page.text
    assert "Masih aktif pada 31 Desember, dan sasarannya" in words(page)
    assert "belum waktunya" in words(page)
    assert "menurut kolom kanal pada kepesertaan pertama itu" in words(page)
    assert "style=" not in page.text
    unmeant = counted.get("/retensi?dasar=apa&menurut=baris&angkatan=%C2%B2&kantor=%27%3B--")
    assert unmeant.status_code == 200
    assert "Belum ada angka yang dapat digambar" in words(unmeant)


def test_the_version_of_the_rule_that_counted_is_told(counted: Browser, jobs: JobContext) -> None:
    usual = words(counted.get("/retensi"))
    with jobs.database.engine.begin() as connection:
        # What is kept is never rewritten: here it stands for one kept by a later release.
        connection.exec_driver_sql("ALTER TABLE statistic DISABLE TRIGGER USER")
        connection.exec_driver_sql(
            "UPDATE statistic SET terms = terms || '{\"lapsed_missing\": 9}' WHERE kind = 'retensi'"
        )

    fallen_back = words(counted.get("/retensi"))

    assert "aturan LAPSED versi 1." in usual
    assert "tidak ada pada rilis yang menghitungnya" not in usual
    assert "Versi 9, yang berlaku pada hari data itu, dimatikan" in fallen_back


def test_every_breakdown_adds_up_to_the_same_total(counted: Browser) -> None:
    sheets = [
        list(
            csv.DictReader(
                io.StringIO(counted.get(f"/retensi/csv?dasar=pemberi_kerja&menurut={by}").text)
            )
        )
        for by in ("bulan", "kantor", "sektor", "skala", "kanal")
    ]

    totals = {(rows[-1]["peserta"], rows[-1]["aktif_12"], rows[-1]["dari_12"]) for rows in sheets}
    assert len(totals) == 1
    assert int(totals.pop()[0]) > 50
    for rows in sheets:
        assert {row["definisi"] for row in rows} == {"2"}
        assert all(re.fullmatch("[0-9a-f]{16}", row["snapshot"]) for row in rows)
        shown = [row for row in rows[:-1] if row["peserta"]]
        assert sum(int(row["peserta"]) for row in shown) <= int(rows[-1]["peserta"])
        assert len([row for row in rows[:-1] if not row["peserta"]]) != 1


def test_a_channel_is_a_breakdown_and_a_filter_with_its_chart_and_its_table(
    counted: Browser,
) -> None:
    page = counted.get("/retensi?menurut=kanal&dasar=pemberi_kerja")

    assert "Angka menurut kanal pendaftaran" in words(page)
    chart = re.search(r'<svg[^>]*role="img".*?</svg>', page.text, re.DOTALL)
    assert chart is not None
    assert "Didaftarkan pemberi kerja" in chart[0]
    assert "Agen Perisai" in words(page)
    assert "Tidak diisi" in words(page)
    assert '<option value="perisai"' in page.text

    agents = counted.get("/retensi?menurut=kantor&kanal=perisai")
    assert '<option value="perisai" selected' in agents.text
    assert "tidak dibandingkan dengan saringan ini" in words(agents)
    assert "kanal=perisai" in agents.text
    enrolled = int(_total(counted, "?menurut=kanal"))
    assert 0 < int(_total(counted, "?menurut=kantor&kanal=perisai")) < enrolled


def test_those_whose_channel_is_not_told_are_a_row_of_the_csv_that_is_not_the_total(
    counted: Browser,
) -> None:
    sheet = counted.get("/retensi/csv?menurut=kanal").text

    keys = [row["kelompok"] for row in csv.DictReader(io.StringIO(sheet))]

    assert "perisai" in keys
    assert keys[-2:] == ["", "semua"]
    assert len(set(keys)) == len(keys)


def _total(browser: Browser, query: str) -> str:
    rows = list(csv.DictReader(io.StringIO(browser.get(f"/retensi/csv{query}").text)))
    assert rows[-1]["kelompok"] == "semua"
    return rows[-1]["peserta"]


def test_a_result_from_before_channels_says_so_and_is_counted_again(
    visit: Visit,
    region: RegionReport,
    jobs: JobContext,
) -> None:
    browser = visit("penyelia")
    uploaded(browser, region)
    tasks.run_import(jobs, run_id=1)
    snapshot = re.search(r"potret data ([0-9a-f]{16})", words(browser.get("/retensi")))
    assert snapshot is not None
    with jobs.database.transaction() as session:
        keep_definition_1(session, jobs.settings, snapshot[1])

    page = browser.get("/retensi?menurut=kanal")

    assert "definisi versi 1, yang belum merinci kanal pendaftaran" in words(page)
    assert "semua peserta tercantum sebagai tidak diisi" in words(page)
    assert "Agen Perisai" not in words(page)
    before = _total(browser, "?menurut=kanal")
    assert browser.post("/retensi/hitung").headers["location"] == "/retensi?kabar=retensi"
    tasks.run_retention(jobs, snapshot_id=snapshot[1], actor="user:2")
    assert "belum merinci kanal" not in words(browser.get("/retensi"))
    assert "Agen Perisai" in words(browser.get("/retensi?menurut=kanal"))
    assert _total(browser, "?menurut=kanal") == before
    with jobs.database.transaction() as session:
        operator = accounts.operator(session)
        kept = statistics.latest_retention(session, principal=operator, definition=1)
    assert kept is not None


def test_another_branch_sees_nothing_of_it(counted: Browser, visit: Visit) -> None:
    del counted
    stranger = visit("asing")

    page = stranger.get("/retensi")
    sheet = stranger.get("/retensi/csv?menurut=kantor")

    assert "Belum ada angka yang dapat digambar" in words(page)
    assert [row["kelompok"] for row in csv.DictReader(io.StringIO(sheet.text))] == ["semua"]


def test_a_target_is_set_by_the_head_and_held_against_the_result(
    counted: Browser, visit: Visit
) -> None:
    assert "belum ditetapkan" in words(counted.get("/retensi"))
    head = visit("kepala")
    head.get("/retensi")
    form = {"kantor_sasaran": "J05", "tahun": "2025", "satu_dari": "3",
            "dasar_sasaran": "RKAT 2025"}  # fmt: skip

    saved = head.post("/retensi/sasaran", form)

    assert saved.headers["location"] == "/retensi?kabar=sasaran"
    page = words(head.get("/retensi"))
    assert "1 dari 3 RKAT 2025; ditetapkan" in page
    assert "Tercapai" in page
    assert "belum ditetapkan" in page
    assert "tidak dibandingkan" in words(head.get("/retensi?skala=mikro"))


def test_a_target_that_cannot_be_meant_is_refused_beside_its_field(
    counted: Browser, visit: Visit
) -> None:
    del counted
    head = visit("kepala")
    head.get("/retensi")
    form = {"kantor_sasaran": "J05", "tahun": "2025", "satu_dari": "3", "dasar_sasaran": "RKAT"}
    wrong = [("tahun", "1999"), ("tahun", "MMXXV"), ("tahun", ""), ("satu_dari", "0"),
             ("satu_dari", "2,55"), ("satu_dari", "tiga"), ("satu_dari", "NaN"),
             ("satu_dari", "1e2"), ("satu_dari", "1234567"), ("satu_dari", " "),
             ("dasar_sasaran", " "), ("kantor_sasaran", "")]  # fmt: skip

    for field, value in wrong:
        refused = head.post("/retensi/sasaran", {**form, field: value})
        assert refused.status_code == 422, (field, value)
        assert f'<a href="#{field}">' in refused.text, (field, value)
        assert "“”" not in refused.text, (field, value)
    assert head.post("/retensi/sasaran", {**form, "kantor_sasaran": "M01"}).status_code == 404
    inspector = visit("pemeriksa")
    assert "Tetapkan sasaran" not in words(inspector.get("/retensi"))
    assert inspector.post("/retensi/sasaran", form).status_code == 403
