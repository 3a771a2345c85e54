"""The days of the demo's cases: an office writes, and hands over, when it is open."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest

from app.cli.demo import STORY_ENDS
from app.demo.casework import ARREARS_STORY, BREACH_STORY, Beat, opened_on
from app.infra.calendars import packaged_calendar
from app.law.calendar import CollectiveLeave

CALENDAR = packaged_calendar()
STORIES = pytest.mark.parametrize("story", [ARREARS_STORY, BREACH_STORY], ids=["arrears", "breach"])
# A story that ends where the demo's does, and some that end on weekends and after long holidays.
ENDS = [STORY_ENDS, *(date(2026, 1, 3) + timedelta(days=17 * n) for n in range(18))]


def days(story: Sequence[Beat], ends_on: date) -> Iterator[date]:
    """Yield every day of a story in the order in which things are done."""
    yield opened_on(story, ends_on=ends_on, calendar=CALENDAR)
    for beat in story:
        yield beat.done_on(ends_on, CALENDAR)
        if (received := beat.received_on(ends_on, CALENDAR)) is not None:
            yield received


@STORIES
@pytest.mark.parametrize("ends_on", ENDS, ids=str)
def test_nothing_of_a_story_happens_when_offices_are_closed(
    story: Sequence[Beat], ends_on: date
) -> None:
    closed = {
        day: why
        for day in days(story, ends_on)
        if (why := CALENDAR.reason_off(day, collective_leave=CollectiveLeave.DAY_OFF))
    }

    assert closed == {}


@STORIES
@pytest.mark.parametrize("ends_on", ENDS, ids=str)
def test_a_story_keeps_its_order_when_days_move(story: Sequence[Beat], ends_on: date) -> None:
    told = list(days(story, ends_on))

    assert told == sorted(told)


def test_the_first_letter_of_the_demo_is_dated_after_independence_day() -> None:
    first = next(beat for beat in ARREARS_STORY if beat.received_after is not None)

    assert STORY_ENDS - timedelta(days=first.days_before) == date(2026, 8, 17)
    assert first.done_on(STORY_ENDS, CALENDAR) == date(2026, 8, 18)
