"""The past is corrected under open cases: met, weighed, decided by one person, and it stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.demo import RegionReport
from tests.journeys.conftest import EXTRACTS_OF, WIDTHS, Open, OpenPlain, screen
from tests.journeys.extracts import remaining_bills, swept, upload, wait_for
from tests.journeys.test_main_job import open_case

__all__ = ["swept"]

WHY = "Rekonsiliasi dengan pemberi kerja membenarkan tagihan yang baru."
WAITING = "koreksi data masa lalu menunggu putusan"


@dataclass(frozen=True, slots=True)
class Corrected:
    """Cases whose bills were corrected: one for each screen, and one that owes nothing any more."""

    lowered: Mapping[int, str]
    gone: str


@pytest.fixture(scope="module")
def corrected(
    chromium: Browser,
    address: str,
    swept: None,
    region: RegionReport,
    tmp_path_factory: pytest.TempPathFactory,
) -> Corrected:
    """Three cases from flags, and a later extract in which their bills are others."""
    inspector = screen(chromium, address, WIDTHS[1])
    inspector.sign_in("pemeriksa")
    cases = [open_case(inspector) for _ in range(3)]
    npps = []
    for case in cases:
        inspector.go(f"/kasus/{case}")
        found = re.search(r"\bAA\d{6}\b", inspector.page.locator("main").inner_text())
        assert found is not None
        npps.append(found[0])
    shares = dict(zip(npps, (90, 90, 0), strict=True))
    bills = remaining_bills(region, tmp_path_factory.mktemp("koreksi"), shares)
    supervisor = screen(chromium, address, WIDTHS[1])
    supervisor.sign_in("penyelia")
    upload(supervisor, [bills], EXTRACTS_OF + timedelta(days=1))
    wait_for(inspector, "/", inspector.page.get_by_role("link", name=re.compile(f"3.*{WAITING}")))
    for person in (inspector, supervisor):
        person.page.context.close()
    return Corrected(dict(zip(WIDTHS, cases[:2], strict=True)), cases[2])


@pytest.mark.parametrize("width", WIDTHS)
def test_a_correction_is_weighed_and_decided_with_a_reason_and_the_decision_stands(
    visitor: Open, corrected: Corrected, width: int
) -> None:
    inspector, supervisor, auditor = visitor(width), visitor(width), visitor(width)
    case = corrected.lowered[width]
    inspector.sign_in("pemeriksa")
    inspector.follow(WAITING)
    row_of(inspector.page, case).get_by_role("link").first.click()
    inspector.judge()
    page = inspector.page
    expect(page.get_by_role("heading", name="Usulan: Sesuaikan")).to_be_visible()
    expect(page.get_by_text("Tagihan yang jumlahnya dikoreksi")).to_be_visible()
    here = page.url.removeprefix(inspector.address)
    auditor.sign_in("auditor")
    auditor.go(here)
    expect(auditor.page.get_by_text("Petugas kasus atau atasannya yang memutus.")).to_be_visible()
    expect(auditor.page.locator("main").get_by_role("button")).to_have_count(0)
    supervisor.sign_in("penyelia")
    supervisor.go(here)

    inspector.press("Simpan putusan")
    expect(page.locator("#ringkasan-kesalahan")).to_be_focused()
    choose(page, "Sesuaikan")
    inspector.press("Simpan putusan")

    decided = re.compile("Diputus: Sesuaikan")
    expect(page.get_by_role("heading", name=decided)).to_be_visible()
    choose(supervisor.page, "Abaikan")
    supervisor.press("Simpan putusan")
    expect(supervisor.page.locator("#ringkasan-kesalahan")).to_contain_text(
        "putusan itu tetap berlaku"
    )
    expect(supervisor.page.get_by_role("heading", name=decided)).to_be_visible()
    expect(supervisor.page.get_by_text(WHY)).to_be_visible()
    inspector.follow("Ke halaman kasus")
    expect(page.get_by_text("Koreksi data masa lalu diputus")).to_be_visible()
    expect(page.get_by_text(WHY)).to_be_visible()
    inspector.go("/koreksi")
    expect(row_of(page, case)).to_have_count(0)
    inspector.follow("Sudah diputus")
    expect(row_of(page, case)).to_contain_text("Ratna Wulandari")
    auditor.go(f"/jejak-audit?tindakan=cases.correction_decided&pokok={case}")
    expect(auditor.page.get_by_text("Ratna Wulandari")).to_be_visible()


def test_a_debt_that_is_gone_is_withdrawn_without_javascript(
    plain: OpenPlain, corrected: Corrected
) -> None:
    page = plain("pemeriksa", "/koreksi")
    row_of(page, corrected.gone).get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Usulan: Tarik")).to_be_visible()
    choose(page, "Tarik")

    page.get_by_role("button", name="Simpan putusan").click()

    expect(page.get_by_role("heading", name="Diputus: Tarik")).to_be_visible()
    page.get_by_role("link", name="Tutup kasus").click()
    expect(page.get_by_role("heading", name="Tutup kasus")).to_be_visible()


def row_of(page: Page, case: str) -> Locator:
    return page.locator("main tbody tr", has_text=case)


def choose(page: Page, choice: str) -> None:
    page.get_by_role("radio", name=re.compile(f"^{choice}")).check()
    page.get_by_label("Alasan").fill(WHY)
