"""The selection report as a kept figure: gathered, counted, kept, counted again (N18).

Everything it rests on is only ever added to: draws, visits and verdicts up to the last one seen.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.schemas import Principal
from app.accounts.tables import Office
from app.detection import control_queries as controls
from app.detection import figures, selection, skew
from app.detection.control_schemas import RESULTS, Population, Recorded, Visit, groups_of
from app.detection.control_tables import ControlDraw, ControlEmployer, ControlEvent
from app.detection.figures import Figure
from app.detection.intervals import Z
from app.detection.selection import Control, Judged, Material, Progress, Report
from app.detection.skew import Remark
from app.detection.tables import FlagOutcome, Statistic
from app.errors import FieldProblem, Invalid, NotFound, Refused
from app.infra.wording import N_
from app.law.parameters.selection import MINIMUM, SKEW
from app.lawbook.queries import law_in_force

READ: Final = "controls.read"
RUN: Final = "controls.draw"
_FOUND: Final = frozenset(RESULTS) - {"tidak_ditemukan"}
_VERDICTS: Final = {"terbukti": True, "tidak_terbukti": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a report depends on; kept with its result.

    Visits made and cases ended on `first` to `last`, both inclusive. `draws`, `events` and
    `verdicts` are the numbers of the last ones that were there, `offices` those that lay below
    `office`; empty: all there are, or, of a report from before they were kept, those below it now.
    """

    office: str
    first: date
    last: date
    draws: int
    events: int
    verdicts: int
    minimum: int
    skew: Decimal
    offices: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "office": self.office,
            "offices": list(self.offices),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "draws": self.draws,
            "events": self.events,
            "verdicts": self.verdicts,
            "minimum": self.minimum,
            "skew": str(self.skew),
            "z": str(Z),
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, object]) -> "Terms":
        offices = kept.get("offices")
        return cls(
            office=str(kept["office"]),
            first=date.fromisoformat(str(kept["first"])),
            last=date.fromisoformat(str(kept["last"])),
            draws=int(str(kept["draws"])),
            events=int(str(kept["events"])),
            verdicts=int(str(kept["verdicts"])),
            minimum=int(str(kept["minimum"])),
            skew=Decimal(str(kept["skew"])),
            offices=tuple(str(one) for one in offices) if isinstance(offices, list) else (),
        )

    @property
    def kind(self) -> str:
        days = f"{self.first.isoformat()}:{self.last.isoformat()}"
        seen = f"{self.draws}-{self.events}-{self.verdicts}"
        kind = f"{selection.KIND}:{self.office}:{days}:{seen}:{self.minimum}-{self.skew}"
        if self.offices in {(), (self.office,)}:
            return kind
        return f"{kind}:{hashlib.sha256(','.join(self.offices).encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A kept report with what must be said of it."""

    figure: Figure
    terms: Terms
    report: Report
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """`first`: there was no result to compare with. `same`: the result is what was kept."""

    view: ReportView
    first: bool
    same: bool


def compute_report(
    session: Session,
    *,
    principal: Principal,
    office_code: str,
    first: date,
    last: date,
    snapshots_dir: Path,
    on: date,
    now: datetime,
) -> Counted:
    """Count the visits and verdicts of an office and all below it, and keep the result.

    Raises:
        Forbidden: this principal may not run the report.
        NotFound: there is no such office within reach.
        Invalid: the days are the wrong way round, or lie ahead.
        Refused: nobody was ever drawn there.
    """
    principal.require(RUN)
    _require_reach(session, principal, office_code)
    if not first <= last <= on:
        template = N_("Pilih hari pertama dan terakhir yang berurutan, paling lambat hari ini.")
        raise Invalid(template, fields=(FieldProblem("sampai", template),))
    law = law_in_force(session)
    seen = _last_seen(session)
    terms = Terms(
        office=office_code,
        first=first,
        last=last,
        draws=seen[0],
        events=seen[1],
        verdicts=seen[2],
        minimum=law[MINIMUM].on(on),
        skew=law[SKEW].on(on),
        # A branch may be put under another region tomorrow; what was counted stays what it was.
        offices=tuple(sorted(_below(session, office_code) or ())),
    )
    return _counted(
        session,
        principal,
        terms,
        snapshots_dir=snapshots_dir,
        now=now,
        definition=selection.DEFINITION,
    )


def count_again(
    session: Session,
    *,
    principal: Principal,
    figure_id: int,
    snapshots_dir: Path,
    now: datetime,
) -> Counted:
    """Count a kept report again under its own terms and definition; say whether it is the same.

    Raises:
        Forbidden: this principal may not run the report.
        NotFound: there is no such report within reach.
    """
    principal.require(RUN)
    kept = _figure(session, principal, figure_id)
    figures.one_at_a_time(session)
    return _counted(
        session,
        principal,
        Terms.of_json(kept.terms),
        snapshots_dir=snapshots_dir,
        now=now,
        definition=kept.definition,
    )


def latest_report(
    session: Session, *, principal: Principal, office_code: str, snapshots_dir: Path
) -> ReportView | None:
    """Return the newest report of an office, or None before the first.

    Raises:
        Forbidden: control visits are not for this role.
        NotFound: there is no such office within reach.
        Unavailable: the kept result is gone or no longer what it was.
    """
    principal.require(READ)
    _require_reach(session, principal, office_code)
    row = session.exec(
        select(Statistic)
        .where(col(Statistic.kind).startswith(f"{selection.KIND}:{office_code}:", autoescape=True))
        .order_by(col(Statistic.id).desc())
        .limit(1)
    ).first()
    return None if row is None else _view(figures.view(row), snapshots_dir)


def report_by_id(
    session: Session, *, principal: Principal, figure_id: int, snapshots_dir: Path
) -> ReportView:
    """Raises: Forbidden, Unavailable: as `latest_report`. NotFound: not there, or out of reach."""
    return _view(_figure(session, principal, figure_id), snapshots_dir)


def _figure(session: Session, principal: Principal, figure_id: int) -> Figure:
    principal.require(READ)
    row = session.get(Statistic, figure_id)
    if row is None or not row.kind.startswith(f"{selection.KIND}:"):
        raise NotFound("Laporan seleksi nomor {number} tidak ada.", number=figure_id)
    if not principal.reaches(str(row.terms["office"])):
        raise NotFound("Laporan seleksi nomor {number} tidak ada.", number=figure_id)
    return figures.view(row)


def _require_reach(session: Session, principal: Principal, office_code: str) -> None:
    if not principal.reaches(office_code):
        raise NotFound("Kantor {office} tidak ada.", office=office_code[:20])
    accounts.office(session, code=office_code)


def _below(session: Session, office_code: str) -> frozenset[str] | None:
    """Return the office and all below it; None for all there are."""
    return accounts.reach_of(session, session.get_one(Office, office_code))


def _counted(
    session: Session,
    principal: Principal,
    terms: Terms,
    *,
    snapshots_dir: Path,
    now: datetime,
    definition: int,
) -> Counted:
    offices = frozenset(terms.offices) or _below(session, terms.office)
    draws = session.exec(
        select(ControlDraw).where(col(ControlDraw.id) <= terms.draws).order_by(col(ControlDraw.id))
    ).all()
    in_scope = sa.true() if offices is None else col(ControlEmployer.office_code).in_(
        sorted(offices)
    )  # fmt: skip
    visits = controls.visits_of(session, draws, in_scope)
    if not visits:
        raise Refused(
            "Belum ada kunjungan kontrol di kantor {office}; undi dahulu.", office=terms.office
        )
    report = selection.report_of(
        _material(
            draws,
            visits,
            _judged(session, terms, offices),
            terms=terms,
            offices=offices,
        ),
        definition=definition,
    )
    settled = figures.settle(
        session,
        kind=terms.kind,
        definition=definition,
        snapshot_id=next(one.snapshot_id for one in reversed(draws) if one.number in visits),
        terms=terms.as_json(),
        result=selection.to_table(report),
        snapshots_dir=snapshots_dir,
        actor=principal.actor,
        now=now,
    )
    view = ReportView(
        figure=settled.figure, terms=terms, report=report, remarks=_remarks(report, terms)
    )
    return Counted(view=view, first=settled.first, same=settled.same)


def _last_seen(session: Session) -> tuple[int, int, int]:
    """Return the last draw, event and verdict; what is added later has a higher number.

    Waits for those who are adding now: a number taken earlier must not come up later.
    """
    figures.one_at_a_time(session)
    session.connection().execute(
        sa.text("LOCK TABLE control_draw, control_event, flag_outcome IN SHARE MODE")
    )

    def last(column: Any) -> int:  # noqa: ANN401 - any mapped column
        return int(session.exec(select(sa.func.coalesce(sa.func.max(column), 0))).one())

    return last(ControlDraw.id), last(ControlEvent.id), last(FlagOutcome.id)


def _material(
    draws: Sequence[ControlDraw],
    visits: Mapping[str, Sequence[Visit]],
    judged: Sequence[Judged],
    *,
    terms: Terms,
    offices: frozenset[str] | None,
) -> Material:
    register: dict[str, dict[str, int]] = {}
    flagged: dict[str, dict[str, int]] = {}
    rules: dict[str, int] = {}
    for office, population in _populations(draws, terms, offices).items():
        for counted, groups in (
            (register, population.register),
            (flagged, population.flagged),
        ):
            for by, counts in groups.items():
                _add(counted.setdefault(by, {}), counts)
            # Every employer has a size or the empty one, so its groups make up the office.
            _add(counted.setdefault("kantor", {}), {office: sum(groups.get("skala", {}).values())})
        _add(rules, population.rules)
    return Material(
        register=register,
        flagged=flagged,
        rules=rules,
        controls=[
            one
            for of in visits.values()
            for visit in of
            if (one := _control(visit, terms)) is not None
        ],
        judged=judged,
        progress=_progress(draws, visits, terms),
    )


def _populations(
    draws: Iterable[ControlDraw], terms: Terms, offices: frozenset[str] | None
) -> dict[str, Population]:
    """Return by office what the last draw that covers it counted."""
    found: dict[str, Population] = {}
    for draw in draws:
        if draw.drawn_on <= terms.last:
            found |= {
                office: Population(**counted)
                for office, counted in draw.frame["populations"].items()
                if offices is None or office in offices
            }
    return found


def _last_known(visit: Visit, terms: Terms) -> Recorded | None:
    known = [one for one in visit.outcomes if one.id <= terms.events]
    return known[-1] if known else None


def _control(visit: Visit, terms: Terms) -> Control | None:
    """Return the visit if it was made within the days and found the employer."""
    recorded = _last_known(visit, terms)
    if recorded is None or recorded.outcome.result not in _FOUND:
        return None
    outcome = recorded.outcome
    if not terms.first <= outcome.visited_on <= terms.last:
        return None
    return Control(
        groups={**groups_of(visit.employer), "kantor": visit.office_code},
        weight=visit.weight,
        flagged=visit.flagged,
        violations=outcome.violations,
        rupiah=outcome.rupiah,
        workers=outcome.workers,
    )


def _progress(
    draws: Iterable[ControlDraw], visits: Mapping[str, Sequence[Visit]], terms: Terms
) -> Progress:
    counted = {"drawn": 0, "done": 0, "not_found": 0, "overdue": 0}
    periods: dict[str, list[tuple[date, date]]] = {}
    overlapping = 0
    for draw in draws:
        if draw.first_on > terms.last or draw.last_on < terms.first or draw.number not in visits:
            continue
        earlier = periods.setdefault(draw.office_code, [])
        overlapping += any(draw.first_on <= end and start <= draw.last_on for start, end in earlier)
        earlier.append((draw.first_on, draw.last_on))
        for visit in visits[draw.number]:
            recorded = _last_known(visit, terms)
            counted["drawn"] += 1
            counted["done"] += recorded is not None
            counted["overdue"] += recorded is None and draw.last_on < terms.last
            counted["not_found"] += recorded is not None and recorded.outcome.result not in _FOUND
    return Progress(**counted, overlapping=overlapping)


def _judged(session: Session, terms: Terms, offices: frozenset[str] | None) -> list[Judged]:
    statement = select(FlagOutcome).where(
        col(FlagOutcome.verdict).in_(tuple(_VERDICTS)),
        col(FlagOutcome.ended_on) >= terms.first,
        col(FlagOutcome.ended_on) <= terms.last,
        col(FlagOutcome.id) <= terms.verdicts,
    )
    if offices is not None:
        statement = statement.where(col(FlagOutcome.kantor_cabang).in_(sorted(offices)))
    return [
        Judged(
            rule=row.rule,
            case=f"{row.subject}\t{row.case_number}",
            groups={
                **groups_of(
                    {"kbli": row.kbli, "skala": row.skala, "kode_wilayah": row.kode_wilayah}
                ),
                "kantor": row.kantor_cabang,
            },
            registered=row.rule != selection.UNREGISTERED,
            held=_VERDICTS[row.verdict],
        )
        for row in session.exec(statement.order_by(col(FlagOutcome.id)))
    ]


def _view(found: Figure, snapshots_dir: Path) -> ReportView:
    report = selection.from_table(pq.read_table(figures.result_file(snapshots_dir, found)))
    terms = Terms.of_json(found.terms)
    return ReportView(figure=found, terms=terms, report=report, remarks=_remarks(report, terms))


def _remarks(report: Report, terms: Terms) -> tuple[Remark, ...]:
    return skew.remarks(report, minimum=terms.minimum, skew=terms.skew)


def _add(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for key, number in more.items():
        counts[key] = counts.get(key, 0) + number
