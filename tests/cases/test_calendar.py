"""The editable calendar: who may edit it, and what an edit moves."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from app.cases import queries, service, watch, workdays
from app.cases.clocks import Clock
from app.cases.stages import Action, Violation
from app.cases.tables import CaseRecord
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
        source="Keppres pencabutan",
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
            source="Keppres",
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


def warned_early(work: Casework) -> None:
    """Warning II goes on 20 February, the day after warning I lapsed."""
    work.open(Violation.PWBD)
    work.inspect()
    work.letter(Action.WARN_1, date(2026, 2, 2), date(2026, 2, 3))
    work.letter(Action.WARN_2, date(2026, 2, 20), date(2026, 2, 23))


def test_an_edit_is_recorded_in_the_timeline_of_each_case_it_moves(work: Casework) -> None:
    warned_early(work)

    changed = declare(work)

    event = work.file().events[-1]
    assert (event.verb, event.note, event.actor.name) == (
        "calendar_changed", "Keppres contoh", work.cast.administrator.name,
    )  # fmt: skip
    assert event.detail["version_was"] == changed.version_before != event.detail["version"]
    assert event.detail["version"] == changed.version
    found: Any = event.detail["moved"]
    (moved,) = found
    assert moved == {
        "letter_seq": work.file().deadlines[0].seq,
        "letter": "warn_1",
        "due_on_was": "2026-02-19",
        "due_on": "2026-02-20",
    }


def test_a_warning_that_was_sent_too_early_by_a_later_calendar_is_a_defect_and_can_be_repeated(
    work: Casework,
) -> None:
    warned_early(work)
    before = work.file()

    changed = declare(work)

    (defect,) = work.file().undermined
    assert before.undermined == ()
    assert not before.option(Action.WARN_2).allowed
    assert changed.affected[0].recount.undermined == (defect,)
    assert (defect.step.action, defect.due_on) == (Action.WARN_2, date(2026, 2, 20))
    assert work.file().option(Action.WARN_2).allowed
    work.letter(Action.WARN_2, date(2026, 11, 2), date(2026, 11, 3))
    assert work.file().undermined == ()


def test_a_holiday_moves_the_deadline_that_lists_and_the_radar_show(work: Casework) -> None:
    """The day is kept with the case for lists; it must not stay behind when the calendar moves."""
    work.open(Violation.PWBD)
    work.inspect()
    work.letter(Action.WARN_1, date(2026, 2, 2), date(2026, 2, 3))

    def shown() -> list[date | None]:
        (row,) = work.session.exec(select(CaseRecord).where(CaseRecord.id == work.case_id)).all()
        running = watch.signals(
            work.session, principal=work.cast.inspector, on=date(2026, 2, 10), within_days=30
        )
        return [row.next_due_on, *(signal.on for signal in running)]

    before, version = shown(), work.version
    service.preview(work.session, lambda: declare(work))
    previewed = shown()
    changed = declare(work)

    assert before == previewed == [date(2026, 2, 19)] * 2
    assert shown() == [date(2026, 2, 20)] * 2
    assert work.version == version + 1
    assert work.file().events[-1].detail["version"] == changed.version


def test_a_preview_says_what_the_edit_would_change_and_changes_nothing(work: Casework) -> None:
    warned_early(work)
    before, version = work.file(), workdays.calendar(work.session).version

    shown = service.preview(work.session, lambda: declare(work))

    assert work.file() == before
    assert workdays.calendar(work.session).version == version
    saved = declare(work)
    assert shown == saved


def test_a_holiday_moved_moves_the_deadlines_at_both_its_days(work: Casework) -> None:
    warned_early(work)
    declare(work, date(2026, 2, 26))

    changed = service.move_holiday(
        work.session,
        principal=work.cast.administrator,
        day=date(2026, 2, 26),
        name="Hari libur khusus",
        to=STRIKE,
        source="Keppres perubahan",
        now=work.now,
    )

    (case,) = changed.affected
    assert [(one.letter, one.before, one.after) for one in case.recount.moved] == [
        (Action.WARN_1, date(2026, 2, 19), date(2026, 2, 20)),
        (Action.WARN_2, date(2026, 3, 10), date(2026, 3, 9)),
    ]


def test_moving_or_removing_a_holiday_needs_the_decree(work: Casework) -> None:
    declare(work)

    with pytest.raises(Invalid) as caught:
        service.move_holiday(
            work.session,
            principal=work.cast.administrator,
            day=STRIKE,
            name="Hari libur khusus",
            to=date(2028, 2, 9),
            source=" ",
            now=work.now,
        )

    assert [problem.field for problem in caught.value.fields] == ["source"]
