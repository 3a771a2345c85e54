"""Pairs of two employers that other agencies know, beside those of one of them and a registered one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = ("linkage_pair", "linkage_decision")
KINDS_BEFORE = "'pemberi_kerja', 'pekerja'"
WHYS_BEFORE = (
    "'', 'nomor', 'bentuk', 'wilayah', 'saingan', 'peluang', 'alamat', 'tempat', 'disebut', "
    "'kelamin', 'kembar', 'nama'"
)
MEMBER_BEFORE = "NIK of the registered worker; empty: a pair of employers"


def upgrade() -> None:
    for table in TABLES:
        op.add_column(
            table,
            sa.Column(
                "other_records",
                postgresql.JSONB(),
                nullable=False,
                # The rows that are there, and the previous release, know one side.
                server_default="[]",
                comment="those of a second outside employer; empty: none",
            ),
        )
        _allow_kinds(table, f"{KINDS_BEFORE}, 'pemberi_kerja_luar'")
        op.alter_column(
            table,
            "member",
            comment="NIK of the registered worker, or the second outside employer; empty: neither",
        )
    op.alter_column(
        "linkage_pair",
        "records",
        comment="[sumber, id_sumber] of every record of the outside side or sides",
    )
    _allow_whys(f"{WHYS_BEFORE}, 'sumber', 'rantai'")
    # What people said is thousands of rows, not millions: no need to do it beside their work.
    op.execute(
        "-- squawk-ignore require-concurrent-index-creation\n"
        "CREATE INDEX ix_linkage_decision_records ON linkage_decision "
        "USING gin (records jsonb_path_ops)"
    )


def downgrade() -> None:
    op.drop_index("ix_linkage_decision_records", "linkage_decision")
    # Decisions are append-only; those about two outside employers go with what they are about.
    op.execute("ALTER TABLE linkage_decision DISABLE TRIGGER linkage_decision_append_only")
    op.execute("DELETE FROM linkage_decision WHERE kind = 'pemberi_kerja_luar'")
    op.execute("ALTER TABLE linkage_decision ENABLE TRIGGER linkage_decision_append_only")
    op.execute("DELETE FROM linkage_pair WHERE kind = 'pemberi_kerja_luar'")
    _allow_whys(WHYS_BEFORE)
    op.alter_column(
        "linkage_pair",
        "records",
        comment="[sumber, id_sumber] of every record of the outside employer",
    )
    for table in TABLES:
        op.alter_column(table, "member", comment=MEMBER_BEFORE)
        _allow_kinds(table, KINDS_BEFORE)
        op.drop_column(table, "other_records")


def _allow_kinds(table: str, codes: str) -> None:
    # Its successor stands in the same transaction.
    op.execute(
        f"-- squawk-ignore ban-drop-constraint\nALTER TABLE {table} DROP CONSTRAINT ck_{table}_kind"
    )
    op.create_check_constraint(op.f(f"ck_{table}_kind"), table, f"kind IN ({codes})")


def _allow_whys(codes: str) -> None:
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        "ALTER TABLE linkage_pair DROP CONSTRAINT ck_linkage_pair_why"
    )
    op.create_check_constraint(op.f("ck_linkage_pair_why"), "linkage_pair", f"why IN ({codes})")
