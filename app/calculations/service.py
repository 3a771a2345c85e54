"""Each calculation of the law as one JSON document in, one out; stores nothing, asks no clock."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from app.calculations import faults
from app.calculations.answers import (
    citation_documents,
    derivation_document,
    parameter_documents,
)
from app.calculations.schemas import (
    ArrearsAnswer,
    ArrearsLineDocument,
    ArrearsRequest,
    ContributionAnswer,
    ContributionRequest,
    DeadlineAnswer,
    DeadlineRequest,
    LateStepDocument,
    ShareDocument,
    SkippedDocument,
)
from app.calculations.settlement import settlement
from app.law import contributions, late_payment
from app.law.book import LawBook, Norms
from app.law.calendar import CollectiveLeave, WorkingCalendar
from app.law.dated import Applied, Dated
from app.law.deadlines import DeadlineCertificate, calendar_day_deadline, working_day_deadline
from app.law.faults import fault
from app.law.parameters.calendar import (
    COLLECTIVE_LEAVE_IS_A_WORKING_DAY,
    FIRST_DAY_COUNTED,
    WORKING_WEEK,
)

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
        "settlement": settlement,
    }
)


def contribution_answer(request: ContributionRequest, norms: Norms) -> ContributionAnswer:
    """Return the answer as a model, for a caller that has read the request itself.

    Raises:
        Invalid: names the wrong field and its value.
    """
    found = contributions.contribution(
        month=request.month,
        wage=request.wage,
        jkk_class=request.jkk_class,
        scale=request.scale,
        programmes=request.programmes,
        labour_intensive=request.labour_intensive,
        law=norms.law,
    )
    return ContributionAnswer(
        month=found.month,
        wage=found.wage,
        programmes=tuple(
            ShareDocument(
                programme=share.programme,
                employer=share.employer,
                worker=share.worker,
                deferred=share.deferred,
                base=share.base,
                employer_rate=str(share.employer_rate),
                worker_rate=str(share.worker_rate),
                relief_factor=str(share.factor),
            )
            for share in found.shares
        ),
        total=found.total,
        provisional=found.provisional,
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
    found = late_payment.arrears(
        bills=(
            late_payment.Bill(month=bill.month, programme=bill.programme, amount=bill.amount)
            for bill in request.bills
        ),
        payments=(
            late_payment.Payment(
                month=payment.month,
                programme=payment.programme,
                paid_on=payment.paid_on,
                amount=payment.amount,
            )
            for payment in request.payments
        ),
        cutoff=request.cutoff,
        calendar=norms.calendar,
        law=norms.law,
    )
    return ArrearsAnswer(
        cutoff=found.cutoff,
        lines=tuple(_line_document(line) for line in found.lines),
        principal=found.principal,
        penalty=found.penalty,
        total=found.total,
        months_in_arrears=found.months_in_arrears,
        ageing_class=found.ageing_class,
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
    certificate = _certificate(request, calendar=calendar)
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


def _line_document(line: late_payment.ArrearsLine) -> ArrearsLineDocument:
    return ArrearsLineDocument(
        month=line.month,
        programme=line.programme,
        billed=line.billed,
        paid=line.paid,
        overpaid=line.overpaid,
        outstanding=line.outstanding,
        due_on=line.due_on,
        is_due=line.is_due,
        months_late=line.months_late,
        penalty=line.penalty,
        steps=tuple(
            LateStepDocument(
                amount=step.amount,
                until=step.until,
                paid=step.paid,
                months=step.months,
                rate_per_month=str(step.rate_per_month),
                penalty=str(step.penalty),
            )
            for step in line.steps
        ),
    )
