"""Changes to offices, people, sessions and tokens, each with its audit entry."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, func, select

from app.accounts import permissions
from app.accounts.queries import ABSOLUTE_LIMIT, user_view
from app.accounts.schemas import NewSession, OfficeView, Principal, UserView
from app.accounts.secrets import (
    SHORTEST_PASSWORD,
    digest,
    hash_password,
    new_session_secret,
    new_token,
    password_fits,
)
from app.accounts.tables import ApiToken, Office, SignInFailure, UserAccount, WebSession
from app.audit import service as audit
from app.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, Unauthenticated

FAILURES_ALLOWED: Final = 10
FAILURE_WINDOW: Final = timedelta(minutes=15)
LONGEST_TOKEN_DAYS: Final = 365
HEAD_OFFICE_CODE: Final = "PST"


def ensure_head_office(session: Session, *, now: datetime, actor: str) -> str:
    """Return the code of the head office, making one when there is none."""
    found = session.exec(select(Office.code).where(Office.kind == "pusat")).first()
    if found is not None:
        return found
    session.add(
        Office(
            code=HEAD_OFFICE_CODE,
            name="Kantor Pusat",
            kind="pusat",
            city="Jakarta",
            head_title="Direktur",
            complete=False,
        )
    )
    session.flush()
    audit.record(
        session, actor=actor, action="office.added", subject=f"office:{HEAD_OFFICE_CODE}", now=now
    )
    return HEAD_OFFICE_CODE


def ensure_offices(
    session: Session, *, codes: Iterable[str], now: datetime, actor: str
) -> tuple[str, ...]:
    """Register branches that an extract names and we do not know; return the new codes.

    They hang below the head office and are marked incomplete until an administrator fills in
    address, head and prosecutor's office.
    """
    wanted = sorted(set(codes))
    if not wanted:
        return ()
    parent = ensure_head_office(session, now=now, actor=actor)
    known = set(session.exec(select(Office.code).where(col(Office.code).in_(wanted))))
    new = tuple(code for code in wanted if code not in known)
    for code in new:
        session.connection().execute(
            insert(Office)
            .values(
                code=code,
                name=f"Kantor Cabang {code}",
                kind="cabang",
                parent_code=parent,
                zone="Asia/Jakarta",
                city="",
                address="",
                phone="",
                email="",
                head_name="",
                head_title="Kepala Kantor Cabang",
                prosecutor_office="",
                complete=False,
            )
            .on_conflict_do_nothing()
        )
        audit.record(session, actor=actor, action="office.added", subject=f"office:{code}", now=now)
    return new


def save_office(session: Session, *, office: OfficeView, now: datetime, actor: str) -> None:
    """Write an office as given, new or known.

    Raises:
        NotFound: its parent is not there.
    """
    if office.parent_code is not None and session.get(Office, office.parent_code) is None:
        raise NotFound("Kantor induk {code} tidak ada.", code=office.parent_code)
    row = session.get(Office, office.code)
    values = {name: getattr(office, name) for name in Office.model_fields}
    if row is None:
        session.add(Office(**values))
    else:
        row.sqlmodel_update(values)
    session.flush()
    audit.record(
        session, actor=actor, action="office.saved", subject=f"office:{office.code}", now=now
    )


def add_user(
    session: Session,
    *,
    email: str,
    name: str,
    role: str,
    office_code: str,
    password: str,
    now: datetime,
    actor: str,
    title: str = "",
    staff_number: str = "",
) -> UserView:
    """Add a person who can sign in.

    Raises:
        Invalid: role unknown, e-mail malformed, or password shorter than 15 characters.
        NotFound: the office is not there.
        Conflict: the e-mail is taken.
    """
    address = email.strip().lower()
    _check_user(session, email=address, role=role, office_code=office_code, password=password)
    user = UserAccount(
        email=address,
        name=name,
        role=role,
        office_code=office_code,
        title=title,
        staff_number=staff_number,
        password_hash=hash_password(password),
        created_at=now,
    )
    session.add(user)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="user.added",
        subject=f"user:{user.id}",
        office=office_code,
        now=now,
        detail={"role": role},
    )
    return user_view(user)


def sign_in(session: Session, *, email: str, password: str, now: datetime) -> NewSession:
    """Open a browser session. The caller commits also when it is refused (`record_failure`).

    Raises:
        Unauthenticated: e-mail or password wrong, or the account is closed; never says which.
        Refused: too many wrong passwords for this e-mail in the last 15 minutes.
    """
    address = email.strip().lower()
    failures = session.exec(
        select(func.count())
        .select_from(SignInFailure)
        .where(SignInFailure.email == address, col(SignInFailure.failed_at) > now - FAILURE_WINDOW)
    ).one()
    if failures >= FAILURES_ALLOWED:
        raise Refused("Terlalu banyak percobaan masuk; coba lagi 15 menit lagi.")
    user = session.exec(select(UserAccount).where(UserAccount.email == address)).first()
    stored = user.password_hash if user is not None and user.active else None
    if not password_fits(password, stored) or user is None or user.id is None:
        raise Unauthenticated("Surel atau kata sandi tidak cocok.")
    cookie, csrf_token = new_session_secret(), new_session_secret()
    session.exec(
        delete(WebSession).where(
            col(WebSession.user_id) == user.id, col(WebSession.created_at) < now - ABSOLUTE_LIMIT
        )
    )
    session.exec(delete(SignInFailure).where(col(SignInFailure.email) == address))
    session.add(
        WebSession(
            cookie_sha256=digest(cookie),
            user_id=user.id,
            csrf_token=csrf_token,
            created_at=now,
            last_seen_at=now,
        )
    )
    audit.record(
        session,
        actor=f"user:{user.id}",
        action="session.opened",
        subject=f"user:{user.id}",
        now=now,
    )
    return NewSession(cookie=cookie, csrf_token=csrf_token, user=user_view(user))


def record_failure(session: Session, *, email: str, now: datetime) -> None:
    """Remember a wrong password, in a transaction of its own since the sign-in rolled back."""
    session.add(SignInFailure(email=email.strip().lower()[:320], failed_at=now))
    session.exec(delete(SignInFailure).where(col(SignInFailure.failed_at) < now - FAILURE_WINDOW))
    audit.record(session, actor="anonymous", action="session.refused", subject="session:-", now=now)


def touch(session: Session, *, cookie: str, now: datetime) -> None:
    """Keep a session that is being used from going idle."""
    row = session.get(WebSession, digest(cookie))
    if row is not None and now - row.last_seen_at > timedelta(minutes=1):
        row.last_seen_at = now


def sign_out(session: Session, *, cookie: str, now: datetime) -> None:
    row = session.get(WebSession, digest(cookie))
    if row is not None:
        session.delete(row)
        audit.record(
            session,
            actor=f"user:{row.user_id}",
            action="session.closed",
            subject=f"user:{row.user_id}",
            now=now,
        )


def choose_language(session: Session, *, principal: Principal, language: str) -> None:
    if principal.user_id is not None:
        session.get_one(UserAccount, principal.user_id).language = language


def create_token(
    session: Session,
    *,
    name: str,
    scopes: Iterable[str],
    office_code: str | None,
    owner_email: str | None,
    days: int,
    now: datetime,
    actor: str,
) -> str:
    """Make an API token and return it; it is never shown again.

    Raises:
        Invalid: a scope that does not exist, or days outside 1..365.
        NotFound: the office or the owner is not there.
    """
    wanted = sorted({scope.strip() for scope in scopes if scope.strip()})
    unknown = [scope for scope in wanted if scope not in permissions.TOKEN_SCOPES]
    if unknown or not wanted:
        raise Invalid(
            "Lingkup {unknown} tidak ada; pilih dari: {known}.",
            unknown=", ".join(unknown) or "kosong",
            known=", ".join(permissions.TOKEN_SCOPES),
        )
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise Invalid("Masa berlaku token 1 sampai 365 hari, bukan {days}.", days=days)
    owner = None
    if owner_email is not None:
        owner = session.exec(
            select(UserAccount).where(UserAccount.email == owner_email.lower())
        ).first()
        if owner is None:
            raise NotFound("Tidak ada pengguna dengan surel {email}.", email=owner_email)
    code = office_code or (owner.office_code if owner else None)
    code = code or ensure_head_office(session, now=now, actor=actor)
    if session.get(Office, code) is None:
        raise NotFound("Kantor {code} tidak ada.", code=code)
    token = new_token()
    row = ApiToken(
        name=name,
        token_sha256=digest(token),
        scopes=wanted,
        office_code=code,
        owner_id=None if owner is None else owner.id,
        created_by=actor,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="token.created",
        subject=f"token:{row.id}",
        office=code,
        now=now,
        detail={"scopes": wanted, "days": days},
    )
    return token


def _check_user(
    session: Session, *, email: str, role: str, office_code: str, password: str
) -> None:
    problems = []
    if "@" not in email or len(email) > 320 or any(char.isspace() for char in email):  # noqa: PLR2004 - RFC 5321
        problems.append(FieldProblem("email", "“{value}” bukan alamat surel.", {"value": email}))
    if role not in permissions.ROLES:
        problems.append(
            FieldProblem(
                "role",
                "Peran “{value}” tidak ada; pilih dari: {known}.",
                {"value": role, "known": ", ".join(permissions.ROLES)},
            )
        )
    if len(password) < SHORTEST_PASSWORD:
        problems.append(
            FieldProblem(
                "password",
                "Kata sandi sekurang-kurangnya {count} karakter.",
                {"count": SHORTEST_PASSWORD},
            )
        )
    if problems:
        raise Invalid(str(problems[0]), fields=tuple(problems))
    if session.get(Office, office_code) is None:
        raise NotFound("Kantor {code} tidak ada.", code=office_code)
    if session.exec(select(UserAccount.id).where(UserAccount.email == email)).first() is not None:
        raise Conflict("Surel {email} sudah dipakai.", email=email)
