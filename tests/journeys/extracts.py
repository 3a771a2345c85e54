"""How data come in: a person uploads extracts and lets the rules run, as the pages offer it."""

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from app.demo import RegionReport
from tests.journeys.conftest import EXTRACTS_OF, WIDTHS, Visitor, screen

# An import and a sweep of the small region take a few seconds; a busy machine takes longer.
PATIENCE_MS = 90_000
RELOADS = 200


@pytest.fixture(scope="module")
def swept(chromium: Browser, address: str, region: RegionReport) -> None:
    """The region's extracts are in and its flags are found; what follows is the story."""
    supervisor = screen(chromium, address, WIDTHS[1])
    supervisor.sign_in("penyelia")
    upload_extracts(supervisor, region)
    sweep(supervisor)
    supervisor.page.context.close()


def upload_extracts(person: Visitor, region: RegionReport) -> None:
    upload(person, [path for path in region.files if path.name != "truth.csv"], EXTRACTS_OF)
    rejected = person.page.get_by_role("link", name=re.compile("Unduh baris ditolak"))
    expect(rejected.first).to_be_visible()


def upload(person: Visitor, files: Sequence[Path], as_of: date) -> None:
    page = person.page
    person.go("/impor")
    page.get_by_label("Berkas ekstrak").set_input_files(files)
    page.get_by_label("Keadaan data per tanggal").fill(as_of.isoformat())
    person.press("Unggah dan periksa")
    expect(page.get_by_text("Selesai. Potret data")).to_be_visible(timeout=PATIENCE_MS)
    person.judge()


def sweep(supervisor: Visitor) -> None:
    supervisor.press("Cari temuan pada potret ini")
    wait_for(
        supervisor,
        "/impor",
        supervisor.page.get_by_role("heading", name="Pencarian temuan terakhir"),
    )


def wait_for(person: Visitor, path: str, sign: Locator) -> None:
    """Load the page again until the worker has done what `sign` tells of."""
    for _ in range(RELOADS):
        # The half second without traffic leaves the processor to the worker.
        person.page.goto(person.address + path, wait_until="networkidle")
        if sign.is_visible():
            break
    expect(sign).to_be_visible()


def remaining_bills(region: RegionReport, out: Path, shares: Mapping[str, int]) -> Path:
    """Write the bills anew: of these employers so many per cent remain; of 0 there is no bill."""
    (bills,) = (path for path in region.files if path.name == "tagihan.csv")
    path = out / bills.name
    with bills.open(encoding="utf-8", newline="") as old, path.open("w", newline="") as new:
        rows = csv.DictReader(old)
        writer = csv.DictWriter(new, rows.fieldnames or ())
        writer.writeheader()
        for row in rows:
            share = shares.get(row["npp"], 100)
            if share:
                writer.writerow(
                    {**row, "jumlah": int(row["jumlah"].replace(".", "")) * share // 100}
                )
    return path
