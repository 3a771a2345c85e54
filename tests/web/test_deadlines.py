"""Deadlines through pages: the certificate, the ledger of suspensions, a defect that is shown."""

import re
from datetime import date

import pytest
from httpx2 import Response

from app.accounts.schemas import Principal
from app.cases import service
from app.cases.stages import Action
from app.infra.database import Database
from app.infra.store import ObjectStore
from tests.cases.conftest import Casework, Cast
from tests.conftest import NOW
from tests.web.conftest import Browser, Visit, words

CALCULATION = "/kalkulator/tenggat/sertifikat?from=2026-03-13&count=10&unit=working_days"
FLOOD = {
    "entry": "mulai",
    "first_on": "2026-02-09",
    "last_on": "2026-02-11",
    "reason": "Banjir di kawasan industri",
    "authority": "Surat Kepala Cabang B/77/022026",
}


@pytest.fixture
def work(database: Database, store: ObjectStore, people: dict[str, Principal]) -> Casework:
    """A case whose first warning was received on 3 February 2026 and lapsed on the 19th."""
    cast = Cast(
        inspector=people["pemeriksa"],
        colleague=people["pemeriksa"],
        supervisor=people["penyelia"],
        branch_head=people["kepala"],
        legal=people["hukum"],
        stranger=people["asing"],
        administrator=people["admin"],
        auditor=people["auditor"],
        machine=people["auditor"],
    )
    with database.transaction() as session:
        work = Casework(session, cast, store, NOW)
        work.open()
        work.inspect()
        work.letter(Action.WARN_1, date(2026, 2, 2), date(2026, 2, 3))
    return work


@pytest.fixture
def case(work: Casework, database: Database) -> str:
    with database.transaction() as session:
        work.session = session
        return f"/kasus/{work.file().number}"


def warn_again(work: Casework, database: Database) -> None:
    with database.transaction() as session:
        work.session = session
        work.letter(Action.WARN_2, date(2026, 2, 20), date(2026, 2, 23))


def propose(browser: Browser, case: str, **sent: str) -> Response:
    query = f"entry={sent.get('entry', 'mulai')}&of_id={sent.get('of_id', '')}"
    page = browser.get(f"{case}/penangguhan?{query}")
    version = re.search(r'name="versi" value="(\d+)"', page.text)
    assert version is not None, words(page)
    return browser.post(f"{case}/penangguhan", {**FLOOD, "versi": version[1], **sent})


def decide(browser: Browser, case: str, line: int, **sent: str) -> Response:
    browser.get(f"{case}/tenggat")
    return browser.post(f"{case}/penangguhan/{line}", sent)


def certificate_of(browser: Browser, case: str) -> Response:
    found = re.search(rf'href="({case}/tenggat/\d+)"', browser.get(f"{case}/tenggat").text)
    assert found is not None
    return browser.get(found[1])


def test_the_certificate_of_a_case_shows_its_proof_and_every_day(visit: Visit, case: str) -> None:
    page = certificate_of(visit("pemeriksa"), case)

    said = words(page)
    assert "Hari terakhir : Kamis, 19 Februari 2026" in said.replace("terakhir:", "terakhir :")
    assert re.search(r"P-\d+ \(SHA-256 [0-9a-f]{16}…\): diterima Wati, Resepsionis pada 3", said)
    assert "Rabu, 4 Februari 2026 1 dihitung" in said
    assert "Sabtu, 7 Februari 2026 – dilewati: Sabtu" in said
    assert "10 dihitung, 6 dilewati" in said
    assert "PP 86/2013 Pasal 6" in said
    assert "Mutu sumber" in said
    assert "31 Desember 2027" in said


def test_the_calculated_certificate_says_that_it_rests_on_no_proof(visit: Visit) -> None:
    said = words(visit("pemeriksa").get(CALCULATION))

    assert "Senin, 6 April 2026" in said
    assert "Tidak diperiksa oleh hitungan ini" in said


def test_the_calculator_takes_suspensions_line_by_line_and_links_the_certificate(
    visit: Visit,
) -> None:
    browser = visit("pemeriksa")
    asked = (
        "/kalkulator/tenggat?from=2026-11-02&count=3&unit=working_days&suspensions="
        "2026-11-04;2026-11-06;Banjir;Surat%20B/1"
    )

    page = browser.get(asked)
    link = re.search(r'href="(/kalkulator/tenggat/sertifikat\?[^"]+)"', page.text)

    assert "10 November 2026" in words(page)
    assert link is not None
    certificate = words(browser.get(link[1].replace("&amp;", "&")))
    assert "dilewati: Penangguhan: Banjir (Surat B/1)" in certificate


@pytest.mark.parametrize(
    "lines", ["kemarin", "2026-11-04;2026-11-06;Banjir", "2026-11-04;;Banjir;Surat B/1"]
)
def test_a_line_that_is_none_or_has_no_end_is_said_on_the_calculator(
    visit: Visit, lines: str
) -> None:
    page = visit("pemeriksa").get(
        f"/kalkulator/tenggat?from=2026-11-02&count=3&unit=working_days&suspensions={lines}"
    )

    assert page.status_code == 422
    assert "Ada yang perlu diperbaiki" in words(page)


def test_a_suspension_is_proposed_by_one_and_decided_by_another(visit: Visit, case: str) -> None:
    inspector, supervisor = visit("pemeriksa"), visit("penyelia")

    proposed = propose(inspector, case)
    own = decide(inspector, case, 1, putusan="setuju")
    decided = decide(supervisor, case, 1, putusan="setuju")

    assert [answer.status_code for answer in (proposed, own, decided)] == [303, 403, 303]
    said = words(supervisor.get(f"{case}/tenggat"))
    assert "Baris 1: Mulai berlaku" in said
    assert "24 Februari 2026" in said
    assert "Penangguhan: Banjir di kawasan industri" in words(certificate_of(inspector, case))
    timeline = words(inspector.get(case))
    assert "Baris 1: 9 Februari 2026 sampai 11 Februari 2026" in timeline


def test_an_open_suspension_says_that_the_last_day_is_not_known(visit: Visit, case: str) -> None:
    inspector, supervisor = visit("pemeriksa"), visit("penyelia")
    propose(inspector, case, last_on="")
    decide(supervisor, case, 1, putusan="setuju")

    said = words(inspector.get(f"{case}/tenggat"))

    assert "Hari terakhirnya belum dapat diketahui: penangguhan sejak 9 Februari 2026" in said
    assert "3 hari sudah terhitung" in said
    ended = propose(inspector, case, entry="akhir", of_id="1", first_on="", last_on="2026-02-11")
    assert ended.status_code == 303


def test_what_undermines_a_step_is_said_before_it_can_be_proposed(
    visit: Visit, work: Casework, case: str, database: Database
) -> None:
    warn_again(work, database)
    inspector, supervisor = visit("pemeriksa"), visit("penyelia")

    refused = propose(inspector, case)
    accepted = propose(inspector, case, accepts_defects="1")
    before = words(supervisor.get(f"{case}/tenggat"))
    decide(supervisor, case, 1, putusan="setuju")

    assert refused.status_code == 409
    assert "Surat Teguran Tertulis II tanggal 20 Februari 2026 terlalu dini" in words(refused)
    assert FLOOD["reason"] in refused.text
    assert accepted.status_code == 303
    assert "Akibat yang diketahui pengusul" in before
    page = inspector.get(case)
    assert "Langkah yang tidak tepat waktu" in words(page)
    assert re.search(r'href="[^"]+/langkah/warn_2">Ulangi surat itu', page.text)


def test_a_wrong_proposal_keeps_what_was_typed_and_names_the_field(visit: Visit, case: str) -> None:
    page = propose(visit("pemeriksa"), case, first_on="", authority="")

    assert page.status_code == 422
    assert '<a href="#authority">' in page.text
    assert FLOOD["reason"] in page.text


def test_the_preview_names_the_case_and_its_letter_to_the_administrator(
    visit: Visit, work: Casework, case: str
) -> None:
    browser = visit("admin")
    browser.get("/kalender")
    number = case.removeprefix("/kasus/")

    page = browser.post(
        "/kalender",
        {"day": "2026-02-09", "name": "Libur", "kind": "public", "source": "Keppres uji"},
    )

    assert f"{number} J05 Surat Teguran Tertulis I 19 Februari 2026 20 Februari 2026" in words(page)
    assert "PT Sinar Baja Contoh" not in page.text


def test_the_change_of_calendar_is_told_in_the_timeline(
    visit: Visit, work: Casework, case: str, database: Database, people: dict[str, Principal]
) -> None:
    warn_again(work, database)
    with database.transaction() as session:
        service.set_holiday(
            session,
            principal=people["admin"],
            day=date(2026, 2, 9),
            name="Libur",
            kind="public",
            source="Keppres uji",
            now=NOW,
        )

    said = words(visit("pemeriksa").get(case))

    assert "Tenggat dihitung ulang karena kalender berubah" in said
    assert "Tenggat Surat Teguran Tertulis I: 19 Februari 2026 menjadi 20 Februari 2026." in said
    assert "Surat Teguran Tertulis II menjadi terlalu dini." in said
    assert "Keppres uji" in said


def test_in_english_a_certificate_has_no_indonesian_left_over(visit: Visit, case: str) -> None:
    browser = visit("pemeriksa")
    browser.post("/bahasa", {"bahasa": "en", "kembali": "/"})

    said = words(certificate_of(browser, case))

    assert "Certificate of deadline" in said
    assert "skipped: Saturday" in said
    assert "dilewati" not in said
    assert "Mutu" not in said
