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
    DeadlineAnswer,
    DeadlineRequest,
    SkippedDocument,
    WorkerContributionDocument,
    WorkerWageDocument,
)
from app.law import contributions, late_payment
from app.law.book import LawBook, Norms
from app.law.calendar import CalendarTooShort, CollectiveLeave, WorkingCalendar
from app.law.dated import Applied, Dated, ParameterGap
from app.law.deadlines import DeadlineCertificate, calendar_day_deadline, working_day_deadline
from app.law.faults import fault
from app.law.parameters.calendar import (
    COLLECTIVE_LEAVE_IS_A_WORKING_DAY,
    FIRST_DAY_COUNTED,
    WORKING_WEEK,
)
from app.law.payroll import PayrollLine, payroll

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


def deadline(document: object, norms: Norms) -> dict[str, object]:
    """Answer a DeadlineRequest with a DeadlineAnswer.

    Raises:
        Invalid: names every wrong field and its value.
        CalendarTooShort: the count reaches a year that is not loaded.
    """
    answer = deadline_answer(faults.read(DeadlineRequest, document), norms)
    return answer.model_dump(mode="json", by_alias=True)


CALCULATIONS: Final[Mapping[str, Calculation]] = MappingProxyType(
    {
        "contribution": contribution,
        "arrears": arrears,
        "deadline": deadline,
        "estimate": estimate_of,
        "difference": difference_of,
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
        raise reach.bill_too_far(short, request, norms) from short
    except ParameterGap as gap:
        raise reach.gap_of_bills(gap, request) from gap
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


def deadline_answer(request: DeadlineRequest, norms: Norms) -> DeadlineAnswer:
    """Return the answer as a model, for a caller that has read the request itself.

    Raises:
        Invalid: names the wrong field and its value.
        CalendarTooShort: the count reaches a year that is not loaded.
    """
    calendar = norms.calendar
    try:
        certificate = _certificate(request, calendar=calendar)
    except CalendarTooShort as short:
        raise reach.deadline_too_far(short, request) from short
    parameters = _readings(certificate, law=norms.law)
    return DeadlineAnswer.model_validate(
        {
            "from": certificate.start,
            "due_on": certificate.due_on,
            "unit": certificate.unit,
            "count": certificate.count,
            "collective_leave_counts": request.collective_leave_counts,
            "counted": certificate.counted,
            "skipped": tuple(
                SkippedDocument(day=skipped.day, reason=skipped.reason)
                for skipped in certificate.skipped
            ),
            "calendar_version": calendar.version,
            "rule": certificate.rule,
            "parameters": parameter_documents(parameters),
            "citations": citation_documents(parameters),
        }
    )


def _certificate(request: DeadlineRequest, *, calendar: WorkingCalendar) -> DeadlineCertificate:
    match request.working_days, request.calendar_days:
        case int(count), None:
            return working_day_deadline(
                start=request.start,
                count=count,
                calendar=calendar,
                collective_leave=CollectiveLeave.WORKING_DAY
                if request.collective_leave_counts
                else CollectiveLeave.DAY_OFF,
            )
        case None, int(count):
            return calendar_day_deadline(start=request.start, count=count)
        case None, None:
            raise fault("working_days", "Isi working_days atau calendar_days.")
        case _:
            raise fault(
                "calendar_days",
                "Isi hanya satu: working_days ({working_days}) atau calendar_days "
                "({calendar_days}).",
                working_days=request.working_days,
                calendar_days=request.calendar_days,
            )


def _readings(certificate: DeadlineCertificate, *, law: LawBook) -> tuple[Applied[object], ...]:
    """Return how the days were counted; a count before the first reading rests on none."""
    used: tuple[Dated[object], ...] = (FIRST_DAY_COUNTED,)
    if certificate.unit == "working_days":
        used = (FIRST_DAY_COUNTED, WORKING_WEEK, COLLECTIVE_LEAVE_IS_A_WORKING_DAY)
    return tuple(
        law[parameter].applied_on(certificate.start)
        for parameter in used
        if law[parameter].find_on(certificate.start)
    )
