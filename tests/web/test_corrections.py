"""A bill of the past is corrected after a case was opened: asked, weighed, decided, remembered."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.accounts import service as accounts
from app.infra.database import Database
from app.jobs import tasks
from app.jobs.tasks import JobContext
from tests.registry.extracts import row
from tests.web.conftest import OFFICE, Browser, Visit, words
from tests.web.test_cases import FIELD_CASE, take
from tests.web.test_movements import NPP, send

CASE = "/kasus/PTH-J05-2026-00001"
UNREGISTERED = "021234567891000"
WHY = "Sudah dibicarakan dengan pemberi kerja."


@pytest.fixture
def asked(visit: Visit, jobs: JobContext) -> Browser:
    """The inspector of a case of arrears whose August bill was corrected since its opening."""
    employer = row("pemberi_kerja", kantor_cabang=OFFICE)
    with time_machine.travel(datetime(2026, 9, 30, 3, tzinfo=UTC), tick=False):
        send(visit("penyelia"), jobs, 1, "2026-09-30", pemberi_kerja=[employer],
             tagihan=[row("tagihan", blth="2026-06", jumlah="900000")])  # fmt: skip
        inspector = visit("pemeriksa")
        inspector.get("/kasus/baru")
        form = {**FIELD_CASE, "npp": NPP, "violations": "PIUTANG"}
        assert inspector.post("/kasus/baru", form).headers["location"].startswith(CASE)
    send(visit("penyelia"), jobs, 2, "2026-11-20",
         tagihan=[row("tagihan", blth="2026-06", jumlah="800000")])  # fmt: skip
    tasks.look_for_corrections(jobs, actor=tasks.SYSTEM)
    browser = visit("pemeriksa")
    browser.get(CASE)
    return browser


def address_in(page: str) -> str:
    found = re.search(r'href="(/koreksi/\d+)"', page)
    assert found is not None
    return found[1]


def version_in(page: str) -> str:
    found = re.search(r'name="versi" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_correction_is_met_on_the_home_page_on_the_list_and_on_the_case(asked: Browser) -> None:
    home, listed, case = (asked.get(page) for page in ("/", "/koreksi", CASE))

    assert "1 koreksi data masa lalu menunggu putusan" in words(home)
    assert "semula Rp954.000" in words(listed)
    assert "Usulan: Sesuaikan" in words(case)
    assert address_in(listed.text) == address_in(case.text)


def test_a_decision_needs_a_choice_and_a_reason_and_is_then_on_the_timeline(
    asked: Browser, visit: Visit, jobs: JobContext
) -> None:
    address = address_in(asked.get("/koreksi").text)
    page = asked.get(address)
    told = words(page)
    assert "Jumlah pada 30 September 2026 bergeser Rp106.000" in told
    assert "Sesudah itu: Tutup kasus, yang diputus dua orang" in told
    version = version_in(page.text)

    refused = asked.post(f"{address}/putusan", {"versi": version})
    decided = asked.post(
        f"{address}/putusan", {"versi": version, "keputusan": "abaikan", "reason": WHY}
    )

    assert refused.status_code == 422
    assert '<a href="#keputusan">' in refused.text
    assert '<a href="#reason">' in refused.text
    assert decided.headers["location"] == f"{address}?kabar=koreksi"
    assert "Diputus: Abaikan" in words(asked.get(address))
    case = words(asked.get(CASE))
    assert "Koreksi data masa lalu diputus" in case
    assert WHY in case
    assert "Pokok dan denda pada hari itu Rp954.000 menjadi Rp848.000" in case
    tasks.look_for_corrections(jobs, actor=tasks.SYSTEM)
    assert "Tidak ada koreksi yang menunggu putusan" in words(visit("pemeriksa").get("/koreksi"))
    assert "Ratna Wulandari" in words(visit("penyelia").get("/koreksi?keadaan=diputus"))
    again = asked.post(
        f"{address}/putusan", {"versi": version, "keputusan": "tarik", "reason": WHY}
    )
    assert again.status_code == 412
    assert "sudah diputus oleh Ratna Wulandari" in words(again)


def test_one_decision_can_be_said_of_every_paper_of_the_case_with_the_same_proposal(
    asked: Browser, jobs: JobContext
) -> None:
    sent = take(
        asked, CASE, "send_notice", on="2026-10-01", letter="B/1/102026", kind="salinan_surat"
    )
    assert sent.status_code == 303, words(sent)
    tasks.look_for_corrections(jobs, actor=tasks.SYSTEM)
    address = address_in(asked.get("/koreksi").text)
    page = asked.get(address)
    others = re.findall(r'name="lain" value="([^"]+)"', page.text)
    form = {"versi": version_in(page.text), "keputusan": "sesuaikan", "reason": WHY}

    stale = asked.post(
        f"{address}/putusan", {**form, "sama": "1", "lain": [others[0].split("-")[0] + "-99"]}
    )
    untouched = words(asked.get("/koreksi?keadaan=diputus"))
    asked.post(f"{address}/putusan", {**form, "sama": "1", "lain": others})

    assert len(others) == 1
    assert stale.status_code == 412
    assert "Belum ada koreksi yang diputus." in untouched
    assert "Tidak ada koreksi yang menunggu putusan" in words(asked.get("/koreksi"))
    assert words(asked.get(CASE)).count("Koreksi data masa lalu diputus") == 2


def test_who_only_reads_sees_no_form_and_who_is_elsewhere_sees_nothing(
    asked: Browser, visit: Visit
) -> None:
    address = address_in(asked.get("/koreksi").text)

    auditor = visit("auditor").get(address)
    stranger = visit("asing")

    assert 'name="keputusan"' not in auditor.text
    assert "Petugas kasus atau atasannya yang memutus." in words(auditor)
    assert stranger.get(address).status_code == 404
    assert "Tidak ada koreksi yang menunggu putusan" in words(stranger.get("/koreksi"))
    assert "koreksi data masa lalu menunggu" not in words(stranger.get("/"))


def test_the_pages_are_told_in_english_too(asked: Browser) -> None:
    address = address_in(asked.get("/koreksi").text)
    asked.post("/bahasa", {"bahasa": "en", "kembali": "/"})

    page, listed = words(asked.get(address)), words(asked.get("/koreksi"))

    assert "Proposal: Adjust" in page
    assert "The sum on 30 September 2026 moved by Rp106,000" in page
    assert "before Rp954" in listed


def test_the_api_lists_shows_and_decides_with_the_version_it_was_read_at(
    asked: Browser, app: FastAPI, database: Database, now: datetime
) -> None:
    del asked
    client = TestClient(app)
    with database.transaction() as session:
        secret = accounts.create_token(
            session, name="uji", scopes=("cases:write",), office_code=OFFICE,
            owner_email="pemeriksa@contoh.test", days=30, now=now, actor="test",
        )  # fmt: skip
    headers = {"Authorization": f"Bearer {secret}"}

    (one,) = client.get("/api/v1/corrections", headers=headers).json()["items"]
    shown = client.get(f"/api/v1/corrections/{one['id']}", headers=headers)
    body = {"choice": "sesuaikan", "reason": WHY}
    address = f"/api/v1/corrections/{one['id']}/decision"
    unseen = client.post(address, json=body, headers={**headers, "Idempotency-Key": "a"})
    decided = client.post(
        address,
        json=body,
        headers={**headers, "Idempotency-Key": "b", "If-Match": shown.headers["etag"]},
    )

    assert shown.json() == one
    assert (one["kind"], one["proposal"], one["ground"]) == ("kasus", "sesuaikan", "jumlah")
    assert (one["weight"]["principal_was"], one["weight"]["principal"]) == (900_000, 800_000)
    assert unseen.status_code == 428
    assert decided.status_code == 201, decided.text
    assert decided.json()["decision"]["choice"] == "sesuaikan"
    assert client.get("/api/v1/corrections", headers=headers).json()["items"] == []


@pytest.fixture
def asked_of_unregistered(visit: Visit, jobs: JobContext) -> Browser:
    """The inspector of a case without NPP whose workers an agency has counted anew since."""

    def known(count: str) -> dict[str, str]:
        return row(
            "sumber_pemberi_kerja", npwp=UNREGISTERED, nama="CV Tanpa Nomor", jumlah_tk=count
        )

    employer = row("pemberi_kerja", kantor_cabang=OFFICE)
    with time_machine.travel(datetime(2026, 9, 30, 3, tzinfo=UTC), tick=False):
        send(visit("penyelia"), jobs, 1, "2026-09-30", pemberi_kerja=[employer],
             sumber_pemberi_kerja=[known("14")])  # fmt: skip
        inspector = visit("pemeriksa")
        inspector.get("/kasus/baru")
        form = {**FIELD_CASE, "nama": "CV Tanpa Nomor", "npp": "", "npwp": UNREGISTERED}
        assert inspector.post("/kasus/baru", form).headers["location"].startswith(CASE)
    send(visit("penyelia"), jobs, 2, "2026-11-20", sumber_pemberi_kerja=[known("3")])
    tasks.look_for_corrections(jobs, actor=tasks.SYSTEM)
    return visit("pemeriksa")


def test_a_case_without_npp_is_asked_about_what_the_agency_counts_now(
    asked_of_unregistered: Browser,
) -> None:
    listed = asked_of_unregistered.get("/koreksi")
    page = asked_of_unregistered.get(address_in(listed.text))

    assert "CV Tanpa Nomor" in words(listed)
    assert "belum ada tagihan" in words(listed)
    told = words(page)
    assert "Pekerja menurut lembaga lain 14 3 -11" in told
    assert "Baris data lembaga lain yang dikoreksi 1" in told
    assert "Usulan: Sesuaikan" in told
