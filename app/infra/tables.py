"""What every table shares: constraint names, UTC instants, JSON documents."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

METADATA = SQLModel.metadata


def instant(*, nullable: bool = False, comment: str = "") -> Any:  # noqa: ANN401 - a pydantic field
    """Declare a column for an aware UTC instant."""
    return Field(
        default=None if nullable else ...,
        sa_type=sa.DateTime(timezone=True),
        nullable=nullable,
        sa_column_kwargs={"comment": comment} if comment else {},
    )


def document(*, comment: str = "") -> Any:  # noqa: ANN401 - a pydantic field
    """Declare a JSONB column that is never null; an empty object by default."""
    return Field(
        default_factory=dict,
        sa_type=JSONB,
        nullable=False,
        sa_column_kwargs={"comment": comment} if comment else {},
    )


def checked(name: str, column: str, allowed: tuple[str, ...]) -> sa.CheckConstraint:
    """Return the CHECK that keeps `column` within `allowed`."""
    values = ", ".join(f"'{value}'" for value in allowed)
    return sa.CheckConstraint(f"{column} IN ({values})", name=name)


Instant = datetime


class Proposal(SQLModel):
    """What one person proposes and a second decides. Its CHECKs: `decided_by_two`."""

    state: str = "diusulkan"
    proposed_at: Instant = instant()
    proposed_by_id: int = Field(foreign_key="user_account.id")
    proposed_by_name: str
    decided_at: Instant | None = instant(nullable=True)
    decided_by_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        sa_column_kwargs={"comment": "null: undecided, or withdrawn by the proposer"},
    )
    decided_by_name: str = ""


def decided_by_two() -> tuple[sa.CheckConstraint, ...]:
    """Return the CHECKs of a table of proposals: nothing is in force but by a second person."""
    return (
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="two_people"
        ),
        sa.CheckConstraint(
            "state <> 'berlaku' OR decided_by_id IS NOT NULL", name="in_force_by_a_second_person"
        ),
        sa.CheckConstraint(
            "(state = 'diusulkan') = (decided_at IS NULL)", name="decided_when_no_longer_proposed"
        ),
    )
