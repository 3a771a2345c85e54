"""PURE: ReferralPacket, everything that is printed and nothing else. Words live in templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from app.law.money import Rupiah
from app.law.month import Month
from app.packets.dossier import Agreement, Employer, Office, Officer, ViolationCode

# A page of workers costs a second to lay out; beyond this only the data annex grows.
PRINTED_WORKERS = 500
PROGRAMME_ORDER = ("JKK", "JKM", "JHT", "JP")
AnalysisKey = Literal["authority", "relation", "obligation", "breach", "amount", "notice"]
CompletenessStatus = Literal["ada", "tidak_perlu", "kemudian", "belum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`potential` is `monthly` times `months`, rounded once; `monthly` 0: it was not kept.

    `estimated_on`: the day that the estimate reaches to, not the cut-off; None: not kept.
    """

    code: ViolationCode
    workers: int
    months: int
    monthly: Rupiah
    potential: Rupiah
    sentence: str
    estimated_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DuesLine:
    """One bill, as the annex lists it. Amounts in rupiah; `due_on` inclusive."""

    month: Month
    programme: str
    workers: int
    wage_base: Rupiah
    billed: Rupiah
    due_on: date
    is_due: bool
    months_late: int
    paid: Rupiah
    overpaid: Rupiah
    outstanding: Rupiah
    penalty: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class DuesMonth:
    """One month of the grid. `billed_by` holds a programme only where it was billed."""

    month: Month
    workers: int
    wage_base: Rupiah
    billed_by: Mapping[str, Rupiah]
    billed: Rupiah
    due_on: date
    is_due: bool
    months_late: int
    paid: Rupiah
    outstanding: Rupiah
    penalty: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePayment:
    """What was paid after its due date. `penalty` is not rounded: that is done once per bill."""

    month: Month
    paid_on: date
    amount: Rupiah
    months: int
    rate_per_month: Decimal
    penalty: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DuesProgramme:
    programme: str
    billed: Rupiah
    paid: Rupiah
    outstanding: Rupiah
    penalty: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A parameter as used. `citation` None: our own reading, printed as such."""

    title: str
    value: str
    citation: str | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """Totals count only bills whose due date has passed at the cut-off."""

    lines: tuple[DuesLine, ...]
    months: tuple[DuesMonth, ...]
    late_payments: tuple[LatePayment, ...]
    programmes: tuple[DuesProgramme, ...]
    billed: Rupiah
    paid: Rupiah
    overpaid: Rupiah
    principal: Rupiah
    penalty: Rupiah
    total: Rupiah
    months_in_arrears: int
    first_month: Month | None
    last_month: Month | None
    ageing_class: str | None
    assumptions: tuple[Assumption, ...]
    calendar_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FineLedger:
    """The administrative fine: its own ledger, never added to the late penalty."""

    base: Rupiah
    rate_per_month: Decimal
    months: int
    amount: Rupiah
    window_ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRow:
    """`nik` is masked: the last four digits only."""

    number: int
    name: str
    nik: str
    born_on: date | None
    kpj: str
    started_on: date | None
    ended_on: date | None
    wage_reported: Rupiah | None
    wage_found: Rupiah | None
    status: str
    source: str
    source_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChronologyRow:
    """`received_on` and `receipt`, an exhibit, are set only where the receipt is proved.

    `deadline` is the last day, inclusive, that a warning gave.
    """

    number: int
    on: date
    title: str
    letter_number: str
    officer: str
    received_by: str
    delivery: str
    received_on: date | None
    receipt: str
    deadline: date | None
    response: str
    note: str
    exhibits: tuple[str, ...]
    hand_typed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """`filename` is its place in the packet folder; `sha256` is of the original bytes.

    `proves` None: it is told of in the chronology only.
    """

    number: str
    title: str
    proves: AnalysisKey | None
    on: date
    source: str
    filename: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisPoint:
    """`norms` are numbers of lines on the page of the law."""

    key: AnalysisKey
    norms: tuple[int, ...]
    exhibits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalEntry:
    """`articles` empty: only the instrument is printed. `secondary`: read in a secondary source."""

    instrument: str
    articles: str
    summary: str
    secondary: bool
    supports: AnalysisKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletenessRow:
    """`reference` says where it is or why it need not be."""

    key: str
    title: str
    status: CompletenessStatus
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """A data file that goes with the packet, made from what is printed."""

    filename: str
    title: str
    sha256: str
    size: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPacket:
    """`status` "konsep": not approved, watermarked, never sealed. Collections keep their order."""

    number: str
    version: int
    status: Literal["final", "konsep"]
    cutoff: date
    case_number: str
    opened_on: date
    letter_number: str
    letter_on: date
    letter_nature: str
    agreement: Agreement | None
    office: Office
    officer: Officer | None
    employer: Employer
    findings: tuple[Finding, ...]
    dues: Dues | None
    fine: FineLedger | None
    fine_imposed: bool
    claim_within_small_claims: bool | None
    small_claims_ceiling: Rupiah
    stamp_duty: Rupiah
    workers: tuple[WorkerRow, ...]
    workers_concerned: int
    chronology: tuple[ChronologyRow, ...]
    efforts: tuple[ChronologyRow, ...]
    last_contact: ChronologyRow | None
    employer_answer: str
    remarks: tuple[str, ...]
    analysis: tuple[AnalysisPoint, ...]
    legal_basis: tuple[LegalEntry, ...]
    legal_basis_version: str
    exhibits: tuple[Exhibit, ...]
    completeness: tuple[CompletenessRow, ...]
    annexes: tuple[Annex, ...]
    registry_as_of: date | None
    snapshot_id: str

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(finding.code for finding in self.findings)

    @property
    def printed_workers(self) -> tuple[WorkerRow, ...]:
        """The first PRINTED_WORKERS; the annex holds all of them."""
        return self.workers[:PRINTED_WORKERS]

    @property
    def owed(self) -> Dues | None:
        """The dues where anything is owed; a history that was paid is no claim."""
        return self.dues if self.dues and self.dues.total else None

    @property
    def only_arrears(self) -> bool:
        return self.codes == {"PIUTANG"}

    @property
    def potential(self) -> Rupiah:
        """The sum of the estimates; arrears are reckoned from bills and are not among them."""
        return sum(finding.potential for finding in self.findings if finding.code != "PIUTANG")

    @property
    def estimated_on(self) -> tuple[date, ...]:
        """The days that the estimates reach to: those of the findings, never the cut-off."""
        days = {
            finding.estimated_on
            for finding in self.findings
            if finding.code != "PIUTANG" and finding.potential and finding.estimated_on
        }
        return tuple(sorted(days))
