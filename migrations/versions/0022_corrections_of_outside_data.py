"""Corrections of what other agencies told of an employer that is not registered."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

GROUNDS = (
    "'pokok_nihil', 'bulan_kurang', 'temuan_gugur'{fallen}, 'semua_gugur', "
    "'sebagian_gugur', 'jumlah', 'pekerja', 'pekerja_belum_disapu', "
    "'dasar_upah'{moved}, 'tidak_berpengaruh', 'pembulatan', 'kecil'"
)
# What the release before would have called them; it knows no better.
BEFORE = {
    "sudah_terdaftar": "temuan_gugur",
    "tanpa_pekerja": "temuan_gugur",
    "sumber": "pekerja",
    "sumber_belum_disapu": "pekerja_belum_disapu",
}
ADDED = ("sources", "told_was", "told", "registered_as", "registered_on")


def upgrade() -> None:
    _allow(
        GROUNDS.format(
            fallen=", 'sudah_terdaftar', 'tanpa_pekerja'",
            moved=", 'sumber', 'sumber_belum_disapu'",
        )
    )


def downgrade() -> None:
    for now, before in BEFORE.items():
        op.execute(f"UPDATE correction SET ground = '{before}' WHERE ground = '{now}'")  # noqa: S608
    fewer = "".join(f" - '{key}'" for key in ADDED)
    op.execute(f"UPDATE correction SET weight = weight{fewer}")  # noqa: S608 - own constants
    _allow(GROUNDS.format(fallen="", moved=""))


def _allow(grounds: str) -> None:
    # Its successor stands in the same transaction.
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        "ALTER TABLE correction DROP CONSTRAINT ck_correction_ground"
    )
    op.create_check_constraint(op.f("ck_correction_ground"), "correction", f"ground IN ({grounds})")
