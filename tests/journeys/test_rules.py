"""A supervisor questions a rule, a proposer changes it on the report, a second person decides."""

import pytest
from playwright.sync_api import expect

from app.demo import RegionReport
from tests.journeys.conftest import WIDTHS, Open
from tests.journeys.extracts import upload_extracts


@pytest.mark.parametrize("width", WIDTHS)
def test_a_rule_is_read_tried_on_past_data_and_proposed_on_its_report(
    visitor: Open, region: RegionReport, width: int
) -> None:
    supervisor, admin = visitor(width), visitor(width)
    supervisor.sign_in("penyelia")
    upload_extracts(supervisor, region)
    supervisor.go("/aturan")
    supervisor.follow("Daftar sebagian upah")
    supervisor.page.get_by_label("Selisih upah paling sedikit").fill("250")
    supervisor.press("Jalankan uji coba")
    expect(supervisor.page.locator("#ringkasan-kesalahan")).to_be_focused()
    supervisor.page.get_by_label("Selisih upah paling sedikit").fill(
        "25" if width == WIDTHS[0] else "30"
    )
    supervisor.page.get_by_label("Waktu pemeriksaan satu temuan").fill("90")
    supervisor.press("Jalankan uji coba")
    expect(supervisor.page.get_by_role("heading", name="Akibat rancangan")).to_be_visible(
        timeout=120_000
    )
    supervisor.judge()
    trial = supervisor.page.url.removeprefix(supervisor.address)

    admin.sign_in("admin")
    admin.go("/aturan/peringkat")
    admin.go(trial)
    admin.page.get_by_label("Mengapa diubah").fill("Selisih kecil sering hanya tunjangan.")
    if width == WIDTHS[0]:
        admin.press("Usulkan perubahan")
        expect(admin.page.get_by_text("Menunggu orang kedua")).to_be_visible()
        admin.page.get_by_label("Alasan").fill("Menunggu rapat pengawasan.")
        admin.press("Tarik usulan ini")
        expect(admin.page.get_by_text("Ditarik pengusul")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_another_calendar_is_corrected_where_it_was_typed_and_told_on_the_report(
    visitor: Open, region: RegionReport, width: int
) -> None:
    supervisor = visitor(width)
    supervisor.sign_in("penyelia")
    upload_extracts(supervisor, region)
    supervisor.go("/aturan/PIUTANG")
    calendar = supervisor.page.get_by_label("Kalender lain untuk rancangan")
    calendar.fill("2026-10-15 Cuti bersama tambahan\n2026-08-17")
    supervisor.press("Jalankan uji coba")
    expect(supervisor.page.locator("#ringkasan-kesalahan")).to_contain_text(
        "17 Agustus 2026 sudah libur"
    )
    expect(calendar).to_have_value("2026-10-15 Cuti bersama tambahan\n2026-08-17")
    supervisor.judge()
    calendar.fill("2026-10-15 Cuti bersama tambahan\n-2026-08-17")
    supervisor.press("Jalankan uji coba")
    expect(supervisor.page.get_by_role("heading", name="Akibat rancangan")).to_be_visible(
        timeout=120_000
    )
    expect(supervisor.page.get_by_role("table", name="Kalender yang dicoba")).to_contain_text(
        "Hari Kemerdekaan Republik Indonesia"
    )
    supervisor.judge()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_draft_version_is_read_corrected_and_tried_beside_the_one_in_force(
    visitor: Open, region: RegionReport, width: int
) -> None:
    supervisor = visitor(width)
    supervisor.sign_in("penyelia")
    upload_extracts(supervisor, region)
    supervisor.go("/aturan/LAPSED")
    expect(supervisor.page.get_by_role("heading", name="Versi 2", exact=True)).to_be_visible()
    supervisor.judge()
    grace = supervisor.page.get_by_label("Tenggang data sesudah kepesertaan berakhir")
    grace.fill("45")
    supervisor.press("Jalankan uji coba")
    expect(supervisor.page.locator("#ringkasan-kesalahan")).to_contain_text("pilih versi 2")
    expect(grace).to_have_value("45")
    supervisor.judge()
    supervisor.page.get_by_label("Versi 2: Rancangan").check()
    supervisor.press("Jalankan uji coba")
    expect(supervisor.page.get_by_role("heading", name="Akibat rancangan")).to_be_visible(
        timeout=120_000
    )
    expect(supervisor.page.get_by_role("table", name="Yang diubah")).to_contain_text("versi 2")
    supervisor.judge()
