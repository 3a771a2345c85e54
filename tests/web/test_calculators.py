"""The calculators of contributions and arrears: what can be typed, and the tree behind it."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from app.calculations.service import CALCULATIONS
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED, Norms
from app.web.law_words import law_words
from tests.web.conftest import Browser

Visit = Callable[[str], Browser]
NORMS = Norms(law=SHIPPED, calendar=packaged_calendar())
BILL = "2026-01; JHT; 100000"


def arrears(visit: Visit, *lines: str, cutoff: str = "2026-09-30") -> str:
    query = urlencode({"lines": "\n".join(lines), "cutoff": cutoff})
    return visit("pemeriksa").get(f"/kalkulator/tunggakan?{query}").text


def contribution(visit: Visit, **fields: object) -> str:
    asked = {"month": "2026-03", "scale": "besar", "jkk_class": "3", **fields}
    return visit("pemeriksa").get(f"/kalkulator/iuran?{urlencode(asked, doseq=True)}").text


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_list_of_workers_is_summed_and_shown_worker_by_worker(visit: Visit) -> None:
    page = contribution(visit, workers="Pekerja A; 12.000.000\nPekerja B; 5000000; JKK, JKM")

    said = plain(page)
    assert "untuk 2 pekerja dengan jumlah upah Rp17.000.000" in said
    assert "Per pekerja" in said
    # 3.00 % and the class III share of both, JHT and JP of the first alone.
    assert "Rp1.218.889" in said


def test_workers_and_one_wage_at_once_are_a_mistake_at_the_field(visit: Visit) -> None:
    page = contribution(visit, wage="1", workers="Pekerja A; 1")

    assert "Isi upah sebulan atau daftar pekerja, jangan keduanya." in plain(page)
    assert 'href="#workers"' in page


def test_a_worker_line_that_cannot_be_read_is_named_by_its_number(visit: Visit) -> None:
    page = contribution(visit, workers="Pekerja A; 5000000\nPekerja B")

    assert "Baris 2 “Pekerja B” belum terbaca; tulis sebutan; upah" in plain(page)


def test_a_lump_sum_shows_where_it_went_and_by_which_rule(visit: Visit) -> None:
    said = plain(arrears(visit, BILL, "; ; ; 2026-02-10; 130000"))

    assert "Alokasi pembayaran tanpa tagihan" in said
    assert "Belum dialokasikan Rp30.000" in said
    assert "bulan tertua dahulu, pokok sebelum denda, urutan program" in said


def test_a_reversed_payment_is_named_as_not_counted(visit: Visit) -> None:
    said = plain(arrears(visit, f"{BILL}; 2026-02-10; 100000; 2026-05-20"))

    assert "Tidak dihitung: 1 pembayaran" in said
    assert "seolah tidak pernah diterima" in said


def test_a_payment_of_penalty_lowers_the_penalty_alone(visit: Visit) -> None:
    said = plain(arrears(visit, BILL, "2026-01; JHT; denda; 2026-04-01; 3000"))

    assert "Denda sudah dibayar Rp3.000" in said
    assert "Denda dibayar JHT" in said
    assert "Jumlah Rp113.000" in said


@pytest.mark.parametrize(
    "line", ["2026-01; JHT", "2026-01; JHT; ", "2026-01; JHT; denda", "x; y; z; 1"]
)
def test_a_line_of_arrears_that_cannot_be_read_is_named_by_its_number(
    visit: Visit, line: str
) -> None:
    assert f"Baris 2 “{line.strip()}” belum terbaca" in plain(arrears(visit, BILL, line))


def test_the_tree_of_arrears_unfolds_without_scripts_down_to_each_late_part(visit: Visit) -> None:
    page = arrears(visit, f"{BILL}; 2026-03-01; 40000")
    tree = page[page.index('<ul class="tree">') :]

    assert tree.count("<details") >= 4
    labels = re.findall(r'class="tree__label">([^<]+)', tree)
    assert labels[:5] == [
        "Tunggakan dan denda keterlambatan per 30 September 2026",
        "Tunggakan Januari 2026",
        "JHT Januari 2026",
        "Pokok JHT Januari 2026",
        "Denda JHT Januari 2026",
    ]
    assert "Rp60.000 × 2 % × 8 = Rp9.600" in plain(tree)


DOCUMENTS: dict[str, dict[str, object]] = {
    "contribution": {
        "month": "2026-03",
        "workers": [{"wage": 12_000_000}],
        "jkk_class": 2,
        "scale": "besar",
    },
    "arrears": {
        "bills": [
            {
                "month": "2026-01",
                "programme": "JHT",
                "amount": 100_000,
                "workers": [{"label": "Pekerja 1", "amount": 100_000}],
            }
        ],
        "payments": [
            {
                "month": "2026-01",
                "programme": "JHT",
                "paid_on": "2026-04-01",
                "amount": 3_000,
                "towards": towards,
            }
            for towards in ("penalty", "principal")
        ],
        "cutoff": "2026-09-30",
    },
    "estimate": {
        "kind": "PDS_UPAH",
        "cutoff": "2026-04-10",
        "workers": [{"wage": 5_000_000, "reported": 4_000_000, "started_on": "2026-02-01"}],
        "jkk_class": 1,
        "scale": "kecil",
    },
    "difference": {
        "before": {
            "bills": [{"month": "2026-01", "programme": "JHT", "amount": 100_000}],
            "cutoff": "2026-03-10",
        },
        "after": {
            "bills": [
                {"month": "2026-01", "programme": "JHT", "amount": 90_000},
                {"month": "2026-02", "programme": "JHT", "amount": 90_000},
            ],
            "payments": [
                {
                    "month": "2026-01",
                    "programme": "JHT",
                    "paid_on": "2026-03-20",
                    "amount": 1_000,
                }
            ],
            "cutoff": "2026-04-10",
        },
    },
}
# Programmes, figures and formulas made of figures alone are the same in both languages.
NEUTRAL = re.compile(r"(?:JKK|JKM|JHT|JP)(?: \d{4}-\d{2}| Rp[\d.]+)?|[Rp\d.,×−=% ()+]+")


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_word_of_a_tree_has_its_english(kind: str) -> None:
    answer = CALCULATIONS[kind](DOCUMENTS[kind], NORMS)
    said: set[str] = set()

    def collect(node: dict[str, object]) -> None:
        said.update((str(node["label"]), str(node["formula"])))
        inputs, children = node["inputs"], node["children"]
        assert isinstance(inputs, list)
        assert isinstance(children, list)
        said.update(str(item["label"]) for item in inputs)
        for child in children:
            collect(child)

    derivation = answer["derivation"]
    assert isinstance(derivation, dict)
    collect(derivation)

    untold = {
        text
        for text in said
        if not NEUTRAL.fullmatch(text) and law_words(text, "en") == law_words(text, "id")
    }
    assert untold == set()
