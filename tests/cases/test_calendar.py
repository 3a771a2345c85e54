"""The editable calendar: who may edit it, and what an edit moves."""

from datetime import date

import pytest

from app.cases import queries, service, workdays
from app.cases.clocks import Clock
from app.cases.stages import Action, Violation
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.infra.calendars import packaged_calendar
from tests.cases.conftest import Casework

STRIKE = date(2026, 2, 9)


def declare(work: Casework, day: date = STRIKE) -> service.CalendarChanged:
    return service.set_holiday(
        work.session,
        principal=work.cast.administrator,
        day=day,
        name="Hari libur khusus",
        kind="public",
        source="Keppres contoh",
        now=work.now,
    )


def test_before_anybody_edits_the_packaged_calendar_rules(work: Casework) -> None:
    assert workdays.calendar(work.session) == packaged_calendar()


def test_seeding_copies_the_packaged_days_once(work: Casework) -> None:
    first = service.seed_calendar(work.session, now=work.now)
    second = service.seed_calendar(work.session, now=work.now)
    seeded = workdays.calendar(work.session)

    assert (first, second) == (13, 0)
    assert set(seeded.holidays) == set(packaged_calendar().holidays)
    assert seeded.loaded_years == packaged_calendar().loaded_years


def test_a_new_holiday_moves_the_deadlines_it_touches_and_says_which(work: Casework) -> None:
    work.open(Violation.PWBD)
    work.inspect()
    work.letter(Action.WARN_1, date(2026, 2, 2), date(2026, 2, 3))
    before = work.file().deadline_of(Clock.WARNING_1)

    changed = declare(work)

    after = work.file().deadline_of(Clock.WARNING_1)
    assert before is not None
    assert after is not None
    assert after.certificate is not None
    assert (before.due_on, after.due_on) == (date(2026, 2, 19), date(2026, 2, 20))
    assert changed.moved == (work.file().number,)
    assert after.certificate.calendar_version == changed.version


def test_a_holiday_that_touches_no_clock_moves_nothing(work: Casework) -> None:
    work.open()

    assert declare(work).moved == ()


def test_taking_a_holiday_back_restores_the_version(work: Casework) -> None:
    service.seed_calendar(work.session, now=work.now)
    before = workdays.calendar(work.session).version
    declare(work)

    service.remove_holiday(
        work.session,
        principal=work.cast.administrator,
        day=STRIKE,
        name="Hari libur khusus",
        now=work.now,
    )

    assert workdays.calendar(work.session).version == before


def test_only_an_administrator_edits_the_calendar(work: Casework) -> None:
    with pytest.raises(Forbidden):
        service.set_holiday(
            work.session,
            principal=work.cast.branch_head,
            day=STRIKE,
            name="Libur",
            kind="public",
            source="Keppres",
            now=work.now,
        )


def test_a_holiday_needs_a_name_a_source_and_an_announced_year(work: Casework) -> None:
    with pytest.raises(Invalid) as caught:
        service.set_holiday(
            work.session,
            principal=work.cast.administrator,
            day=date(2028, 1, 1),
            name="",
            kind="public",
            source="",
            now=work.now,
        )

    assert {problem.field for problem in caught.value.fields} == {"name", "source", "day"}


def test_a_day_that_is_no_holiday_cannot_be_removed(work: Casework) -> None:
    with pytest.raises(NotFound):
        service.remove_holiday(
            work.session,
            principal=work.cast.administrator,
            day=STRIKE,
            name="Tidak ada",
            now=work.now,
        )


def test_years_are_announced_one_after_the_other(work: Casework) -> None:
    def announce(year: int) -> service.CalendarChanged:
        return service.announce_year(
            work.session,
            principal=work.cast.administrator,
            year=year,
            source="SKB 2028",
            now=work.now,
        )

    with pytest.raises(Conflict):
        announce(2027)
    with pytest.raises(Invalid, match="2028"):
        announce(2029)
    announce(2028)

    assert 2028 in workdays.calendar(work.session).loaded_years


def test_the_days_of_a_year_are_listed_in_order(work: Casework) -> None:
    declare(work)

    days = queries.calendar_days(work.session, year=2026)

    assert [item.day for item in days] == sorted(item.day for item in days)
    assert next(item for item in days if item.day == STRIKE).source == "Keppres contoh"
