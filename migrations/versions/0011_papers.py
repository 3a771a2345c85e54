"""Papers that stand until a day: agreements with the prosecutor, mandates, other ways of collecting."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KINDS = (
    "'pks', 'skk_non_litigasi', 'skk_litigasi', 'surat_tugas', 'bukti', 'gugatan_sederhana', "
    "'pupn', 'polisi', 'pengawas_ketenagakerjaan'"
)


def upgrade() -> None:
    op.create_table(
        "case_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_code", sa.String(), nullable=False),
        sa.Column(
            "case_id", sa.Integer(), nullable=True, comment="null: of the office and all its cases"
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column(
            "valid_until",
            sa.Date(),
            nullable=True,
            comment="last day, inclusive; null: it names none",
        ),
        sa.Column(
            "substitution", sa.Boolean(), nullable=True, comment="null: not recorded, or no mandate"
        ),
        sa.Column(
            "stamped",
            sa.Boolean(),
            nullable=True,
            comment="bears its stamp duty; null: not recorded",
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "ended_on", sa.Date(), nullable=True, comment="withdrawn on that day; null: never"
        ),
        sa.Column("ended_reason", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True, comment="null: no named person"),
        sa.Column("recorded_by_name", sa.String(), nullable=False),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_case_paper_kind")),
        sa.CheckConstraint("(kind = 'pks') = (case_id IS NULL)", name=op.f("ck_case_paper_whose")),
        sa.CheckConstraint("valid_until >= signed_on", name=op.f("ck_case_paper_term")),
        sa.CheckConstraint("ended_on >= signed_on", name=op.f("ck_case_paper_ended")),
        sa.ForeignKeyConstraint(
            ["office_code"], ["office.code"], name=op.f("fk_case_paper_office_code_office")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_paper_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_case_paper_recorded_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_paper")),
        comment="Agreements, mandates and other papers that stand until a day",
    )
    op.create_index("ix_case_paper_case_id", "case_paper", ["case_id"])
    op.create_index("ix_case_paper_office_end", "case_paper", ["office_code", "valid_until"])


def downgrade() -> None:
    op.drop_table("case_paper")
