"""Values of law that administrators add: proposed by one person, put in force by another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parameter_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "key",
            sa.String(),
            nullable=False,
            comment="the parameter's key in docs/parameters.md",
        ),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="inclusive"),
        sa.Column(
            "value",
            postgresql.JSONB(),
            nullable=False,
            comment="rates as decimal text, money as whole rupiah",
        ),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False, comment="empty: not known"),
        sa.Column(
            "grade",
            sa.String(),
            nullable=False,
            comment="A the norm was read, B a source about it",
        ),
        sa.Column("source", sa.String(), nullable=False, comment="where the proposer read it"),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_name", sa.String(), nullable=False),
        sa.Column(
            "impact",
            postgresql.JSONB(),
            nullable=False,
            comment="what the proposer saw that it would change",
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "decided_by_id",
            sa.Integer(),
            nullable=True,
            comment="null: undecided, or withdrawn by the proposer",
        ),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False, comment="why it was refused"),
        sa.CheckConstraint(
            "state IN ('diusulkan', 'berlaku', 'ditolak', 'dicabut')",
            name=op.f("ck_parameter_version_state"),
        ),
        sa.CheckConstraint("grade IN ('A', 'B', 'C')", name=op.f("ck_parameter_version_grade")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_parameter_version_two_people"),
        ),
        sa.CheckConstraint(
            "state <> 'berlaku' OR decided_by_id IS NOT NULL",
            name=op.f("ck_parameter_version_in_force_by_a_second_person"),
        ),
        sa.CheckConstraint(
            "(state = 'diusulkan') = (decided_at IS NULL)",
            name=op.f("ck_parameter_version_decided_when_no_longer_proposed"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["user_account.id"],
            name=op.f("fk_parameter_version_proposed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_parameter_version_decided_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameter_version")),
        comment="Values of law added after the program shipped; never changed once in force",
    )
    op.create_index(
        "uq_parameter_version_in_force",
        "parameter_version",
        ["key", "valid_from"],
        unique=True,
        postgresql_where=sa.text("state IN ('diusulkan', 'berlaku')"),
    )


def downgrade() -> None:
    op.drop_index("uq_parameter_version_in_force", table_name="parameter_version")
    op.drop_table("parameter_version")
