"""Who is who: offices, people, and the principal behind a cookie or a token."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from app.accounts import permissions
from app.accounts.schemas import BrowserSession, OfficeView, Principal, SignedIn, UserView
from app.accounts.scope import within
from app.accounts.secrets import digest, token_is_well_formed
from app.accounts.tables import ApiToken, Office, UserAccount, WebSession
from app.errors import NotFound, Unauthenticated

IDLE_LIMIT: Final = timedelta(minutes=30)
ABSOLUTE_LIMIT: Final = timedelta(hours=12)
HEAD_OFFICE: Final = "pusat"


def signed_in(session: Session, *, cookie: str, now: datetime) -> SignedIn | None:
    """Return the person behind the cookie, or None when the session is over or unknown."""
    row = session.exec(
        select(WebSession, UserAccount, Office)
        .join(UserAccount, col(UserAccount.id) == col(WebSession.user_id))
        .join(Office, col(Office.code) == col(UserAccount.office_code))
        .where(WebSession.cookie_sha256 == digest(cookie), col(UserAccount.active))
    ).first()
    if row is None:
        return None
    web, user, office = row
    if now - web.last_seen_at > IDLE_LIMIT or now - web.created_at > ABSOLUTE_LIMIT:
        return None
    return SignedIn(
        principal=principal_of(session, user=user, office=office),
        csrf_token=web.csrf_token,
        language=user.language,
        email=user.email,
        office_name=office.name,
        must_choose_password=user.temporary_until is not None,
    )


def sessions_of(
    session: Session, *, principal: Principal, cookie: str, now: datetime
) -> tuple[BrowserSession, ...]:
    """Return the browsers in which this person is signed in, the one asking first."""
    rows = session.exec(
        select(WebSession)
        .where(
            WebSession.user_id == principal.user_id,
            col(WebSession.last_seen_at) >= now - IDLE_LIMIT,
            col(WebSession.created_at) >= now - ABSOLUTE_LIMIT,
        )
        .order_by(col(WebSession.last_seen_at).desc())
    )
    current = digest(cookie)
    found = [
        BrowserSession(
            handle=handle_of(row.cookie_sha256),
            browser=row.browser,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            current=row.cookie_sha256 == current,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: not one.current))


def handle_of(cookie_sha256: str) -> str:
    """Return the part of a digest by which a session is named in a form."""
    return cookie_sha256[:16]


def token_principal(session: Session, *, token: str, now: datetime) -> Principal:
    """Return who acts by this token.

    Raises:
        Unauthenticated: unknown, mistyped, expired, revoked, or its owner is no longer active.
    """
    refused = Unauthenticated("Token tidak dikenal, sudah berakhir, atau sudah dicabut.")
    if not token_is_well_formed(token):
        raise refused
    found = session.exec(select(ApiToken).where(ApiToken.token_sha256 == digest(token))).first()
    if found is None or found.revoked_at is not None or found.expires_at <= now:
        raise refused
    office = session.get_one(Office, found.office_code)
    owner = session.get(UserAccount, found.owner_id) if found.owner_id is not None else None
    if found.owner_id is not None and (owner is None or not owner.active):
        raise refused
    role = permissions.INTEGRATION if owner is None else owner.role
    allowed = permissions.actions_of(role) & permissions.actions_of_scopes(frozenset(found.scopes))
    return Principal(
        actor=f"token:{found.id}",
        name=found.name if owner is None else owner.name,
        role=role,
        office_code=office.code,
        offices=reach_of(session, office),
        actions=allowed,
        zone=office.zone,
        user_id=None if owner is None else owner.id,
        title="" if owner is None else owner.title,
    )


def principal_of(session: Session, *, user: UserAccount, office: Office) -> Principal:
    return Principal(
        actor=f"user:{user.id}",
        name=user.name,
        role=user.role,
        office_code=office.code,
        offices=reach_of(session, office),
        actions=permissions.actions_of(user.role),
        zone=office.zone,
        user_id=user.id,
        title=user.title,
    )


def principal_by_email(session: Session, *, email: str) -> Principal:
    """Return the named person for an operator who acts for them at the command line.

    Raises:
        NotFound: nobody active has this e-mail.
    """
    user = session.exec(
        select(UserAccount).where(UserAccount.email == email.lower(), col(UserAccount.active))
    ).first()
    if user is None:
        raise NotFound("Tidak ada pengguna aktif dengan surel {email}.", email=email)
    return principal_of(session, user=user, office=session.get_one(Office, user.office_code))


def operator(session: Session) -> Principal:
    """Return the operator at the command line: the whole country, no named person.

    Whoever can start the command can read the data folder; the scope is not what holds them.
    """
    head = session.exec(select(Office).where(Office.kind == HEAD_OFFICE)).first()
    return Principal(
        actor="system:cli",
        name="Operator",
        role=permissions.ADMINISTRATOR,
        office_code="" if head is None else head.code,
        offices=None,
        actions=frozenset(permissions.MAY),
        zone="Asia/Jakarta" if head is None else head.zone,
        user_id=None,
    )


def user_exists(session: Session, *, email: str) -> bool:
    return (
        session.exec(select(UserAccount.id).where(UserAccount.email == email)).first() is not None
    )


def offices(session: Session) -> tuple[OfficeView, ...]:
    """Return every office, the head office first; names of offices are no secret."""
    rows = session.exec(select(Office).order_by(col(Office.parent_code).nulls_first(), Office.code))
    return tuple(office_view(row) for row in rows)


def office(session: Session, *, code: str) -> OfficeView:
    found = session.get(Office, code)
    if found is None:
        raise NotFound("Kantor {code} tidak ada.", code=code)
    return office_view(found)


def zones(session: Session) -> Mapping[str, str]:
    """Return the time zone (IANA) of every office by its code."""
    return dict(session.exec(select(Office.code, Office.zone)).all())


def office_name(session: Session, *, code: str) -> str:
    """Return the name of an office; a code that an extract carries and no office has stays."""
    found = session.get(Office, code)
    return code if found is None else found.name


def colleagues(session: Session, *, principal: Principal) -> tuple[UserView, ...]:
    """Return those in reach to whom a case may be assigned."""
    condition = within(principal, "cases.read", UserAccount.office_code)
    rows = session.exec(
        select(UserAccount)
        .where(
            condition,
            col(UserAccount.active),
            col(UserAccount.role).in_((permissions.INSPECTOR, permissions.SUPERVISOR)),
        )
        .order_by(UserAccount.name)
    )
    return tuple(user_view(row) for row in rows)


def user_names(session: Session, *, ids: Sequence[int]) -> dict[int, UserView]:
    rows = session.exec(select(UserAccount).where(col(UserAccount.id).in_(list(ids))))
    return {row.id: user_view(row) for row in rows if row.id is not None}


def actor_name(session: Session, *, actor: str) -> str:
    """Return the name of the person or token behind an `actor` of the audit log."""
    kind, _, number = actor.partition(":")
    if kind == "user" and number.isdecimal():
        found = user_names(session, ids=[int(number)]).get(int(number))
        return actor if found is None else found.name
    if kind == "token" and number.isdecimal():
        token = session.get(ApiToken, int(number))
        return actor if token is None else token.name
    return "Patuh" if kind == "system" else actor


def user_view(row: UserAccount) -> UserView:
    return UserView(
        id=row.id or 0,
        email=row.email,
        name=row.name,
        role=row.role,
        office_code=row.office_code,
        title=row.title,
        staff_number=row.staff_number,
        active=row.active,
    )


def office_view(row: Office) -> OfficeView:
    return OfficeView(
        code=row.code,
        name=row.name,
        kind=row.kind,
        parent_code=row.parent_code,
        zone=row.zone,
        city=row.city,
        address=row.address,
        phone=row.phone,
        email=row.email,
        head_name=row.head_name,
        head_title=row.head_title,
        prosecutor_office=row.prosecutor_office,
        complete=row.complete,
    )


def reach_of(session: Session, office: Office) -> frozenset[str] | None:
    """Return the office and all below it; None, the whole country, for the head office."""
    if office.kind == HEAD_OFFICE:
        return None
    parents = dict(session.exec(select(Office.code, Office.parent_code)).all())
    reached = {office.code}
    while more := {code for code, parent in parents.items() if parent in reached} - reached:
        reached |= more
    return frozenset(reached)
