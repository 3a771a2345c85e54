"""The calculators in a browser: no barrier at any width, and a tree that unfolds and prints."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import WIDTHS, Open

LINES = "2026-01; JHT; 100000; 2026-03-01; 40000\n; ; ; 2026-04-10; 130000"
ARREARS = f"/kalkulator/tunggakan?{urlencode({'lines': LINES, 'cutoff': '2026-09-30'})}"
UNPAID = "/kalkulator/tunggakan?" + urlencode(
    {"lines": "2026-01; JHT; 100000; 2026-03-01; 40000", "cutoff": "2026-09-30"}
)
PAYROLL = "/kalkulator/iuran?" + urlencode(
    {
        "month": "2026-03",
        "scale": "besar",
        "jkk_class": "3",
        "workers": "Pekerja A; 12000000\nPekerja B; 5000000; JKK, JKM",
    }
)

WAGE_GAP = "/kalkulator/perkiraan?" + urlencode(
    {
        "kind": "PDS_UPAH",
        "cutoff": "2026-04-10",
        "scale": "kecil",
        "jkk_class": "1",
        "workers": "Pekerja A; 5000000; 2026-02-01; ; 4000000",
    }
)
CHANGE = "/kalkulator/perubahan?" + urlencode(
    {
        "cutoff": "2026-03-10",
        "lines": "2026-01; JHT; 100000",
        "cutoff_after": "2026-04-10",
        "lines_after": "2026-01; JHT; 90000; 2026-03-20; 1000\n2026-02; JHT; 90000",
    }
)


@pytest.mark.parametrize("width", WIDTHS)
def test_payrolls_and_lump_sums_hold_no_barrier_with_the_whole_tree_unfolded(
    visitor: Open, width: int
) -> None:
    person = visitor(width)
    person.sign_in("pemeriksa")

    for path in (ARREARS, UNPAID, PAYROLL, WAGE_GAP, CHANGE):
        person.go(path)
        while (closed := person.page.locator("main details:not([open]) > summary:visible")).count():
            closed.first.click()
        person.judge()


def test_paper_shows_every_late_part_of_a_tree_that_was_left_folded(visitor: Open) -> None:
    person = visitor(1280)
    person.sign_in("pemeriksa")
    person.go(UNPAID)
    late_part = person.page.get_by_text("Rp60.000 × 2 % × 8 = Rp9.600").first

    expect(late_part).to_be_hidden()
    person.page.emulate_media(media="print")

    expect(late_part).to_be_visible()


def test_a_change_typed_wrong_is_put_right_where_it_stands_and_explained(visitor: Open) -> None:
    person = visitor(360)
    person.sign_in("pemeriksa")
    person.go("/kalkulator")
    person.follow("Mengapa tunggakan berubah")
    page = person.page
    page.get_by_label("Tanggal batas pertama").fill("2026-03-10")
    page.get_by_label("Tanggal batas kedua").fill("2026-04-10")
    lines = page.get_by_label("Tagihan dan pembayaran", exact=True)
    lines.fill("2026-01; JHT; seratus ribu")

    person.press("Hitung")

    summary = page.locator("#ringkasan-kesalahan")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("“2026-01; JHT; seratus ribu”")
    summary.get_by_role("link").click()
    expect(lines).to_be_focused()
    lines.fill("2026-01; JHT; 100000")
    person.press("Hitung")

    expect(page.get_by_role("heading", name="Bertambah Rp2.000")).to_be_visible()
    page.locator("main summary", has_text="Denda bertambah karena waktu").click()
    expect(page.get_by_text("Denda JHT Januari 2026")).to_be_visible()
