"""Tables of the registry room."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", sa.String(), nullable=False, comment="hash over the hashes of its tables"),
        sa.Column("as_of", sa.Date(), nullable=False, comment="the day the extracts describe"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "turn",
            sa.Integer(),
            nullable=False,
            comment="grows each time an import gives exactly this content; highest: the current",
        ),
        sa.Column("previous_id", sa.String(), nullable=True, comment="null: the first one"),
        sa.Column(
            "tables",
            postgresql.JSONB(),
            nullable=False,
            comment="table -> rows, rejected, sha256, carried_over",
        ),
        sa.CheckConstraint("id ~ '^[0-9a-f]{16}$'", name=op.f("ck_snapshot_id_hex")),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["snapshot.id"], name=op.f("fk_snapshot_previous_id_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("turn", name=op.f("uq_snapshot_turn")),
        comment="Immutable states of the registry; the rows themselves are Parquet files",
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column(
            "requested_by", sa.String(), nullable=False, comment="actor, as in the audit log"
        ),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, comment="also orders the list"
        ),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="null: not taken up yet",
        ),
        sa.Column(
            "finished_at", sa.DateTime(timezone=True), nullable=True, comment="null: not finished"
        ),
        sa.Column("step", sa.String(), nullable=False, comment="what it is doing, in words"),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column(
            "report",
            postgresql.JSONB(),
            nullable=False,
            comment="the result, as in patuh import --json",
        ),
        sa.Column("error", sa.String(), nullable=False, comment="empty: nothing went wrong"),
        sa.Column(
            "snapshot_id",
            sa.String(),
            nullable=True,
            comment="null: not finished, or no snapshot was made",
        ),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_import_run_status")
        ),
        sa.CheckConstraint(
            "status NOT IN ('done', 'failed') OR finished_at IS NOT NULL",
            name=op.f("ck_import_run_finished_has_end"),
        ),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_import_run_percent_range")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_import_run_snapshot_id_snapshot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        comment="One request to read extracts, with its progress and its report",
    )
    op.create_index(op.f("ix_import_run_snapshot_id"), "import_run", ["snapshot_id"], unique=False)
    op.create_table(
        "import_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes"),
        sa.CheckConstraint("size > 0", name=op.f("ck_import_file_size_positive")),
        sa.ForeignKeyConstraint(
            ["import_run_id"],
            ["import_run.id"],
            name=op.f("fk_import_file_import_run_id_import_run"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
        sa.UniqueConstraint(
            "import_run_id", "position", name=op.f("uq_import_file_import_run_id_position")
        ),
        comment="Files of an import; those that were uploaded are in the blob store",
    )
    op.create_index(
        op.f("ix_import_file_import_run_id"), "import_file", ["import_run_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("import_file")
    op.drop_table("import_run")
    op.drop_table("snapshot")
