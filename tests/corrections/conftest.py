"""A case of arrears with one letter, and imports at instants as the import service records them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from app.corrections import service
from app.corrections.gathering import Bench
from app.corrections.schemas import Looked
from app.detection.settings import RuleSettings, documents
from app.detection.tables import Flag, Sweep
from tests.cases.conftest import cast, work
from tests.packets.conftest import bring, desk, inspected, snapshots_dir, warned

__all__ = ["bring", "cast", "desk", "inspected", "snapshots_dir", "warned", "work"]

BEFORE_LETTER = datetime(2026, 9, 20, 10, tzinfo=UTC)


def swept(session: Session, snapshot_id: str, now: datetime, *asked: RuleSettings) -> None:
    """Record a sweep over the snapshot, as one that found what `flagged` stores."""
    session.add(
        Sweep(
            snapshot_id=snapshot_id,
            swept_on=now.date(),
            recorded_at=now,
            actor="test",
            rule_versions={},
            rule_editions=documents(asked),
            thresholds={},
            counts={},
            report={},
        )
    )
    session.flush()


def flagged(session: Session, now: datetime, **changes: Any) -> None:  # noqa: ANN401 - any column
    row = {
        "rule_version": 1, "subject": "s", "nama": "PT Sinar Baja Contoh", "kantor_cabang": "J05",
        "jumlah_tk": 1, "potensi_rupiah": 1, "bulan_tunggak": 0, "skor": 1, "snapshot_id": "s",
        "sentence": "s", "sentence_template": "s", "sentence_values": {}, "evidence": [],
        "confidence": "tinggi", "confidence_reason": "r", "facts_hash": "h",
        "first_found_on": now.date(), "last_found_on": now.date(), "changed_at": now,
    }  # fmt: skip
    session.add(Flag(**{**row, **changes}))
    session.flush()


Look = Callable[[], Looked]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "snapshots", tmp_path / "scratch", "512MB")


@pytest.fixture
def look(session: Session, bench: Bench, now: datetime) -> Look:
    return lambda: service.look(session, actor="test", bench=bench, now=now)
