"""A kept figure names the release that computed it, and every later run says whether it agreed."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# refuse_change() is the function of 0001 that keeps the audit log append-only.
_APPEND_ONLY = """
CREATE TRIGGER statistic_rerun_append_only BEFORE UPDATE OR DELETE ON statistic_rerun
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER statistic_rerun_no_truncate BEFORE TRUNCATE ON statistic_rerun
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.add_column(
        "statistic",
        sa.Column(
            "release",
            sa.String(),
            nullable=True,
            comment="the program that computed it; null: before that was kept",
        ),
    )
    op.create_table(
        "statistic_rerun",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statistic_id", sa.Integer(), nullable=False),
        sa.Column("release", sa.String(), nullable=False, comment="the program that ran it again"),
        sa.Column("same", sa.Boolean(), nullable=False, comment="the result is what was kept"),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statistic_id"],
            ["statistic.id"],
            name=op.f("fk_statistic_rerun_statistic_id_statistic"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistic_rerun")),
        comment="Append-only: a kept figure computed again, by which program and with what outcome",
    )
    op.create_index("ix_statistic_rerun_statistic", "statistic_rerun", ["statistic_id", "id"])
    op.execute(_APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("statistic_rerun")
    op.drop_column("statistic", "release")
