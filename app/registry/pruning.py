"""Removing the files of old snapshots by policy: never what something still rests on.

The row of a snapshot stays for ever, and with it what it was and when its files went: "known on
day d" then says that the data are gone instead of showing other ones.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.audit import service as audit
from app.errors import Invalid
from app.law.month import Month
from app.registry import origin
from app.registry.schemas import TableInfo
from app.registry.snapshots import file_of
from app.registry.tables import ImportRun, Snapshot

ACTION: Final = "registry.prune"
# Imports record their snapshot under this lock.
RECORD_LOCK: Final = 7204
FEWEST_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """A snapshot older than the policy asks for; `held_by` says what still rests on it."""

    id: str
    as_of: date
    held_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`removable` and `held` are older than `oldest_kept`, oldest first."""

    oldest_kept: date
    removable: tuple[Judged, ...]
    held: tuple[Judged, ...]


def stand_still(session: Session) -> None:
    """Keep others from resting something new on a snapshot until the transaction ends.

    Asked before what is held is looked up: what comes in between would lose its ground.
    """
    session.connection().execute(sa.text("LOCK TABLE snapshot IN EXCLUSIVE MODE"))


def plan(
    session: Session,
    *,
    principal: Principal,
    keep_months: int,
    held: Mapping[str, Sequence[str]],
    on: date,
) -> Plan:
    """Return which snapshots of more than `keep_months` months before `on` may go.

    `held` names by snapshot what rests on it. The current one always stays. A snapshot whose day
    is exactly so many months ago is still kept.

    Raises:
        Forbidden: this principal may not prune.
        Invalid: fewer months than FEWEST_MONTHS.
    """
    principal.require(ACTION)
    if keep_months < FEWEST_MONTHS:
        raise Invalid(
            "Masa simpan {months} bulan terlalu singkat; paling sedikit {fewest} bulan.",
            months=keep_months,
            fewest=FEWEST_MONTHS,
        )
    oldest = (Month.of(on) - keep_months).day(on.day)
    rows = session.exec(
        select(Snapshot)
        .where(col(Snapshot.as_of) < oldest, col(Snapshot.removed_at).is_(None))
        .order_by(col(Snapshot.as_of), col(Snapshot.turn))
    ).all()
    current = session.exec(select(sa.func.max(Snapshot.turn))).one()
    judged = [
        Judged(
            row.id,
            row.as_of,
            tuple(held.get(row.id, ())) + (("potret terbaru",) if row.turn == current else ()),
        )
        for row in rows
    ]
    return Plan(
        oldest_kept=oldest,
        removable=tuple(one for one in judged if not one.held_by),
        held=tuple(one for one in judged if one.held_by),
    )


def mark_removed(
    session: Session, *, principal: Principal, decided: Plan, keep_months: int, now: datetime
) -> None:
    """Write down that the files go, and why; they go when this has been committed.

    Raises:
        Forbidden: this principal may not prune.
    """
    principal.require(ACTION)
    session.connection().execute(sa.text(f"SELECT pg_advisory_xact_lock({RECORD_LOCK})"))
    for one in decided.removable:
        row = session.get(Snapshot, one.id, with_for_update=True)
        if row is None or row.removed_at is not None:
            continue
        row.removed_at = now
        audit.record(
            session,
            actor=principal.actor,
            action="registry.snapshot_removed",
            subject=f"snapshot:{one.id}",
            now=now,
            detail={
                "as_of": one.as_of.isoformat(),
                "keep_months": keep_months,
                "tables": {table: info["sha256"] for table, info in row.tables.items()},
            },
        )
    session.flush()


def delete_files(session: Session, *, snapshots_dir: Path) -> int:
    """Delete the table files that only removed snapshots name; return the bytes that came free.

    An import that is about to record a snapshot waits meanwhile, and looks for its files after.
    A run that was killed here is finished by the next one.
    """
    session.connection().execute(sa.text(f"SELECT pg_advisory_xact_lock({RECORD_LOCK})"))
    rows = session.exec(select(Snapshot)).all()
    named = {
        gone: {info["sha256"] for row in rows if (row.removed_at is not None) is gone
               for info in row.tables.values()}
        for gone in (True, False)
    }  # fmt: skip
    freed = 0
    for sha256 in sorted(named[True] - named[False]):
        path = file_of(snapshots_dir, sha256)
        if path.is_file():
            freed += path.stat().st_size
            path.unlink()
        origin.drop(snapshots_dir, path)
    return freed


def files_went(tables: Mapping[str, TableInfo], *, snapshots_dir: Path) -> bool:
    """Say whether the files of an old snapshot of the same content went while one was made."""
    return any(not file_of(snapshots_dir, info.sha256).is_file() for info in tables.values())


def current_on(session: Session, *, instants: Mapping[str, datetime]) -> Mapping[str, str]:
    """Return by key the snapshot that was current at that instant; none before the first."""
    runs = session.exec(
        select(ImportRun.finished_at, ImportRun.snapshot_id)
        .where(ImportRun.status == "done", col(ImportRun.snapshot_id).is_not(None))
        .order_by(col(ImportRun.finished_at), col(ImportRun.id))
    ).all()
    ends = [finished for finished, _ in runs if finished is not None]
    places = {key: bisect_right(ends, instant) for key, instant in instants.items()}
    return {key: str(runs[place - 1][1]) for key, place in places.items() if place}
