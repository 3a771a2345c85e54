"""Employers are drawn by lot, visited and reported; nobody sees the flags before an outcome."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.infra import clock
from tests.journeys.conftest import WIDTHS, Open, OpenPlain
from tests.journeys.extracts import swept
from tests.journeys.test_main_job import ZONE

__all__ = ["swept"]

FOUND = "Slip gaji menunjukkan upah lain daripada yang dilaporkan."
VISITS = 4
OFFICER = "Ratna Wulandari, J05"
FLAGGED = "Ditandai aturan saat diundi"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_lot_leads_to_a_visit_a_case_and_the_report_of_what_flags_missed(
    visitor: Open,
    swept: None,
    width: int,
) -> None:
    supervisor, inspector, auditor = visitor(width), visitor(width), visitor(width)
    supervisor.sign_in("penyelia")
    supervisor.go("/kontrol")
    supervisor.press("Undi sekarang")
    summary = supervisor.page.locator("#ringkasan-kesalahan")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Isi banyaknya kunjungan")
    fill_draw(supervisor.page, why=f"Kontrol acak layar {width}.")
    supervisor.page.get_by_label("Skala usaha").check()
    supervisor.press("Undi sekarang")
    draw = supervisor.page.url.removeprefix(supervisor.address).split("?")[0]
    supervisor.press("Tugaskan")
    expect(summary).to_be_focused()
    supervisor.page.get_by_label("Petugas untuk kunjungan").select_option(label=OFFICER)
    supervisor.press("Tugaskan")
    supervisor.press("Undi ulang dan cocokkan")
    expect(supervisor.page.get_by_text("kerangka dan daftarnya sama")).to_be_visible()

    inspector.sign_in("pemeriksa")
    inspector.follow("kunjungan kontrol menunggu Anda")
    expect(inspector.page.get_by_role("button", name="Undi sekarang")).to_have_count(0)
    inspector.go(f"{draw}/1")
    expect(inspector.page.get_by_text(FLAGGED, exact=True)).to_have_count(0)
    supervisor.go(f"{draw}/1")
    inspector.press("Simpan hasil")
    expect(inspector.page.locator("#ringkasan-kesalahan")).to_be_focused()
    fill_outcome(inspector.page)
    inspector.press("Simpan hasil")
    expect(inspector.page.get_by_text(FLAGGED, exact=True)).to_be_visible()

    supervisor.page.get_by_label("Patuh", exact=True).check()
    supervisor.page.get_by_label("Apa yang diperiksa").fill("Semua cocok.")
    supervisor.press("Simpan hasil")
    expect(summary).to_contain_text("baru saja dicatat oleh Ratna Wulandari")
    expect(supervisor.page.get_by_text(FOUND)).to_be_visible()
    auditor.sign_in("auditor")
    auditor.go(f"{draw}/1")
    expect(auditor.page.locator("main").get_by_role("button")).to_have_count(0)
    inspector.press("Buka kasus")
    expect(inspector.page.get_by_text("Seleksi kontrol SK-")).to_be_visible()

    supervisor.go(draw)
    expect(supervisor.page.get_by_text(f"1 dari {VISITS} selesai")).to_be_visible()
    supervisor.go("/kontrol")
    supervisor.follow("Laporan seleksi")
    supervisor.press("Hitung laporan")
    expect(supervisor.page.get_by_text("kunjungan kontrol yang menemukan")).to_be_visible()
    chart = supervisor.page.locator(".chart")
    assert chart.evaluate("one => one.scrollWidth <= one.clientWidth"), "a share hides beside it"
    supervisor.press("Hitung ulang dan cocokkan")
    expect(supervisor.page.get_by_text("hasilnya sama")).to_be_visible()


def test_a_visit_is_drawn_assigned_recorded_and_reported_without_javascript(
    plain: OpenPlain,
    swept: None,
) -> None:
    supervisor = plain("penyelia", "/kontrol")
    fill_draw(supervisor, why="Kontrol acak tanpa skrip.")
    supervisor.get_by_role("button", name="Undi sekarang").click()
    supervisor.get_by_label("Petugas untuk kunjungan").select_option(label=OFFICER)
    supervisor.get_by_role("button", name="Tugaskan").click()
    expect(supervisor.get_by_text("Petugas ditetapkan.")).to_be_visible()
    inspector = plain("pemeriksa", "/kontrol")
    waiting = inspector.get_by_role("table", name="Menunggu kunjungan Anda")
    waiting.get_by_role("link").last.click()
    fill_outcome(inspector)

    inspector.get_by_role("button", name="Simpan hasil").click()

    expect(inspector.get_by_text("Hasil kunjungan tercatat.")).to_be_visible()
    supervisor.get_by_role("link", name="Kunjungan kontrol").click()
    supervisor.get_by_role("link", name="Laporan seleksi").click()
    supervisor.get_by_role("button", name="Hitung laporan").click()
    expect(supervisor.get_by_role("heading", name="Menurut aturan", exact=True)).to_be_visible()


def fill_draw(page: Page, *, why: str) -> None:
    page.get_by_label("Banyaknya kunjungan").fill(str(VISITS))
    last = clock.today(ZONE) + timedelta(days=30)
    page.get_by_label("Hari terakhir kunjungan").fill(last.isoformat())
    page.get_by_label("Mengapa undian ini dibuat").fill(why)


def fill_outcome(page: Page) -> None:
    page.get_by_label("Ada pelanggaran").check()
    page.get_by_label("Daftar sebagian upah").check()
    page.get_by_label("Taksiran rupiah").fill("4.500.000")
    page.get_by_label("Pekerja yang dirugikan").fill("3")
    page.get_by_label("Apa yang diperiksa").fill(FOUND)
