"""Which bill a payment goes to: the one it names, or those that the rule of its day puts first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.law.bills import Account, Debt, Payment
from app.law.book import LawBook
from app.law.dated import Applied
from app.law.faults import fault
from app.law.money import Rupiah
from app.law.month import Month
from app.law.parameters.allocation import (
    ALLOCATION_ORDER,
    ALLOCATION_PROGRAMMES,
    BY_PROGRAMME,
    NEWEST_FIRST,
    OLDEST_FIRST,
    PENALTY_FIRST,
    PRINCIPAL_FIRST,
)

Accounts = Mapping[tuple[Month, str], Account]
_Place = tuple[Account, Debt]
_DEBTS: Final[tuple[Debt, ...]] = ("principal", "penalty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """A part of a lump sum and the debt it paid."""

    payment: Payment
    month: Month
    programme: str
    towards: Debt
    amount: Rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """`unallocated` is what is left of lump sums when nothing that they may pay is open."""

    allocations: tuple[Allocation, ...]
    unallocated: Rupiah
    parameters: tuple[Applied[object], ...]


def book(payments: Iterable[Payment], accounts: Accounts, *, law: LawBook) -> Booked:
    """Book payments to `accounts`, in order of time whatever the order given.

    Reading: on one day a payment that names its bill goes before lump sums, and a narrower lump
    sum before a wider one; what a lump sum cannot pay is reported and never moved later.

    Raises:
        Invalid: the order in force holds a rule that is not known.
        ParameterGap: no order is in force on the day of a lump sum.
    """
    allocations: list[Allocation] = []
    used: dict[str, Applied[object]] = {}
    unallocated = 0
    for payment in sorted(payments, key=_moment):
        if payment.month is not None and payment.programme is not None:
            accounts[payment.month, payment.programme].receive(
                payment.amount, towards=payment.towards or "principal", on=payment.paid_on
            )
            continue
        rest = payment.amount
        for parameter in (ALLOCATION_ORDER, ALLOCATION_PROGRAMMES):
            applied: Applied[object] = law[parameter].applied_on(payment.paid_on)
            used[f"{applied.key} {applied.version.valid_from}"] = applied
        for account, debt in _places(payment, accounts, law=law):
            part = min(rest, account.open(debt, on=payment.paid_on))
            if part:
                account.receive(part, towards=debt, on=payment.paid_on)
                allocations.append(
                    Allocation(
                        payment=payment,
                        month=account.bill.month,
                        programme=account.bill.programme,
                        towards=debt,
                        amount=part,
                    )
                )
                rest -= part
        unallocated += rest
    return Booked(
        allocations=tuple(allocations),
        unallocated=unallocated,
        parameters=tuple(used[name] for name in sorted(used)),
    )


def _moment(payment: Payment) -> tuple[object, ...]:
    return (
        payment.paid_on,
        (payment.month is None) + (payment.programme is None),
        payment.month or Month(1, 1),
        payment.programme or "",
        payment.towards or "",
        payment.amount,
    )


def _places(payment: Payment, accounts: Accounts, *, law: LawBook) -> list[_Place]:
    """Return every debt that the lump sum may pay, in the order of the rule."""
    day = payment.paid_on
    programmes = law[ALLOCATION_PROGRAMMES].on(day).split(", ")
    rank = {programme: place for place, programme in enumerate(programmes)}
    criteria = [_criterion(name) for name in law[ALLOCATION_ORDER].on(day)]
    places: list[_Place] = [
        (account, debt)
        for (month, programme), account in accounts.items()
        if payment.may_pay(month=month, programme=programme)
        for debt in _DEBTS
        if payment.towards in {None, debt}
    ]

    def key(place: _Place) -> tuple[int | str, ...]:
        account, debt = place
        bill = account.bill
        ordered = (criterion(place, rank) for criterion in criteria)
        return (*ordered, bill.month.index, bill.programme, _DEBTS.index(debt))

    return sorted(places, key=key)


_Criterion = Callable[[_Place, Mapping[str, int]], int]
_CRITERIA: Final[Mapping[str, _Criterion]] = MappingProxyType(
    {
        OLDEST_FIRST: lambda place, _: place[0].bill.month.index,
        NEWEST_FIRST: lambda place, _: -place[0].bill.month.index,
        PRINCIPAL_FIRST: lambda place, _: _DEBTS.index(place[1]),
        PENALTY_FIRST: lambda place, _: -_DEBTS.index(place[1]),
        BY_PROGRAMME: lambda place, rank: rank.get(place[0].bill.programme, len(rank)),
    }
)


def _criterion(name: str) -> _Criterion:
    if (criterion := _CRITERIA.get(name)) is None:
        raise fault(
            "payments",
            "Urutan alokasi {name} ({field}) tidak dikenal; pilih dari {known}.",
            name=name,
            known=", ".join(_CRITERIA),
        )
    return criterion
