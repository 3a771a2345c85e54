"""Sweeps, the flags they found, and what happened to each flag."""

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.detection.schemas import (
    CONFIDENCES,
    RULE_CODES,
    STATUSES,
    VERDICTS,
)
from app.infra.tables import Instant, checked, document, instant


def _text(comment: str) -> Any:  # noqa: ANN401 - a pydantic field
    return Field(default="", sa_column_kwargs={"comment": comment})


class Sweep(SQLModel, table=True):
    __tablename__ = "sweep"
    __table_args__ = (
        sa.Index("ix_sweep_snapshot_id_swept_on", "snapshot_id", "swept_on"),
        {"comment": "A run of the rules over one snapshot that changed something or was the first"},
    )

    id: int | None = Field(default=None, primary_key=True)
    snapshot_id: str
    swept_on: date = Field(sa_column_kwargs={"comment": "the legal day the rules were asked for"})
    recorded_at: Instant = instant()
    actor: str
    rule_versions: dict[str, Any] = document(comment="rule code: version")
    rule_editions: dict[str, Any] = document(comment="rule code: edition, state, changed values")
    thresholds: dict[str, Any] = document(comment="every dated parameter as it was used")
    counts: dict[str, Any] = document(comment="rule code: new, still, gone")
    report: dict[str, Any] = document(
        comment="sources with rows and newest day, notes; empty: before it was kept"
    )
    linkage: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=sa.Column(
            JSONB,
            nullable=False,
            # Sweeps of the release before this column write nothing into it.
            server_default=sa.text("'{}'::jsonb"),
            comment="model, thresholds, how many; empty: exact only",
        ),
    )
    keeps_past: bool = Field(
        default=True,
        sa_column=sa.Column(
            sa.Boolean,
            nullable=False,
            # Sweeps of the release before this column kept nothing.
            server_default=sa.false(),
            comment="what it wrote over is kept in flag_past; false: before that was done",
        ),
    )


class Flag(SQLModel, table=True):
    __tablename__ = "flag"
    __table_args__ = (
        checked("rule", "rule", RULE_CODES),
        checked("status", "status", STATUSES),
        checked("confidence", "confidence", CONFIDENCES),
        sa.CheckConstraint("jumlah_tk >= 0", name="jumlah_tk_not_negative"),
        sa.CheckConstraint("potensi_rupiah >= 0", name="potensi_not_negative"),
        sa.CheckConstraint("skor BETWEEN 0 AND 100", name="skor_range"),
        sa.CheckConstraint("status <> 'hilang' OR NOT seen", name="gone_is_not_seen"),
        sa.CheckConstraint(
            "status <> 'ditunda' OR snooze_until IS NOT NULL", name="snoozed_until_a_day"
        ),
        sa.CheckConstraint("status <> 'ditolak' OR decision_reason <> ''", name="declined_why"),
        sa.CheckConstraint("status <> 'kasus' OR case_number <> ''", name="case_is_named"),
        sa.UniqueConstraint("rule", "subject", name="uq_flag_rule_subject"),
        sa.Index("ix_flag_kantor_cabang_status_skor", "kantor_cabang", "status", "skor", "id"),
        sa.Index("ix_flag_status_skor", "status", "skor", "id"),
        sa.Index("ix_flag_subject", "subject"),
        # Lists of the whole country by their two orders, other offices passed over without a look
        # at their flags.
        sa.Index("ix_flag_skor_id", "skor", "id", "kantor_cabang", "status"),
        sa.Index("ix_flag_potensi_rupiah_id", "potensi_rupiah", "id", "kantor_cabang", "status"),
        {"comment": "A question about one employer under one rule; never a legal effect by itself"},
    )

    id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    )
    rule: str
    rule_version: int
    rule_edition: int = Field(
        default=0, sa_column_kwargs={"comment": "what people had changed of the rule; 0: nothing"}
    )
    subject: str = Field(
        sa_column_kwargs={"comment": "the employer across sweeps: npp:…, npwp:…, nib:…, sumber:…"}
    )
    npp: str = _text("empty: not registered here")
    divisi: str = _text("empty: several, or not registered here")
    sumber: str = _text("empty: rests on the registry alone")
    id_sumber: str = _text("empty: rests on the registry alone")
    npwp: str = _text("empty: not known")
    nib: str = _text("empty: not known")
    nama: str
    alamat: str = _text("empty: not known")
    kantor_cabang: str = _text("empty: no branch serves the place")
    kode_wilayah: str = _text("PP.KK")
    jumlah_tk: int = Field(sa_column_kwargs={"comment": "workers concerned"})
    potensi_rupiah: int = Field(
        sa_column=sa.Column(sa.BigInteger, nullable=False, comment="whole rupiah, an estimate")
    )
    bulan_tunggak: int = Field(sa_column_kwargs={"comment": "distinct months, 0 but for PIUTANG"})
    skor: int
    status: str
    snapshot_id: str = Field(sa_column_kwargs={"comment": "the last one in which it was found"})
    sentence: str = Field(sa_column_kwargs={"comment": "Indonesian, as found"})
    sentence_template: str
    sentence_values: dict[str, Any] = document()
    numbers: dict[str, Any] = document(comment="what it rests on, with method and score parts")
    evidence: list[Any] = Field(
        default_factory=list,
        sa_column=sa.Column(
            JSONB, nullable=False, comment="table, line, values; holds NIKs, as flag_past does"
        ),
    )
    source_ages: dict[str, Any] = document(comment="days by source on the sweep's day")
    confidence: str
    confidence_reason: str
    facts_hash: str = Field(sa_column_kwargs={"comment": "changes when the facts change"})
    content_hash: str = _text("of all that a sweep found; empty: found before it was kept")
    seen: bool = Field(sa_column_kwargs={"comment": "found by the last sweep"})
    status_before_gone: str = _text("what it returns to with the same facts; empty: not gone")
    decision_reason: str = _text("empty: nobody decided")
    snooze_until: date | None = Field(
        default=None, sa_column_kwargs={"comment": "last day of rest, inclusive; null: none"}
    )
    exception_until: date | None = Field(
        default=None,
        sa_column_kwargs={"comment": "last day of a declined flag, inclusive; null: no end"},
    )
    case_number: str = _text("empty: no case took it")
    case_ended_on: date | None = Field(
        default=None,
        sa_column_kwargs={"comment": "the next snapshot judges anew; null: no case, or one open"},
    )
    first_found_on: date
    last_found_on: date
    changed_at: Instant = instant()
    version: int = 1


class FlagEvent(SQLModel, table=True):
    __tablename__ = "flag_event"
    __table_args__ = (
        sa.Index("ix_flag_event_flag_id", "flag_id", "id"),
        {"comment": "What happened to a flag, by a sweep or by a person; only ever added to"},
    )

    id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    )
    # No foreign key, which looks for every flag by itself: a trigger matches all rows that a
    # statement adds (migration 0029).
    flag_id: int = Field(sa_type=sa.BigInteger)
    recorded_at: Instant = instant()
    actor: str
    action: str
    from_status: str = _text("empty: the flag is new")
    to_status: str
    reason: str = _text("empty: none was asked for")
    snapshot_id: str = _text("empty: not by a sweep")
    detail: dict[str, Any] = document(comment="what moved when a decision broke; else empty")


class FlagTally(SQLModel, table=True):
    """How many flags there are, as rows to be summed.

    A sweep counts once and writes it anew; triggers of `flag` add a row for each flag that moves
    since. Whoever counts reads a few thousand rows and never those that a sweep is writing.
    """

    __tablename__ = "flag_tally"
    __table_args__ = (
        {"comment": "How many flags there are: counted by a sweep, and each that moved since"},
    )

    id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    )
    kantor_cabang: str
    kode_wilayah: str
    rule: str
    status: str
    number: int = Field(
        sa_column=sa.Column(
            sa.BigInteger, nullable=False, comment="to be summed; may be less than none"
        )
    )


class FlagPast(SQLModel, table=True):
    """What a flag said before a sweep wrote over it; its rule and employer never change."""

    __tablename__ = "flag_past"
    __table_args__ = (
        sa.Index("ix_flag_past_flag_id_replaced_at", "flag_id", "replaced_at", "id"),
        {"comment": "What a flag said until a sweep said otherwise; only ever added to"},
    )

    id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    )
    # No foreign key, as in FlagEvent.
    flag_id: int = Field(sa_type=sa.BigInteger)
    replaced_at: Instant = instant(comment="of the sweep that wrote over it; known until then")
    snapshot_id: str = Field(sa_column_kwargs={"comment": "the last one in which it was found"})
    last_found_on: date = Field(sa_column_kwargs={"comment": "the day its ages are counted to"})
    rule_version: int
    rule_edition: int
    npp: str
    divisi: str
    sumber: str
    id_sumber: str
    npwp: str
    nib: str
    nama: str
    alamat: str
    kantor_cabang: str
    kode_wilayah: str
    jumlah_tk: int
    potensi_rupiah: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))
    bulan_tunggak: int
    skor: int
    sentence: str
    sentence_template: str
    sentence_values: dict[str, Any] = document()
    numbers: dict[str, Any] = document()
    evidence: list[Any] = Field(
        default_factory=list,
        sa_column=sa.Column(JSONB, nullable=False, comment="holds NIKs, as that of the flag does"),
    )
    source_ages: dict[str, Any] = document()
    confidence: str
    confidence_reason: str
    facts_hash: str


class FlagOutcome(SQLModel, table=True):
    __tablename__ = "flag_outcome"
    __table_args__ = (
        checked("rule", "rule", RULE_CODES),
        checked("verdict", "verdict", VERDICTS),
        sa.Index("ix_flag_outcome_rule_subject", "rule", "subject", "id"),
        {"comment": "How a case that took a flag ended; only ever added to"},
    )

    id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    )
    flag_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("flag.id"), nullable=False, index=True)
    )
    rule: str
    rule_version: int = Field(sa_column_kwargs={"comment": "when the case took the flag"})
    rule_edition: int = Field(sa_column_kwargs={"comment": "when the case took the flag"})
    subject: str
    kantor_cabang: str
    kode_wilayah: str
    kbli: str = _text("empty: not known")
    skala: str = Field(
        default="",
        # The release before this column writes nothing into it.
        sa_column_kwargs={
            "server_default": "",
            "comment": "empty: not known, or ended before it was kept",
        },
    )
    case_number: str
    ended_as: str = Field(sa_column_kwargs={"comment": "the closing reason of the case"})
    verdict: str
    ended_on: date
    recorded_at: Instant = instant()


class Statistic(SQLModel, table=True):
    __tablename__ = "statistic"
    __table_args__ = (
        sa.UniqueConstraint("kind", "definition", "snapshot_id"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_hex"),
        sa.CheckConstraint("cells >= 0", name="cells_not_negative"),
        {"comment": "A published figure: definition, snapshot, terms and the digest of its result"},
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    definition: int = Field(sa_column_kwargs={"comment": "version of what is counted"})
    snapshot_id: str = Field(foreign_key="snapshot.id")
    terms: dict[str, Any] = document(comment="the day and every threshold, as they were used")
    cells: int = Field(sa_type=sa.BigInteger, sa_column_kwargs={"comment": "rows of the result"})
    sha256: str = Field(sa_column_kwargs={"comment": "names the result file"})
    computed_at: Instant = instant()
    actor: str
    release: str | None = Field(
        default=None,
        sa_column_kwargs={"comment": "the program that computed it; null: before that was kept"},
    )


class StatisticRerun(SQLModel, table=True):
    __tablename__ = "statistic_rerun"
    __table_args__ = (
        sa.Index("ix_statistic_rerun_statistic", "statistic_id", "id"),
        {
            "comment": "Append-only: a kept figure computed again, by which program and with what "
            "outcome"
        },
    )

    id: int | None = Field(default=None, primary_key=True)
    statistic_id: int = Field(foreign_key="statistic.id")
    release: str = Field(sa_column_kwargs={"comment": "the program that ran it again"})
    same: bool = Field(sa_column_kwargs={"comment": "the result is what was kept"})
    run_at: Instant = instant()
    actor: str


class RetentionTarget(SQLModel, table=True):
    __tablename__ = "retention_target"
    __table_args__ = (
        sa.CheckConstraint("one_in >= 1 AND one_in < 1000", name="one_in_range"),
        sa.CheckConstraint("year BETWEEN 2014 AND 2100", name="year_range"),
        sa.CheckConstraint("basis <> ''", name="basis_given"),
        sa.Index("ix_retention_target_office_year", "office_code", "year", "id"),
        {"comment": "Append-only: what an office aims at in a year; the last one set counts"},
    )

    id: int | None = Field(default=None, primary_key=True)
    office_code: str = Field(foreign_key="office.code")
    year: int = Field(sa_column_kwargs={"comment": "of the enrolments"})
    one_in: Decimal = Field(
        sa_column=sa.Column(
            sa.Numeric(4, 1), nullable=False, comment="one of so many is active on 31 December"
        )
    )
    basis: str = Field(sa_column_kwargs={"comment": "the plan or decree that sets it"})
    set_on: date = Field(sa_column_kwargs={"comment": "legal day on which it was entered"})
    recorded_at: Instant = instant()
    actor: str
    actor_name: str
