"""The page of the audit trail: who may read it, what it hides, whether its chain holds."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from app.accounts.schemas import Principal
from app.audit import service as audit
from app.infra.database import Database
from app.web.pages import trail
from app.web.pages.trail_words import detail_items, without_nik
from tests.web.conftest import Visit, words

TRAIL = "/jejak-audit"
NIK = "3216011203850001"


def write(database: Database, now: datetime, count: int = 1, **change: object) -> None:
    entry = {
        "actor": "user:1",
        "action": "flag.decline",
        "subject": "flag:7",
        "office": "J05",
        "detail": {"reason": f"pekerja {NIK} sudah pindah"},
        **change,
    }
    with database.transaction() as session:
        for _ in range(count):
            audit.record(session, now=now, **entry)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("person", "status"),
    [("auditor", 200), ("admin", 200), ("pemeriksa", 403), ("penyelia", 403), ("kepala", 403)],
)
def test_the_trail_is_read_by_auditors_and_administrators(
    visit: Visit, person: str, status: int
) -> None:
    assert visit(person).get(TRAIL).status_code == status


def test_the_newest_entry_stands_first_in_words_and_without_nik(
    visit: Visit, database: Database, now: datetime
) -> None:
    browser = visit("auditor")
    write(database, now)

    page = browser.get(TRAIL)

    table = words(page).split("Rincian", 1)[1]
    assert table.strip().startswith("Temuan ditolak")
    assert "Ratna Wulandari" in table
    assert NIK not in page.text
    assert "············0001" in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("pelaku=pemeriksa@contoh.test", True),
        ("pelaku=user:1", True),
        ("pelaku=user:2", False),
        ("tindakan=flag.decline&pokok=flag:7&hari=2026-11-20", True),
        ("pokok=flag:8", False),
        ("hari=2026-11-19", False),
        ("tindakan=flag.snooze", False),
    ],
)
def test_the_address_narrows_the_trail(
    visit: Visit, database: Database, now: datetime, query: str, *, found: bool
) -> None:
    write(database, now)

    page = visit("auditor").get(f"{TRAIL}?{query}")

    assert ("sudah pindah" in words(page)) is found


def test_a_day_that_is_none_is_said_beside_its_field(visit: Visit) -> None:
    page = visit("auditor").get(f"{TRAIL}?hari=kemarin")

    assert page.status_code == 422
    assert "“kemarin” bukan tanggal" in words(page)


def test_the_last_page_ends_where_the_trail_began(
    visit: Visit, database: Database, now: datetime
) -> None:
    write(database, now, count=trail.PAGE + 5, action="cases.noted")
    browser = visit("auditor")

    first = browser.get(f"{TRAIL}?tindakan=cases.noted").text
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = browser.get(following.replace("&amp;", "&")).text

    assert first.count("sudah pindah") == trail.PAGE
    assert second.count("sudah pindah") == 5
    assert 'rel="next"' not in second


def test_the_page_says_that_the_chain_holds_and_when_it_does_not(
    visit: Visit, database: Database, now: datetime
) -> None:
    browser = visit("auditor")
    write(database, now, count=2)

    whole = words(browser.get(TRAIL))
    with database.transaction() as session:
        session.connection().execute(sa.text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        session.connection().execute(
            sa.text("UPDATE audit_entry SET actor = 'user:2' WHERE subject = 'flag:7'")
        )
    broken = words(browser.get(TRAIL))

    assert "Rantai utuh." in whole
    assert "Rantai TIDAK utuh." in broken


def test_a_long_chain_is_checked_when_somebody_asks(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "VERIFIED_UNASKED", 0)
    browser = visit("auditor")

    plain, asked = browser.get(TRAIL), browser.get(f"{TRAIL}?periksa=rantai")

    assert "belum diperiksa" in words(plain)
    assert "periksa=rantai" in plain.text
    assert "Rantai utuh." in words(asked)


def test_what_an_administrator_did_is_found_from_the_page_of_the_person(
    visit: Visit, people: dict[str, Principal]
) -> None:
    admin = visit("admin")
    address = f"/administrasi/pengguna/{people['pemeriksa'].user_id}"

    assert f"{TRAIL}?pokok=user:{people['pemeriksa'].user_id}" in admin.get(address).text


@pytest.mark.parametrize(
    "text", [NIK, "3216 0112 0385 0001", "3216.0112.0385.0001", "3216-0112-0385-0001"]
)
def test_a_nik_is_hidden_however_it_was_typed(text: str) -> None:
    assert without_nik(f"NIK {text}.") == "NIK ············0001."


@pytest.mark.parametrize("text", ["2026-11-20", "PTH-J05-2026-00001", "user:12", "a" * 64])
def test_what_is_no_nik_stays_as_it_is(text: str) -> None:
    assert without_nik(text) == text


def test_details_are_said_in_words_and_empty_ones_not_at_all() -> None:
    detail = {"role": "inspector", "sessions_ended": 0, "moved": [], "scopes": ["a", "b"]}

    assert detail_items(detail) == (("Peran", "Petugas pemeriksa"), ("Lingkup", "a, b"))
