"""Administration through the web: row versions, temporary passwords, what a session runs in."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("office", "user_account"):
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column(
        "user_account",
        sa.Column(
            "temporary_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="null: the password is the person's own; else it must be changed before then",
        ),
    )
    op.add_column(
        "web_session",
        sa.Column(
            "browser",
            sa.String(),
            server_default="",
            nullable=False,
            comment="kind of browser and system, so that people know their sessions apart",
        ),
    )


def downgrade() -> None:
    op.drop_column("web_session", "browser")
    op.drop_column("user_account", "temporary_until")
    for table in ("user_account", "office"):
        op.drop_column(table, "version")
