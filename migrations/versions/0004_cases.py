"""Cases, their events, exhibits, deliveries, approvals, payments; the editable calendar."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# refuse_change() is the function of 0001 that keeps the audit log append-only.
APPEND_ONLY = """
CREATE TRIGGER case_event_append_only BEFORE UPDATE OR DELETE ON case_event
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
NO_TRUNCATE = """
CREATE TRIGGER case_event_no_truncate BEFORE TRUNCATE ON case_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column(
            "source",
            sa.String(),
            nullable=False,
            comment="decree, or the package it was seeded from",
        ),
        sa.CheckConstraint("kind IN ('public', 'collective')", name=op.f("ck_calendar_day_kind")),
        sa.PrimaryKeyConstraint("day", "name", name=op.f("pk_calendar_day")),
        comment="Public holidays and collective leave; an administrator may edit them",
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
        comment="Years whose holidays and collective leave have both been announced",
    )
    op.create_table(
        "case_counter",
        sa.Column("office_code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_code"], ["office.code"], name=op.f("fk_case_counter_office_code_office")
        ),
        sa.PrimaryKeyConstraint("office_code", "year", name=op.f("pk_case_counter")),
        comment="Last case number given per office and year, without gaps",
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("office_code", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True, comment="null: open"),
        sa.Column("closed_reason", sa.String(), nullable=False, comment="empty: open"),
        sa.Column(
            "employer_key",
            sa.String(),
            nullable=False,
            comment="npp:…, npwp:…, nib:…, sumber:…, nama:…",
        ),
        sa.Column("npp", sa.String(), nullable=False, comment="empty: not registered"),
        sa.Column("divisi", sa.String(), nullable=False, comment="empty: head or several"),
        sa.Column("npwp", sa.String(), nullable=False),
        sa.Column("employer_name", sa.String(), nullable=False),
        sa.Column(
            "employer",
            postgresql.JSONB(),
            nullable=False,
            comment="the employer as it was when the case was opened",
        ),
        sa.Column("violations", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True, comment="null: nobody assigned yet"),
        sa.Column(
            "snapshot_id",
            sa.String(),
            nullable=True,
            comment="null: opened by hand, on no snapshot",
        ),
        sa.Column(
            "collective_leave_counts",
            sa.Boolean(),
            nullable=False,
            comment="cuti bersama counts as a working day",
        ),
        sa.Column("next_state", sa.String(), nullable=False),
        sa.Column(
            "next_action", sa.String(), nullable=True, comment="null: no step of ours is next"
        ),
        sa.Column(
            "act_on",
            sa.Date(),
            nullable=True,
            comment="from this day a person is needed; null: nobody is",
        ),
        sa.Column(
            "next_due_on",
            sa.Date(),
            nullable=True,
            comment="last day of the newest clock; null: none",
        ),
        sa.Column(
            "next_due_basis",
            postgresql.JSONB(),
            nullable=False,
            comment="clock, letter, first day, calendar version: how next_due_on came about",
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(stage = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_case_file_closed")
        ),
        sa.CheckConstraint(
            "closed_reason IN ('', 'LUNAS', 'PATUH', 'TUTUP_TERVERIFIKASI', 'TIDAK_DITEMUKAN', 'PAILIT', 'SALAH_TAGIH', 'TIDAK_TERBUKTI', 'DICABUT', 'DIALIHKAN')",
            name=op.f("ck_case_file_closed_reason"),
        ),
        sa.CheckConstraint(
            "next_state IN ('act', 'prove', 'wait', 'outside', 'stuck', 'none')",
            name=op.f("ck_case_file_next_state"),
        ),
        sa.CheckConstraint(
            "stage IN ('verification', 'notification', 'inspection', 'warning_1', 'warning_2', 'fine', 'denial', 'referral', 'referred', 'closed')",
            name=op.f("ck_case_file_stage"),
        ),
        sa.CheckConstraint("cardinality(violations) > 0", name=op.f("ck_case_file_violations")),
        sa.ForeignKeyConstraint(
            ["office_code"], ["office.code"], name=op.f("fk_case_file_office_code_office")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["user_account.id"], name=op.f("fk_case_file_officer_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
        comment="A case against one employer; one open case per employer",
    )
    op.create_index(
        "ix_case_file_office_act", "case_file", ["office_code", "act_on", "id"], unique=False
    )
    op.create_index(
        "ix_case_file_officer_act", "case_file", ["officer_id", "act_on", "id"], unique=False
    )
    op.create_index(
        "uq_case_file_open_employer",
        "case_file",
        ["employer_key"],
        unique=True,
        postgresql_where=sa.text("stage <> 'closed'"),
    )
    op.create_table(
        "case_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("request", postgresql.JSONB(), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column(
            "content_sha256",
            sa.String(),
            nullable=False,
            comment="of the request, the case version and the exhibits named",
        ),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_name", sa.String(), nullable=False),
        sa.Column("proposed_by_title", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "decided_by_id",
            sa.Integer(),
            nullable=True,
            comment="null: undecided, or gone stale by itself",
        ),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_by_title", sa.String(), nullable=False),
        sa.Column(
            "decided_at", sa.DateTime(timezone=True), nullable=True, comment="null: undecided"
        ),
        sa.Column("decision_note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "action IN ('visit', 'send_notice', 'order_inspection', 'record_minutes', 'report_findings', 'warn_1', 'warn_2', 'impose_fine', 'request_denial', 'refer', 'seal_packet', 'hand_over', 'record_return', 'close')",
            name=op.f("ck_case_approval_action"),
        ),
        sa.CheckConstraint(
            "status <> 'disetujui' OR decided_by_id IS NOT NULL",
            name=op.f("ck_case_approval_decided"),
        ),
        sa.CheckConstraint(
            "status IN ('menunggu', 'disetujui', 'ditolak', 'basi')",
            name=op.f("ck_case_approval_status"),
        ),
        sa.CheckConstraint(
            "decided_by_id <> proposed_by_id", name=op.f("ck_case_approval_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_approval_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_case_approval_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["user_account.id"],
            name=op.f("fk_case_approval_proposed_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_approval")),
        comment="A step proposed by one person and decided by another",
    )
    op.create_index(op.f("ix_case_approval_case_id"), "case_approval", ["case_id"], unique=False)
    op.create_index(
        "uq_case_approval_waiting",
        "case_approval",
        ["case_id", "action"],
        unique=True,
        postgresql_where=sa.text("status = 'menunggu'"),
    )
    op.create_table(
        "case_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("flag_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("snapshot_id", sa.String(), nullable=False),
        sa.Column(
            "content",
            postgresql.JSONB(),
            nullable=False,
            comment="sentence, numbers, evidence rows, source ages",
        ),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_flag_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_flag")),
        sa.UniqueConstraint("case_id", "flag_id", name=op.f("uq_case_flag_case_id_flag_id")),
        comment="A flag as it was when it joined the case",
    )
    op.create_index(op.f("ix_case_flag_flag_id"), "case_flag", ["flag_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "exhibit_no",
            sa.Integer(),
            nullable=False,
            comment="P-1, P-2, …: given once, never reused",
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False, comment="as uploaded, only shown"),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes"),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True, comment="null: no named person"),
        sa.Column("added_by_name", sa.String(), nullable=False),
        sa.Column("added_by_title", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('salinan_surat', 'tanda_terima', 'surat_tugas', 'berita_acara', 'berita_acara_kunjungan', 'laporan_hasil', 'kertas_kerja', 'surat_pernyataan', 'bukti_bayar', 'bukti_kepatuhan', 'bukti_usaha_tutup', 'putusan_pailit', 'berita_acara_pengalihan', 'surat_pengembalian', 'foto', 'lain')",
            name=op.f("ck_evidence_kind"),
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_size")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user_account.id"], name=op.f("fk_evidence_added_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_evidence_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("case_id", "exhibit_no", name=op.f("uq_evidence_case_id_exhibit_no")),
        sa.UniqueConstraint("case_id", "sha256", name=op.f("uq_evidence_case_id_sha256")),
        comment="Exhibits; the bytes are in the blob store under their SHA-256",
    )
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("office_code", sa.String(), nullable=False),
        sa.Column(
            "took_place_on", sa.Date(), nullable=False, comment="legal day in the office's zone"
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(), nullable=False, comment="step, opened, assigned, noted, …"),
        sa.Column(
            "step", sa.String(), nullable=True, comment="action of the workflow; null: no step"
        ),
        sa.Column("stage_after", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True, comment="null: no named person"),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("actor_title", sa.String(), nullable=False),
        sa.Column(
            "approval_id", sa.Integer(), nullable=True, comment="null: no second person was needed"
        ),
        sa.Column("letter_number", sa.String(), nullable=False),
        sa.Column("letter_key", sa.String(), nullable=False, comment="upper case, no spaces"),
        sa.Column("letter_year", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("evidence_ids", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "stage_after IN ('verification', 'notification', 'inspection', 'warning_1', 'warning_2', 'fine', 'denial', 'referral', 'referred', 'closed')",
            name=op.f("ck_case_event_stage_after"),
        ),
        sa.CheckConstraint(
            "step IN ('visit', 'send_notice', 'order_inspection', 'record_minutes', 'report_findings', 'warn_1', 'warn_2', 'impose_fine', 'request_denial', 'refer', 'seal_packet', 'hand_over', 'record_return', 'close')",
            name=op.f("ck_case_event_step"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_case_event_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["approval_id"],
            ["case_approval.id"],
            name=op.f("fk_case_event_approval_id_case_approval"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_event_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
        sa.UniqueConstraint("case_id", "seq", name=op.f("uq_case_event_case_id_seq")),
        comment="Append-only: what happened in a case, by legal day and by instant",
    )
    op.create_index(
        "uq_case_event_letter",
        "case_event",
        ["office_code", "letter_year", "letter_key"],
        unique=True,
        postgresql_where=sa.text(
            "letter_key <> '' AND step IN ('send_notice', 'warn_1', 'warn_2', 'impose_fine')"
        ),
    )
    op.create_table(
        "case_payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False, comment="year * 12 + month - 1"),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False, comment="rupiah"),
        sa.Column("payment_code", sa.String(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True, comment="null: no proof was given"),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=True, comment="null: no named person"),
        sa.Column("reported_by_name", sa.String(), nullable=False),
        sa.Column("reported_by_title", sa.String(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_case_payment_amount")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_payment_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_case_payment_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by_id"],
            ["user_account.id"],
            name=op.f("fk_case_payment_reported_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_payment")),
        sa.UniqueConstraint(
            "case_id",
            "paid_on",
            "month",
            "programme",
            "payment_code",
            "amount",
            name=op.f("uq_case_payment_case_id_paid_on_month_programme_payment_code_amount"),
        ),
        comment="Payments reported by hand; the next snapshot confirms or contradicts them",
    )
    op.create_table(
        "service_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("tracking_number", sa.String(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True, comment="null: not received"),
        sa.Column("receiver_name", sa.String(), nullable=False),
        sa.Column("receiver_position", sa.String(), nullable=False),
        sa.Column(
            "evidence_id", sa.Integer(), nullable=True, comment="null: receipt is not proved"
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(result = 'diterima') = (received_on IS NOT NULL)",
            name=op.f("ck_service_attempt_received_on"),
        ),
        sa.CheckConstraint(
            "channel IN ('kurir', 'pos', 'diantar', 'surel', 'dijemput')",
            name=op.f("ck_service_attempt_channel"),
        ),
        sa.CheckConstraint(
            "result IN ('dikirim', 'diterima', 'ditolak', 'pindah', 'kosong')",
            name=op.f("ck_service_attempt_result"),
        ),
        sa.CheckConstraint("received_on >= sent_on", name=op.f("ck_service_attempt_order")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_service_attempt_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name=op.f("fk_service_attempt_event_id_case_event")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_service_attempt_evidence_id_evidence")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_attempt")),
        comment="Attempts to deliver a letter; proved receipt starts its clock",
    )
    op.create_index(
        op.f("ix_service_attempt_case_id"), "service_attempt", ["case_id"], unique=False
    )
    op.execute(APPEND_ONLY)
    op.execute(NO_TRUNCATE)


def downgrade() -> None:
    op.drop_index(op.f("ix_service_attempt_case_id"), table_name="service_attempt")
    op.drop_table("service_attempt")
    op.drop_table("case_payment")
    op.drop_index(
        "uq_case_event_letter",
        table_name="case_event",
        postgresql_where=sa.text(
            "letter_key <> '' AND step IN ('send_notice', 'warn_1', 'warn_2', 'impose_fine')"
        ),
    )
    op.drop_table("case_event")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_case_flag_flag_id"), table_name="case_flag")
    op.drop_table("case_flag")
    op.drop_index(
        "uq_case_approval_waiting",
        table_name="case_approval",
        postgresql_where=sa.text("status = 'menunggu'"),
    )
    op.drop_index(op.f("ix_case_approval_case_id"), table_name="case_approval")
    op.drop_table("case_approval")
    op.drop_index(
        "uq_case_file_open_employer",
        table_name="case_file",
        postgresql_where=sa.text("stage <> 'closed'"),
    )
    op.drop_index("ix_case_file_officer_act", table_name="case_file")
    op.drop_index("ix_case_file_office_act", table_name="case_file")
    op.drop_table("case_file")
    op.drop_table("case_counter")
    op.drop_table("calendar_year")
    op.drop_table("calendar_day")
