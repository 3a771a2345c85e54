"""Contributions paid late: when a bill is due, what is still owed, and the penalty for it.

Never adds the fine of PP 86/2013: that is another debt (app.law.administrative_fine).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.law.book import LawBook
from app.law.calendar import CollectiveLeave, WorkingCalendar
from app.law.dated import Applied
from app.law.derivation import Derivation, Input, percent
from app.law.faults import fault
from app.law.money import Rupiah, check_amount, formatted, round_half_up
from app.law.month import Month
from app.law.parameters.ageing import AGEING_CLASSES
from app.law.parameters.calendar import COLLECTIVE_LEAVE_IS_A_WORKING_DAY
from app.law.parameters.late_payment import (
    CAP_MONTHS,
    COMPOUNDING,
    DUE_DAY,
    DUE_ROLL,
    PART_MONTH,
    RATE_PER_MONTH,
    ROUNDING,
    PartMonth,
)
from app.law.parameters.programmes import PROGRAMMES
from app.law.parameters.rates import FIRST_DAY

FIRST_MONTH = Month.of(FIRST_DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    month: Month
    programme: str
    amount: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Towards the bill of that month and programme."""

    month: Month
    programme: str
    paid_on: date
    amount: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class LateStep:
    """A part of a bill and how long it stood unpaid; `penalty` is not rounded.

    `until` is the day it was paid, or the cut-off where `paid` is False.
    """

    amount: Rupiah
    until: date
    paid: bool
    months: int
    rate_per_month: Decimal
    penalty: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrearsLine:
    """One bill at the cut-off. `paid` holds all payments up to it, `overpaid` the excess.

    `is_due` when the due date, `due_on` inclusive, has passed. `months_late` counts for what is
    outstanding, 0 when nothing is or when it is not yet due.
    """

    month: Month
    programme: str
    billed: Rupiah
    paid: Rupiah
    overpaid: Rupiah
    outstanding: Rupiah
    due_on: date
    is_due: bool
    months_late: int
    penalty: Rupiah
    steps: tuple[LateStep, ...]
    due_rule: Applied[int]
    rate: Applied[Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrears:
    """`principal`, `penalty` and `months_in_arrears` count only bills that are due."""

    cutoff: date
    lines: tuple[ArrearsLine, ...]
    principal: Rupiah
    penalty: Rupiah
    total: Rupiah
    months_in_arrears: int
    ageing_class: str | None
    calendar_version: str
    parameters: tuple[Applied[object], ...]

    def derivation(self) -> Derivation:
        """Return the tree of `total`; its leaves are one principal and one penalty per bill."""
        owed = [line for line in self.lines if line.is_due and line.outstanding]
        late = [line for line in self.lines if line.penalty]
        return Derivation(
            label=f"Tunggakan dan denda keterlambatan per {self.cutoff.isoformat()}",
            value=self.total,
            formula="pokok + denda keterlambatan",
            children=(
                Derivation(
                    label="Pokok tunggakan",
                    value=self.principal,
                    formula="jumlah tagihan jatuh tempo yang belum dibayar",
                    children=tuple(_principal_leaf(line) for line in owed),
                ),
                Derivation(
                    label="Denda keterlambatan",
                    value=self.penalty,
                    formula="jumlah denda per tagihan",
                    children=tuple(_penalty_leaf(line) for line in late),
                ),
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """What the law says of bills of one month."""

    due: date
    due_rule: Applied[int]
    rate: Applied[Decimal]
    part_month: PartMonth
    cap: int | None

    @classmethod
    def of(cls, month: Month, *, due: date, law: LawBook) -> "_Terms":
        day = month.first_day
        return cls(
            due=due,
            due_rule=law[DUE_DAY].applied_on(day),
            rate=law[RATE_PER_MONTH].applied_on(day),
            part_month=law[PART_MONTH].on(day),
            cap=law[CAP_MONTHS].on(day),
        )


def due_on(*, month: Month, calendar: WorkingCalendar, law: LawBook) -> date:
    """Return the last day, inclusive, on which the bill of that month is paid in time.

    Law: the 15th of the next month; PP 49/2020 art. 4: the 30th. Reading: a day off, collective
    leave included, moves it to the next working day; a month without a 30th ends it.

    Raises:
        Invalid: the month lies before July 2015.
        CalendarTooShort: the due date lies in a year that is not loaded.
    """
    _check_month(month, field="month")
    day = (month + 1).day(law[DUE_DAY].on(month.first_day))
    return calendar.next_working_day(day, collective_leave=_collective_leave_on(month, law=law))


def arrears(
    *,
    bills: Iterable[Bill],
    payments: Iterable[Payment],
    cutoff: date,
    calendar: WorkingCalendar,
    law: LawBook,
) -> Arrears:
    """Return what is owed at the end of the day `cutoff`, one line per bill in the order given.

    Penalty per bill: each part paid late until its payment, the rest until the cut-off, times
    the rate of the bill's month times the months late; summed, then rounded half up once.

    Law: PP 44/2015, PP 45/2015 and PP 46/2015; PP 49/2020 art. 23(1). Reading: a started month
    counts whole, no compounding, no cap; payments after the cut-off are ignored; an overpayment
    stays with its bill (product.md).

    Raises:
        Invalid: a bill twice, a payment without a bill, an amount or month out of range.
        CalendarTooShort: a bill falls due in a year that is not loaded.
    """
    billed = _billed(bills)
    received = _received(payments, billed=billed, cutoff=cutoff)
    due_days = {month: due_on(month=month, calendar=calendar, law=law) for month, _ in billed}
    lines = tuple(
        _line(
            bill,
            payments=received.get(key, ()),
            due=due_days[bill.month],
            cutoff=cutoff,
            law=law,
        )
        for key, bill in billed.items()
    )
    due_lines = [line for line in lines if line.is_due]
    principal = sum(line.outstanding for line in due_lines)
    penalty = sum(line.penalty for line in due_lines)
    months = len({line.month for line in due_lines if line.outstanding})
    return Arrears(
        cutoff=cutoff,
        lines=lines,
        principal=principal,
        penalty=penalty,
        total=principal + penalty,
        months_in_arrears=months,
        ageing_class=ageing_class(months=months, on=cutoff, law=law),
        calendar_version=calendar.version,
        parameters=_parameters(lines, months=months, cutoff=cutoff, law=law),
    )


def ageing_class(*, months: int, on: date, law: LawBook) -> str | None:
    """Return the class of that many months in arrears, None for 0 months.

    Raises:
        ParameterGap: there were no classes on that day.
    """
    if months == 0:
        return None
    return next(
        ageing.name
        for ageing in law[AGEING_CLASSES].on(on)
        if ageing.from_months <= months and (ageing.to_months is None or months <= ageing.to_months)
    )


def months_late(*, due: date, until: date, part_month: PartMonth = "started") -> int:
    """Return the months from the due date: 0 on it, 1 from the day after (`started`).

    A month ends on the due day's number, or on its last day when it lacks that number.
    """
    if until <= due:
        return 0
    whole = Month.of(until) - Month.of(due)
    ends_on = Month.of(until).day(due.day)
    if part_month == "started":
        return whole + (until > ends_on)
    return whole - (until < ends_on)


def _billed(bills: Iterable[Bill]) -> dict[tuple[Month, str], Bill]:
    billed: dict[tuple[Month, str], Bill] = {}
    for position, bill in enumerate(bills):
        at = f"bills.{position}"
        _check_month(bill.month, field=f"{at}.month")
        _check_programme(bill.programme, field=f"{at}.programme")
        check_amount(bill.amount, field=f"{at}.amount")
        if (bill.month, bill.programme) in billed:
            raise fault(
                at,
                "Tagihan {programme} {month} ({field}) tertulis lebih dari satu kali.",
                programme=bill.programme,
                month=str(bill.month),
            )
        billed[bill.month, bill.programme] = bill
    return billed


def _received(
    payments: Iterable[Payment], *, billed: dict[tuple[Month, str], Bill], cutoff: date
) -> dict[tuple[Month, str], list[Payment]]:
    received: dict[tuple[Month, str], list[Payment]] = {}
    for position, payment in enumerate(payments):
        at = f"payments.{position}"
        check_amount(payment.amount, field=f"{at}.amount")
        key = (payment.month, payment.programme)
        if key not in billed:
            raise fault(
                at,
                "Pembayaran {programme} {month} ({field}) tidak mempunyai tagihan.",
                programme=payment.programme,
                month=str(payment.month),
            )
        if payment.paid_on <= cutoff:
            received.setdefault(key, []).append(payment)
    return received


def _line(
    bill: Bill, *, payments: Iterable[Payment], due: date, cutoff: date, law: LawBook
) -> ArrearsLine:
    terms = _Terms.of(bill.month, due=due, law=law)
    outstanding = bill.amount
    paid = 0
    steps: list[LateStep] = []
    for payment in sorted(payments, key=lambda payment: payment.paid_on):
        part = min(payment.amount, outstanding)
        paid += payment.amount
        outstanding -= part
        steps += _late_step(part, until=payment.paid_on, paid=True, terms=terms)
    steps += _late_step(outstanding, until=cutoff, paid=False, terms=terms)
    return ArrearsLine(
        month=bill.month,
        programme=bill.programme,
        billed=bill.amount,
        paid=paid,
        overpaid=max(paid - bill.amount, 0),
        outstanding=outstanding,
        due_on=due,
        is_due=due < cutoff,
        months_late=sum(step.months for step in steps if not step.paid),
        penalty=round_half_up(sum((step.penalty for step in steps), Decimal(0))),
        steps=tuple(steps),
        due_rule=terms.due_rule,
        rate=terms.rate,
    )


def _late_step(amount: Rupiah, *, until: date, paid: bool, terms: "_Terms") -> list[LateStep]:
    """Return the step of a part that stood unpaid beyond the due date; none for any other."""
    if not amount or until <= terms.due:
        return []
    months = months_late(due=terms.due, until=until, part_month=terms.part_month)
    if terms.cap is not None:
        months = min(months, terms.cap)
    return [
        LateStep(
            amount=amount,
            until=until,
            paid=paid,
            months=months,
            rate_per_month=terms.rate.value,
            penalty=amount * terms.rate.value * months,
        )
    ]


def _parameters(
    lines: tuple[ArrearsLine, ...], *, months: int, cutoff: date, law: LawBook
) -> tuple[Applied[object], ...]:
    by_month = (
        DUE_DAY,
        DUE_ROLL,
        COLLECTIVE_LEAVE_IS_A_WORKING_DAY,
        RATE_PER_MONTH,
        PART_MONTH,
        COMPOUNDING,
        ROUNDING,
        CAP_MONTHS,
    )
    days = sorted({line.month.first_day for line in lines})
    applied: list[Applied[object]] = []
    for parameter in by_month:
        for day in days:
            used: Applied[object] = law[parameter].applied_on(day)
            if used not in applied:
                applied.append(used)
    if months:
        applied.append(law[AGEING_CLASSES].applied_on(cutoff))
    return tuple(applied)


def _collective_leave_on(month: Month, *, law: LawBook) -> CollectiveLeave:
    if law[COLLECTIVE_LEAVE_IS_A_WORKING_DAY].on(month.first_day):
        return CollectiveLeave.WORKING_DAY
    return CollectiveLeave.DAY_OFF


def _check_month(month: Month, *, field: str) -> None:
    if month < FIRST_MONTH:
        raise fault(
            field,
            "Bulan {month} ({field}) mendahului {first}, bulan iuran pertama.",
            month=str(month),
            first=str(FIRST_MONTH),
        )


def _check_programme(programme: str, *, field: str) -> None:
    if programme not in PROGRAMMES:
        raise fault(
            field,
            "Program {programme} ({field}) tidak dikenal; pilih dari {known}.",
            programme=programme,
            known=", ".join(PROGRAMMES),
        )


def _principal_leaf(line: ArrearsLine) -> Derivation:
    return Derivation(
        label=f"Pokok {line.programme} {line.month}",
        value=line.outstanding,
        formula=f"{formatted(line.billed)} − {formatted(line.paid)}",
        inputs=(
            Input("tagihan", formatted(line.billed)),
            Input("dibayar", formatted(line.paid)),
            Input("jatuh tempo", line.due_on.isoformat()),
        ),
        citation=line.due_rule.citation,
    )


def _penalty_leaf(line: ArrearsLine) -> Derivation:
    rate = line.rate
    parts = " + ".join(
        f"{formatted(step.amount)} × {percent(step.rate_per_month)} × {step.months}"
        for step in line.steps
    )
    return Derivation(
        label=f"Denda {line.programme} {line.month}",
        value=line.penalty,
        formula=f"{parts}, dibulatkan setengah ke atas",
        inputs=(
            Input("jatuh tempo", line.due_on.isoformat()),
            *(
                Input(
                    "dibayar pada" if step.paid else "belum dibayar sampai", step.until.isoformat()
                )
                for step in line.steps
            ),
            Input(rate.title, percent(rate.value), rate),
        ),
        citation=rate.citation,
    )
