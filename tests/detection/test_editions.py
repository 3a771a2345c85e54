"""A rule that was tried is enabled by a second person, and by nobody else."""

from datetime import date

import pytest
from sqlmodel import select

from app.detection import editions
from app.detection.rule_queries import editions_in_force
from app.detection.tables import Sweep
from app.errors import Conflict, Forbidden, Invalid
from tests.detection.scene import NOW, counts
from tests.detection.snapshots import ON
from tests.detection.trying import LATER, LEAVE, THREE, TWO, Trying


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


def test_whoever_would_follow_an_edition_that_is_yet_to_begin_is_told_to_wait_for_it(
    trying: Trying,
) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    trying.approve(trying.propose(trying.tried({"arrears_months": 2}).line.id, valid_from=LATER).id)
    after = trying.tried({"arrears_months": 4}).line.id

    with pytest.raises(Conflict, match="Edisi 1 aturan PIUTANG sudah disetujui"):
        trying.propose(after, valid_from=LATER)


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
