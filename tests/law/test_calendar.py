from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.infra.calendars import CORRECTIONS, packaged_calendar
from app.law.calendar import CalendarTooShort, CollectiveLeave, Holiday, WorkingCalendar
from app.law.deadlines import calendar_day_deadline, working_day_deadline

OFF = CollectiveLeave.DAY_OFF
COUNTS = CollectiveLeave.WORKING_DAY

# The lists of the legal dossier, section 7.
PUBLIC = {
    2024: "01-01 02-08 02-10 02-14 03-11 03-29 03-31 04-10 04-11 05-01 05-09 05-23 06-01 06-17 "
    "07-07 08-17 09-16 11-27 12-25",
    2025: "01-01 01-27 01-29 03-29 03-31 04-01 04-18 04-20 05-01 05-12 05-29 06-01 06-06 06-27 "
    "08-17 09-05 12-25",
    2026: "01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 "
    "08-17 08-25 12-25",
    2027: "01-01 01-05 02-06 03-08 03-10 03-11 03-26 03-28 05-01 05-06 05-17 05-20 06-01 06-06 "
    "08-15 08-17 12-25 12-26",
}
COLLECTIVE = {
    2024: "02-09 03-12 04-08 04-09 04-12 04-15 05-10 05-24 06-18 12-26",
    2025: "01-28 03-28 04-02 04-03 04-04 04-07 05-13 05-30 06-09 08-18 12-26",
    2026: "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24",
    2027: "02-05 03-09 03-12 03-15 03-25 05-18 05-19 12-24",
}


def days_of(year: int, listed: dict[int, str]) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in listed[year].split()}


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_the_packaged_calendar_holds_the_days_of_the_decrees(
    year: int, calendar: WorkingCalendar
) -> None:
    held = [holiday for holiday in calendar.holidays if holiday.on.year == year]

    assert {day.on for day in held if day.kind == "public"} == days_of(year, PUBLIC)
    assert {day.on for day in held if day.kind == "collective"} == days_of(year, COLLECTIVE)


def test_no_day_of_the_packaged_calendar_is_an_estimate(calendar: WorkingCalendar) -> None:
    assert [day for day in calendar.holidays if "perkiraan" in day.name] == []


def test_every_correction_stands_in_the_packaged_calendar(calendar: WorkingCalendar) -> None:
    for correction in CORRECTIONS:
        assert Holiday(correction.on, correction.name, correction.kind) in calendar.holidays


def test_every_loaded_year_has_public_holidays_and_collective_leave(
    calendar: WorkingCalendar,
) -> None:
    for kind in ("public", "collective"):
        assert {day.on.year for day in calendar.holidays if day.kind == kind} == set(
            range(2015, 2028)
        )
    assert calendar.loaded_years == frozenset(range(2015, 2028))


def test_the_version_names_the_loaded_years(calendar: WorkingCalendar) -> None:
    assert calendar.version.startswith("2015-2027-")


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2028, 1, 3)])
def test_a_day_in_a_year_not_loaded_is_refused(day: date, calendar: WorkingCalendar) -> None:
    with pytest.raises(CalendarTooShort, match=str(day.year)):
        calendar.is_working_day(day, collective_leave=OFF)


def test_a_count_may_start_the_day_before_the_first_loaded_year(calendar: WorkingCalendar) -> None:
    assert calendar.add_working_days(date(2014, 12, 31), 1, collective_leave=OFF) == date(
        2015, 1, 2
    )


def test_a_count_that_reaches_a_year_not_loaded_is_refused(calendar: WorkingCalendar) -> None:
    with pytest.raises(CalendarTooShort, match="2028"):
        calendar.add_working_days(date(2027, 12, 30), 2, collective_leave=OFF)


def test_the_last_day_of_all_time_is_refused_not_crashed() -> None:
    endless = WorkingCalendar(holidays=(), version="x", loaded_years=frozenset({9999}))

    with pytest.raises(CalendarTooShort):
        endless.add_working_days(date(9999, 12, 31), 1, collective_leave=OFF)


def test_a_negative_count_is_refused(calendar: WorkingCalendar) -> None:
    with pytest.raises(Invalid, match="-1"):
        calendar.add_working_days(date(2026, 1, 5), -1, collective_leave=OFF)


def test_a_public_holiday_is_off_even_where_collective_leave_counts(
    calendar: WorkingCalendar,
) -> None:
    assert not calendar.is_working_day(date(2026, 3, 19), collective_leave=COUNTS)
    assert calendar.is_working_day(date(2026, 3, 18), collective_leave=COUNTS)
    assert not calendar.is_working_day(date(2026, 3, 18), collective_leave=OFF)


def test_a_certificate_accounts_for_every_day_with_its_reason(calendar: WorkingCalendar) -> None:
    found = working_day_deadline(
        start=date(2026, 3, 13), count=10, calendar=calendar, collective_leave=OFF
    )

    reasons = {skipped.day: skipped.reason for skipped in found.skipped}
    assert found.counted[0] == date(2026, 3, 16)
    assert found.counted[-1] == found.due_on == date(2026, 4, 6)
    assert len(found.counted) == 10
    assert len(found.counted) + len(reasons) == (found.due_on - found.start).days
    assert reasons[date(2026, 3, 14)] == "Sabtu"
    assert reasons[date(2026, 3, 19)] == "Hari Suci Nyepi"
    assert reasons[date(2026, 3, 20)] == "Cuti Bersama Hari Raya Idul Fitri"
    assert reasons[date(2026, 3, 22)] == "Minggu; Hari kedua dari Hari Raya Idul Fitri"
    assert found.calendar_version == calendar.version


def test_calendar_days_rest_on_no_calendar() -> None:
    found = calendar_day_deadline(start=date(2026, 3, 13), count=30)

    assert found.calendar_version is None
    assert (len(found.counted), found.skipped) == (30, ())


@pytest.mark.parametrize("count", [-1, 0, 3661])
def test_a_deadline_of_no_days_or_of_decades_is_refused(
    count: int, calendar: WorkingCalendar
) -> None:
    with pytest.raises(Invalid, match=str(count)):
        calendar_day_deadline(start=date(2026, 3, 13), count=count)
    with pytest.raises(Invalid, match=str(count)):
        working_day_deadline(
            start=date(2026, 3, 13), count=count, calendar=calendar, collective_leave=OFF
        )


def test_calendar_days_beyond_the_last_year_are_refused() -> None:
    with pytest.raises(Invalid, match="9999"):
        calendar_day_deadline(start=date(9999, 12, 30), count=2)


starts = st.dates(date(2015, 1, 1), date(2026, 12, 31))
counts = st.integers(1, 120)
readings = st.sampled_from(CollectiveLeave)


@given(start=starts, count=counts, collective_leave=readings)
def test_adding_and_counting_working_days_invert_each_other(
    start: date, count: int, collective_leave: CollectiveLeave
) -> None:
    calendar = packaged_calendar()

    end = calendar.add_working_days(start, count, collective_leave=collective_leave)

    assert calendar.is_working_day(end, collective_leave=collective_leave)
    assert calendar.count_working_days(start, end, collective_leave=collective_leave) == count


@given(start=starts, distance=st.integers(1, 300), collective_leave=readings)
def test_counting_to_a_working_day_and_adding_that_many_leads_back_to_it(
    start: date, distance: int, collective_leave: CollectiveLeave
) -> None:
    calendar = packaged_calendar()
    end = calendar.next_working_day(
        start + timedelta(days=distance), collective_leave=collective_leave
    )

    count = calendar.count_working_days(start, end, collective_leave=collective_leave)

    assert calendar.add_working_days(start, count, collective_leave=collective_leave) == end


@given(start=starts, count=counts, collective_leave=readings)
def test_the_same_start_gives_the_same_certificate_again(
    start: date, count: int, collective_leave: CollectiveLeave
) -> None:
    first, second = (
        working_day_deadline(
            start=start,
            count=count,
            calendar=packaged_calendar(),
            collective_leave=collective_leave,
        )
        for _ in range(2)
    )

    assert first == second
    assert len(first.counted) == count


@given(start=starts, count=counts)
def test_counting_collective_leave_never_makes_a_deadline_later(start: date, count: int) -> None:
    calendar = packaged_calendar()

    assert calendar.add_working_days(
        start, count, collective_leave=COUNTS
    ) <= calendar.add_working_days(start, count, collective_leave=OFF)


@given(day=starts, collective_leave=readings)
def test_the_next_working_day_is_the_first_one_on_or_after(
    day: date, collective_leave: CollectiveLeave
) -> None:
    calendar = packaged_calendar()

    found = calendar.next_working_day(day, collective_leave=collective_leave)

    before = (
        calendar.count_working_days(
            day - timedelta(days=1), found, collective_leave=collective_leave
        )
        if day > date(2015, 1, 1)
        else 1
    )
    assert before == 1
