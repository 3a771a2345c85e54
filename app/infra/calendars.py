"""The working calendar that ships with the program: national holidays and collective leave."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from holidays import country_holidays

from app.law.calendar import Holiday, HolidayKind, WorkingCalendar
from app.law.parameters.calendar import LOADED_YEARS

_FIRST_YEAR: Final = date(2015, 1, 1)
_CATEGORIES: Final[tuple[tuple[str, HolidayKind], ...]] = (
    ("public", "public"),
    ("government", "collective"),
)
_ESTIMATED: Final = "(perkiraan)"


class UnannouncedHoliday(RuntimeError):
    """The data still calls a day of a loaded year an estimate: correct it or unload the year."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Replaces what the library says of that day. `decree` is what was announced, and when."""

    on: date
    name: str
    kind: HolidayKind
    decree: str


_SKB_2027: Final = "SKB tiga menteri (antara lain Menag 1205/2026), September 2026"

# fmt: off
CORRECTIONS: Final = (
    Correction(date(2027, 3, 10), "Hari Raya Idul Fitri",                  "public", _SKB_2027),
    Correction(date(2027, 3, 11), "Hari kedua dari Hari Raya Idul Fitri", "public", _SKB_2027),
    Correction(date(2027, 5, 17), "Hari Raya Idul Adha",                   "public", _SKB_2027),
)
# fmt: on


@cache
def packaged_calendar() -> WorkingCalendar:
    """Return the calendar of the years in LOADED_YEARS; its version changes with any day in it.

    Raises:
        UnannouncedHoliday: a day of a loaded year is only an estimate.
    """
    years = LOADED_YEARS.on(_FIRST_YEAR)
    announced = tuple(sorted(_announced(years)))
    return WorkingCalendar(
        holidays=announced,
        version=f"{years[0]}-{years[-1]}-{_fingerprint(announced)}",
        loaded_years=frozenset(years),
    )


def _announced(years: tuple[int, ...]) -> Iterator[Holiday]:
    corrected = {correction.on for correction in CORRECTIONS}
    for category, kind in _CATEGORIES:
        days = country_holidays("ID", years=years, categories=(category,), language="id")
        for on, name in days.items():
            if on in corrected:
                continue
            if _ESTIMATED in name:
                raise UnannouncedHoliday(f"{on}: {name}")
            yield Holiday(on, name, kind)
    for correction in CORRECTIONS:
        yield Holiday(correction.on, correction.name, correction.kind)


def _fingerprint(days: tuple[Holiday, ...]) -> str:
    lines = "\n".join(f"{day.on.isoformat()}\t{day.kind}\t{day.name}" for day in days)
    return hashlib.sha256(lines.encode()).hexdigest()[:8]
