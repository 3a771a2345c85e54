"""A bill while payments are booked to it: what stays unpaid, for how long, at which penalty."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from app.law.book import LawBook
from app.law.dated import Applied
from app.law.derivation import Derivation
from app.law.money import Rupiah, round_half_up
from app.law.month import Month
from app.law.parameters.late_payment import (
    CAP_MONTHS,
    DUE_DAY,
    PART_MONTH,
    RATE_PER_MONTH,
    PartMonth,
)

Debt = Literal["principal", "penalty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """`parts`, where given, say what the amount is made of, such as its workers."""

    month: Month
    programme: str
    amount: Rupiah
    parts: tuple[Derivation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Towards the bill of that month and programme, its principal unless `towards` says penalty.

    A lump sum leaves out the month, the programme or both, and is allocated by rule; `towards`
    then limits it to one kind of debt. From `reversed_on` on it counts as never received.
    """

    month: Month | None
    programme: str | None
    paid_on: date
    amount: Rupiah
    reversed_on: date | None = None
    towards: Debt | None = None

    @property
    def is_lump_sum(self) -> bool:
        return self.month is None or self.programme is None

    def may_pay(self, *, month: Month, programme: str) -> bool:
        return self.month in {None, month} and self.programme in {None, programme}

    def stands_on(self, day: date) -> bool:
        """Say whether it has been received and not been reversed at the end of that day."""
        return self.paid_on <= day and (self.reversed_on is None or day < self.reversed_on)


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
    outstanding, 0 when nothing is or when it is not yet due. `penalty` is what is still owed of
    `penalty_charged`; `penalty_paid` and `penalty_overpaid` are to it as `paid` and `overpaid`
    are to `billed`.
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
    penalty_charged: Rupiah
    penalty_paid: Rupiah
    penalty_overpaid: Rupiah
    penalty: Rupiah
    steps: tuple[LateStep, ...]
    parts: tuple[Derivation, ...]
    due_rule: Applied[int]
    rate: Applied[Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class LateTerms:
    """What the law says of bills of one month."""

    due: date
    due_rule: Applied[int]
    rate: Applied[Decimal]
    part_month: PartMonth
    cap: int | None

    @classmethod
    def of(cls, month: Month, *, due: date, law: LawBook) -> "LateTerms":
        day = month.first_day
        return cls(
            due=due,
            due_rule=law[DUE_DAY].applied_on(day),
            rate=law[RATE_PER_MONTH].applied_on(day),
            part_month=law[PART_MONTH].on(day),
            cap=law[CAP_MONTHS].on(day),
        )

    def months_late(self, until: date) -> int:
        months = months_late(due=self.due, until=until, part_month=self.part_month)
        return months if self.cap is None else min(months, self.cap)


class Account:
    """Changes with every payment, which must come in order of time."""

    __slots__ = (
        "bill",
        "outstanding",
        "paid",
        "penalty_paid",
        "steps",
        "terms",
    )

    def __init__(self, bill: Bill, terms: LateTerms) -> None:
        self.bill = bill
        self.terms = terms
        self.outstanding: Rupiah = bill.amount
        self.paid: Rupiah = 0
        self.penalty_paid: Rupiah = 0
        self.steps: list[LateStep] = []

    def receive(self, amount: Rupiah, *, towards: Debt, on: date) -> None:
        """Book the whole amount; what exceeds the debt stays here as overpaid."""
        if towards == "penalty":
            self.penalty_paid += amount
            return
        part = min(amount, self.outstanding)
        self.steps += self.late_steps(part, until=on, paid=True)
        self.outstanding -= part
        self.paid += amount

    def open(self, debt: Debt, *, on: date) -> Rupiah:
        """Return what could be paid of that debt on that day."""
        if debt == "principal":
            return self.outstanding
        return max(self.penalty_charged(on) - self.penalty_paid, 0)

    def penalty_charged(self, until: date) -> Rupiah:
        steps = [*self.steps, *self.late_steps(self.outstanding, until=until, paid=False)]
        return round_half_up(sum((step.penalty for step in steps), Decimal(0)))

    def late_steps(self, amount: Rupiah, *, until: date, paid: bool) -> list[LateStep]:
        """Return the step of a part that stood unpaid beyond the due date; none for any other."""
        if not amount or until <= self.terms.due:
            return []
        months, rate = self.terms.months_late(until), self.terms.rate.value
        return [
            LateStep(
                amount=amount,
                until=until,
                paid=paid,
                months=months,
                rate_per_month=rate,
                penalty=amount * rate * months,
            )
        ]


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
