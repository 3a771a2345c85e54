"""How cases ended comes back to the rule: by version, edition, region and sector."""

from datetime import timedelta

from app.accounts.schemas import Principal
from app.detection import rule_queries, service, trial_queries
from app.detection.outcomes import Ending
from app.detection.rule_schemas import Outcomes, Tally
from app.detection.schemas import Verdict
from app.infra.calendars import packaged_calendar
from tests.detection.scene import INSPECTOR, NOW, STRANGER, SUPERVISOR, Scene
from tests.detection.snapshots import ON

THREE = ("2026-01", "2026-02", "2026-03")


def ended(
    scene: Scene, npp: str, verdict: Verdict, *, taken_as: tuple[int, int] | None = None
) -> None:
    """Let a case take the flag of an employer and end."""
    flag = scene.flag(npp)
    service.mark_as_case(
        scene.session, principal=INSPECTOR, flag_ids=[flag.id], case_number=npp, on=ON, now=NOW
    )
    service.release_from_case(
        scene.session,
        actor="user:1",
        case_number=npp,
        judged=frozenset(),
        ending=Ending(
            code="LUNAS",
            kbli="47111" if npp.endswith("1") else "56101",
            verdicts={"PIUTANG": verdict},
            taken_as={} if taken_as is None else {flag.id: taken_as},
        ),
        reason="Selesai.",
        on=ON,
        now=NOW,
    )


def outcomes(scene: Scene, reader: Principal = SUPERVISOR) -> Outcomes:
    return rule_queries.rule(
        scene.session,
        principal=reader,
        code="PIUTANG",
        on=ON,
        calendar=packaged_calendar(),
        language="id",
    ).outcomes


def three_cases(scene: Scene) -> None:
    for number in (1, 2, 3):
        scene.owe(*THREE, npp=f"AA00000{number}")
    scene.sweep()
    ended(scene, "AA000001", "terbukti", taken_as=(1, 2))
    ended(scene, "AA000002", "tidak_terbukti")
    ended(scene, "AA000003", "tidak_dinilai")


def test_precision_counts_only_cases_that_ended_with_a_verdict(scene: Scene) -> None:
    three_cases(scene)

    total = outcomes(scene).total

    assert total == Tally(proven=1, disproven=1, not_judged=1)
    assert total.per_mille == 500


def test_where_nothing_was_judged_there_is_no_precision() -> None:
    assert Tally(proven=0, disproven=0, not_judged=4).per_mille is None
    assert Tally(proven=2, disproven=1, not_judged=0).per_mille == 667


def test_a_case_counts_for_the_edition_that_had_raised_it(scene: Scene) -> None:
    three_cases(scene)

    by_version = dict(outcomes(scene).by_version)

    assert by_version[(1, 2)].proven == 1
    assert by_version[(1, 0)].disproven == 1


def test_precision_is_told_by_province_and_by_sector(scene: Scene) -> None:
    three_cases(scene)

    found = outcomes(scene)

    assert [(key, tally.judged) for key, tally in found.by_region] == [("32", 2)]
    assert [(key, tally.judged) for key, tally in found.by_sector] == [("47", 1), ("56", 1)]


def test_another_branch_counts_none_of_it(scene: Scene) -> None:
    three_cases(scene)

    assert outcomes(scene, STRANGER).total.judged == 0


def test_a_case_that_ended_anew_counts_as_it_ended_last(scene: Scene) -> None:
    scene.owe(*THREE)
    scene.sweep()
    ended(scene, "AA000001", "terbukti")
    flag = scene.flag()
    service.reopen(
        scene.session,
        principal=INSPECTOR,
        flag_id=flag.id,
        expected_version=flag.version,
        now=NOW,
    )

    ended(scene, "AA000001", "tidak_terbukti")

    assert outcomes(scene).total == Tally(proven=0, disproven=1, not_judged=0)


def test_a_trial_knows_only_what_was_known_on_its_day(scene: Scene) -> None:
    three_cases(scene)

    known = trial_queries.known_outcomes(scene.session, rule="PIUTANG", until=NOW)
    before = trial_queries.known_outcomes(
        scene.session, rule="PIUTANG", until=NOW - timedelta(seconds=1)
    )

    assert known == {"npp:AA000001": True, "npp:AA000002": False}
    assert before == {}
