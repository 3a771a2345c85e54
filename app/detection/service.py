"""Sweeps, and what people decide about flags. Other rooms import from here."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.audit import service as audit
from app.detection.merge import merge
from app.detection.queries import READ
from app.detection.rules import RULES
from app.detection.schemas import OPEN_STATUSES, SweepReport
from app.detection.sweep import find, workbench
from app.detection.tables import Flag, FlagEvent, Sweep
from app.errors import Conflict, FieldProblem, Invalid, NotFound, Stale
from app.law.calendar import WorkingCalendar
from app.registry.schemas import SnapshotView
from app.registry.snapshots import TABLES, table_path

SWEEP: Final = "detection.sweep"
TRIAGE: Final = "flags.triage"
SWEEP_LOCK: Final = 7204
LONGEST_REASON: Final = 2000


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
    """Run the rules over a snapshot as on the day `on`, and bring the flags up to it.

    The same snapshot and day again change nothing. Two sweeps at once take turns.

    Raises:
        Forbidden: the principal may not sweep.
        NotFound: a file of the snapshot is gone.
        CalendarTooShort, ParameterGap: the law is not known for that day.
    """
    principal.require(SWEEP)
    session.connection().execute(sa.text(f"SELECT pg_advisory_xact_lock({SWEEP_LOCK})"))
    tables = {name: table_path(snapshots_dir, snapshot, name) for name in TABLES}
    with workbench(scratch=scratch, memory=memory) as connection:
        found = find(tables=tables, on=on, calendar=calendar, connection=connection)
        counts = merge(
            session, found=found, snapshot_id=snapshot.id, on=on, actor=principal.actor, now=now
        )
    report = SweepReport(snapshot_id=snapshot.id, on=on, rules=counts)
    _remember(session, report, thresholds=found.asof.thresholds(), principal=principal, now=now)
    return report


def preview(
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
    """Return what a sweep would change, and change nothing.

    Raises:
        As `sweep`.
    """
    savepoint = session.begin_nested()
    try:
        return sweep(
            session,
            principal=principal,
            snapshot=snapshot,
            snapshots_dir=snapshots_dir,
            on=on,
            calendar=calendar,
            scratch=scratch,
            memory=memory,
            now=now,
        )
    finally:
        savepoint.rollback()


def review(
    session: Session,
    *,
    principal: Principal,
    flag_id: int,
    expected_version: int,
    now: datetime,
) -> None:
    """Say that somebody is looking at the flag.

    Raises:
        Forbidden, NotFound, Stale: as `decline`.
        Conflict: it is not new.
    """
    row = _locked(session, principal, flag_id, expected_version, allowed=("baru",))
    _decide(session, row, "review", "ditinjau", reason="", principal=principal, now=now)


def decline(
    session: Session,
    *,
    principal: Principal,
    flag_id: int,
    reason: str,
    expected_version: int,
    now: datetime,
) -> None:
    """Decline a flag; it stays declined while its facts are the same.

    Raises:
        Forbidden: the principal may not decide.
        NotFound: it is not there, or not in this principal's offices.
        Stale: it has changed since it was shown.
        Conflict: it was decided already.
        Invalid: no reason.
    """
    _require_reason(reason)
    row = _locked(session, principal, flag_id, expected_version, allowed=OPEN_STATUSES)
    _decide(session, row, "decline", "ditolak", reason=reason, principal=principal, now=now)


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
) -> None:
    """Let a flag rest until the end of the day `until`; changed facts wake it before.

    Raises:
        Forbidden, NotFound, Stale, Conflict: as `decline`.
        Invalid: no reason, or a day that is not after `on`.
    """
    _require_reason(reason)
    if until <= on:
        problem = FieldProblem(
            "until", "Tunda sampai tanggal setelah {today}.", {"today": on.isoformat()}
        )
        raise Invalid(problem.template, fields=(problem,), **problem.values)
    row = _locked(session, principal, flag_id, expected_version, allowed=OPEN_STATUSES)
    row.snooze_until = until
    _decide(session, row, "snooze", "ditunda", reason=reason, principal=principal, now=now)


def reopen(
    session: Session,
    *,
    principal: Principal,
    flag_id: int,
    expected_version: int,
    now: datetime,
) -> None:
    """Undo a decline or a snooze.

    Raises:
        Forbidden, NotFound, Stale, Conflict: as `decline`.
    """
    row = _locked(session, principal, flag_id, expected_version, allowed=("ditolak", "ditunda"))
    row.snooze_until = None
    _decide(session, row, "reopen", "baru", reason="", principal=principal, now=now)


def mark_as_case(
    session: Session,
    *,
    principal: Principal,
    flag_ids: Sequence[int],
    case_number: str,
    on: date,
    now: datetime,
) -> None:
    """Give flags to a case. The caller holds the right to open one.

    Raises:
        NotFound: a flag is not there, or not in this principal's offices.
        Conflict: a flag is already with another case.
    """
    del on
    rows = session.exec(
        select(Flag)
        .where(col(Flag.id).in_(flag_ids), within(principal, READ, Flag.kantor_cabang))
        .order_by(col(Flag.id))
        .with_for_update()
    ).all()
    if missing := sorted(set(flag_ids) - {row.id for row in rows}):
        raise NotFound("Temuan {flag} tidak ada, atau di luar wilayah kerja Anda.", flag=missing[0])
    for row in rows:
        if row.status == "kasus" and row.case_number != case_number:
            raise Conflict(
                "Temuan {flag} sudah masuk kasus {case}.", flag=row.id, case=row.case_number
            )
        if row.status != "kasus":
            row.case_number, row.snooze_until = case_number, None
            _decide(session, row, "case", "kasus", reason="", principal=principal, now=now)


def _locked(
    session: Session,
    principal: Principal,
    flag_id: int,
    expected_version: int,
    *,
    allowed: tuple[str, ...],
) -> Flag:
    row = session.exec(
        select(Flag)
        .where(col(Flag.id) == flag_id, within(principal, TRIAGE, Flag.kantor_cabang))
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound("Temuan {flag} tidak ada, atau di luar wilayah kerja Anda.", flag=flag_id)
    if row.version != expected_version:
        raise Stale(
            "Temuan {flag} sudah berubah sejak Anda membukanya; muat ulang lalu putuskan lagi.",
            flag=flag_id,
        )
    if row.status not in allowed:
        raise Conflict(
            "Temuan {flag} sudah diputus (status: {status}).", flag=flag_id, status=row.status
        )
    return row


def _decide(
    session: Session,
    row: Flag,
    action: str,
    status: str,
    *,
    reason: str,
    principal: Principal,
    now: datetime,
) -> None:
    before, row.status = row.status, status
    row.decision_reason = reason.strip()
    row.changed_at, row.version = now, row.version + 1
    assert row.id is not None  # noqa: S101 - it was read from the table
    session.add(row)
    session.add(
        FlagEvent(
            flag_id=row.id,
            recorded_at=now,
            actor=principal.actor,
            action=action,
            from_status=before,
            to_status=status,
            reason=reason.strip(),
        )
    )
    session.flush()
    audit.record(
        session,
        actor=principal.actor,
        action=f"detection.{action}",
        subject=f"flag:{row.id}",
        office=row.kantor_cabang,
        now=now,
        detail={"rule": row.rule, "from": before, "to": status},
    )


def _require_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > LONGEST_REASON:
        problem = FieldProblem("reason", "Tulis alasan Anda, paling panjang 2.000 karakter.")
        raise Invalid(problem.template, fields=(problem,))


def _remember(
    session: Session,
    report: SweepReport,
    *,
    thresholds: dict[str, object],
    principal: Principal,
    now: datetime,
) -> None:
    """Keep a sweep that changed something, or that is the first of its snapshot and day."""
    known = session.exec(
        select(Sweep.id).where(
            Sweep.snapshot_id == report.snapshot_id, col(Sweep.swept_on) == report.on
        )
    ).first()
    changed = any(counts.new or counts.gone for counts in report.rules.values())
    if known is not None and not changed:
        return
    row = Sweep(
        snapshot_id=report.snapshot_id,
        swept_on=report.on,
        recorded_at=now,
        actor=principal.actor,
        rule_versions={rule.code: rule.version for rule in RULES},
        thresholds=thresholds,
        counts={
            code: {"new": counts.new, "still": counts.still, "gone": counts.gone}
            for code, counts in report.rules.items()
        },
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor=principal.actor,
        action="detection.swept",
        subject=f"sweep:{row.id}",
        now=now,
        detail={"snapshot": report.snapshot_id, "on": report.on.isoformat()},
    )
