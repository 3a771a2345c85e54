"""Which field asked for more than the law or the calendar knows: the same no, with its field."""

from datetime import date, timedelta
from typing import Final

from app.calculations.schemas import ArrearsRequest, BillDocument, DeadlineRequest
from app.errors import FieldProblem, Refused
from app.law import late_payment
from app.law.book import Norms
from app.law.calendar import CalendarTooShort
from app.law.dated import ParameterGap

_ONE_DAY: Final = timedelta(days=1)


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
    short: CalendarTooShort, request: ArrearsRequest, norms: Norms
) -> CalendarTooShort:
    """Return the refusal that names the first bill that falls due in a year not loaded."""
    for position, bill in enumerate(request.bills):
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


def gap_of_bills(gap: ParameterGap, request: ArrearsRequest) -> GapAsked:
    """Return the gap with the bill whose month asked, or the cut-off when no bill did."""
    for position, bill in enumerate(request.bills):
        if bill.month.first_day == gap.on:
            return GapAsked(gap, field=f"bills.{position}.month", value=bill.month)
    return GapAsked(gap, field="cutoff", value=request.cutoff)


def _due_day_is_known(bill: BillDocument, norms: Norms) -> bool:
    try:
        late_payment.due_on(month=bill.month, calendar=norms.calendar, law=norms.law)
    except CalendarTooShort:
        return False
    return True
