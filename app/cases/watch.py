"""Asks for the papers and deadlines that the radar looks at. Writes nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlmodel import Session, col, or_, select

from app.accounts import queries as accounts
from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.cases.papers import Paper
from app.cases.radar import Owner, Running, Signal, Watched, radar
from app.cases.reading import paper_view
from app.cases.stages import Stage
from app.cases.tables import CasePaper, CaseRecord
from app.infra.paging import LARGEST_PAGE

READ: Final = "cases.read"
LONGEST: Final = 365


def signals(
    session: Session, *, principal: Principal, on: date, within_days: int
) -> tuple[Signal, ...]:
    """Return what ends in this principal's offices, the earliest first; a page of it at most.

    Raises:
        Forbidden: the principal may not read cases.
    """
    rows = session.exec(
        select(CasePaper, CaseRecord)
        .outerjoin(CaseRecord, col(CaseRecord.id) == col(CasePaper.case_id))
        .where(
            within(principal, READ, CasePaper.office_code),
            col(CasePaper.ended_on).is_(None),
            or_(col(CasePaper.case_id).is_(None), col(CaseRecord.stage) != Stage.CLOSED),
        )
    ).all()
    running = session.exec(
        select(CaseRecord).where(
            within(principal, READ, CaseRecord.office_code),
            CaseRecord.stage != Stage.CLOSED,
            col(CaseRecord.next_due_on) >= on,
        )
    ).all()
    officers = _officers(session, {case.officer_id for _, case in rows if case is not None}
                         | {case.officer_id for case in running})  # fmt: skip
    found = radar(
        (Watched(_owner(paper, case, officers), paper_view(paper)) for paper, case in rows),
        (
            Running(_owner(None, case, officers), case.next_due_on)
            for case in running
            if case.next_due_on is not None
        ),
        on=on,
        within_days=min(within_days, LONGEST),
    )
    return found[:LARGEST_PAGE]


def office_papers(session: Session, *, principal: Principal, office_code: str) -> tuple[Paper, ...]:
    """Return the papers of a whole office, the newest first; none outside the principal's reach.

    Raises:
        Forbidden: the principal may not read cases.
    """
    rows = session.exec(
        select(CasePaper)
        .where(
            within(principal, READ, CasePaper.office_code),
            CasePaper.office_code == office_code,
            col(CasePaper.case_id).is_(None),
        )
        .order_by(col(CasePaper.signed_on).desc(), col(CasePaper.id).desc())
    )
    return tuple(paper_view(row) for row in rows)


def _owner(paper: CasePaper | None, case: CaseRecord | None, officers: Mapping[int, str]) -> Owner:
    if case is None:
        return Owner(office_code=paper.office_code if paper else "")
    return Owner(
        office_code=case.office_code,
        case_number=case.number,
        employer=case.employer_name,
        officer=officers.get(case.officer_id or 0, ""),
    )


def _officers(session: Session, ids: set[int | None]) -> dict[int, str]:
    known = sorted(number for number in ids if number is not None)
    return {number: user.name for number, user in accounts.user_names(session, ids=known).items()}
