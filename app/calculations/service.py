"""Each calculation of the law as one JSON document in, one out; stores nothing, asks no clock."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from app.calculations import faults, reach
from app.calculations.answers import (
    citation_documents,
    derivation_document,
    parameter_documents,
)
from app.calculations.deadlines import deadline, deadline_answer
from app.calculations.differences import difference_of
from app.calculations.estimates import estimate_of
from app.calculations.ledgers import (
    allocation_document,
    balance_document,
    bill_of,
    line_document,
    payment_document,
    payment_of,
    share_document,
)
from app.calculations.schemas import (
    ArrearsAnswer,
    ArrearsRequest,
    ContributionAnswer,
    ContributionRequest,
    WorkerContributionDocument,
    WorkerWageDocument,
)
from app.calculations.settlement import settlement
from app.law import contributions, late_payment
from app.law.book import Norms
from app.law.calendar import CalendarTooShort
from app.law.dated import ParameterGap
from app.law.faults import fault
from app.law.payroll import PayrollLine, payroll

__all__ = [
    "CALCULATIONS",
    "Calculation",
    "arrears",
    "arrears_answer",
    "contribution",
    "contribution_answer",
    "deadline",
    "deadline_answer",
]

Calculation = Callable[[object, Norms], dict[str, object]]


def contribution(document: object, norms: Norms) -> dict[str, object]:
    """Answer a ContributionRequest with a ContributionAnswer.

    Raises:
        Invalid: names every wrong field and its value.
    """
    return contribution_answer(faults.read(ContributionRequest, document), norms).model_dump(
        mode="json"
    )


def arrears(document: object, norms: Norms) -> dict[str, object]:
    """Answer an ArrearsRequest with an ArrearsAnswer.

    Raises:
        Invalid: names every wrong field and its value.
        CalendarTooShort: a bill falls due in a year that is not loaded.
    """
    request = faults.read(ArrearsRequest, document)
    return arrears_answer(request, norms).model_dump(mode="json")


CALCULATIONS: Final[Mapping[str, Calculation]] = MappingProxyType(
    {
        "contribution": contribution,
        "arrears": arrears,
        "deadline": deadline,
        "estimate": estimate_of,
        "difference": difference_of,
        "settlement": settlement,
    }
)


def contribution_answer(request: ContributionRequest, norms: Norms) -> ContributionAnswer:
    """Return the answer as a model, for a caller that has read the request itself.

    Raises:
        Invalid: names the wrong field and its value.
    """
    if request.workers is not None:
        return _payroll_answer(request, request.workers, norms)
    try:
        found = contributions.contribution(
            month=request.month,
            wage=request.wage or 0,
            jkk_class=request.jkk_class,
            scale=request.scale,
            programmes=request.programmes,
            labour_intensive=request.labour_intensive,
            law=norms.law,
        )
    except ParameterGap as gap:
        raise reach.GapAsked(gap, field="month", value=request.month) from gap
    return ContributionAnswer(
        month=found.month,
        wage=found.wage,
        programmes=tuple(share_document(share) for share in found.shares),
        total=found.total,
        provisional=found.provisional,
        workers=(),
        derivation=derivation_document(found.derivation()),
        parameters=parameter_documents(found.parameters),
        citations=citation_documents(found.parameters),
    )


def _payroll_answer(
    request: ContributionRequest, workers: tuple[WorkerWageDocument, ...], norms: Norms
) -> ContributionAnswer:
    if request.wage is not None:
        raise fault("wage", "Isi hanya satu: wage ({wage}) atau workers.", wage=request.wage)
    try:
        found = payroll(
            month=request.month,
            lines=[
                PayrollLine(
                    label=worker.label or f"Pekerja {place}",
                    wage=worker.wage,
                    programmes=worker.programmes,
                )
                for place, worker in enumerate(workers, start=1)
            ],
            jkk_class=request.jkk_class,
            scale=request.scale,
            programmes=request.programmes,
            labour_intensive=request.labour_intensive,
            law=norms.law,
        )
    except ParameterGap as gap:
        raise reach.GapAsked(gap, field="month", value=request.month) from gap
    return ContributionAnswer(
        month=found.month,
        wage=found.wages,
        programmes=tuple(share_document(summed.share_of_all()) for summed in found.programmes),
        total=found.total,
        provisional=found.provisional,
        workers=tuple(
            WorkerContributionDocument(
                label=line.label,
                wage=line.wage,
                programmes=tuple(share_document(share) for share in shares),
                total=sum(share.payable for share in shares),
            )
            for line, shares in zip(found.lines, found.shares(), strict=True)
        ),
        derivation=derivation_document(found.derivation()),
        parameters=parameter_documents(found.parameters),
        citations=citation_documents(found.parameters),
    )


def arrears_answer(request: ArrearsRequest, norms: Norms) -> ArrearsAnswer:
    """Return the answer as a model, for a caller that has read the request itself.

    Raises:
        Invalid: names the wrong field and its value.
        CalendarTooShort: a bill falls due in a year that is not loaded.
    """
    try:
        found = late_payment.arrears(
            bills=map(bill_of, request.bills),
            payments=map(payment_of, request.payments),
            cutoff=request.cutoff,
            calendar=norms.calendar,
            law=norms.law,
        )
    except CalendarTooShort as short:
        raise reach.bill_too_far(short, request.bills, norms) from short
    except ParameterGap as gap:
        raise reach.gap_of_bills(
            gap,
            bills=request.bills,
            payments=request.payments,
            otherwise=("cutoff", request.cutoff),
        ) from gap
    return ArrearsAnswer(
        cutoff=found.cutoff,
        lines=tuple(line_document(line) for line in found.lines),
        principal=found.principal,
        penalty=found.penalty,
        total=found.total,
        principal_balance=balance_document(found.principal_balance),
        penalty_balance=balance_document(found.penalty_balance),
        months_in_arrears=found.months_in_arrears,
        ageing_class=found.ageing_class,
        allocations=tuple(allocation_document(part) for part in found.allocations),
        unallocated=found.unallocated,
        not_counted=tuple(payment_document(payment) for payment in found.not_counted),
        calendar_version=found.calendar_version,
        derivation=derivation_document(found.derivation()),
        parameters=parameter_documents(found.parameters),
        citations=citation_documents(found.parameters),
    )
