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


@pytest.mark.parametrize("width", WIDTHS)
def test_payrolls_and_lump_sums_hold_no_barrier_with_the_whole_tree_unfolded(
    visitor: Open, width: int
) -> None:
    person = visitor(width)
    person.sign_in("pemeriksa")

    for path in (ARREARS, UNPAID, PAYROLL):
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
