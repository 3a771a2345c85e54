"""The settlement preview as a document: what was asked becomes promises, the plan an answer."""

from collections.abc import Sequence
from dataclasses import replace

from app.calculations import faults, reach
from app.calculations.answers import citation_documents, parameter_documents
from app.calculations.ledgers import bill_of, payment_of
from app.calculations.schemas import (
    InstalmentDocument,
    SettlementAnswer,
    SettlementRequest,
    StandingDocument,
)
from app.errors import Invalid
from app.law.book import Norms
from app.law.calendar import CalendarTooShort
from app.law.dated import ParameterGap
from app.law.faults import fault
from app.law.late_payment import Bill, Payment
from app.law.settlement import (
    Instalment,
    Promise,
    Settlement,
    Standing,
    equal_instalments,
    on_one_day,
    owed,
    settle,
)


def settlement(document: object, norms: Norms) -> dict[str, object]:
    """Answer a SettlementRequest with a SettlementAnswer.

    Raises:
        Invalid: names every wrong field and its value.
        CalendarTooShort: a bill falls due in a year that is not loaded.
    """
    answer = settlement_answer(faults.read(SettlementRequest, document), norms)
    return answer.model_dump(mode="json", by_alias=True)


def settlement_answer(request: SettlementRequest, norms: Norms) -> SettlementAnswer:
    """Return the answer as a model, for a caller that has read the request itself.

    Raises:
        Invalid: names the wrong field and its value.
        CalendarTooShort: a bill falls due in a year that is not loaded.
    """
    bills = [bill_of(bill) for bill in request.bills]
    payments = [payment_of(payment) for payment in request.payments]
    promises: tuple[Promise, ...] = ()
    try:
        promises = _promises(request, bills=bills, payments=payments, norms=norms)
        found = settle(
            bills=bills, payments=payments, start=request.start, promises=promises, norms=norms
        )
    except CalendarTooShort as short:
        raise reach.bill_too_far(short, request.bills, norms) from short
    except ParameterGap as gap:
        days = [promise.on for promise in promises]
        raise reach.gap_of_plan(gap, request, promised=days) from gap
    except Invalid as error:
        raise _placed(error, request) from None
    return document_of(found)


def document_of(found: Settlement) -> SettlementAnswer:
    return SettlementAnswer.model_validate(
        {
            "from": found.start,
            "now": _standing(found.now),
            "instalments": tuple(_instalment(item) for item in found.instalments),
            "paid": found.paid,
            "left": _standing(found.left),
            "unpaid": _standing(found.unpaid),
            "saved": found.saved,
            "not_yet_due": found.not_yet_due,
            "calendar_version": found.arrears.calendar_version,
            "parameters": parameter_documents(found.arrears.parameters),
            "citations": citation_documents(found.arrears.parameters),
        }
    )


def _promises(
    request: SettlementRequest, *, bills: Sequence[Bill], payments: Sequence[Payment], norms: Norms
) -> tuple[Promise, ...]:
    match request.pay_on, request.instalments, request.schedule:
        case day, None, None if day is not None:
            return on_one_day(day)
        case None, asked, None if asked is not None:
            known = [payment for payment in payments if payment.paid_on <= request.start]
            debt = owed(bills=bills, payments=known, on=request.start, norms=norms)
            return equal_instalments(debt.principal, count=asked.count, first_on=asked.first_on)
        case None, None, schedule if schedule is not None:
            return tuple(Promise(on=item.on, amount=item.amount) for item in schedule)
        case _:
            raise fault("pay_on", "Isi tepat satu: pay_on, instalments, atau schedule.")


def _placed(error: Invalid, request: SettlementRequest) -> Invalid:
    """Return the error with a promised day called as the request called it."""
    for position in range(len(error.fields)):
        problem = error.fields[position]
        named = problem.field.split(".")
        if len(named) == 3 and (named[0], named[2]) == ("schedule", "on"):  # noqa: PLR2004
            field = reach.promise_field(request, int(named[1]))
            values = {**problem.values, "field": field}
            moved = replace(problem, field=field, values=values)
            return Invalid(problem.template, fields=(moved,), **values)
    return error


def _standing(found: Standing) -> StandingDocument:
    return StandingDocument(
        on=found.on, principal=found.principal, penalty=found.penalty, total=found.total
    )


def _instalment(found: Instalment) -> InstalmentDocument:
    return InstalmentDocument(
        number=found.number,
        on=found.on,
        amount=found.amount,
        to_principal=found.to_principal,
        to_penalty=found.to_penalty,
        before=_standing(found.before),
        after=_standing(found.after),
        grows_unpaid=found.grows_unpaid,
        grows_paid=found.grows_paid,
    )
