"""Asks for corrections in this principal's offices. Writes nothing."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.cases.stages import Action, Stage, Violation
from app.cases.tables import CaseRecord
from app.corrections.schemas import CorrectionView, Decided, State
from app.corrections.sentences import reason
from app.corrections.tables import CorrectionRow
from app.corrections.weighing import Choice, Ground, Kind, Weight
from app.errors import NotFound
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor
from app.registry.tables import Snapshot

READ: Final = "cases.read"
_HEAVY: Final = tuple(Choice)
_HEAVINESS: Final = sa.case(
    {choice.value: place for place, choice in enumerate(_HEAVY)}, value=col(CorrectionRow.proposal)
)


def corrections(
    session: Session, *, principal: Principal, state: State, limit: int, cursor: str | None
) -> Page[CorrectionView]:
    """Return those of one state: the heaviest proposal first, then the newest.

    Those that wait are of open cases only; decided ones of all cases.

    Raises:
        Forbidden: the principal may not read cases.
        Invalid: the cursor is not one of this list.
    """
    size = max(1, min(limit, LARGEST_PAGE))
    statement = select(CorrectionRow, CaseRecord).join(
        CaseRecord, col(CaseRecord.id) == CorrectionRow.case_id
    )
    statement = statement.where(
        within(principal, READ, CorrectionRow.office_code), CorrectionRow.state == state
    )
    if state == "terbuka":
        statement = statement.where(CaseRecord.stage != Stage.CLOSED)
    if cursor is not None:
        statement = statement.where(
            sa.tuple_(_HEAVINESS, -col(CorrectionRow.id))
            > sa.tuple_(*decode_cursor(cursor, int, int))
        )
    rows = session.exec(
        statement.order_by(_HEAVINESS, col(CorrectionRow.id).desc()).limit(size + 1)
    ).all()
    items = tuple(_views(session, rows[:size]))
    if len(rows) <= size:
        return Page(items=items, next=None)
    last = items[-1]
    return Page(items=items, next=encode_cursor(_HEAVY.index(last.proposal), -last.id))


def open_count(session: Session, *, principal: Principal) -> int:
    """Return how many wait for a decision; 0 for who may not read cases."""
    if not principal.may(READ):
        return 0
    return session.exec(
        select(func.count())
        .select_from(CorrectionRow)
        .join(CaseRecord, col(CaseRecord.id) == CorrectionRow.case_id)
        .where(
            within(principal, READ, CorrectionRow.office_code),
            CorrectionRow.state == "terbuka",
            CaseRecord.stage != Stage.CLOSED,
        )
    ).one()


def of_case(session: Session, *, principal: Principal, case_id: int) -> tuple[CorrectionView, ...]:
    """Return those of one case that wait or were decided, by the day of the paper.

    Raises:
        Forbidden: the principal may not read cases.
    """
    rows = session.exec(
        select(CorrectionRow, CaseRecord)
        .join(CaseRecord, col(CaseRecord.id) == CorrectionRow.case_id)
        .where(
            within(principal, READ, CorrectionRow.office_code),
            CorrectionRow.case_id == case_id,
            CorrectionRow.state != "gugur",
        )
        .order_by(col(CorrectionRow.told_on), col(CorrectionRow.id))
    ).all()
    return tuple(_views(session, rows))


def correction(session: Session, *, principal: Principal, correction_id: int) -> CorrectionView:
    """Raises: Forbidden: may not read cases. NotFound: not there, or not in reach."""
    row = session.exec(
        select(CorrectionRow, CaseRecord)
        .join(CaseRecord, col(CaseRecord.id) == CorrectionRow.case_id)
        .where(
            within(principal, READ, CorrectionRow.office_code), CorrectionRow.id == correction_id
        )
    ).first()
    if row is None:
        raise not_there(correction_id)
    (view,) = _views(session, [row])
    return view


def not_there(correction_id: int) -> NotFound:
    return NotFound(
        "Koreksi nomor {correction} tidak ada atau di luar kantor Anda.", correction=correction_id
    )


def _views(
    session: Session, rows: Iterable[tuple[CorrectionRow, CaseRecord]]
) -> Iterable[CorrectionView]:
    pairs = list(rows)
    wanted = {id_ for row, _ in pairs for id_ in (row.basis_snapshot_id, row.snapshot_id)}
    days = {
        one.id: one.as_of
        for one in session.exec(select(Snapshot).where(col(Snapshot.id).in_(wanted)))
    }
    for row, case in pairs:
        weight = weight_of(row.weight, ground=row.ground)
        yield CorrectionView(
            id=row.id or 0,
            case_id=row.case_id,
            case_number=case.number,
            employer_name=case.employer_name,
            npp=case.npp,
            office_code=row.office_code,
            stage=Stage(case.stage),
            kind=Kind(row.paper_kind),
            label=row.paper_label,
            number=row.paper_number,
            key=row.paper_key,
            step=Action(row.paper_step) if row.paper_step else None,
            told_on=row.told_on,
            basis_snapshot_id=row.basis_snapshot_id,
            basis_as_of=days[row.basis_snapshot_id],
            snapshot_id=row.snapshot_id,
            as_of=days[row.snapshot_id],
            weight=weight,
            why=reason(weight, on=row.told_on),
            proposal=Choice(row.proposal),
            state=_state(row.state),
            found_at=row.found_at,
            decided=_decided(row),
            version=row.version,
        )


def _state(text: str) -> State:
    return "diputus" if text == "diputus" else "gugur" if text == "gugur" else "terbuka"


def _decided(row: CorrectionRow) -> Decided | None:
    if row.decided_at is None:
        return None
    return Decided(
        choice=Choice(row.decision),
        reason=row.reason,
        name=row.decided_by_name,
        title=row.decided_by_title,
        at=row.decided_at,
    )


def weight_of(stored: dict[str, Any], *, ground: str) -> Weight:
    """Return the weight; one that was kept before outside rows were looked at has none."""
    since = stored.get("registered_on")
    return Weight(
        **{
            **stored,
            "fallen": tuple(Violation(one) for one in stored["fallen"]),
            "ground": Ground(ground),
            "registered_on": date.fromisoformat(since) if since else None,
        }
    )
