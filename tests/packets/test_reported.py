"""A payment reported by hand counts in a preview until the registry's data can know better."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.cases.schemas import Payment as ReportedPayment
from app.cases.schemas import Person
from app.law.late_payment import Bill
from app.law.month import Month
from app.packets.ledger import Ledger
from app.packets.reported import with_reported

KNOWN_ON = date(2026, 11, 15)
MARCH = Month(2026, 3)
LEDGER = Ledger(bills=(Bill(month=MARCH, programme="JHT", amount=855_000),), payments=())


def told(paid_on: date, programme: str = "JHT") -> ReportedPayment:
    return ReportedPayment(
        id=1,
        paid_on=paid_on,
        month=MARCH.index,
        programme=programme,
        amount=400_000,
        payment_code="",
        evidence_id=None,
        reported_at=datetime(2026, 11, 20, tzinfo=UTC),
        reported_by=Person(1, "Ratna", ""),
    )


@pytest.mark.parametrize(("after", "counts"), [(0, False), (1, True)], ids=["that day", "later"])
def test_only_what_was_paid_after_the_day_of_the_data_is_added(after: int, *, counts: bool) -> None:
    found = with_reported(LEDGER, [told(KNOWN_ON + timedelta(days=after))], known_on=KNOWN_ON)

    assert [payment.amount for payment in found.ledger.payments] == [400_000] * counts
    assert len(found.counted) == counts
    assert found.unbilled == ()


def test_what_names_no_bill_is_shown_and_counts_for_nothing() -> None:
    found = with_reported(LEDGER, [told(date(2026, 11, 18), "JP")], known_on=KNOWN_ON)

    assert found.ledger == LEDGER
    assert [payment.programme for payment in found.unbilled] == ["JP"]
