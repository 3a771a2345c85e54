"""Models that were trained, pairs as the last sweep saw them, and what people said of them."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.infra.tables import Instant, checked, document, instant
from app.linkage.schemas import BANDS, EMPLOYER, KINDS, METHODS, VERDICTS, WHYS

_MEMBER: Final = "NIK of the registered worker, or the second outside employer; empty: neither"


def _text(comment: str) -> Any:  # noqa: ANN401 - a pydantic field
    return Field(default="", sa_column_kwargs={"comment": comment})


def _list(comment: str) -> Any:  # noqa: ANN401 - a pydantic field
    return Field(default_factory=list, sa_column=sa.Column(JSONB, nullable=False, comment=comment))


class LinkageModel(SQLModel, table=True):
    __tablename__ = "linkage_model"
    __table_args__ = ({"comment": "Append-only: model files under the SHA-256 of their bytes"},)

    sha256: str = Field(primary_key=True)
    content: str = Field(sa_column_kwargs={"comment": "the file, byte for byte"})
    snapshot_id: str = Field(sa_column_kwargs={"comment": "the first it was trained on"})
    recorded_at: Instant = instant()


class LinkagePair(SQLModel, table=True):
    __tablename__ = "linkage_pair"
    __table_args__ = (
        checked("kind", "kind", KINDS),
        checked("band", "band", BANDS),
        checked("why", "why", WHYS),
        checked("exact", "exact", METHODS),
        checked("method", "method", METHODS),
        sa.CheckConstraint("chance BETWEEN 0 AND 1", name="chance_range"),
        sa.UniqueConstraint("kunci", "npp", "member", name="uq_linkage_pair_kunci_npp_member"),
        sa.Index("ix_linkage_pair_kantor_cabang_band", "kantor_cabang", "band", "weight", "id"),
        sa.Index("ix_linkage_pair_npp", "npp"),
        {"comment": "Two employers, or two workers, that may be one, as last compared"},
    )

    id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    )
    kind: str = Field(default=EMPLOYER, sa_column_kwargs={"comment": "what both sides are"})
    kunci: str = Field(
        sa_column_kwargs={"comment": "the outside employer, as flags name it; or nik: and a NIK"}
    )
    npp: str
    member: str = _text(_MEMBER)
    records: list[Any] = _list("[sumber, id_sumber] of every record of the outside side or sides")
    other_records: list[Any] = _list("those of a second outside employer; empty: none")
    band: str = Field(sa_column_kwargs={"comment": "sure, or for a person"})
    why: str = _text("what keeps it from being sure; empty: nothing")
    exact: str = _text("how exact rules link the two, whatever people said; empty: not")
    method: str = _text("how the last sweep linked the two; empty: it did not")
    weight: Decimal = Field(sa_column=sa.Column(sa.Numeric(10, 4), nullable=False, comment="bits"))
    chance: Decimal = Field(sa_column=sa.Column(sa.Numeric(7, 6), nullable=False))
    parts: list[Any] = _list("comparison, level, weight")
    outside: dict[str, Any] = document(comment="what was compared, as the source writes it")
    registered: dict[str, Any] = document(comment="what was compared, as the registry writes it")
    rival_npp: str = _text("nearly as likely; empty: none")
    heard: int = Field(
        default=0,
        sa_column=sa.Column(
            sa.BigInteger,
            nullable=False,
            # Sweeps of the release before this column write nothing into it.
            server_default="0",
            comment="of employers, the last decision that the last sweep heard; 0: none",
        ),
    )
    kantor_cabang: str = _text("of the registered employer")
    model_sha256: str = Field(foreign_key="linkage_model.sha256")
    snapshot_id: str = Field(sa_column_kwargs={"comment": "the last in which it was compared"})
    seen: bool = Field(sa_column_kwargs={"comment": "compared by the last sweep"})
    first_seen_on: date
    last_seen_on: date


class LinkageDecision(SQLModel, table=True):
    __tablename__ = "linkage_decision"
    __table_args__ = (
        checked("kind", "kind", KINDS),
        checked("verdict", "verdict", VERDICTS),
        sa.CheckConstraint("reason <> ''", name="why"),
        sa.Index("ix_linkage_decision_npp", "npp", "id"),
        sa.Index("ix_linkage_decision_kunci_npp", "kunci", "npp", "id"),
        sa.Index(
            "ix_linkage_decision_records",
            "records",
            postgresql_using="gin",
            postgresql_ops={"records": "jsonb_path_ops"},
        ),
        {"comment": "Append-only: what a person said of a pair; the newest of a record counts"},
    )

    id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    )
    kind: str = Field(default=EMPLOYER, sa_column_kwargs={"comment": "what both sides are"})
    kunci: str = Field(sa_column_kwargs={"comment": "as the outside side was named then"})
    npp: str
    member: str = _text(_MEMBER)
    records: list[Any] = _list("[sumber, id_sumber]: what the decision holds for, whatever comes")
    other_records: list[Any] = _list("those of a second outside employer; empty: none")
    verdict: str
    reason: str
    shown: dict[str, Any] = document(comment="the comparison on which the person decided")
    kantor_cabang: str
    actor: str
    recorded_at: Instant = instant()
