"""Working days: which they are, how they are counted, and where the calendar's knowledge ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Final, Literal

from app.errors import Refused
from app.law.faults import fault

HolidayKind = Literal["public", "collective"]

_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_WEEKEND: Final = {_SATURDAY: "Sabtu", 6: "Minggu"}


class CollectiveLeave(Enum):
    """Whether a day of collective leave (cuti bersama) counts as a working day."""

    DAY_OFF = "day-off"
    WORKING_DAY = "working-day"


class CalendarTooShort(Refused):
    """The count reaches a year whose holidays or collective leave are not announced or loaded."""

    code = "calendar-too-short"

    def __init__(self, *, day: date, calendar: "WorkingCalendar") -> None:
        super().__init__(
            "Kalender {version} hanya diketahui dari {known_from} sampai {known_until}; hari libur "
            "dan cuti bersama tahun {year} belum dimuat, sehingga tenggat yang melewati {day} "
            "tidak dapat dihitung.",
            version=calendar.version,
            known_from=calendar.known_from,
            known_until=calendar.known_until,
            year=day.year,
            day=day,
        )
        self.day = day


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """`name` is Indonesian, as announced."""

    on: date
    name: str
    kind: HolidayKind


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Holidays of the years that are wholly announced; Monday to Friday otherwise.

    Law: Perpres 21/2023. Reading: regional holidays do not count.
    """

    holidays: tuple[Holiday, ...]
    version: str
    loaded_years: frozenset[int]
    _by_day: Mapping[date, tuple[Holiday, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_day: dict[date, tuple[Holiday, ...]] = {}
        for holiday in sorted(self.holidays):
            by_day[holiday.on] = (*by_day.get(holiday.on, ()), holiday)
        object.__setattr__(self, "_by_day", by_day)

    @property
    def known_from(self) -> date | None:
        """Return the first day of the first loaded year; None for a calendar that knows none."""
        return date(min(self.loaded_years), 1, 1) if self.loaded_years else None

    @property
    def known_until(self) -> date | None:
        """Return the last day of the last loaded year: no date after it is given."""
        return date(max(self.loaded_years), 12, 31) if self.loaded_years else None

    def is_working_day(self, day: date, *, collective_leave: CollectiveLeave) -> bool:
        """Say whether `day` counts.

        Raises:
            CalendarTooShort: the year of `day` is not loaded.
        """
        return self.reason_off(day, collective_leave=collective_leave) is None

    def reason_off(self, day: date, *, collective_leave: CollectiveLeave) -> str | None:
        """Return why `day` does not count, in Indonesian; None for a working day.

        Raises:
            CalendarTooShort: the year of `day` is not loaded.
        """
        if day.year not in self.loaded_years:
            raise CalendarTooShort(day=day, calendar=self)
        reasons = [_WEEKEND[day.weekday()]] if day.weekday() >= _SATURDAY else []
        reasons += [
            holiday.name
            for holiday in self._by_day.get(day, ())
            if holiday.kind == "public" or collective_leave is CollectiveLeave.DAY_OFF
        ]
        return "; ".join(reasons) or None

    def add_working_days(
        self, start: date, count: int, *, collective_leave: CollectiveLeave
    ) -> date:
        """Return the `count`-th working day after `start`; `start` itself is day 0.

        Raises:
            CalendarTooShort: the answer lies beyond the loaded years.
            Invalid: `count` is negative.
        """
        if count < 0:
            raise fault("count", "Jumlah hari {count} ({field}) tidak boleh negatif.", count=count)
        day, left = start, count
        while left:
            day = self.day_after(day)
            left -= self.is_working_day(day, collective_leave=collective_leave)
        return day

    def count_working_days(
        self, start: date, end: date, *, collective_leave: CollectiveLeave
    ) -> int:
        """Return the working days after `start` up to and including `end`; 0 when none follow.

        Raises:
            CalendarTooShort: a day in between lies in a year that is not loaded.
        """
        return sum(
            self.is_working_day(start + timedelta(days=n), collective_leave=collective_leave)
            for n in range(1, (end - start).days + 1)
        )

    def next_working_day(self, day: date, *, collective_leave: CollectiveLeave) -> date:
        """Return `day` itself when it counts, else the first working day after it.

        Raises:
            CalendarTooShort: the answer lies beyond the loaded years.
        """
        while not self.is_working_day(day, collective_leave=collective_leave):
            day = self.day_after(day)
        return day

    def day_after(self, day: date) -> date:
        """Return the day after `day`.

        Raises:
            CalendarTooShort: there is none.
        """
        if day == date.max:
            raise CalendarTooShort(day=day, calendar=self)
        return day + _ONE_DAY
