"""An edition names the version of the rule that it runs: several may ship side by side.

Every edition before this one ran the only version that its release had, and so did a release that
does not know the column: it was the first of every rule.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "rule_edition",
        sa.Column(
            "rule_version",
            sa.Integer(),
            nullable=False,
            server_default="1",
            comment="of the rule's code, which this edition runs",
        ),
    )


def downgrade() -> None:
    op.drop_column("rule_edition", "rule_version")
