"""An estimate reaches as many months back as the dated parameter allows, and not one more."""

from datetime import date

import pytest

from tests.detection.conftest import Found, numbers
from tests.detection.snapshots import Registry


@pytest.mark.parametrize(
    ("since", "months"),
    [
        (date(2025, 12, 31), 11),
        (date(2025, 11, 1), 12),
        (date(2025, 10, 31), 12),
    ],
    ids=["eleven months", "twelve months", "thirteen months are estimated as twelve"],
)
def test_an_estimate_stops_at_twelve_months(
    registry: Registry, found: Found, since: date, months: int
) -> None:
    record = registry.record(jumlah_tk=2, tgl_data=since)
    registry.listed(record, 1)

    (flag,) = found("PWBD")

    told = numbers(flag)
    assert told["bulan"] == months
    assert flag.potensi_rupiah == told["iuran_sebulan"] * months > 0
