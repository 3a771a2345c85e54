"""Statistics that can be run again, retention targets, and snapshots taken away by policy."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# refuse_change() is the function of 0001 that keeps the audit log append-only.
_APPEND_ONLY = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.add_column(
        "snapshot",
        sa.Column(
            "removed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="its files were removed by policy; null: they are kept",
        ),
    )
    op.create_table(
        "statistic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("definition", sa.Integer(), nullable=False, comment="version of what is counted"),
        sa.Column("snapshot_id", sa.String(), nullable=False),
        sa.Column(
            "terms",
            postgresql.JSONB(),
            nullable=False,
            comment="the day and every threshold, as they were used",
        ),
        sa.Column("cells", sa.BigInteger(), nullable=False, comment="rows of the result"),
        sa.Column("sha256", sa.String(), nullable=False, comment="names the result file"),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_statistic_sha256_hex")),
        sa.CheckConstraint("cells >= 0", name=op.f("ck_statistic_cells_not_negative")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_statistic_snapshot_id_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistic")),
        sa.UniqueConstraint(
            "kind",
            "definition",
            "snapshot_id",
            name=op.f("uq_statistic_kind_definition_snapshot_id"),
        ),
        comment="A published figure: definition, snapshot, terms and the digest of its result",
    )
    op.create_table(
        "retention_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False, comment="of the enrolments"),
        sa.Column(
            "one_in",
            sa.Numeric(4, 1),
            nullable=False,
            comment="one of so many is active on 31 December",
        ),
        sa.Column("basis", sa.String(), nullable=False, comment="the plan or decree that sets it"),
        sa.Column("set_on", sa.Date(), nullable=False, comment="legal day on which it was entered"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "one_in >= 1 AND one_in < 1000", name=op.f("ck_retention_target_one_in_range")
        ),
        sa.CheckConstraint(
            "year BETWEEN 2014 AND 2100", name=op.f("ck_retention_target_year_range")
        ),
        sa.CheckConstraint("basis <> ''", name=op.f("ck_retention_target_basis_given")),
        sa.ForeignKeyConstraint(
            ["office_code"], ["office.code"], name=op.f("fk_retention_target_office_code_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_target")),
        comment="Append-only: what an office aims at in a year; the last one set counts",
    )
    op.create_index(
        "ix_retention_target_office_year", "retention_target", ["office_code", "year", "id"]
    )
    for table in ("statistic", "retention_target"):
        op.execute(_APPEND_ONLY.format(table=table))


def downgrade() -> None:
    op.drop_table("retention_target")
    op.drop_table("statistic")
    op.drop_column("snapshot", "removed_at")
