"""A deadline as a JSON document: from a day or an instant of receipt, with its suspensions."""

from dataclasses import dataclass
from datetime import date

from app.calculations import faults, reach
from app.calculations.answers import citation_documents, parameter_documents
from app.calculations.schemas import (
    DeadlineAnswer,
    DeadlineRequest,
    ReceiptDocument,
    SkippedDocument,
)
from app.law.book import LawBook, Norms
from app.law.calendar import CalendarTooShort, CollectiveLeave, WorkingCalendar
from app.law.dated import Applied, Dated
from app.law.deadlines import DeadlineCertificate, calendar_day_deadline, working_day_deadline
from app.law.faults import fault
from app.law.parameters.calendar import (
    COLLECTIVE_LEAVE_IS_A_WORKING_DAY,
    FIRST_DAY_COUNTED,
    WORKING_WEEK,
)
from app.law.receipt import Receipt, receipt
from app.law.suspensions import Suspension


@dataclass(frozen=True, slots=True)
class _Start:
    """`receipt` None: the request named the day itself."""

    on: date
    receipt: Receipt | None


def deadline(document: object, norms: Norms) -> dict[str, object]:
    """Answer a DeadlineRequest with a DeadlineAnswer.

    Raises:
        Invalid: names every wrong field and its value.
        CalendarTooShort: the count reaches a year that is not loaded.
        StillSuspended: a suspension without an end stands before the last day.
    """
    answer = deadline_answer(faults.read(DeadlineRequest, document), norms)
    return answer.model_dump(mode="json", by_alias=True)


def deadline_answer(request: DeadlineRequest, norms: Norms) -> DeadlineAnswer:
    """Return the answer as a model, for a caller that has read the request itself.

    Raises:
        Invalid: names the wrong field and its value.
        CalendarTooShort: the count reaches a year that is not loaded.
        StillSuspended: a suspension without an end stands before the last day.
    """
    calendar = norms.calendar
    start = _start(request, law=norms.law)
    try:
        certificate = _certificate(request, start=start.on, calendar=calendar)
    except CalendarTooShort as short:
        raise reach.deadline_too_far(short, request, start=start.on) from short
    parameters = (
        *counting_rules(certificate, law=norms.law),
        *((start.receipt.cutoff,) if start.receipt is not None else ()),
    )
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
            "calendar_known_until": calendar.known_until,
            "rule": certificate.rule,
            "receipt": None if start.receipt is None else _receipt_document(start.receipt),
            "suspensions": request.suspensions,
            "parameters": parameter_documents(parameters),
            "citations": citation_documents(parameters),
        }
    )


def counting_rules(
    certificate: DeadlineCertificate, *, law: LawBook
) -> tuple[Applied[object], ...]:
    """Return how the days were counted; a count before the first reading rests on none."""
    used: tuple[Dated[object], ...] = (FIRST_DAY_COUNTED,)
    if certificate.unit == "working_days":
        used = (FIRST_DAY_COUNTED, WORKING_WEEK, COLLECTIVE_LEAVE_IS_A_WORKING_DAY)
    return tuple(
        law[parameter].applied_on(certificate.start)
        for parameter in used
        if law[parameter].find_on(certificate.start)
    )


def _start(request: DeadlineRequest, *, law: LawBook) -> _Start:
    if request.received_at is None:
        if request.zone is not None:
            raise fault(
                "zone",
                "Isian {field} ({zone}) hanya dipakai bersama received_at; hapus.",
                zone=request.zone,
            )
        if request.start is None:
            raise fault("from", "Isi from, atau received_at bersama zone.")
        return _Start(request.start, None)
    if request.start is not None:
        raise fault(
            "received_at",
            "Isi hanya satu: from ({start}) atau received_at ({received_at}).",
            start=request.start.isoformat(),
            received_at=request.received_at.isoformat(),
        )
    if request.zone is None:
        raise fault("zone", "Isi {field}: zona waktu kantor, WIB, WITA, atau WIT.")
    found = receipt(request.received_at, zone=request.zone, law=law)
    return _Start(found.on, found)


def _certificate(
    request: DeadlineRequest, *, start: date, calendar: WorkingCalendar
) -> DeadlineCertificate:
    suspensions = tuple(
        Suspension(first=item.first, last=item.last, reason=item.reason, authority=item.authority)
        for item in request.suspensions
    )
    match request.working_days, request.calendar_days:
        case int(count), None:
            return working_day_deadline(
                start=start,
                count=count,
                calendar=calendar,
                collective_leave=CollectiveLeave.WORKING_DAY
                if request.collective_leave_counts
                else CollectiveLeave.DAY_OFF,
                suspensions=suspensions,
            )
        case None, int(count):
            return calendar_day_deadline(start=start, count=count, suspensions=suspensions)
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


def _receipt_document(found: Receipt) -> ReceiptDocument:
    return ReceiptDocument(
        received_at=found.at,
        zone=found.zone,
        local_time=found.local,
        on=found.on,
        after_hours=found.after_hours,
        cutoff_hour=found.cutoff.value,
    )
