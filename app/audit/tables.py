"""The audit entry: append-only and hash-linked. Its trigger refuses every change."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.infra.tables import Instant, document, instant


class AuditEntry(SQLModel, table=True):
    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index("ix_audit_entry_actor_seq", "actor", "seq"),
        sa.Index("ix_audit_entry_recorded_at", "recorded_at"),
        {"comment": "Who did what to what, in the order it became true"},
    )

    seq: int | None = Field(
        default=None,
        sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False),
    )
    recorded_at: Instant = instant()
    actor: str = Field(description="user:12, token:3, system:cli")
    action: str = Field(index=True)
    subject: str = Field(index=True, description="case:17")
    office: str = Field(default="", sa_column_kwargs={"comment": "empty: no office concerned"})
    detail: dict[str, Any] = document(comment="plain values; never NIK, names of workers, tokens")
    previous_hash: str
    entry_hash: str = Field(unique=True)
