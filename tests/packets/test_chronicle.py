"""What the chronology tells of each letter, as of the end of the cut-off day."""

from dataclasses import replace
from datetime import date, datetime

from app.cases.schemas import Delivery
from app.cases.tables import CHANNELS as KNOWN_CHANNELS
from app.cases.tables import RESULTS as KNOWN_RESULTS
from app.law.book import SHIPPED
from app.law.citation import Citation
from app.law.dated import Version
from app.law.receipt import ZONES, receipt
from app.packets.chronicle import CHANNELS, RESULTS, attempt

CLOSING_AT_FOUR = SHIPPED.with_version(
    "calendar.receipt-cutoff",
    Version(
        valid_from=date(2026, 1, 1), valid_to=None, value=16, unit="jam setempat, 0 sampai 23",
        grade="B",
        citation=Citation(instrument="Peraturan contoh", article=None, grade="B", source="uji"),
    ),
)  # fmt: skip
SENT = Delivery(
    id=1,
    event_seq=4,
    channel="kurir",
    tracking_number="JX-88120",
    sent_on=date(2026, 9, 1),
    result="diterima",
    received_on=date(2026, 9, 3),
    receiver_name="Rina Kartika",
    receiver_position="Staf Personalia",
    evidence_id=7,
    note="",
)


def test_every_channel_and_result_has_its_words() -> None:
    assert set(CHANNELS) == set(KNOWN_CHANNELS)
    assert set(RESULTS) == set(KNOWN_RESULTS)


def test_an_attempt_tells_how_when_and_with_what_end() -> None:
    told = attempt(SENT, cutoff=date(2026, 9, 3))

    assert told == "kurir, resi JX-88120, dikirim 1 September 2026, diterima"


def test_a_receipt_after_the_cutoff_is_not_known_yet() -> None:
    told = attempt(SENT, cutoff=date(2026, 9, 2))

    assert told == "kurir, resi JX-88120, dikirim 1 September 2026, belum ada kabar"


def received_at(hour: int, minute: int) -> Delivery:
    at = datetime(2026, 9, 3, hour, minute, tzinfo=ZONES["WITA"])
    return replace(SENT, receipt=receipt(at, zone="WITA", law=CLOSING_AT_FOUR))


def test_a_receipt_with_its_hour_tells_the_hour_and_the_zone() -> None:
    told = attempt(received_at(16, 0), cutoff=date(2026, 9, 3))

    assert told.endswith("dikirim 1 September 2026, diterima pukul 16.00 WITA")


def test_a_receipt_after_the_closing_tells_the_day_that_counts() -> None:
    told = attempt(received_at(16, 1), cutoff=date(2026, 9, 3))

    assert told.endswith(
        "diterima pukul 16.01 WITA (sesudah jam batas 16.00; dihitung diterima 4 September 2026)"
    )


def test_the_hour_of_a_receipt_after_the_cutoff_is_not_told() -> None:
    assert attempt(received_at(9, 0), cutoff=date(2026, 9, 2)).endswith("belum ada kabar")
