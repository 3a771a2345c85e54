"""Referrals under approval and the packets that were sealed. A sealed packet never changes."""

from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.infra.tables import Instant, checked, document, instant

REFERRAL_STATES: Final = ("draft", "proposed", "approved")


class Referral(SQLModel, table=True):
    __tablename__ = "referral"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "cutoff"),
        checked("status", "status", REFERRAL_STATES),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> prepared_by_id", name="two_people"
        ),
        sa.CheckConstraint("(status = 'approved') = (approved_at IS NOT NULL)", name="approved_at"),
        {
            "comment": "The letter and the figures of one case at one cut-off, "
            "as two people saw them"
        },
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    office_code: str = Field(foreign_key="office.code", index=True)
    cutoff: date = Field(sa_column_kwargs={"comment": "last day counted, inclusive"})
    status: str
    letter_number: str
    letter_on: date
    letter_nature: str
    agreement: dict[str, Any] = document(comment="number, signed_on, valid_until; empty: none")
    criminal_clause: bool = Field(
        default=False, sa_column_kwargs={"comment": "logged choice to print UU 24/2011 Pasal 55"}
    )
    basis_sha256: str = Field(sa_column_kwargs={"comment": "of the content without packet number"})
    snapshot_id: str = Field(default="", sa_column_kwargs={"comment": "empty: on no snapshot"})
    prepared_by_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        sa_column_kwargs={"comment": "null: no named person"},
    )
    prepared_by_name: str
    prepared_at: Instant = instant()
    approved_by_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        sa_column_kwargs={"comment": "null: not approved"},
    )
    approved_by_name: str = ""
    approved_at: Instant | None = instant(nullable=True, comment="null: not approved")
    version: int = 1


class Packet(SQLModel, table=True):
    __tablename__ = "packet"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "cutoff", "basis_sha256"),
        sa.UniqueConstraint("case_id", "version"),
        sa.CheckConstraint("pages > 0 AND pdf_size > 0", name="not_empty"),
        {"comment": "Append-only: sealed packets; their bytes are in the blob store"},
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True, description="PKT-PTH-J05-2026-00012-20261031-1")
    case_id: int = Field(foreign_key="case_file.id", index=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    office_code: str = Field(foreign_key="office.code", index=True)
    cutoff: date
    version: int = Field(sa_column_kwargs={"comment": "1 is the first packet of the case"})
    pages: int
    pdf_size: int = Field(sa_type=sa.BigInteger, sa_column_kwargs={"comment": "bytes"})
    pdf_sha256: str
    content_sha256: str = Field(sa_column_kwargs={"comment": "of everything printed"})
    basis_sha256: str = Field(sa_column_kwargs={"comment": "content without the packet number"})
    check_code: str
    total: int = Field(sa_type=sa.BigInteger, sa_column_kwargs={"comment": "rupiah at the cut-off"})
    files: list[dict[str, Any]] = Field(
        sa_column=sa.Column(
            JSONB, nullable=False, comment="name, sha256, size, media_type of every file"
        )
    )
    snapshot_id: str = ""
    sealed_at: Instant = instant()
    sealed_by: str = Field(sa_column_kwargs={"comment": "actor"})
    sealed_by_name: str
