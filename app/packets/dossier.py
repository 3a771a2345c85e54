"""PURE: what is known about one case at a cut-off day, before any of it is printed."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from app.law.administrative_fine import AdministrativeFine
from app.law.book import LawBook
from app.law.late_payment import Arrears
from app.law.money import Rupiah
from app.law.month import Month

ViolationCode = Literal["PWBD", "PDS_TK", "PDS_UPAH", "PDS_PROGRAM", "PIUTANG", "LAPSED"]

# What an event or a document proves; everything else is told in the chronology only.
Subject = Literal[
    "authority",
    "identity",
    "registration",
    "workers",
    "wages",
    "dues",
    "notice",
    "visit",
    "inspection",
    "report",
    "warning_1",
    "warning_2",
    "fine",
    "denial",
    "admission",
    "other",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The office that signs. `parent_name` empty: it has none above it."""

    code: str
    name: str
    parent_name: str
    city: str
    address: str
    phone: str
    email: str
    head_name: str
    head_title: str
    prosecutor_office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    name: str
    title: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """How many workers one source tells of, on the day of its data."""

    source: str
    workers: int
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Employer:
    """Empty text: not known. `npp` empty: not registered. `related` are other NPP of its NPWP."""

    npp: str
    divisions: tuple[str, ...]
    name: str
    form: str
    npwp: str
    nib: str
    kbli: str
    kbli_title: str
    scale: str
    jkk_class: int | None
    address: str
    regency: str
    province: str
    registered_on: date | None
    status: str
    programmes: tuple[str, ...]
    workers_active: int
    workers_ended: int
    sources: tuple[SourceCount, ...] = ()
    related: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One finding; `sentence` is what the flag or the officer says. Amounts are estimates.

    `monthly` is a month's contribution, which stands for `months`; 0 where it is not known.
    `estimated_on`: the day that the estimate reaches to, None where it is not known.
    """

    code: ViolationCode
    workers: int
    months: int
    monthly: Rupiah = 0
    potential: Rupiah
    sentence: str
    estimated_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillBase:
    """Head count and wages that a bill was reckoned on."""

    month: Month
    programme: str
    workers: int
    wage_base: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """`nik` in clear: only compose sees it. None: not known. `kpj` empty: never registered."""

    name: str
    nik: str
    born_on: date | None
    kpj: str
    started_on: date | None
    ended_on: date | None
    wage_reported: Rupiah | None
    wage_found: Rupiah | None
    status: Literal["aktif", "berakhir", "belum_terdaftar", "selisih_upah"]
    source: str
    source_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of the log. `evidence`: ids; `hand_typed`: an officer's remark, not a step.

    `delivery` tells every attempt; `received_on` and `receipt`, the id of its evidence, are set
    only where the receipt is proved. `deadline`: the last day that a warning gave.
    """

    seq: int
    on: date
    subject: Subject
    title: str
    letter_number: str
    officer: str
    received_by: str
    delivery: str
    received_on: date | None
    response: str
    note: str
    evidence: tuple[int, ...]
    receipt: int | None = None
    deadline: date | None = None
    hand_typed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A stored file. `exhibit`: P-1, given for good; `sha256` is of the original bytes."""

    id: int
    exhibit: str
    sha256: str
    size: int
    title: str
    subject: Subject
    on: date
    extension: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The cooperation agreement with the prosecutor's office."""

    number: str
    signed_on: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    number: str
    on: date
    nature: str
    agreement: Agreement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything gathered for one packet. Events and evidence after the cut-off are left out.

    `registry_as_of` is the day of the registry snapshot the figures rest on. `criminal_clause`
    is the logged choice of the legal team to name the criminal provision.
    """

    case_number: str
    opened_on: date
    cutoff: date
    letter: Letter
    office: Office
    officer: Officer | None
    employer: Employer
    violations: tuple[Violation, ...]
    arrears: Arrears | None
    bill_bases: tuple[BillBase, ...]
    fine: AdministrativeFine | None
    fine_imposed: bool
    workers: tuple[Worker, ...]
    events: tuple[Event, ...]
    evidence: tuple[Evidence, ...]
    registry_as_of: date | None
    snapshot_id: str
    law: LawBook
    remarks: tuple[str, ...] = field(default=())
    criminal_clause: bool = False
