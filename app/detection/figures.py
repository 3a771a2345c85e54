"""Published figures: each result is kept under its digest with all that it depends on (N18).

A result is never replaced. Run again on the same snapshot under the same terms it must be the
same, and whether it was goes into the audit trail.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.audit import service as audit
from app.detection.tables import Statistic, StatisticRerun
from app.errors import Unavailable
from app.infra.program import release
from app.registry.snapshots import sha256_of

FOLDER: Final = "statistics"
LOCK: Final = 7218
_STRETCH: Final = 100_000
_names: Final = count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A kept result. `definition`: version of what was counted; `terms`: all it depended on.

    `release` is the program that computed it, empty for one from before that was kept.
    """

    id: int
    kind: str
    definition: int
    snapshot_id: str
    terms: Mapping[str, object]
    cells: int
    sha256: str
    computed_at: datetime
    actor: str
    release: str


@dataclass(frozen=True, slots=True)
class RunAgain:
    """A kept result computed again. `same`: by that program the result was what is kept."""

    release: str
    same: bool
    run_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """`first`: there was no result to compare with. `same`: the result is what was kept."""

    figure: Figure
    first: bool
    same: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A result that lies under its digest already."""

    sha256: str
    rows: int


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


def last_run_again(session: Session, *, figure_id: int) -> RunAgain | None:
    """Return the last time that a kept result was computed again, or None."""
    row = session.exec(
        select(StatisticRerun)
        .where(StatisticRerun.statistic_id == figure_id)
        .order_by(col(StatisticRerun.id).desc())
        .limit(1)
    ).first()
    return None if row is None else RunAgain(row.release, row.same, row.run_at)


def last_done_at(session: Session, found: Figure | None) -> datetime | None:
    """Return when a kept result was computed last, be it again; None for one that never was."""
    if found is None:
        return None
    again = last_run_again(session, figure_id=found.id)
    return found.computed_at if again is None else again.run_at


def settle(
    session: Session,
    *,
    kind: str,
    definition: int,
    snapshot_id: str,
    terms: Mapping[str, object],
    result: pa.Table | Written,
    snapshots_dir: Path,
    actor: str,
    now: datetime,
) -> Settled:
    """Keep the result, or compare it with the one that is kept."""
    given = result if isinstance(result, Written) else write(snapshots_dir, result.to_reader())
    sha256 = given.sha256
    known = figure(session, kind=kind, definition=definition, snapshot_id=snapshot_id)
    found = known
    if found is None:
        row = Statistic(
            kind=kind,
            definition=definition,
            snapshot_id=snapshot_id,
            terms=dict(terms),
            cells=given.rows,
            sha256=sha256,
            computed_at=now,
            actor=actor,
            release=release(),
        )
        session.add(row)
        session.flush()
        found = view(row)
    same = found.sha256 == sha256 or _equal(snapshots_dir, found.sha256, sha256)
    if known is not None:
        session.add(
            StatisticRerun(
                statistic_id=known.id, release=release(), same=same, run_at=now, actor=actor
            )
        )
        session.flush()
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
            "release": release(),
        },
    )
    return Settled(figure=found, first=known is None, same=same)


def result_file(snapshots_dir: Path, found: Figure) -> Path:
    """Raises: Unavailable: the kept result is gone or no longer what it was."""
    path = file_of(snapshots_dir, found.sha256)
    if not path.is_file() or sha256_of(path) != found.sha256:
        raise Unavailable(
            "Hasil statistik untuk potret data {snapshot} rusak atau hilang; hitung lagi.",
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
        release=row.release or "",
    )


def write(snapshots_dir: Path, result: pa.RecordBatchReader) -> Written:
    """Write the result under its digest; the same result twice is one file.

    Only a stretch of it is held at a time. `settle` makes it a figure.
    """
    folder = snapshots_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{next(_names)}-{id(result)}.partial"
    rows = 0
    try:
        with pq.ParquetWriter(unfinished, result.schema) as file:
            for stretch in _stretches(result):
                file.write_table(stretch, row_group_size=_STRETCH)
                rows += stretch.num_rows
        sha256 = sha256_of(unfinished)
        unfinished.replace(file_of(snapshots_dir, sha256))
    finally:
        unfinished.unlink(missing_ok=True)
    return Written(sha256, rows)


def _stretches(result: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Yield the rows in equal pieces, however the engine handed them over; the last is shorter.

    No rows are one piece without any, which still says what its columns are.
    """
    waiting, first = result.schema.empty_table(), True
    for batch in result:
        waiting = pa.concat_tables([waiting, pa.Table.from_batches([batch])])
        while waiting.num_rows >= _STRETCH:
            yield waiting.slice(0, _STRETCH)
            waiting, first = waiting.slice(_STRETCH), False
    if waiting.num_rows or first:
        yield waiting


def _equal(snapshots_dir: Path, kept: str, again: str) -> bool:
    """Compare contents: another version of the file format writes other bytes."""
    path = file_of(snapshots_dir, kept)
    if not path.is_file() or sha256_of(path) != kept:
        return False
    one, other = pq.ParquetFile(path), pq.ParquetFile(file_of(snapshots_dir, again))
    if one.num_row_groups != other.num_row_groups:
        return False
    return all(
        one.read_row_group(number).equals(other.read_row_group(number))
        for number in range(one.num_row_groups)
    )
