"""PURE: deadlines as a function of proved facts and the calendar. Nothing here counts by itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.law.book import LawBook
from app.law.calendar import CalendarTooShort, CollectiveLeave, WorkingCalendar
from app.law.citation import Citation
from app.law.dated import Dated
from app.law.deadlines import DeadlineCertificate, calendar_day_deadline, working_day_deadline
from app.law.parameters.administrative_fine import FINE_WINDOW
from app.law.parameters.warnings import WARNING_WORKING_DAYS
from app.law.suspensions import StillSuspended, Suspension


class Clock(StrEnum):
    WARNING_1 = "warning_1"
    WARNING_2 = "warning_2"
    FINE = "fine"


class ClockState(StrEnum):
    """`NOT_RUNNING`: nothing proves that the employer received the letter.

    `SUSPENDED`: a suspension without an end stands in its way, so that its last day is not known.
    """

    NOT_RUNNING = "belum_berjalan"
    RUNNING = "berjalan"
    SUSPENDED = "ditangguhkan"
    DUE_TODAY = "jatuh_tempo_hari_ini"
    LAPSED = "lewat"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock of one letter, as seen on one day.

    `due_on` is the employer's last day, inclusive. `working_days` are those left after the day
    of looking, or, once lapsed, those passed since `due_on`; None when the clock does not run or
    when the calendar does not reach the day of looking. `suspended_by` is the suspension without
    an end for which `due_on` is unknown; `days_counted` those that had run before it.
    """

    clock: Clock
    seq: int
    state: ClockState
    starts_on: date | None
    due_on: date | None
    working_days: int | None
    certificate: DeadlineCertificate | None
    citation: Citation
    suspended_by: Suspension | None = None
    days_counted: int = 0

    def lapsed_by(self, on: date) -> bool:
        """Say whether the whole of the last day has passed on `on`."""
        return self.due_on is not None and on > self.due_on


def legal_day(now: datetime, *, zone: str) -> date:
    """Return the day it is at `now` in `zone` (IANA)."""
    return now.astimezone(ZoneInfo(zone)).date()


def warning_deadline(
    *,
    clock: Clock,
    seq: int,
    received_on: date | None,
    on: date,
    calendar: WorkingCalendar,
    collective_leave: CollectiveLeave,
    law: LawBook,
    suspensions: tuple[Suspension, ...] = (),
) -> Deadline:
    """Return the deadline of a written warning, counted from the proved day of receipt.

    Law: PP 86/2013 Pasal 6: at most 10 working days for each warning. Reading: the day after
    proof of receipt is day 1; the day of sending counts for nothing.

    Raises:
        CalendarTooShort: the count, or `on`, lies beyond the loaded years.
    """
    version = law[WARNING_WORKING_DAYS].version_on(received_on or on)
    if received_on is None:
        return _not_running(clock, seq, version.citation)
    try:
        certificate = working_day_deadline(
            start=received_on,
            count=version.value,
            calendar=calendar,
            collective_leave=collective_leave,
            suspensions=suspensions,
        )
    except StillSuspended as unknown:
        return _suspended(clock, seq, received_on, unknown, version.citation)
    return _running(
        clock, seq, certificate, version.citation, on=on, calendar=calendar, leave=collective_leave
    )


def fine_deadline(
    *,
    seq: int,
    warning_2: Deadline | None,
    on: date,
    calendar: WorkingCalendar,
    collective_leave: CollectiveLeave,
    law: LawBook,
    suspensions: tuple[Suspension, ...] = (),
) -> Deadline:
    """Return the end of the window of the administrative fine.

    Law: PP 86/2013 Pasal 7: at most 30 days from the end of the second warning. Reading:
    calendar days, not moved when the last one is a day off.

    Raises:
        CalendarTooShort: `on` lies beyond the loaded years.
    """
    window: Dated[int] = law[FINE_WINDOW]
    if warning_2 is None or warning_2.due_on is None:
        return _not_running(Clock.FINE, seq, window.version_on(on).citation)
    version = window.version_on(warning_2.due_on)
    start = warning_2.due_on
    try:
        certificate = calendar_day_deadline(
            start=start, count=version.value, suspensions=suspensions
        )
    except StillSuspended as unknown:
        return _suspended(Clock.FINE, seq, start, unknown, version.citation)
    return _running(
        Clock.FINE,
        seq,
        certificate,
        version.citation,
        on=on,
        calendar=calendar,
        leave=collective_leave,
    )


def _not_running(clock: Clock, seq: int, citation: Citation) -> Deadline:
    return Deadline(
        clock=clock,
        seq=seq,
        state=ClockState.NOT_RUNNING,
        starts_on=None,
        due_on=None,
        working_days=None,
        certificate=None,
        citation=citation,
    )


def _suspended(
    clock: Clock, seq: int, start: date, unknown: StillSuspended, citation: Citation
) -> Deadline:
    return Deadline(
        clock=clock,
        seq=seq,
        state=ClockState.SUSPENDED,
        starts_on=start + timedelta(days=1),
        due_on=None,
        working_days=None,
        certificate=None,
        citation=citation,
        suspended_by=unknown.by,
        days_counted=len(unknown.counted),
    )


def _running(
    clock: Clock,
    seq: int,
    certificate: DeadlineCertificate,
    citation: Citation,
    *,
    on: date,
    calendar: WorkingCalendar,
    leave: CollectiveLeave,
) -> Deadline:
    due_on = certificate.due_on
    if on == due_on:
        state = ClockState.DUE_TODAY
    else:
        state = ClockState.RUNNING if on < due_on else ClockState.LAPSED
    return Deadline(
        clock=clock,
        seq=seq,
        state=state,
        starts_on=certificate.start + timedelta(days=1),
        due_on=due_on,
        working_days=_working_days_between(on, due_on, calendar, leave),
        certificate=certificate,
        citation=citation,
    )


def _working_days_between(
    one: date, other: date, calendar: WorkingCalendar, leave: CollectiveLeave
) -> int | None:
    first, last = min(one, other), max(one, other)
    try:
        return calendar.count_working_days(first, last, collective_leave=leave)
    except CalendarTooShort:
        return None
