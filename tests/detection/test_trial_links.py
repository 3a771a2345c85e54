"""A trial rests on the links of the sweep over its snapshot: the live rule gives the live flags."""

import pytest
from sqlmodel import select

from app.detection.rule_tables import RuleTrial
from app.detection.settings import Value
from app.detection.tables import Sweep
from app.linkage.schemas import Verdict
from tests.detection.trying import Trying
from tests.linkage.outside import NAME, known
from tests.linkage.outside import SLIP as TWISTED
from tests.linkage.outside import pairs as outside_pairs
from tests.linkage.saying import decide
from tests.linkage.test_decisions import SLIP, known_elsewhere, only_pair
from tests.linkage.test_workers_decided import only_pair as only_pair_of_workers
from tests.linkage.test_workers_decided import scene_with as member_listed_with_a_slip

# A change that moves nothing here: what is compared is the side of the rule in force.
HARMLESS: dict[str, Value] = {"stale_months": 17}


def live_side(trying: Trying, rule: str) -> int:
    totals = trying.report(HARMLESS, rule=rule).totals
    return totals["gone"].flags + totals["still"].flags


def found_live(trying: Trying, rule: str) -> int:
    return len([one for one in trying.scene.all_flags() if one.rule == rule and one.seen])


@pytest.fixture
def linked(trying: Trying) -> Trying:
    """An employer that only a likeness links to what another agency knows of it, and a sweep."""
    record = known_elsewhere(trying.scene, SLIP, jumlah_tk=9)
    trying.scene.registry.listed(record, 7)
    trying.scene.registry.record(id_sumber="W-2", nama="PT Tak Dikenal", jumlah_tk=4)
    trying.keep()
    sweep(trying)
    return trying


def sweep(trying: Trying) -> None:
    trying.scene.sweep()
    trying.session.commit()


@pytest.mark.parametrize("rule", ["PWBD", "PDS_TK", "PDS_UPAH"])
def test_the_rule_in_force_on_the_live_snapshot_gives_the_live_flags(
    linked: Trying, rule: str
) -> None:
    assert {rule: live_side(linked, rule)} == {rule: found_live(linked, rule)}
    assert (found_live(linked, "PWBD"), found_live(linked, "PDS_TK")) == (1, 1)


def say(linked: Trying, verdict: Verdict) -> None:
    decide(linked.session, only_pair(linked.session), verdict, minutes=60)
    linked.session.commit()


def test_a_decision_counts_in_a_trial_from_the_sweep_that_counted_it(linked: Trying) -> None:
    say(linked, "beda")

    before = live_side(linked, "PWBD")
    sweep(linked)
    after = live_side(linked, "PWBD")

    assert (before, after) == (1, 2)
    assert found_live(linked, "PWBD") == 2


def test_a_trial_of_before_links_were_used_is_repeated_as_it_was(linked: Trying) -> None:
    first = linked.request(linked.wanted(HARMLESS, rule="PWBD")).line.id
    row = linked.session.get_one(RuleTrial, first)
    row.definition = {name: value for name, value in row.definition.items() if name != "tautan"}
    linked.session.commit()

    totals = linked.run(first).report["totals"]

    assert totals["gone"]["flags"] + totals["still"]["flags"] == 2


def test_workers_are_linked_in_a_trial_as_in_the_sweep_and_by_the_words_it_counted(
    trying: Trying,
) -> None:
    member_listed_with_a_slip(trying.scene)
    trying.keep()
    sweep(trying)
    assert (found_live(trying, "PDS_TK"), live_side(trying, "PDS_TK")) == (0, 0)
    decide(trying.session, only_pair_of_workers(trying.session), "beda")
    trying.session.commit()

    before = live_side(trying, "PDS_TK")
    sweep(trying)
    after = live_side(trying, "PDS_TK")

    assert (before, after) == (0, 1)
    assert found_live(trying, "PDS_TK") == 1


def test_a_trial_over_a_sweep_that_linked_no_worker_links_none(trying: Trying) -> None:
    member_listed_with_a_slip(trying.scene)
    trying.keep()
    sweep(trying)
    (row,) = trying.session.exec(select(Sweep)).all()
    row.linkage = {name: value for name, value in row.linkage.items() if name != "pekerja"}
    trying.session.commit()

    assert live_side(trying, "PDS_TK") == 1


def test_a_word_that_moves_no_flag_is_remembered_by_the_sweep_that_counted_it(
    linked: Trying,
) -> None:
    say(linked, "sama")

    sweep(linked)
    sweep(linked)

    words = [one.linkage["putusan"] for one in linked.session.exec(select(Sweep)).all()]
    assert words == [0, 1]


@pytest.fixture
def joined(trying: Trying) -> Trying:
    """Two agencies that spell one employer differently, one flag, and the sweep that found it."""
    known(trying.scene, "WLKP", NAME)
    known(trying.scene, "OSS", TWISTED)
    trying.keep()
    sweep(trying)
    assert found_live(trying, "PWBD") == 1
    return trying


def test_a_trial_joins_what_the_sweep_joined_and_counts_a_word_from_the_same_sweep(
    joined: Trying,
) -> None:
    assert live_side(joined, "PWBD") == 1
    (pair,) = outside_pairs(joined.session)
    decide(joined.session, pair, "beda", minutes=60)
    joined.session.commit()

    before = live_side(joined, "PWBD")
    sweep(joined)
    after = live_side(joined, "PWBD")

    assert (before, after, found_live(joined, "PWBD")) == (1, 2, 2)


def test_a_trial_over_a_sweep_that_joined_nothing_joins_nothing(joined: Trying) -> None:
    last = joined.session.exec(select(Sweep)).one()
    last.linkage = {name: value for name, value in last.linkage.items() if name != "antarinstansi"}
    joined.session.commit()

    assert live_side(joined, "PWBD") == 2
    # The next sweep over the same data joins, and is kept although it found what was there.
    sweep(joined)
    assert live_side(joined, "PWBD") == 1
