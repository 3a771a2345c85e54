"""Days of another calendar: read as people write them, held against the calendar in force."""

from datetime import date, timedelta

import pytest

from app.detection.trial_calendar import (
    LONGEST_NAME,
    MOST_DAYS,
    TriedDay,
    checked,
    read_lines,
    tried_days,
    with_days,
)
from app.errors import Invalid
from app.infra.calendars import packaged_calendar
from app.law.calendar import CollectiveLeave, Holiday, WorkingCalendar

FIFTEENTH = date(2026, 10, 15)
INDEPENDENCE = date(2026, 8, 17)
INDEPENDENCE_NAME = "Hari Kemerdekaan Republik Indonesia"


def off(day: date, name: str = "Cuti bersama tambahan") -> TriedDay:
    return TriedDay(day, name, off=True)


def working(day: date, name: str = "") -> TriedDay:
    return TriedDay(day, name, off=False)


def workdays(count: int) -> list[date]:
    """Return the first working days of 2026."""
    calendar, first = packaged_calendar(), date(2026, 1, 1)
    days = (first + timedelta(days=n) for n in range(365))
    return [one for one in days if not is_off(calendar, one)][:count]


def is_off(calendar: WorkingCalendar, day: date) -> bool:
    return not calendar.is_working_day(day, collective_leave=CollectiveLeave.DAY_OFF)


def test_a_line_is_a_date_and_a_name_and_a_dash_takes_the_day_away() -> None:
    text = (
        "2026-10-15 Cuti bersama tambahan\n\n  +2026-10-16\tHari lain  \n-2026-08-17\n"
        "− 2026-05-15 Cuti dicabut\n–2026-12-24"
    )

    assert read_lines(text) == (
        off(FIFTEENTH),
        off(date(2026, 10, 16), "Hari lain"),
        working(INDEPENDENCE),
        working(date(2026, 5, 15), "Cuti dicabut"),
        working(date(2026, 12, 24)),
    )


@pytest.mark.parametrize(
    "line", ["15-10-2026 Cuti", "2026-02-30 Cuti", "20261015 Cuti", "2026-10-15Cuti", "Cuti"]
)
def test_a_line_that_is_none_is_told_by_its_number_and_its_words(line: str) -> None:
    with pytest.raises(Invalid) as error:
        read_lines(f"2026-10-15 Cuti bersama\n{line}\n2026-13-01")

    first, second = error.value.fields
    assert (first.field, first.values) == ("calendar", {"number": 2, "line": line})
    assert second.values["number"] == 3


def test_what_is_written_out_is_read_back() -> None:
    days = (working(INDEPENDENCE, INDEPENDENCE_NAME), off(FIFTEENTH), working(date(2026, 12, 25)))

    assert read_lines("\n".join(one.line for one in days)) == days
    assert tried_days({"calendar": [one.as_json() for one in days]}) == days
    assert tried_days({}) == ()


def test_days_come_in_order_and_a_holiday_taken_away_keeps_the_name_it_had() -> None:
    days = checked(
        [off(FIFTEENTH, " Cuti \n bersama "), working(INDEPENDENCE)], calendar=packaged_calendar()
    )

    assert days == (working(INDEPENDENCE, INDEPENDENCE_NAME), off(FIFTEENTH, "Cuti bersama"))


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((off(INDEPENDENCE),), "2026-08-17 sudah libur pada kalender yang berlaku (Hari Kem"),
        ((off(date(2026, 10, 17)),), "2026-10-17 sudah libur pada kalender yang berlaku (Sabtu)"),
        ((off(date(2026, 5, 15)),), "2026-05-15 sudah libur pada kalender yang berlaku (Cuti Ber"),
        ((working(FIFTEENTH),), "2026-10-15 bukan hari libur"),
        ((working(date(2026, 10, 17)),), "2026-10-17 bukan hari libur"),
        ((off(FIFTEENTH), off(FIFTEENTH, "Lagi")), "2026-10-15 disebut lebih dari sekali"),
        ((off(FIFTEENTH), working(FIFTEENTH)), "2026-10-15 disebut lebih dari sekali"),
        ((off(FIFTEENTH, "  "),), "Tulis nama hari libur untuk 2026-10-15"),
        ((off(date(2014, 12, 31)),), "2014-12-31 berada di luar kalender yang berlaku"),
        ((working(date(2028, 1, 1)),), "dari 2015-01-01 sampai 2027-12-31"),
    ],
)
def test_a_day_that_cannot_be_tried_is_refused_by_its_date(
    days: tuple[TriedDay, ...], told: str
) -> None:
    with pytest.raises(Invalid) as error:
        checked(days, calendar=packaged_calendar())

    assert told in str(error.value)
    assert {one.field for one in error.value.fields} == {"calendar"}


@pytest.mark.parametrize("day", [date(2015, 1, 2), date(2027, 12, 31)])
def test_the_first_and_the_last_days_of_the_calendar_may_be_tried(day: date) -> None:
    assert checked([off(day)], calendar=packaged_calendar()) == (off(day),)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as error:
        checked([off(INDEPENDENCE), working(FIFTEENTH)], calendar=packaged_calendar())

    assert [one.values["day"] for one in error.value.fields] == [INDEPENDENCE, FIFTEENTH]


def test_forty_days_are_tried_and_one_more_is_refused() -> None:
    spread = workdays(200)[::4]
    most = [off(day) for day in spread[:MOST_DAYS]]

    assert len(checked(most, calendar=packaged_calendar())) == MOST_DAYS
    with pytest.raises(Invalid, match="Ada 41 hari"):
        checked([*most, off(spread[MOST_DAYS])], calendar=packaged_calendar())


def test_a_name_of_a_hundred_characters_is_kept_and_a_longer_one_refused() -> None:
    longest = "a" * LONGEST_NAME

    assert checked([off(FIFTEENTH, longest)], calendar=packaged_calendar())[0].name == longest
    with pytest.raises(Invalid, match="2026-10-15 paling panjang 100 huruf"):
        checked([off(FIFTEENTH, longest + "a")], calendar=packaged_calendar())


def test_a_month_keeps_a_working_day_so_that_what_falls_due_is_found_in_the_next() -> None:
    january = [day for day in workdays(40) if day.month == 1]

    assert checked([off(day) for day in january[1:]], calendar=packaged_calendar())
    with pytest.raises(Invalid, match="Bulan 2026-01 tidak lagi mempunyai hari kerja"):
        checked([off(day) for day in january], calendar=packaged_calendar())


def test_the_tried_calendar_differs_in_its_days_and_its_version_only() -> None:
    calendar = packaged_calendar()
    days = (off(FIFTEENTH), working(INDEPENDENCE))

    tried = with_days(calendar, days)

    assert (is_off(tried, FIFTEENTH), is_off(tried, INDEPENDENCE)) == (True, False)
    assert (is_off(calendar, FIFTEENTH), is_off(calendar, INDEPENDENCE)) == (False, True)
    assert len(tried.holidays) == len(calendar.holidays)
    assert tried.loaded_years == calendar.loaded_years
    assert tried.version.startswith(f"{calendar.version}+")
    assert with_days(calendar, days[::-1]).version == tried.version
    assert with_days(calendar, days[:1]).version != tried.version
    assert with_days(calendar, ()) is calendar


def test_a_day_that_is_so_already_when_the_trial_is_run_again_stays_so() -> None:
    calendar = packaged_calendar()
    after = WorkingCalendar(
        holidays=tuple(
            sorted(
                (
                    *(one for one in calendar.holidays if one.on != INDEPENDENCE),
                    Holiday(FIFTEENTH, "Ditetapkan kemudian", "collective"),
                )
            )
        ),
        version="kemudian",
        loaded_years=calendar.loaded_years,
    )

    tried = with_days(after, (off(FIFTEENTH), working(INDEPENDENCE)))

    assert (is_off(tried, FIFTEENTH), is_off(tried, INDEPENDENCE)) == (True, False)
