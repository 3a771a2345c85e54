"""Several flags decided at once: one reason, all of them or none."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.infra.database import Database
from tests.web.conftest import TODAY, Browser, Visit, words
from tests.web.finding import version_of


def chosen(browser: Browser, count: int) -> dict[str, object]:
    """Return what the page of chosen flags would send for the first flags of the list."""
    ids = re.findall(r'name="temuan" value="(\d+)"', browser.get("/temuan").text)[:count]
    page = browser.get("/temuan/pilihan?" + "&".join(f"temuan={one}" for one in ids))
    versions = dict(re.findall(r'name="(versi-\d+)" value="(\d+)"', page.text))
    return {"temuan": ids, **versions}


def test_several_flags_are_declined_with_one_reason_that_each_records(supervisor: Browser) -> None:
    form = chosen(supervisor, 3)
    flags = [f"/temuan/{one}" for one in form["temuan"]]  # type: ignore[attr-defined]

    refused = supervisor.post("/temuan/pilihan", {**form, "keputusan": "tolak", "reason": ""})
    declined = supervisor.post(
        "/temuan/pilihan",
        {**form, "keputusan": "tolak", "reason": "Satu grup, terdaftar.", "lanjut": "urut=rupiah"},
    )

    assert refused.status_code == 422
    assert '<a href="#reason">' in refused.text
    assert declined.headers["location"] == "/temuan?urut=rupiah&kabar=tolak-banyak"
    assert all("Satu grup, terdaftar." in words(supervisor.get(flag)) for flag in flags)


def test_several_flags_are_snoozed_only_until_a_day_to_come(supervisor: Browser) -> None:
    form = {**chosen(supervisor, 2), "keputusan": "tunda", "reason": "Menunggu data DJP."}

    today = supervisor.post("/temuan/pilihan", {**form, "until": TODAY.isoformat()})
    never = supervisor.post("/temuan/pilihan", {**form, "until": "2027-11-21"})
    later = supervisor.post("/temuan/pilihan", {**form, "until": "2026-12-20"})

    assert today.status_code == 422
    assert never.status_code == 422
    assert '<a href="#until">Pilih tanggal paling lambat 20 November 2027;' in never.text
    assert '<a href="#until">' in today.text
    assert later.headers["location"] == "/temuan?kabar=tunda-banyak"


def test_one_flag_that_somebody_changed_stops_the_decision_on_all(supervisor: Browser) -> None:
    form = chosen(supervisor, 2)
    first, second = (f"/temuan/{one}" for one in form["temuan"])  # type: ignore[attr-defined]
    supervisor.post(
        f"{second}/tolak",
        {"versi": version_of(supervisor, second), "alasan_tolak": "Sudah dibayar."},
    )

    refused = supervisor.post(
        "/temuan/pilihan", {**form, "keputusan": "tolak", "reason": "Satu grup, terdaftar."}
    )

    assert refused.status_code == 412
    assert "sudah diputus orang lain" in words(refused)
    assert "Satu grup" not in words(supervisor.get(first))


def test_all_chosen_flags_are_taken_before_the_audit_log_is(
    supervisor: Browser, database: Database
) -> None:
    form = chosen(supervisor, 2)
    last = int(form["temuan"][-1])  # type: ignore[index]
    decision = {**form, "keputusan": "tolak", "reason": "Satu grup, terdaftar."}
    with ThreadPoolExecutor(1) as pool, database.engine.connect() as other:
        other.execute(sa.text("SELECT 1 FROM flag WHERE id = :last FOR UPDATE"), {"last": last})
        answer = pool.submit(supervisor.post, "/temuan/pilihan", decision)
        until_somebody_waits(database)
        free = other.execute(sa.text("SELECT pg_try_advisory_xact_lock(7201)")).scalar_one()
        other.rollback()

    assert free is True
    assert answer.result().headers["location"] == "/temuan?kabar=tolak-banyak"


def until_somebody_waits(database: Database) -> None:
    for _ in range(150):
        with database.engine.connect() as looking:
            if looking.execute(sa.text("SELECT 1 FROM pg_locks WHERE NOT granted")).first():
                return
        time.sleep(0.1)
    pytest.fail("nobody waited")


def test_who_may_not_triage_is_offered_no_boxes(supervisor: Browser, visit: Visit) -> None:
    del supervisor
    lawyer = visit("hukum")

    assert 'name="temuan"' not in lawyer.get("/temuan").text
    assert lawyer.get("/temuan/pilihan").status_code == 403
