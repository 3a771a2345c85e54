"""Offices, people, browser sessions, API tokens. Secrets are stored as digests only."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.accounts.permissions import ROLES
from app.infra.tables import Instant, checked, instant

OFFICE_KINDS = ("pusat", "wilayah", "cabang")


def _version() -> Any:  # noqa: ANN401 - a pydantic field
    """Declare the number that grows with every change, so that a stale tab is noticed."""
    return Field(default=1, sa_column_kwargs={"server_default": "1"})


class Office(SQLModel, table=True):
    __tablename__ = "office"
    __table_args__ = (
        checked("kind", "kind", OFFICE_KINDS),
        {"comment": "Kantor: the tree along which people see cases"},
    )

    code: str = Field(primary_key=True)
    name: str
    kind: str
    parent_code: str | None = Field(
        default=None,
        foreign_key="office.code",
        sa_column_kwargs={"comment": "null: the head office"},
    )
    zone: str = Field(default="Asia/Jakarta", sa_column_kwargs={"comment": "IANA name"})
    city: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    head_name: str = ""
    head_title: str = "Kepala Kantor Cabang"
    prosecutor_office: str = Field(
        default="", sa_column_kwargs={"comment": "Kejaksaan Negeri to which referrals go"}
    )
    complete: bool = Field(
        default=True,
        sa_column_kwargs={"comment": "false: known only from an extract, details are missing"},
    )
    version: int = _version()


class UserAccount(SQLModel, table=True):
    __tablename__ = "user_account"
    __table_args__ = (
        checked("role", "role", ROLES),
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        {"comment": "People who sign in"},
    )

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    name: str
    role: str
    office_code: str = Field(foreign_key="office.code", index=True)
    title: str = Field(default="", sa_column_kwargs={"comment": "jabatan, printed on letters"})
    staff_number: str = Field(default="", sa_column_kwargs={"comment": "nomor pegawai"})
    password_hash: str
    active: bool = True
    language: str = "id"
    created_at: Instant = instant()
    temporary_until: Instant | None = instant(
        nullable=True,
        comment="null: the password is the person's own; else it must be changed before then",
    )
    version: int = _version()


class WebSession(SQLModel, table=True):
    __tablename__ = "web_session"
    __table_args__ = ({"comment": "A signed-in browser; the cookie itself is not stored"},)

    cookie_sha256: str = Field(primary_key=True)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    csrf_token: str
    created_at: Instant = instant()
    last_seen_at: Instant = instant()
    browser: str = Field(
        default="",
        sa_column_kwargs={
            "server_default": "",
            "comment": "kind of browser and system, so that people know their sessions apart",
        },
    )


class ApiToken(SQLModel, table=True):
    __tablename__ = "api_token"
    __table_args__ = ({"comment": "Tokens of other systems; only their digest is stored"},)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    token_sha256: str = Field(unique=True)
    scopes: list[str] = Field(sa_column=sa.Column(ARRAY(sa.Text), nullable=False))
    office_code: str = Field(foreign_key="office.code")
    owner_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        sa_column_kwargs={"comment": "the named person it acts for; null: no legal steps"},
    )
    created_by: str
    created_at: Instant = instant()
    expires_at: Instant = instant()
    revoked_at: Instant | None = instant(nullable=True, comment="null: still good")


class SignInFailure(SQLModel, table=True):
    __tablename__ = "sign_in_failure"
    __table_args__ = (
        sa.Index("ix_sign_in_failure_email_at", "email", "failed_at"),
        {"comment": "Wrong passwords of the last hours, to slow guessing down"},
    )

    id: int | None = Field(default=None, primary_key=True)
    email: str
    failed_at: Instant = instant()
