# ruff: noqa: S608 - names are ours, values are bound
"""The difference of two snapshots as a kept figure: ask for it, compute it, read it in reach."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import duckdb
from sqlmodel import Session

from app.accounts.schemas import Principal
from app.detection import figures, movements
from app.detection.engines.duckdb import workbench
from app.detection.figures import Figure, Places, Settled
from app.detection.movements import BEFORE, COUNTS, Pair
from app.errors import Invalid, NotFound
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor
from app.infra.queue import UNDER_WAY, Standing, alone, enqueue, standing
from app.registry import queries as registry
from app.registry.schemas import SnapshotView
from app.registry.snapshots import require_sound, table_path
from app.registry.sql import literal

RUN: Final = "detection.sweep"
READ: Final = "registry.read"
TASK: Final = "run_movement"
QUEUE_LOCK: Final = "movement"
_REACH: Final = "($everywhere OR list_has_any(kantor, $offices))"
_CORRECTED: Final = "(koreksi_pekerja + koreksi_tagihan + koreksi_bayar > 0)"


@dataclass(frozen=True, slots=True)
class Two:
    """The earlier and the later snapshot."""

    before: SnapshotView
    after: SnapshotView


@dataclass(frozen=True, slots=True)
class Moved:
    """One employer of which something differs; `counts` as in movements.COUNTS."""

    npp: str
    nama: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """`employers` have any difference, `corrected` of them one in the past."""

    employers: int
    corrected: int
    counts: Mapping[str, int]


def two(session: Session, *, before_id: str, after_id: str) -> Two:
    """Raises: NotFound: no such snapshot. Invalid: they are the same, or in the wrong order."""
    before = registry.snapshot_by_id(session, before_id)
    after = registry.snapshot_by_id(session, after_id)
    if before.id == after.id:
        raise Invalid("Pilih dua potret data yang berbeda; {id} dipilih dua kali.", id=before.id)
    if (before.as_of, before.created_at) > (after.as_of, after.created_at):
        raise Invalid(
            "Potret data {before} ({day}) lebih baru dari {after} ({other}); tukar keduanya.",
            before=before.id,
            day=before.as_of,
            after=after.id,
            other=after.as_of,
        )
    return Two(before, after)


def request_movement(session: Session, *, principal: Principal, pair: Two) -> None:
    """Queue the computation; it starts when the caller's transaction commits.

    Asked for again before it ended, it is queued once.

    Raises:
        Forbidden: this principal may not run statistics.
        NotFound: the files of one of the two went by policy.
    """
    principal.require(RUN)
    for one in (pair.before, pair.after):
        registry.kept_snapshot(session, one.id)
    alone(session, TASK)
    if requested(session, pair=pair) in UNDER_WAY:
        return
    enqueue(
        session,
        TASK,
        lock=QUEUE_LOCK,
        before_id=pair.before.id,
        after_id=pair.after.id,
        actor=principal.actor,
    )


def requested(session: Session, *, pair: Two) -> Standing:
    """Return where the computation of this difference stands that somebody asked for."""
    return standing(
        session,
        TASK,
        done_at=figures.last_done_at(session, _kept(session, pair, movements.DEFINITION)),
        before_id=pair.before.id,
        after_id=pair.after.id,
    )


def compute_movement(
    session: Session,
    *,
    principal: Principal,
    pair: Two,
    places: Places,
    now: datetime,
    definition: int = movements.DEFINITION,
) -> Settled:
    """Compute the difference, or compute it again and compare.

    Raises:
        Forbidden: this principal may not run statistics.
        NotFound: an earlier definition, under which these two were never compared.
        Unavailable: a file of a snapshot is damaged or gone.
    """
    principal.require(RUN)
    return run_requested_movement(
        session,
        actor=principal.actor,
        before_id=pair.before.id,
        after_id=pair.after.id,
        places=places,
        now=now,
        definition=definition,
    )


def run_requested_movement(
    session: Session,
    *,
    actor: str,
    before_id: str,
    after_id: str,
    places: Places,
    now: datetime,
    definition: int = movements.DEFINITION,
) -> Settled:
    """Carry out a queued computation for the one who asked for it.

    Raises:
        NotFound, Invalid: as `two`. NotFound, Unavailable: as `compute_movement`.
    """
    figures.one_at_a_time(session)
    pair = two(session, before_id=before_id, after_id=after_id)
    if definition != movements.DEFINITION and _kept(session, pair, definition) is None:
        raise NotFound(
            "Selisih definisi {definition} tidak tersimpan untuk potret data {before} dan "
            "{after}; yang baru dihitung dengan definisi {newest}.",
            definition=definition,
            before=pair.before.id,
            after=pair.after.id,
            newest=movements.DEFINITION,
        )
    for snapshot in (pair.before, pair.after):
        require_sound(places.snapshots, snapshot)
    known_on = {
        table: registry.described_on(session, snapshot=pair.before, table=table)
        for table in movements.TABLES
    }
    with workbench(scratch=places.scratch, memory=places.memory) as connection:
        result = movements.moved(
            Pair(
                before=_paths(places.snapshots, pair.before),
                after=_paths(places.snapshots, pair.after),
                known_on=known_on,
            ),
            connection=connection,
            definition=definition,
        )
    return figures.settle(
        session,
        kind=_kind(pair),
        definition=definition,
        snapshot_id=pair.after.id,
        terms={
            BEFORE: pair.before.id,
            "known_on": {table: day.isoformat() for table, day in known_on.items()},
        },
        result=result,
        snapshots_dir=places.snapshots,
        actor=actor,
        now=now,
    )


def movement(
    session: Session, *, principal: Principal, pair: Two, definition: int | None = None
) -> Figure | None:
    """Return the kept difference, or None when it was not computed yet.

    Of several the one of the newest definition, unless one is named.

    Raises:
        Forbidden: this principal may not read it.
    """
    principal.require(READ)
    meant = sorted(movements.ENDS, reverse=True) if definition is None else [definition]
    kept = (_kept(session, pair, one) for one in meant)
    return next((one for one in kept if one is not None), None)


def movement_known(
    session: Session, *, principal: Principal, pair: Two, definition: int | None = None
) -> Figure:
    """Return what `movement` returns.

    Raises:
        Forbidden: not for this principal.
        NotFound: it was not computed yet.
    """
    found = movement(session, principal=principal, pair=pair, definition=definition)
    if found is None:
        raise NotFound(
            "Selisih potret data {before} dan {after} belum dihitung.",
            before=pair.before.id,
            after=pair.after.id,
        )
    return found


def summary(principal: Principal, *, file: Path) -> Summary:
    """Return the sums over the employers in reach."""
    summed = ", ".join(f"coalesce(sum({name}), 0)::BIGINT" for name in COUNTS)
    with _opened(file) as connection:
        row = connection.execute(
            f"SELECT count(*), count(*) FILTER {_CORRECTED}, {summed} FROM moved WHERE {_REACH}",
            _scope(principal),
        ).fetchone()
    employers, corrected, *counts = row or (0, 0, *(0 for _ in COUNTS))
    return Summary(employers, corrected, dict(zip(COUNTS, counts, strict=True)))


def heaviest(
    principal: Principal, *, file: Path, only_corrected: bool, limit: int
) -> tuple[Moved, ...]:
    """Return the employers with the most: corrected rupiah, corrected workers, then movement."""
    with _opened(file) as connection:
        rows = connection.execute(
            f"""
            SELECT npp, nama, {", ".join(COUNTS)} FROM moved
            WHERE {_REACH} AND (NOT $corrected OR {_CORRECTED})
            ORDER BY abs(koreksi_tagihan_rupiah) + abs(koreksi_bayar_rupiah) DESC,
              koreksi_pekerja DESC, masuk + keluar DESC, abs(upah_selisih) DESC, npp
            LIMIT $most
            """,
            {**_scope(principal), "corrected": only_corrected, "most": limit},
        ).fetchall()
    return tuple(_moved(row) for row in rows)


def everyone(
    principal: Principal, *, file: Path, limit: int, cursor: str | None, npp: str = ""
) -> Page[Moved]:
    """Return the employers in reach by NPP; `npp` keeps one.

    Raises:
        Invalid: the cursor is not one of this list.
    """
    size = max(1, min(limit, LARGEST_PAGE))
    after = "" if cursor is None else str(decode_cursor(cursor, str)[0])
    with _opened(file) as connection:
        rows = connection.execute(
            f"""
            SELECT npp, nama, {", ".join(COUNTS)} FROM moved
            WHERE {_REACH} AND npp > $after AND ($npp = '' OR npp = $npp) ORDER BY npp LIMIT $most
            """,
            {**_scope(principal), "after": after, "npp": npp, "most": size + 1},
        ).fetchall()
    items = tuple(_moved(row) for row in rows[:size])
    return Page(items=items, next=encode_cursor(items[-1].npp) if len(rows) > size else None)


def _moved(row: tuple[object, ...]) -> Moved:
    npp, nama, *counts = row
    return Moved(
        str(npp), str(nama), {name: int(str(n)) for name, n in zip(COUNTS, counts, strict=True)}
    )


def _kept(session: Session, pair: Two, definition: int) -> Figure | None:
    return figures.figure(
        session, kind=_kind(pair), definition=definition, snapshot_id=pair.after.id
    )


def _kind(pair: Two) -> str:
    return f"selisih:{pair.before.id}"


def _paths(snapshots_dir: Path, snapshot: SnapshotView) -> dict[str, Path]:
    return {table: table_path(snapshots_dir, snapshot, table) for table in movements.TABLES}


@contextmanager
def _opened(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    try:
        connection.execute(f"CREATE TEMP VIEW moved AS FROM read_parquet({literal(str(file))})")
        yield connection
    finally:
        connection.close()


def _scope(principal: Principal) -> dict[str, bool | list[str] | str | int | date]:
    return {
        "everywhere": principal.offices is None,
        "offices": sorted(principal.offices or ()),
    }
