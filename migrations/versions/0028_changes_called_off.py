"""An approved change of a rule or of the weights that has not begun can be called off."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = {
    "rule_edition": "What people changed of a rule; never altered once it has begun",
    "ranking_edition": "Weights by which flags are ordered; never altered once they have begun",
}
BEFORE = {
    "rule_edition": "What people changed of a rule; never altered once decided",
    "ranking_edition": "Weights by which flags are ordered; never altered once decided",
}
STATES = "state IN ('diusulkan', 'berlaku', 'ditolak', 'dicabut', 'dibatalkan')"
STATES_BEFORE = "state IN ('diusulkan', 'berlaku', 'ditolak', 'dicabut')"
SAID = "why it was refused, withdrawn or called off"


def upgrade() -> None:
    for table, comment in TABLES.items():
        op.add_column(
            table,
            sa.Column(
                "called_off_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="before its first day, after it was approved; null: it was not",
            ),
        )
        op.add_column(
            table,
            sa.Column("called_off_by_name", sa.String(), nullable=False, server_default=""),
        )
        _states(table, STATES)
        op.create_check_constraint(
            op.f(f"ck_{table}_called_off_by_somebody"),
            table,
            "(state = 'dibatalkan') = (called_off_at IS NOT NULL)",
        )
        op.alter_column(table, "reason", comment=SAID)
        op.create_table_comment(table, comment)


def downgrade() -> None:
    for table, comment in BEFORE.items():
        op.drop_constraint(op.f(f"ck_{table}_called_off_by_somebody"), table)
        # Called off, it was never in force; the release before knows that as refused.
        op.execute(f"UPDATE {table} SET state = 'ditolak' WHERE state = 'dibatalkan'")  # noqa: S608 - own names
        _states(table, STATES_BEFORE)
        op.drop_column(table, "called_off_by_name")
        op.drop_column(table, "called_off_at")
        op.alter_column(table, "reason", comment="why it was refused")
        op.create_table_comment(table, comment)


def _states(table: str, allowed: str) -> None:
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"  # its successor stands in the same transaction
        f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_state"
    )
    op.create_check_constraint(op.f(f"ck_{table}_state"), table, allowed)
