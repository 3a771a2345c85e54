"""Sweeps, flags and the history of each flag."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flag",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column(
            "subject",
            sa.String(),
            nullable=False,
            comment="the employer across sweeps: npp:…, npwp:…, nib:…, sumber:…",
        ),
        sa.Column("npp", sa.String(), nullable=False, comment="empty: not registered here"),
        sa.Column(
            "divisi", sa.String(), nullable=False, comment="empty: several, or not registered here"
        ),
        sa.Column(
            "sumber", sa.String(), nullable=False, comment="empty: rests on the registry alone"
        ),
        sa.Column(
            "id_sumber", sa.String(), nullable=False, comment="empty: rests on the registry alone"
        ),
        sa.Column("npwp", sa.String(), nullable=False, comment="empty: not known"),
        sa.Column("nib", sa.String(), nullable=False, comment="empty: not known"),
        sa.Column("nama", sa.String(), nullable=False),
        sa.Column("alamat", sa.String(), nullable=False, comment="empty: not known"),
        sa.Column(
            "kantor_cabang",
            sa.String(),
            nullable=False,
            comment="empty: no branch serves the place",
        ),
        sa.Column("kode_wilayah", sa.String(), nullable=False, comment="PP.KK"),
        sa.Column("jumlah_tk", sa.Integer(), nullable=False, comment="workers concerned"),
        sa.Column(
            "potensi_rupiah", sa.BigInteger(), nullable=False, comment="whole rupiah, an estimate"
        ),
        sa.Column(
            "bulan_tunggak",
            sa.Integer(),
            nullable=False,
            comment="distinct months, 0 but for PIUTANG",
        ),
        sa.Column("skor", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column(
            "snapshot_id", sa.String(), nullable=False, comment="the last one in which it was found"
        ),
        sa.Column("sentence", sa.String(), nullable=False, comment="Indonesian, as found"),
        sa.Column("sentence_template", sa.String(), nullable=False),
        sa.Column("sentence_values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "numbers",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="what it rests on, with method and score parts",
        ),
        sa.Column(
            "evidence",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="table, line, values; the only place with a NIK",
        ),
        sa.Column(
            "source_ages",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="days by source on the sweep's day",
        ),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("confidence_reason", sa.String(), nullable=False),
        sa.Column(
            "facts_hash", sa.String(), nullable=False, comment="changes when the facts change"
        ),
        sa.Column("seen", sa.Boolean(), nullable=False, comment="found by the last sweep"),
        sa.Column(
            "status_before_gone",
            sa.String(),
            nullable=False,
            comment="what it returns to with the same facts; empty: not gone",
        ),
        sa.Column("decision_reason", sa.String(), nullable=False, comment="empty: nobody decided"),
        sa.Column(
            "snooze_until",
            sa.Date(),
            nullable=True,
            comment="last day of rest, inclusive; null: none",
        ),
        sa.Column("case_number", sa.String(), nullable=False, comment="empty: no case took it"),
        sa.Column("first_found_on", sa.Date(), nullable=False),
        sa.Column("last_found_on", sa.Date(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confidence IN ('tinggi', 'sedang', 'perlu ditinjau')", name=op.f("ck_flag_confidence")
        ),
        sa.CheckConstraint(
            "rule IN ('PWBD', 'PDS_TK', 'PDS_UPAH', 'PDS_PROGRAM', 'PIUTANG', 'LAPSED')",
            name=op.f("ck_flag_rule"),
        ),
        sa.CheckConstraint(
            "status <> 'ditolak' OR decision_reason <> ''", name=op.f("ck_flag_declined_why")
        ),
        sa.CheckConstraint(
            "status <> 'ditunda' OR snooze_until IS NOT NULL",
            name=op.f("ck_flag_snoozed_until_a_day"),
        ),
        sa.CheckConstraint("status <> 'hilang' OR NOT seen", name=op.f("ck_flag_gone_is_not_seen")),
        sa.CheckConstraint(
            "status <> 'kasus' OR case_number <> ''", name=op.f("ck_flag_case_is_named")
        ),
        sa.CheckConstraint(
            "status IN ('baru', 'ditinjau', 'ditunda', 'ditolak', 'kasus', 'hilang')",
            name=op.f("ck_flag_status"),
        ),
        sa.CheckConstraint("jumlah_tk >= 0", name=op.f("ck_flag_jumlah_tk_not_negative")),
        sa.CheckConstraint("potensi_rupiah >= 0", name=op.f("ck_flag_potensi_not_negative")),
        sa.CheckConstraint("skor BETWEEN 0 AND 100", name=op.f("ck_flag_skor_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("rule", "subject", name="uq_flag_rule_subject"),
        comment="A question about one employer under one rule; never a legal effect by itself",
    )
    op.create_index(
        "ix_flag_kantor_cabang_status_skor",
        "flag",
        ["kantor_cabang", "status", "skor", "id"],
        unique=False,
    )
    op.create_index("ix_flag_status_skor", "flag", ["status", "skor", "id"], unique=False)
    op.create_index("ix_flag_subject", "flag", ["subject"], unique=False)
    op.create_table(
        "sweep",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.String(), nullable=False),
        sa.Column(
            "swept_on", sa.Date(), nullable=False, comment="the legal day the rules were asked for"
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column(
            "rule_versions",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="rule code: version",
        ),
        sa.Column(
            "thresholds",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="every dated parameter as it was used",
        ),
        sa.Column(
            "counts",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="rule code: new, still, gone",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweep")),
        comment="A run of the rules over one snapshot that changed something or was the first",
    )
    op.create_index(
        "ix_sweep_snapshot_id_swept_on", "sweep", ["snapshot_id", "swept_on"], unique=False
    )
    op.create_table(
        "flag_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("flag_id", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("from_status", sa.String(), nullable=False, comment="empty: the flag is new"),
        sa.Column("to_status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False, comment="empty: none was asked for"),
        sa.Column("snapshot_id", sa.String(), nullable=False, comment="empty: not by a sweep"),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name=op.f("fk_flag_event_flag_id_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_event")),
        comment="What happened to a flag, by a sweep or by a person",
    )
    op.create_index("ix_flag_event_flag_id", "flag_event", ["flag_id", "id"], unique=False)


def downgrade() -> None:

    op.drop_index("ix_flag_event_flag_id", table_name="flag_event")
    op.drop_table("flag_event")
    op.drop_index("ix_sweep_snapshot_id_swept_on", table_name="sweep")
    op.drop_table("sweep")
    op.drop_index("ix_flag_subject", table_name="flag")
    op.drop_index("ix_flag_status_skor", table_name="flag")
    op.drop_index("ix_flag_kantor_cabang_status_skor", table_name="flag")
    op.drop_table("flag")
