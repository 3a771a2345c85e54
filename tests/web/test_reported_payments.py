"""The settlement preview of a case counts what was reported by hand, and says so."""

import re
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlmodel import Session

from app.accounts import queries as accounts
from app.cases import queries as cases
from app.cases import service
from app.infra.calendars import packaged_calendar
from app.infra.database import Database
from app.infra.settings import Settings
from app.law.book import SHIPPED, Norms
from app.law.month import Month
from app.web.norms import norms
from tests.packets.desk import EXTRACTS, imported
from tests.web.conftest import TODAY, Browser, Visit, words
from tests.web.test_cases import FIELD_CASE

CASE = FIELD_CASE | {"nama": "PT Sinar Baja Contoh", "npp": "AB123456"}
PLAN = f"from={TODAY}&on={TODAY}&count=1"


def report(session: Session, *, number: str, paid_on: date, programme: str, now: datetime) -> None:
    person = accounts.principal_by_email(session, email="pemeriksa@contoh.test")
    case = cases.case_file(session, principal=person, case=number, on=TODAY)
    service.record_payment(
        session,
        principal=person,
        case_id=case.id,
        paid_on=paid_on,
        month=Month(2026, 7).index,
        programme=programme,
        amount=500_000,
        payment_code="",
        evidence_id=None,
        now=now,
    )


@pytest.mark.parametrize(
    ("paid_on", "owed"),
    # The data are of 15 November.
    [(date(2026, 11, 15), False), (date(2026, 11, 16), True)],
    ids=["known to the data", "later than the data"],
)
def test_a_reported_payment_later_than_the_data_counts_and_is_labelled(
    visit: Visit,
    database: Database,
    settings: Settings,
    now: datetime,
    paid_on: date,
    *,
    owed: bool,
) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with database.transaction() as session:
        imported(session, settings.snapshots_dir.parent, EXTRACTS, now=now)
    browser = visit("pemeriksa")
    browser.get("/kasus/baru")
    case = browser.post("/kasus/baru", CASE).headers["location"].split("?")[0]
    before = words(browser.get(f"{case}/penyelesaian?{PLAN}"))
    number = case.rsplit("/", 1)[-1]
    with database.transaction() as session:
        report(session, number=number, paid_on=paid_on, programme="JHT", now=now)
        report(session, number=number, paid_on=paid_on, programme="JP", now=now)

    after = words(browser.get(f"{case}/penyelesaian?{PLAN}"))

    assert "belum dikonfirmasi" not in before
    assert ("Pembayaran yang dilaporkan belum dikonfirmasi" in after) == owed
    assert ("Rp500.000 dihitung JHT, Juli 2026, dibayar 16 November 2026" in after) == owed
    assert ("tidak memuat tagihan bulan dan program ini" in after) == owed
    # What was paid bears no penalty for the months that begin afterwards.
    assert (debt(before) - debt(after) >= 500_000) == owed
    assert (debt(after) == debt(before)) != owed


def debt(page: str) -> int:
    figure = page.split("Utang per 20 November 2026")[1].split("Rp", 1)[1].split(" ", 1)[0]
    return int(figure.replace(".", ""))


@pytest.fixture
def plan(
    visit: Visit, database: Database, settings: Settings, now: datetime
) -> tuple[Browser, str]:
    """A browser, and the address of the settlement of a case whose employer was billed."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with database.transaction() as session:
        imported(session, settings.snapshots_dir.parent, EXTRACTS, now=now)
    browser = visit("pemeriksa")
    browser.get("/kasus/baru")
    case = browser.post("/kasus/baru", CASE).headers["location"].split("?")[0]
    return browser, f"{case}/penyelesaian"


def complaints(page: Response) -> str:
    return page.text.partition('id="ringkasan-kesalahan"')[2].partition("</div>")[0]


def test_every_complaint_about_a_plan_has_its_input_on_the_page_of_the_case(
    plan: tuple[Browser, str],
) -> None:
    browser, address = plan
    right = {"from": str(TODAY), "on": str(TODAY), "count": "2"}
    wrong = [("from", ""), ("from", "x"), ("from", "1990-01-01"), ("on", ""), ("on", "9998-12-31"),
             ("count", ""), ("count", "dua"), ("count", "0"), ("count", "999"),
             ("schedule", "x"), ("schedule", "2026-11-25; 999999999999"),
             ("schedule", "2026-11-19; 1")]  # fmt: skip

    for field, value in wrong:
        page = browser.get(f"{address}?{urlencode({**right, field: value})}")
        said = complaints(page)
        assert page.status_code == 422, (field, value)
        assert said, (field, value)
        for input_ in re.findall(r'href="#([^"]*)"', said):
            assert f'id="{input_}"' in page.text, (field, value, input_)


def test_a_bill_that_cannot_be_counted_is_a_complaint_without_an_input(
    plan: tuple[Browser, str], app: FastAPI
) -> None:
    browser, address = plan
    app.dependency_overrides[norms] = lambda: Norms(
        calendar=replace(packaged_calendar(), loaded_years=frozenset({2025})), law=SHIPPED
    )

    page = browser.get(f"{address}?{PLAN}")

    said = complaints(page)
    assert page.status_code == 422
    assert "hari libur dan cuti bersama tahun" in said
    assert "href=" not in said
