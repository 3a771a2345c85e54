"""Asks for the law as it is known now, and for what was proposed. Writes nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, cast
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.accounts.schemas import Principal
from app.errors import NotFound
from app.law.book import SHIPPED, LawBook, parameter_named
from app.law.citation import Citation, Grade
from app.law.dated import Version
from app.lawbook import values
from app.lawbook.schemas import ParameterView, Proposal
from app.lawbook.tables import ParameterVersionRow

READ: Final = "lawbook.read"
# The head office stands there: a value of law holds for the whole country.
_ZONE: Final = ZoneInfo("Asia/Jakarta")
IN_FORCE: Final = "berlaku"
WAITING: Final = "diusulkan"


def law_in_force(session: Session) -> LawBook:
    """Return the book of today: what ships, and what two people have added since."""
    return _book(_rows(session, state=IN_FORCE))


def law_known_at(session: Session, at: datetime) -> LawBook:
    """Return the book as it was at that instant, without what was approved later.

    A value that ships with the program counts as known all along: nobody records releases here.
    """
    return _book(
        row
        for row in _rows(session, state=IN_FORCE)
        if row.decided_at is not None and row.decided_at <= at
    )


def _book(rows: Iterable[ParameterVersionRow]) -> LawBook:
    book = SHIPPED
    for row in rows:
        if not _superseded(row):
            book = book.with_version(row.key, version_of(row))
    return book


def proposals(session: Session, *, principal: Principal) -> tuple[Proposal, ...]:
    """Return every value ever proposed, newest first.

    Raises:
        Forbidden: this principal may not read them.
    """
    principal.require(READ)
    rows = session.exec(
        select(ParameterVersionRow).order_by(
            col(ParameterVersionRow.proposed_at).desc(), col(ParameterVersionRow.id).desc()
        )
    )
    return tuple(proposal_of(row) for row in rows)


def proposal(session: Session, *, principal: Principal, proposal_id: int) -> Proposal:
    """Return one.

    Raises:
        Forbidden: this principal may not read it.
        NotFound: there is none with that number.
    """
    principal.require(READ)
    row = session.get(ParameterVersionRow, proposal_id)
    if row is None:
        raise NotFound("Usulan nilai {number} tidak ada.", number=proposal_id)
    return proposal_of(row)


def parameter(session: Session, *, principal: Principal, key: str) -> ParameterView:
    """Return one parameter as the book of today has it.

    Raises:
        Forbidden: this principal may not read it.
        Invalid: no parameter has that key.
    """
    principal.require(READ)
    known = parameter_named(key)
    rows = [row for row in _rows(session, state=None) if row.key == key]
    return ParameterView(
        parameter=law_in_force(session)[known],
        kind=values.kind_of(known),
        added=frozenset(row.valid_from for row in rows if row.state == IN_FORCE),
        waiting=tuple(proposal_of(row) for row in rows if row.state == WAITING),
    )


def version_of(row: ParameterVersionRow) -> Version[object]:
    known = parameter_named(row.key)
    grade = cast("Grade", row.grade)
    in_force = row.state == IN_FORCE
    checked_on = None
    if in_force and row.decided_at is not None:
        checked_on = row.decided_at.astimezone(_ZONE).date()
    return Version(
        valid_from=row.valid_from,
        valid_to=None,
        value=values.from_json(known, row.value),
        unit=known.versions[-1].unit,
        grade=grade,
        citation=Citation(
            instrument=row.instrument,
            article=row.article or None,
            grade=grade,
            source=row.source,
            checked_by=row.decided_by_name if in_force else None,
            checked_on=checked_on,
            note=row.note,
        ),
    )


def proposal_of(row: ParameterVersionRow) -> Proposal:
    if row.id is None:
        raise ValueError("the proposal has not been stored")
    known = parameter_named(row.key)
    return Proposal(
        id=row.id,
        key=row.key,
        title=known.title,
        version=version_of(row),
        before=known.versions[-1],
        state=row.state,
        proposed_by_id=row.proposed_by_id,
        proposed_by=row.proposed_by_name,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by_name,
        decided_at=row.decided_at,
        reason=row.reason,
        impact=row.impact,
        superseded=row.state == IN_FORCE and _superseded(row),
    )


def _rows(session: Session, *, state: str | None) -> list[ParameterVersionRow]:
    query = select(ParameterVersionRow).order_by(
        col(ParameterVersionRow.valid_from), col(ParameterVersionRow.id)
    )
    if state is not None:
        query = query.where(ParameterVersionRow.state == state)
    return list(session.exec(query))


def _superseded(row: ParameterVersionRow) -> bool:
    return parameter_named(row.key).versions[-1].valid_from >= row.valid_from
