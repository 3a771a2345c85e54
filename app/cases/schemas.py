"""A case as pages, the API and the packet see it: plain values, nothing that reads or writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Literal

from app.cases.clocks import Clock, ClockState, Deadline
from app.cases.defects import CourtFacts, Defect
from app.cases.lifecycle import NextState, NextStep, StepOption
from app.cases.stages import Action, Proof, Stage, Violation
from app.cases.undermined import Undermined
from app.errors import FieldProblem
from app.law.receipt import Receipt

__all__ = [
    "Action",
    "Clock",
    "ClockState",
    "Deadline",
    "NextState",
    "NextStep",
    "Proof",
    "Stage",
    "StepOption",
    "Undermined",
    "Violation",
]

Channel = Literal["kurir", "pos", "diantar", "surel", "dijemput"]
DeliveryResult = Literal["dikirim", "diterima", "ditolak", "pindah", "kosong"]
ApprovalStatus = Literal["menunggu", "disetujui", "ditolak", "basi"]
SuspensionEntry = Literal["mulai", "akhir", "batal"]
SuspensionStatus = Literal["menunggu", "disetujui", "ditolak"]
Reach = Literal["mine", "office"]
TaskKind = Literal["approval", "step", "receipt", "stuck", "unassigned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Employer:
    """The employer as it was when the case was opened; empty text for what was not known.

    `npp` is empty for one that is not registered; then `sumber` and `id_sumber` say who knows it.
    """

    nama: str
    npp: str = ""
    divisi: str = ""
    bentuk: str = ""
    npwp: str = ""
    nib: str = ""
    kbli: str = ""
    skala: str = ""
    kelas_jkk: int | None = None
    alamat: str = ""
    kode_wilayah: str = ""
    program: str = ""
    jumlah_tk: int | None = None
    sumber: str = ""
    id_sumber: str = ""
    kontak: str = ""

    @property
    def key(self) -> str:
        """What makes two entries the same employer: NPP, else NPWP, else NIB, else source, name."""
        if self.npp:
            return f"npp:{self.npp}"
        if self.npwp:
            digits = "".join(filter(str.isdigit, self.npwp))
            # A legacy corporate number is the 15 digits with a zero before them.
            return f"npwp:{digits[1:] if len(digits) == 16 and digits[0] == '0' else digits}"  # noqa: PLR2004
        if self.nib:
            return f"nib:{self.nib}"
        if self.id_sumber:
            return f"sumber:{self.sumber}:{self.id_sumber}"
        return f"nama:{' '.join(self.nama.upper().split())}|{self.kode_wilayah}"


@dataclass(frozen=True, slots=True)
class Person:
    """`user_id` None: no named person stood behind it."""

    user_id: int | None
    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFlag:
    """A flag as it was when it joined the case; money in rupiah.

    `sentence` is `sentence_template` filled with `sentence_values`. `evidence`: the rows it rests
    on, each with its table, line and values; a NIK is masked. `rule_edition` 0: as it ships.
    `found_on` is the day of the sweep that its figures stand for; None where that was not kept.
    """

    flag_id: int
    rule: str
    rule_version: int
    snapshot_id: str
    sentence: str
    sentence_template: str
    sentence_values: Mapping[str, object]
    jumlah_tk: int
    potensi_rupiah: int
    bulan_tunggak: int
    numbers: Mapping[str, object]
    evidence: tuple[Mapping[str, object], ...]
    source_ages: Mapping[str, int]
    confidence: str
    confidence_reason: str
    added_on: date
    found_on: date | None = None
    rule_edition: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt to deliver one letter. Only a received one with evidence starts a clock.

    `received_on` is the day by the office's calendar; `receipt` what the law makes of its hour,
    None where nobody recorded one.
    """

    id: int
    event_seq: int
    channel: str
    tracking_number: str
    sent_on: date
    result: str
    received_on: date | None
    receiver_name: str
    receiver_position: str
    evidence_id: int | None
    note: str
    receipt: Receipt | None = None

    @property
    def received_at(self) -> datetime | None:
        return self.receipt.at if self.receipt else None

    @property
    def counted_on(self) -> date | None:
        """The day of receipt from which a clock counts."""
        return self.receipt.on if self.receipt else self.received_on

    @property
    def proves_receipt(self) -> bool:
        return (
            self.result == "diterima"
            and self.received_on is not None
            and self.evidence_id is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One exhibit. `exhibit` (P-1) is given once and never changes."""

    id: int
    exhibit: str
    kind: Proof
    title: str
    dated_on: date
    file_name: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    added_by: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the timeline, in the order recorded (`seq`).

    `on` is the legal day, `recorded_at` the instant (UTC) of recording. `step` is the action of
    the workflow, None for what was only noted (`verb` says what). `approved_by`: second person.
    """

    seq: int
    on: date
    recorded_at: datetime
    verb: str
    step: Action | None
    label: str
    stage_after: Stage
    actor: Person
    approved_by: Person | None
    letter_number: str
    note: str
    evidence: tuple[Evidence, ...]
    deliveries: tuple[Delivery, ...]
    detail: Mapping[str, object]

    @property
    def recorded_late(self) -> bool:
        return self.recorded_at.date() > self.on


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A proposal that waits for, or got, a second person. Bound to one version of the case."""

    id: int
    action: Action
    label: str
    on: date
    letter_number: str
    note: str
    closing_reason: str
    evidence_ids: tuple[int, ...]
    case_version: int
    content_sha256: str
    status: ApprovalStatus
    proposed_by: Person
    proposed_at: datetime
    decided_by: Person | None
    decided_at: datetime | None
    decision_note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionLine:
    """One line of the ledger: it starts a suspension, or ends or reverses the one named by `of_id`.

    Days are inclusive; `last_on` None: open, or a reversal. `undermines`: the steps already taken
    that the proposer was told become too early or too late. Only an approved line counts.
    """

    id: int
    entry: SuspensionEntry
    of_id: int | None
    first_on: date | None
    last_on: date | None
    reason: str
    authority: str
    evidence_id: int | None
    undermines: tuple[FieldProblem, ...]
    status: SuspensionStatus
    proposed_by: Person
    proposed_at: datetime
    decided_by: Person | None
    decided_at: datetime | None
    decision_note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment as the employer or the branch reported it; the next snapshot confirms it.

    `month` is year * 12 + month - 1; `amount` in rupiah.
    """

    id: int
    paid_on: date
    month: int
    programme: str
    amount: int
    payment_code: str
    evidence_id: int | None
    reported_at: datetime
    reported_by: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """Everything about one case as of `as_of`.

    `events` in the order recorded; `chronology` gives the same by legal day. `deadlines` follow
    the letters; a case whose clock leaves the calendar has none, and its options say why.
    `undermined`: steps taken that by today's calendar and ledger came too early or too late.
    `defects`: what would sink it in court as far as the case alone tells; `court` are the facts
    behind them, for those who know more. `zone` (IANA) is that of its office.
    """

    id: int
    number: str
    office_code: str
    office_name: str
    stage: Stage
    stage_label: str
    version: int
    as_of: date
    opened_on: date
    closed_on: date | None
    closed_reason: str
    closed_reason_label: str
    employer: Employer
    violations: tuple[Violation, ...]
    officer: Person | None
    snapshot_id: str | None
    flags: tuple[CaseFlag, ...]
    events: tuple[Event, ...]
    evidence: tuple[Evidence, ...]
    deliveries: tuple[Delivery, ...]
    deadlines: tuple[Deadline, ...]
    approvals: tuple[Approval, ...]
    payments: tuple[Payment, ...]
    options: tuple[StepOption, ...]
    next: NextStep
    next_due_on: date | None
    collective_leave_counts: bool
    suspensions: tuple[SuspensionLine, ...]
    undermined: tuple[Undermined, ...]
    court: CourtFacts
    defects: tuple[Defect, ...]
    zone: str

    @property
    def is_open(self) -> bool:
        return self.stage is not Stage.CLOSED

    @property
    def chronology(self) -> tuple[Event, ...]:
        return tuple(sorted(self.events, key=lambda event: (event.on, event.seq)))

    @property
    def steps(self) -> tuple[Event, ...]:
        """Return the steps of the workflow alone, in the order recorded."""
        return tuple(event for event in self.events if event.step is not None)

    @property
    def pending(self) -> tuple[Approval, ...]:
        return tuple(approval for approval in self.approvals if approval.status == "menunggu")

    def option(self, action: Action) -> StepOption:
        return next(option for option in self.options if option.action is action)

    def deadline_of(self, clock: Clock) -> Deadline | None:
        """Return the newest deadline of that clock."""
        return next((d for d in reversed(self.deadlines) if d.clock is clock), None)

    def exhibit(self, evidence_id: int | None) -> Evidence | None:
        return next((item for item in self.evidence if item.id == evidence_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One line of a list. `act_on`: from this day a person is needed; None when nobody is."""

    id: int
    number: str
    office_code: str
    stage: Stage
    stage_label: str
    employer_name: str
    npp: str
    violations: tuple[Violation, ...]
    officer: Person | None
    opened_on: date
    next_state: NextState
    next_action: Action | None
    next_label: str
    next_due_on: date | None
    act_on: date | None
    needs_action: bool
    overdue_days: int
    waiting_approval: bool
    version: int


@dataclass(frozen=True, slots=True)
class CaseThen:
    """A case with the stage that was known at the end of a day."""

    number: str
    stage: Stage
    stage_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagCase:
    """A case that took a flag. `closed_on` None: it is open."""

    number: str
    stage_label: str
    opened_on: date
    closed_on: date | None
    closed_reason_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases; empty fields filter nothing. `on` is the day from which "today" is seen.

    `reach` "mine": where this person is the officer. `only_needing_action`: a person is needed
    on or before `on`. `text`: part of a number, a name, an NPP or an NPWP.
    """

    on: date
    reach: Reach = "office"
    office_code: str = ""
    stages: frozenset[Stage] = frozenset()
    violation: str = ""
    text: str = ""
    only_open: bool = True
    only_needing_action: bool = False
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing that waits for this person; `sentence` says what to do."""

    kind: TaskKind
    case_id: int
    case_number: str
    employer_name: str
    action: Action | None
    approval_id: int | None
    sentence: FieldProblem
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCounts:
    """How many open cases this principal sees, as of one day."""

    by_stage: Mapping[Stage, int]
    needing_action: int
    waiting_approval: int
    closed: int

    @property
    def open(self) -> int:
        return sum(self.by_stage.values())


@dataclass(frozen=True, slots=True)
class Opened:
    """`already`: the same request had opened it before, nothing was changed."""

    id: int
    number: str
    already: bool


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrives. `source` is read from its start; `name` is only shown, never a path."""

    source: BinaryIO
    name: str


@dataclass(frozen=True, slots=True)
class CalendarDay:
    day: date
    name: str
    kind: Literal["public", "collective"]
    source: str
