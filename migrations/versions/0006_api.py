"""Answers given under an Idempotency-Key: written in the transaction of their effect."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("actor", sa.String(), nullable=False, comment="token:id or user:id"),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False, comment="method and path"),
        sa.Column(
            "body_sha256",
            sa.String(),
            nullable=False,
            comment="of the body; of names and contents when it was a form",
        ),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column(
            "headers",
            postgresql.JSONB(),
            nullable=False,
            comment="those a retry needs: Location, ETag",
        ),
        sa.Column(
            "response", sa.String(), nullable=False, comment="the answer as sent, byte for byte"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_idempotency_key")),
        comment="What a POST with this key was answered; written with its effect",
    )


def downgrade() -> None:
    op.drop_table("idempotency_key")
