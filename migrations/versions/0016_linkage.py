"""Linkage that people can contest: models, pairs, decisions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# refuse_change() is the function of 0001 that keeps the audit log append-only.
APPEND_ONLY = """
CREATE TRIGGER linkage_model_append_only BEFORE UPDATE OR DELETE ON linkage_model
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER linkage_decision_append_only BEFORE UPDATE OR DELETE ON linkage_decision
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER linkage_decision_no_truncate BEFORE TRUNCATE ON linkage_decision
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def _text(name: str, comment: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, comment=comment)


def _json(name: str, comment: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment=comment)


def upgrade() -> None:
    op.create_table(
        "linkage_model",
        sa.Column("sha256", sa.String(), nullable=False),
        _text("content", "the file, byte for byte"),
        _text("snapshot_id", "the first it was trained on"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_linkage_model")),
        comment="Append-only: model files under the SHA-256 of their bytes",
    )
    op.create_table(
        "linkage_pair",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _text("kunci", "the outside employer, as flags name it"),
        sa.Column("npp", sa.String(), nullable=False),
        _json("records", "[sumber, id_sumber] of every record of the outside employer"),
        _text("band", "sure, or for a person"),
        _text("why", "what keeps it from being sure; empty: nothing"),
        _text("exact", "how exact rules link the two, whatever people said; empty: not"),
        _text("method", "how the last sweep linked the two; empty: it did not"),
        sa.Column("weight", sa.Numeric(10, 4), nullable=False, comment="bits"),
        sa.Column("chance", sa.Numeric(7, 6), nullable=False),
        _json("parts", "comparison, level, weight"),
        _json("outside", "what was compared, as the source writes it"),
        _json("registered", "what was compared, as the registry writes it"),
        _text("rival_npp", "nearly as likely; empty: none"),
        _text("kantor_cabang", "of the registered employer"),
        sa.Column("model_sha256", sa.String(), nullable=False),
        _text("snapshot_id", "the last in which it was compared"),
        sa.Column("seen", sa.Boolean(), nullable=False, comment="compared by the last sweep"),
        sa.Column("first_seen_on", sa.Date(), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=False),
        sa.CheckConstraint("band IN ('pasti', 'tinjau')", name=op.f("ck_linkage_pair_band")),
        sa.CheckConstraint(
            "why IN ('', 'nomor', 'bentuk', 'wilayah', 'saingan', 'peluang')",
            name=op.f("ck_linkage_pair_why"),
        ),
        sa.CheckConstraint(
            "exact IN ('', 'nama', 'nama_ganda', 'nama_mirip', 'putusan')",
            name=op.f("ck_linkage_pair_exact"),
        ),
        sa.CheckConstraint(
            "method IN ('', 'nama', 'nama_ganda', 'nama_mirip', 'putusan')",
            name=op.f("ck_linkage_pair_method"),
        ),
        sa.CheckConstraint("chance BETWEEN 0 AND 1", name=op.f("ck_linkage_pair_chance_range")),
        sa.ForeignKeyConstraint(
            ["model_sha256"],
            ["linkage_model.sha256"],
            name=op.f("fk_linkage_pair_model_sha256_linkage_model"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linkage_pair")),
        sa.UniqueConstraint("kunci", "npp", name="uq_linkage_pair_kunci_npp"),
        comment="An outside and a registered employer that may be one, as last compared",
    )
    op.create_index(
        "ix_linkage_pair_kantor_cabang_band",
        "linkage_pair",
        ["kantor_cabang", "band", "weight", "id"],
    )
    op.create_index("ix_linkage_pair_npp", "linkage_pair", ["npp"])
    op.create_table(
        "linkage_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _text("kunci", "as the outside employer was named then"),
        sa.Column("npp", sa.String(), nullable=False),
        _json("records", "[sumber, id_sumber]: what the decision holds for, whatever comes"),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        _json("shown", "the comparison on which the person decided"),
        sa.Column("kantor_cabang", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('sama', 'beda', 'ragu', 'dicabut')",
            name=op.f("ck_linkage_decision_verdict"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_linkage_decision_why")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linkage_decision")),
        comment="Append-only: what a person said of a pair; the newest of a record counts",
    )
    op.create_index("ix_linkage_decision_npp", "linkage_decision", ["npp", "id"])
    op.create_index("ix_linkage_decision_kunci_npp", "linkage_decision", ["kunci", "npp", "id"])
    op.execute(APPEND_ONLY)
    op.add_column(
        "sweep",
        sa.Column(
            "linkage",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            server_default=sa.text("'{}'::jsonb"),
            comment="model, thresholds, how many; empty: exact only",
        ),
    )


def downgrade() -> None:
    op.drop_column("sweep", "linkage")
    op.drop_table("linkage_decision")
    op.drop_table("linkage_pair")
    op.drop_table("linkage_model")
