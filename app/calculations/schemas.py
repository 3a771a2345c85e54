"""The documents of the calculations, request and answer: names are a contract with integrators."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema
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


MONTH_WANTED: Final = "Bulan {value} ({field}) tidak ada; tulis seperti 2026-03."
DAY_WANTED: Final = "Tanggal {value} ({field}) tidak ada; tulis seperti 2026-03-31."

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
# Range and legality are judged by the law room, so that every caller meets the same sentence.
WholeNumber = Annotated[int, Field(strict=True)]
Claim = Annotated[bool, Field(strict=True)]


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ContributionRequest(Document):
    """Rupiah and months; `programmes` left out means what the scale obliges."""

    month: MonthText
    wage: WholeNumber
    jkk_class: WholeNumber | None = None
    scale: str | None = None
    programmes: tuple[str, ...] | None = None
    labour_intensive: Claim = False


class BillDocument(Document):
    month: MonthText
    programme: str
    amount: WholeNumber


class PaymentDocument(Document):
    month: MonthText
    programme: str
    paid_on: DayText
    amount: WholeNumber


class ArrearsRequest(Document):
    bills: tuple[BillDocument, ...]
    payments: tuple[PaymentDocument, ...] = ()
    cutoff: DayText


class DeadlineRequest(Document):
    """Exactly one of `working_days` and `calendar_days`."""

    start: DayText = Field(alias="from")
    working_days: WholeNumber | None = None
    calendar_days: WholeNumber | None = None
    collective_leave_counts: Claim = False


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


class ContributionAnswer(Document):
    month: MonthText
    wage: int
    programmes: tuple[ShareDocument, ...]
    total: int
    provisional: bool
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
    month: MonthText
    programme: str
    billed: int
    paid: int
    overpaid: int
    outstanding: int
    due_on: DayText
    is_due: bool
    months_late: int
    penalty: int
    steps: tuple[LateStepDocument, ...]


class ArrearsAnswer(Document):
    cutoff: DayText
    lines: tuple[ArrearsLineDocument, ...]
    principal: int
    penalty: int
    total: int
    months_in_arrears: int
    ageing_class: str | None
    calendar_version: str
    derivation: DerivationDocument
    parameters: tuple[ParameterDocument, ...]
    citations: tuple[CitationDocument, ...]


class SkippedDocument(Document):
    day: DayText
    reason: str


class DeadlineAnswer(Document):
    """`calendar_version` is the calendar at hand; `unit` says whether the count used it."""

    start: DayText = Field(alias="from")
    due_on: DayText
    unit: Literal["working_days", "calendar_days"]
    count: int
    collective_leave_counts: bool
    counted: tuple[DayText, ...]
    skipped: tuple[SkippedDocument, ...]
    calendar_version: str
    rule: str
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
