"""Suspensions of a case's clocks: a ledger in which a line starts, ends or reverses one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# refuse_change() is the function of 0001 that keeps the audit log append-only. A line waits for
# its decision, so that only deleting is refused here.
NO_DELETE = """
CREATE TRIGGER case_suspension_no_delete BEFORE DELETE ON case_suspension
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
NO_TRUNCATE = """
CREATE TRIGGER case_suspension_no_truncate BEFORE TRUNCATE ON case_suspension
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "case_suspension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column(
            "of_id",
            sa.Integer(),
            nullable=True,
            comment="the line that this one ends or reverses; null: it starts",
        ),
        sa.Column(
            "first_on",
            sa.Date(),
            nullable=True,
            comment="first day, inclusive; null: starts nothing",
        ),
        sa.Column(
            "last_on",
            sa.Date(),
            nullable=True,
            comment="last day, inclusive; null: open, or a reversal",
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "authority", sa.String(), nullable=False, comment="who decided it, by which letter"
        ),
        sa.Column("evidence_id", sa.Integer(), nullable=True, comment="null: no exhibit was named"),
        sa.Column(
            "undermines",
            postgresql.JSONB(),
            nullable=False,
            comment="steps that this line makes too early or too late, as the proposer was told",
        ),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_name", sa.String(), nullable=False),
        sa.Column("proposed_by_title", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True, comment="null: undecided"),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_by_title", sa.String(), nullable=False),
        sa.Column(
            "decided_at", sa.DateTime(timezone=True), nullable=True, comment="null: undecided"
        ),
        sa.Column("decision_note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "entry IN ('mulai', 'akhir', 'batal')", name=op.f("ck_case_suspension_entry")
        ),
        sa.CheckConstraint(
            "status IN ('menunggu', 'disetujui', 'ditolak')",
            name=op.f("ck_case_suspension_status"),
        ),
        sa.CheckConstraint(
            "(entry = 'mulai') = (of_id IS NULL)", name=op.f("ck_case_suspension_of")
        ),
        sa.CheckConstraint(
            "(entry = 'mulai') = (first_on IS NOT NULL)", name=op.f("ck_case_suspension_first_on")
        ),
        sa.CheckConstraint(
            "entry <> 'akhir' OR last_on IS NOT NULL", name=op.f("ck_case_suspension_ended")
        ),
        sa.CheckConstraint(
            "entry <> 'batal' OR last_on IS NULL", name=op.f("ck_case_suspension_reversed")
        ),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_case_suspension_order")),
        sa.CheckConstraint(
            "reason <> '' AND authority <> ''", name=op.f("ck_case_suspension_grounds")
        ),
        sa.CheckConstraint(
            "decided_by_id <> proposed_by_id", name=op.f("ck_case_suspension_two_people")
        ),
        sa.CheckConstraint(
            "(status = 'menunggu') = (decided_by_id IS NULL)",
            name=op.f("ck_case_suspension_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_suspension_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["of_id"], ["case_suspension.id"], name=op.f("fk_case_suspension_of_id_case_suspension")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_case_suspension_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["user_account.id"],
            name=op.f("fk_case_suspension_proposed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_case_suspension_decided_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_suspension")),
        comment="Ledger of suspensions of a case's clocks: each line starts, ends or reverses one; none is deleted",
    )
    op.create_index(
        op.f("ix_case_suspension_case_id"), "case_suspension", ["case_id"], unique=False
    )
    op.create_index(
        "uq_case_suspension_waiting",
        "case_suspension",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("status = 'menunggu'"),
    )
    op.execute(NO_DELETE)
    op.execute(NO_TRUNCATE)


def downgrade() -> None:
    op.drop_index(
        "uq_case_suspension_waiting",
        table_name="case_suspension",
        postgresql_where=sa.text("status = 'menunggu'"),
    )
    op.drop_index(op.f("ix_case_suspension_case_id"), table_name="case_suspension")
    op.drop_table("case_suspension")
