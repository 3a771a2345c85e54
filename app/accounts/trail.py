"""The audit trail as a person may read it: within their offices, newest first, actors by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from app.accounts.queries import user_names
from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.accounts.tables import ApiToken, UserAccount
from app.audit.tables import AuditEntry
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor

READ: Final = "audit.read"


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Empty texts do not narrow. `since` is inclusive, `until` exclusive."""

    actor: str
    action: str
    subject: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class TrailEntry:
    seq: int
    recorded_at: datetime
    actor: str
    actor_name: str
    action: str
    subject: str
    office: str
    detail: Mapping[str, object]


def entries(
    session: Session,
    *,
    principal: Principal,
    filter: TrailFilter,  # noqa: A002 - the word of lists everywhere here
    limit: int,
    cursor: str | None,
) -> Page[TrailEntry]:
    """Return entries about the offices in reach; what concerns no office only to the head office.

    Raises:
        Forbidden: the principal does not read the trail.
        Invalid: the cursor is not of this list.
    """
    limit = min(limit, LARGEST_PAGE)
    statement = select(AuditEntry).where(within(principal, READ, AuditEntry.office))
    statement = statement.where(*_narrowed(filter))
    if cursor is not None:
        (before,) = decode_cursor(cursor, int)
        statement = statement.where(col(AuditEntry.seq) < before)
    rows = session.exec(statement.order_by(col(AuditEntry.seq).desc()).limit(limit + 1)).all()
    names = _names(session, {row.actor for row in rows})
    items = tuple(
        TrailEntry(
            seq=row.seq or 0,
            recorded_at=row.recorded_at,
            actor=row.actor,
            actor_name=names.get(row.actor, ""),
            action=row.action,
            subject=row.subject,
            office=row.office,
            detail=row.detail,
        )
        for row in rows[:limit]
    )
    following = encode_cursor(items[-1].seq) if len(rows) > limit else None
    return Page(items=items, next=following)


def actor_of(session: Session, *, text: str) -> str:
    """Return the actor a person means: `user:12` as it is, an e-mail as its `user:12`."""
    if "@" not in text:
        return text
    found = session.exec(
        select(UserAccount.id).where(UserAccount.email == text.strip().lower())
    ).first()
    return text if found is None else f"user:{found}"


def _narrowed(wanted: TrailFilter) -> list[Any]:
    conditions: list[Any] = []
    if wanted.actor:
        conditions.append(AuditEntry.actor == wanted.actor)
    if wanted.action:
        conditions.append(AuditEntry.action == wanted.action)
    if wanted.subject:
        conditions.append(AuditEntry.subject == wanted.subject)
    if wanted.since is not None:
        conditions.append(col(AuditEntry.recorded_at) >= wanted.since)
    if wanted.until is not None:
        conditions.append(col(AuditEntry.recorded_at) < wanted.until)
    return conditions


def _names(session: Session, actors: Iterable[str]) -> dict[str, str]:
    numbers: dict[str, list[int]] = {"user": [], "token": []}
    for actor in actors:
        kind, _, number = actor.partition(":")
        if kind in numbers and number.isdecimal():
            numbers[kind].append(int(number))
    named = {
        f"user:{user_id}": view.name
        for user_id, view in user_names(session, ids=numbers["user"]).items()
    }
    tokens = session.exec(
        select(ApiToken.id, ApiToken.name).where(col(ApiToken.id).in_(numbers["token"]))
    )
    return named | {f"token:{token_id}": name for token_id, name in tokens}
