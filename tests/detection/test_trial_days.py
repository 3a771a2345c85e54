"""A rule is tried on another day or by another calendar beside the one in force."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from app.detection import trials
from app.detection.rule_tables import RuleTrial
from app.detection.trial_calendar import with_days
from app.detection.trial_report import report_from
from app.errors import Invalid
from tests.detection.scene import NOW
from tests.detection.snapshots import ON
from tests.detection.trying import LEAVE, NO_HOLIDAY, TWO, Trying, moved


def test_another_day_is_tried_beside_the_day_of_the_rule_in_force(trying: Trying) -> None:
    trying.scene.owe("2026-07", "2026-08", "2026-09")
    trying.keep()

    report = trying.report({}, on=date(2026, 10, 15), draft_on=date(2026, 10, 16))

    assert moved(report) == (1, 0, 0)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(date(2026, 8, 17), (0, 0, 0), id="due under neither"),
        pytest.param(date(2026, 8, 18), (1, 0, 0), id="due by the tried calendar only"),
        pytest.param(date(2026, 8, 19), (0, 0, 1), id="due under both"),
    ],
)
def test_a_holiday_taken_away_lets_a_third_month_fall_due_a_day_sooner(
    trying: Trying, on: date, expected: tuple[int, int, int]
) -> None:
    trying.scene.owe("2026-05", "2026-06", "2026-07")
    trying.keep()

    report = trying.report({}, on=on, draft_on=on, calendar=(NO_HOLIDAY,))

    assert moved(report) == expected
    assert [one.bulan_tunggak for one in report.samples] == [3] * sum(expected)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(date(2026, 10, 15), (0, 0, 0), id="due under neither"),
        pytest.param(date(2026, 10, 16), (0, 1, 0), id="due by the calendar in force only"),
        pytest.param(date(2026, 10, 17), (0, 0, 1), id="due under both"),
    ],
)
def test_a_day_off_on_the_due_date_lets_a_flag_of_three_months_go_for_a_day(
    trying: Trying, on: date, expected: tuple[int, int, int]
) -> None:
    trying.scene.owe("2026-07", "2026-08", "2026-09")
    trying.keep()

    report = trying.report({}, on=on, draft_on=on, calendar=(LEAVE,))

    assert moved(report) == expected


def test_with_a_month_above_the_threshold_the_flag_stays_with_a_month_less(
    trying: Trying,
) -> None:
    trying.scene.owe("2026-06", "2026-07", "2026-08", "2026-09")
    trying.keep()
    day = date(2026, 10, 16)

    report = trying.report({}, on=day, draft_on=day, calendar=(LEAVE,))

    assert moved(report) == (0, 0, 1)
    (sample,) = report.samples
    assert (sample.before["bulan_tunggak"], sample.bulan_tunggak) == (4, 3)


def test_a_rule_that_no_due_date_moves_finds_the_same_by_another_calendar(trying: Trying) -> None:
    trying.scene.registry.record(tgl_data=date(2026, 10, 1))
    trying.keep()

    report = trying.report({}, rule="PWBD", calendar=(LEAVE, NO_HOLIDAY))

    assert moved(report) == (0, 0, 1)


def test_a_trial_keeps_its_calendar_and_gives_the_same_when_it_is_run_again(
    trying: Trying,
) -> None:
    trying.scene.owe("2026-07", "2026-08", "2026-09")
    trying.keep()
    day = date(2026, 10, 16)
    view = trying.tried({}, on=day, draft_on=day, calendar=(LEAVE, NO_HOLIDAY))

    again = trials.repeat_trial(
        trying.session, principal=trying.people["dua"], trial_id=view.line.id, now=NOW
    )
    trying.session.commit()
    repeated = trying.run(again.line.id)

    name = "Hari Kemerdekaan Republik Indonesia"
    assert repeated.calendar == (replace(NO_HOLIDAY, name=name), LEAVE)
    assert (repeated.line.digest, repeated.norms) == (view.line.digest, view.norms)
    assert view.line.other_calendar
    assert view.norms["calendar"] == trying.calendar.version
    assert view.norms["draft_calendar"] != trying.calendar.version


def test_a_trial_whose_day_has_come_into_force_since_is_run_again_and_tells_the_versions(
    trying: Trying,
) -> None:
    trying.scene.owe("2026-07", "2026-08", "2026-09")
    trying.keep()
    day = date(2026, 10, 16)
    view = trying.tried({}, on=day, draft_on=day, calendar=(LEAVE,))
    trying.calendar = with_days(trying.calendar, (LEAVE,))

    again = trials.repeat_trial(
        trying.session, principal=trying.people["dua"], trial_id=view.line.id, now=NOW
    )
    trying.session.commit()
    repeated = trying.run(again.line.id)

    assert moved(report_from(repeated.report)) == (0, 0, 0)
    assert repeated.norms["calendar"] == view.norms["draft_calendar"]


def test_a_day_that_is_off_already_is_refused_and_no_trial_is_queued(trying: Trying) -> None:
    trying.keep()

    with pytest.raises(Invalid, match="2026-08-17 sudah libur"):
        trying.request(trying.wanted({}, calendar=(replace(NO_HOLIDAY, off=True),)))
    assert trying.session.exec(select(RuleTrial)).all() == []


def test_a_trial_of_before_calendars_were_tried_is_read_and_repeated(trying: Trying) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    first = trying.request(trying.wanted({"arrears_months": 2})).line.id
    row = trying.session.get_one(RuleTrial, first)
    row.definition = {name: value for name, value in row.definition.items() if name != "calendar"}
    trying.session.commit()

    view = trying.run(first)

    assert (view.calendar, view.line.other_calendar) == ((), False)
    assert moved(report_from(view.report)) == (1, 0, 0)


def test_a_trial_whose_day_the_calendar_no_longer_knows_ends_with_the_sentence(
    trying: Trying,
) -> None:
    trying.scene.owe("2026-10")
    trying.keep()
    trial_id = trying.request(trying.wanted({"arrears_months": 2})).line.id
    trying.calendar = replace(trying.calendar, loaded_years=frozenset({2024, 2025}))

    view = trying.run(trial_id)

    assert view.line.status == "failed"
    assert "{known_until}" in view.failure["template"]


@pytest.mark.parametrize(
    ("days", "fields"),
    [
        ({"on": date(1, 1, 1), "draft_on": date(9999, 12, 31)}, ["on", "draft_on"]),
        ({"on": ON, "draft_on": date(2031, 2, 10)}, ["draft_on"]),
    ],
)
def test_a_day_outside_the_calendar_is_refused_beside_its_field(
    trying: Trying, days: dict[str, date], fields: list[str]
) -> None:
    trying.keep()

    with pytest.raises(Invalid, match="di luar kalender yang berlaku") as no:
        trying.request(
            trying.wanted({"arrears_months": 2}, on=days["on"], draft_on=days["draft_on"])
        )

    assert [one.field for one in no.value.fields] == fields
    assert trying.session.exec(select(RuleTrial)).all() == []


def test_a_day_before_the_law_that_fields_follow_is_refused_not_lost_on_its_page(
    trying: Trying,
) -> None:
    trying.keep()
    early = date(2015, 2, 1)

    with pytest.raises(Invalid, match="Tidak ada nilai"):
        trying.request(trying.wanted({"arrears_months": 2}, on=early, draft_on=early))
