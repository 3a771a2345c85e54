"""${message}

Ask before committing: Is it one idea? Safe while the previous release runs? Does every table
have a comment and every null a meaning? Does the way back restore what was there?
"""

from alembic import op
import sqlalchemy as sa

revision = "${up_revision}"
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
