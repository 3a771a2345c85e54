"""PURE: payments reported by hand which no snapshot can know yet, beside those it does know."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.cases.schemas import Payment as ReportedPayment
from app.law.late_payment import Payment
from app.law.month import Month
from app.packets.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """`ledger` holds the registry's payments and the `counted` ones.

    `unbilled`: towards a month and programme that the registry has not billed; nothing says what
    they paid, so that they count for nothing.
    """

    ledger: Ledger
    counted: tuple[ReportedPayment, ...]
    unbilled: tuple[ReportedPayment, ...]


def with_reported(
    ledger: Ledger, payments: Iterable[ReportedPayment], *, known_on: date
) -> Reported:
    """Add what was reported as paid after `known_on`, the day of the registry's data.

    Reading: a payment of that day or earlier is in the data if it was made; the data decide.
    """
    later = [payment for payment in payments if payment.paid_on > known_on]
    billed = {(bill.month.index, bill.programme) for bill in ledger.bills}
    counted = tuple(one for one in later if (one.month, one.programme) in billed)
    added = tuple(
        Payment(
            month=Month.from_index(one.month),
            programme=one.programme,
            paid_on=one.paid_on,
            amount=one.amount,
        )
        for one in counted
    )
    return Reported(
        ledger=replace(ledger, payments=(*ledger.payments, *added)),
        counted=counted,
        unbilled=tuple(one for one in later if one not in counted),
    )
