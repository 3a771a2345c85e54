"""What people type or paste into calculators, one bill, payment or worker a line."""

from collections.abc import Iterator
from typing import Final

from app.errors import FieldProblem, Invalid
from app.infra.wording import N_

# What stands where a bill's amount would: the payment is for the penalty.
PENALTY: Final = "denda"
_BILL: Final = 3
_PAID: Final = 5
_REVERSED: Final = 6
_DIGITS: Final = 15
_BILL_LINE: Final = N_(
    "Baris {number} belum terbaca; tulis bulan; program; tagihan, lalu bila ada tanggal bayar; "
    "jumlah bayar; tanggal dibatalkan."
)
_WORKER_LINE: Final = N_(
    "Baris {number} belum terbaca; tulis sebutan; upah, lalu bila perlu program."
)


def bill_lines(text: str) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Read bills and payments.

    `bulan; program; tagihan[; tanggal bayar; jumlah bayar[; tanggal dibatalkan]]`. Without an
    amount the line is a payment alone, which may leave out month and programme.

    Raises:
        Invalid: names the first line that cannot be read.
    """
    bills: list[dict[str, object]] = []
    payments: list[dict[str, object]] = []
    for number, parts in _split(text):
        if len(parts) not in {_BILL, _PAID, _REVERSED}:
            raise _wrong_line("lines", _BILL_LINE, number)
        month, programme, billed, paid_on, paid, reversed_on = (*parts, "", "", "")[:_REVERSED]
        key: dict[str, object] = {"month": month or None, "programme": programme.upper() or None}
        towards = "penalty" if billed.lower() == PENALTY else None
        if billed and not towards:
            bill = {**key, "amount": _rupiah(billed, "lines", _BILL_LINE, number)}
            if bill not in bills:
                bills.append(bill)
        if not paid_on and (towards or not billed):
            raise _wrong_line("lines", _BILL_LINE, number)
        if paid_on:
            payments.append(
                {
                    **key,
                    "paid_on": paid_on,
                    "amount": _rupiah(paid, "lines", _BILL_LINE, number),
                    "reversed_on": reversed_on or None,
                    "towards": towards,
                }
            )
    return bills, payments


def worker_lines(text: str) -> list[dict[str, object]]:
    """Read `sebutan; upah[; program, program]`.

    Raises:
        Invalid: names the first line that cannot be read.
    """
    workers: list[dict[str, object]] = []
    for number, parts in _split(text):
        if len(parts) not in {2, 3}:
            raise _wrong_line("workers", _WORKER_LINE, number)
        label, wage, programmes = (*parts, "")[:3]
        own = [name.strip().upper() for name in programmes.split(",") if name.strip()]
        workers.append(
            {
                "label": label or None,
                "wage": _rupiah(wage, "workers", _WORKER_LINE, number),
                "programmes": own or None,
            }
        )
    return workers


def _split(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [part.strip() for part in line.replace("\t", ";").split(";")]
        if any(parts):
            yield number, parts


def _rupiah(text: str, field: str, template: str, number: int) -> int:
    digits = text.replace(".", "").replace("Rp", "").strip()
    if not digits.isascii() or not digits.isdecimal() or len(digits) > _DIGITS:
        raise _wrong_line(field, template, number)
    return int(digits)


def _wrong_line(field: str, template: str, number: int) -> Invalid:
    return Invalid(
        template, fields=(FieldProblem(field, template, {"number": number}),), number=number
    )
