"""The calculators of estimates and of why arrears changed: what is typed, and what is answered."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from tests.web.conftest import Browser, Visit, words

WAGE_GAP = {
    "kind": "PDS_UPAH", "cutoff": "2026-04-10", "scale": "kecil", "jkk_class": "1",
    "workers": "Pekerja A; 5.000.000; 2026-02-01; ; 4.000.000",
}  # fmt: skip
CHANGED = {
    "cutoff": "2026-03-10", "lines": "2026-01; JHT; 100000",
    "cutoff_after": "2026-04-10",
    "lines_after": "2026-01; JHT; 90000; 2026-03-20; 1000\n2026-02; JHT; 90000",
}  # fmt: skip


def rupiah(text: str) -> int:
    found = re.search(r"(−?)Rp([\d.]+)", text)
    assert found is not None
    return int(found[2].replace(".", "")) * (-1 if found[1] else 1)


def estimate(browser: Browser, **fields: object) -> str:
    asked = urlencode({**WAGE_GAP, **fields}, doseq=True)
    return words(browser.get(f"/kalkulator/perkiraan?{asked}"))


def difference(browser: Browser, **fields: object) -> str:
    return browser.get(f"/kalkulator/perubahan?{urlencode({**CHANGED, **fields})}").text


def test_an_estimate_bears_its_label_and_its_method(visit: Visit) -> None:
    said = estimate(visit("pemeriksa"))

    # 0.24 + 0.3 + 3.7 + 2 % of one million, for February and March.
    assert "Perkiraan per 10 April 2026 perkiraan, bukan tagihan Rp124.800" in said
    assert "Cara Iuran menurut upah yang terbukti dikurangi iuran menurut upah yang" in said
    assert "tidak menjadi utang sebelum ditetapkan menjadi tagihan" in said


def test_a_worker_whose_start_is_unknown_counts_from_the_day_of_the_source(visit: Visit) -> None:
    said = estimate(visit("pemeriksa"), kind="PDS_TK", workers="Pekerja A; 5000000; ; 2026-03-31")

    assert "Jumlah bulan pekerja 1" in said


def test_no_programme_followed_yet_is_an_answer_to_which_are_missing(visit: Visit) -> None:
    browser = visit("pemeriksa")
    workers = "Pekerja A; 5000000; 2026-03-01"

    none = estimate(browser, kind="PDS_PROGRAM", workers=workers)
    two = estimate(browser, kind="PDS_PROGRAM", workers=workers, held=["JKK", "JKM"])

    assert "Rp312.000" in none
    assert "Rp285.000" in two


def test_an_estimate_that_cannot_be_made_keeps_all_that_was_typed(visit: Visit) -> None:
    typed = {"kind": "PWBD", "cutoff": "2026-04-10", "workers": "Pekerja A; lima juta; 2026-02-01",
             "scale": "menengah", "jkk_class": "4", "labour_intensive": "1"}  # fmt: skip

    page = visit("pemeriksa").get(f"/kalkulator/perkiraan?{urlencode(typed)}")

    assert page.status_code == 422
    assert "Kesalahan:" in page.text.split("</title>")[0]
    assert '<a href="#workers">Baris 1 “Pekerja A; lima juta; 2026-02-01” belum' in page.text
    assert "Pekerja A; lima juta; 2026-02-01</textarea>" in page.text
    assert re.search(r'<option value="menengah" selected>', page.text)
    assert re.search(r'<option value="4" selected>', page.text)
    assert re.search(r'name="labour_intensive" value="1" checked', page.text)


@pytest.mark.parametrize(
    ("known", "asked_for"),
    [
        ({"scale": "", "jkk_class": ""}, ["scale", "jkk_class"]),
        ({"scale": "kecil", "jkk_class": ""}, ["jkk_class"]),
        ({"scale": "", "jkk_class": "1"}, ["scale"]),
        ({"scale": "kecil", "jkk_class": "1"}, []),
    ],
)
def test_a_link_of_ours_asks_for_what_it_does_not_know_and_calculates_when_it_knows_all(
    visit: Visit, known: dict[str, str], asked_for: list[str]
) -> None:
    browser = visit("pemeriksa")

    page = browser.get(f"/kalkulator/perkiraan?{urlencode({**WAGE_GAP, **known, 'prepared': 1})}")

    assert page.status_code == 200
    assert re.findall(r'<li><a href="#(\w+)">', page.text) == asked_for
    assert ("Rp124.800" in page.text) == (not asked_for)
    assert f"{WAGE_GAP['workers']}</textarea>" in page.text


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "LAIN"), ("jkk_class", "6"), ("held", "JHT"), ("cutoff", "kemarin")],
)
def test_a_choice_that_is_none_is_named_at_its_field(visit: Visit, field: str, value: str) -> None:
    asked = urlencode({**WAGE_GAP, field: value})

    page = unescape(visit("pemeriksa").get(f"/kalkulator/perkiraan?{asked}").text)

    summary = page.partition('id="ringkasan-kesalahan"')[2].partition("</div>")[0]
    assert f'<a href="#{field}">' in summary
    assert value in summary


def test_the_causes_of_a_change_add_up_to_the_rupiah(visit: Visit) -> None:
    page = difference(visit("pemeriksa"))

    table = page.partition('id="sebab"')[2].partition("</table>")[0]
    amounts = [rupiah(found) for found in re.findall(r'data-label="Jumlah".*?</td>', table)]
    assert amounts == [-10_200, 90_000, 3_600, -1_000, 82_400]
    assert sum(amounts[:-1]) == amounts[-1]
    assert "Bertambah Rp82.400" in page


def test_the_same_bills_serve_both_days_where_no_others_were_typed(visit: Visit) -> None:
    page = difference(visit("pemeriksa"), lines_after="")

    table = page.partition('id="sebab"')[2].partition("</table>")[0]
    assert "Denda bertambah karena waktu" in table
    assert "dikoreksi" not in table
    assert "+Rp2.000" in table


def test_two_days_without_a_change_say_so(visit: Visit) -> None:
    page = difference(visit("pemeriksa"), lines_after="", cutoff_after="2026-03-10")

    assert "Jumlahnya sama" in page
    assert "Tidak ada sebab yang mengubah jumlah" in page


def test_an_unreadable_line_of_the_second_history_stands_at_its_own_input(visit: Visit) -> None:
    page = difference(visit("pemeriksa"), lines_after="2026-01; JHT; banyak")

    assert '<a href="#lines_after">Baris 1 “2026-01; JHT; banyak” belum terbaca' in page
    assert "2026-01; JHT; banyak</textarea>" in page
    assert "2026-01; JHT; 100000</textarea>" in page
