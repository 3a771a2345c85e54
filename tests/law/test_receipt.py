"""An instant of receipt becomes a legal day: three zones, and an hour of closing if any."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from app.errors import Invalid
from app.law.book import SHIPPED, LawBook
from app.law.citation import Citation
from app.law.dated import Version
from app.law.receipt import receipt

# 23.30 on the 13th in Jakarta, half past midnight in Makassar, half past one in Jayapura.
LATE = datetime(2026, 3, 13, 16, 30, tzinfo=UTC)
DECREE = Citation(instrument="Peraturan contoh", article=None, grade="B", source="uji")


def closing_at(hour: int) -> LawBook:
    return SHIPPED.with_version(
        "calendar.receipt-cutoff",
        Version(
            valid_from=date(2026, 3, 1),
            valid_to=None,
            value=hour,
            unit="jam setempat, 0 sampai 23",
            grade="B",
            citation=DECREE,
        ),
    )


@pytest.mark.parametrize(
    ("zone", "day", "local"),
    [
        ("WIB", date(2026, 3, 13), "23:30"),
        ("WITA", date(2026, 3, 14), "00:30"),
        ("WIT", date(2026, 3, 14), "01:30"),
        ("Asia/Pontianak", date(2026, 3, 13), "23:30"),
        ("Asia/Jayapura", date(2026, 3, 14), "01:30"),
    ],
)
def test_the_same_instant_is_the_day_of_the_offices_own_clock(
    zone: str, day: date, local: str
) -> None:
    found = receipt(LATE, zone=zone, law=SHIPPED)

    assert (found.on, f"{found.local:%H:%M}") == (day, local)


def test_without_an_hour_of_closing_in_the_law_every_hour_is_in_time() -> None:
    found = receipt(LATE, zone="WIB", law=SHIPPED)

    assert (found.cutoff.value, found.after_hours) == (None, False)
    assert found.cutoff.citation.printable is None


@pytest.mark.parametrize(
    ("minute", "day"),
    [
        (datetime(2026, 3, 13, 16, 0, tzinfo=timezone(timedelta(hours=7))), date(2026, 3, 13)),
        (datetime(2026, 3, 13, 16, 1, tzinfo=timezone(timedelta(hours=7))), date(2026, 3, 14)),
        (datetime(2026, 2, 28, 16, 1, tzinfo=timezone(timedelta(hours=7))), date(2026, 2, 28)),
    ],
    ids=["at the hour", "a minute later", "the day before the hour was in force"],
)
def test_after_the_hour_of_closing_the_next_day_is_the_day_of_receipt(
    minute: datetime, day: date
) -> None:
    assert receipt(minute, zone="WIB", law=closing_at(16)).on == day


@pytest.mark.parametrize(
    ("at", "zone", "field"),
    [
        (LATE, "GMT", "zone"),
        (LATE.replace(tzinfo=None), "WIB", "received_at"),
        (datetime(9999, 12, 31, tzinfo=UTC), "WIB", "received_at"),
    ],
    ids=["a zone of elsewhere", "no offset", "the end of time"],
)
def test_what_is_no_instant_of_these_zones_is_refused(at: datetime, zone: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        receipt(at, zone=zone, law=SHIPPED)

    assert [problem.field for problem in caught.value.fields] == [field]
