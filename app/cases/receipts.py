"""PURE: when a letter came to hand, by the clock of the office, and the day that counts for it."""

from datetime import UTC, date, datetime, time

from app.law.book import LawBook
from app.law.receipt import ZONE_NAMES, ZONES, Receipt, receipt


def instant_of(on: date, at: time, *, zone: str) -> datetime:
    """Return the UTC instant of `at` on the day `on` by the clock of `zone` (IANA)."""
    return datetime.combine(on, at, tzinfo=ZONES[ZONE_NAMES[zone]]).astimezone(UTC)


def receipt_of(received_at: datetime | None, *, zone: str, law: LawBook) -> Receipt | None:
    """Return what the law makes of the instant; None where only the day was recorded."""
    return None if received_at is None else receipt(received_at, zone=zone, law=law)


def counted_day(
    received_on: date | None, received_at: datetime | None, *, zone: str, law: LawBook
) -> date | None:
    """Return the day of receipt from which a clock counts; None: not received.

    A receipt whose hour nobody recorded counts on its day, as if it came before any closing.
    """
    found = receipt_of(received_at, zone=zone, law=law)
    return received_on if found is None else found.on
