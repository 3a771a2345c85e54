"""What rests on a snapshot holds it: trials, editions and statistics like cases and packets."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.detection import between, statistics
from app.detection.movements import BEFORE
from app.detection.rule_tables import RuleEdition, RuleTrial
from app.detection.tables import Statistic
from app.errors import NotFound
from app.infra.database import Database
from app.packets.holdings import holdings
from app.registry import pruning, queries
from app.registry.tables import Snapshot
from tests.detection.scene import SUPERVISOR
from tests.registry.test_pruning import NEW, NOW, OLD, Shelf

__all__ = ["shelf"]


@pytest.fixture
def shelf(session: Session, tmp_path: Path) -> Shelf:
    return Shelf(session, tmp_path)


def trial(session: Session, *, status: str = "done") -> int:
    row = RuleTrial(
        rule="PIUTANG",
        snapshot_id=OLD,
        status=status,
        digest="d" if status == "done" else "",
        requested_at=NOW,
        requested_by="user:1",
        requested_by_name="Sari",
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


@pytest.mark.parametrize("status", ["queued", "running", "done"])
def test_a_trial_holds_its_snapshot_from_the_wish_on(shelf: Shelf, status: str) -> None:
    number = trial(shelf.session, status=status)

    decided = shelf.plan(held=holdings(shelf.session))

    assert decided.removable == ()
    assert [(one.id, one.held_by) for one in decided.held] == [
        (OLD, (f"uji coba {number} aturan PIUTANG",))
    ]


def test_a_trial_that_failed_holds_nothing(shelf: Shelf) -> None:
    trial(shelf.session, status="failed")

    assert OLD not in holdings(shelf.session)


def test_an_edition_holds_the_snapshot_of_the_report_it_rests_on(shelf: Shelf) -> None:
    session = shelf.session
    office = accounts_service.ensure_head_office(session, now=NOW, actor="test")
    accounts_service.add_user(
        session, email="satu@contoh.test", name="Satu", role="administrator", office_code=office,
        password="rahasia panjang sekali", now=NOW, actor="test", title="Jabatan",
    )  # fmt: skip
    proposer = accounts.principal_by_email(session, email="satu@contoh.test")
    assert proposer.user_id is not None
    session.add(
        RuleEdition(
            rule="PIUTANG",
            number=3,
            rule_state="hidup",
            rule_version=1,
            valid_from=date(2026, 1, 1),
            why="Dua bulan sudah cukup.",
            trial_id=trial(session),
            proposed_at=NOW,
            proposed_by_id=proposer.user_id,
            proposed_by_name="Satu",
        )
    )
    session.flush()

    assert "edisi 3 aturan PIUTANG" in holdings(session)[OLD]


def test_a_statistic_holds_what_it_would_be_run_again_on(shelf: Shelf) -> None:
    shelf.session.add(
        Statistic(
            kind="retensi", definition=1, snapshot_id=OLD, cells=0, sha256="0" * 64,
            computed_at=NOW, actor="user:1",
        )
    )  # fmt: skip
    shelf.session.flush()

    assert holdings(shelf.session)[OLD] == ("statistik retensi definisi 1",)


def test_a_difference_holds_the_earlier_of_its_two_snapshots_too(shelf: Shelf) -> None:
    shelf.session.add(
        Statistic(
            kind=f"selisih:{OLD}", definition=1, snapshot_id=NEW, terms={BEFORE: OLD}, cells=0,
            sha256="0" * 64, computed_at=NOW, actor="user:1",
        )
    )  # fmt: skip
    shelf.session.flush()

    found = holdings(shelf.session)

    assert found[OLD] == found[NEW] == (f"statistik selisih:{OLD} definisi 1",)
    assert shelf.plan(held=found).removable == ()


def test_nothing_new_rests_on_a_snapshot_whose_files_went(shelf: Shelf) -> None:
    shelf.prune(shelf.plan())

    with pytest.raises(NotFound, match="masa simpan"):
        queries.kept_snapshot(shelf.session, OLD)
    with pytest.raises(NotFound, match="masa simpan"):
        statistics.request_retention(shelf.session, principal=SUPERVISOR, snapshot_id=OLD)
    with pytest.raises(NotFound, match="masa simpan"):
        between.request_movement(
            shelf.session,
            principal=SUPERVISOR,
            pair=between.two(shelf.session, before_id=OLD, after_id=NEW),
        )
    assert queries.kept_snapshot(shelf.session, NEW).id == NEW


def test_whoever_rests_something_on_a_snapshot_waits_while_it_is_decided_what_goes(
    database: Database,
) -> None:
    with database.transaction() as session:
        session.add(Snapshot(id=OLD, as_of=date(2025, 11, 19), created_at=NOW, turn=1, tables={}))

    with database.transaction() as pruning_one, database.transaction() as other:
        pruning.stand_still(pruning_one)
        other.execute(sa.text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"), other.begin_nested():
            queries.kept_snapshot(other, OLD)
        assert queries.latest_snapshot(other) is not None
