"""The audit trail is asked for one person's entries, and for those of a day: an index for each."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Newest first, page by page: the order of the trail is its number.
    op.create_index("ix_audit_entry_actor_seq", "audit_entry", ["actor", "seq"])
    op.create_index("ix_audit_entry_recorded_at", "audit_entry", ["recorded_at"])


def downgrade() -> None:
    op.drop_index("ix_audit_entry_recorded_at", table_name="audit_entry")
    op.drop_index("ix_audit_entry_actor_seq", table_name="audit_entry")
