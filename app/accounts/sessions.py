"""Browser sessions and the password that opens them: signing in and out, one's own account."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, delete, func, select

from app.accounts.people import end_sessions
from app.accounts.queries import ABSOLUTE_LIMIT, handle_of, user_view
from app.accounts.schemas import NewSession, Principal
from app.accounts.secrets import (
    SHORTEST_PASSWORD,
    digest,
    hash_password,
    new_session_secret,
    password_fits,
)
from app.accounts.tables import SignInFailure, UserAccount, WebSession
from app.audit import service as audit
from app.errors import FieldProblem, Forbidden, Invalid, Refused, Unauthenticated

FAILURES_ALLOWED: Final = 10
FAILURE_WINDOW: Final = timedelta(minutes=15)
LONGEST_PASSWORD: Final = 200
# A shorter name stands in ordinary words by chance.
SHORTEST_TELLING_NAME: Final = 4


class WrongPassword(Invalid):
    """The current password was not it; the caller remembers the failure as at the sign-in page."""


def sign_in(
    session: Session, *, email: str, password: str, now: datetime, browser: str = ""
) -> NewSession:
    """Open a browser session. The caller commits also when it is refused (`record_failure`).

    Raises:
        Unauthenticated: e-mail or password wrong, or the account is closed; never says which.
        Refused: too many wrong passwords for this e-mail in the last 15 minutes, or the right one
            was temporary and its time is over.
    """
    address = email.strip().lower()
    _refuse_guessing(session, email=address, now=now)
    user = session.exec(select(UserAccount).where(UserAccount.email == address)).first()
    stored = user.password_hash if user is not None and user.active else None
    if not password_fits(password, stored) or user is None or user.id is None:
        raise Unauthenticated("Surel atau kata sandi tidak cocok.")
    if user.temporary_until is not None and now >= user.temporary_until:
        raise Refused(
            "Kata sandi sementara ini sudah berakhir; minta yang baru kepada administrator."
        )
    session.exec(
        delete(WebSession).where(
            col(WebSession.user_id) == user.id, col(WebSession.created_at) < now - ABSOLUTE_LIMIT
        )
    )
    session.exec(delete(SignInFailure).where(col(SignInFailure.email) == address))
    return _open(session, user=user, browser=browser, now=now)


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


def change_password(
    session: Session,
    *,
    principal: Principal,
    cookie: str,
    current: str,
    new: str,
    repeated: str,
    now: datetime,
) -> NewSession:
    """Give oneself a password; every session ends and this browser gets a fresh one.

    Raises:
        WrongPassword: `current` is not the password (then call `record_failure`).
        Invalid: the new one is too short, is the old one, is one's address, or was mistyped.
        Refused: too many wrong passwords in the last 15 minutes.
    """
    user = _own_row(session, principal)
    _refuse_guessing(session, email=user.email, now=now)
    if not password_fits(current, user.password_hash):
        problem = FieldProblem("current_password", "Kata sandi saat ini tidak cocok.")
        raise WrongPassword(str(problem), fields=(problem,))
    problems = _password_problems(user, current=current, new=new, repeated=repeated)
    if problems:
        raise Invalid(str(problems[0]), fields=problems)
    here = session.get(WebSession, digest(cookie))
    browser = "" if here is None else here.browser
    user.password_hash = hash_password(new)
    user.temporary_until = None
    user.version += 1
    ended = end_sessions(session, user_id=user.id or 0)
    audit.record(
        session,
        actor=principal.actor,
        action="user.password_changed",
        subject=f"user:{user.id}",
        now=now,
        detail={"sessions_ended": ended},
    )
    return _open(session, user=user, browser=browser, now=now)


def end_session(session: Session, *, principal: Principal, handle: str, now: datetime) -> None:
    """End one browser session of one's own; one that is already over is no mistake."""
    rows = session.exec(select(WebSession).where(WebSession.user_id == principal.user_id))
    ended = [row for row in rows if handle_of(row.cookie_sha256) == handle]
    _end(session, principal, ended, now)


def end_other_sessions(
    session: Session, *, principal: Principal, cookie: str, now: datetime
) -> None:
    """End every browser session of one's own but this one."""
    here = digest(cookie)
    rows = session.exec(select(WebSession).where(WebSession.user_id == principal.user_id))
    _end(session, principal, [row for row in rows if row.cookie_sha256 != here], now)


def _end(session: Session, principal: Principal, ended: list[WebSession], now: datetime) -> None:
    if not ended:
        return
    for row in ended:
        session.delete(row)
    session.flush()
    audit.record(
        session,
        actor=principal.actor,
        action="session.ended",
        subject=f"user:{principal.user_id}",
        now=now,
        detail={"sessions_ended": len(ended)},
    )


def _open(session: Session, *, user: UserAccount, browser: str, now: datetime) -> NewSession:
    if user.id is None:
        raise ValueError("the account has not been stored")
    cookie, csrf_token = new_session_secret(), new_session_secret()
    session.add(
        WebSession(
            cookie_sha256=digest(cookie),
            user_id=user.id,
            csrf_token=csrf_token,
            created_at=now,
            last_seen_at=now,
            browser=browser,
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


def _own_row(session: Session, principal: Principal) -> UserAccount:
    if principal.user_id is None:
        raise Forbidden("Hanya seseorang yang masuk dapat mengganti kata sandinya.")
    return session.exec(
        select(UserAccount)
        .where(UserAccount.id == principal.user_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def _refuse_guessing(session: Session, *, email: str, now: datetime) -> None:
    failures = session.exec(
        select(func.count())
        .select_from(SignInFailure)
        .where(SignInFailure.email == email, col(SignInFailure.failed_at) > now - FAILURE_WINDOW)
    ).one()
    if failures >= FAILURES_ALLOWED:
        raise Refused("Terlalu banyak percobaan masuk; coba lagi 15 menit lagi.")


def _password_problems(
    user: UserAccount, *, current: str, new: str, repeated: str
) -> tuple[FieldProblem, ...]:
    if len(new) < SHORTEST_PASSWORD:
        return (
            FieldProblem(
                "new_password",
                "Kata sandi sekurang-kurangnya {count} karakter.",
                {"count": SHORTEST_PASSWORD},
            ),
        )
    if len(new) > LONGEST_PASSWORD:
        return (
            FieldProblem(
                "new_password",
                "Kata sandi paling banyak {count} karakter.",
                {"count": LONGEST_PASSWORD},
            ),
        )
    if new == current:
        return (FieldProblem("new_password", "Kata sandi baru harus lain dari yang lama."),)
    own = user.email.partition("@")[0]
    told = len(own) >= SHORTEST_TELLING_NAME and own in new.lower()
    if told or len(set(new)) < 5:  # noqa: PLR2004 - aaaaaaaaaaaaaaa
        return (
            FieldProblem(
                "new_password",
                "Kata sandi ini mudah ditebak; jangan memakai surel Anda atau huruf yang diulang.",
            ),
        )
    if new != repeated:
        return (FieldProblem("repeated_password", "Ulangan kata sandi tidak sama."),)
    return ()
