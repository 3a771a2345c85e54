"""Control visits in the browser: drawn, assigned, found, made a case, and reported."""

import re

import pytest

from app.infra.templating import TEMPLATES, environment
from tests.web.conftest import Browser, Visit, words
from tests.web.test_double_click import Rows, rows

__all__ = ["rows"]

FORM: dict[str, object] = {
    "kantor": "J05",
    "banyaknya": "6",
    "first_on": "2026-11-20",
    "last_on": "2026-12-31",
    "why": "Kontrol acak semester dua.",
}
DRAW = "/kontrol/undian/SK-J05-2026-001"


@pytest.fixture
def drawn(supervisor: Browser) -> Browser:
    supervisor.get("/kontrol")
    answer = supervisor.post("/kontrol", FORM)
    assert answer.headers["location"] == f"{DRAW}?kabar=undian", words(answer)
    return supervisor


def test_a_draw_leads_from_the_lot_to_a_case_and_a_report(drawn: Browser, visit: Visit) -> None:
    page = drawn.get(DRAW)
    assert "6 dari" in words(page)
    officer = re.search(r'<option value="(\d+)">Ratna Wulandari', page.text)
    assert officer is not None
    assigned = drawn.post(f"{DRAW}/petugas", {"kunjungan": ["1", "2"], "petugas": officer[1]})
    assert assigned.headers["location"] == f"{DRAW}?kabar=tugas"
    assert "kerangka dan daftarnya sama" in words(drawn.post(f"{DRAW}/cocokkan"))

    inspector = visit("pemeriksa")
    assert "2 kunjungan kontrol menunggu Anda" in words(inspector.get("/"))
    assert "kunjungan kontrol menunggu Anda" not in words(drawn.get("/"))
    assert "Menunggu kunjungan Anda" in words(inspector.get("/kontrol"))
    before = words(inspector.get(f"{DRAW}/1"))
    assert "Ditandai aturan saat diundi" not in before
    found: dict[str, object] = {
        "visited_on": "2026-11-20", "result": "melanggar", "violations": ["PDS_UPAH"],
        "rupiah": "Rp4.500.000", "workers": "3", "tercatat": "0",
        "note": "Slip gaji menunjukkan upah lain.",
    }  # fmt: skip
    recorded = inspector.post(f"{DRAW}/1", found)
    assert recorded.headers["location"] == f"{DRAW}/1?kabar=kontrol", words(recorded)
    after = words(inspector.get(f"{DRAW}/1"))
    assert "Ditandai aturan saat diundi" in after
    assert "Rp4.500.000" in after
    opened = inspector.post(f"{DRAW}/1/kasus")
    again = inspector.post(f"{DRAW}/1/kasus")
    assert opened.headers["location"].startswith("/kasus/PTH-J05-2026-00001"), words(opened)
    assert again.headers["location"] == opened.headers["location"]
    case = words(inspector.get("/kasus/PTH-J05-2026-00001"))
    assert "Seleksi kontrol SK-J05-2026-001 / 1: Slip gaji menunjukkan upah lain." in case

    drawn.get("/kontrol/laporan")
    counted = drawn.post(
        "/kontrol/laporan", {"kantor": "J05", "mulai": "2026-11-01", "sampai": "2026-11-20"}
    )
    assert counted.headers["location"] == "/kontrol/laporan?kantor=J05&kabar=seleksi"
    report = drawn.get("/kontrol/laporan")
    assert "Baru 1 kunjungan kontrol yang menemukan pemberi kerjanya; perlu 30" in words(report)
    assert "1 dari 1; antara 20,6% dan 100%" in words(report)
    assert "terlalu sedikit untuk dibandingkan" in words(report)
    assert '<title id="selang-judul">' in report.text
    assert "style=" not in report.text
    address = re.search(r'action="(/kontrol/laporan/\d+/ulang)"', report.text)
    assert address is not None
    # What is found later belongs to a later report, even within the same instant.
    inspector.post(f"{DRAW}/2", {**found, "violations": ["LAPSED"]})
    assert "hasilnya sama" in words(drawn.post(address[1]))

    environment().cache.clear()  # type: ignore[union-attr]
    for language in ("en", "id"):
        drawn.post("/bahasa", {"bahasa": language, "kembali": "/"})
        for address_of in ("/kontrol", DRAW, f"{DRAW}/1", "/kontrol/laporan"):
            assert f'<html lang="{language}">' in drawn.get(address_of).text
    kept = {name for _, name in environment().cache}  # type: ignore[union-attr]
    every = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob("pages/controls/*.html")}
    assert every <= kept
    stranger = visit("asing")
    assert "Belum pernah ada undian" in words(stranger.get("/kontrol"))
    assert stranger.get(f"{DRAW}/1").status_code == 404
    assert stranger.post(f"{DRAW}/1", found).status_code == 404
    assert "J05" not in words(stranger.get("/kontrol/laporan?kantor=J05"))


def test_two_clicks_draw_once_and_record_once(drawn: Browser, visit: Visit, rows: Rows) -> None:
    drawn.get("/kontrol")
    stored = rows.digests()
    again = drawn.post("/kontrol", FORM)
    assert again.headers["location"] == f"{DRAW}?kabar=undian"
    assert rows.digests() == stored
    other = drawn.post("/kontrol", {**FORM, "why": "Kontrol tambahan."})
    assert other.headers["location"] == "/kontrol/undian/SK-J05-2026-002?kabar=undian"

    inspector = visit("pemeriksa")
    inspector.get(f"{DRAW}/1")
    rows.only_once(
        inspector,
        f"{DRAW}/1",
        {"visited_on": "2026-11-20", "result": "patuh", "note": "Cocok.", "tercatat": "0"},
    )


def test_what_cannot_be_meant_is_refused_beside_its_field_and_keeps_what_was_typed(
    drawn: Browser, visit: Visit
) -> None:
    wrong_draws = [("banyaknya", "0"), ("banyaknya", "enam"), ("last_on", "2026-11-19"),
                   ("why", ""), ("first_on", "")]  # fmt: skip
    for field, value in wrong_draws:
        refused = drawn.post("/kontrol", {**FORM, field: value})
        assert refused.status_code == 422, (field, value)
        assert f'<a href="#{field}">' in refused.text, (field, value)
        assert "undian/SK-J05-2026-002" not in refused.text
    inspector = visit("pemeriksa")
    inspector.get(f"{DRAW}/1")
    outcome: dict[str, object] = {
        "visited_on": "2026-11-20", "result": "patuh", "note": "Semua cocok.", "tercatat": "0",
    }  # fmt: skip
    wrong_outcomes = [("visited_on", "2026-11-21"), ("result", ""), ("result", "apa"),
                      ("violations", "PIUTANG"), ("rupiah", "7"), ("rupiah", "banyak"),
                      ("note", "")]  # fmt: skip
    for field, value in wrong_outcomes:
        refused = inspector.post(f"{DRAW}/1", {**outcome, field: value})
        assert refused.status_code == 422, (field, value)
        assert f'<a href="#{field}">' in refused.text, (field, value)
    assert inspector.post("/kontrol", FORM).status_code == 403
    assert inspector.post(f"{DRAW}/1/kasus").status_code == 409
    assert drawn.post(f"{DRAW}/petugas", {"petugas": "1"}).status_code == 422
