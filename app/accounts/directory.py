"""What administrators look through: people, the tree of offices, tokens, what waits for them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from app.accounts.people import MANAGE
from app.accounts.queries import ABSOLUTE_LIMIT, IDLE_LIMIT, office_view, reach_of, user_view
from app.accounts.schemas import (
    OfficeNode,
    OfficeView,
    PersonEntry,
    PersonFilter,
    Principal,
    TokenEntry,
    Upkeep,
)
from app.accounts.scope import within
from app.accounts.tables import ApiToken, Office, UserAccount, WebSession
from app.errors import NotFound
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor

EXPIRES_SOON: Final = timedelta(days=14)


def people(
    session: Session,
    *,
    principal: Principal,
    filter: PersonFilter,  # noqa: A002 - the word of lists everywhere here
    limit: int,
    cursor: str | None,
    now: datetime,
) -> Page[PersonEntry]:
    """Return the people in reach by name.

    Raises:
        Forbidden: the principal does not administer.
        Invalid: the cursor is not of this list.
    """
    limit = min(limit, LARGEST_PAGE)
    by_name = func.lower(UserAccount.name)
    statement = _people(principal, now).where(*_narrowed(session, filter))
    if cursor is not None:
        name, user_id = decode_cursor(cursor, str, int)
        statement = statement.where(sa.tuple_(by_name, col(UserAccount.id)) > (name, user_id))
    rows = session.exec(statement.order_by(by_name, col(UserAccount.id)).limit(limit + 1)).all()
    items = tuple(_person(*row) for row in rows[:limit])
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    following = None if last is None else encode_cursor(str(last[3]), items[-1].user.id)
    return Page(items=items, next=following)


def person(session: Session, *, principal: Principal, user_id: int, now: datetime) -> PersonEntry:
    """Return one person in reach.

    Raises:
        NotFound: not there, or out of reach.
    """
    row = session.exec(_people(principal, now).where(UserAccount.id == user_id)).first()
    if row is None:
        raise NotFound("Pengguna {id} tidak ada.", id=user_id)
    return _person(*row)


def office_tree(session: Session, *, principal: Principal) -> tuple[OfficeNode, ...]:
    """Return the offices in reach as trees, each level by code."""
    condition = within(principal, MANAGE, Office.code)
    rows = session.exec(select(Office).where(condition).order_by(col(Office.code))).all()
    counted = session.exec(
        select(UserAccount.office_code, func.count())
        .where(col(UserAccount.active))
        .group_by(col(UserAccount.office_code))
    )
    counts = dict(counted.all())
    reached = {row.code for row in rows}
    below: dict[str | None, list[Office]] = {}
    for row in rows:
        parent = row.parent_code if row.parent_code in reached else None
        below.setdefault(parent, []).append(row)
    return tuple(_node(row, below, counts) for row in below.get(None, ()))


def office_for_change(
    session: Session, *, principal: Principal, code: str
) -> tuple[OfficeView, int]:
    """Return an office in reach and its version.

    Raises:
        NotFound: not there, or out of reach.
    """
    condition = within(principal, MANAGE, Office.code)
    row = session.exec(select(Office).where(Office.code == code, condition)).first()
    if row is None:
        raise NotFound("Kantor {code} tidak ada.", code=code)
    return office_view(row), row.version


def offices_in_reach(session: Session, *, principal: Principal) -> tuple[OfficeView, ...]:
    condition = within(principal, MANAGE, Office.code)
    rows = session.exec(
        select(Office).where(condition).order_by(col(Office.parent_code).nulls_first(), Office.code)
    )
    return tuple(office_view(row) for row in rows)


def possible_parents(
    session: Session, *, principal: Principal, code: str
) -> tuple[OfficeView, ...]:
    """Return the offices below which `code` may hang: in reach, not itself, not below it."""
    row = session.get(Office, code)
    below = frozenset({code}) if row is None else reach_of(session, row)
    if below is None:
        return ()
    return tuple(
        view for view in offices_in_reach(session, principal=principal) if view.code not in below
    )


def tokens(session: Session, *, principal: Principal) -> tuple[TokenEntry, ...]:
    """Return the tokens of the offices in reach, the youngest first."""
    condition = within(principal, MANAGE, ApiToken.office_code)
    rows = session.exec(
        select(ApiToken, Office.name, UserAccount.email)
        .join(Office, col(Office.code) == col(ApiToken.office_code))
        .outerjoin(UserAccount, col(UserAccount.id) == col(ApiToken.owner_id))
        .where(condition)
        .order_by(col(ApiToken.created_at).desc(), col(ApiToken.id).desc())
    )
    return tuple(
        TokenEntry(
            id=token.id or 0,
            name=token.name,
            scopes=tuple(token.scopes),
            office_code=token.office_code,
            office_name=office_name,
            owner_email=email,
            created_by=token.created_by,
            created_at=token.created_at,
            expires_at=token.expires_at,
            revoked_at=token.revoked_at,
        )
        for token, office_name, email in rows
    )


def upkeep(session: Session, *, principal: Principal, now: datetime) -> Upkeep:
    """Return what an administrator may want to look after, counted within reach."""
    people_within = within(principal, MANAGE, UserAccount.office_code)

    def count(table: type[Any], *conditions: Any) -> int:  # noqa: ANN401 - any condition
        return session.exec(select(func.count()).select_from(table).where(*conditions)).one()

    return Upkeep(
        people=count(UserAccount, people_within, col(UserAccount.active)),
        temporary=count(
            UserAccount,
            people_within,
            col(UserAccount.active),
            col(UserAccount.temporary_until).is_not(None),
        ),
        incomplete_offices=count(
            Office, within(principal, MANAGE, Office.code), ~col(Office.complete)
        ),
        expiring_tokens=count(
            ApiToken,
            within(principal, MANAGE, ApiToken.office_code),
            col(ApiToken.revoked_at).is_(None),
            col(ApiToken.expires_at) > now,
            col(ApiToken.expires_at) <= now + EXPIRES_SOON,
        ),
    )


def _people(principal: Principal, now: datetime) -> Any:  # noqa: ANN401 - a select of mixed columns
    condition = within(principal, MANAGE, UserAccount.office_code)
    seen = (
        select(func.max(WebSession.last_seen_at))
        .where(
            WebSession.user_id == UserAccount.id,
            col(WebSession.last_seen_at) >= now - IDLE_LIMIT,
            col(WebSession.created_at) >= now - ABSOLUTE_LIMIT,
        )
        .correlate(UserAccount)
        .scalar_subquery()
    )
    return (
        select(UserAccount, Office.name, seen, func.lower(UserAccount.name))
        .join(Office, col(Office.code) == col(UserAccount.office_code))
        .where(condition)
    )


def _narrowed(session: Session, wanted: PersonFilter) -> list[Any]:
    conditions: list[Any] = []
    if wanted.role:
        conditions.append(UserAccount.role == wanted.role)
    if wanted.office:
        office = session.get(Office, wanted.office)
        reached = frozenset({wanted.office}) if office is None else reach_of(session, office)
        if reached is not None:
            conditions.append(col(UserAccount.office_code).in_(sorted(reached)))
    if wanted.state:
        conditions.append(col(UserAccount.active) == (wanted.state != "inactive"))
    if wanted.state == "temporary":
        conditions.append(col(UserAccount.temporary_until).is_not(None))
    if wanted.text:
        conditions.append(
            sa.or_(
                col(UserAccount.name).icontains(wanted.text, autoescape=True),
                col(UserAccount.email).icontains(wanted.text, autoescape=True),
                col(UserAccount.staff_number).icontains(wanted.text, autoescape=True),
            )
        )
    return conditions


def _person(
    row: UserAccount, office_name: str, last_seen_at: datetime | None, _sort_key: str
) -> PersonEntry:
    return PersonEntry(
        user=user_view(row),
        office_name=office_name,
        version=row.version,
        temporary_until=row.temporary_until,
        created_at=row.created_at,
        last_seen_at=last_seen_at,
    )


def _node(
    row: Office, below: Mapping[str | None, list[Office]], counts: Mapping[str, int]
) -> OfficeNode:
    return OfficeNode(
        office=office_view(row),
        people=counts.get(row.code, 0),
        children=tuple(_node(child, below, counts) for child in below.get(row.code, ())),
    )
