"""Contributions paid late: when a bill is due, what is still owed, and the penalty for it.

Never adds the fine of PP 86/2013: that is another debt (app.law.administrative_fine).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.law.allocation import Allocation, Booked, book
from app.law.arrears_tree import arrears_tree
from app.law.bills import (
    Account,
    ArrearsLine,
    Bill,
    Debt,
    LateStep,
    LateTerms,
    Payment,
    months_late,
)
from app.law.book import LawBook
from app.law.calendar import CollectiveLeave, WorkingCalendar
from app.law.dated import Applied
from app.law.derivation import Derivation
from app.law.faults import fault
from app.law.money import Rupiah, check_amount, round_half_up
from app.law.month import Month
from app.law.parameters.ageing import AGEING_CLASSES
from app.law.parameters.allocation import REVERSAL
from app.law.parameters.calendar import COLLECTIVE_LEAVE_IS_A_WORKING_DAY
from app.law.parameters.late_payment import (
    CAP_MONTHS,
    COMPOUNDING,
    DUE_DAY,
    DUE_ROLL,
    PART_MONTH,
    RATE_PER_MONTH,
    ROUNDING,
)
from app.law.parameters.programmes import PROGRAMMES
from app.law.parameters.rates import FIRST_DAY

__all__ = [
    "Arrears",
    "ArrearsLine",
    "Balance",
    "Bill",
    "Debt",
    "LateStep",
    "Payment",
    "ageing_class",
    "arrears",
    "due_on",
    "months_late",
]

FIRST_MONTH = Month.of(FIRST_DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One kind of debt over the bills that are due: `charged + overpaid == paid + open`."""

    charged: Rupiah
    paid: Rupiah
    overpaid: Rupiah
    open: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrears:
    """`principal`, `penalty` and `months_in_arrears` count only bills that are due.

    `allocations` say where lump sums went, `unallocated` what found no debt. `not_counted` are
    the payments after the cut-off and those that were reversed by then.
    """

    cutoff: date
    lines: tuple[ArrearsLine, ...]
    principal: Rupiah
    penalty: Rupiah
    total: Rupiah
    months_in_arrears: int
    ageing_class: str | None
    allocations: tuple[Allocation, ...]
    unallocated: Rupiah
    not_counted: tuple[Payment, ...]
    calendar_version: str
    parameters: tuple[Applied[object], ...]

    @property
    def principal_balance(self) -> Balance:
        due = [line for line in self.lines if line.is_due]
        return Balance(
            charged=sum(line.billed for line in due),
            paid=sum(line.paid for line in due),
            overpaid=sum(line.overpaid for line in due),
            open=self.principal,
        )

    @property
    def penalty_balance(self) -> Balance:
        due = [line for line in self.lines if line.is_due]
        return Balance(
            charged=sum(line.penalty_charged for line in due),
            paid=sum(line.penalty_paid for line in due),
            overpaid=sum(line.penalty_overpaid for line in due),
            open=self.penalty,
        )

    def derivation(self) -> Derivation:
        """Return the tree of `total`: month, programme, then principal and penalty."""
        return arrears_tree(
            [line for line in self.lines if line.is_due], cutoff=self.cutoff, total=self.total
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
    stays with its bill (product.md); a lump sum is allocated by the rule of its day, and a
    payment reversed by the cut-off counts as never received (app.law.parameters.allocation).

    Raises:
        Invalid: a bill twice, a payment without a bill, an amount or month out of range.
        CalendarTooShort: a bill falls due in a year that is not loaded.
    """
    billed = _billed(bills)
    received = tuple(payments)
    _check_payments(received, billed=billed)
    due_days = {month: due_on(month=month, calendar=calendar, law=law) for month, _ in billed}
    terms = {month: LateTerms.of(month, due=due, law=law) for month, due in due_days.items()}
    accounts = {key: Account(bill, terms[bill.month]) for key, bill in billed.items()}
    booked = book([payment for payment in received if payment.stands_on(cutoff)], accounts, law=law)
    lines = tuple(_line(account, cutoff=cutoff) for account in accounts.values())
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
        allocations=booked.allocations,
        unallocated=booked.unallocated,
        not_counted=tuple(payment for payment in received if not payment.stands_on(cutoff)),
        calendar_version=calendar.version,
        parameters=(
            *_by_month(lines, law=law),
            *_by_payment(received, booked, cutoff=cutoff, law=law),
            *([law[AGEING_CLASSES].applied_on(cutoff)] if months else []),
        ),
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


def _billed(bills: Iterable[Bill]) -> dict[tuple[Month, str], Bill]:
    billed: dict[tuple[Month, str], Bill] = {}
    for position, bill in enumerate(bills):
        at = f"bills.{position}"
        _check_month(bill.month, field=f"{at}.month")
        _check_programme(bill.programme, field=f"{at}.programme")
        check_amount(bill.amount, field=f"{at}.amount")
        _check_parts(bill, at=at)
        if (bill.month, bill.programme) in billed:
            raise fault(
                at,
                "Tagihan {programme} {month} ({field}) tertulis lebih dari satu kali.",
                programme=bill.programme,
                month=str(bill.month),
            )
        billed[bill.month, bill.programme] = bill
    return billed


def _check_parts(bill: Bill, *, at: str) -> None:
    if bill.parts and (summed := sum(part.value for part in bill.parts)) != bill.amount:
        raise fault(
            f"{at}.workers",
            "Jumlah bagian pekerja {summed} ({field}) tidak sama dengan tagihan {amount}.",
            summed=summed,
            amount=bill.amount,
        )


def _check_payments(payments: Sequence[Payment], *, billed: dict[tuple[Month, str], Bill]) -> None:
    for position, payment in enumerate(payments):
        at = f"payments.{position}"
        check_amount(payment.amount, field=f"{at}.amount")
        _check_reversal(payment, at=at)
        named = payment.month, payment.programme
        if payment.is_lump_sum:
            known = any(
                payment.may_pay(month=month, programme=programme) for month, programme in billed
            )
        else:
            known = named in billed
        if not known:
            raise fault(
                at,
                "Pembayaran {programme} {month} ({field}) tidak mempunyai tagihan.",
                programme=payment.programme or "semua program",
                month=str(payment.month or "semua bulan"),
            )


def _check_reversal(payment: Payment, *, at: str) -> None:
    if payment.reversed_on is not None and payment.reversed_on < payment.paid_on:
        raise fault(
            f"{at}.reversed_on",
            "Tanggal pembatalan {day} ({field}) mendahului tanggal pembayaran {paid_on}.",
            day=payment.reversed_on.isoformat(),
            paid_on=payment.paid_on.isoformat(),
        )


def _line(account: Account, *, cutoff: date) -> ArrearsLine:
    bill, terms = account.bill, account.terms
    unpaid = account.late_steps(account.outstanding, until=cutoff, paid=False)
    steps = (*account.steps, *unpaid)
    charged = round_half_up(sum((step.penalty for step in steps), Decimal(0)))
    return ArrearsLine(
        month=bill.month,
        programme=bill.programme,
        billed=bill.amount,
        paid=account.paid,
        overpaid=max(account.paid - bill.amount, 0),
        outstanding=account.outstanding,
        due_on=terms.due,
        is_due=terms.due < cutoff,
        months_late=sum(step.months for step in unpaid),
        penalty_charged=charged,
        penalty_paid=account.penalty_paid,
        penalty_overpaid=max(account.penalty_paid - charged, 0),
        penalty=max(charged - account.penalty_paid, 0),
        steps=steps,
        parts=bill.parts,
        due_rule=terms.due_rule,
        rate=terms.rate,
    )


def _by_month(lines: Iterable[ArrearsLine], *, law: LawBook) -> list[Applied[object]]:
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
    return applied


def _by_payment(
    payments: Iterable[Payment], booked: Booked, *, cutoff: date, law: LawBook
) -> list[Applied[object]]:
    """Return the rules that lump sums and reversals, where there are any, were booked by."""
    applied = list(booked.parameters)
    for day in sorted({one.reversed_on for one in payments if one.reversed_on}):
        used: Applied[object] = law[REVERSAL].applied_on(day)
        if day <= cutoff and used not in applied:
            applied.append(used)
    return applied


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
