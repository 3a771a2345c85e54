"""A million flags: what was found is compared by its hash, and a sweep keeps what it rested on.

Flags found before have no hash: the first sweep afterwards writes each of them once more.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "flag",
        sa.Column(
            "content_hash",
            sa.String(),
            nullable=False,
            server_default="",
            comment="of all that a sweep found; empty: found before it was kept",
        ),
    )
    op.add_column(
        "sweep",
        sa.Column(
            "report",
            postgresql.JSONB(),
            nullable=False,
            server_default="{}",
            comment="sources with rows and newest day, notes; empty: before it was kept",
        ),
    )
    op.create_index("ix_flag_skor_id", "flag", ["skor", "id", "kantor_cabang", "status"])
    op.create_index(
        "ix_flag_potensi_rupiah_id", "flag", ["potensi_rupiah", "id", "kantor_cabang", "status"]
    )
    op.create_index("ix_flag_counted", "flag", ["kantor_cabang", "kode_wilayah", "rule", "status"])


def downgrade() -> None:
    op.drop_index("ix_flag_counted", "flag")
    op.drop_index("ix_flag_potensi_rupiah_id", "flag")
    op.drop_index("ix_flag_skor_id", "flag")
    op.drop_column("sweep", "report")
    op.drop_column("flag", "content_hash")
