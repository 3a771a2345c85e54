"""Pages of routes, papers, settlement and the radar."""

import re

from tests.web.conftest import Visit, words
from tests.web.test_cases import opened, take

SKK = {
    "kind": "skk_non_litigasi", "number": "SKK/9/2026", "signed_on": "2026-11-02",
    "valid_until": "2026-11-19", "substitution": "tidak", "stamped": "tidak",
}  # fmt: skip
LINES = "2026-02; JHT; 1000000\n2026-03; JHT; 500000"


def test_the_routes_of_a_case_are_told_without_choosing_one(visit: Visit) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)

    page = words(browser.get(f"{case}/jalur"))

    assert "Petunjuk, bukan keputusan" in page
    assert "Penyerahan piutang ke PUPN/KPKNL tidak berlaku bagi kasus ini" in page
    assert "belum diverifikasi, bukan kutipan norma" in page


def test_a_paper_is_recorded_shown_as_a_defect_and_ended(visit: Visit) -> None:
    browser = visit("hukum")
    case = opened(visit("pemeriksa"))
    browser.get(f"{case}/jalur")

    answer = browser.post(f"{case}/dokumen", SKK)
    assert answer.headers["location"] == f"{case}/jalur?kabar=dokumen", words(answer)
    page = browser.get(f"{case}/jalur")
    assert "SKK non-litigasi SKK/9/2026 berakhir pada 19 November 2026." in words(page)
    assert "menggugurkan" in words(browser.get(case))
    assert "Yang dapat menggugurkan perkara" in words(browser.get(f"{case}/rujukan"))

    address = re.search(r'action="(/kasus/[^"]+/berakhir)"', page.text)
    assert address is not None
    ended = browser.post(address[1], {"ended_on": "2026-11-19", "reason": "Diganti."})
    assert ended.status_code == 303, words(ended)
    assert "berakhir 19 Nov 2026" in words(browser.get(f"{case}/jalur"))


def test_a_paper_that_lacks_answers_keeps_what_was_typed(visit: Visit) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)
    browser.get(f"{case}/jalur")

    answer = browser.post(f"{case}/dokumen", {**SKK, "kind": "", "number": ""})

    assert answer.status_code == 422
    assert '<a href="#kind">' in answer.text
    assert '<a href="#number">' in answer.text
    assert 'value="2026-11-19"' in answer.text


def test_the_radar_lists_what_ends_and_says_what_it_does_not_compute(visit: Visit) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)
    browser.get(f"{case}/jalur")
    browser.post(f"{case}/dokumen", {**SKK, "stamped": "", "substitution": "ya"})
    browser.get("/radar")
    agreement = {"number": "PKS/1", "signed_on": "2025-01-02", "valid_until": "2026-12-20"}
    assert browser.post("/radar/perjanjian", agreement).status_code == 303

    page = words(browser.get("/radar"))
    narrow = words(browser.get("/radar?hari=7"))

    assert "sudah berakhir SKK non-litigasi SKK/9/2026" in page
    assert "segera berakhir Perjanjian kerja sama (PKS) dengan Kejaksaan PKS/1" in page
    assert "segera berakhir" not in narrow
    assert "tidak menghitung daluwarsa" in page
    assert "SKK/9/2026" not in words(visit("asing").get("/radar"))


def test_a_plan_is_previewed_payment_by_payment(visit: Visit) -> None:
    browser = visit("pemeriksa")

    page = browser.get(
        "/kalkulator/penyelesaian?"
        f"lines={LINES.replace(';', '%3B')}&from=2026-06-01&on=2026-06-01&count=2".replace(
            "\n", "%0A"
        )
    )

    assert page.status_code == 200
    assert "Bila ingkar hari itu Rp" in words(page) or "Bila ingkar hari itu" in words(page)
    assert "1. 1 Juni 2026" in words(page)
    assert "2. 1 Juli 2026" in words(page)


def test_a_schedule_of_ones_own_prevails_and_a_wrong_line_is_named(visit: Visit) -> None:
    browser = visit("pemeriksa")
    base = {"lines": LINES, "from": "2026-06-01", "on": "2026-06-01", "count": "2"}

    def ask(schedule: str) -> str:
        query = "&".join(
            f"{key}={value}".replace(";", "%3B").replace("\n", "%0A")
            for key, value in {**base, "schedule": schedule}.items()
        )
        return words(browser.get(f"/kalkulator/penyelesaian?{query}"))

    assert "1. 20 Juni 2026" in ask("2026-06-20; 250000\n2026-07-20")
    assert "Baris 2 “2026-07-20; x”" in ask("2026-06-20; 250000\n2026-07-20; x")
    assert "melebihi utang" in ask("2026-06-20; 999000000")


def test_a_case_without_bills_says_so_and_leads_to_the_calculator(visit: Visit) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)

    page = browser.get(f"{case}/penyelesaian")

    assert "tidak memuat tagihan" in words(page)
    assert 'href="/kalkulator/penyelesaian"' in page.text


def test_the_letter_is_addressed_to_the_employer_on_record_unless_typed_otherwise(
    visit: Visit,
) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)

    form = browser.get(f"{case}/langkah/send_notice")

    assert 'name="addressee" type="text" value="CV Karya Logam Contoh"' in form.text
    assert 'name="address" type="text" value="Jl. Industri 4"' in form.text
    take(browser, case, "send_notice", on="2026-11-20", letter="B/1/2026", kind="salinan_surat")
    assert "ditujukan kepada" not in words(browser.get(case))
