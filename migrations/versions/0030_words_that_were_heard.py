"""A pair names the last decision that its sweep heard: it may go by a name, and not by a record."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "linkage_pair",
        sa.Column(
            "heard",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="of employers, the last decision that the last sweep heard; 0: none",
        ),
    )


def downgrade() -> None:
    op.drop_column("linkage_pair", "heard")
