"""Pairs of workers beside pairs of employers."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WHYS = "'', 'nomor', 'bentuk', 'wilayah', 'saingan', 'peluang'"
OF_WORKERS = ", 'tempat', 'disebut', 'kelamin', 'kembar', 'nama'"
KIND = "kind IN ('pemberi_kerja', 'pekerja')"


def upgrade() -> None:
    for table in ("linkage_pair", "linkage_decision"):
        # The default keeps the rows that are there, and the previous release, to employers.
        op.add_column(
            table,
            sa.Column(
                "kind",
                sa.String(),
                nullable=False,
                server_default="pemberi_kerja",
                comment="what both sides are",
            ),
        )
        op.add_column(
            table,
            sa.Column(
                "member",
                sa.String(),
                nullable=False,
                server_default="",
                comment="NIK of the registered worker; empty: a pair of employers",
            ),
        )
        op.create_check_constraint(op.f(f"ck_{table}_kind"), table, KIND)
    _name_pairs(("kunci", "npp", "member"), ("kunci", "npp"))
    _allow_whys(WHYS + OF_WORKERS)
    _say(
        "Two employers, or two workers, that may be one, as last compared",
        "the outside employer, as flags name it; or nik: and a NIK",
        "as the outside side was named then",
    )


def downgrade() -> None:
    # Decisions are append-only; those about workers go with what they are about.
    op.execute("ALTER TABLE linkage_decision DISABLE TRIGGER linkage_decision_append_only")
    op.execute("DELETE FROM linkage_decision WHERE kind = 'pekerja'")
    op.execute("ALTER TABLE linkage_decision ENABLE TRIGGER linkage_decision_append_only")
    op.execute("DELETE FROM linkage_pair WHERE kind = 'pekerja'")
    _allow_whys(WHYS)
    _name_pairs(("kunci", "npp"), ("kunci", "npp", "member"))
    for table in ("linkage_pair", "linkage_decision"):
        op.drop_constraint(op.f(f"ck_{table}_kind"), table)
        op.drop_column(table, "member")
        op.drop_column(table, "kind")
    _say(
        "An outside and a registered employer that may be one, as last compared",
        "the outside employer, as flags name it",
        "as the outside employer was named then",
    )


def _name_pairs(now: tuple[str, ...], before: tuple[str, ...]) -> None:
    # Its successor stands in the same transaction.
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        f"ALTER TABLE linkage_pair DROP CONSTRAINT uq_linkage_pair_{'_'.join(before)}"
    )
    op.create_unique_constraint(f"uq_linkage_pair_{'_'.join(now)}", "linkage_pair", list(now))


def _allow_whys(codes: str) -> None:
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        "ALTER TABLE linkage_pair DROP CONSTRAINT ck_linkage_pair_why"
    )
    op.create_check_constraint(op.f("ck_linkage_pair_why"), "linkage_pair", f"why IN ({codes})")


def _say(table: str, pair: str, decision: str) -> None:
    op.create_table_comment("linkage_pair", table)
    op.alter_column("linkage_pair", "kunci", comment=pair)
    op.alter_column("linkage_decision", "kunci", comment=decision)
