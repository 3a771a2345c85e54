"""Looks at a snapshot before it is swept: is it what it was, and did a source lose its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
from sqlmodel import Session

from app.audit import service as audit
from app.detection import queries, sources
from app.detection.schemas import Note, SourceState
from app.detection.sweep import Findings, holdings
from app.errors import NotFound
from app.registry.queries import snapshot_by_id
from app.registry.schemas import SnapshotView
from app.registry.snapshots import TABLES, require_sound, table_path


@dataclass(frozen=True, slots=True)
class Examined:
    """`accepted` is why somebody said that the losses are right; empty: nobody did."""

    tables: dict[str, Path]
    states: tuple[SourceState, ...]
    losses: Sequence[tuple[SourceState, SourceState]]
    accepted: str

    def notes(self, found: Findings) -> tuple[Note, ...]:
        contradictions = [row for batch in found.contradictions() for row in batch.to_pylist()]
        return sources.notes(
            self.states,
            losses=self.losses,
            accepted=self.accepted,
            asof=found.asof,
            oldest=found.oldest,
            contradictions=contradictions,
        )


def examine(
    session: Session,
    *,
    snapshot: SnapshotView,
    snapshots_dir: Path,
    connection: duckdb.DuckDBPyConnection,
    accepted: str,
) -> Examined:
    """Return what the snapshot holds, held against what was swept before it.

    Raises:
        Unavailable: a file is not what it was when it was kept; the sentence names its table.
        NotFound: a table is gone.
    """
    require_sound(snapshots_dir, snapshot)
    tables = {table: table_path(snapshots_dir, snapshot, table) for table in TABLES}
    states = holdings(tables, connection=connection)
    before = _before(session, snapshot, snapshots_dir, connection)
    losses = sources.lost(states, before)
    return Examined(tables, states, losses, accepted.strip() if losses else "")


def record_acceptance(
    session: Session, *, examined: Examined, snapshot: SnapshotView, actor: str, now: datetime
) -> None:
    """Write into the audit log who said, and why, that what was lost is right."""
    if not examined.losses:
        return
    audit.record(
        session,
        actor=actor,
        action="detection.accept_loss",
        subject=f"snapshot:{snapshot.id}",
        now=now,
        detail={
            "reason": examined.accepted,
            "losses": [
                {"table": was.table, "source": was.source, "rows": one.rows, "before": was.rows}
                for one, was in examined.losses
            ],
        },
    )


def _before(
    session: Session,
    snapshot: SnapshotView,
    snapshots_dir: Path,
    connection: duckdb.DuckDBPyConnection,
) -> tuple[SourceState, ...]:
    """Return what the snapshot held that the flags rest on now.

    Before the first sweep, and after one that did not keep it: what the snapshot before holds.
    """
    last = queries.latest_sweep(session)
    if last is not None and last.snapshot_id == snapshot.id:
        return ()
    if last is not None and last.sources:
        return last.sources
    previous = snapshot.previous_id if last is None else last.snapshot_id
    if previous is None:
        return ()
    try:
        view = snapshot_by_id(session, previous)
        tables = {table: table_path(snapshots_dir, view, table) for table in view.tables}
    except NotFound:
        # Thrown away by now: there is nothing to compare with.
        return ()
    return holdings(tables, connection=connection)
