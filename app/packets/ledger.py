"""PURE: bills and payments of one employer, as the registry has them, for the arrears engine."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.law.book import Norms
from app.law.late_payment import Arrears, Bill, Payment, arrears
from app.law.month import Month
from app.registry.schemas import BillRow, PaymentRow


@dataclass(frozen=True, slots=True)
class Ledger:
    """Divisions of an NPP together: one bill per month and programme."""

    bills: tuple[Bill, ...]
    payments: tuple[Payment, ...]

    def arrears(self, *, cutoff: date, norms: Norms) -> Arrears:
        """Return what is owed at the end of the day.

        Raises:
            CalendarTooShort: a bill falls due in a year whose holidays are not loaded.
        """
        return arrears(
            bills=self.bills,
            payments=self.payments,
            cutoff=cutoff,
            calendar=norms.calendar,
            law=norms.law,
        )


def ledger_of(bills: Iterable[BillRow], payments: Iterable[PaymentRow]) -> Ledger:
    """Return the ledger; a payment without a bill is left out, since nothing says what it paid."""
    billed: dict[tuple[int, str], int] = {}
    for bill in bills:
        key = (bill.blth, bill.program)
        billed[key] = billed.get(key, 0) + bill.jumlah
    return Ledger(
        bills=tuple(
            Bill(month=Month.from_index(blth), programme=programme, amount=amount)
            for (blth, programme), amount in sorted(billed.items())
        ),
        payments=tuple(
            Payment(
                month=Month.from_index(row.blth),
                programme=row.program,
                paid_on=row.tgl_bayar,
                amount=row.jumlah,
            )
            for row in payments
            if (row.blth, row.program) in billed
        ),
    )
