"""Values of parameters that administrators proposed, each approved by a second person or not."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.infra.tables import Proposal, checked, decided_by_two, document

STATES = ("diusulkan", "berlaku", "ditolak", "dicabut")


class ParameterVersionRow(Proposal, table=True):
    __tablename__ = "parameter_version"
    __table_args__ = (
        checked("state", "state", STATES),
        checked("grade", "grade", ("A", "B", "C")),
        *decided_by_two(),
        sa.Index(
            "uq_parameter_version_in_force",
            "key",
            "valid_from",
            unique=True,
            postgresql_where=sa.text("state IN ('diusulkan', 'berlaku')"),
        ),
        {"comment": "Values of law added after the program shipped; never changed once in force"},
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_column_kwargs={"comment": "the parameter's key in docs/parameters.md"})
    valid_from: date = Field(sa_column_kwargs={"comment": "inclusive"})
    value: Any = Field(
        sa_type=JSONB,
        nullable=False,
        sa_column_kwargs={"comment": "rates as decimal text, money as whole rupiah"},
    )
    instrument: str
    article: str = Field(default="", sa_column_kwargs={"comment": "empty: not known"})
    grade: str = Field(sa_column_kwargs={"comment": "A the norm was read, B a source about it"})
    source: str = Field(sa_column_kwargs={"comment": "where the proposer read it"})
    note: str = ""
    impact: Any = document(comment="what the proposer saw that it would change")
    reason: str = Field(default="", sa_column_kwargs={"comment": "why it was refused"})
