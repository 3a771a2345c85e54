"""Commands of statistics: compute one for a snapshot, run it again, set a target. Never commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyarrow as pa
from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.schemas import Principal
from app.audit import service as audit
from app.detection import figures, retention
from app.detection.engines.duckdb import workbench
from app.detection.figures import Figure, Places, RunAgain
from app.detection.rule_queries import editions_in_force
from app.detection.tables import RetentionTarget, Statistic
from app.errors import FieldProblem, Invalid, NotFound
from app.infra.queue import UNDER_WAY, Standing, alone, enqueue, standing
from app.infra.wording import N_
from app.law.book import LawBook
from app.law.calendar import WorkingCalendar
from app.lawbook.queries import law_in_force
from app.registry import queries as registry
from app.registry.schemas import SnapshotView
from app.registry.snapshots import TABLES, require_sound, table_path

RUN: Final = "detection.sweep"
READ: Final = "registry.read"
SET_TARGET: Final = "targets.set"
TASK: Final = "run_retention"
QUEUE_LOCK: Final = "retention"
# The law of JHT began then (PP 46/2015 from July 2015; the agency itself in 2014).
FIRST_YEAR: Final = 2014
LAST_YEAR: Final = 2100
_LARGEST: Final = Decimal(1000)
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticView:
    """A kept retention with its terms read. `run_again`: the last time, None for never."""

    figure: Figure
    terms: retention.Terms
    run_again: RunAgain | None

    @property
    def release(self) -> str:
        return self.figure.release

    @property
    def id(self) -> int:
        return self.figure.id

    @property
    def definition(self) -> int:
        return self.figure.definition

    @property
    def snapshot_id(self) -> str:
        return self.figure.snapshot_id

    @property
    def cells(self) -> int:
        return self.figure.cells

    @property
    def sha256(self) -> str:
        return self.figure.sha256

    @property
    def computed_at(self) -> datetime:
        return self.figure.computed_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """`first`: there was no result to compare with. `same`: the result is what was kept.

    Both are said of the counts; `same` of the list beside them too, where there was one.
    """

    statistic: StatisticView
    first: bool
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    office_code: str
    year: int
    one_in: Decimal
    basis: str
    set_on: date
    recorded_at: datetime
    actor_name: str


def request_retention(session: Session, *, principal: Principal, snapshot_id: str) -> None:
    """Queue the computation; it starts when the caller's transaction commits.

    Asked for again before it ended, it is queued once.

    Raises:
        Forbidden: this principal may not run statistics.
        NotFound: there is no such snapshot, or its files went by policy.
    """
    principal.require(RUN)
    found = registry.kept_snapshot(session, snapshot_id)
    alone(session, TASK)
    if requested(session, snapshot_id=found.id) in UNDER_WAY:
        return
    enqueue(session, TASK, lock=QUEUE_LOCK, snapshot_id=found.id, actor=principal.actor)


def requested(session: Session, *, snapshot_id: str) -> Standing:
    """Return where the computation of a snapshot's retention stands that somebody asked for."""
    kept = _kept(session, snapshot_id, retention.DEFINITION)
    done_at = figures.last_done_at(session, kept)
    return standing(session, TASK, done_at=done_at, snapshot_id=snapshot_id)


def compute_retention(
    session: Session,
    *,
    principal: Principal,
    snapshot: SnapshotView,
    places: Places,
    calendar: WorkingCalendar,
    now: datetime,
    definition: int = retention.DEFINITION,
) -> Rerun:
    """Compute the retention of a snapshot, or compute it again and compare.

    Raises:
        Forbidden: this principal may not run statistics.
        NotFound: an earlier definition, which was never computed for this snapshot.
        Unavailable: a file of the snapshot is damaged or gone.
    """
    principal.require(RUN)
    return run_requested_retention(
        session,
        actor=principal.actor,
        snapshot_id=snapshot.id,
        places=places,
        calendar=calendar,
        now=now,
        definition=definition,
    )


def run_requested_retention(
    session: Session,
    *,
    actor: str,
    snapshot_id: str,
    places: Places,
    calendar: WorkingCalendar,
    now: datetime,
    definition: int = retention.DEFINITION,
) -> Rerun:
    """Carry out a queued computation for the one who asked for it.

    Raises:
        NotFound, Unavailable: as `compute_retention`.
    """
    figures.one_at_a_time(session)
    snapshot = registry.snapshot_by_id(session, snapshot_id)
    require_sound(places.snapshots, snapshot)
    known = _kept(session, snapshot.id, definition)
    if known is None and definition != retention.DEFINITION:
        raise NotFound(
            "Retensi definisi {definition} tidak tersimpan untuk potret data {snapshot}; yang baru "
            "dihitung dengan definisi {newest}.",
            definition=definition,
            snapshot=snapshot.id,
            newest=retention.DEFINITION,
        )
    law = law_in_force(session)
    given = (
        retention.Terms.of_json(known.terms)
        if known is not None
        else _terms(session, snapshot, calendar=calendar, law=law)
    )
    with (
        workbench(scratch=places.scratch, memory=places.memory) as connection,
        retention.counted(
            tables={table: table_path(places.snapshots, snapshot, table) for table in TABLES},
            given=given,
            calendar=calendar,
            law=law,
            connection=connection,
            definition=definition,
        ) as counted,
    ):
        cells = counted.cells
        leavers = (
            None if counted.leavers is None else figures.write(places.snapshots, counted.leavers)
        )

    def settled(kind: str, definition: int, result: pa.Table | figures.Written) -> figures.Settled:
        return figures.settle(
            session,
            kind=kind,
            definition=definition,
            snapshot_id=snapshot.id,
            terms=given.as_json(),
            result=result,
            snapshots_dir=places.snapshots,
            actor=actor,
            now=now,
        )

    counts = settled(retention.KIND, definition, cells)
    same = counts.same
    if leavers is not None:
        same &= settled(retention.LEAVERS, retention.LEAVERS_DEFINITION, leavers).same
    return Rerun(statistic=_view(session, counts.figure), first=counts.first, same=same)


def _terms(
    session: Session, snapshot: SnapshotView, *, calendar: WorkingCalendar, law: LawBook
) -> retention.Terms:
    on = registry.described_on(session, snapshot=snapshot, table="kepesertaan")
    editions = editions_in_force(session, on=on)
    return retention.terms(on, calendar=calendar, law=law, editions=editions)


def latest_retention(
    session: Session, *, principal: Principal, definition: int | None = None
) -> StatisticView | None:
    """Return the kept result over the newest data, or None before the first.

    Of several over the same data the one of the newest definition, unless one is named.

    Raises:
        Forbidden: this principal may not read statistics.
    """
    principal.require(READ)
    row = session.exec(
        select(Statistic)
        .where(
            col(Statistic.kind) == retention.KIND,
            col(Statistic.definition).in_(_read(definition)),
        )
        .order_by(
            col(Statistic.terms)["on"].astext.desc(),
            col(Statistic.definition).desc(),
            col(Statistic.id).desc(),
        )
        .limit(1)
    ).first()
    return None if row is None else _view(session, figures.view(row))


def retention_of(
    session: Session, *, principal: Principal, snapshot_id: str, definition: int | None = None
) -> StatisticView:
    """Return the kept result of a snapshot, of the newest definition unless one is named.

    Raises:
        Forbidden: not for this principal.
        NotFound: not computed for this snapshot.
    """
    principal.require(READ)
    kept = (_kept(session, snapshot_id, one) for one in _read(definition))
    found = next((one for one in kept if one is not None), None)
    if found is None:
        raise NotFound(
            "Retensi belum dihitung untuk potret data {snapshot}.", snapshot=snapshot_id[:64]
        )
    return _view(session, found)


def cells_file(snapshots_dir: Path, statistic: StatisticView) -> Path:
    """Raises: Unavailable: the kept result is gone or no longer what it was."""
    return figures.result_file(snapshots_dir, statistic.figure)


def leavers_beside(
    session: Session, *, principal: Principal, statistic: StatisticView
) -> StatisticView | None:
    """Return the kept list of those who left and work on, over the snapshot of a retention.

    None where that was counted before there were such lists; counting again makes one.

    Raises:
        Forbidden: this principal may not read statistics.
    """
    principal.require(READ)
    found = figures.figure(
        session,
        kind=retention.LEAVERS,
        definition=retention.LEAVERS_DEFINITION,
        snapshot_id=statistic.snapshot_id,
    )
    return None if found is None else _view(session, found)


def set_target(
    session: Session,
    *,
    principal: Principal,
    office_code: str,
    year: int,
    one_in: Decimal,
    basis: str,
    on: date,
    now: datetime,
) -> TargetView:
    """Set what an office aims at for a year; an earlier target stays in the history.

    Raises:
        Forbidden: this principal may not set targets.
        NotFound: there is no such office within reach.
        Invalid: a year or a number that cannot be meant; no basis.
    """
    principal.require(SET_TARGET)
    if not principal.reaches(office_code):
        raise NotFound("Kantor {office} tidak ada.", office=office_code[:20])
    accounts.office(session, code=office_code)
    problems = tuple(_problems(year, one_in, basis))
    if problems:
        raise Invalid(N_("Ada isian yang perlu diperbaiki."), fields=problems)
    row = RetentionTarget(
        office_code=office_code,
        year=year,
        one_in=one_in,
        basis=basis.strip(),
        set_on=on,
        recorded_at=now,
        actor=principal.actor,
        actor_name=principal.name,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor=principal.actor,
        action="statistics.target_set",
        subject=f"retention_target:{row.id}",
        office=office_code,
        now=now,
        detail={"year": year, "one_in": str(one_in), "basis": row.basis},
    )
    return _target(row)


def targets(
    session: Session, *, principal: Principal, office_code: str
) -> Mapping[int, TargetView]:
    """Return the targets of an office by year, the last one set of each.

    Raises:
        Forbidden: this principal may not read statistics.
    """
    principal.require(READ)
    if not principal.reaches(office_code):
        return {}
    rows = session.exec(
        select(RetentionTarget)
        .where(RetentionTarget.office_code == office_code)
        .order_by(col(RetentionTarget.id))
    )
    return {row.year: _target(row) for row in rows}


def _problems(year: int, one_in: Decimal, basis: str) -> tuple[FieldProblem, ...]:
    found = []
    if not FIRST_YEAR <= year <= LAST_YEAR:
        found.append(
            FieldProblem(
                "tahun",
                "Tahun {value} di luar {first} sampai {last}; isi tahun pendaftaran peserta.",
                {"value": year, "first": FIRST_YEAR, "last": LAST_YEAR},
            )
        )
    if not (1 <= one_in < _LARGEST) or one_in % _TENTH:
        found.append(
            FieldProblem(
                "satu_dari",
                "“{value}” bukan sasaran; isi 1 sampai 999 dengan paling banyak satu angka di "
                "belakang koma, misalnya 3 untuk 1 dari 3.",
                {"value": one_in},
            )
        )
    if not basis.strip():
        found.append(FieldProblem("dasar_sasaran", "Tuliskan rencana atau keputusan dasarnya."))
    return tuple(found)


def _read(definition: int | None) -> tuple[int, ...]:
    """Return the definitions that are meant, the newest first."""
    return tuple(sorted(retention.CELLS, reverse=True)) if definition is None else (definition,)


def _kept(session: Session, snapshot_id: str, definition: int) -> Figure | None:
    return figures.figure(
        session,
        kind=retention.KIND,
        definition=definition,
        snapshot_id=snapshot_id,
    )


def _view(session: Session, found: Figure) -> StatisticView:
    return StatisticView(
        figure=found,
        terms=retention.Terms.of_json(found.terms),
        run_again=figures.last_run_again(session, figure_id=found.id),
    )


def _target(row: RetentionTarget) -> TargetView:
    return TargetView(
        office_code=row.office_code,
        year=row.year,
        one_in=row.one_in,
        basis=row.basis,
        set_on=row.set_on,
        recorded_at=row.recorded_at,
        actor_name=row.actor_name,
    )
