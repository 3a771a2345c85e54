"""Employers drawn by lot for control visits, what was found there, and the size of an outcome."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# refuse_change() is the function of 0001 that keeps the audit log append-only.
_APPEND_ONLY = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
_TABLES = ("control_draw", "control_employer", "control_event")
_RULES = "ARRAY['PWBD', 'PDS_TK', 'PDS_UPAH', 'PDS_PROGRAM', 'PIUTANG', 'LAPSED']::text[]"


def upgrade() -> None:
    op.add_column(
        "flag_outcome",
        sa.Column(
            "skala",
            sa.String(),
            server_default="",
            nullable=False,
            comment="empty: not known, or ended before it was kept",
        ),
    )
    op.create_table(
        "control_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("office_code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "turn",
            sa.Integer(),
            nullable=False,
            comment="from 1 per office and year, without gaps",
        ),
        sa.Column("snapshot_id", sa.String(), nullable=False),
        sa.Column(
            "sweep_id",
            sa.Integer(),
            nullable=False,
            comment="whose flags stood when the lot was drawn",
        ),
        sa.Column("first_on", sa.Date(), nullable=False, comment="of the visits, inclusive"),
        sa.Column("last_on", sa.Date(), nullable=False, comment="of the visits, inclusive"),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("strata", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("definition", sa.Integer(), nullable=False, comment="version of how is drawn"),
        sa.Column(
            "frame",
            postgresql.JSONB(),
            nullable=False,
            comment="offices, strata (size, drawn); by office: groups of the register and of flags",
        ),
        sa.Column(
            "frame_sha256", sa.String(), nullable=False, comment="of npp and stratum, by npp"
        ),
        sa.Column(
            "list_sha256", sa.String(), nullable=False, comment="of the drawn npps, in their order"
        ),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False, comment="legal day"),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.Column("drawn_by_name", sa.String(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_control_draw_period")),
        sa.CheckConstraint("wanted > 0", name=op.f("ck_control_draw_wanted_positive")),
        sa.CheckConstraint(
            "frame_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_control_draw_frame_sha256_hex")
        ),
        sa.CheckConstraint(
            "list_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_control_draw_list_sha256_hex")
        ),
        sa.CheckConstraint(
            "strata <@ ARRAY['sektor', 'skala', 'wilayah']::text[]",
            name=op.f("ck_control_draw_strata"),
        ),
        sa.ForeignKeyConstraint(
            ["office_code"], ["office.code"], name=op.f("fk_control_draw_office_code_office")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshot.id"], name=op.f("fk_control_draw_snapshot_id_snapshot")
        ),
        sa.ForeignKeyConstraint(
            ["sweep_id"], ["sweep.id"], name=op.f("fk_control_draw_sweep_id_sweep")
        ),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"],
            ["user_account.id"],
            name=op.f("fk_control_draw_drawn_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_draw")),
        sa.UniqueConstraint("number", name=op.f("uq_control_draw_number")),
        sa.UniqueConstraint(
            "office_code", "year", "turn", name=op.f("uq_control_draw_office_code_year_turn")
        ),
        comment="Append-only: employers drawn by lot, with all that is needed to draw again",
    )
    op.create_table(
        "control_employer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False, comment="in the order of the lot, from 1"),
        sa.Column("npp", sa.String(), nullable=False),
        sa.Column(
            "office_code", sa.String(), nullable=False, comment="the branch of its head divisi"
        ),
        sa.Column(
            "employer", postgresql.JSONB(), nullable=False, comment="its row in the snapshot"
        ),
        sa.Column("stratum", sa.String(), nullable=False, comment="empty: the draw has no strata"),
        sa.Column("weight_of", sa.Integer(), nullable=False, comment="employers of the stratum"),
        sa.Column("weight_per", sa.Integer(), nullable=False, comment="drawn of them"),
        sa.Column(
            "flagged",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="rules whose flags stood at the draw",
        ),
        sa.CheckConstraint(f"flagged <@ {_RULES}", name=op.f("ck_control_employer_flagged")),
        sa.CheckConstraint(
            "weight_of > 0 AND weight_per > 0", name=op.f("ck_control_employer_weight_positive")
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["control_draw.id"], name=op.f("fk_control_employer_draw_id_control_draw")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_employer")),
        sa.UniqueConstraint("draw_id", "place", name=op.f("uq_control_employer_draw_id_place")),
        sa.UniqueConstraint("draw_id", "npp", name=op.f("uq_control_employer_draw_id_npp")),
        comment="Append-only: an employer drawn, as the snapshot knew it",
    )
    op.create_index("ix_control_employer_office", "control_employer", ["office_code", "id"])
    op.create_table(
        "control_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column(
            "officer_id",
            sa.Integer(),
            nullable=True,
            comment="who is to go; null: not an assignment",
        ),
        sa.Column(
            "visited_on", sa.Date(), nullable=True, comment="legal day; null: not an outcome"
        ),
        sa.Column("result", sa.String(), nullable=False, comment="empty: not an outcome"),
        sa.Column("violations", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("rupiah", sa.BigInteger(), nullable=False, comment="whole rupiah, an estimate"),
        sa.Column("workers", sa.Integer(), nullable=False, comment="concerned, an estimate"),
        sa.Column("note", sa.String(), nullable=False, comment="what was found and how"),
        sa.Column("case_number", sa.String(), nullable=False, comment="empty: not a case"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ditugaskan', 'hasil', 'kasus')", name=op.f("ck_control_event_kind")
        ),
        sa.CheckConstraint(
            "result IN ('', 'melanggar', 'patuh', 'tidak_ditemukan')",
            name=op.f("ck_control_event_result"),
        ),
        sa.CheckConstraint(f"violations <@ {_RULES}", name=op.f("ck_control_event_violations")),
        sa.CheckConstraint(
            "(kind = 'hasil') = (result <> '')", name=op.f("ck_control_event_outcome_has_a_result")
        ),
        sa.CheckConstraint(
            "(kind = 'hasil') = (visited_on IS NOT NULL)",
            name=op.f("ck_control_event_outcome_has_a_day"),
        ),
        sa.CheckConstraint(
            "(result = 'melanggar') = (cardinality(violations) > 0)",
            name=op.f("ck_control_event_violation_is_named"),
        ),
        sa.CheckConstraint(
            "rupiah >= 0 AND workers >= 0", name=op.f("ck_control_event_estimate_not_negative")
        ),
        sa.CheckConstraint(
            "result = 'melanggar' OR (rupiah = 0 AND workers = 0)",
            name=op.f("ck_control_event_estimate_only_of_a_violation"),
        ),
        sa.CheckConstraint(
            "(kind = 'kasus') = (case_number <> '')", name=op.f("ck_control_event_case_is_named")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"],
            ["control_employer.id"],
            name=op.f("fk_control_event_employer_id_control_employer"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["user_account.id"],
            name=op.f("fk_control_event_officer_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_event")),
        comment="Append-only: who goes, what was found, which case; the last of a kind counts",
    )
    op.create_index("ix_control_event_employer", "control_event", ["employer_id", "id"])
    op.create_index("ix_control_event_officer", "control_event", ["officer_id", "employer_id"])
    for table in _TABLES:
        op.execute(_APPEND_ONLY.format(table=table))


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.drop_column("flag_outcome", "skala")
