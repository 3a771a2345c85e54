"""Two agencies spell one unregistered employer differently: one flag, which a person may split."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.demo import RegionReport
from tests.journeys.conftest import EXTRACTS_OF, WIDTHS, Open, screen
from tests.journeys.extracts import sweep, upload

SPELT = ("PT Kencana Wiratama Sejati", "PT Kencana Wiratma Sejati")


@pytest.fixture(scope="module")
def swept(
    chromium: Browser,
    address: str,
    region: RegionReport,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    supervisor = screen(chromium, address, WIDTHS[1])
    supervisor.sign_in("penyelia")
    files = [path for path in region.files if path.name != "truth.csv"]
    known = with_two_spellings(files, tmp_path_factory.mktemp("ejaan"))
    upload(supervisor, [known if one.name == known.name else one for one in files], EXTRACTS_OF)
    sweep(supervisor)
    supervisor.page.context.close()


def with_two_spellings(files: list[Path], out: Path) -> Path:
    """Let two agencies know an employer without a number, where others are known."""
    (path,) = (one for one in files if one.name == "sumber_pemberi_kerja.csv")
    with path.open(encoding="utf-8", newline="") as old:
        rows = list(csv.DictReader(old))
    wanted = {"WLKP": SPELT[0], "KESEHATAN": SPELT[1]}
    place = next(row for row in rows if row["sumber"] == "WLKP" and row["kode_wilayah"] == "32.16")
    with (out / path.name).open("w", encoding="utf-8", newline="") as new:
        writer = csv.DictWriter(new, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        for sumber, nama in wanted.items():
            writer.writerow(
                {
                    **place, "sumber": sumber, "id_sumber": f"{sumber}-EJAAN", "nama": nama,
                    "npwp": "", "nib": "", "alamat": "Jl. Cendana No. 88, Kec. Sukatani",
                    "jumlah_tk": "12",
                }
            )  # fmt: skip
    return out / path.name


@pytest.mark.parametrize("width", WIDTHS)
def test_a_joined_flag_leads_to_its_pair_and_a_person_says_that_they_are_two(
    swept: None, visitor: Open, width: int
) -> None:
    person = visitor(width)
    page = person.page
    person.sign_in("penyelia")
    person.go("/temuan?cari=Kencana")
    person.follow("PT Kencana")
    expect(page.get_by_text("digabung karena nama, alamat, dan wilayahnya mirip")).to_be_visible()
    expect(page.get_by_text("Catatan yang digabung tanpa nomor")).to_be_visible()
    person.follow("PT Kencana")
    expect(page.get_by_role("heading", name="Satu pemberi kerja, atau dua?")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Menurut KESEHATAN KESEHATAN-EJAAN")
    expect(page.locator("main")).to_contain_text("Digabung karena kemiripan.")

    other = "pemberi kerja sama" if width == WIDTHS[1] else "pemberi kerja berbeda"
    page.get_by_label(re.compile(other, re.IGNORECASE)).check()
    page.get_by_label("Alasan", exact=True).fill("Aktanya dilihat.")
    person.press("Simpan keputusan")

    expect(page.locator("main")).to_contain_text("Sesudah pencarian temuan berikutnya:")
    person.go("/tautan?kelompok=diputus&jenis=pemberi_kerja_luar")
    expect(page.locator("main")).to_contain_text(SPELT[1])
    page.goto(f"{person.address}/tautan?kelompok=tertaut")
    person.judge()
