"""The documents of the calculations, request and answer: names are a contract with integrators."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Annotated, Final, Literal, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

from app.errors import Invalid
from app.law.citation import Grade
from app.law.month import Month

_T = TypeVar("_T")

# Wording that belongs to one kind of value stands with its reader; see app.calculations.faults.
UNREADABLE: Final = "unreadable"


def _reader(kind: type[_T], read: Callable[[str], _T], template: str) -> Callable[[object], _T]:
    """Return a validator of text, or of the value itself; `template` says what was wanted."""

    def validate(value: object) -> _T:
        if isinstance(value, kind):
            return value
        try:
            if isinstance(value, str):
                return read(value)
        except (Invalid, ValueError):
            pass
        raise PydanticCustomError(UNREADABLE, "{template}", {"template": template})

    return validate


def _read_day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text)


def _read_instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or "T" not in text:
        raise ValueError(text)
    return found


def _read_clock(text: str) -> time:
    if not re.fullmatch(r"\d{2}:\d{2}", text, re.ASCII):
        raise ValueError(text)
    return time.fromisoformat(text)


MONTH_WANTED: Final = "Bulan {value} ({field}) tidak ada; tulis seperti 2026-03."
DAY_WANTED: Final = "Tanggal {value} ({field}) tidak ada; tulis seperti 2026-03-31."
CLOCK_WANTED: Final = "Jam {value} ({field}) tidak ada; tulis jj:mm, misalnya 15:30."
INSTANT_WANTED: Final = (
    "Saat {value} ({field}) tidak terbaca; tulis dengan selisih zonanya, misalnya "
    "2026-03-13T15:30:00+07:00."
)

MonthText = Annotated[
    Month,
    PlainValidator(_reader(Month, Month.parse, MONTH_WANTED)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}$", "examples": ["2026-03"]}),
]
DayText = Annotated[
    date,
    PlainValidator(_reader(date, _read_day, DAY_WANTED)),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-03-31"]}),
]
ClockText = Annotated[
    time,
    PlainValidator(_reader(time, _read_clock, CLOCK_WANTED)),
    PlainSerializer(time.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{2}:\d{2}$", "examples": ["15:30"]}),
]
InstantText = Annotated[
    datetime,
    PlainValidator(_reader(datetime, _read_instant, INSTANT_WANTED)),
    PlainSerializer(datetime.isoformat, return_type=str),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-03-13T15:30:00+07:00"]}
    ),
]
# Range and legality are judged by the law room, so that every caller meets the same sentence.
WholeNumber = Annotated[int, Field(strict=True)]
Claim = Annotated[bool, Field(strict=True)]


# More belong into several requests: an answer carries the tree of every one of them.
MOST_WORKERS: Final = 2_000
# The same, for an estimate of many months: without it one early day would ask for centuries.
MOST_WORKER_MONTHS: Final = 50_000


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WorkerWageDocument(Document):
    """`programmes` left out means those of the employer."""

    wage: WholeNumber
    programmes: tuple[str, ...] | None = None
    label: str | None = Field(default=None, max_length=200)


class ContributionRequest(Document):
    """Either one `wage` or the `workers` of an employer; what is left out is what scale obliges."""

    month: MonthText
    workers: tuple[WorkerWageDocument, ...] | None = Field(default=None, max_length=MOST_WORKERS)
    wage: WholeNumber | None = Field(default=None, validate_default=True)
    jkk_class: WholeNumber | None = None
    scale: str | None = None
    programmes: tuple[str, ...] | None = None
    labour_intensive: Claim = False

    @field_validator("wage")
    @classmethod
    def _one_of_both(cls, wage: int | None, info: ValidationInfo) -> int | None:
        if wage is None and info.data.get("workers") is None:
            raise PydanticCustomError("missing", "wage")
        return wage


class BillWorkerDocument(Document):
    """The part of a bill that one worker stands for."""

    label: str = Field(max_length=200)
    amount: WholeNumber


class BillDocument(Document):
    """`workers`, where given, add up to `amount`."""

    month: MonthText
    programme: str
    amount: WholeNumber
    workers: tuple[BillWorkerDocument, ...] = Field(default=(), max_length=MOST_WORKERS)


class PaymentDocument(Document):
    """`month` or `programme` null: a lump sum, allocated by the rule of its day.

    `towards` is `principal` for a payment that names its bill, and whatever is open for a lump
    sum. From `reversed_on` on the payment counts as never received.
    """

    month: MonthText | None
    programme: str | None
    paid_on: DayText
    amount: WholeNumber
    reversed_on: DayText | None = None
    towards: Literal["principal", "penalty"] | None = None


class ArrearsRequest(Document):
    bills: tuple[BillDocument, ...]
    payments: tuple[PaymentDocument, ...] = ()
    cutoff: DayText


class SuspensionDocument(Document):
    """Days inclusive; `to` null: it has not ended yet."""

    first: DayText = Field(alias="from")
    last: DayText | None = Field(default=None, alias="to")
    reason: str
    authority: str


class DeadlineRequest(Document):
    """Exactly one of `working_days` and `calendar_days`; `from`, or `received_at` with `zone`."""

    start: DayText | None = Field(default=None, alias="from")
    received_at: InstantText | None = None
    zone: str | None = None
    working_days: WholeNumber | None = None
    calendar_days: WholeNumber | None = None
    collective_leave_counts: Claim = False
    suspensions: tuple[SuspensionDocument, ...] = ()


class CitationDocument(Document):
    """`printable` is null where nothing may be quoted as law; `article` only when it was read."""

    instrument: str
    article: str | None
    grade: Grade
    source: str
    checked_by: str | None
    note: str
    printable: str | None


class ParameterDocument(Document):
    """A version of a parameter as used; rates are decimal text."""

    key: str
    title: str
    value: object
    unit: str
    valid_from: DayText
    valid_to: DayText | None
    grade: Grade
    provisional: bool
    citation: CitationDocument


class InputDocument(Document):
    label: str
    value: str
    parameter: str | None


class DerivationDocument(Document):
    """A node of the tree behind an amount; the leaves add up to the root."""

    label: str
    value: int
    formula: str
    inputs: tuple[InputDocument, ...]
    citation: CitationDocument | None
    children: tuple["DerivationDocument", ...]


class ShareDocument(Document):
    """`employer` and `worker` are payable now, `deferred` the rest; `base` after the ceiling."""

    programme: str
    employer: int
    worker: int
    deferred: int
    base: int
    employer_rate: str
    worker_rate: str
    relief_factor: str


class WorkerContributionDocument(Document):
    label: str
    wage: int
    programmes: tuple[ShareDocument, ...]
    total: int


class ContributionAnswer(Document):
    """With workers, `wage` and `programmes` are their sums; without, `workers` is empty."""

    month: MonthText
    wage: int
    programmes: tuple[ShareDocument, ...]
    total: int
    provisional: bool
    workers: tuple[WorkerContributionDocument, ...]
    derivation: DerivationDocument
    parameters: tuple[ParameterDocument, ...]
    citations: tuple[CitationDocument, ...]


class LateStepDocument(Document):
    """`penalty` is decimal text: it is rounded once, on the line."""

    amount: int
    until: DayText
    paid: bool
    months: int
    rate_per_month: str
    penalty: str


class ArrearsLineDocument(Document):
    """`penalty` is what is still owed of `penalty_charged`."""

    month: MonthText
    programme: str
    billed: int
    paid: int
    overpaid: int
    outstanding: int
    due_on: DayText
    is_due: bool
    months_late: int
    penalty_charged: int
    penalty_paid: int
    penalty_overpaid: int
    penalty: int
    steps: tuple[LateStepDocument, ...]


class BalanceDocument(Document):
    """Over the bills that are due: `charged + overpaid = paid + open`."""

    charged: int
    paid: int
    overpaid: int
    open: int


class AllocationDocument(Document):
    """A part of a lump sum and the debt it paid."""

    paid_on: DayText
    month: MonthText
    programme: str
    towards: Literal["principal", "penalty"]
    amount: int


class ArrearsAnswer(Document):
    """`unallocated` is what of lump sums found no debt.

    `not_counted` are the payments after the cut-off and those reversed by then.
    """

    cutoff: DayText
    lines: tuple[ArrearsLineDocument, ...]
    principal: int
    penalty: int
    total: int
    principal_balance: BalanceDocument
    penalty_balance: BalanceDocument
    months_in_arrears: int
    ageing_class: str | None
    allocations: tuple[AllocationDocument, ...]
    unallocated: int
    not_counted: tuple[PaymentDocument, ...]
    calendar_version: str
    derivation: DerivationDocument
    parameters: tuple[ParameterDocument, ...]
    citations: tuple[CitationDocument, ...]


class SkippedDocument(Document):
    day: DayText
    reason: str


class ReceiptDocument(Document):
    """`on` is the legal day of receipt; `after_hours`: the day after, for it came too late."""

    received_at: InstantText
    zone: str
    local_time: InstantText
    on: DayText
    after_hours: bool
    cutoff_hour: int | None


class DeadlineAnswer(Document):
    """`calendar_version` is the calendar at hand; `unit` says whether the count used it.

    `receipt` is null when the request named the day itself.
    """

    start: DayText = Field(alias="from")
    due_on: DayText
    unit: Literal["working_days", "calendar_days"]
    count: int
    collective_leave_counts: bool
    counted: tuple[DayText, ...]
    skipped: tuple[SkippedDocument, ...]
    calendar_version: str
    calendar_known_until: DayText | None
    rule: str
    receipt: ReceiptDocument | None
    suspensions: tuple[SuspensionDocument, ...]
    parameters: tuple[ParameterDocument, ...]
    citations: tuple[CitationDocument, ...]


class PromiseDocument(Document):
    """`amount` left out: all that is owed on that day."""

    on: DayText
    amount: WholeNumber | None = None


class InstalmentsDocument(Document):
    """Monthly, of equal principal; the last takes the rest and the penalty."""

    count: WholeNumber
    first_on: DayText


class SettlementRequest(Document):
    """Exactly one of `pay_on`, `instalments` and `schedule`."""

    bills: tuple[BillDocument, ...]
    payments: tuple[PaymentDocument, ...] = ()
    start: DayText = Field(alias="from")
    pay_on: DayText | None = None
    instalments: InstalmentsDocument | None = None
    schedule: tuple[PromiseDocument, ...] | None = None


class StandingDocument(Document):
    on: DayText
    principal: int
    penalty: int
    total: int


class InstalmentDocument(Document):
    """`before` is also what a default on that day leaves; `grows_…` is the penalty of a month."""

    number: int
    on: DayText
    amount: int
    to_principal: int
    to_penalty: int
    before: StandingDocument
    after: StandingDocument
    grows_unpaid: int
    grows_paid: int


class SettlementAnswer(Document):
    """`unpaid`: the debt on the last day if nothing were paid; `saved` is what that costs more."""

    start: DayText = Field(alias="from")
    now: StandingDocument
    instalments: tuple[InstalmentDocument, ...]
    paid: int
    left: StandingDocument
    unpaid: StandingDocument
    saved: int
    not_yet_due: int
    calendar_version: str
    parameters: tuple[ParameterDocument, ...]
    citations: tuple[CitationDocument, ...]
