"""What paying a debt of contributions on a day, or in instalments, would come to. A preview only.

Every figure is the arrears engine's own, asked about payments that have not been made yet.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.law.book import Norms
from app.law.faults import fault
from app.law.late_payment import Arrears, Bill, Debt, Payment, arrears
from app.law.money import Rupiah, check_amount
from app.law.month import Month

MOST_INSTALMENTS = 120
# A preview looks one month beyond each payment, and there is no year 10000.
_LAST_YEAR = 9998


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A payment that somebody would make, `towards` one kind of debt or by the rule of its day.

    `amount` None: all that is left on that day.
    """

    on: date
    amount: Rupiah | None
    towards: Debt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is owed at the end of a day."""

    on: date
    principal: Rupiah
    penalty: Rupiah

    @property
    def total(self) -> Rupiah:
        return self.principal + self.penalty


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One payment of the plan.

    `before` is the debt on its day, which is also what a default on that day leaves. `grows` is
    the penalty that one more month adds, without and with this payment.
    """

    number: int
    on: date
    amount: Rupiah
    to_principal: Rupiah
    to_penalty: Rupiah
    before: Standing
    after: Standing
    grows_unpaid: Rupiah
    grows_paid: Rupiah

    @property
    def growth_stopped(self) -> Rupiah:
        return self.grows_unpaid - self.grows_paid


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A plan beside what happens without it.

    `now`: the debt on `start`. `unpaid`: the debt on the last day of the plan if nothing were
    paid. `left`: what the plan leaves. `not_yet_due` counts the bills that the plan leaves out.
    `arrears` is the engine's answer on the last day, every promise kept.
    """

    start: date
    instalments: tuple[Instalment, ...]
    now: Standing
    unpaid: Standing
    left: Standing
    not_yet_due: int
    arrears: Arrears

    @property
    def paid(self) -> Rupiah:
        return sum(instalment.amount for instalment in self.instalments)

    @property
    def saved(self) -> Rupiah:
        """Return the penalty that the plan keeps from growing, up to its last day."""
        return self.unpaid.total - self.paid - self.left.total


def on_one_day(on: date) -> tuple[Promise, ...]:
    return (Promise(on=on, amount=None),)


def equal_instalments(principal: Rupiah, *, count: int, first_on: date) -> tuple[Promise, ...]:
    """Return `count` monthly payments of equal principal; the last takes the rest and the penalty.

    Raises:
        Invalid: no instalment, more than ten years of them, or one beyond the year 9998.
    """
    if not 1 <= count <= MOST_INSTALMENTS:
        raise fault(
            "instalments.count",
            "Jumlah angsuran {count} ({field}) harus 1 sampai {most}.",
            count=count,
            most=MOST_INSTALMENTS,
        )
    each = principal // count
    first = Month.of(first_on)
    if first.index + count > Month(_LAST_YEAR, 12).index + 1:
        raise fault(
            "instalments.first_on",
            "Angsuran terakhir sejak {first_on} ({field}) melewati tahun {year}.",
            first_on=first_on.isoformat(),
            year=_LAST_YEAR,
        )
    return tuple(
        Promise(
            on=(first + number).day(first_on.day),
            amount=each if number < count - 1 else None,
            towards="principal" if number < count - 1 else None,
        )
        for number in range(count)
    )


def owed(*, bills: Iterable[Bill], payments: Iterable[Payment], on: date, norms: Norms) -> Standing:
    """Return what is owed at the end of the day.

    Raises:
        Invalid, CalendarTooShort: as `app.law.late_payment.arrears`.
    """
    return _standing(
        arrears(bills=bills, payments=payments, cutoff=on, calendar=norms.calendar, law=norms.law)
    )


def settle(
    *,
    bills: Sequence[Bill],
    payments: Sequence[Payment],
    start: date,
    promises: Sequence[Promise],
    norms: Norms,
) -> Settlement:
    """Return what the plan would come to, of the bills that are due on `start`.

    Reading: a payment is allocated by the rule in force on its day, or to the principal alone in
    equal instalments. Bills that fall due later are paid as they fall due and are no part of the
    plan. Promises to come change nothing before their day.

    Raises:
        Invalid: no bill that is due on `start`; no promise, one before the last or before
            `start`, or more than is owed.
        CalendarTooShort: a bill falls due in a year that is not loaded.
    """
    _check_promises(promises, start=start)
    ledger = _Ledger.opened(bills, payments, start=start, norms=norms)
    if not ledger.bills:
        raise fault(
            "from",
            "Pada {start} ({field}) belum ada tagihan yang lewat jatuh tempo, jadi belum ada yang "
            "dilunasi.",
            start=start.isoformat(),
        )
    opening = ledger.at(start)
    last_on = promises[-1].on
    unpaid = ledger.at(last_on)
    made = tuple(_instalments(ledger, promises))
    return Settlement(
        start=start,
        instalments=made,
        now=opening,
        unpaid=unpaid,
        left=made[-1].after,
        not_yet_due=len(bills) - len(ledger.bills),
        arrears=ledger.arrears(last_on),
    )


@dataclass(slots=True, kw_only=True)
class _Ledger:
    """The bills of the plan, and the payments on them as the plan goes on."""

    bills: tuple[Bill, ...]
    payments: list[Payment]
    norms: Norms

    @classmethod
    def opened(
        cls, bills: Sequence[Bill], payments: Sequence[Payment], *, start: date, norms: Norms
    ) -> "_Ledger":
        known = [payment for payment in payments if payment.paid_on <= start]
        found = arrears(
            bills=bills, payments=known, cutoff=start, calendar=norms.calendar, law=norms.law
        )
        due = {(line.month, line.programme) for line in found.lines if line.is_due}
        return cls(
            bills=tuple(bill for bill in bills if (bill.month, bill.programme) in due),
            payments=[
                item for item in known if item.is_lump_sum or (item.month, item.programme) in due
            ],
            norms=norms,
        )

    def arrears(self, on: date) -> Arrears:
        return arrears(
            bills=self.bills,
            payments=self.payments,
            cutoff=on,
            calendar=self.norms.calendar,
            law=self.norms.law,
        )

    def at(self, on: date) -> Standing:
        return _standing(self.arrears(on))

    def growth(self, on: date) -> Rupiah:
        """Return the penalty that one month more than `on` adds."""
        return self.at((Month.of(on) + 1).day(on.day)).penalty - self.at(on).penalty

    def pay(self, amount: Rupiah, *, on: date, towards: Debt | None) -> None:
        self.payments.append(
            Payment(month=None, programme=None, paid_on=on, amount=amount, towards=towards)
        )


def _instalments(ledger: _Ledger, promises: Sequence[Promise]) -> Iterator[Instalment]:
    for number, promise in enumerate(promises, start=1):
        before, grows = ledger.at(promise.on), ledger.growth(promise.on)
        amount = before.total if promise.amount is None else promise.amount
        if amount > before.total:
            raise fault(
                f"schedule.{number - 1}.amount",
                "Angsuran ke-{number} sebesar {amount} ({field}) melebihi utang {owed} pada {on}.",
                number=number,
                amount=amount,
                owed=before.total,
                on=promise.on.isoformat(),
            )
        ledger.pay(amount, on=promise.on, towards=promise.towards)
        after = ledger.at(promise.on)
        yield Instalment(
            number=number,
            on=promise.on,
            amount=amount,
            to_principal=before.principal - after.principal,
            to_penalty=before.penalty - after.penalty,
            before=before,
            after=after,
            grows_unpaid=grows,
            grows_paid=ledger.growth(promise.on),
        )


def _standing(found: Arrears) -> Standing:
    return Standing(on=found.cutoff, principal=found.principal, penalty=found.penalty)


def _check_promises(promises: Sequence[Promise], *, start: date) -> None:
    if not promises:
        raise fault("schedule", "Isi sekurang-kurangnya satu pembayaran ({field}).")
    if len(promises) > MOST_INSTALMENTS:
        raise fault(
            "schedule",
            "Jumlah angsuran {count} ({field}) harus 1 sampai {most}.",
            count=len(promises),
            most=MOST_INSTALMENTS,
        )
    earlier = start - timedelta(days=1)
    for position, promise in enumerate(promises):
        field = f"schedule.{position}"
        if promise.on <= earlier:
            raise fault(
                f"{field}.on",
                "Pembayaran tanggal {on} ({field}) harus sesudah {earlier}.",
                on=promise.on.isoformat(),
                earlier=earlier.isoformat(),
            )
        if promise.on.year > _LAST_YEAR:
            raise fault(
                f"{field}.on",
                "Pembayaran tanggal {on} ({field}) melewati tahun {year}.",
                on=promise.on.isoformat(),
                year=_LAST_YEAR,
            )
        if promise.amount is not None:
            check_amount(promise.amount, field=f"{field}.amount")
        earlier = promise.on
