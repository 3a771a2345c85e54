"""The public door of the room: sweep a snapshot, decide about a flag. Never commits."""

from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlmodel import Session, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.audit import service as audit
from app.detection import queries
from app.detection.merging import compare, merge
from app.detection.rules import RULES
from app.detection.schemas import EvidenceRow, RuleCounts, SweepReport
from app.detection.sweep import Findings, find, workbench
from app.detection.tables import Flag, Sweep
from app.detection.triage import (
    LONGEST_REASON,
    decline,
    mark_as_case,
    release_from_case,
    reopen,
    review,
    snooze,
)
from app.errors import FieldProblem, Invalid, NotFound
from app.infra.queue import alone, enqueue, waits
from app.law.calendar import WorkingCalendar
from app.lawbook.queries import law_in_force
from app.registry.queries import snapshot_by_id
from app.registry.schemas import SnapshotView
from app.registry.snapshots import TABLES, table_path

__all__ = [
    "decline",
    "mark_as_case",
    "preview_sweep",
    "release_from_case",
    "reopen",
    "request_sweep",
    "reveal_niks",
    "review",
    "run_requested_sweep",
    "snooze",
    "sweep",
]

TASK: Final = "run_sweep"
QUEUE_LOCK: Final = "sweep"
SHORTEST_REVEAL_REASON: Final = 10


def sweep(
    session: Session,
    *,
    principal: Principal,
    snapshot: SnapshotView,
    snapshots_dir: Path,
    on: date,
    calendar: WorkingCalendar,
    scratch: Path,
    memory: str,
    now: datetime,
) -> SweepReport:
    """Run the rules over a snapshot as of `on` and bring the flags up to date.

    Again over the same snapshot on the same day changes nothing. `memory` bounds the engine, as
    in `1500MB`; beyond it, it spills to `scratch`.

    Raises:
        Forbidden: this principal may not sweep.
        NotFound: a table of the snapshot is gone.
        CalendarTooShort: a bill falls due near `on` in a year that is not loaded.
    """
    principal.require("detection.sweep")
    return _sweep(
        session,
        actor=principal.actor,
        snapshot=snapshot,
        snapshots_dir=snapshots_dir,
        on=on,
        calendar=calendar,
        scratch=scratch,
        memory=memory,
        now=now,
    )


def preview_sweep(
    session: Session,
    *,
    principal: Principal,
    snapshot: SnapshotView,
    snapshots_dir: Path,
    on: date,
    calendar: WorkingCalendar,
    scratch: Path,
    memory: str,
) -> SweepReport:
    """Return what `sweep` would report, and change nothing.

    Raises:
        Forbidden, NotFound, CalendarTooShort: as `sweep`.
    """
    principal.require("detection.sweep")
    with workbench(scratch=scratch, memory=memory) as connection:
        found = find(
            tables={table: table_path(snapshots_dir, snapshot, table) for table in TABLES},
            on=on,
            calendar=calendar,
            law=law_in_force(session),
            connection=connection,
        )
    counts = compare(session, findings=found, snapshot_id=snapshot.id, on=on)
    return SweepReport(snapshot_id=snapshot.id, on=on, rules=counts)


def request_sweep(
    session: Session, *, principal: Principal, snapshot_id: str, on: date, now: datetime
) -> None:
    """Queue a sweep; it starts when the caller's transaction commits.

    Asked for again by the same person while it waits, it is queued once.

    Raises:
        Forbidden: this principal may not sweep.
        NotFound: there is no such snapshot.
    """
    principal.require("detection.sweep")
    snapshot = snapshot_by_id(session, snapshot_id)
    job = {"snapshot_id": snapshot.id, "on": on.isoformat(), "actor": principal.actor}
    alone(session, f"{TASK}:{snapshot.id}")
    if waits(session, TASK, **job):
        return
    audit.record(
        session,
        actor=principal.actor,
        action="detection.request_sweep",
        subject=f"snapshot:{snapshot.id}",
        office=principal.office_code,
        now=now,
        detail={"on": on.isoformat()},
    )
    enqueue(session, TASK, lock=QUEUE_LOCK, **job)


def run_requested_sweep(
    session: Session,
    *,
    actor: str,
    snapshot_id: str,
    on: date,
    snapshots_dir: Path,
    calendar: WorkingCalendar,
    scratch: Path,
    memory: str,
    now: datetime,
) -> SweepReport:
    """Carry out a queued sweep for the one who asked for it; a second run changes nothing.

    Raises:
        NotFound, CalendarTooShort: as `sweep`.
    """
    return _sweep(
        session,
        actor=actor,
        snapshot=snapshot_by_id(session, snapshot_id),
        snapshots_dir=snapshots_dir,
        on=on,
        calendar=calendar,
        scratch=scratch,
        memory=memory,
        now=now,
    )


def reveal_niks(
    session: Session, *, principal: Principal, flag_id: int, reason: str, now: datetime
) -> tuple[EvidenceRow, ...]:
    """Return the evidence of a flag with every NIK whole; the audit log says who and why.

    Raises:
        Forbidden: this role may not see whole NIKs.
        Invalid: the reason has fewer than 10 characters.
        NotFound: it is not there, or not in this principal's offices.
    """
    if len(reason.strip()) < SHORTEST_REVEAL_REASON:
        sentence = "Tulis alasan melihat NIK, paling sedikit {least} huruf."
        problem = FieldProblem("reason", sentence, {"least": SHORTEST_REVEAL_REASON})
        raise Invalid(sentence, fields=(problem,), least=SHORTEST_REVEAL_REASON)
    row = session.exec(
        select(Flag).where(Flag.id == flag_id, within(principal, "nik.reveal", Flag.kantor_cabang))
    ).first()
    if row is None:
        raise NotFound("Temuan nomor {flag} tidak ada.", flag=flag_id)
    audit.record(
        session,
        actor=principal.actor,
        action="flag.reveal_nik",
        subject=f"flag:{flag_id}",
        office=row.kantor_cabang,
        now=now,
        detail={"reason": reason.strip()[:LONGEST_REASON], "rows": len(row.evidence)},
    )
    return tuple(EvidenceRow(one["table"], one["line"], one["values"]) for one in row.evidence)


def _sweep(
    session: Session,
    *,
    actor: str,
    snapshot: SnapshotView,
    snapshots_dir: Path,
    on: date,
    calendar: WorkingCalendar,
    scratch: Path,
    memory: str,
    now: datetime,
) -> SweepReport:
    with workbench(scratch=scratch, memory=memory) as connection:
        found = find(
            tables={table: table_path(snapshots_dir, snapshot, table) for table in TABLES},
            on=on,
            calendar=calendar,
            law=law_in_force(session),
            connection=connection,
        )
    counts = merge(session, findings=found, snapshot_id=snapshot.id, on=on, actor=actor, now=now)
    _remember(session, found=found, snapshot=snapshot, counts=counts, actor=actor, now=now)
    return SweepReport(snapshot_id=snapshot.id, on=on, rules=counts)


def _remember(
    session: Session,
    *,
    found: Findings,
    snapshot: SnapshotView,
    counts: dict[str, RuleCounts],
    actor: str,
    now: datetime,
) -> None:
    """Record the sweep, unless the one before was the same and nothing has changed since."""
    last = queries.latest_sweep(session)
    changed = any(one.new or one.gone for one in counts.values())
    if last and (last.snapshot_id, last.on) == (snapshot.id, found.asof.on) and not changed:
        return
    stored = {
        code: {"new": one.new, "still": one.still, "gone": one.gone} for code, one in counts.items()
    }
    session.add(
        Sweep(
            snapshot_id=snapshot.id,
            swept_on=found.asof.on,
            recorded_at=now,
            actor=actor,
            rule_versions={rule.code: rule.version for rule in RULES},
            thresholds=found.asof.thresholds(),
            counts=stored,
        )
    )
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="detection.sweep",
        subject=f"snapshot:{snapshot.id}",
        now=now,
        detail={"on": found.asof.on.isoformat(), "rules": stored},
    )
