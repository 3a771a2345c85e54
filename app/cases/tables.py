"""Cases with their events, exhibits, deliveries and approvals; the editable calendar."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.cases.guidance import NextState
from app.cases.papers import PaperKind
from app.cases.stages import CLOSING_REASONS, Action, Proof, Stage
from app.infra.tables import Instant, checked, document, instant

CHANNELS = ("kurir", "pos", "diantar", "surel", "dijemput")
RESULTS = ("dikirim", "diterima", "ditolak", "pindah", "kosong")
SUSPENSION_ENTRIES = ("mulai", "akhir", "batal")
SUSPENSION_STATES = ("menunggu", "disetujui", "ditolak")
APPROVAL_STATES = ("menunggu", "disetujui", "ditolak", "basi")
# Letters to one employer: the same number twice is a defect that sinks a case. Assignment orders
# and batch letters may name several employers.
SINGLE_LETTERS = (Action.SEND_NOTICE, Action.WARN_1, Action.WARN_2, Action.IMPOSE_FINE)
_SINGLE = ", ".join(f"'{action}'" for action in SINGLE_LETTERS)


class CaseCounter(SQLModel, table=True):
    __tablename__ = "case_counter"
    __table_args__ = ({"comment": "Last case number given per office and year, without gaps"},)

    office_code: str = Field(primary_key=True, foreign_key="office.code")
    year: int = Field(primary_key=True)
    last: int


class CaseRecord(SQLModel, table=True):
    __tablename__ = "case_file"
    __table_args__ = (
        checked("stage", "stage", tuple(Stage)),
        checked("next_state", "next_state", tuple(NextState)),
        sa.CheckConstraint("(stage = 'closed') = (closed_on IS NOT NULL)", name="closed"),
        checked("closed_reason", "closed_reason", ("", *CLOSING_REASONS)),
        sa.CheckConstraint("cardinality(violations) > 0", name="violations"),
        sa.Index(
            "uq_case_file_open_employer",
            "employer_key",
            unique=True,
            postgresql_where=sa.text("stage <> 'closed'"),
        ),
        sa.Index("ix_case_file_office_act", "office_code", "act_on", "id"),
        sa.Index("ix_case_file_officer_act", "officer_id", "act_on", "id"),
        {"comment": "A case against one employer; one open case per employer"},
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True, description="PTH-J05-2026-00012")
    office_code: str = Field(foreign_key="office.code")
    stage: str
    opened_on: date
    closed_on: date | None = Field(default=None, sa_column_kwargs={"comment": "null: open"})
    closed_reason: str = Field(default="", sa_column_kwargs={"comment": "empty: open"})
    employer_key: str = Field(
        sa_column_kwargs={"comment": "npp:…, npwp:…, nib:…, sumber:…, nama:…"}
    )
    npp: str = Field(default="", sa_column_kwargs={"comment": "empty: not registered"})
    divisi: str = Field(default="", sa_column_kwargs={"comment": "empty: head or several"})
    npwp: str = ""
    employer_name: str
    employer: dict[str, Any] = document(comment="the employer as it was when the case was opened")
    violations: list[str] = Field(sa_column=sa.Column(ARRAY(sa.Text), nullable=False))
    officer_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        sa_column_kwargs={"comment": "null: nobody assigned yet"},
    )
    snapshot_id: str | None = Field(
        default=None, sa_column_kwargs={"comment": "null: opened by hand, on no snapshot"}
    )
    collective_leave_counts: bool = Field(
        default=False, sa_column_kwargs={"comment": "cuti bersama counts as a working day"}
    )
    next_state: str
    next_action: str | None = Field(
        default=None, sa_column_kwargs={"comment": "null: no step of ours is next"}
    )
    act_on: date | None = Field(
        default=None,
        sa_column_kwargs={"comment": "from this day a person is needed; null: nobody is"},
    )
    next_due_on: date | None = Field(
        default=None, sa_column_kwargs={"comment": "last day of the newest clock; null: none"}
    )
    next_due_basis: dict[str, Any] = document(
        comment="clock, letter, first day, calendar version: how next_due_on came about"
    )
    version: int = 1
    created_at: Instant = instant()


class CaseFlagRow(SQLModel, table=True):
    __tablename__ = "case_flag"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "flag_id"),
        {"comment": "A flag as it was when it joined the case"},
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    flag_id: int = Field(sa_type=sa.BigInteger, index=True)
    rule: str
    snapshot_id: str
    content: dict[str, Any] = document(comment="sentence, numbers, evidence rows, source ages")
    added_on: date


class CaseEvent(SQLModel, table=True):
    __tablename__ = "case_event"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "seq"),
        checked("stage_after", "stage_after", tuple(Stage)),
        checked("step", "step", tuple(Action)),
        sa.Index(
            "uq_case_event_letter",
            "office_code",
            "letter_year",
            "letter_key",
            unique=True,
            postgresql_where=sa.text(f"letter_key <> '' AND step IN ({_SINGLE})"),
        ),
        {"comment": "Append-only: what happened in a case, by legal day and by instant"},
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    seq: int
    office_code: str
    took_place_on: date = Field(sa_column_kwargs={"comment": "legal day in the office's zone"})
    recorded_at: Instant = instant()
    verb: str = Field(sa_column_kwargs={"comment": "step, opened, assigned, noted, …"})
    step: str | None = Field(
        default=None, sa_column_kwargs={"comment": "action of the workflow; null: no step"}
    )
    stage_after: str
    actor: str
    actor_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        sa_column_kwargs={"comment": "null: no named person"},
    )
    actor_name: str
    actor_title: str = ""
    approval_id: int | None = Field(
        default=None,
        foreign_key="case_approval.id",
        sa_column_kwargs={"comment": "null: no second person was needed"},
    )
    letter_number: str = ""
    letter_key: str = Field(default="", sa_column_kwargs={"comment": "upper case, no spaces"})
    letter_year: int
    note: str = ""
    evidence_ids: list[int] = Field(
        default_factory=list, sa_column=sa.Column(ARRAY(sa.Integer), nullable=False)
    )
    detail: dict[str, Any] = document()


class EvidenceRow(SQLModel, table=True):
    __tablename__ = "evidence"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "exhibit_no"),
        sa.UniqueConstraint("case_id", "sha256"),
        checked("kind", "kind", tuple(Proof)),
        sa.CheckConstraint("size > 0", name="size"),
        {"comment": "Exhibits; the bytes are in the blob store under their SHA-256"},
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    exhibit_no: int = Field(sa_column_kwargs={"comment": "P-1, P-2, …: given once, never reused"})
    kind: str
    title: str
    dated_on: date
    file_name: str = Field(sa_column_kwargs={"comment": "as uploaded, only shown"})
    media_type: str
    size: int = Field(sa_type=sa.BigInteger, sa_column_kwargs={"comment": "bytes"})
    sha256: str
    added_at: Instant = instant()
    added_by_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        sa_column_kwargs={"comment": "null: no named person"},
    )
    added_by_name: str
    added_by_title: str = ""


class ServiceAttempt(SQLModel, table=True):
    __tablename__ = "service_attempt"
    __table_args__ = (
        checked("channel", "channel", CHANNELS),
        checked("result", "result", RESULTS),
        sa.CheckConstraint("(result = 'diterima') = (received_on IS NOT NULL)", name="received_on"),
        sa.CheckConstraint("received_on >= sent_on", name="order"),
        sa.CheckConstraint("received_at IS NULL OR received_on IS NOT NULL", name="received_at"),
        {"comment": "Attempts to deliver a letter; proved receipt starts its clock"},
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    event_id: int = Field(foreign_key="case_event.id")
    channel: str
    tracking_number: str = ""
    sent_on: date
    result: str
    received_on: date | None = Field(
        default=None, sa_column_kwargs={"comment": "null: not received"}
    )
    received_at: Instant | None = instant(
        nullable=True, comment="null: only the day is known, or not received"
    )
    receiver_name: str = ""
    receiver_position: str = ""
    evidence_id: int | None = Field(
        default=None,
        foreign_key="evidence.id",
        sa_column_kwargs={"comment": "null: receipt is not proved"},
    )
    note: str = ""
    recorded_at: Instant = instant()


class CaseApproval(SQLModel, table=True):
    __tablename__ = "case_approval"
    __table_args__ = (
        checked("status", "status", APPROVAL_STATES),
        checked("action", "action", tuple(Action)),
        sa.CheckConstraint("decided_by_id <> proposed_by_id", name="two_people"),
        sa.CheckConstraint("status <> 'disetujui' OR decided_by_id IS NOT NULL", name="decided"),
        sa.Index(
            "uq_case_approval_waiting",
            "case_id",
            "action",
            unique=True,
            postgresql_where=sa.text("status = 'menunggu'"),
        ),
        {"comment": "A step proposed by one person and decided by another"},
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    action: str
    request: dict[str, Any] = Field(sa_column=sa.Column(JSONB, nullable=False))
    case_version: int
    content_sha256: str = Field(
        sa_column_kwargs={"comment": "of the request, the case version and the exhibits named"}
    )
    status: str
    proposed_by_id: int = Field(foreign_key="user_account.id")
    proposed_by_name: str
    proposed_by_title: str = ""
    proposed_at: Instant = instant()
    decided_by_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        sa_column_kwargs={"comment": "null: undecided, or gone stale by itself"},
    )
    decided_by_name: str = ""
    decided_by_title: str = ""
    decided_at: Instant | None = instant(nullable=True, comment="null: undecided")
    decision_note: str = ""


class CasePayment(SQLModel, table=True):
    __tablename__ = "case_payment"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.UniqueConstraint("case_id", "paid_on", "month", "programme", "payment_code", "amount"),
        {"comment": "Payments reported by hand; the next snapshot confirms or contradicts them"},
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    paid_on: date
    month: int = Field(sa_column_kwargs={"comment": "year * 12 + month - 1"})
    programme: str
    amount: int = Field(sa_type=sa.BigInteger, sa_column_kwargs={"comment": "rupiah"})
    payment_code: str = ""
    evidence_id: int | None = Field(
        default=None,
        foreign_key="evidence.id",
        sa_column_kwargs={"comment": "null: no proof was given"},
    )
    reported_at: Instant = instant()
    reported_by_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        sa_column_kwargs={"comment": "null: no named person"},
    )
    reported_by_name: str
    reported_by_title: str = ""


class SuspensionRow(SQLModel, table=True):
    __tablename__ = "case_suspension"
    __table_args__ = (
        checked("entry", "entry", SUSPENSION_ENTRIES),
        checked("status", "status", SUSPENSION_STATES),
        sa.CheckConstraint("(entry = 'mulai') = (of_id IS NULL)", name="of"),
        sa.CheckConstraint("(entry = 'mulai') = (first_on IS NOT NULL)", name="first_on"),
        sa.CheckConstraint("entry <> 'akhir' OR last_on IS NOT NULL", name="ended"),
        sa.CheckConstraint("entry <> 'batal' OR last_on IS NULL", name="reversed"),
        sa.CheckConstraint("last_on >= first_on", name="order"),
        sa.CheckConstraint("reason <> '' AND authority <> ''", name="grounds"),
        sa.CheckConstraint("decided_by_id <> proposed_by_id", name="two_people"),
        sa.CheckConstraint("(status = 'menunggu') = (decided_by_id IS NULL)", name="decided"),
        sa.Index(
            "uq_case_suspension_waiting",
            "case_id",
            unique=True,
            postgresql_where=sa.text("status = 'menunggu'"),
        ),
        {
            "comment": "Ledger of suspensions of a case's clocks: each line starts, ends or "
            "reverses one; none is deleted"
        },
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    entry: str
    of_id: int | None = Field(
        default=None,
        foreign_key="case_suspension.id",
        sa_column_kwargs={"comment": "the line that this one ends or reverses; null: it starts"},
    )
    first_on: date | None = Field(
        default=None, sa_column_kwargs={"comment": "first day, inclusive; null: starts nothing"}
    )
    last_on: date | None = Field(
        default=None, sa_column_kwargs={"comment": "last day, inclusive; null: open, or a reversal"}
    )
    reason: str
    authority: str = Field(sa_column_kwargs={"comment": "who decided it, by which letter"})
    evidence_id: int | None = Field(
        default=None,
        foreign_key="evidence.id",
        sa_column_kwargs={"comment": "null: no exhibit was named"},
    )
    undermines: dict[str, Any] = document(
        comment="steps that this line makes too early or too late, as the proposer was told"
    )
    status: str
    proposed_by_id: int = Field(foreign_key="user_account.id")
    proposed_by_name: str
    proposed_by_title: str = ""
    proposed_at: Instant = instant()
    decided_by_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        sa_column_kwargs={"comment": "null: undecided"},
    )
    decided_by_name: str = ""
    decided_by_title: str = ""
    decided_at: Instant | None = instant(nullable=True, comment="null: undecided")
    decision_note: str = ""


class CasePaper(SQLModel, table=True):
    __tablename__ = "case_paper"
    __table_args__ = (
        checked("kind", "kind", tuple(PaperKind)),
        sa.CheckConstraint("(kind = 'pks') = (case_id IS NULL)", name="whose"),
        sa.CheckConstraint("valid_until >= signed_on", name="term"),
        sa.CheckConstraint("ended_on >= signed_on", name="ended"),
        sa.Index("ix_case_paper_office_end", "office_code", "valid_until"),
        {"comment": "Agreements, mandates and other papers that stand until a day"},
    )

    id: int | None = Field(default=None, primary_key=True)
    office_code: str = Field(foreign_key="office.code")
    case_id: int | None = Field(
        default=None,
        foreign_key="case_file.id",
        index=True,
        sa_column_kwargs={"comment": "null: of the office and all its cases"},
    )
    kind: str
    number: str
    signed_on: date
    valid_until: date | None = Field(
        default=None, sa_column_kwargs={"comment": "last day, inclusive; null: it names none"}
    )
    substitution: bool | None = Field(
        default=None, sa_column_kwargs={"comment": "null: not recorded, or no mandate"}
    )
    stamped: bool | None = Field(
        default=None, sa_column_kwargs={"comment": "bears its stamp duty; null: not recorded"}
    )
    note: str = ""
    ended_on: date | None = Field(
        default=None, sa_column_kwargs={"comment": "withdrawn on that day; null: never"}
    )
    ended_reason: str = ""
    recorded_at: Instant = instant()
    recorded_by_id: int | None = Field(
        default=None,
        foreign_key="user_account.id",
        sa_column_kwargs={"comment": "null: no named person"},
    )
    recorded_by_name: str


class CalendarDayRow(SQLModel, table=True):
    __tablename__ = "calendar_day"
    __table_args__ = (
        checked("kind", "kind", ("public", "collective")),
        {"comment": "Public holidays and collective leave; an administrator may edit them"},
    )

    day: date = Field(primary_key=True)
    name: str = Field(primary_key=True)
    kind: str
    source: str = Field(sa_column_kwargs={"comment": "decree, or the package it was seeded from"})


class CalendarYearRow(SQLModel, table=True):
    __tablename__ = "calendar_year"
    __table_args__ = (
        {"comment": "Years whose holidays and collective leave have both been announced"},
    )

    year: int = Field(primary_key=True)
    source: str
