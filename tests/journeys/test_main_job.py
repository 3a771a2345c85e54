"""From an uploaded extract to a sealed packet on the disk, on a phone and on a desktop."""

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.demo import RegionReport
from app.infra import clock
from tests.journeys.conftest import WIDTHS, Open, Visitor
from tests.journeys.extracts import sweep, upload_extracts
from tests.web.conftest import pdf

ZONE = "Asia/Jakarta"


def open_case(inspector: Visitor) -> str:
    """Accept the most important flag for arrears; return the number of its case."""
    inspector.go("/temuan")
    inspector.follow("Menunggak iuran")
    inspector.page.locator("main tbody th a").first.click()
    inspector.judge()
    # Arrears alone go to the prosecutor without warnings; a breach would need weeks of them.
    for other in inspector.page.locator("main input[name=temuan]").all():
        other.uncheck()
    inspector.press("Terima dan buka kasus")
    found = re.search(r"PTH-[A-Z0-9]+-\d{4}-\d{5}", inspector.page.url)
    assert found is not None, inspector.page.url
    return found[0]


def take_step(
    inspector: Visitor, case: str, action: str, *, letter: str = "", paper: str = ""
) -> None:
    page = inspector.page
    inspector.go(f"/kasus/{case}/langkah/{action}")
    assert page.get_by_label("Tanggal", exact=True).count() == 1, page.locator("main").inner_text()
    page.get_by_label("Tanggal", exact=True).fill(clock.today(ZONE).isoformat())
    if letter:
        page.get_by_label("Nomor surat").fill(letter)
    if paper:
        attach(page, f"{action} {letter}")
        page.get_by_label("Jenis bukti").select_option(label=paper)
    inspector.press("Periksa isian")
    expect(page.get_by_role("heading", name="Periksa sebelum dicatat")).to_be_visible()
    last = page.get_by_role("button", name=re.compile("Catat langkah|Kirim usulan"))
    last.click()
    inspector.judge()
    assert f"/kasus/{case}?kabar=" in page.url, page.locator("main").inner_text()[:800]


def prove_receipt(inspector: Visitor, case: str, letter: str) -> None:
    page = inspector.page
    inspector.go(f"/kasus/{case}/bukti")
    unfold(page, "Simpan bukti")
    attach(page, f"resi {letter}")
    page.get_by_label("Jenis bukti").select_option(label="Tanda terima")
    page.get_by_label("Judul").fill(f"Resi {letter}")
    page.get_by_label("Tanggal dokumen").fill(clock.today(ZONE).isoformat())
    inspector.press("Simpan bukti")
    unfold(page, "Catat penyampaian")
    form = page.locator("form", has=page.get_by_label("Nomor resi"))
    form.get_by_label("Surat", exact=True).select_option(index=0)
    form.get_by_label("Tanggal dikirim").fill(clock.today(ZONE).isoformat())
    form.get_by_label("Hasil").select_option(label="Diterima")
    form.get_by_label("Tanggal diterima").fill(clock.today(ZONE).isoformat())
    form.get_by_label("Nama penerima").fill("Rina Kartika")
    receipt = form.get_by_label("Bukti terima").locator("option", has_text=f"Resi {letter}")
    form.get_by_label("Bukti terima").select_option(value=receipt.get_attribute("value"))
    form.get_by_role("button", name="Catat penyampaian").click()
    inspector.judge()
    assert "kabar=layanan" in page.url, page.locator("main").inner_text()[:800]


def unfold(page: Page, name: str) -> None:
    fold = page.locator("details.fold--panel", has=page.locator("summary", has_text=name))
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()


def attach(page: Page, text: str) -> None:
    page.get_by_label("Berkas", exact=True).set_input_files(
        {"name": "pindai.pdf", "mimeType": "application/pdf", "buffer": pdf(text)}
    )


def approve(head: Visitor, case: str) -> None:
    head.go(f"/kasus/{case}")
    head.press("Setujui")
    assert "kabar=setuju" in head.page.url


@pytest.mark.parametrize("width", WIDTHS)
def test_an_uploaded_extract_becomes_a_packet_on_the_disk(
    visitor: Open, region: RegionReport, tmp_path: Path, width: int
) -> None:
    supervisor, inspector, head = visitor(width), visitor(width), visitor(width)
    for person, name in ((supervisor, "penyelia"), (inspector, "pemeriksa"), (head, "kepala")):
        person.sign_in(name)

    upload_extracts(supervisor, region)
    sweep(supervisor)
    case = open_case(inspector)
    for letter in (f"B/1/{width}", f"B/2/{width}"):
        take_step(inspector, case, "send_notice", letter=letter, paper="Salinan surat")
        prove_receipt(inspector, case, letter)
    take_step(inspector, case, "visit", paper="Berita acara kunjungan")
    take_step(
        inspector, case, "order_inspection", letter=f"B/3/{width}", paper="Surat perintah tugas"
    )
    take_step(inspector, case, "record_minutes", paper="Berita acara pemeriksaan")
    take_step(inspector, case, "report_findings", paper="Laporan hasil pemeriksaan")
    take_step(inspector, case, "refer")
    approve(head, case)
    inspector.go(f"/kasus/{case}/rujukan")
    inspector.press("Susun dan segel berkas")
    page = inspector.page
    assert "kabar=segel" in page.url, page.locator("main").inner_text()[:1500]
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile(r"Unduh PDF \(A4")).click()
    waiting.value.save_as(tmp_path / "paket.pdf")

    content = (tmp_path / "paket.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert page.get_by_text(hashlib.sha256(content).hexdigest()).is_visible()

    inspector.go(f"/kasus/{case}/angka")
    assert page.get_by_role("heading", name="Jumlahnya sama").is_visible()
