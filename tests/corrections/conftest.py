"""A case of arrears with one letter, and imports at instants as the import service records them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from app.corrections import service
from app.corrections.gathering import Bench
from app.corrections.schemas import Looked
from tests.cases.conftest import cast, work
from tests.packets.conftest import bring, desk, inspected, snapshots_dir, warned

__all__ = ["bring", "cast", "desk", "inspected", "snapshots_dir", "warned", "work"]

BEFORE_LETTER = datetime(2026, 9, 20, 10, tzinfo=UTC)

Look = Callable[[], Looked]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "snapshots", tmp_path / "scratch", "512MB")


@pytest.fixture
def look(session: Session, bench: Bench, now: datetime) -> Look:
    return lambda: service.look(session, actor="test", bench=bench, now=now)
