"""What people change of a rule, the trials it rests on, how flags ended, and exceptions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

RULES = "'PWBD', 'PDS_TK', 'PDS_UPAH', 'PDS_PROGRAM', 'PIUTANG', 'LAPSED'"


def upgrade() -> None:
    _new_columns()
    _trials()
    _editions()
    _outcomes()
    _fill_outcomes()
    _weights()


def downgrade() -> None:
    op.drop_index("uq_ranking_edition_waiting", table_name="ranking_edition")
    op.drop_table("ranking_edition")
    op.drop_index("ix_flag_outcome_rule_subject", table_name="flag_outcome")
    op.drop_index("ix_flag_outcome_flag_id", table_name="flag_outcome")
    op.drop_table("flag_outcome")
    op.drop_index("uq_rule_edition_waiting", table_name="rule_edition")
    op.drop_table("rule_edition")
    op.drop_index("ix_rule_trial_rule", table_name="rule_trial")
    op.drop_table("rule_trial")
    op.drop_column("flag_event", "detail")
    op.drop_column("flag", "exception_until")
    op.drop_column("flag", "rule_edition")
    op.drop_column("sweep", "rule_editions")


def _new_columns() -> None:
    # Constant defaults fill a table of any size at once.
    op.add_column(
        "sweep",
        sa.Column(
            "rule_editions",
            postgresql.JSONB(),
            nullable=False,
            server_default="{}",
            comment="rule code: edition, state, changed values",
        ),
    )
    op.add_column(
        "flag",
        sa.Column(
            "rule_edition",
            sa.Integer(),
            nullable=False,
            server_default="0",
            comment="what people had changed of the rule; 0: nothing",
        ),
    )
    op.add_column(
        "flag",
        sa.Column(
            "exception_until",
            sa.Date(),
            nullable=True,
            comment="last day of a declined flag, inclusive; null: no end",
        ),
    )
    op.add_column(
        "flag_event",
        sa.Column(
            "detail",
            postgresql.JSONB(),
            nullable=False,
            server_default="{}",
            comment="what moved when a decision broke; else empty",
        ),
    )


def _trials() -> None:
    op.create_table(
        "rule_trial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("snapshot_id", sa.String(), nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False,
                  comment="all that is needed to run it again"),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False, comment="per cent"),
        sa.Column("failure", postgresql.JSONB(), nullable=False,
                  comment="sentence and values; empty: none"),
        sa.Column("report", postgresql.JSONB(), nullable=False,
                  comment="counts and samples, never a NIK"),
        sa.Column("norms", postgresql.JSONB(), nullable=False,
                  comment="rule version, law and calendar it was run under"),
        sa.Column("digest", sa.String(), nullable=False,
                  comment="SHA-256 of the report; empty: not done"),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_by_name", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("again_of_id", sa.Integer(), nullable=True,
                  comment="the trial whose definition was run again; null: none"),
        sa.CheckConstraint(f"rule IN ({RULES})", name=op.f("ck_rule_trial_rule")),
        sa.CheckConstraint("status IN ('queued', 'running', 'done', 'failed')",
                           name=op.f("ck_rule_trial_status")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100",
                           name=op.f("ck_rule_trial_progress_range")),
        sa.CheckConstraint("(status = 'done') = (digest <> '')",
                           name=op.f("ck_rule_trial_done_with_a_digest")),
        sa.ForeignKeyConstraint(["again_of_id"], ["rule_trial.id"],
                                name=op.f("fk_rule_trial_again_of_id_rule_trial")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_trial")),
        comment="A changed rule run beside the one in force on a past snapshot; no flag moves",
    )  # fmt: skip
    op.create_index("ix_rule_trial_rule", "rule_trial", ["rule", "id"])


def _editions() -> None:
    op.create_table(
        "rule_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False,
                  comment="from 1 per rule; refused ones keep theirs"),
        sa.Column("rule_state", sa.String(), nullable=False),
        sa.Column("values", postgresql.JSONB(), nullable=False,
                  comment="only what differs from what ships"),
        sa.Column("valid_from", sa.Date(), nullable=False,
                  comment="inclusive, the sweep's legal day"),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("trial_id", sa.Integer(), nullable=False,
                  comment="the report both people decided on"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True,
                  comment="null: undecided, or withdrawn by the proposer"),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False, comment="why it was refused"),
        sa.CheckConstraint(f"rule IN ({RULES})", name=op.f("ck_rule_edition_rule")),
        sa.CheckConstraint("state IN ('diusulkan', 'berlaku', 'ditolak', 'dicabut')",
                           name=op.f("ck_rule_edition_state")),
        sa.CheckConstraint("rule_state IN ('hidup', 'mati')",
                           name=op.f("ck_rule_edition_rule_state")),
        sa.CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
                           name=op.f("ck_rule_edition_two_people")),
        sa.CheckConstraint("state <> 'berlaku' OR decided_by_id IS NOT NULL",
                           name=op.f("ck_rule_edition_in_force_by_a_second_person")),
        sa.CheckConstraint("(state = 'diusulkan') = (decided_at IS NULL)",
                           name=op.f("ck_rule_edition_decided_when_no_longer_proposed")),
        sa.ForeignKeyConstraint(["trial_id"], ["rule_trial.id"],
                                name=op.f("fk_rule_edition_trial_id_rule_trial")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user_account.id"],
                                name=op.f("fk_rule_edition_proposed_by_id_user_account")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"],
                                name=op.f("fk_rule_edition_decided_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_edition")),
        sa.UniqueConstraint("rule", "number", name="uq_rule_edition_rule_number"),
        comment="What people changed of a rule; never altered once decided",
    )  # fmt: skip
    op.create_index(
        "uq_rule_edition_waiting",
        "rule_edition",
        ["rule"],
        unique=True,
        postgresql_where=sa.text("state = 'diusulkan'"),
    )


def _outcomes() -> None:
    op.create_table(
        "flag_outcome",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("flag_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False,
                  comment="when the case took the flag"),
        sa.Column("rule_edition", sa.Integer(), nullable=False,
                  comment="when the case took the flag"),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kantor_cabang", sa.String(), nullable=False),
        sa.Column("kode_wilayah", sa.String(), nullable=False),
        sa.Column("kbli", sa.String(), nullable=False, comment="empty: not known"),
        sa.Column("case_number", sa.String(), nullable=False),
        sa.Column("ended_as", sa.String(), nullable=False,
                  comment="the closing reason of the case"),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"rule IN ({RULES})", name=op.f("ck_flag_outcome_rule")),
        sa.CheckConstraint("verdict IN ('terbukti', 'tidak_terbukti', 'tidak_dinilai')",
                           name=op.f("ck_flag_outcome_verdict")),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"],
                                name=op.f("fk_flag_outcome_flag_id_flag")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_outcome")),
        comment="How a case that took a flag ended; only ever added to",
    )  # fmt: skip
    op.create_index("ix_flag_outcome_flag_id", "flag_outcome", ["flag_id"])
    op.create_index("ix_flag_outcome_rule_subject", "flag_outcome", ["rule", "subject", "id"])


def _fill_outcomes() -> None:
    """Count the cases that were closed before; their readings are those of app.cases.verdicts."""
    op.execute(
        """
        INSERT INTO flag_outcome (flag_id, rule, rule_version, rule_edition, subject,
          kantor_cabang, kode_wilayah, kbli, case_number, ended_as, verdict, ended_on, recorded_at)
        SELECT f.id, f.rule, coalesce((cf.content ->> 'rule_version')::integer, f.rule_version), 0,
          f.subject, f.kantor_cabang, f.kode_wilayah,
          coalesce(c.employer ->> 'kbli', ''), c.number, c.closed_reason,
          CASE
            WHEN c.closed_reason IN ('LUNAS', 'PATUH') THEN 'terbukti'
            WHEN c.closed_reason = 'DIALIHKAN' AND f.rule = 'PIUTANG' THEN 'terbukti'
            WHEN c.closed_reason IN ('SALAH_TAGIH', 'TIDAK_TERBUKTI') THEN 'tidak_terbukti'
            ELSE 'tidak_dinilai'
          END,
          c.closed_on, now()
        FROM case_file c
        JOIN case_flag cf ON cf.case_id = c.id
        JOIN flag f ON f.id = cf.flag_id
        WHERE c.closed_on IS NOT NULL
        ORDER BY c.closed_on, c.id, f.id
        """
    )


def _weights() -> None:
    op.create_table(
        "ranking_edition",
        sa.Column("id", sa.Integer(), nullable=False, comment="also the number of the edition"),
        sa.Column("points", postgresql.JSONB(), nullable=False,
                  comment="element: weight; together 100"),
        sa.Column("valid_from", sa.Date(), nullable=False,
                  comment="inclusive, the sweep's legal day"),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("effect", postgresql.JSONB(), nullable=False,
                  comment="what the proposer saw that it would change"),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_name", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True,
                  comment="null: undecided, or withdrawn by the proposer"),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False, comment="why it was refused"),
        sa.CheckConstraint("state IN ('diusulkan', 'berlaku', 'ditolak', 'dicabut')",
                           name=op.f("ck_ranking_edition_state")),
        sa.CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
                           name=op.f("ck_ranking_edition_two_people")),
        sa.CheckConstraint("state <> 'berlaku' OR decided_by_id IS NOT NULL",
                           name=op.f("ck_ranking_edition_in_force_by_a_second_person")),
        sa.CheckConstraint("(state = 'diusulkan') = (decided_at IS NULL)",
                           name=op.f("ck_ranking_edition_decided_when_no_longer_proposed")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user_account.id"],
                                name=op.f("fk_ranking_edition_proposed_by_id_user_account")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"],
                                name=op.f("fk_ranking_edition_decided_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_edition")),
        comment="Weights by which flags are ordered; never altered once decided",
    )  # fmt: skip
    op.create_index(
        "uq_ranking_edition_waiting",
        "ranking_edition",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'diusulkan'"),
    )
