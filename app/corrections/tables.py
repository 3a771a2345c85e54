"""Corrections of the past, paper by paper, with what a person decided about each."""

from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.corrections.weighing import Choice, Ground, Kind
from app.infra.tables import Instant, checked, document, instant

STATES: Final = ("terbuka", "diputus", "gugur")


class CorrectionRow(SQLModel, table=True):
    __tablename__ = "correction"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "paper_key", "facts_sha256"),
        checked("paper_kind", "paper_kind", tuple(Kind)),
        checked("state", "state", STATES),
        checked("ground", "ground", tuple(Ground)),
        checked("proposal", "proposal", tuple(Choice)),
        checked("decision", "decision", ("", *Choice)),
        sa.CheckConstraint("(state = 'diputus') = (decision <> '')", name="decided"),
        sa.CheckConstraint("(decision = '') = (decided_at IS NULL)", name="decided_at"),
        sa.CheckConstraint("(decision = '') = (decided_by_id IS NULL)", name="named"),
        sa.CheckConstraint("decision = '' OR reason <> ''", name="reason_given"),
        sa.CheckConstraint("facts_sha256 ~ '^[0-9a-f]{64}$'", name="sha256_hex"),
        sa.Index(
            "uq_correction_open",
            "case_id",
            "paper_key",
            unique=True,
            postgresql_where=sa.text("state = 'terbuka'"),
        ),
        sa.Index("ix_correction_office_state", "office_code", "state", "id"),
        {"comment": "A paper whose facts a later snapshot corrected; one row per content"},
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    office_code: str = Field(foreign_key="office.code")
    paper_key: str = Field(
        sa_column_kwargs={"comment": "kasus, langkah-3, or the number of a packet"}
    )
    paper_kind: str
    paper_label: str = Field(sa_column_kwargs={"comment": "a sentence key"})
    paper_number: str = Field(default="", sa_column_kwargs={"comment": "empty: it has none"})
    paper_step: str = Field(
        default="", sa_column_kwargs={"comment": "action of the workflow; empty: no step"}
    )
    told_on: date = Field(sa_column_kwargs={"comment": "legal day at whose end it told the facts"})
    basis_snapshot_id: str = Field(
        foreign_key="snapshot.id", sa_column_kwargs={"comment": "what the paper rests on"}
    )
    snapshot_id: str = Field(
        foreign_key="snapshot.id", sa_column_kwargs={"comment": "the one that says otherwise"}
    )
    facts_sha256: str = Field(
        sa_column_kwargs={"comment": "of the facts that moved: the same is not asked twice"}
    )
    weight: dict[str, Any] = document(comment="rupiah, bills, workers before and after")
    ground: str
    proposal: str
    state: str = Field(sa_column_kwargs={"comment": "gugur: the data moved on before a decision"})
    found_at: Instant = instant()
    decision: str = Field(default="", sa_column_kwargs={"comment": "empty: nobody decided"})
    reason: str = Field(default="", sa_column_kwargs={"comment": "of the person who decided"})
    decided_by_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        sa_column_kwargs={"comment": "null: nobody decided"},
    )
    decided_by_name: str = ""
    decided_by_title: str = ""
    decided_at: Instant | None = instant(nullable=True, comment="null: nobody decided")
    version: int = 1
