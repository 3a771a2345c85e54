"""PURE: what a later snapshot says otherwise of the time that a paper told of.

What is dated after the day of the earlier snapshot is an event and no correction (ADR 0019).
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from types import MappingProxyType

from app.corrections.outside import NOTHING, OutsidePast, lines
from app.law.late_payment import Bill, Payment
from app.law.money import Rupiah
from app.law.month import Month

Key = tuple[Month, str]


@dataclass(frozen=True, slots=True)
class Billed:
    """A month of one programme, all divisions together, and what it was reckoned from."""

    amount: Rupiah
    workers: int
    wage_base: Rupiah


@dataclass(frozen=True, slots=True)
class Paid:
    month: Month
    programme: str
    paid_on: date
    amount: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one snapshot holds of one employer; `payments` say how often the same was paid."""

    bills: Mapping[Key, Billed] = field(default_factory=lambda: MappingProxyType({}))
    payments: Mapping[Paid, int] = field(default_factory=lambda: MappingProxyType({}))

    def law_bills(self) -> tuple[Bill, ...]:
        return tuple(
            Bill(month=month, programme=programme, amount=billed.amount)
            for (month, programme), billed in sorted(self.bills.items())
        )

    def law_payments(self) -> tuple[Payment, ...]:
        """Return the payments; one without a bill is left out, as everywhere (packets.ledger)."""
        return tuple(
            Payment(
                month=paid.month,
                programme=paid.programme,
                paid_on=paid.paid_on,
                amount=paid.amount,
            )
            for paid, times in sorted(self.payments.items(), key=lambda item: _order(item[0]))
            if (paid.month, paid.programme) in self.bills
            for _ in range(times)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOn:
    """The days that the earlier snapshot describes, inclusive, and the day of the paper."""

    bills: date
    payments: date
    told: date


@dataclass(frozen=True, slots=True)
class BillMoved:
    """`was` or `now` None: there is no such bill on that side."""

    month: Month
    programme: str
    was: Billed | None
    now: Billed | None

    @property
    def amount_moved(self) -> bool:
        """Whether the amount differs, and not only what it was reckoned from."""
        return self.was is None or self.now is None or self.was.amount != self.now.amount


@dataclass(frozen=True, slots=True)
class PaymentMoved:
    """`times` is negative where the payment was taken back."""

    paid: Paid
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberMoved:
    """One membership of the past; `change`: ditambah, dihapus, akhir, or identitas.

    `on` is the first day on which the employer's workers were others than known; `content` tells
    two changes of the same kind apart.
    """

    worker: str
    change: str
    on: date
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """`corrected` is the earlier record with the corrections of the past in it, and no event."""

    corrected: Record
    bills: tuple[BillMoved, ...]
    payments: tuple[PaymentMoved, ...]


def past(was: Record, now: Record, *, known_on: KnownOn) -> Past:
    """Return what differs of the months and days that the paper could have told of.

    Law: none. Reading: ADR 0019. A bill is new, and no correction, when its month is later than
    any the employer had been billed for, and not before the month of the snapshot if there was
    none; a payment is new when it was made after the day of the snapshot and is added. What the
    paper could not tell, because it lies after its day, is left out on both sides.
    """
    last = max((month for month, _ in was.bills), default=None)
    told = Month.of(known_on.told)

    def is_event(key: Key) -> bool:
        if key in was.bills:
            return False
        return key[0] > last if last is not None else key[0] >= Month.of(known_on.bills)

    bills = {key: billed for key, billed in was.bills.items() if key[0] > told}
    moved = []
    for key in sorted({*was.bills, *now.bills}):
        if key[0] > told or is_event(key):
            continue
        before, after = was.bills.get(key), now.bills.get(key)
        if after is not None:
            bills[key] = after
        if before != after:
            moved.append(BillMoved(*key, before, after))
    payments, paid_moved = _payments(was, now, bills=bills, known_on=known_on)
    return Past(
        corrected=Record(bills=MappingProxyType(bills), payments=MappingProxyType(payments)),
        bills=tuple(moved),
        payments=tuple(paid_moved),
    )


def _payments(
    was: Record, now: Record, *, bills: Mapping[Key, Billed], known_on: KnownOn
) -> tuple[dict[Paid, int], list[PaymentMoved]]:
    payments, moved = Counter(was.payments), []
    billed = was.bills.keys() | bills.keys()
    for paid in sorted({*was.payments, *now.payments}, key=_order):
        more = now.payments.get(paid, 0) - was.payments.get(paid, 0)
        added_later = more > 0 and paid.paid_on > known_on.payments
        if not more or added_later or paid.paid_on > known_on.told:
            continue
        if (paid.month, paid.programme) not in billed:
            # Of a bill that neither side has: it pays nothing that the paper told.
            continue
        payments[paid] += more
        moved.append(PaymentMoved(paid, more))
    return {paid: times for paid, times in payments.items() if times}, moved


def digest(past: Past, members: tuple[MemberMoved, ...], outside: OutsidePast = NOTHING) -> str:
    """Return the SHA-256 of the facts that moved: the same correction has the same one."""
    told = [*_told(past, members), *lines(outside)]
    return sha256(json.dumps(told).encode()).hexdigest()


def _told(past: Past, members: tuple[MemberMoved, ...]) -> Iterator[list[object]]:
    for bill in past.bills:
        yield ["bill", str(bill.month), bill.programme, _side(bill.was), _side(bill.now)]
    for moved in past.payments:
        paid = moved.paid
        yield [
            "payment", str(paid.month), paid.programme, paid.paid_on.isoformat(), paid.amount,
            moved.times,
        ]  # fmt: skip
    for member in sorted(members, key=lambda one: (one.worker, one.change, one.content)):
        yield ["member", member.worker, member.change, member.content]


def _side(billed: Billed | None) -> list[int] | None:
    return None if billed is None else [billed.amount, billed.workers, billed.wage_base]


def _order(paid: Paid) -> tuple[Month, str, date, Rupiah]:
    return paid.month, paid.programme, paid.paid_on, paid.amount
