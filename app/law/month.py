"""A contribution month (blth): its own type, never the first day standing in for it."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Self, overload

from app.law.faults import fault

_PATTERN = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """Ordered by time. `number` is 1 to 12.

    Raises:
        Invalid: there is no such month.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= _MONTHS_IN_A_YEAR and 1 <= self.year <= date.max.year):
            raise fault(
                "month",
                "Bulan {value} ({field}) tidak ada; tulis seperti 2026-03.",
                value=f"{self.year:04d}-{self.number:02d}",
            )

    @classmethod
    def parse(cls, text: str, *, field: str = "month") -> Self:
        """Read `2026-03` and nothing else.

        Raises:
            Invalid: names `field` and the text.
        """
        matched = _PATTERN.fullmatch(text)
        year, number = (int(matched[1]), int(matched[2])) if matched else (0, 0)
        if not (1 <= number <= _MONTHS_IN_A_YEAR and year >= 1):
            raise fault(
                field, "Bulan {value} ({field}) tidak ada; tulis seperti 2026-03.", value=text
            )
        return cls(year, number)

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def from_index(cls, index: int) -> Self:
        return cls(index // _MONTHS_IN_A_YEAR, index % _MONTHS_IN_A_YEAR + 1)

    @property
    def index(self) -> int:
        """Months since January of year 0: the form in which snapshots store a month."""
        return self.year * _MONTHS_IN_A_YEAR + self.number - 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return self.day(31)

    def day(self, number: int) -> date:
        """Return that day of the month, or the last day when the month is shorter."""
        return date(self.year, self.number, min(number, monthrange(self.year, self.number)[1]))

    def __add__(self, months: int) -> "Month":
        return Month.from_index(self.index + months)

    @overload
    def __sub__(self, other: int) -> "Month": ...
    @overload
    def __sub__(self, other: "Month") -> int: ...
    def __sub__(self, other: "int | Month") -> "int | Month":
        if isinstance(other, Month):
            return self.index - other.index
        return Month.from_index(self.index - other)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"
