"""Which field asked for more than the law or the calendar knows: the same no, with its field."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from app.calculations.schemas import (
    BillDocument,
    DeadlineRequest,
    PaymentDocument,
    SettlementRequest,
)
from app.errors import FieldProblem, Refused
from app.law import late_payment
from app.law.book import Norms
from app.law.calendar import CalendarTooShort
from app.law.dated import ParameterGap

_ONE_DAY: Final = timedelta(days=1)
# What only the day of a payment asks for.
_ALLOCATION: Final = "allocation."


class YearNotLoaded(CalendarTooShort):
    """`missing` names the field whose value reaches the year that is not loaded."""

    def __init__(self, template: str, /, *, field: str, **values: object) -> None:
        values = {"field": field, **values}
        Refused.__init__(self, template, missing=(FieldProblem(field, template, values),), **values)


class GapAsked(ParameterGap):
    """`fields` names the field whose day has no value of the parameter."""

    def __init__(self, gap: ParameterGap, *, field: str, value: object) -> None:
        super().__init__(key=gap.key, title=str(gap.values["title"]), on=gap.on)
        self.template = (
            "Belum ada nilai {title} yang berlaku pada {on} untuk {field} {value}; administrator "
            "dapat menambahkannya pada halaman parameter."
        )
        self.values = {**gap.values, "field": field, "value": str(value)}
        self.fields = (FieldProblem(field, self.template, self.values),)


def deadline_too_far(
    short: CalendarTooShort, request: DeadlineRequest, *, start: date
) -> YearNotLoaded:
    """Return the refusal of a count of working days that leaves the loaded years."""
    return YearNotLoaded(
        "Tenggat {count} hari kerja sejak {start} ({field}) melewati {day}, padahal kalender "
        "{version} hanya diketahui dari {known_from} sampai {known_until}; hari libur dan cuti "
        "bersama tahun {year} belum dimuat.",
        field="from" if short.day == start + _ONE_DAY else "working_days",
        count=request.working_days,
        start=start.isoformat(),
        **short.values,
    )


def bill_too_far(
    short: CalendarTooShort, bills: Sequence[BillDocument], norms: Norms
) -> CalendarTooShort:
    """Return the refusal that names the first bill that falls due in a year not loaded."""
    for position, bill in enumerate(bills):
        if not _due_day_is_known(bill, norms):
            return YearNotLoaded(
                "Tagihan {programme} {month} ({field}) jatuh tempo pada {day} atau sesudahnya, "
                "padahal kalender {version} hanya diketahui dari {known_from} sampai "
                "{known_until}; hari libur dan cuti bersama tahun {year} belum dimuat.",
                field=f"bills.{position}.month",
                programme=bill.programme,
                month=str(bill.month),
                **short.values,
            )
    return short


def gap_of_bills(
    gap: ParameterGap,
    *,
    bills: Sequence[BillDocument],
    payments: Sequence[PaymentDocument],
    otherwise: tuple[str, date],
) -> GapAsked:
    """Return the gap with the bill whose month asked or the payment whose day did.

    `otherwise`: the field, and its day, that asked when neither did.
    """
    for position, bill in enumerate(bills):
        if bill.month.first_day == gap.on:
            return GapAsked(gap, field=f"bills.{position}.month", value=bill.month)
    for position, payment in enumerate(payments if gap.key.startswith(_ALLOCATION) else ()):
        for name, day in (("paid_on", payment.paid_on), ("reversed_on", payment.reversed_on)):
            if day == gap.on:
                return GapAsked(gap, field=f"payments.{position}.{name}", value=day)
    return GapAsked(gap, field=otherwise[0], value=otherwise[1])


def gap_of_plan(
    gap: ParameterGap, request: SettlementRequest, *, promised: Sequence[date]
) -> GapAsked:
    """Return the gap of a settlement: a bill, a payment, the first day, or a promised one.

    A promise also asks for the month that follows it, to say by how much the penalty grows.
    """
    otherwise = ("from", request.start)
    if gap.on != request.start:
        for position, day in enumerate(promised):
            if day <= gap.on:
                otherwise = (promise_field(request, position), day)
    return gap_of_bills(gap, bills=request.bills, payments=request.payments, otherwise=otherwise)


def promise_field(request: SettlementRequest, position: int) -> str:
    """Return the field that says on which day the promise at that place is kept."""
    if request.pay_on is not None:
        return "pay_on"
    if request.instalments is not None:
        return "instalments.first_on"
    return f"schedule.{position}.on"


def _due_day_is_known(bill: BillDocument, norms: Norms) -> bool:
    try:
        late_payment.due_on(month=bill.month, calendar=norms.calendar, law=norms.law)
    except CalendarTooShort:
        return False
    return True
