"""Versions of a rule side by side: tried, enabled by two people, taken back, never mixed up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.detection import rule_queries, service
from app.detection import rules as shipped
from app.detection.outcomes import Ending
from app.detection.rule_schemas import EditionView, RuleDetail
from app.detection.rule_tables import RuleEdition, RuleTrial
from app.detection.settings import (
    SHIPPED_EDITIONS,
    RuleSettings,
    changes,
    settings_from,
    with_edition,
)
from app.detection.tables import Sweep
from app.detection.trial_report import report_from
from app.detection.versions import running
from app.errors import Conflict, Forbidden, Invalid, Unavailable
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED
from tests.detection.scene import INSPECTOR, NOW, counts
from tests.detection.snapshots import FRESH, ON
from tests.detection.trying import LATER, Trying, moved

EARLY, ON_TIME = "AA000029", "AA000030"


def left(trying: Trying) -> None:
    """Let workers leave two employers, 29 and 30 days before a list that still has them."""
    for number, (npp, days) in enumerate(((EARLY, 29), (ON_TIME, 30)), start=1):
        of = trying.scene.registry
        record = of.record(of.employer(npp), id_sumber=f"W-{number}")
        of.member(
            number, npp, tgl_akhir=FRESH - timedelta(days=days), sebab_akhir="mengundurkan_diri"
        )
        of.listed(record, number)
    trying.keep()


def enabled(trying: Trying, version: int, *, valid_from: date = ON) -> EditionView:
    view = trying.tried({}, rule="LAPSED", version=version)
    made = trying.propose(view.line.id, valid_from=valid_from)
    trying.approve(made.id)
    trying.session.commit()
    return made


def page(trying: Trying, code: str = "LAPSED", on: date = ON) -> RuleDetail:
    return rule_queries.rule(
        trying.session,
        principal=trying.people["pengawas"],
        code=code,
        on=on,
        calendar=packaged_calendar(),
        language="id",
    )


def standings(trying: Trying, on: date = ON) -> dict[int, str]:
    return {one.rule.version: one.standing for one in page(trying, on=on).versions}


def test_a_draft_is_tried_beside_the_live_version_and_no_flag_is_of_it(trying: Trying) -> None:
    left(trying)

    view = trying.tried({}, rule="LAPSED", version=2)
    report = report_from(view.report)
    trying.scene.sweep()

    assert moved(report) == (0, 1, 1)
    told = {one.kind: one for one in report.samples}
    assert (told["gone"].npp, told["still"].npp) == (EARLY, ON_TIME)
    assert "sesudahnya" not in told["gone"].sentence
    assert "paling sedikit 30 hari sesudahnya" in told["still"].sentence
    assert (view.live.version, view.draft.version, view.line.draft_version) == (1, 2, 2)
    assert (view.norms["rule_version"], view.norms["draft_rule_version"]) == (1, 2)
    assert trying.scene.flag(EARLY, "LAPSED").rule_version == 1


def test_a_draft_is_tried_with_numbers_of_its_own(trying: Trying) -> None:
    left(trying)

    assert moved(trying.report({"grace_days": 29}, rule="LAPSED", version=2)) == (0, 0, 2)
    assert moved(trying.report({"grace_days": 31}, rule="LAPSED", version=2)) == (0, 2, 0)


def test_a_second_person_makes_a_version_live_and_its_flags_say_so(trying: Trying) -> None:
    left(trying)
    trying.scene.sweep()
    made = enabled(trying, 2)

    report = trying.scene.sweep()

    assert counts(report, "LAPSED") == (0, 1, 1)
    flag = trying.scene.flag(ON_TIME, "LAPSED")
    assert (flag.rule_version, flag.rule_edition) == (2, made.settings.edition)
    assert trying.scene.flag(EARLY, "LAPSED").status == "hilang"
    swept = trying.session.exec(select(Sweep)).all()[-1]
    assert (swept.rule_versions["LAPSED"], swept.rule_versions["PIUTANG"]) == (2, 1)
    assert swept.rule_editions["LAPSED"]["version"] == 2
    assert swept.thresholds["lapsed_days"] == 30


def test_nobody_makes_the_version_live_that_they_proposed(trying: Trying) -> None:
    left(trying)
    made = trying.propose(trying.tried({}, rule="LAPSED", version=2).line.id)

    with pytest.raises(Forbidden, match="orang lain"):
        trying.approve(made.id, by="satu")


def test_a_day_that_has_passed_keeps_the_version_it_had(trying: Trying) -> None:
    left(trying)
    enabled(trying, 2, valid_from=LATER)

    day_before = counts(trying.scene.sweep(on=LATER - timedelta(days=1)), "LAPSED")
    first_day = counts(trying.scene.sweep(on=LATER), "LAPSED")

    assert (day_before, first_day) == ((2, 0, 0), (0, 1, 1))
    assert standings(trying, LATER - timedelta(days=1)) == {2: "rancangan", 1: "berlaku"}
    assert standings(trying, LATER) == {2: "berlaku", 1: "pensiun"}


def test_a_version_is_taken_back_by_a_trial_of_the_one_before(trying: Trying) -> None:
    left(trying)
    assert standings(trying) == {2: "rancangan", 1: "berlaku"}
    enabled(trying, 2)
    assert standings(trying) == {2: "berlaku", 1: "pensiun"}
    back = trying.tried({}, rule="LAPSED", version=1)
    assert moved(report_from(back.report)) == (1, 0, 1)

    trying.approve(trying.propose(back.line.id).id)

    assert counts(trying.scene.sweep(), "LAPSED") == (2, 0, 0)
    assert trying.scene.flag(ON_TIME, "LAPSED").rule_version == 1
    assert standings(trying) == {2: "pensiun", 1: "berlaku"}


def test_without_a_version_a_trial_takes_the_one_in_force(trying: Trying) -> None:
    left(trying)
    enabled(trying, 2)

    view = trying.tried({"grace_days": 31}, rule="LAPSED")

    assert (view.live.version, view.draft.version) == (2, 2)
    assert moved(report_from(view.report)) == (0, 1, 0)


def test_the_version_in_force_with_nothing_changed_is_refused(trying: Trying) -> None:
    left(trying)

    with pytest.raises(Invalid, match="sama dengan aturan LAPSED"):
        trying.request(trying.wanted({}, rule="LAPSED", version=1))


@pytest.mark.parametrize("version", [0, 3, -1])
def test_a_version_nobody_ships_is_refused_by_its_field(trying: Trying, version: int) -> None:
    left(trying)

    with pytest.raises(Invalid, match=f"tidak memiliki versi {version}; pilih salah satu: 1, 2"
                       ) as refused:  # fmt: skip
        trying.request(trying.wanted({}, rule="LAPSED", version=version))

    assert [one.field for one in refused.value.fields] == ["version"]
    assert trying.session.exec(select(RuleTrial)).all() == []


def test_a_value_that_the_version_does_not_have_is_refused_by_its_field(trying: Trying) -> None:
    left(trying)

    with pytest.raises(Invalid, match=r"versi 1 tidak memiliki isian .*pilih versi 2") as refused:
        trying.request(trying.wanted({"grace_days": 45}, rule="LAPSED", version=1))

    assert [one.field for one in refused.value.fields] == ["grace_days"]


def test_a_trial_of_another_version_that_was_live_then_carries_no_proposal(
    trying: Trying,
) -> None:
    left(trying)
    first = trying.tried({}, rule="LAPSED", version=2).line.id
    second = trying.tried({"stale_months": 12}, rule="LAPSED").line.id
    trying.approve(trying.propose(first).id)

    with pytest.raises(Conflict, match="sudah berubah"):
        trying.propose(second)


def test_a_trial_of_before_a_release_that_ships_another_version_live_carries_no_proposal(
    trying: Trying, monkeypatch: pytest.MonkeyPatch
) -> None:
    left(trying)
    trial = trying.tried({"stale_months": 12}, rule="LAPSED").line.id
    newer = with_edition(SHIPPED_EDITIONS, RuleSettings("LAPSED", version=2))
    monkeypatch.setattr(rule_queries, "SHIPPED_EDITIONS", newer)

    with pytest.raises(Conflict, match="sudah berubah"):
        trying.propose(trial)


def test_precision_is_told_by_the_version_that_really_ran(trying: Trying) -> None:
    left(trying)
    made = enabled(trying, 2)
    trying.scene.sweep()
    flag = trying.scene.flag(ON_TIME, "LAPSED")
    service.mark_as_case(
        trying.session, principal=INSPECTOR, flag_ids=[flag.id], case_number="K-1", on=ON, now=NOW
    )

    service.release_from_case(
        trying.session, actor="user:1", case_number="K-1", judged=frozenset(), reason="Selesai.",
        ending=Ending(code="LUNAS", kbli="47111", verdicts={"LAPSED": "terbukti"}, taken_as={}),
        on=ON, now=NOW,
    )  # fmt: skip

    by_version = dict(page(trying).outcomes.by_version)
    assert {key: tally.proven for key, tally in by_version.items()} == {
        (2, made.settings.edition): 1
    }


class TestAReleaseWithoutTheVersion:
    """An edition names a version that was taken out: nothing else is run in its place."""

    @pytest.fixture
    def without(self, trying: Trying, monkeypatch: pytest.MonkeyPatch) -> Trying:
        left(trying)
        enabled(trying, 2)
        monkeypatch.setattr(shipped, "BESIDE", ())
        return trying

    def test_no_sweep_runs_and_the_sentence_names_what_is_missing(self, without: Trying) -> None:
        told = "memakai versi 2, yang tidak ada pada rilis ini \\(yang ada: 1\\)"

        with pytest.raises(Unavailable, match=told):
            without.scene.sweep()
        with pytest.raises(Unavailable, match=told):
            without.scene.preview()
        with pytest.raises(Unavailable, match=told):
            without.scene.request(without.snapshot_id)
        assert without.session.exec(select(Sweep)).all() == []

    def test_a_day_of_before_is_still_swept(self, without: Trying) -> None:
        assert counts(without.scene.sweep(on=ON - timedelta(days=1)), "LAPSED") == (2, 0, 0)

    def test_a_rule_that_is_off_stops_nothing(self, without: Trying) -> None:
        row = without.session.exec(select(RuleEdition)).one()
        row.rule_state = "mati"
        without.session.flush()

        assert counts(without.scene.sweep(), "LAPSED") == (0, 0, 0)

    def test_neither_trial_nor_proposal_pretends_that_it_is_there(self, without: Trying) -> None:
        with pytest.raises(Unavailable, match="versi 2"):
            without.request(without.wanted({"stale_months": 12}, rule="LAPSED", version=1))
        with pytest.raises(Unavailable, match="versi 2"):
            without.propose(1)

    def test_the_page_of_the_rule_says_so_and_shows_what_ships(self, without: Trying) -> None:
        found = page(without)

        assert found.view.is_missing
        assert (found.view.settings.version, found.view.rule.version) == (2, 1)
        assert found.view.lines[0].setting.key == "stale_months"


def test_an_edition_of_before_versions_stood_side_by_side_runs_the_first() -> None:
    kept = RuleSettings("LAPSED", 3, values={"stale_months": 12}).as_json()

    found = settings_from({name: one for name, one in kept.items() if name != "version"})

    assert (found.version, running(found).version) == (1, 1)
    assert settings_from(kept) == found


def test_what_only_one_version_has_is_told_as_lacking_in_the_other() -> None:
    first = RuleSettings("LAPSED", values={"stale_months": 12})
    second = replace(first, version=2, values={})

    found = {one.setting.key: one for one in changes(first, second, law=SHIPPED, on=ON)}

    assert set(found) == {"grace_days", "stale_months"}
    grace, stale = found["grace_days"], found["stale_months"]
    assert (grace.before, grace.after, grace.lacks) == (None, 30, frozenset({1}))
    assert (stale.before, stale.after, stale.lacks) == (12, 18, frozenset())
