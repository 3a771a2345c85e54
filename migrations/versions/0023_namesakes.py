"""A pair may be a question because only the address speaks against it."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BEFORE = (
    "'', 'nomor', 'bentuk', 'wilayah', 'saingan', 'peluang', 'tempat', 'disebut', 'kelamin', "
    "'kembar', 'nama'"
)


def upgrade() -> None:
    _allow_whys(f"{BEFORE}, 'alamat'")


def downgrade() -> None:
    op.execute("UPDATE linkage_pair SET why = 'peluang' WHERE why = 'alamat'")
    _allow_whys(BEFORE)


def _allow_whys(codes: str) -> None:
    # Its successor stands in the same transaction.
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        "ALTER TABLE linkage_pair DROP CONSTRAINT ck_linkage_pair_why"
    )
    op.create_check_constraint(op.f("ck_linkage_pair_why"), "linkage_pair", f"why IN ({codes})")
