"""Referrals under approval, and sealed packets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# refuse_change() is the function of 0001 that keeps the audit log append-only.
APPEND_ONLY = """
CREATE TRIGGER packet_append_only BEFORE UPDATE OR DELETE ON packet
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
NO_TRUNCATE = """
CREATE TRIGGER packet_no_truncate BEFORE TRUNCATE ON packet
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("office_code", sa.String(), nullable=False),
        sa.Column("cutoff", sa.Date(), nullable=False, comment="last day counted, inclusive"),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("letter_number", sa.String(), nullable=False),
        sa.Column("letter_on", sa.Date(), nullable=False),
        sa.Column("letter_nature", sa.String(), nullable=False),
        sa.Column(
            "agreement",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="number, signed_on, valid_until; empty: none",
        ),
        sa.Column(
            "criminal_clause",
            sa.Boolean(),
            nullable=False,
            comment="logged choice to print UU 24/2011 Pasal 55",
        ),
        sa.Column(
            "basis_sha256",
            sa.String(),
            nullable=False,
            comment="of the content without packet number",
        ),
        sa.Column("snapshot_id", sa.String(), nullable=False, comment="empty: on no snapshot"),
        sa.Column("prepared_by_id", sa.Integer(), nullable=True, comment="null: no named person"),
        sa.Column("prepared_by_name", sa.String(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True, comment="null: not approved"),
        sa.Column("approved_by_name", sa.String(), nullable=False),
        sa.Column(
            "approved_at", sa.DateTime(timezone=True), nullable=True, comment="null: not approved"
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'approved') = (approved_at IS NOT NULL)",
            name=op.f("ck_referral_approved_at"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'proposed', 'approved')", name=op.f("ck_referral_status")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> prepared_by_id",
            name=op.f("ck_referral_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["user_account.id"],
            name=op.f("fk_referral_approved_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_referral_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["office_code"], ["office.code"], name=op.f("fk_referral_office_code_office")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"],
            ["user_account.id"],
            name=op.f("fk_referral_prepared_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("case_id", "cutoff", name=op.f("uq_referral_case_id_cutoff")),
        comment="The letter and the figures of one case at one cut-off, as two people saw them",
    )
    op.create_index(op.f("ix_referral_case_id"), "referral", ["case_id"], unique=False)
    op.create_index(op.f("ix_referral_office_code"), "referral", ["office_code"], unique=False)
    op.create_table(
        "packet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("office_code", sa.String(), nullable=False),
        sa.Column("cutoff", sa.Date(), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="1 is the first packet of the case"
        ),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("pdf_size", sa.BigInteger(), nullable=False, comment="bytes"),
        sa.Column("pdf_sha256", sa.String(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False, comment="of everything printed"),
        sa.Column(
            "basis_sha256", sa.String(), nullable=False, comment="content without the packet number"
        ),
        sa.Column("check_code", sa.String(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False, comment="rupiah at the cut-off"),
        sa.Column(
            "files",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="name, sha256, size, media_type of every file",
        ),
        sa.Column("snapshot_id", sa.String(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_by", sa.String(), nullable=False, comment="actor"),
        sa.Column("sealed_by_name", sa.String(), nullable=False),
        sa.CheckConstraint("pages > 0 AND pdf_size > 0", name=op.f("ck_packet_not_empty")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_packet_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["office_code"], ["office.code"], name=op.f("fk_packet_office_code_office")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_packet_referral_id_referral")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packet")),
        sa.UniqueConstraint(
            "case_id", "cutoff", "basis_sha256", name=op.f("uq_packet_case_id_cutoff_basis_sha256")
        ),
        sa.UniqueConstraint("case_id", "version", name=op.f("uq_packet_case_id_version")),
        sa.UniqueConstraint("number", name=op.f("uq_packet_number")),
        comment="Append-only: sealed packets; their bytes are in the blob store",
    )
    op.create_index(op.f("ix_packet_case_id"), "packet", ["case_id"], unique=False)
    op.create_index(op.f("ix_packet_office_code"), "packet", ["office_code"], unique=False)
    op.create_index(op.f("ix_packet_referral_id"), "packet", ["referral_id"], unique=False)
    op.execute(APPEND_ONLY)
    op.execute(NO_TRUNCATE)


def downgrade() -> None:
    op.drop_index(op.f("ix_packet_referral_id"), table_name="packet")
    op.drop_index(op.f("ix_packet_office_code"), table_name="packet")
    op.drop_index(op.f("ix_packet_case_id"), table_name="packet")
    op.drop_table("packet")
    op.drop_index(op.f("ix_referral_office_code"), table_name="referral")
    op.drop_index(op.f("ix_referral_case_id"), table_name="referral")
    op.drop_table("referral")
