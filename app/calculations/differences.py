"""Why arrears changed between two days, as documents: two arrears requests in, the causes out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from app.calculations import faults, reach
from app.calculations.answers import derivation_document
from app.calculations.ledgers import bill_of, payment_of
from app.calculations.schemas import (
    ArrearsRequest,
    DayText,
    DerivationDocument,
    Document,
    MonthText,
)
from app.errors import AppError, FieldProblem, Invalid, Refused
from app.law.book import Norms
from app.law.calendar import CalendarTooShort
from app.law.dated import ParameterGap
from app.law.differences import LABELS, Difference, Effect, Facts, difference

CauseName = Literal[
    "parameter",
    "calendar",
    "bill-corrected",
    "bill-removed",
    "bill-added",
    "payment-corrected",
    "new-month",
    "time",
    "payment",
    "reversal",
]


class DifferenceRequest(Document):
    """What was known at the first cut-off, and what is known now; both by the law of today."""

    before: ArrearsRequest
    after: ArrearsRequest


class ChangeDocument(Document):
    """What one cause added to one bill; negative where it took away."""

    month: MonthText
    programme: str
    principal: int
    penalty: int


class EffectDocument(Document):
    cause: CauseName
    label: str
    principal: int
    penalty: int
    amount: int
    changes: tuple[ChangeDocument, ...]


class StandDocument(Document):
    cutoff: DayText
    principal: int
    penalty: int
    total: int


class DifferenceAnswer(Document):
    """The effects add up to `amount`, the total after less the total before."""

    before: StandDocument
    after: StandDocument
    amount: int
    effects: tuple[EffectDocument, ...]
    derivation: DerivationDocument


def difference_of(document: object, norms: Norms) -> dict[str, object]:
    """Answer a DifferenceRequest with a DifferenceAnswer.

    Raises:
        Invalid: names every wrong field and its value.
        CalendarTooShort: a bill falls due in a year that is not loaded.
    """
    request = faults.read(DifferenceRequest, document)
    return difference_answer(request, norms).model_dump(mode="json")


def difference_answer(request: DifferenceRequest, norms: Norms) -> DifferenceAnswer:
    """Return the answer as a model, for a caller that has read the request itself.

    Raises:
        Invalid: names the wrong field and its value.
        CalendarTooShort: a bill falls due in a year that is not loaded.
    """
    try:
        found = difference(_facts(request.before, norms), _facts(request.after, norms))
    except AppError:
        _blame("before", request.before, norms)
        _blame("after", request.after, norms)
        raise
    return answer_of(found)


def answer_of(found: Difference) -> DifferenceAnswer:
    before, after = (
        StandDocument(
            cutoff=stand.cutoff,
            principal=stand.principal,
            penalty=stand.penalty,
            total=stand.total,
        )
        for stand in (found.before, found.after)
    )
    return DifferenceAnswer(
        before=before,
        after=after,
        amount=found.amount,
        effects=tuple(_effect(effect) for effect in found.effects),
        derivation=derivation_document(found.derivation()),
    )


def _blame(side: Literal["before", "after"], request: ArrearsRequest, norms: Norms) -> None:
    """Raise what this history alone is refused for, each field named below its side."""
    try:
        _facts(request, norms).arrears()
    except CalendarTooShort as short:
        raise _placed(side, reach.bill_too_far(short, request.bills, norms)) from short
    except ParameterGap as gap:
        asked = reach.gap_of_bills(
            gap,
            bills=request.bills,
            payments=request.payments,
            otherwise=("cutoff", request.cutoff),
        )
        raise _placed(side, asked) from gap
    except Invalid as error:
        raise _placed(side, error) from None


def _placed(side: str, error: AppError) -> AppError:
    error.values = _values_below(side, error.values)
    if isinstance(error, Invalid):
        error.fields = tuple(_below(side, problem) for problem in error.fields)
    elif isinstance(error, Refused):
        error.missing = tuple(_below(side, problem) for problem in error.missing)
    return error


def _below(side: str, problem: FieldProblem) -> FieldProblem:
    return replace(
        problem, field=f"{side}.{problem.field}", values=_values_below(side, problem.values)
    )


def _values_below(side: str, values: Mapping[str, object]) -> dict[str, object]:
    if "field" not in values:
        return dict(values)
    return {**values, "field": f"{side}.{values['field']}"}


def _facts(request: ArrearsRequest, norms: Norms) -> Facts:
    return Facts(
        bills=tuple(map(bill_of, request.bills)),
        payments=tuple(map(payment_of, request.payments)),
        cutoff=request.cutoff,
        norms=norms,
    )


def _effect(effect: Effect) -> EffectDocument:
    return EffectDocument.model_validate(
        {
            "cause": effect.cause.value,
            "label": LABELS[effect.cause],
            "principal": effect.principal,
            "penalty": effect.penalty,
            "amount": effect.amount,
            "changes": tuple(
                ChangeDocument(
                    month=change.month,
                    programme=change.programme,
                    principal=change.principal,
                    penalty=change.penalty,
                )
                for change in effect.changes
            ),
        }
    )
