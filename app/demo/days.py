"""The demo's calendar: months as indexes, and the days around which its stories turn."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from app.law.calendar import CollectiveLeave, WorkingCalendar
from app.law.month import Month

BILLED_MONTHS = 24
STALE_MONTHS = 18
_DUE_DAY = 15
_SURELY_DUE_AFTER = timedelta(days=15)


def months_before(day: date, months: int) -> date:
    """Return the same day `months` earlier, or the month's last day when it is shorter."""
    return (Month.of(day) - months).day(day.day)


def month_end(day: date) -> date:
    return date(day.year, day.month, monthrange(day.year, day.month)[1])


def working_day(day: date, calendar: WorkingCalendar) -> date:
    """Return `day`, or the next one on which an office of the agency is open."""
    return calendar.next_working_day(day, collective_leave=CollectiveLeave.DAY_OFF)


@dataclass(frozen=True, slots=True)
class DemoCalendar:
    """Everything is told as of `today`, the day the region's story ends.

    The last month billed is the month of `today`: its bill exists and is not yet due.
    """

    today: date

    @property
    def current_month(self) -> int:
        return Month.of(self.today).index

    @property
    def first_month(self) -> int:
        return self.current_month - BILLED_MONTHS + 1

    @property
    def last_surely_due(self) -> int:
        """The last month whose bill is due whatever holidays moved the 15th."""
        month = Month.of(self.today)
        while (month + 1).day(_DUE_DAY) + _SURELY_DUE_AFTER >= self.today:
            month = month - 1
        return month.index

    @property
    def oldest_fresh_day(self) -> date:
        """Data of this day is exactly 18 months old, the last age that still carries a flag."""
        return months_before(self.today, STALE_MONTHS)

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)
