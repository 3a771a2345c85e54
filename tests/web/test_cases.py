"""Casework through pages: open by hand, record steps with evidence, deliver, approve by two."""

import re

import pytest
from httpx2 import Response

from app.infra.database import Database
from tests.web.conftest import Browser, Visit, pdf, words

FIELD_CASE = {
    "nama": "CV Karya Logam Contoh",
    "npp": "AB123456",
    "kode_wilayah": "32.16",
    "alamat": "Jl. Industri 4",
    "jumlah_tk": "40",
    "kantor": "J05",
    "violations": "PWBD",
    "reason": "Ditemui saat kunjungan kawasan industri.",
}


def opened(browser: Browser, **changes: str) -> str:
    """Open a case by hand and return the address of its page."""
    browser.get("/kasus/baru")
    response = browser.post("/kasus/baru", {**FIELD_CASE, **changes})
    assert response.status_code == 303, words(response)
    address = response.headers["location"].split("?")[0]
    browser.get(address)
    return str(address)


def hidden(response: Response) -> dict[str, object]:
    """Return the fields that the check-your-answers page carries to its first form."""
    found: dict[str, object] = {}
    main = response.text.split("<main")[1].split("</form>")[0]
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', main):
        if name == "evidence":
            found.setdefault(name, [])
            listed = found[name]
            assert isinstance(listed, list)
            listed.append(value)
        else:
            found[name] = value
    return found


def take(
    browser: Browser,
    case: str,
    action: str,
    *,
    on: str,
    letter: str = "",
    kind: str = "",
    reason: str = "",
) -> Response:
    """Fill in the step's form, check the answers, record; return the last answer."""
    page = browser.get(f"{case}/langkah/{action}")
    version = re.search(r'name="versi" value="(\d+)"', page.text)
    assert version is not None, words(page)
    data: dict[str, object] = {"on": on, "letter_number": letter, "versi": version[1]}
    data["tahap"] = "periksa"
    if reason:
        data |= {"closing_reason": reason, "note": "Uraian."}
    files = None
    if kind:
        data["kind"] = kind
        files = {"file": ("pindai.pdf", pdf(f"{action} {on} {letter}"), "application/pdf")}
    checked = browser.post(f"{case}/langkah/{action}", data, files)
    assert checked.status_code == 200, words(checked)
    return browser.post(f"{case}/langkah/{action}", hidden(checked))


def test_a_case_opened_in_the_field_starts_with_one_next_step(visit: Visit) -> None:
    browser = visit("pemeriksa")

    page = browser.get(opened(browser))

    assert "CV Karya Logam Contoh" in words(page)
    assert page.text.count('class="next"') == 1
    assert "Kirim surat pemberitahuan atau penagihan" in words(page)
    assert "Belum dapat diambil" in words(page)


def test_a_form_that_lacks_answers_keeps_what_was_typed_and_links_to_the_fields(
    visit: Visit,
) -> None:
    browser = visit("pemeriksa")
    browser.get("/kasus/baru")

    response = browser.post(
        "/kasus/baru", {**FIELD_CASE, "nama": "", "violations": [], "alamat": "Jl. Lama 9"}
    )

    assert response.status_code == 422
    assert "Jl. Lama 9" in response.text
    assert '<a href="#nama">' in response.text
    assert '<a href="#violations">' in response.text
    assert "Kesalahan:" in response.text.split("</title>")[0]


def test_a_step_is_shown_for_checking_before_it_is_recorded(visit: Visit) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)
    page = browser.get(f"{case}/langkah/send_notice")
    version = re.search(r'name="versi" value="(\d+)"', page.text)
    assert version is not None

    checked = browser.post(
        f"{case}/langkah/send_notice",
        {"on": "2026-11-20", "letter_number": "B/1/2026", "versi": version[1], "tahap": "periksa",
         "kind": "salinan_surat"},
        {"file": ("surat.pdf", pdf("surat"), "application/pdf")},
    )  # fmt: skip

    assert "Periksa sebelum dicatat" in words(checked)
    assert "P-1" in words(checked)
    assert "B/1/2026" not in words(browser.get(case))
    recorded = browser.post(f"{case}/langkah/send_notice", hidden(checked))
    assert recorded.headers["location"] == f"{case}?kabar=langkah"
    assert "B/1/2026" in words(browser.get(case))


def test_a_step_without_its_proof_is_refused_with_everything_typed_still_there(
    visit: Visit,
) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)
    page = browser.get(f"{case}/langkah/send_notice")
    version = re.search(r'name="versi" value="(\d+)"', page.text)
    assert version is not None

    response = browser.post(
        f"{case}/langkah/send_notice",
        {"on": "2026-11-20", "letter_number": "B/7/2026", "note": "Diantar sendiri",
         "versi": version[1], "tahap": "periksa"},
    )  # fmt: skip

    assert response.status_code == 409
    assert "Lampirkan bukti: Salinan surat." in words(response)
    assert 'value="B/7/2026"' in response.text
    assert "Diantar sendiri" in response.text


def test_a_step_that_is_not_possible_yet_says_why(visit: Visit) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)

    response = browser.get(f"{case}/langkah/warn_2")

    assert response.status_code == 409
    assert "Kasus berada pada tahap Verifikasi" in words(response)


def test_sending_the_last_page_twice_records_the_step_once(visit: Visit) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)
    page = browser.get(f"{case}/langkah/visit")
    version = re.search(r'name="versi" value="(\d+)"', page.text)
    assert version is not None
    form = {"on": "2026-11-20", "note": "Tutup.", "versi": version[1], "tahap": "periksa"}
    last = hidden(browser.post(f"{case}/langkah/visit", form))

    first = browser.post(f"{case}/langkah/visit", last)
    second = browser.post(f"{case}/langkah/visit", last)

    assert first.status_code == 303
    assert second.status_code == 412
    assert words(browser.get(case)).count("Tutup.") == 1


def test_a_proved_receipt_moves_the_case_on(visit: Visit) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)
    take(browser, case, "send_notice", on="2026-11-20", letter="B/1/2026", kind="salinan_surat")
    assert "Catat bukti terima surat" in words(browser.get(case))
    page = browser.get(f"{case}/bukti")
    letter = re.search(r'<option value="(\d+)"[^>]*>Surat Pemberitahuan', page.text)
    assert letter is not None
    sent = browser.post(
        f"{case}/bukti",
        {"kind": "tanda_terima", "dated_on": "2026-11-20"},
        {"file": ("resi.pdf", pdf("resi"), "application/pdf")},
    )
    assert sent.status_code == 303, words(sent)
    page = browser.get(f"{case}/bukti")
    receipt = re.search(r'<option value="(\d+)"[^>]*>P-2 Tanda terima', page.text)
    assert receipt is not None

    response = browser.post(
        f"{case}/penyampaian",
        {"event_seq": letter[1], "channel": "diantar", "sent_on": "2026-11-20",
         "result": "diterima", "received_on": "2026-11-20", "received_time": "08.15",
         "receiver_name": "Rina", "evidence_id": receipt[1]},
    )  # fmt: skip

    assert response.status_code == 303, words(response)
    assert "pukul 08.15 WIB" in words(browser.get(f"{case}/bukti"))
    assert "pukul 08.15 WIB, Rina" in words(browser.get(case))
    assert "Terbitkan surat perintah tugas pemeriksaan" in words(browser.get(case))


def test_an_hour_that_is_none_is_refused_beside_its_field(visit: Visit) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)
    take(browser, case, "send_notice", on="2026-11-20", letter="B/1/2026", kind="salinan_surat")
    letter = re.search(r'<option value="(\d+)"[^>]*>Surat', browser.get(f"{case}/bukti").text)
    assert letter is not None

    response = browser.post(
        f"{case}/penyampaian",
        {"event_seq": letter[1], "channel": "diantar", "sent_on": "2026-11-20",
         "result": "diterima", "received_on": "2026-11-20", "received_time": "25:10",
         "receiver_name": "Rina"},
    )  # fmt: skip

    assert response.status_code == 422
    assert 'href="#received_time"' in response.text
    assert "“25:10” bukan jam" in words(response)


def test_evidence_leaves_only_as_an_attachment_that_can_run_nothing(visit: Visit) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)
    content = pdf("asli")
    browser.post(
        f"{case}/bukti",
        {"kind": "foto", "dated_on": "2026-11-20"},
        {"file": ("../../etc/bukti\u202efdp.pdf", content, "text/html")},
    )
    link = re.search(r'href="([^"]+/berkas)"', browser.get(f"{case}/bukti").text)
    assert link is not None

    response = browser.get(link[1])

    assert response.content == content
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("attachment; ")
    assert "sandbox" in response.headers["content-security-policy"]
    assert "/" not in response.headers["content-disposition"].split("filename=")[1]


def test_a_file_of_another_kind_is_refused_beside_its_field(visit: Visit) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)

    response = browser.post(
        f"{case}/bukti",
        {"kind": "foto", "dated_on": "2026-11-20", "title": "Papan nama"},
        {"file": ("gambar.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")},
    )

    assert response.status_code == 422
    assert 'id="file-kesalahan"' in response.text
    assert 'value="Papan nama"' in response.text


@pytest.mark.parametrize("path", ["", "/bukti", "/tenggat", "/langkah/visit"])
def test_a_case_of_another_office_is_not_there(visit: Visit, path: str) -> None:
    case = opened(visit("pemeriksa"))

    response = visit("asing").get(case + path)

    assert response.status_code == 404
    assert "CV Karya Logam" not in response.text


def test_closing_waits_for_another_person(visit: Visit, database: Database) -> None:
    inspector = visit("pemeriksa")
    case = opened(inspector)
    page = inspector.get(f"{case}/langkah/close")
    assert "Alasan Dicetak pada kronologi" in words(page)
    version = re.search(r'name="versi" value="(\d+)"', page.text)
    assert version is not None
    checked = inspector.post(
        f"{case}/langkah/close",
        {"on": "2026-11-20", "closing_reason": "TIDAK_TERBUKTI", "note": "Semua terdaftar.",
         "versi": version[1], "tahap": "periksa"},
    )  # fmt: skip
    proposed = inspector.post(f"{case}/langkah/close", hidden(checked))
    assert proposed.headers["location"] == f"{case}?kabar=usul"
    assert "harus diputus oleh orang lain" in words(inspector.get(case))
    assert "Langkah diusulkan: Penutupan" in words(inspector.get(case))
    head = visit("kepala")
    address = re.search(r'action="([^"]+/usulan/\d+)"', head.get(case).text)
    assert address is not None

    decided = head.post(address[1], {"putusan": "setuju"})

    assert decided.headers["location"] == f"{case}?kabar=setuju"
    assert "Ditutup" in words(head.get(case))


def test_the_list_narrows_by_its_address(visit: Visit) -> None:
    browser = visit("pemeriksa")
    opened(browser)

    assert "CV Karya Logam Contoh" in words(browser.get("/kasus?cari=logam&tahap=verification"))
    assert "CV Karya Logam Contoh" not in words(browser.get("/kasus?cari=tekstil"))
    assert "CV Karya Logam Contoh" in words(browser.get("/kasus?lihat=saya"))
    assert "CV Karya Logam Contoh" not in words(visit("penyelia").get("/kasus?lihat=saya"))


def test_the_home_page_lists_what_waits_for_this_person(visit: Visit) -> None:
    browser = visit("pemeriksa")
    opened(browser)

    page = words(browser.get("/"))

    assert "Perlu tindakan saya" in page
    assert "CV Karya Logam Contoh" in page
    assert "Perlu tindakan hari ini" in page


def test_the_case_list_opens_with_what_needs_somebody_and_leads_on_to_the_rest(
    visit: Visit,
) -> None:
    browser = visit("pemeriksa")
    case = opened(browser)
    take(browser, case, "send_notice", on="2026-11-20", letter="B/1/2026", kind="salinan_surat")

    first = browser.get("/kasus")

    assert first.text.index("Perlu tindakan hari ini") < first.text.index("Semua yang terbuka")
    assert 'href="/kasus?lihat=semua"' in first.text
    assert "CV Karya Logam Contoh" in words(browser.get("/kasus?lihat=semua"))
    nothing = browser.get("/kasus?cari=tidak-ada")
    assert 'href="/kasus?lihat=semua&amp;cari=tidak-ada"' in nothing.text
