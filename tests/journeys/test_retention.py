"""Retention is counted on request; from the counts people go to those who left and work on."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import WIDTHS, Open, OpenPlain
from tests.journeys.extracts import swept, wait_for

__all__ = ["swept"]

LEFT = "Berhenti dan tetap bekerja"


@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_counts_of_retention_to_a_person_their_employer_and_the_flag(
    visitor: Open, swept: None, width: int
) -> None:
    supervisor = visitor(width)
    supervisor.sign_in("penyelia")
    supervisor.go("/retensi")
    page = supervisor.page
    counted = page.get_by_role("heading", name="Mengapa berakhir")
    if not counted.is_visible():
        supervisor.press("Hitung retensi")
        wait_for(supervisor, "/retensi", counted)
        supervisor.judge()

    supervisor.follow("Siapa yang berhenti karena klaim JHT")

    people = page.get_by_role("rowheader")
    expect(page.get_by_role("heading", name=LEFT, level=1)).to_be_visible()
    supervisor.go("/retensi/lanjut")
    expect(people.first).to_contain_text(re.compile(r"NIK ·{12}\d{4}"))
    expect(page.get_by_role("link", name="Temuan nomor").first).to_be_visible()
    page.get_by_label("Sebab").select_option("klaim_jht")
    supervisor.press("Terapkan")
    expect(people.first).to_be_visible()
    expect(page.get_by_text("Hapus saringan klaim JHT")).to_be_attached()
    supervisor.follow("Temuan nomor")
    expect(page.get_by_text("LAPSED").first).to_be_visible()
    supervisor.go("/retensi/lanjut?sebab=klaim_jht&kantor=M01")
    expect(page.get_by_text("Tidak ada peserta seperti itu")).to_be_visible()


def test_the_list_is_there_without_javascript(swept: None, plain: OpenPlain) -> None:
    page = plain("penyelia", "/retensi/lanjut")

    expect(page.get_by_role("heading", name=LEFT, level=1)).to_be_visible()
