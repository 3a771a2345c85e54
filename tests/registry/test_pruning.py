"""What was current on a day, and what goes after its time without anything losing its ground."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
from sqlmodel import Session, select

from app.accounts.permissions import ADMINISTRATOR, SUPERVISOR
from app.audit.tables import AuditEntry
from app.errors import Forbidden, Invalid, NotFound
from app.registry import pruning, queries
from app.registry.snapshots import TABLES, file_of, require_sound, table_path
from app.registry.tables import ImportRun, Snapshot
from tests.registry.test_service import principal

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
OLD, EDGE, NEW = "a" * 16, "b" * 16, "c" * 16


def sha(mark: str) -> str:
    return mark * 64


class Shelf:
    """Three snapshots; the last two share the file of one table."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder
        (folder / "tables").mkdir(parents=True)
        self.add(OLD, date(2025, 11, 19), turn=1, marks="1" * 6)
        self.add(EDGE, date(2025, 11, 20), turn=2, marks="222223")
        self.add(NEW, TODAY, turn=3, marks="444443")

    def add(self, snapshot_id: str, as_of: date, *, turn: int, marks: str) -> None:
        for mark in marks:
            file_of(self.folder, sha(mark)).write_bytes(mark.encode())
        made = datetime(as_of.year, as_of.month, as_of.day, 3, tzinfo=UTC)
        self.session.add(
            Snapshot(
                id=snapshot_id,
                as_of=as_of,
                created_at=made,
                turn=turn,
                tables={
                    table: {"rows": 1, "rejected": 0, "sha256": sha(mark), "carried_over": False}
                    for table, mark in zip(TABLES, marks, strict=True)
                },
            )
        )
        self.session.flush()
        self.imported(snapshot_id, made)

    def imported(self, snapshot_id: str, at: datetime) -> None:
        self.session.add(
            ImportRun(
                status="done",
                requested_by="user:1",
                office="P00",
                as_of=TODAY,
                created_at=at,
                finished_at=at,
                snapshot_id=snapshot_id,
            )
        )
        self.session.flush()

    def plan(
        self, months: int = 12, held: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    ) -> pruning.Plan:
        return pruning.plan(
            self.session,
            principal=principal(ADMINISTRATOR),
            keep_months=months,
            held=held,
            on=TODAY,
        )

    def prune(self, decided: pruning.Plan) -> int:
        pruning.mark_removed(
            self.session,
            principal=principal(ADMINISTRATOR),
            decided=decided,
            keep_months=12,
            now=NOW,
        )
        return pruning.delete_files(self.session, snapshots_dir=self.folder)

    def files(self) -> set[str]:
        return {path.stem[0] for path in (self.folder / "tables").iterdir()}


@pytest.fixture
def shelf(session: Session, tmp_path: Path) -> Shelf:
    return Shelf(session, tmp_path)


def test_a_snapshot_of_exactly_twelve_months_ago_is_kept_and_one_a_day_older_may_go(
    shelf: Shelf,
) -> None:
    decided = shelf.plan()

    assert [one.id for one in decided.removable] == [OLD]
    assert decided.oldest_kept == date(2025, 11, 20)


def test_what_something_rests_on_stays_and_is_named(shelf: Shelf) -> None:
    decided = shelf.plan(held={OLD: ("kasus PTH-J05-2026-00001",)})

    assert decided.removable == ()
    assert [(one.id, one.held_by) for one in decided.held] == [(OLD, ("kasus PTH-J05-2026-00001",))]


def test_the_current_one_stays_however_old(shelf: Shelf) -> None:
    shelf.session.get_one(Snapshot, OLD).turn = 9
    shelf.session.flush()

    assert shelf.plan().removable == ()


def test_fewer_than_twelve_months_is_refused_and_so_is_a_stranger(shelf: Shelf) -> None:
    with pytest.raises(Invalid, match="11 bulan"):
        shelf.plan(11)
    with pytest.raises(Forbidden):
        pruning.plan(
            shelf.session, principal=principal(SUPERVISOR), keep_months=12, held={}, on=TODAY
        )


def test_the_files_go_the_row_stays_and_the_audit_says_so(shelf: Shelf) -> None:
    shelf.prune(shelf.plan())

    assert shelf.files() == {"2", "3", "4"}
    gone = queries.snapshot_by_id(shelf.session, OLD)
    assert gone.removed_at == NOW
    with pytest.raises(NotFound, match="masa simpan"):
        table_path(shelf.folder, gone, "tagihan")
    with pytest.raises(NotFound, match="masa simpan"):
        require_sound(shelf.folder, gone)
    entries = shelf.session.exec(
        select(AuditEntry).where(AuditEntry.action == "registry.snapshot_removed")
    ).all()
    assert [one.subject for one in entries] == [f"snapshot:{OLD}"]


def test_a_file_that_another_snapshot_shares_stays(shelf: Shelf) -> None:
    edge = shelf.session.get_one(Snapshot, EDGE)
    edge.as_of = date(2025, 1, 1)
    shelf.session.flush()

    freed = shelf.prune(shelf.plan())

    assert shelf.files() == {"3", "4"}
    assert freed == 2


def test_a_second_run_finds_nothing_more(shelf: Shelf) -> None:
    shelf.prune(shelf.plan())

    assert shelf.plan().removable == ()
    assert pruning.delete_files(shelf.session, snapshots_dir=shelf.folder) == 0


@pytest.mark.parametrize(
    ("day", "known"),
    [(date(2025, 11, 19), OLD), (date(2025, 11, 20), EDGE), (date(2026, 11, 19), EDGE),
     (TODAY, NEW)],
)  # fmt: skip
def test_the_snapshot_known_on_a_day_is_the_last_imported_by_its_end(
    shelf: Shelf, day: date, known: str
) -> None:
    assert queries.known_on(shelf.session, day=day, zone="Asia/Jakarta").id == known


def test_the_day_ends_at_midnight_of_the_office(shelf: Shelf) -> None:
    # 23.30 on the 21st in Jakarta is half past one on the 22nd in Jayapura.
    shelf.imported(OLD, datetime(2026, 11, 21, 16, 30, tzinfo=UTC))

    there = queries.known_on(shelf.session, day=date(2026, 11, 21), zone="Asia/Jayapura")
    here = queries.known_on(shelf.session, day=date(2026, 11, 21), zone="Asia/Jakarta")

    assert (there.id, here.id) == (NEW, OLD)


def test_before_the_first_import_nothing_was_known(shelf: Shelf) -> None:
    with pytest.raises(NotFound, match="belum ada data"):
        queries.known_on(shelf.session, day=date(2025, 11, 18), zone="Asia/Jakarta")


def test_a_letter_rests_on_what_was_current_when_it_was_recorded(shelf: Shelf) -> None:
    first = datetime(2025, 11, 19, 3, tzinfo=UTC)
    instants = {
        "before": first - timedelta(seconds=1),
        "at": first,
        "later": datetime(2026, 1, 1, tzinfo=UTC),
    }

    assert pruning.current_on(shelf.session, instants=instants) == {"at": OLD, "later": EDGE}
