"""Commands of detection: sweep a snapshot, decide about a flag. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.audit import service as audit
from app.detection import queries
from app.detection.merging import compare, merge
from app.detection.rules import RULES
from app.detection.schemas import EvidenceRow, FlagView, RuleCounts, Status, SweepReport
from app.detection.sweep import Findings, find, workbench
from app.detection.tables import Flag, FlagEvent, Sweep
from app.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, Stale
from app.infra.queue import enqueue
from app.law.book import SHIPPED
from app.law.calendar import WorkingCalendar
from app.registry.queries import snapshot_by_id
from app.registry.schemas import SnapshotView
from app.registry.snapshots import TABLES, table_path

TASK: Final = "run_sweep"
QUEUE_LOCK: Final = "sweep"
SHORTEST_REASON: Final = 5
SHORTEST_REVEAL_REASON: Final = 10
LONGEST_REASON: Final = 2000

# What a person may do: action -> from which states. What is not listed is refused.
# fmt: off
_DECISIONS: Final[dict[Status, frozenset[Status]]] = {
    "ditolak":  frozenset({"baru", "ditinjau", "ditunda"}),
    "ditunda":  frozenset({"baru", "ditinjau"}),
    "ditinjau": frozenset({"baru"}),
    "baru":     frozenset({"ditolak", "ditunda"}),
    "kasus":    frozenset({"baru", "ditinjau", "ditunda", "ditolak"}),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class _Decision:
    to_status: Status
    action: str
    reason: str = ""
    snooze_until: date | None = None
    case_number: str = ""


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
            law=SHIPPED,
            connection=connection,
        )
    counts = compare(session, findings=found, snapshot_id=snapshot.id, on=on)
    return SweepReport(snapshot_id=snapshot.id, on=on, rules=counts)


def request_sweep(
    session: Session, *, principal: Principal, snapshot_id: str, on: date, now: datetime
) -> None:
    """Queue a sweep; it starts when the caller's transaction commits.

    Raises:
        Forbidden: this principal may not sweep.
        NotFound: there is no such snapshot.
    """
    principal.require("detection.sweep")
    snapshot = snapshot_by_id(session, snapshot_id)
    audit.record(
        session,
        actor=principal.actor,
        action="detection.request_sweep",
        subject=f"snapshot:{snapshot.id}",
        office=principal.office_code,
        now=now,
        detail={"on": on.isoformat()},
    )
    enqueue(
        session,
        TASK,
        lock=QUEUE_LOCK,
        snapshot_id=snapshot.id,
        on=on.isoformat(),
        actor=principal.actor,
    )


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


def decline(
    session: Session,
    *,
    principal: Principal,
    flag_id: int,
    reason: str,
    expected_version: int,
    now: datetime,
) -> FlagView:
    """Set a flag aside; it stays so while its facts are the same.

    Raises:
        Forbidden: this role does not triage.
        Invalid: the reason is missing or out of bounds.
        NotFound: it is not there, or not in this principal's offices.
        Stale: somebody changed it since `expected_version`.
        Refused: it is a case, gone, or declined already.
    """
    decision = _Decision("ditolak", "flag.decline", reason=_reason(reason))
    return _decide(session, principal, flag_id, decision, expected_version, now)


def snooze(
    session: Session,
    *,
    principal: Principal,
    flag_id: int,
    until: date,
    reason: str,
    expected_version: int,
    on: date,
    now: datetime,
) -> FlagView:
    """Put a flag to rest through the day `until`, while its facts are the same.

    Raises:
        Forbidden, NotFound, Stale, Refused: as `decline`.
        Invalid: the reason is missing, or `until` is not after `on`.
    """
    if until <= on:
        problem = FieldProblem("until", "Pilih tanggal sesudah hari ini.")
        raise Invalid(problem.template, fields=(problem,))
    decision = _Decision("ditunda", "flag.snooze", reason=_reason(reason), snooze_until=until)
    return _decide(session, principal, flag_id, decision, expected_version, now)


def review(
    session: Session, *, principal: Principal, flag_id: int, expected_version: int, now: datetime
) -> FlagView:
    """Say that a person is looking at a new flag.

    Raises:
        Forbidden, NotFound, Stale, Refused: as `decline`.
    """
    decision = _Decision("ditinjau", "flag.review")
    return _decide(session, principal, flag_id, decision, expected_version, now)


def reopen(
    session: Session,
    *,
    principal: Principal,
    flag_id: int,
    expected_version: int,
    now: datetime,
    reason: str = "",
) -> FlagView:
    """Make a declined or resting flag new again; a reason is kept where one is given.

    Raises:
        Forbidden, NotFound, Stale, Refused: as `decline`.
    """
    decision = _Decision("baru", "flag.reopen", reason=reason.strip()[:LONGEST_REASON])
    return _decide(session, principal, flag_id, decision, expected_version, now)


def mark_as_case(
    session: Session,
    *,
    principal: Principal,
    flag_ids: Sequence[int],
    case_number: str,
    on: date,
    now: datetime,
) -> None:
    """Bind flags to the case that took them. Again with the same case changes nothing.

    Raises:
        Forbidden: this principal may not open cases.
        NotFound: one is not there, or not in this principal's offices.
        Conflict: one belongs to another case.
        Refused: one is gone.
    """
    del on
    decision = _Decision("kasus", "flag.case", case_number=case_number)
    for flag_id in sorted(set(flag_ids)):
        row = _locked(session, principal, "cases.open", flag_id)
        if row.case_number == case_number and row.status == "kasus":
            continue
        if row.status == "kasus":
            raise Conflict(
                "Temuan nomor {flag} sudah menjadi bagian kasus {number}.",
                flag=flag_id,
                number=row.case_number,
            )
        _apply(session, principal, row, decision, now)


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
            law=SHIPPED,
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


def _decide(
    session: Session,
    principal: Principal,
    flag_id: int,
    decision: _Decision,
    expected_version: int,
    now: datetime,
) -> FlagView:
    row = _locked(session, principal, "flags.triage", flag_id)
    if row.version != expected_version:
        raise Stale(
            "Temuan nomor {flag} baru saja diubah orang lain; muat ulang lalu putuskan lagi.",
            flag=flag_id,
        )
    _apply(session, principal, row, decision, now)
    return queries.flag(session, principal=principal, flag_id=flag_id)


def _apply(
    session: Session, principal: Principal, row: Flag, decision: _Decision, now: datetime
) -> None:
    if row.status not in _DECISIONS[decision.to_status]:
        raise Refused(
            "Temuan berstatus “{status}” tidak dapat diubah menjadi “{to}”.",
            status=row.status,
            to=decision.to_status,
        )
    before = row.status
    row.status = decision.to_status
    row.decision_reason = decision.reason
    row.snooze_until = decision.snooze_until
    row.case_number = decision.case_number
    row.changed_at = now
    row.version += 1
    session.add(
        FlagEvent(
            flag_id=row.id or 0,
            recorded_at=now,
            actor=principal.actor,
            action=decision.action.removeprefix("flag."),
            from_status=before,
            to_status=row.status,
            reason=decision.reason or decision.case_number,
        )
    )
    session.flush()
    audit.record(
        session,
        actor=principal.actor,
        action=decision.action,
        subject=f"flag:{row.id}",
        office=row.kantor_cabang,
        now=now,
        detail={
            "rule": row.rule,
            "from": before,
            "reason": decision.reason,
            "until": decision.snooze_until.isoformat() if decision.snooze_until else "",
            "case": decision.case_number,
        },
    )


def _locked(session: Session, principal: Principal, action: str, flag_id: int) -> Flag:
    row = session.exec(
        select(Flag)
        .where(col(Flag.id) == flag_id, within(principal, action, Flag.kantor_cabang))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("Temuan nomor {flag} tidak ada.", flag=flag_id)
    return row


def _reason(text: str) -> str:
    reason = text.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        sentence = "Tulis alasan {least} sampai {most} huruf."
        values = {"least": SHORTEST_REASON, "most": LONGEST_REASON}
        problem = FieldProblem("reason", sentence, values)
        raise Invalid(sentence, fields=(problem,), **values)
    return reason
