"""A flag outlives its case: from the day on which it was closed the next snapshot judges anew.

Flags of cases that were closed before this migration are let go in the same way, by reason. The
declined ones say in their reason which case answered them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What a closing answered on the day of this migration; a later change of mind is not for here.
_JUDGED = (
    "(c.closed_reason IN ('TUTUP_TERVERIFIKASI', 'SALAH_TAGIH', 'TIDAK_TERBUKTI') "
    "OR c.closed_reason = 'DIALIHKAN' AND f.rule = 'PIUTANG')"
)


def upgrade() -> None:
    op.add_column(
        "flag",
        sa.Column(
            "case_ended_on",
            sa.Date(),
            nullable=True,
            comment="the next snapshot judges anew; null: no case, or one open",
        ),
    )
    op.execute(
        f"""
        UPDATE flag f SET version = f.version + 1,
          status = CASE WHEN NOT f.seen THEN 'hilang' WHEN {_JUDGED} THEN 'ditolak' ELSE 'kasus' END,
          status_before_gone = CASE WHEN NOT f.seen AND {_JUDGED} THEN 'ditolak' ELSE '' END,
          decision_reason =
            CASE WHEN {_JUDGED} THEN c.closed_reason || ' (kasus ' || c.number || ')' ELSE '' END,
          case_number = CASE WHEN f.seen AND NOT {_JUDGED} THEN f.case_number ELSE '' END,
          case_ended_on = CASE WHEN f.seen AND NOT {_JUDGED} THEN c.closed_on END
        FROM case_file c
        WHERE c.number = f.case_number AND c.stage = 'closed' AND f.status = 'kasus'
        """  # noqa: S608 - the condition above
    )


def downgrade() -> None:
    op.drop_column("flag", "case_ended_on")
