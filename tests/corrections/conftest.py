"""A case of arrears with one letter, and imports at instants as the import service records them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from app.cases.stages import Action, Violation
from app.corrections import service
from app.corrections.gathering import Bench
from app.corrections.schemas import Looked
from app.registry.queries import latest_snapshot
from app.registry.tables import ImportRun
from tests.cases.conftest import Casework, cast, work
from tests.packets.conftest import desk, inspected, snapshots_dir
from tests.packets.desk import EMPLOYER, imported

__all__ = ["cast", "desk", "inspected", "snapshots_dir", "work"]

LETTER_ON = date(2026, 9, 20)
BEFORE_LETTER = datetime(2026, 9, 20, 10, tzinfo=UTC)

Import = Callable[[dict[str, str], datetime], str]
Look = Callable[[], Looked]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "snapshots", tmp_path / "scratch", "512MB")


@pytest.fixture
def bring(session: Session, tmp_path: Path) -> Import:
    def at(extracts: dict[str, str], finished: datetime) -> str:
        imported(session, tmp_path, extracts, now=finished)
        snapshot = latest_snapshot(session)
        assert snapshot is not None
        session.add(
            ImportRun(
                status="done", requested_by="test", office="J05", as_of=snapshot.as_of,
                created_at=finished, finished_at=finished, snapshot_id=snapshot.id,
            )
        )  # fmt: skip
        session.flush()
        return snapshot.id

    return at


@pytest.fixture
def warned(work: Casework) -> Casework:
    """A case of arrears with one letter, of 20 September, recorded on 20 November."""
    work.open(Violation.PIUTANG, employer=EMPLOYER, on=date(2026, 9, 1))
    work.letter(Action.SEND_NOTICE, LETTER_ON, date(2026, 9, 22))
    return work


@pytest.fixture
def look(session: Session, bench: Bench, now: datetime) -> Look:
    return lambda: service.look(session, actor="test", bench=bench, now=now)
