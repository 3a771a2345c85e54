"""Draws employers for control visits and keeps every draw.

Whoever draws sees the list after it is kept: the seed is chosen by nobody, every draw has the next
number of its office and year, and none can be taken back.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.schemas import Principal
from app.accounts.tables import Office
from app.audit import service as audit
from app.detection import control_queries as queries
from app.detection.control_frame import Frame, frame_of, populations, standing_flags
from app.detection.control_schemas import (
    Dimension,
    Draw,
    Redrawn,
    dimensions,
)
from app.detection.control_tables import ControlDraw, ControlEmployer
from app.detection.deciding import reason_of
from app.detection.drawing import DEFINITION, Drawn, draw
from app.detection.tables import Sweep
from app.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound, Refused
from app.infra.wording import N_
from app.registry import queries as registry
from app.registry.snapshots import require_sound

DRAW: Final = "controls.draw"
LARGEST_DRAW: Final = 1000
LONGEST_PERIOD_DAYS: Final = 366
_LOCK: Final = 7231


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be drawn; the days are of the visits, both inclusive."""

    office_code: str
    first_on: date
    last_on: date
    count: int
    strata: tuple[Dimension, ...]
    why: str


def draw_controls(
    session: Session,
    *,
    principal: Principal,
    wanted: Wanted,
    seed: str,
    snapshots_dir: Path,
    on: date,
    now: datetime,
) -> Draw:
    """Draw employers of the newest snapshot and keep the draw; `seed` comes from the machine.

    A draw cannot be taken back. So what the same person asks for in the same words over the same
    snapshot, as a double click does, is drawn once: who wants more says why.

    Raises:
        Forbidden: this principal may not draw, or no named person stands behind it.
        NotFound: there is no such office within reach, or no data yet.
        Invalid: a period, a number or a reason that cannot be meant; more strata than visits.
        Refused: the rules have not been asked about the newest snapshot.
        Conflict: they were asked again meanwhile.
        Unavailable: a file of the snapshot is damaged.
    """
    principal.require(DRAW)
    if principal.user_id is None:
        raise Forbidden("Hanya orang bernama yang dapat mengundi kunjungan kontrol.")
    if not principal.reaches(wanted.office_code):
        raise NotFound("Kantor {office} tidak ada.", office=wanted.office_code[:20])
    why = _checked(wanted, on=on)
    # Numbers without gaps, and no second draw from what the first one has not shown yet.
    session.connection().execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    snapshot = registry.latest_snapshot(session)
    if snapshot is None:
        raise NotFound("Belum ada data; impor data registrasi lebih dahulu.")
    if drawn_before := _drawn_before(session, principal, wanted, why=why, snapshot_id=snapshot.id):
        return queries.draw(session, principal=principal, number=drawn_before)
    sweep_id = _sweep_of(session, snapshot.id)
    require_sound(snapshots_dir, snapshot)
    offices = _offices(session, wanted.office_code)
    frame = frame_of(snapshots_dir=snapshots_dir, snapshot=snapshot, offices=offices)
    drawn = draw(frame.candidates(wanted.strata), seed=seed, wanted=wanted.count)
    flags = standing_flags(session, offices=offices)
    if _sweep_of(session, snapshot.id) != sweep_id:
        raise Conflict("Pencarian temuan baru saja selesai; undi sekali lagi.")
    turn = _next_turn(session, wanted.office_code, on.year)
    row = ControlDraw(
        number=f"SK-{wanted.office_code}-{on.year}-{turn:03d}",
        office_code=wanted.office_code,
        year=on.year,
        turn=turn,
        snapshot_id=snapshot.id,
        sweep_id=sweep_id,
        first_on=wanted.first_on,
        last_on=wanted.last_on,
        wanted=wanted.count,
        strata=list(dimensions(wanted.strata)),
        seed=seed,
        definition=DEFINITION,
        frame=_frame(frame, drawn, flags, offices=offices),
        frame_sha256=drawn.frame_sha256,
        list_sha256=drawn.list_sha256,
        why=why,
        drawn_on=on,
        drawn_at=now,
        drawn_by_id=principal.user_id,
        drawn_by_name=principal.name,
    )
    session.add(row)
    session.flush()
    _keep_employers(session, row, frame, drawn, flags)
    audit.record(
        session,
        actor=principal.actor,
        action="controls.drawn",
        subject=f"control_draw:{row.number}",
        office=wanted.office_code,
        now=now,
        detail={
            "snapshot": snapshot.id,
            "seed": seed,
            "strata": row.strata,
            "wanted": wanted.count,
            "frame_sha256": drawn.frame_sha256,
            "list_sha256": drawn.list_sha256,
        },
    )
    return queries.draw(session, principal=principal, number=row.number)


def _drawn_before(
    session: Session, principal: Principal, wanted: Wanted, *, why: str, snapshot_id: str
) -> str | None:
    return session.exec(
        select(ControlDraw.number).where(
            ControlDraw.drawn_by_id == principal.user_id,
            ControlDraw.office_code == wanted.office_code,
            ControlDraw.snapshot_id == snapshot_id,
            ControlDraw.first_on == wanted.first_on,
            ControlDraw.last_on == wanted.last_on,
            ControlDraw.wanted == wanted.count,
            ControlDraw.strata == list(dimensions(wanted.strata)),
            ControlDraw.why == why,
        )
    ).first()


def drawn_again(
    session: Session, *, principal: Principal, number: str, snapshots_dir: Path
) -> Redrawn:
    """Draw again from the kept seed and snapshot, and compare with what is kept.

    Raises:
        Forbidden, NotFound: no such draw in reach; or its snapshot was removed by policy.
        Unavailable: a file of the snapshot is damaged.
    """
    row = queries.draw_row(session, principal=principal, number=number)
    snapshot = registry.snapshot_by_id(session, row.snapshot_id)
    require_sound(snapshots_dir, snapshot)
    everywhere = row.frame["everywhere"]
    offices = None if everywhere else frozenset(str(one) for one in row.frame["offices"])
    frame = frame_of(snapshots_dir=snapshots_dir, snapshot=snapshot, offices=offices)
    again = draw(
        frame.candidates(dimensions(row.strata)),
        seed=row.seed,
        wanted=row.wanted,
    )
    kept = session.exec(
        select(ControlEmployer.npp)
        .where(ControlEmployer.draw_id == row.id)
        .order_by(col(ControlEmployer.place))
    ).all()
    return Redrawn(
        same_frame=again.frame_sha256 == row.frame_sha256,
        same_list=again.list_sha256 == row.list_sha256 and tuple(kept) == again.npps,
    )


def _checked(wanted: Wanted, *, on: date) -> str:
    """Return the reason, trimmed; the rest is only looked at."""
    problems = []
    if wanted.last_on < max(wanted.first_on, on):
        problems.append(
            FieldProblem(
                "last_on",
                "Hari terakhir {day} sudah lewat atau mendahului hari pertama.",
                {"day": wanted.last_on},
            )
        )
    elif (wanted.last_on - wanted.first_on).days >= LONGEST_PERIOD_DAYS:
        problems.append(
            FieldProblem(
                "last_on",
                "Masa kunjungan paling lama {days} hari; pilih hari terakhir yang lebih awal.",
                {"days": LONGEST_PERIOD_DAYS},
            )
        )
    if not 1 <= wanted.count <= LARGEST_DRAW:
        problems.append(
            FieldProblem(
                "banyaknya",
                "“{value}” tidak dapat diundi; isi 1 sampai {most} kunjungan.",
                {"value": wanted.count, "most": LARGEST_DRAW},
            )
        )
    if problems:
        raise Invalid(N_("Ada isian yang perlu diperbaiki."), fields=tuple(problems))
    return reason_of(wanted.why, field="why")


def _sweep_of(session: Session, snapshot_id: str) -> int:
    """Return the last sweep, which must have looked at this snapshot."""
    last = session.exec(select(Sweep).order_by(col(Sweep.id).desc()).limit(1)).first()
    if last is None or last.id is None or last.snapshot_id != snapshot_id:
        raise Refused(
            "Aturan belum dijalankan atas data terbaru ({snapshot}); jalankan pencarian temuan "
            "dahulu, agar dapat dikatakan apa yang luput dari aturan.",
            snapshot=snapshot_id,
        )
    return last.id


def _offices(session: Session, code: str) -> frozenset[str] | None:
    office = session.get(Office, code)
    if office is None:
        raise NotFound("Kantor {office} tidak ada.", office=code[:20])
    return accounts.reach_of(session, office)


def _next_turn(session: Session, office_code: str, year: int) -> int:
    last = session.exec(
        select(sa.func.max(ControlDraw.turn)).where(
            ControlDraw.office_code == office_code, ControlDraw.year == year
        )
    ).one()
    return (last or 0) + 1


def _frame(
    frame: Frame,
    drawn: Drawn,
    flags: Mapping[str, frozenset[str]],
    *,
    offices: frozenset[str] | None,
) -> dict[str, object]:
    counted = populations(frame.members, flags)
    return {
        "everywhere": offices is None,
        "offices": sorted(counted if offices is None else offices),
        "status": "aktif",
        "strata": [asdict(one) for one in drawn.strata],
        "populations": {office: one.as_json() for office, one in sorted(counted.items())},
    }


def _keep_employers(
    session: Session,
    row: ControlDraw,
    frame: Frame,
    drawn: Drawn,
    flags: Mapping[str, frozenset[str]],
) -> None:
    known = frame.rows(drawn.npps)
    strata = {one.key: one for one in drawn.strata}
    stratum_by_npp = {one.npp: one.stratum for one in frame.candidates(dimensions(row.strata))}
    for place, npp in enumerate(drawn.npps, start=1):
        stratum = strata[stratum_by_npp[npp]]
        session.add(
            ControlEmployer(
                draw_id=row.id or 0,
                place=place,
                npp=npp,
                office_code=str(known[npp]["kantor_cabang"] or ""),
                employer={key: value for key, value in known[npp].items() if value is not None},
                stratum=stratum.key,
                weight_of=stratum.size,
                weight_per=stratum.drawn,
                flagged=sorted(flags.get(npp, ())),
            )
        )
    session.flush()
