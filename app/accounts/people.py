"""Changes to people: added, invited, moved, closed and opened again, given a new password."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, select

from app.accounts import permissions
from app.accounts.queries import HEAD_OFFICE, user_view
from app.accounts.schemas import Invitation, PersonDetails, Principal, UserView
from app.accounts.scope import within
from app.accounts.secrets import (
    SHORTEST_PASSWORD,
    hash_password,
    is_seed,
    password_fits,
    password_from,
)
from app.accounts.tables import Office, UserAccount, WebSession
from app.audit import service as audit
from app.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, Stale

MANAGE: Final = "accounts.manage"
TEMPORARY_FOR: Final = timedelta(days=7)
# A form that comes a second time within this time is the same click.
SAME_CLICK: Final = timedelta(minutes=10)
LONGEST_LINE: Final = 200


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
    """Add a person with a password of their own.

    Raises:
        Invalid: role unknown, e-mail malformed, or password shorter than 15 characters.
        NotFound: the office is not there.
        Conflict: the e-mail is taken.
    """
    details = PersonDetails(name, role, office_code, title, staff_number)
    return _insert(
        session,
        email=email.strip().lower(),
        details=details,
        password=password,
        temporary_until=None,
        now=now,
        actor=actor,
    )


def invite(
    session: Session,
    *,
    principal: Principal,
    email: str,
    details: PersonDetails,
    seed: str,
    now: datetime,
) -> Invitation:
    """Add a person with a temporary password grown from `seed`; the same form twice adds one.

    Raises:
        Invalid: something typed is wrong; names each field.
        NotFound: the office is not there, or out of this administrator's reach.
        Conflict: the e-mail is taken.
    """
    principal.require(MANAGE)
    _check_seed(seed)
    address, password = email.strip().lower(), password_from(seed)
    if principal.offices is not None and details.office_code not in principal.offices:
        raise NotFound("Kantor {code} tidak ada.", code=details.office_code)
    known = session.exec(select(UserAccount).where(UserAccount.email == address)).first()
    if known is not None and (again := _same_click(known, password=password, now=now)):
        return again
    until = now + TEMPORARY_FOR
    user = _insert(
        session,
        email=address,
        details=details,
        password=password,
        temporary_until=until,
        now=now,
        actor=principal.actor,
    )
    return Invitation(user=user, password=password, until=until)


def change_person(
    session: Session,
    *,
    principal: Principal,
    user_id: int,
    details: PersonDetails,
    expected_version: int,
    now: datetime,
) -> UserView:
    """Write what an administrator decided about a person; takes hold at their next click.

    Raises:
        Invalid: something typed is wrong; names each field.
        NotFound: the person or the office is not there, or out of reach.
        Refused: it would change one's own role or office, or leave nobody to administer.
        Stale: somebody changed the person since.
    """
    administrators = _locked_administrators(session)
    row = _locked(session, principal=principal, user_id=user_id)
    _check_version(row, expected_version)
    _check_details(details, role_was=row.role)
    if session.get(Office, details.office_code) is None or not principal.reaches(
        details.office_code
    ):
        raise NotFound("Kantor {code} tidak ada.", code=details.office_code)
    moved = (details.role, details.office_code) != (row.role, row.office_code)
    if moved and user_id == principal.user_id:
        raise Refused(
            "Peran dan kantor Anda sendiri hanya dapat diubah oleh administrator lain, supaya Anda "
            "tidak terkunci di luar."
        )
    if moved:
        _keep_an_administrator(session, row, administrators)
    values = {
        "name": details.name,
        "role": details.role,
        "office_code": details.office_code,
        "title": details.title,
        "staff_number": details.staff_number,
    }
    before = {name: getattr(row, name) for name in values}
    changed = sorted(name for name, value in values.items() if before[name] != value)
    if not changed:
        return user_view(row)
    row.sqlmodel_update(values)
    row.version += 1
    session.flush()
    _record(
        session,
        principal,
        row,
        "user.changed",
        now,
        # Names stay out of the log; a role and an office are what was decided.
        fields=changed,
        **{f"{name}_was": before[name] for name in ("role", "office_code") if name in changed},
        **{name: values[name] for name in ("role", "office_code") if name in changed},
    )
    return user_view(row)


def deactivate(
    session: Session, *, principal: Principal, user_id: int, expected_version: int, now: datetime
) -> UserView:
    """Close an account and end its browser sessions; what the person did stays under their name.

    Raises:
        NotFound: the person is not there, or out of reach.
        Refused: it is one's own account, or the last that can administer.
        Stale: somebody changed the person since.
    """
    administrators = _locked_administrators(session)
    row = _locked(session, principal=principal, user_id=user_id)
    if not row.active:
        return user_view(row)
    _check_version(row, expected_version)
    if user_id == principal.user_id:
        raise Refused(
            "Akun Anda sendiri hanya dapat dinonaktifkan oleh administrator lain, supaya Anda "
            "tidak terkunci di luar."
        )
    _keep_an_administrator(session, row, administrators)
    row.active = False
    row.version += 1
    ended = end_sessions(session, user_id=user_id)
    _record(session, principal, row, "user.deactivated", now, sessions_ended=ended)
    return user_view(row)


def reactivate(
    session: Session, *, principal: Principal, user_id: int, expected_version: int, now: datetime
) -> UserView:
    """Open a closed account again, with the password it had.

    Raises:
        NotFound: the person is not there, or out of reach.
        Stale: somebody changed the person since.
    """
    row = _locked(session, principal=principal, user_id=user_id)
    if row.active:
        return user_view(row)
    _check_version(row, expected_version)
    row.active = True
    row.version += 1
    # A sign-in that was under way when the account was closed must not come back to life.
    end_sessions(session, user_id=user_id)
    _record(session, principal, row, "user.reactivated", now)
    return user_view(row)


def reset_password(
    session: Session,
    *,
    principal: Principal,
    user_id: int,
    seed: str,
    expected_version: int,
    now: datetime,
) -> Invitation:
    """Give a person a temporary password and end their sessions; the same form twice gives one.

    Raises:
        NotFound: the person is not there, or out of reach.
        Refused: it is one's own account, or the account is closed.
        Stale: somebody changed the person since.
    """
    _check_seed(seed)
    row = _locked(session, principal=principal, user_id=user_id)
    password = password_from(seed)
    if again := _same_click(row, password=password, now=now):
        return again
    _check_version(row, expected_version)
    if user_id == principal.user_id:
        raise Refused("Ganti kata sandi Anda sendiri di halaman Akun saya.")
    if not row.active:
        raise Refused("Akun ini nonaktif; aktifkan dahulu, lalu buat kata sandi sementara.")
    until = now + TEMPORARY_FOR
    row.password_hash = hash_password(password)
    row.temporary_until = until
    row.version += 1
    ended = end_sessions(session, user_id=user_id)
    _record(session, principal, row, "user.password_reset", now, sessions_ended=ended)
    return Invitation(user=user_view(row), password=password, until=until)


def user_id_of(session: Session, *, principal: Principal, email: str) -> tuple[int, int]:
    """Return the id and the version of the person with this e-mail, closed accounts included.

    Raises:
        NotFound: nobody in reach has it.
    """
    found = session.exec(
        select(UserAccount.id, UserAccount.version).where(
            UserAccount.email == email.strip().lower(),
            within(principal, MANAGE, UserAccount.office_code),
        )
    ).first()
    if found is None or found[0] is None:
        raise NotFound("Tidak ada pengguna dengan surel {email}.", email=email)
    return found[0], found[1]


def end_sessions(session: Session, *, user_id: int) -> int:
    """End every browser session of a person and return how many there were."""
    ended = session.exec(
        delete(WebSession)
        .where(col(WebSession.user_id) == user_id)
        .returning(col(WebSession.cookie_sha256))
    )
    return len(ended.all())


def _insert(
    session: Session,
    *,
    email: str,
    details: PersonDetails,
    password: str,
    temporary_until: datetime | None,
    now: datetime,
    actor: str,
) -> UserView:
    _check_details(details, role_was=None, also=_sign_in_problems(email, password))
    if session.get(Office, details.office_code) is None:
        raise NotFound("Kantor {code} tidak ada.", code=details.office_code)
    # Two clicks at once: the second waits here for the first and then finds the e-mail taken.
    new_id = session.scalar(
        insert(UserAccount)
        .values(
            email=email,
            name=details.name,
            role=details.role,
            office_code=details.office_code,
            title=details.title,
            staff_number=details.staff_number,
            password_hash=hash_password(password),
            temporary_until=temporary_until,
            active=True,
            language="id",
            created_at=now,
            version=1,
        )
        .on_conflict_do_nothing(index_elements=["email"])
        .returning(col(UserAccount.id))
    )
    if new_id is None:
        raise Conflict("Surel {email} sudah dipakai.", email=email)
    user = session.get_one(UserAccount, new_id)
    audit.record(
        session,
        actor=actor,
        action="user.added",
        subject=f"user:{user.id}",
        office=details.office_code,
        now=now,
        detail={"role": details.role},
    )
    return user_view(user)


def _same_click(row: UserAccount, *, password: str, now: datetime) -> Invitation | None:
    """Return the invitation again if this very form made it a moment ago."""
    until = row.temporary_until
    if until is None or now - (until - TEMPORARY_FOR) > SAME_CLICK:
        return None
    if not password_fits(password, row.password_hash):
        return None
    return Invitation(user=user_view(row), password=password, until=until)


def _locked(session: Session, *, principal: Principal, user_id: int) -> UserAccount:
    condition = within(principal, MANAGE, UserAccount.office_code)
    row = session.exec(
        select(UserAccount)
        .where(UserAccount.id == user_id, condition)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("Pengguna {id} tidak ada.", id=user_id)
    return row


def _locked_administrators(session: Session) -> tuple[UserAccount, ...]:
    """Return those who can administer; two who would remove each other take turns here."""
    rows = session.exec(
        select(UserAccount)
        .where(UserAccount.role == permissions.ADMINISTRATOR, col(UserAccount.active))
        .order_by(col(UserAccount.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return tuple(rows)


def _keep_an_administrator(
    session: Session, row: UserAccount, administrators: tuple[UserAccount, ...]
) -> None:
    """Raises: Refused: nobody could administer what this person can, once they no longer do."""
    if all(one.id != row.id for one in administrators):
        return
    others = {one.office_code for one in administrators if one.id != row.id}
    head = session.exec(select(Office.code).where(Office.kind == HEAD_OFFICE)).first()
    if not others or (row.office_code == head and head not in others):
        raise Refused(
            "{name} adalah administrator terakhir yang menjangkau semua kantor; tetapkan "
            "administrator lain di kantor pusat terlebih dahulu.",
            name=row.name,
        )


def _check_version(row: UserAccount, expected: int) -> None:
    if row.version != expected:
        raise Stale(
            "Data {name} sudah diubah orang lain sejak halaman ini dibuka; muat ulang, lalu ulangi "
            "perubahan Anda.",
            name=row.name,
        )


def _check_seed(seed: str) -> None:
    if not is_seed(seed):
        raise Invalid("Formulir ini tidak utuh; muat ulang halaman lalu isi lagi.")


def _check_details(
    details: PersonDetails, *, role_was: str | None, also: tuple[FieldProblem, ...] = ()
) -> None:
    problems = list(also)
    lines = {
        "name": details.name,
        "title": details.title,
        "staff_number": details.staff_number,
    }
    if not details.name.strip():
        problems.append(FieldProblem("name", "Isi nama lengkap."))
    for field, text in lines.items():
        if len(text) > LONGEST_LINE:
            problems.append(
                FieldProblem(
                    field,
                    "Isian {field} paling banyak {max_length} huruf.",
                    {"field": field, "max_length": LONGEST_LINE},
                )
            )
    if details.role not in permissions.ROLES and details.role != role_was:
        problems.append(
            FieldProblem(
                "role",
                "Peran “{value}” tidak ada; pilih dari: {known}.",
                {"value": details.role, "known": ", ".join(permissions.ROLES)},
            )
        )
    if problems:
        raise Invalid(str(problems[0]), fields=tuple(problems))


def _sign_in_problems(email: str, password: str) -> tuple[FieldProblem, ...]:
    problems = []
    if "@" not in email or len(email) > 320 or any(char.isspace() for char in email):  # noqa: PLR2004 - RFC 5321
        problems.append(FieldProblem("email", "“{value}” bukan alamat surel.", {"value": email}))
    if len(password) < SHORTEST_PASSWORD:
        problems.append(
            FieldProblem(
                "password",
                "Kata sandi sekurang-kurangnya {count} karakter.",
                {"count": SHORTEST_PASSWORD},
            )
        )
    return tuple(problems)


def _record(
    session: Session,
    principal: Principal,
    row: UserAccount,
    action: str,
    now: datetime,
    **detail: object,
) -> None:
    audit.record(
        session,
        actor=principal.actor,
        action=action,
        subject=f"user:{row.id}",
        office=row.office_code,
        now=now,
        detail=detail,
    )
