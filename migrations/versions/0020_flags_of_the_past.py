"""What a flag said before a sweep wrote over it, so that it can be read as known on a day.

Sweeps before this migration kept nothing of the kind, and are marked so: of their days a page
says that it is not known, instead of showing what was found later.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_EVIDENCE_BEFORE = "table, line, values; the only place with a NIK"
_EVIDENCE = "table, line, values; holds NIKs, as flag_past does"
_TEXTS = (
    "npp", "divisi", "sumber", "id_sumber", "npwp", "nib", "nama", "alamat", "kantor_cabang",
    "kode_wilayah",
)  # fmt: skip


def upgrade() -> None:
    op.add_column(
        "sweep",
        sa.Column(
            "keeps_past",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="what it wrote over is kept in flag_past; false: before that was done",
        ),
    )
    op.create_table(
        "flag_past",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("flag_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "replaced_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="of the sweep that wrote over it; known until then",
        ),
        sa.Column(
            "snapshot_id",
            sa.String(),
            nullable=False,
            comment="the last one in which it was found",
        ),
        sa.Column(
            "last_found_on",
            sa.Date(),
            nullable=False,
            comment="the day its ages are counted to",
        ),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("rule_edition", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in _TEXTS),
        sa.Column("jumlah_tk", sa.Integer(), nullable=False),
        sa.Column("potensi_rupiah", sa.BigInteger(), nullable=False),
        sa.Column("bulan_tunggak", sa.Integer(), nullable=False),
        sa.Column("skor", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("sentence_template", sa.String(), nullable=False),
        sa.Column("sentence_values", postgresql.JSONB(), nullable=False),
        sa.Column("numbers", postgresql.JSONB(), nullable=False),
        sa.Column(
            "evidence",
            postgresql.JSONB(),
            nullable=False,
            comment="holds NIKs, as that of the flag does",
        ),
        sa.Column("source_ages", postgresql.JSONB(), nullable=False),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("confidence_reason", sa.String(), nullable=False),
        sa.Column("facts_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name=op.f("fk_flag_past_flag_id_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_past")),
        comment="What a flag said until a sweep said otherwise",
    )
    op.create_index(
        "ix_flag_past_flag_id_replaced_at", "flag_past", ["flag_id", "replaced_at", "id"]
    )
    op.alter_column("flag", "evidence", comment=_EVIDENCE, existing_comment=_EVIDENCE_BEFORE)


def downgrade() -> None:
    op.alter_column("flag", "evidence", comment=_EVIDENCE_BEFORE, existing_comment=_EVIDENCE)
    op.drop_table("flag_past")
    op.drop_column("sweep", "keeps_past")
