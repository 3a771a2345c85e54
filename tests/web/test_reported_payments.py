"""The settlement preview of a case counts what was reported by hand, and says so."""

from datetime import date, datetime

import pytest
from sqlmodel import Session

from app.accounts import queries as accounts
from app.cases import queries as cases
from app.cases import service
from app.infra.database import Database
from app.infra.settings import Settings
from app.law.month import Month
from tests.packets.desk import EXTRACTS, imported
from tests.web.conftest import TODAY, Visit, words
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
