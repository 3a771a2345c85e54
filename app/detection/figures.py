"""Published figures: each result is kept under its digest with all that it depends on (N18).

A result is never replaced. Run again on the same snapshot under the same terms it must be the
same, and whether it was goes into the audit trail.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from sqlmodel import Session, select

from app.audit import service as audit
from app.detection.tables import Statistic
from app.errors import Unavailable
from app.registry.snapshots import sha256_of

FOLDER: Final = "statistics"
LOCK: Final = 7218
_STRETCH: Final = 100_000
_names: Final = count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A kept result. `definition`: version of what was counted; `terms`: all it depended on."""

    id: int
    kind: str
    definition: int
    snapshot_id: str
    terms: Mapping[str, object]
    cells: int
    sha256: str
    computed_at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Settled:
    """`first`: there was no result to compare with. `same`: the result is what was kept."""

    figure: Figure
    first: bool
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where an engine reads, keeps its result and spills; `memory` as in `1500MB`."""

    snapshots: Path
    scratch: Path
    memory: str


def one_at_a_time(session: Session) -> None:
    """Wait for whoever computes a figure now, until the transaction ends."""
    session.connection().execute(sa.text(f"SELECT pg_advisory_xact_lock({LOCK})"))


def figure(session: Session, *, kind: str, definition: int, snapshot_id: str) -> Figure | None:
    row = session.exec(
        select(Statistic).where(
            Statistic.kind == kind,
            Statistic.definition == definition,
            Statistic.snapshot_id == snapshot_id,
        )
    ).first()
    return None if row is None else view(row)


def settle(
    session: Session,
    *,
    kind: str,
    definition: int,
    snapshot_id: str,
    terms: Mapping[str, object],
    result: pa.Table,
    snapshots_dir: Path,
    actor: str,
    now: datetime,
) -> Settled:
    """Keep the result, or compare it with the one that is kept."""
    sha256 = _written(snapshots_dir, result)
    known = figure(session, kind=kind, definition=definition, snapshot_id=snapshot_id)
    found = known
    if found is None:
        row = Statistic(
            kind=kind,
            definition=definition,
            snapshot_id=snapshot_id,
            terms=dict(terms),
            cells=result.num_rows,
            sha256=sha256,
            computed_at=now,
            actor=actor,
        )
        session.add(row)
        session.flush()
        found = view(row)
    same = found.sha256 == sha256 or _equal(snapshots_dir, found.sha256, sha256)
    audit.record(
        session,
        actor=actor,
        action="statistics.computed" if known is None else "statistics.run_again",
        subject=f"statistic:{found.id}",
        now=now,
        detail={
            "kind": kind,
            "definition": definition,
            "snapshot": snapshot_id,
            "sha256": sha256,
            "same": same,
        },
    )
    return Settled(figure=found, first=known is None, same=same)


def result_file(snapshots_dir: Path, found: Figure) -> Path:
    """Raises: Unavailable: the kept result is gone or no longer what it was."""
    path = file_of(snapshots_dir, found.sha256)
    if not path.is_file() or sha256_of(path) != found.sha256:
        raise Unavailable(
            "Hasil statistik untuk snapshot {snapshot} rusak atau hilang; hitung lagi.",
            snapshot=found.snapshot_id,
        )
    return path


def file_of(snapshots_dir: Path, sha256: str) -> Path:
    return snapshots_dir / FOLDER / f"{sha256}.parquet"


def view(row: Statistic) -> Figure:
    return Figure(
        id=row.id or 0,
        kind=row.kind,
        definition=row.definition,
        snapshot_id=row.snapshot_id,
        terms=row.terms,
        cells=row.cells,
        sha256=row.sha256,
        computed_at=row.computed_at,
        actor=row.actor,
    )


def _written(snapshots_dir: Path, result: pa.Table) -> str:
    """Write the result under its digest and return it; the same result twice is one file."""
    folder = snapshots_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{next(_names)}-{id(result)}.partial"
    pq.write_table(result, unfinished, row_group_size=_STRETCH)
    sha256 = sha256_of(unfinished)
    unfinished.replace(file_of(snapshots_dir, sha256))
    return sha256


def _equal(snapshots_dir: Path, kept: str, again: str) -> bool:
    """Compare contents: another version of the file format writes other bytes."""
    path = file_of(snapshots_dir, kept)
    if not path.is_file() or sha256_of(path) != kept:
        return False
    return bool(pq.read_table(path).equals(pq.read_table(file_of(snapshots_dir, again))))
