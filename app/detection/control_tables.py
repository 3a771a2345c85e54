"""Draws by lot, the employers drawn, and what came of each visit. Every table only grows."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.detection.control_schemas import EVENTS, RESULTS, STRATA
from app.detection.schemas import RULE_CODES
from app.infra.tables import Instant, checked, document, instant


def _subset(name: str, column: str, allowed: tuple[str, ...]) -> sa.CheckConstraint:
    values = ", ".join(f"'{value}'" for value in allowed)
    return sa.CheckConstraint(f"{column} <@ ARRAY[{values}]::text[]", name=name)


class ControlDraw(SQLModel, table=True):
    __tablename__ = "control_draw"
    __table_args__ = (
        sa.CheckConstraint("last_on >= first_on", name="period"),
        sa.CheckConstraint("wanted > 0", name="wanted_positive"),
        sa.CheckConstraint("frame_sha256 ~ '^[0-9a-f]{64}$'", name="frame_sha256_hex"),
        sa.CheckConstraint("list_sha256 ~ '^[0-9a-f]{64}$'", name="list_sha256_hex"),
        _subset("strata", "strata", STRATA),
        sa.UniqueConstraint("office_code", "year", "turn"),
        {"comment": "Append-only: employers drawn by lot, with all that is needed to draw again"},
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True, description="SK-J05-2026-001")
    office_code: str = Field(foreign_key="office.code")
    year: int
    turn: int = Field(sa_column_kwargs={"comment": "from 1 per office and year, without gaps"})
    snapshot_id: str = Field(foreign_key="snapshot.id")
    sweep_id: int = Field(
        foreign_key="sweep.id",
        sa_column_kwargs={"comment": "whose flags stood when the lot was drawn"},
    )
    first_on: date = Field(sa_column_kwargs={"comment": "of the visits, inclusive"})
    last_on: date = Field(sa_column_kwargs={"comment": "of the visits, inclusive"})
    wanted: int
    strata: list[str] = Field(sa_column=sa.Column(ARRAY(sa.Text), nullable=False))
    seed: str
    definition: int = Field(sa_column_kwargs={"comment": "version of how is drawn"})
    frame: dict[str, Any] = document(
        comment="offices, strata (size, drawn); by office: groups of the register and of flags"
    )
    frame_sha256: str = Field(sa_column_kwargs={"comment": "of npp and stratum, by npp"})
    list_sha256: str = Field(sa_column_kwargs={"comment": "of the drawn npps, in their order"})
    why: str
    drawn_on: date = Field(sa_column_kwargs={"comment": "legal day"})
    drawn_at: Instant = instant()
    drawn_by_id: int = Field(foreign_key="user_account.id")
    drawn_by_name: str


class ControlEmployer(SQLModel, table=True):
    __tablename__ = "control_employer"
    __table_args__ = (
        sa.UniqueConstraint("draw_id", "place"),
        sa.UniqueConstraint("draw_id", "npp"),
        _subset("flagged", "flagged", RULE_CODES),
        sa.CheckConstraint("weight_of > 0 AND weight_per > 0", name="weight_positive"),
        sa.Index("ix_control_employer_office", "office_code", "id"),
        {"comment": "Append-only: an employer drawn, as the snapshot knew it"},
    )

    id: int | None = Field(default=None, primary_key=True)
    draw_id: int = Field(foreign_key="control_draw.id")
    place: int = Field(sa_column_kwargs={"comment": "in the order of the lot, from 1"})
    npp: str
    office_code: str = Field(sa_column_kwargs={"comment": "the branch of its head divisi"})
    employer: dict[str, Any] = document(comment="its row in the snapshot")
    stratum: str = Field(sa_column_kwargs={"comment": "empty: the draw has no strata"})
    weight_of: int = Field(sa_column_kwargs={"comment": "employers of the stratum"})
    weight_per: int = Field(sa_column_kwargs={"comment": "drawn of them"})
    flagged: list[str] = Field(
        sa_column=sa.Column(
            ARRAY(sa.Text), nullable=False, comment="rules whose flags stood at the draw"
        )
    )


class ControlEvent(SQLModel, table=True):
    __tablename__ = "control_event"
    __table_args__ = (
        checked("kind", "kind", EVENTS),
        checked("result", "result", ("", *RESULTS)),
        _subset("violations", "violations", RULE_CODES),
        sa.CheckConstraint("(kind = 'hasil') = (result <> '')", name="outcome_has_a_result"),
        sa.CheckConstraint("(kind = 'hasil') = (visited_on IS NOT NULL)", name="outcome_has_a_day"),
        sa.CheckConstraint(
            "(result = 'melanggar') = (cardinality(violations) > 0)", name="violation_is_named"
        ),
        sa.CheckConstraint("rupiah >= 0 AND workers >= 0", name="estimate_not_negative"),
        sa.CheckConstraint(
            "result = 'melanggar' OR (rupiah = 0 AND workers = 0)",
            name="estimate_only_of_a_violation",
        ),
        sa.CheckConstraint("(kind = 'kasus') = (case_number <> '')", name="case_is_named"),
        sa.Index("ix_control_event_employer", "employer_id", "id"),
        sa.Index("ix_control_event_officer", "officer_id", "employer_id"),
        {"comment": "Append-only: who goes, what was found, which case; the last of a kind counts"},
    )

    id: int | None = Field(default=None, primary_key=True)
    employer_id: int = Field(foreign_key="control_employer.id")
    kind: str
    officer_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        sa_column_kwargs={"comment": "who is to go; null: not an assignment"},
    )
    visited_on: date | None = Field(
        default=None, sa_column_kwargs={"comment": "legal day; null: not an outcome"}
    )
    result: str = Field(default="", sa_column_kwargs={"comment": "empty: not an outcome"})
    violations: list[str] = Field(
        default_factory=list, sa_column=sa.Column(ARRAY(sa.Text), nullable=False)
    )
    rupiah: int = Field(
        default=0,
        sa_column=sa.Column(sa.BigInteger, nullable=False, comment="whole rupiah, an estimate"),
    )
    workers: int = Field(default=0, sa_column_kwargs={"comment": "concerned, an estimate"})
    note: str = Field(default="", sa_column_kwargs={"comment": "what was found and how"})
    case_number: str = Field(default="", sa_column_kwargs={"comment": "empty: not a case"})
    recorded_at: Instant = instant()
    actor: str
    actor_name: str
