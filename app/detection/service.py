"""The public door of the room: sweep a snapshot, decide about a flag, wake one. Never commits."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.audit import service as audit
from app.detection import queries
from app.detection.engines.choice import DUCKDB, Choice
from app.detection.engines.duckdb import workbench
from app.detection.linking import linker_of, prepare, prepare_workers
from app.detection.merging import be_patient, compare, merge, take_turn
from app.detection.rule_queries import runnable_editions
from app.detection.schemas import EvidenceRow, SweepReport
from app.detection.settings import Editions, documents
from app.detection.sources import require_whole
from app.detection.sweep import Findings, find
from app.detection.tables import Flag, Sweep
from app.detection.triage import (
    LONGEST_REASON,
    decline,
    excuse,
    hold,
    hold_of_case,
    latest_rest,
    mark_as_case,
    release_from_case,
    reopen,
    review,
    snooze,
)
from app.detection.waking import wake
from app.detection.watchfulness import examine, record_acceptance
from app.detection.weights import WEIGHTS, weights_in_force
from app.errors import FieldProblem, Invalid, NotFound
from app.infra.queue import Standing, alone, enqueue, standing, waits
from app.infra.scratch import clear_leftovers, lent
from app.law.calendar import WorkingCalendar
from app.lawbook.queries import law_in_force
from app.linkage import service as linkage
from app.linkage import worker_service as worker_linkage
from app.registry.queries import snapshot_by_id
from app.registry.schemas import SnapshotView

__all__ = [
    "decline",
    "excuse",
    "hold",
    "hold_of_case",
    "latest_rest",
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
    "sweep_requested",
    "wake",
]

TASK: Final = "run_sweep"
QUEUE_LOCK: Final = "sweep"
SHORTEST_REVEAL_REASON: Final = 10
LINKS: Final = "links.parquet"
WORKER_LINKS: Final = "worker-links.parquet"
LINKING: Final = "tautan"


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
    accepted_loss: str = "",
    engine: Choice = DUCKDB,
) -> SweepReport:
    """Run the rules over a snapshot as of `on` and bring the flags up to date.

    Again over the same snapshot on the same day changes nothing, on whichever engine. `memory`
    bounds the engine in this process, as in `1500MB`; beyond it, it spills to `scratch`.
    `accepted_loss` is why it is right that a source has lost half its rows; empty: then the sweep
    stops and asks.

    Raises:
        Forbidden: this principal may not sweep.
        NotFound: a table of the snapshot is gone.
        Unavailable: a file of the snapshot is not what it was when it was kept, or this release
            does not have a version of a rule that is in force.
        SourceShrunk: a source lost half its rows or more, and nobody said why.
        Invalid: the reason for it is too short or too long.
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
        accepted_loss=accepted_loss,
        engine=engine,
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
    engine: Choice = DUCKDB,
) -> SweepReport:
    """Return what `sweep` would report, and change nothing. It notes a loss and goes on.

    Raises:
        Forbidden, NotFound, Unavailable, CalendarTooShort: as `sweep`.
    """
    principal.require("detection.sweep")
    be_patient(session)
    editions, law = runnable_editions(session, on=on), law_in_force(session)
    with lent(scratch, LINKING) as place:
        with workbench(scratch=scratch, memory=memory) as connection:
            examined = examine(
                session,
                snapshot=snapshot,
                snapshots_dir=snapshots_dir,
                connection=connection,
                accepted="",
            )
            prepare(connection, tables=examined.tables, on=on, law=law)
            linked = linkage.preview(
                session,
                connection=connection,
                limits=linkage.thresholds(law, on=on),
                to=place / LINKS,
            )
            prepare_workers(connection, tables=examined.tables, on=on, law=law, links=linked.links)
            linked_workers = worker_linkage.preview_workers(
                session,
                connection=connection,
                limits=worker_linkage.worker_thresholds(law, on=on),
                up_to=linked.up_to,
                to=place / WORKER_LINKS,
            )
        with engine.lent(scratch=scratch, memory=memory) as bench:
            found = find(
                tables=examined.tables,
                on=on,
                calendar=calendar,
                law=law,
                engine=bench,
                linker=linker_of(bench, linked.links),
                worker_links=linked_workers.links,
                editions=editions,
                weights=weights_in_force(session, on=on),
            )
            counts = compare(
                session, findings=found, snapshot_id=snapshot.id, on=on, scratch=scratch
            )
            notes = examined.notes(found)
    return SweepReport(snapshot.id, on, counts, sources=examined.states, notes=notes)


def request_sweep(
    session: Session,
    *,
    principal: Principal,
    snapshot_id: str,
    on: date,
    now: datetime,
    snapshots_dir: Path,
    scratch: Path,
    memory: str,
    accepted_loss: str = "",
) -> None:
    """Queue a sweep; it starts when the caller's transaction commits.

    Asked for again by the same person while it waits, it is queued once.

    Raises:
        Forbidden: this principal may not sweep.
        NotFound: there is no such snapshot.
        Unavailable, SourceShrunk, Invalid: as `sweep`, asked before it is queued.
    """
    principal.require("detection.sweep")
    snapshot = snapshot_by_id(session, snapshot_id)
    runnable_editions(session, on=on)
    with workbench(scratch=scratch, memory=memory) as connection:
        examined = examine(
            session,
            snapshot=snapshot,
            snapshots_dir=snapshots_dir,
            connection=connection,
            accepted=accepted_loss,
        )
    require_whole(examined.losses, accepted=examined.accepted)
    job = {
        "snapshot_id": snapshot.id,
        "on": on.isoformat(),
        "actor": principal.actor,
        "accepted_loss": examined.accepted,
    }
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


def sweep_requested(session: Session) -> Standing:
    """Return where the sweep stands that somebody asked for from a page or by the interface."""
    last = queries.latest_sweep(session)
    return standing(session, TASK, done_at=None if last is None else last.recorded_at)


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
    accepted_loss: str = "",
    engine: Choice = DUCKDB,
) -> SweepReport:
    """Carry out a queued sweep for the one who asked for it; a second run changes nothing.

    Raises:
        NotFound, Unavailable, SourceShrunk, Invalid, CalendarTooShort: as `sweep`.
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
        accepted_loss=accepted_loss,
        engine=engine,
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
    accepted_loss: str,
    engine: Choice,
) -> SweepReport:
    # Before anything is computed: two sweeps at once would need twice the memory.
    take_turn(session)
    clear_leftovers(scratch)
    # Before anything is linked, which takes longer than to say that a version is not there.
    editions, law = runnable_editions(session, on=on), law_in_force(session)
    with lent(scratch, LINKING) as place:
        with workbench(scratch=scratch, memory=memory) as connection:
            examined = examine(
                session,
                snapshot=snapshot,
                snapshots_dir=snapshots_dir,
                connection=connection,
                accepted=accepted_loss,
            )
            require_whole(examined.losses, accepted=examined.accepted)
            prepare(connection, tables=examined.tables, on=on, law=law)
            linked = linkage.link(
                session,
                connection=connection,
                limits=linkage.thresholds(law, on=on),
                snapshot_id=snapshot.id,
                on=on,
                now=now,
                to=place / LINKS,
            )
            prepare_workers(connection, tables=examined.tables, on=on, law=law, links=linked.links)
            linked_workers = worker_linkage.link_workers(
                session,
                connection=connection,
                limits=worker_linkage.worker_thresholds(law, on=on),
                up_to=linked.up_to,
                snapshot_id=snapshot.id,
                on=on,
                now=now,
                to=place / WORKER_LINKS,
            )
        with engine.lent(scratch=scratch, memory=memory) as bench:
            found = find(
                tables=examined.tables,
                on=on,
                calendar=calendar,
                law=law,
                engine=bench,
                linker=linker_of(bench, linked.links),
                worker_links=linked_workers.links,
                editions=editions,
                weights=weights_in_force(session, on=on),
            )
            counts = merge(
                session,
                findings=found,
                snapshot_id=snapshot.id,
                on=on,
                actor=actor,
                now=now,
                scratch=scratch,
            )
            notes = examined.notes(found)
    record_acceptance(session, examined=examined, snapshot=snapshot, actor=actor, now=now)
    report = SweepReport(snapshot.id, on, counts, sources=examined.states, notes=notes)
    _remember(
        session,
        found=found,
        linked={**linked.as_json(), "pekerja": linked_workers.as_json()},
        report=report,
        editions=editions,
        actor=actor,
        now=now,
    )
    return report


def _heard(linked: Mapping[str, object]) -> tuple[object, ...]:
    """Return the last word of people that a sweep counted, and what it linked.

    A trial links as the last sweep did: words said since must be kept even if no flag came or went.
    """
    return linked.get("putusan"), "pekerja" in linked, linkage.AMONG in linked


def _remember(
    session: Session,
    *,
    found: Findings,
    linked: dict[str, object],
    report: SweepReport,
    editions: Editions,
    actor: str,
    now: datetime,
) -> None:
    """Record the sweep, unless the one before was the same and nothing has changed since."""
    last = queries.latest_sweep(session)
    used: dict[str, object] = {
        **documents(editions.values()),
        WEIGHTS: {"edition": found.weights.edition, "points": dict(found.weights.points)},
    }
    changed = any(one.new or one.gone for one in report.rules.values())
    same = last and (last.snapshot_id, last.on, last.rule_editions) == (
        report.snapshot_id,
        report.on,
        used,
    )
    before = session.exec(select(Sweep.linkage).order_by(col(Sweep.id).desc()).limit(1)).first()
    if same and not changed and _heard(before or {}) == _heard(linked):
        return
    stored = {
        code: {"new": one.new, "still": one.still, "gone": one.gone}
        for code, one in report.rules.items()
    }
    session.add(
        Sweep(
            snapshot_id=report.snapshot_id,
            swept_on=report.on,
            recorded_at=now,
            actor=actor,
            rule_versions={one.rule: one.version for one in editions.values()},
            rule_editions=used,
            thresholds=found.asof.thresholds(),
            linkage=linked,
            counts=stored,
            report={
                "sources": [one.as_json() for one in report.sources],
                "notes": [
                    {"template": note.template, "values": dict(note.values)}
                    for note in report.notes
                ],
            },
        )
    )
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="detection.sweep",
        subject=f"snapshot:{report.snapshot_id}",
        now=now,
        detail={"on": report.on.isoformat(), "rules": stored},
    )
