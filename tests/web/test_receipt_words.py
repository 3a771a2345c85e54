"""The hour of a receipt on pages: with its zone, and with the day that counts when it came late."""

from datetime import date, datetime

import pytest

from app.law.book import SHIPPED
from app.law.citation import Citation
from app.law.dated import Version
from app.law.receipt import ZONES, receipt
from app.web.pages.receipt_words import receipt_words

CLOSING_AT_FOUR = SHIPPED.with_version(
    "calendar.receipt-cutoff",
    Version(
        valid_from=date(2026, 1, 1), valid_to=None, value=16, unit="jam setempat, 0 sampai 23",
        grade="B",
        citation=Citation(instrument="Peraturan contoh", article=None, grade="B", source="uji"),
    ),
)  # fmt: skip


@pytest.mark.parametrize("zone", ["WIB", "WITA", "WIT"])
@pytest.mark.parametrize(
    ("minute", "said"),
    [
        (0, "pukul 16.00 {zone}"),
        (1, "pukul 16.01 {zone}, sesudah jam batas 16.00; dihitung diterima 14 Maret 2026"),
    ],
)
def test_a_minute_after_the_closing_names_the_day_that_counts(
    zone: str, minute: int, said: str
) -> None:
    at = datetime(2026, 3, 13, 16, minute, tzinfo=ZONES[zone])

    found = receipt_words(receipt(at, zone=zone, law=CLOSING_AT_FOUR), "id")

    assert found == said.format(zone=zone)


def test_without_a_closing_hour_only_the_hour_is_said_in_both_languages() -> None:
    late = receipt(datetime(2026, 3, 13, 23, 59, tzinfo=ZONES["WIT"]), zone="WIT", law=SHIPPED)

    assert receipt_words(late, "id") == "pukul 23.59 WIT"
    assert receipt_words(late, "en") == "at 23.59 WIT"
