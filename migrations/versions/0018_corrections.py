"""Corrections of the past: the papers whose facts moved, and what a person decided about each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_CHECKS = {
    "paper_kind": "paper_kind IN ('kasus', 'surat', 'berkas')",
    "state": "state IN ('terbuka', 'diputus', 'gugur')",
    "ground": "ground IN ('pokok_nihil', 'bulan_kurang', 'temuan_gugur', 'semua_gugur', "
    "'sebagian_gugur', 'jumlah', 'pekerja', 'pekerja_belum_disapu', 'dasar_upah', "
    "'tidak_berpengaruh', 'pembulatan', 'kecil')",
    "proposal": "proposal IN ('tarik', 'sesuaikan', 'abaikan')",
    "decision": "decision IN ('', 'tarik', 'sesuaikan', 'abaikan')",
    "decided": "(state = 'diputus') = (decision <> '')",
    "decided_at": "(decision = '') = (decided_at IS NULL)",
    "named": "(decision = '') = (decided_by_id IS NULL)",
    "reason_given": "decision = '' OR reason <> ''",
    "sha256_hex": "facts_sha256 ~ '^[0-9a-f]{64}$'",
}


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("office_code", sa.String(), nullable=False),
        sa.Column(
            "paper_key",
            sa.String(),
            nullable=False,
            comment="kasus, langkah-3, or the number of a packet",
        ),
        sa.Column("paper_kind", sa.String(), nullable=False),
        sa.Column("paper_label", sa.String(), nullable=False, comment="a sentence key"),
        sa.Column("paper_number", sa.String(), nullable=False, comment="empty: it has none"),
        sa.Column(
            "paper_step",
            sa.String(),
            nullable=False,
            comment="action of the workflow; empty: no step",
        ),
        sa.Column(
            "told_on",
            sa.Date(),
            nullable=False,
            comment="legal day at whose end it told the facts",
        ),
        sa.Column(
            "basis_snapshot_id", sa.String(), nullable=False, comment="what the paper rests on"
        ),
        sa.Column(
            "snapshot_id", sa.String(), nullable=False, comment="the one that says otherwise"
        ),
        sa.Column(
            "facts_sha256",
            sa.String(),
            nullable=False,
            comment="of the facts that moved: the same is not asked twice",
        ),
        sa.Column(
            "weight",
            postgresql.JSONB(),
            nullable=False,
            comment="rupiah, bills, workers before and after",
        ),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.String(),
            nullable=False,
            comment="gugur: the data moved on before a decision",
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(), nullable=False, comment="empty: nobody decided"),
        sa.Column("reason", sa.String(), nullable=False, comment="of the person who decided"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True, comment="null: nobody decided"),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_by_title", sa.String(), nullable=False),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="null: nobody decided",
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_correction_{name}"))
            for name, condition in _CHECKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_correction_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["office_code"], ["office.code"], name=op.f("fk_correction_office_code_office")
        ),
        sa.ForeignKeyConstraint(
            ["basis_snapshot_id"],
            ["snapshot.id"],
            name=op.f("fk_correction_basis_snapshot_id_snapshot"),
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_correction_snapshot_id_snapshot")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_correction_decided_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint(
            "case_id",
            "paper_key",
            "facts_sha256",
            name=op.f("uq_correction_case_id_paper_key_facts_sha256"),
        ),
        comment="A paper whose facts a later snapshot corrected; one row per content",
    )
    op.create_index(op.f("ix_correction_case_id"), "correction", ["case_id"])
    op.create_index("ix_correction_office_state", "correction", ["office_code", "state", "id"])
    op.create_index(
        "uq_correction_open",
        "correction",
        ["case_id", "paper_key"],
        unique=True,
        postgresql_where=sa.text("state = 'terbuka'"),
    )


def downgrade() -> None:
    op.drop_table("correction")
