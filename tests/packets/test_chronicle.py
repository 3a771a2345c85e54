"""What the chronology tells of each letter, as of the end of the cut-off day."""

from datetime import date

from app.cases.schemas import Delivery
from app.cases.tables import CHANNELS as KNOWN_CHANNELS
from app.cases.tables import RESULTS as KNOWN_RESULTS
from app.packets.chronicle import CHANNELS, RESULTS, attempt

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
