"""A change that two people approved is called off before its first day, and on no later one."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.audit.tables import AuditEntry
from app.detection import editions, weights
from app.detection.rule_queries import editions_in_force
from app.detection.rule_schemas import EditionView
from app.errors import Conflict, Forbidden, Invalid, NotFound
from tests.detection.scene import NOW, counts
from tests.detection.snapshots import ON
from tests.detection.trying import LATER, TWO, Trying

WHY = "Ambangnya salah dihitung."
OTHER = {"rupiah": 0, "pekerja": 100, "keyakinan": 0, "lama": 0, "data": 0, "batas": 0}
EVE = LATER - timedelta(days=1)
CallOff = Callable[..., EditionView]


@pytest.fixture
def approved(trying: Trying) -> EditionView:
    """A rule that two months of arrears satisfy from LATER on, and an employer that owes two."""
    trying.scene.owe(*TWO)
    trying.keep()
    made = trying.propose(trying.tried({"arrears_months": 2}).line.id, valid_from=LATER)
    return trying.approve(made.id)


@pytest.fixture
def call_off(trying: Trying) -> CallOff:
    def call_off(
        edition_id: int, *, by: str = "satu", reason: str = WHY, today: date = ON
    ) -> EditionView:
        return editions.call_off(
            trying.session,
            principal=trying.people[by],
            edition_id=edition_id,
            reason=reason,
            today=today,
            now=NOW,
        )

    return call_off


def test_a_change_called_off_on_its_eve_leaves_the_rule_as_it_was(
    trying: Trying, approved: EditionView, call_off: CallOff
) -> None:
    found = call_off(approved.id, today=EVE)

    assert (found.state, found.reason, found.called_off_by) == ("dibatalkan", WHY, "Satu")
    assert (found.decided_by, found.called_off_at) == ("Dua", NOW)
    assert editions_in_force(trying.session, on=LATER)["PIUTANG"].edition == 0
    assert counts(trying.scene.sweep(on=LATER)) == (0, 0, 0)
    entry = trying.session.exec(
        select(AuditEntry).where(AuditEntry.action == "rule.call_off")
    ).one()
    assert (entry.detail["edition"], entry.detail["reason"]) == (1, WHY)


def test_a_change_is_not_called_off_on_its_first_day(
    trying: Trying, approved: EditionView, call_off: CallOff
) -> None:
    with pytest.raises(Conflict, match=f"sudah berlaku sejak {LATER}"):
        call_off(approved.id, today=LATER)

    assert counts(trying.scene.sweep(on=LATER)) == (1, 0, 0)


@pytest.mark.parametrize("by", ["satu", "dua"])
def test_either_of_the_two_may_call_it_off_and_not_twice(
    approved: EditionView, call_off: CallOff, by: str
) -> None:
    call_off(approved.id, by=by)

    with pytest.raises(Conflict, match="dibatalkan"):
        call_off(approved.id, by=by)


def test_whoever_may_not_approve_may_not_call_off(approved: EditionView, call_off: CallOff) -> None:
    with pytest.raises(Forbidden):
        call_off(approved.id, by="pengawas")


def test_a_proposal_that_waits_is_refused_and_not_called_off(
    trying: Trying, call_off: CallOff
) -> None:
    trying.scene.owe(*TWO)
    trying.keep()
    made = trying.propose(trying.tried({"arrears_months": 2}).line.id, valid_from=LATER)

    with pytest.raises(Conflict, match="diusulkan"):
        call_off(made.id)


def test_nothing_is_called_off_without_a_reason_or_without_a_change(
    approved: EditionView, call_off: CallOff
) -> None:
    with pytest.raises(Invalid, match="Tulis alasan"):
        call_off(approved.id, reason=" ")
    with pytest.raises(NotFound):
        call_off(approved.id + 1)


def test_another_change_may_be_proposed_once_the_coming_one_is_called_off(
    trying: Trying, approved: EditionView, call_off: CallOff
) -> None:
    after = trying.tried({"arrears_months": 4}).line.id
    with pytest.raises(Conflict, match="Edisi 1 aturan PIUTANG sudah disetujui"):
        trying.propose(after, valid_from=LATER)

    call_off(approved.id)

    assert trying.propose(after, valid_from=LATER).settings.edition == 2


@pytest.mark.parametrize(("today", "taken_back"), [(EVE, True), (LATER, False)])
def test_weights_are_called_off_before_their_first_day_and_not_on_it(
    trying: Trying, today: date, taken_back: bool
) -> None:
    one, two = trying.people["satu"], trying.people["dua"]
    made = weights.propose_weights(
        trying.session, principal=one, points=OTHER, valid_from=LATER, why="Pekerja dahulu.",
        today=ON, now=NOW,
    )  # fmt: skip
    weights.approve_weights(trying.session, principal=two, edition_id=made.id, today=ON, now=NOW)

    def call_off() -> weights.WeightsView:
        return weights.call_off_weights(
            trying.session, principal=two, edition_id=made.id, reason=WHY, today=today, now=NOW
        )

    if taken_back:
        assert (call_off().state, called_off_by(trying)) == ("dibatalkan", ["Dua"])
    else:
        with pytest.raises(Conflict, match="sudah berlaku"):
            call_off()
    in_force = weights.weights_in_force(trying.session, on=LATER)
    assert in_force.edition == (0 if taken_back else made.id)


def called_off_by(trying: Trying) -> list[str]:
    listed = weights.all_weights(trying.session, principal=trying.people["dua"])
    return [one.called_off_by for one in listed]
