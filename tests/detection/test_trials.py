"""A changed rule is run beside the one in force: what moves is told, no flag is touched."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypedDict, Unpack

import pytest
from sqlmodel import Session, select

from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.accounts.schemas import Principal
from app.detection import editions, trials
from app.detection.rule_queries import editions_in_force
from app.detection.rule_schemas import EditionView, TrialView, TrialWanted
from app.detection.settings import RuleState, Value
from app.detection.tables import Flag, FlagEvent, RuleTrial, Sweep
from app.detection.trial_calendar import TriedDay, with_days
from app.detection.trial_report import Group, TrialReport, report_from
from app.errors import Conflict, Forbidden, Invalid
from app.infra.calendars import packaged_calendar
from app.infra.database import Database
from app.law.calendar import WorkingCalendar
from app.registry.tables import Snapshot
from tests.detection.scene import MEMORY, NOW, Scene, counts
from tests.detection.snapshots import ON
from tests.detection.test_outcomes import ended

# The bill of September falls due on the 15th of October, a Thursday; that of July on a Saturday,
# the 15th of August, and so on the first working day after the 17th, Independence Day.
LEAVE = TriedDay(date(2026, 10, 15), "Cuti bersama tambahan", off=True)
NO_HOLIDAY = TriedDay(date(2026, 8, 17), "", off=False)
TWO = ("2026-01", "2026-02")
THREE = (*TWO, "2026-03")
LATER = date(2026, 12, 1)


class Wish(TypedDict, total=False):
    rule: str
    on: date
    draft_on: date
    state: RuleState
    calendar: tuple[TriedDay, ...]
    version: int | None


@dataclass
class Trying:
    """A registry in a snapshot, two who may decide, and a trial's way from wish to report."""

    database: Database
    session: Session
    scene: Scene
    people: dict[str, Principal]
    snapshot_id: str = ""
    calendar: WorkingCalendar = field(default_factory=packaged_calendar)

    def keep(self) -> None:
        view = self.scene.snapshot()
        self.session.add(
            Snapshot(
                id=view.id,
                as_of=ON,
                created_at=NOW,
                turn=1,
                tables={
                    name: {"rows": 1, "rejected": 0, "sha256": one.sha256, "carried_over": False}
                    for name, one in view.tables.items()
                },
            )
        )
        self.session.commit()
        self.snapshot_id = view.id

    def wanted(
        self,
        values: dict[str, Value],
        *,
        rule: str = "PIUTANG",
        on: date = ON,
        draft_on: date = ON,
        state: RuleState = "hidup",
        calendar: tuple[TriedDay, ...] = (),
        version: int | None = None,
    ) -> TrialWanted:
        return TrialWanted(
            rule=rule,
            snapshot_id=self.snapshot_id,
            on=on,
            draft_on=draft_on,
            state=state,
            values=values,
            calendar=calendar,
            version=version,
        )

    def request(self, wanted: TrialWanted) -> TrialView:
        view = trials.request_trial(
            self.session,
            principal=self.people["satu"],
            wanted=wanted,
            calendar=self.calendar,
            today=ON,
            now=NOW,
        )
        self.session.commit()
        return view

    def run(self, trial_id: int) -> TrialView:
        trials.run_trial(
            self.database,
            trial_id=trial_id,
            bench=trials.Bench(
                snapshots_dir=self.scene.folder,
                scratch=self.scene.folder / "scratch",
                memory=MEMORY,
                calendar_of=lambda _: self.calendar,
                clock=lambda: NOW,
            ),
        )
        return trials.trial(self.session, principal=self.people["pengawas"], trial_id=trial_id)

    def tried(self, values: dict[str, Value], **wanted: Unpack[Wish]) -> TrialView:
        return self.run(self.request(self.wanted(values, **wanted)).line.id)

    def report(self, values: dict[str, Value], **wanted: Unpack[Wish]) -> TrialReport:
        return report_from(self.tried(values, **wanted).report)

    def propose(self, trial_id: int, *, by: str = "satu", valid_from: date = ON) -> EditionView:
        return editions.propose(
            self.session,
            principal=self.people[by],
            trial_id=trial_id,
            valid_from=valid_from,
            why="Dua bulan sudah cukup.",
            today=ON,
            now=NOW,
        )

    def approve(self, edition_id: int, *, by: str = "dua", today: date = ON) -> EditionView:
        return editions.approve(
            self.session, principal=self.people[by], edition_id=edition_id, today=today, now=NOW
        )


@pytest.fixture
def trying(database: Database, tmp_path: Path) -> Iterator[Trying]:
    with Session(database.engine, expire_on_commit=False) as session:
        head = accounts_service.ensure_head_office(session, now=NOW, actor="test")
        roles = {"satu": "administrator", "dua": "legal_officer", "pengawas": "supervisor"}
        for key, role in roles.items():
            accounts_service.add_user(
                session, email=f"{key}@contoh.test", name=key.title(), role=role, office_code=head,
                password="rahasia panjang sekali", now=NOW, actor="test", title="Jabatan",
            )  # fmt: skip
        people = {
            key: accounts.principal_by_email(session, email=f"{key}@contoh.test") for key in roles
        }
        session.commit()
        yield Trying(database, session, Scene(session, tmp_path / "snapshots"), people)


def moved(report: TrialReport) -> tuple[int, int, int]:
    return tuple(report.totals[kind].flags for kind in ("new", "gone", "still"))  # type: ignore[return-value]


def test_a_lower_threshold_flags_more_and_no_flag_moves(trying: Trying) -> None:
    trying.scene.owe(*TWO, npp="AA000001")
    trying.scene.owe(*THREE, npp="AA000002")
    trying.keep()

    report = trying.report({"arrears_months": 2})

    assert moved(report) == (1, 0, 1)
    assert report.totals["new"].rupiah == 2 * 285_000
    for table in (Flag, FlagEvent, Sweep):
        assert trying.session.exec(select(table)).all() == []


def test_a_higher_threshold_says_who_is_no_longer_flagged_with_the_old_words(
    trying: Trying,
) -> None:
    trying.scene.owe(*THREE)
    trying.keep()

    report = trying.report({"arrears_months": 4})

    assert moved(report) == (0, 1, 0)
    (sample,) = report.samples
    assert (sample.kind, sample.bulan_tunggak, sample.rows) == ("gone", 3, {"tagihan": 3})
    assert sample.sentence.startswith("PT Usaha AA000001 menunggak iuran 3 bulan")


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


def test_a_rule_that_is_switched_off_finds_nothing_any_more(trying: Trying) -> None:
    trying.scene.owe(*THREE)
    trying.keep()

    report = trying.report({}, state="mati")

    assert moved(report) == (0, 1, 0)


def test_what_moves_is_told_by_office_sector_and_size(trying: Trying) -> None:
    trying.scene.owe(*TWO, npp="AA000001", kbli="56101", skala="mikro", kantor_cabang="J05")
    trying.scene.owe(*TWO, npp="AA000002", kbli="47111", skala="besar", kantor_cabang="M01")
    trying.scene.owe(*THREE, npp="AA000003", kbli="47190", skala="besar", kantor_cabang="M01")
    trying.keep()

    report = trying.report({"arrears_months": 2})

    def told(groups: tuple[Group, ...]) -> dict[str, tuple[int, int]]:
        return {one.key: (one.totals["new"].flags, one.totals["still"].flags) for one in groups}

    assert told(report.by_office) == {"J05": (1, 0), "M01": (1, 1)}
    assert told(report.by_sector) == {"56": (1, 0), "47": (1, 1)}
    assert told(report.by_size) == {"mikro": (1, 0), "besar": (1, 1)}


def test_sector_and_size_of_an_unregistered_employer_are_those_of_its_source(
    trying: Trying,
) -> None:
    trying.scene.registry.record(kbli="10110", skala="menengah", tgl_data=date(2025, 5, 19))
    trying.keep()

    report = trying.report({"stale_months": 19}, rule="PWBD")

    assert moved(report) == (1, 0, 0)
    assert [one.key for one in (*report.by_sector, *report.by_size)] == ["10", "menengah"]


def test_only_the_source_that_was_given_another_age_is_judged_by_it(trying: Trying) -> None:
    old = date(2025, 5, 19)
    trying.scene.registry.record(id_sumber="W-1", npwp="990000000000001", nib="1", tgl_data=old)
    trying.scene.registry.record(
        sumber="DJP", id_sumber="D-1", npwp="990000000000002", nib="2", tgl_data=old
    )
    trying.keep()

    report = trying.report({"stale_djp": 19}, rule="PWBD")

    assert [(one.kind, one.subject) for one in report.samples] == [("new", "npwp:0990000000000002")]


def test_hours_are_known_only_where_somebody_said_how_long_a_visit_takes(trying: Trying) -> None:
    trying.scene.owe(*TWO)
    trying.keep()

    unknown = trying.report({"arrears_months": 2})
    known = trying.report({"arrears_months": 2, "visit_minutes": 150})

    assert unknown.minutes("new") is None
    assert known.minutes("new") == 150


def test_samples_are_at_most_twenty_of_every_kind_and_the_draw_is_seeded(trying: Trying) -> None:
    for number in range(15):
        trying.scene.owe(*TWO, npp=f"AA0001{number:02d}")
        trying.scene.owe(*THREE, npp=f"AA0002{number:02d}")
    trying.keep()
    view = trying.tried({"arrears_months": 2})

    again = trials.repeat_trial(
        trying.session, principal=trying.people["dua"], trial_id=view.line.id, now=NOW
    )
    trying.session.commit()
    repeated = trying.run(again.line.id)

    samples = report_from(view.report).samples
    assert [one.kind for one in samples].count("new") == 10
    assert len({one.subject for one in samples}) == 20
    assert repeated.line.digest == view.line.digest
    assert repeated.again_of is not None
    assert repeated.again_of.id == view.line.id


def test_another_seed_draws_other_samples(trying: Trying) -> None:
    for number in range(40):
        trying.scene.owe(*TWO, npp=f"AA0001{number:02d}")
    trying.keep()

    first = trying.report({"arrears_months": 2})
    trying.session.commit()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trials, "SEED", 7)
        second = trying.report({"arrears_months": 2})

    assert {one.subject for one in first.samples} != {one.subject for one in second.samples}


def test_a_trial_that_was_killed_half_way_is_carried_out_by_the_next_worker(
    trying: Trying,
) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    trial_id = trying.request(trying.wanted({"arrears_months": 2})).line.id
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trials, "_report", killed)
        with pytest.raises(KeyboardInterrupt):
            trying.run(trial_id)
    half = trials.trial(trying.session, principal=trying.people["dua"], trial_id=trial_id)

    done = trying.run(trial_id)

    assert (half.line.status, done.line.status) == ("running", "done")
    assert (done.progress, moved(report_from(done.report))) == (100, (1, 0, 0))


def killed(*_: object, **__: object) -> TrialReport:
    raise KeyboardInterrupt


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


def test_the_same_trial_asked_for_twice_is_one_until_it_ends(trying: Trying) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    wanted = trying.wanted({"arrears_months": 2})

    first, again = trying.request(wanted), trying.request(wanted)
    other = trying.request(trying.wanted({"arrears_months": 4}))
    trying.run(first.line.id)
    afterwards = trying.request(wanted)

    assert (again.line.id, other.line.id != first.line.id) == (first.line.id, True)
    assert afterwards.line.id not in {first.line.id, other.line.id}


def test_a_wish_that_changes_nothing_is_refused(trying: Trying) -> None:
    trying.keep()

    with pytest.raises(Invalid, match="sama dengan aturan PIUTANG"):
        trying.request(trying.wanted({}))


def test_samples_of_other_offices_are_not_shown(trying: Trying) -> None:
    trying.scene.owe(*TWO, npp="AA000001", kantor_cabang="J05")
    trying.scene.owe(*TWO, npp="AA000002", kantor_cabang="M01")
    trying.keep()
    trial_id = trying.tried({"arrears_months": 2}).line.id
    branch = replace(trying.people["pengawas"], offices=frozenset({"J05"}))

    seen = trials.trial(trying.session, principal=branch, trial_id=trial_id)
    clerk = trials.trial(trying.session, principal=trying.people["satu"], trial_id=trial_id)

    assert [one["kantor_cabang"] for one in seen.report["samples"]] == ["J05"]
    assert clerk.report["samples"] == []


def test_a_second_person_enables_it_and_the_next_sweep_and_its_flags_carry_it(
    trying: Trying,
) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    made = trying.propose(trying.tried({"arrears_months": 2}).line.id)
    before = counts(trying.scene.sweep())

    approved = trying.approve(made.id)

    assert before == (0, 0, 0)
    assert counts(trying.scene.sweep()) == (1, 0, 0)
    flag = trying.scene.flag()
    assert (flag.bulan_tunggak, flag.rule_version, flag.rule_edition) == (2, 1, 1)
    assert (approved.decided_by, approved.trial_id) == ("Dua", made.trial_id)
    swept = trying.session.exec(select(Sweep)).all()[-1]
    assert swept.rule_editions["PIUTANG"]["values"] == {"arrears_months": 2}


def test_a_sweep_of_the_day_before_still_uses_what_was_in_force_then(trying: Trying) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    made = trying.propose(trying.tried({"arrears_months": 2}).line.id, valid_from=LATER)
    trying.approve(made.id)

    day_before = counts(trying.scene.sweep(on=date(2026, 11, 30)))
    first_day = counts(trying.scene.sweep(on=LATER))

    assert (day_before, first_day) == ((0, 0, 0), (1, 0, 0))


def test_nobody_enables_what_they_proposed(trying: Trying) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    made = trying.propose(trying.tried({"arrears_months": 2}).line.id)

    with pytest.raises(Forbidden, match="orang lain"):
        trying.approve(made.id, by="satu")


def test_a_supervisor_tries_but_neither_proposes_nor_approves(trying: Trying) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    trial_id = trying.tried({"arrears_months": 2}).line.id

    with pytest.raises(Forbidden):
        trying.propose(trial_id, by="pengawas")
    made = trying.propose(trial_id)
    with pytest.raises(Forbidden):
        trying.approve(made.id, by="pengawas")


def test_a_report_on_two_days_carries_no_proposal(trying: Trying) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    trial_id = trying.tried({"arrears_months": 2}, draft_on=date(2026, 11, 19)).line.id

    with pytest.raises(Conflict, match="dua hari"):
        trying.propose(trial_id)


def test_a_report_on_another_calendar_carries_no_proposal_and_one_on_that_in_force_does(
    trying: Trying,
) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    other = trying.tried({"arrears_months": 2}, calendar=(LEAVE,)).line.id
    in_force = trying.tried({"arrears_months": 2}).line.id

    with pytest.raises(Conflict, match=r"kalender lain \(2026-10-15\)"):
        trying.propose(other)
    assert trying.propose(in_force).trial_id == in_force


def test_a_trial_of_a_rule_that_changed_since_carries_no_proposal(trying: Trying) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    first = trying.tried({"arrears_months": 2}).line.id
    second = trying.tried({"arrears_months": 4}).line.id
    trying.approve(trying.propose(first).id)

    with pytest.raises(Conflict, match="sudah berubah"):
        trying.propose(second)


def test_a_day_that_has_passed_is_refused_and_today_is_not(trying: Trying) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    trial_id = trying.tried({"arrears_months": 2}).line.id

    with pytest.raises(Invalid, match="sudah lewat"):
        trying.propose(trial_id, valid_from=date(2026, 11, 19))
    made = trying.propose(trial_id, valid_from=ON)
    with pytest.raises(Invalid, match="sudah lewat"):
        trying.approve(made.id, today=date(2026, 11, 21))


def test_a_refused_change_keeps_its_reason_and_the_rule_as_it_was(trying: Trying) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    made = trying.propose(trying.tried({"arrears_months": 2}).line.id)

    refused = editions.refuse(
        trying.session,
        principal=trying.people["dua"],
        edition_id=made.id,
        reason="Terlalu banyak temuan kecil.",
        now=NOW,
    )

    assert (refused.state, refused.reason) == ("ditolak", "Terlalu banyak temuan kecil.")
    assert editions_in_force(trying.session, on=LATER)["PIUTANG"].edition == 0


def test_a_switched_off_rule_lets_its_flags_go_and_keeps_other_rules(trying: Trying) -> None:
    trying.scene.owe(*THREE, program="JKK")
    trying.keep()
    trying.scene.sweep()
    off = trying.propose(trying.tried({}, state="mati").line.id)
    trying.approve(off.id)

    report = trying.scene.sweep()

    assert counts(report) == (0, 0, 1)
    assert counts(report, "PDS_PROGRAM") == (0, 1, 0)
    assert trying.scene.flag().status == "hilang"


def test_hit_rates_come_from_how_cases_of_such_flags_ended(trying: Trying) -> None:
    trying.scene.owe(*THREE, npp="AA000001")
    trying.scene.owe(*THREE, npp="AA000002")
    trying.scene.owe(*THREE, "2026-04", npp="AA000003")
    trying.keep()
    trying.scene.sweep()
    ended(trying.scene, "AA000001", "terbukti")
    ended(trying.scene, "AA000002", "tidak_terbukti")
    ended(trying.scene, "AA000003", "terbukti")
    trying.session.commit()

    report = trying.report({"arrears_months": 4})

    assert (report.live_hits.known, report.live_hits.hits) == (3, 2)
    assert (report.draft_hits.known, report.draft_hits.hits) == (1, 1)
