"""Why arrears changed between two days, as documents: two arrears requests in, the causes out."""

from typing import Literal

from app.calculations import faults
from app.calculations.answers import derivation_document
from app.calculations.ledgers import bill_of, payment_of
from app.calculations.schemas import (
    ArrearsRequest,
    DayText,
    DerivationDocument,
    Document,
    MonthText,
)
from app.law.book import Norms
from app.law.differences import LABELS, Effect, Facts, difference

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
    found = difference(_facts(request.before, norms), _facts(request.after, norms))
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
