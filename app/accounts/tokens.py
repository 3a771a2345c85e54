"""API tokens: issued to other systems, kept only as digests, revoked."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from app.accounts import permissions
from app.accounts.offices import ensure_head_office
from app.accounts.people import MANAGE, SAME_CLICK
from app.accounts.schemas import Principal
from app.accounts.scope import within
from app.accounts.secrets import digest, is_seed, new_token, token_from
from app.accounts.tables import ApiToken, Office, UserAccount
from app.audit import service as audit
from app.errors import Conflict, FieldProblem, Invalid, NotFound

LONGEST_TOKEN_DAYS: Final = 365
LONGEST_NAME: Final = 80


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
    """Make an API token, perhaps for a named person, and return it; it is never shown again.

    For operators at the command line. Pages issue tokens for systems only: an administrator who
    could act for a branch head would be both pairs of eyes.

    Raises:
        Invalid: a scope that does not exist, or days outside 1..365.
        NotFound: the office or the owner is not there.
    """
    wanted = _checked(scopes, days)
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
    _keep(
        session,
        token=token,
        name=name,
        scopes=wanted,
        office_code=code,
        owner_id=None if owner is None else owner.id,
        days=days,
        now=now,
        actor=actor,
    )
    return token


def issue_token(
    session: Session,
    *,
    principal: Principal,
    name: str,
    scopes: Sequence[str],
    office_code: str,
    days: int,
    seed: str,
    now: datetime,
) -> str:
    """Make a token for another system, grown from `seed`, and return it.

    The same form twice makes one token and returns it again.

    Raises:
        Invalid: the name is missing, a scope does not exist, or days outside 1..365.
        NotFound: the office is not there, or out of this administrator's reach.
        Conflict: this form already made a token, another one or some time ago.
    """
    principal.require(MANAGE)
    problems = []
    if not name or len(name) > LONGEST_NAME:
        problems.append(
            FieldProblem(
                "name",
                "Beri token nama yang dikenali, paling banyak {count} huruf.",
                {"count": LONGEST_NAME},
            )
        )
    if not scopes:
        problems.append(FieldProblem("scopes", "Pilih paling sedikit satu lingkup."))
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        problems.append(
            FieldProblem(
                "days", "Masa berlaku token 1 sampai 365 hari, bukan {days}.", {"days": days}
            )
        )
    if problems:
        raise Invalid(str(problems[0]), fields=tuple(problems))
    if not is_seed(seed):
        raise Invalid("Formulir ini tidak utuh; muat ulang halaman lalu isi lagi.")
    if session.get(Office, office_code) is None or not principal.reaches(office_code):
        raise NotFound("Kantor {code} tidak ada.", code=office_code)
    token, wanted = token_from(seed), _checked(scopes, days)
    made = _keep(
        session,
        token=token,
        name=name,
        scopes=wanted,
        office_code=office_code,
        owner_id=None,
        days=days,
        now=now,
        actor=principal.actor,
    )
    if not made:
        known = session.exec(select(ApiToken).where(ApiToken.token_sha256 == digest(token))).one()
        same = (known.name, known.scopes, known.office_code) == (name, wanted, office_code)
        if not same or now - known.created_at > SAME_CLICK or known.revoked_at is not None:
            raise Conflict(
                "Formulir ini sudah dipakai untuk token “{name}”; buka formulir baru.",
                name=known.name,
            )
    return token


def revoke_token(session: Session, *, principal: Principal, token_id: int, now: datetime) -> str:
    """Make a token useless from now on and return its name; one already revoked stays as it is.

    Raises:
        NotFound: the token is not there, or out of this administrator's reach.
    """
    row = session.exec(
        select(ApiToken)
        .where(ApiToken.id == token_id, within(principal, MANAGE, ApiToken.office_code))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("Token {id} tidak ada.", id=token_id)
    if row.revoked_at is None:
        row.revoked_at = now
        audit.record(
            session,
            actor=principal.actor,
            action="token.revoked",
            subject=f"token:{row.id}",
            office=row.office_code,
            now=now,
        )
    return row.name


def _checked(scopes: Iterable[str], days: int) -> list[str]:
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
    return wanted


def _keep(
    session: Session,
    *,
    token: str,
    name: str,
    scopes: list[str],
    office_code: str,
    owner_id: int | None,
    days: int,
    now: datetime,
    actor: str,
) -> bool:
    """Store the digest and say so in the log; False when this very token is already there."""
    token_id = session.scalar(
        insert(ApiToken)
        .values(
            name=name,
            token_sha256=digest(token),
            scopes=scopes,
            office_code=office_code,
            owner_id=owner_id,
            created_by=actor,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        .on_conflict_do_nothing(index_elements=["token_sha256"])
        .returning(col(ApiToken.id))
    )
    if token_id is None:
        return False
    audit.record(
        session,
        actor=actor,
        action="token.created",
        subject=f"token:{token_id}",
        office=office_code,
        now=now,
        detail={"scopes": scopes, "days": days},
    )
    return True
