"""A receipt may have its hour: the instant beside the day, which rows of before keep as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "service_attempt",
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="null: only the day is known, or not received",
        ),
    )
    # Every row is null here, so that the check is proved at once and without a long lock.
    op.execute(
        "ALTER TABLE service_attempt ADD CONSTRAINT ck_service_attempt_received_at "
        "CHECK (received_at IS NULL OR received_on IS NOT NULL) NOT VALID"
    )
    op.execute("ALTER TABLE service_attempt VALIDATE CONSTRAINT ck_service_attempt_received_at")


def downgrade() -> None:
    op.drop_column("service_attempt", "received_at")
