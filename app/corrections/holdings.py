"""What rests on which snapshot, the decisions about corrections among it."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.cases.stages import Stage
from app.cases.tables import CaseRecord
from app.corrections.tables import CorrectionRow
from app.packets import holdings as packets


def holdings(session: Session) -> Mapping[str, tuple[str, ...]]:
    """Return by snapshot the names of what rests on it, each once.

    A decision about a correction rests on both sides that were held against each other, so does
    the question as long as it waits; one that lapsed rests on nothing.
    """
    found = {one: dict.fromkeys(names) for one, names in packets.holdings(session).items()}
    asked = session.exec(
        select(CorrectionRow, CaseRecord.number)
        .join(CaseRecord, col(CaseRecord.id) == CorrectionRow.case_id)
        .where(
            sa.or_(
                col(CorrectionRow.state) == "diputus",
                sa.and_(
                    col(CorrectionRow.state) == "terbuka", col(CaseRecord.stage) != Stage.CLOSED
                ),
            )
        )
        .order_by(col(CorrectionRow.id))
    )
    for row, number in asked:
        for snapshot_id in (row.basis_snapshot_id, row.snapshot_id):
            found.setdefault(snapshot_id, {})[f"koreksi {row.id} kasus {number}"] = None
    return {one: tuple(names) for one, names in found.items()}
