"""What people change of rules and of the ranking: trials, editions, weights."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.detection.schemas import EDITION_STATES, RULE_CODES, TRIAL_STATES
from app.detection.settings import RULE_STATES
from app.infra.tables import Instant, Proposal, checked, decided_by_two, document, instant


class RuleTrial(SQLModel, table=True):
    __tablename__ = "rule_trial"
    __table_args__ = (
        checked("rule", "rule", RULE_CODES),
        checked("status", "status", TRIAL_STATES),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name="progress_range"),
        sa.CheckConstraint("(status = 'done') = (digest <> '')", name="done_with_a_digest"),
        sa.Index("ix_rule_trial_rule", "rule", "id"),
        {"comment": "A changed rule run beside the one in force on a past snapshot; no flag moves"},
    )

    id: int | None = Field(default=None, primary_key=True)
    rule: str
    snapshot_id: str
    definition: dict[str, Any] = document(comment="all that is needed to run it again")
    status: str = "queued"
    step: str = ""
    progress: int = Field(default=0, sa_column_kwargs={"comment": "per cent"})
    failure: dict[str, Any] = document(comment="sentence and values; empty: none")
    report: dict[str, Any] = document(comment="counts and samples, never a NIK")
    norms: dict[str, Any] = document(comment="rule version, law and calendar it was run under")
    digest: str = Field(
        default="", sa_column_kwargs={"comment": "SHA-256 of the report; empty: not done"}
    )
    requested_at: Instant = instant()
    requested_by: str
    requested_by_name: str
    started_at: Instant | None = instant(nullable=True)
    finished_at: Instant | None = instant(nullable=True)
    again_of_id: int | None = Field(
        default=None,
        foreign_key="rule_trial.id",
        sa_column_kwargs={"comment": "the trial whose definition was run again; null: none"},
    )


def _decided() -> tuple[sa.CheckConstraint, ...]:
    return (
        checked("state", "state", EDITION_STATES),
        *decided_by_two(),
        sa.CheckConstraint(
            "(state = 'dibatalkan') = (called_off_at IS NOT NULL)", name="called_off_by_somebody"
        ),
    )


class Change(Proposal):
    """What a change of a rule and one of the weights have in common: see `deciding`."""

    valid_from: date = Field(sa_column_kwargs={"comment": "inclusive, the sweep's legal day"})
    why: str
    reason: str = Field(
        default="", sa_column_kwargs={"comment": "why it was refused, withdrawn or called off"}
    )
    called_off_at: Instant | None = instant(
        nullable=True, comment="before its first day, after it was approved; null: it was not"
    )
    called_off_by_name: str = Field(default="", sa_column_kwargs={"server_default": ""})


class RuleEdition(Change, table=True):
    __tablename__ = "rule_edition"
    __table_args__ = (
        checked("rule", "rule", RULE_CODES),
        checked("rule_state", "rule_state", RULE_STATES),
        *_decided(),
        sa.UniqueConstraint("rule", "number", name="uq_rule_edition_rule_number"),
        sa.Index(
            "uq_rule_edition_waiting",
            "rule",
            unique=True,
            postgresql_where=sa.text("state = 'diusulkan'"),
        ),
        {"comment": "What people changed of a rule; never altered once it has begun"},
    )

    id: int | None = Field(default=None, primary_key=True)
    rule: str
    number: int = Field(sa_column_kwargs={"comment": "from 1 per rule; refused ones keep theirs"})
    rule_version: int = Field(
        # The release before this column writes nothing into it and has one version of each rule.
        sa_column_kwargs={
            "server_default": "1",
            "comment": "of the rule's code, which this edition runs",
        }
    )
    rule_state: str
    values: dict[str, Any] = document(comment="only what differs from what ships")
    trial_id: int = Field(
        foreign_key="rule_trial.id",
        sa_column_kwargs={"comment": "the report both people decided on"},
    )


class RankingEdition(Change, table=True):
    __tablename__ = "ranking_edition"
    __table_args__ = (
        *_decided(),
        sa.Index(
            "uq_ranking_edition_waiting",
            "state",
            unique=True,
            postgresql_where=sa.text("state = 'diusulkan'"),
        ),
        {"comment": "Weights by which flags are ordered; never altered once they have begun"},
    )

    id: int | None = Field(
        default=None,
        primary_key=True,
        sa_column_kwargs={"comment": "also the number of the edition"},
    )
    points: dict[str, Any] = document(comment="element: weight; together 100")
    effect: dict[str, Any] = document(comment="what the proposer saw that it would change")
