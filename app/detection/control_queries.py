"""Questions about draws and their visits, within a principal's offices. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import cast

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.detection.control_schemas import Draw, Outcome, Recorded, Result, Visit, dimensions
from app.detection.control_tables import ControlDraw, ControlEmployer, ControlEvent
from app.detection.drawing import Stratum
from app.errors import NotFound

READ = "controls.read"


def draws(session: Session, *, principal: Principal) -> tuple[Draw, ...]:
    """Return every draw that falls into reach, the newest first; none is ever left out.

    Raises:
        Forbidden: control visits are not for this role.
    """
    rows = session.exec(
        select(ControlDraw).where(_in_reach(principal)).order_by(col(ControlDraw.id).desc())
    ).all()
    visits = _visits(session, principal, rows)
    return tuple(draw_view(row, visits.get(row.number, ())) for row in rows)


def draw(session: Session, *, principal: Principal, number: str) -> Draw:
    """Raises: Forbidden: not for this role. NotFound: there is none of that number in reach."""
    row = draw_row(session, principal=principal, number=number)
    return draw_view(row, _visits(session, principal, [row]).get(row.number, ()))


def draw_row(session: Session, *, principal: Principal, number: str) -> ControlDraw:
    """Raises: as `draw`."""
    row = session.exec(
        select(ControlDraw).where(ControlDraw.number == number, _in_reach(principal))
    ).first()
    if row is None:
        raise NotFound("Undian kontrol {number} tidak ada.", number=number[:40])
    return row


def visits(session: Session, *, principal: Principal, number: str) -> tuple[Visit, ...]:
    """Return the visits of a draw within reach, in the order of the lot.

    Raises:
        Forbidden, NotFound: as `draw`.
    """
    row = draw_row(session, principal=principal, number=number)
    return _visits(session, principal, [row]).get(row.number, ())


def visit(session: Session, *, principal: Principal, number: str, place: int) -> Visit:
    """Raises: Forbidden: not for this role. NotFound: there is no such visit in reach."""
    found = [
        one for one in visits(session, principal=principal, number=number) if one.place == place
    ]
    if not found:
        raise NotFound(
            "Undian kontrol {number} tidak mempunyai kunjungan nomor {place} di wilayah Anda.",
            number=number[:40],
            place=place,
        )
    return found[0]


def waiting_for(session: Session, *, principal: Principal) -> tuple[Visit, ...]:
    """Return the visits that this person is to make, the one that ends first on top.

    Raises:
        Forbidden: control visits are not for this role.
    """
    rows = session.exec(
        select(ControlDraw)
        .where(
            col(ControlDraw.id).in_(
                select(ControlEmployer.draw_id)
                .join(ControlEvent, col(ControlEvent.employer_id) == col(ControlEmployer.id))
                .where(ControlEvent.officer_id == principal.user_id)
            )
        )
        .order_by(col(ControlDraw.last_on), col(ControlDraw.id))
    ).all()
    found = _visits(session, principal, rows)
    return tuple(
        one
        for row in rows
        for one in found.get(row.number, ())
        if one.officer_id == principal.user_id and one.outcome is None
    )


def visits_of(
    session: Session, rows: Sequence[ControlDraw], condition: sa.ColumnElement[bool]
) -> dict[str, tuple[Visit, ...]]:
    """Return the visits of draws that fulfil a condition on ControlEmployer, by draw number."""
    by_id = {row.id or 0: row for row in rows}
    employers = session.exec(
        select(ControlEmployer)
        .where(col(ControlEmployer.draw_id).in_(by_id), condition)
        .order_by(col(ControlEmployer.draw_id), col(ControlEmployer.place))
    ).all()
    events: dict[int, list[ControlEvent]] = {}
    for event in session.exec(
        select(ControlEvent)
        .where(col(ControlEvent.employer_id).in_([one.id for one in employers]))
        .order_by(col(ControlEvent.id))
    ):
        events.setdefault(event.employer_id, []).append(event)
    names = accounts.user_names(
        session, ids=sorted({one.officer_id for of in events.values() for one in of
                             if one.officer_id is not None})
    )  # fmt: skip
    found: dict[str, list[Visit]] = {}
    for employer in employers:
        row = by_id[employer.draw_id]
        view = visit_view(
            employer,
            draw_number=row.number,
            due_on=row.last_on,
            events=events.get(employer.id or 0, ()),
            names={one: view.name for one, view in names.items()},
        )
        found.setdefault(row.number, []).append(view)
    return {number: tuple(of) for number, of in found.items()}


def visit_view(
    row: ControlEmployer,
    *,
    draw_number: str,
    due_on: date,
    events: Iterable[ControlEvent],
    names: Mapping[int, str],
) -> Visit:
    officer_id, case_number = None, ""
    outcomes: list[Recorded] = []
    for event in events:
        match event.kind:
            case "ditugaskan":
                officer_id = event.officer_id
            case "kasus":
                case_number = event.case_number
            case _:
                outcomes.append(_recorded(event))
    return Visit(
        id=row.id or 0,
        draw_number=draw_number,
        place=row.place,
        npp=row.npp,
        office_code=row.office_code,
        employer=row.employer,
        stratum=row.stratum,
        weight=Fraction(row.weight_of, row.weight_per),
        flagged=frozenset(row.flagged),
        due_on=due_on,
        officer_id=officer_id,
        officer_name=names.get(officer_id or 0, ""),
        outcomes=tuple(outcomes),
        case_number=case_number,
    )


def draw_view(row: ControlDraw, found: Sequence[Visit]) -> Draw:
    outcomes = [one.outcome for one in found if one.outcome is not None]
    return Draw(
        id=row.id or 0,
        number=row.number,
        office_code=row.office_code,
        snapshot_id=row.snapshot_id,
        sweep_id=row.sweep_id,
        first_on=row.first_on,
        last_on=row.last_on,
        strata=dimensions(row.strata),
        groups=tuple(Stratum(one["key"], one["size"], one["drawn"]) for one in row.frame["strata"]),
        offices=tuple(row.frame["offices"]),
        employers=sum(one["size"] for one in row.frame["strata"]),
        seed=row.seed,
        definition=row.definition,
        frame_sha256=row.frame_sha256,
        list_sha256=row.list_sha256,
        why=row.why,
        drawn_on=row.drawn_on,
        drawn_at=row.drawn_at,
        drawn_by=row.drawn_by_name,
        visits=len(found),
        done=len(outcomes),
        violating=sum(one.result == "melanggar" for one in outcomes),
    )


def _recorded(event: ControlEvent) -> Recorded:
    assert event.visited_on is not None  # noqa: S101 - a CHECK of the table
    return Recorded(
        id=event.id or 0,
        outcome=Outcome(
            visited_on=event.visited_on,
            result=cast("Result", event.result),
            violations=frozenset(event.violations),
            rupiah=event.rupiah,
            workers=event.workers,
            note=event.note,
        ),
        recorded_at=event.recorded_at,
        actor_name=event.actor_name,
    )


def _in_reach(principal: Principal) -> sa.ColumnElement[bool]:
    """Return draws of offices in reach, and those of offices above that drew someone in reach."""
    return sa.or_(
        within(principal, READ, ControlDraw.office_code),
        col(ControlDraw.id).in_(
            select(ControlEmployer.draw_id).where(
                within(principal, READ, ControlEmployer.office_code)
            )
        ),
    )


def _visits(
    session: Session, principal: Principal, rows: Sequence[ControlDraw]
) -> dict[str, tuple[Visit, ...]]:
    return visits_of(session, rows, within(principal, READ, ControlEmployer.office_code))
