"""From the instant of receipt to the legal day: the office's time zone and the hour of closing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from types import MappingProxyType
from typing import Final

from app.law.book import LawBook
from app.law.dated import Applied
from app.law.faults import fault
from app.law.parameters.calendar import RECEIPT_CUTOFF_HOUR

# Indonesia has kept these offsets, without summer time, since 1988 (Keppres 41/1987).
ZONES: Final[Mapping[str, timezone]] = MappingProxyType(
    {
        "WIB": timezone(timedelta(hours=7), "WIB"),
        "WITA": timezone(timedelta(hours=8), "WITA"),
        "WIT": timezone(timedelta(hours=9), "WIT"),
    }
)
ZONE_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Asia/Jakarta": "WIB",
        "Asia/Pontianak": "WIB",
        "Asia/Makassar": "WITA",
        "Asia/Jayapura": "WIT",
    }
)
_FIRST_YEAR: Final = 1988
_LAST_YEAR: Final = 9998


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """`local` is the instant by the clock on the office's wall; `on` the legal day of receipt.

    `after_hours`: it came after the hour of closing, so that `on` is the day after. `cutoff` is
    the parameter as applied; its value None: no norm closes the day, and every hour counts.
    """

    at: datetime
    zone: str
    local: datetime
    on: date
    after_hours: bool
    cutoff: Applied[int | None]


def receipt(at: datetime, *, zone: str, law: LawBook) -> Receipt:
    """Return the legal day on which something that came at `at` counts as received.

    `zone`: WIB, WITA or WIT, or the IANA name of one. Reading: exactly at the hour of closing is
    still in time; after it the next calendar day counts as the day of receipt.

    Raises:
        Invalid: `at` has no offset or lies in no year of these zones, or the zone is another.
        ParameterGap: no version of the hour of closing, not even "none", is in force that day.
    """
    name = ZONE_NAMES.get(zone, zone)
    if name not in ZONES:
        raise fault(
            "zone",
            "Zona waktu {zone} ({field}) tidak dikenal; pilih dari {known}.",
            zone=zone,
            known=", ".join(ZONES),
        )
    if at.tzinfo is None or not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise fault(
            "received_at",
            "Saat {at} ({field}) harus memuat selisih zonanya, misalnya 2026-03-13T15:30:00+07:00, "
            "dan tidak mendahului tahun {first}.",
            at=at.isoformat(),
            first=_FIRST_YEAR,
        )
    local = at.astimezone(ZONES[name])
    cutoff = law[RECEIPT_CUTOFF_HOUR].applied_on(local.date())
    late = cutoff.value is not None and local.time() > time(cutoff.value)
    return Receipt(
        at=at,
        zone=name,
        local=local,
        on=local.date() + timedelta(days=late),
        after_hours=late,
        cutoff=cutoff,
    )
