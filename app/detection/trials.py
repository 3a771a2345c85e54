"""Runs a changed rule beside the one in force on a past snapshot, in the background.

No flag moves. The definition holds all that is needed to run it again and get the same report.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.audit import service as audit
from app.detection import rule_queries, trial_queries
from app.detection.comparison import compared
from app.detection.engines.duckdb import DuckDB, workbench
from app.detection.findings import Finding
from app.detection.rule_schemas import TrialView, TrialWanted
from app.detection.rule_tables import RuleTrial
from app.detection.settings import (
    SHIPPED_EDITIONS,
    VISIT_MINUTES,
    RuleSettings,
    changes,
    settings_from,
    with_edition,
)
from app.detection.sweep import find
from app.detection.trial_calendar import (
    CALENDAR,
    TriedDay,
    checked,
    tried_days,
    with_days,
    within,
)
from app.detection.trial_failures import failure_recorded
from app.detection.trial_links import LINKS, Ground, LinksOn, ground_of, links, links_for
from app.detection.trial_report import Kind, Sample, TrialReport, sample_of, shared_out
from app.detection.versions import foreign, running, version_wanted
from app.errors import Invalid, NotFound
from app.infra.database import Database
from app.infra.queue import alone, enqueue
from app.infra.wording import N_
from app.law.book import LawBook
from app.law.calendar import WorkingCalendar
from app.lawbook.queries import law_in_force
from app.registry.matching import Frame
from app.registry.queries import kept_snapshot, snapshot_by_id
from app.registry.schemas import SnapshotView
from app.registry.snapshots import TABLES, require_sound, table_path

TASK: Final = "run_rule_trial"
TRY: Final = "rules.try"
# One at a time with the sweeps: each may use all the memory that is set.
QUEUE_LOCK: Final = "sweep"
SEED: Final = 20190117
MOST_SAMPLES: Final = 20

STEPS: Final = (
    N_("Menjalankan aturan yang berlaku"),
    N_("Menjalankan rancangan"),
    N_("Membandingkan"),
    N_("Mengambil contoh"),
)


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a trial reads and computes, and what only the rooms above know."""

    snapshots_dir: Path
    scratch: Path
    memory: str
    calendar_of: Callable[[Session], WorkingCalendar]
    clock: Callable[[], datetime]


def request_trial(
    session: Session,
    *,
    principal: Principal,
    wanted: TrialWanted,
    calendar: WorkingCalendar,
    today: date,
    now: datetime,
) -> TrialView:
    """Queue a trial of `wanted` against the rule in force today; `calendar` is the one in force.

    Asked for again by the same person before it ended, it is queued once.

    Raises:
        Forbidden: this principal may not try rules.
        NotFound: there is no such rule or snapshot, or its files went by policy.
        Invalid: it does not differ from the rule in force, this release does not have its version
            or the version not its values, a day of it lies outside the calendar or the law, or a
            day of its calendar cannot be tried; names the field or the day.
        Unavailable: this release does not have the version in force.
    """
    principal.require(TRY)
    rule = trial_queries.rule_named(wanted.rule)
    snapshot = kept_snapshot(session, wanted.snapshot_id)
    live = rule_queries.editions_in_force(session, on=today)[rule.code]
    running(live)
    version = version_wanted(rule.code, wanted.version, in_force=live)
    foreign(rule.code, wanted.values, version=version)
    within(calendar, on=wanted.on, draft_on=wanted.draft_on)
    draft = RuleSettings(
        rule.code, edition=0, state=wanted.state, values=wanted.values, version=version
    )
    days = checked(wanted.calendar, calendar=calendar)
    # Its page says what the law of that day puts where a field is left empty.
    changes(live, draft, law=law_in_force(session), on=wanted.on)
    if live.asks == draft.asks and wanted.on == wanted.draft_on and not days:
        raise Invalid(
            "Rancangan ini sama dengan aturan {rule} yang berlaku; ubah paling sedikit satu isian.",
            rule=rule.code,
        )
    definition = {
        "rule_version": live.version,
        "live": live.as_json(),
        "draft": draft.as_json(),
        "on": wanted.on.isoformat(),
        "draft_on": wanted.draft_on.isoformat(),
        CALENDAR: [one.as_json() for one in days],
        "seed": SEED,
        "samples": MOST_SAMPLES,
        "outcomes_until": now.isoformat(),
        LINKS: links_for(session, snapshot_id=snapshot.id),
    }
    if known := _under_way(
        session, principal=principal, rule=rule.code, snapshot=snapshot, definition=definition
    ):
        return _view(session, known, principal)
    return _queue(
        session,
        principal=principal,
        rule=rule.code,
        snapshot=snapshot,
        definition=definition,
        now=now,
    )


def repeat_trial(
    session: Session, *, principal: Principal, trial_id: int, now: datetime
) -> TrialView:
    """Queue the same definition once more, to see that it still gives the same report.

    Raises:
        Forbidden: this principal may not try rules.
        NotFound: there is no such trial.
        Invalid: it is not done.
    """
    principal.require(TRY)
    first = trial_queries.trial_row(session, principal=principal, trial_id=trial_id)
    if first.status != "done":
        raise Invalid("Uji coba nomor {trial} belum selesai; tunggu laporannya.", trial=trial_id)
    snapshot = kept_snapshot(session, first.snapshot_id)
    if known := _under_way(
        session,
        principal=principal,
        rule=first.rule,
        snapshot=snapshot,
        definition=first.definition,
        again_of=first.id,
    ):
        return _view(session, known, principal)
    return _queue(
        session,
        principal=principal,
        rule=first.rule,
        snapshot=snapshot,
        definition=first.definition,
        now=now,
        again_of=first.id,
    )


def trial(session: Session, *, principal: Principal, trial_id: int) -> TrialView:
    """Return one trial, its samples within the reader's offices.

    Raises:
        Forbidden: rules are not for this role.
        NotFound: there is no such trial.
    """
    return _view(
        session,
        trial_queries.trial_row(session, principal=principal, trial_id=trial_id),
        principal,
    )


def run_trial(database: Database, *, trial_id: int, bench: Bench) -> None:
    """Carry out a queued trial. Running it again after it ended, or was killed, is safe.

    Each step of the progress is its own short transaction; the report and the end are one.

    Raises:
        NotFound: there is no such trial.
    """
    with database.transaction() as session:
        row = session.get(RuleTrial, trial_id, with_for_update=True)
        if row is None:
            raise NotFound("Uji coba nomor {trial} tidak ada.", trial=trial_id)
        if row.status in {"done", "failed"}:
            return
        row.status, row.started_at = "running", bench.clock()
        job = _Job(
            rule=row.rule,
            definition=row.definition,
            snapshot=snapshot_by_id(session, row.snapshot_id),
            law=law_in_force(session),
            calendar=bench.calendar_of(session),
            outcomes=trial_queries.known_outcomes(
                session,
                rule=row.rule,
                until=datetime.fromisoformat(row.definition["outcomes_until"]),
            ),
            ground=ground_of(session, definition=row.definition),
        )

    def progress(step: int) -> None:
        with database.transaction() as session:
            row = session.get(RuleTrial, trial_id, with_for_update=True)
            if row is not None:
                row.step, row.progress = STEPS[step], 100 * step // len(STEPS)

    with failure_recorded(database, trial_id, clock=bench.clock):
        report = _report(job, bench=bench, progress=progress)
        with database.transaction() as session:
            _finish(session, trial_id, job=job, report=report, now=bench.clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    rule: str
    definition: dict[str, Any]
    snapshot: SnapshotView
    law: LawBook
    calendar: WorkingCalendar
    outcomes: dict[str, bool]
    ground: Ground | None

    @property
    def days(self) -> tuple[TriedDay, ...]:
        return tried_days(self.definition)

    @property
    def live(self) -> "_Asked":
        return _Asked(
            settings_from(self.definition["live"]),
            on=date.fromisoformat(self.definition["on"]),
            calendar=self.calendar,
        )

    @property
    def draft(self) -> "_Asked":
        return _Asked(
            settings_from(self.definition["draft"]),
            on=date.fromisoformat(self.definition["draft_on"]),
            calendar=with_days(self.calendar, self.days),
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one side of the trial asks the snapshot."""

    settings: RuleSettings
    on: date
    calendar: WorkingCalendar


def _report(job: _Job, *, bench: Bench, progress: Callable[[int], None]) -> TrialReport:
    # The report carries a decision of two people: an engine reads some damage without a word.
    require_sound(bench.snapshots_dir, job.snapshot)
    tables = {table: table_path(bench.snapshots_dir, job.snapshot, table) for table in TABLES}
    most = int(job.definition["samples"])
    with (
        links(
            rule=job.rule,
            ground=job.ground,
            tables=tables,
            law=job.law,
            scratch=bench.scratch,
            memory=bench.memory,
        ) as links_on,
        workbench(scratch=bench.scratch, memory=bench.memory) as connection,
    ):
        side = _Side(job, tables=tables, connection=connection, links_on=links_on)
        progress(0)
        live = side.flags(job.live)
        progress(1)
        draft = side.flags(job.draft)
        progress(2)
        with compared(live=live, draft=draft, tables=tables, connection=connection) as both:
            drawn = shared_out(both.drawn(seed=int(job.definition["seed"]), most=most), most=most)
            report = TrialReport(
                totals=both.totals(),
                by_office=both.groups("office"),
                by_sector=both.groups("sector"),
                by_size=both.groups("size"),
                visit_minutes=_minutes(job),
                hit_rates=both.hit_rates(job.outcomes),
                samples=(),
            )
        progress(3)
        return replace(report, samples=tuple(_samples(side, job, drawn)))


class _Side:
    """One rule on one snapshot, asked under different settings, days and calendars."""

    def __init__(
        self,
        job: _Job,
        *,
        tables: dict[str, Path],
        connection: duckdb.DuckDBPyConnection,
        links_on: LinksOn,
    ) -> None:
        self._job, self._tables, self._connection = job, tables, connection
        self._links_on = links_on

    def flags(self, asked: _Asked) -> Frame:
        """Return what is found, without evidence. A rule that is off finds nothing."""
        engine, linked = DuckDB(self._connection), self._links_on(asked.on)
        found = find(
            tables=self._tables,
            on=asked.on,
            calendar=asked.calendar,
            law=self._job.law,
            engine=engine,
            linker=linked.linker(engine),
            worker_links=linked.workers,
            rules=(trial_queries.rule_named(self._job.rule),),
            # Ask as if it were live, to have a table of the right columns, and empty it.
            editions=with_edition(SHIPPED_EDITIONS, replace(asked.settings, state="hidup")),
            evidence_of=(),
        )
        (one,) = found.by_rule
        return one.rows if asked.settings.is_live else one.rows.head(0)

    def findings(self, asked: _Asked, *, subjects: frozenset[str]) -> dict[str, Finding]:
        """Return the findings of some subjects whole."""
        if not subjects or not asked.settings.is_live:
            return {}
        engine, linked = DuckDB(self._connection), self._links_on(asked.on)
        found = find(
            tables=self._tables,
            on=asked.on,
            calendar=asked.calendar,
            law=self._job.law,
            engine=engine,
            linker=linked.linker(engine),
            worker_links=linked.workers,
            rules=(trial_queries.rule_named(self._job.rule),),
            editions=with_edition(SHIPPED_EDITIONS, asked.settings),
            evidence_of=subjects,
        )
        return {one.subject: one for one in found if one.subject in subjects}


def _samples(side: _Side, job: _Job, drawn: dict[Kind, tuple[str, ...]]) -> Iterator[Sample]:
    was = side.findings(job.live, subjects=frozenset({*drawn["gone"], *drawn["still"]}))
    is_now = side.findings(job.draft, subjects=frozenset({*drawn["new"], *drawn["still"]}))
    for kind, subjects in drawn.items():
        for subject in subjects:
            shown = was[subject] if kind == "gone" else is_now[subject]
            yield sample_of(kind, shown, before=was.get(subject))


def _minutes(job: _Job) -> int | None:
    value = job.draft.settings.values.get(VISIT_MINUTES)
    return None if value is None else int(value)


def _finish(
    session: Session, trial_id: int, *, job: _Job, report: TrialReport, now: datetime
) -> None:
    row = session.exec(
        select(RuleTrial).where(col(RuleTrial.id) == trial_id).with_for_update()
    ).one()
    row.report, row.digest = report.as_json(), report.digest
    row.norms = {
        "rule_version": job.live.settings.version,
        "draft_rule_version": job.draft.settings.version,
        "law": job.law.edition,
        "calendar": job.calendar.version,
        "draft_calendar": job.draft.calendar.version,
    }
    row.status, row.step, row.progress, row.finished_at = "done", "", 100, now
    session.flush()
    audit.record(
        session,
        actor=row.requested_by,
        action="rule.trial_done",
        subject=f"rule:{row.rule}",
        now=now,
        detail={"trial": trial_id, "digest": row.digest},
    )


def _under_way(
    session: Session,
    *,
    principal: Principal,
    rule: str,
    snapshot: SnapshotView,
    definition: dict[str, Any],
    again_of: int | None = None,
) -> RuleTrial | None:
    """Return the same trial of the same person that has not ended, as after a double click."""
    alone(session, f"{TASK}:{principal.actor}")
    rows = session.exec(
        select(RuleTrial).where(
            RuleTrial.requested_by == principal.actor,
            RuleTrial.rule == rule,
            RuleTrial.snapshot_id == snapshot.id,
            col(RuleTrial.again_of_id).is_not_distinct_from(again_of),
            col(RuleTrial.status).in_(("queued", "running")),
        )
    )
    return next((row for row in rows if _asked_of(row.definition) == _asked_of(definition)), None)


def _asked_of(definition: dict[str, Any]) -> dict[str, Any]:
    """Return what a person asked: the moment of asking is not of it."""
    return {name: value for name, value in definition.items() if name != "outcomes_until"}


def _queue(
    session: Session,
    *,
    principal: Principal,
    rule: str,
    snapshot: SnapshotView,
    definition: dict[str, Any],
    now: datetime,
    again_of: int | None = None,
) -> TrialView:
    row = RuleTrial(
        rule=rule,
        snapshot_id=snapshot.id,
        definition=definition,
        requested_at=now,
        requested_by=principal.actor,
        requested_by_name=principal.name,
        again_of_id=again_of,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor=principal.actor,
        action="rule.trial",
        subject=f"rule:{rule}",
        office=principal.office_code,
        now=now,
        detail={
            "trial": row.id,
            "snapshot": snapshot.id,
            "draft": definition["draft"],
            CALENDAR: [one.line for one in tried_days(definition)],
        },
    )
    enqueue(session, TASK, lock=QUEUE_LOCK, trial_id=row.id or 0)
    return _view(session, row, principal)


def _view(session: Session, row: RuleTrial, principal: Principal) -> TrialView:
    first = None if row.again_of_id is None else session.get(RuleTrial, row.again_of_id)
    return TrialView(
        line=trial_queries.line_of(row),
        live=settings_from(row.definition["live"]),
        draft=settings_from(row.definition["draft"]),
        calendar=tried_days(row.definition),
        definition=row.definition,
        norms=row.norms,
        step=row.step,
        progress=row.progress,
        failure=row.failure,
        report=trial_queries.reachable(row.report, principal),
        started_at=row.started_at,
        finished_at=row.finished_at,
        again_of=None if first is None else trial_queries.line_of(first),
        edition=rule_queries.edition_on_trial(session, trial_id=row.id or 0),
    )
