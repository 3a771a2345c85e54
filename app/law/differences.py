"""Why arrears changed between two days: one cause at a time, adding up to the whole difference."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Final

from app.law.book import Norms
from app.law.derivation import Derivation
from app.law.faults import fault
from app.law.late_payment import Arrears, Bill, Payment, arrears, due_on
from app.law.money import Rupiah
from app.law.month import Month

_Key = tuple[Month, str]


class Cause(Enum):
    PARAMETER = "parameter"
    CALENDAR = "calendar"
    BILL_CORRECTED = "bill-corrected"
    BILL_REMOVED = "bill-removed"
    BILL_ADDED = "bill-added"
    PAYMENT_CORRECTED = "payment-corrected"
    NEW_MONTH = "new-month"
    TIME = "time"
    PAYMENT = "payment"
    REVERSAL = "reversal"


# fmt: off
LABELS: Final[Mapping[Cause, str]] = MappingProxyType({
    Cause.PARAMETER:         "Parameter hukum berubah",
    Cause.CALENDAR:          "Kalender hari kerja berubah",
    Cause.BILL_CORRECTED:    "Jumlah tagihan dikoreksi",
    Cause.BILL_REMOVED:      "Tagihan dihapus",
    Cause.BILL_ADDED:        "Tagihan bulan lama ditambahkan",
    Cause.PAYMENT_CORRECTED: "Pembayaran lama dikoreksi atau baru diketahui",
    Cause.NEW_MONTH:         "Bulan baru jatuh tempo",
    Cause.TIME:              "Denda bertambah karena waktu",
    Cause.PAYMENT:           "Pembayaran diterima",
    Cause.REVERSAL:          "Pembayaran dibatalkan",
})
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that arrears are reckoned from."""

    bills: tuple[Bill, ...]
    payments: tuple[Payment, ...]
    cutoff: date
    norms: Norms

    def arrears(self) -> Arrears:
        """Return the arrears; raises what `arrears` raises."""
        return arrears(
            bills=self.bills,
            payments=self.payments,
            cutoff=self.cutoff,
            calendar=self.norms.calendar,
            law=self.norms.law,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one cause added to one bill; negative where it took away."""

    month: Month
    programme: str
    principal: Rupiah
    penalty: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    cause: Cause
    changes: tuple[Change, ...]

    @property
    def principal(self) -> Rupiah:
        return sum(change.principal for change in self.changes)

    @property
    def penalty(self) -> Rupiah:
        return sum(change.penalty for change in self.changes)

    @property
    def amount(self) -> Rupiah:
        return self.principal + self.penalty


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`amount` is `after.total` less `before.total` and the sum of the effects."""

    before: Arrears
    after: Arrears
    effects: tuple[Effect, ...]

    @property
    def amount(self) -> Rupiah:
        return self.after.total - self.before.total

    def derivation(self) -> Derivation:
        """Return the tree of `amount`: cause, then principal and penalty of each bill."""
        return Derivation(
            label=f"Perubahan dari {self.before.cutoff} sampai {self.after.cutoff}",
            value=self.amount,
            formula="jumlah semua sebab",
            children=tuple(
                Derivation(
                    label=LABELS[effect.cause],
                    value=effect.amount,
                    formula="jumlah perubahan per tagihan",
                    children=tuple(_leaves(effect)),
                )
                for effect in self.effects
            ),
        )


def difference(before: Facts, after: Facts) -> Difference:
    """Return what turned the arrears of `before` into those of `after`.

    The causes are taken one after the other, each reckoned with those before it already in:
    law, calendar, corrected bills, corrected payments, time, payments, reversals. Reading: that
    order; it decides how much penalty is put down to which cause, never how much there is.

    Raises:
        Invalid: `after` lies before `before`; else as `arrears`.
        CalendarTooShort: a bill falls due in a year that is not loaded.
    """
    if after.cutoff < before.cutoff:
        raise fault(
            "after.cutoff",
            "Tanggal batas {after} ({field}) mendahului tanggal batas sebelumnya, {before}.",
            after=after.cutoff.isoformat(),
            before=before.cutoff.isoformat(),
        )
    first = state = before.arrears()
    effects: list[Effect] = []
    for cause, facts in _stages(before, after):
        reached = facts.arrears()
        changes = _changes(state, reached)
        if cause is Cause.TIME:
            effects += _passing(changes)
        else:
            effects.append(Effect(cause=cause, changes=changes))
        state = reached
    return Difference(
        before=first,
        after=after.arrears(),
        effects=tuple(effect for effect in effects if effect.changes),
    )


def _stages(before: Facts, after: Facts) -> Iterator[tuple[Cause, Facts]]:
    """Yield the facts with one more cause in, from `before` on; the last are worth `after`."""
    then, now = before.cutoff, after.cutoff
    facts = replace(before, norms=Norms(law=after.norms.law, calendar=before.norms.calendar))
    yield Cause.PARAMETER, facts
    facts = replace(facts, norms=after.norms)
    yield Cause.CALENDAR, facts

    amended = {_key(bill): bill for bill in after.bills}
    facts = replace(facts, bills=tuple(amended.get(_key(bill), bill) for bill in facts.bills))
    yield Cause.BILL_CORRECTED, facts
    kept = tuple(bill for bill in facts.bills if _key(bill) in amended)
    facts = replace(facts, bills=kept, payments=_towards(facts.payments, kept))
    yield Cause.BILL_REMOVED, facts
    known = {_key(bill) for bill in kept}
    late = tuple(
        bill
        for bill in after.bills
        if _key(bill) not in known and _due(bill, norms=after.norms) < then
    )
    facts = replace(facts, bills=(*kept, *late))
    yield Cause.BILL_ADDED, facts

    # A reversal after the first day is news of its own, so until then the payment stands.
    standing = tuple(
        payment
        if payment.reversed_on is None or payment.reversed_on <= then
        else replace(payment, reversed_on=None)
        for payment in after.payments
    )
    old = tuple(payment for payment in standing if payment.paid_on <= then)
    facts = replace(facts, payments=_towards(old, facts.bills))
    yield Cause.PAYMENT_CORRECTED, facts
    facts = replace(after, payments=old)
    yield Cause.TIME, facts
    received = tuple(
        payment for payment in after.payments if payment.paid_on > then and payment.stands_on(now)
    )
    yield Cause.PAYMENT, replace(after, payments=(*old, *received))
    yield Cause.REVERSAL, after


def _passing(changes: Sequence[Change]) -> Iterator[Effect]:
    """Yield what time brings: principal that fell due, and penalty that grew."""
    yield Effect(
        cause=Cause.NEW_MONTH,
        changes=tuple(replace(change, penalty=0) for change in changes if change.principal),
    )
    yield Effect(
        cause=Cause.TIME,
        changes=tuple(replace(change, principal=0) for change in changes if change.penalty),
    )


def _changes(before: Arrears, after: Arrears) -> tuple[Change, ...]:
    old, new = _owed(before), _owed(after)
    nothing = (0, 0)
    changes = (
        Change(
            month=month,
            programme=programme,
            principal=new.get(key, nothing)[0] - old.get(key, nothing)[0],
            penalty=new.get(key, nothing)[1] - old.get(key, nothing)[1],
        )
        for key in sorted(old.keys() | new.keys())
        for month, programme in [key]
    )
    return tuple(change for change in changes if change.principal or change.penalty)


def _owed(found: Arrears) -> dict[_Key, tuple[Rupiah, Rupiah]]:
    return {
        (line.month, line.programme): (line.outstanding, line.penalty)
        for line in found.lines
        if line.is_due
    }


def _towards(payments: Sequence[Payment], bills: Sequence[Bill]) -> tuple[Payment, ...]:
    """Return the payments that still have a bill."""
    return tuple(
        payment
        for payment in payments
        if any(payment.may_pay(month=bill.month, programme=bill.programme) for bill in bills)
    )


def _key(bill: Bill) -> _Key:
    return bill.month, bill.programme


def _due(bill: Bill, *, norms: Norms) -> date:
    return due_on(month=bill.month, calendar=norms.calendar, law=norms.law)


def _leaves(effect: Effect) -> Iterator[Derivation]:
    for change in effect.changes:
        for name, value in (("Pokok", change.principal), ("Denda", change.penalty)):
            if value:
                yield Derivation(
                    label=f"{name} {change.programme} {change.month}",
                    value=value,
                    formula="sesudah − sebelum",
                )
