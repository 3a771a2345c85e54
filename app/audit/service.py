"""Writes and verifies the audit log. Knows no domain: actor, action, subject are text."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.audit.chain import GENESIS, entry_hash
from app.audit.tables import AuditEntry

APPEND_LOCK = 7201


@dataclass(frozen=True, slots=True)
class Verification:
    """`broken_at` is the first sequence number that does not fit, or None when all fit."""

    entries: int
    head: str
    broken_at: int | None


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    office: str = "",
    detail: Mapping[str, object] | None = None,
) -> int:
    """Append one entry in the caller's transaction and return its sequence number.

    The numbers have no gaps: writers take turns until their transaction ends.
    """
    session.connection().execute(sa.text(f"SELECT pg_advisory_xact_lock({APPEND_LOCK})"))
    last = session.exec(
        select(AuditEntry.seq, AuditEntry.entry_hash).order_by(col(AuditEntry.seq).desc()).limit(1)
    ).first()
    seq, previous = (1, GENESIS) if last is None else ((last[0] or 0) + 1, last[1])
    values = dict(detail or {})
    moment = now.astimezone(UTC)
    entry = AuditEntry(
        seq=seq,
        recorded_at=moment,
        actor=actor,
        action=action,
        subject=subject,
        office=office,
        detail=values,
        previous_hash=previous,
        entry_hash=entry_hash(
            seq=seq,
            recorded_at=moment,
            actor=actor,
            action=action,
            subject=subject,
            office=office,
            detail=values,
            previous_hash=previous,
        ),
    )
    session.add(entry)
    session.flush()
    return seq


def length(session: Session) -> int:
    """Return how many entries there are: their numbers have no gaps."""
    last = session.exec(select(sa.func.max(AuditEntry.seq))).one()
    return last or 0


def verify(session: Session) -> Verification:
    """Recompute the whole chain in order."""
    # Plain columns: an object for each of a million entries would take most of the time.
    columns = AuditEntry.metadata.tables[str(AuditEntry.__tablename__)].columns
    rows = session.connection().execute(
        sa.select(*columns).order_by(columns.seq).execution_options(yield_per=2000)
    )
    with closing(rows):
        return _walk(rows)


def _walk(rows: Iterable[sa.Row[Any]]) -> Verification:
    previous, count = GENESIS, 0
    for entry in rows:
        expected = entry_hash(
            seq=count + 1,
            recorded_at=entry.recorded_at.astimezone(UTC),
            actor=entry.actor,
            action=entry.action,
            subject=entry.subject,
            office=entry.office,
            detail=entry.detail,
            previous_hash=previous,
        )
        linked = entry.seq == count + 1 and entry.previous_hash == previous
        if not linked or entry.entry_hash != expected:
            return Verification(entries=count, head=previous, broken_at=entry.seq)
        previous, count = entry.entry_hash, count + 1
    return Verification(entries=count, head=previous, broken_at=None)
