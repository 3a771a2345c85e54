"""A receipt may have its hour, and a referral may be withdrawn.

Rows of before keep the day of receipt as it is. Going back keeps withdrawals that happened: the
checks of the release before are put back for new rows only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_BEFORE = (
    "'visit', 'send_notice', 'order_inspection', 'record_minutes', 'report_findings', 'warn_1', "
    "'warn_2', 'impose_fine', 'request_denial', 'refer', 'seal_packet', 'hand_over', "
    "'record_return'"
)
_ACTIONS = (("case_event", "step"), ("case_approval", "action"))


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
    op.execute(
        "ALTER TABLE service_attempt ADD CONSTRAINT ck_service_attempt_received_at "
        "CHECK (received_at IS NULL OR received_on IS NOT NULL) NOT VALID"
    )
    _prove("service_attempt", "received_at")
    for table, column in _ACTIONS:
        _allow(table, column, f"{_BEFORE}, 'withdraw_referral', 'close'")
        _prove(table, column)


def downgrade() -> None:
    for table, column in _ACTIONS:
        _allow(table, column, f"{_BEFORE}, 'close'")
    op.drop_column("service_attempt", "received_at")


def _prove(table: str, column: str) -> None:
    """Check the rows of before: a scan of a table of thousands, not millions, of rows."""
    op.execute(
        "-- squawk-ignore constraint-missing-not-valid\n"
        f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{column}"
    )


def _allow(table: str, column: str, actions: str) -> None:
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"  # its successor stands in the same transaction
        f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{column}"
    )
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{column} "
        f"CHECK ({column} IN ({actions})) NOT VALID"
    )
