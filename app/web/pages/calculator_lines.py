"""What people type or paste into calculators, one bill, payment or worker a line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.errors import FieldProblem, Invalid
from app.infra.wording import N_

# What stands where a bill's amount would: the payment is for the penalty.
PENALTY: Final = "denda"
_BILL: Final = 3
_PAID: Final = 5
_REVERSED: Final = 6
_DIGITS: Final = 15
_SHOWN: Final = 60
_BILL_LINE: Final = N_(
    "Baris {number} “{line}” belum terbaca; tulis bulan; program; tagihan, lalu bila ada tanggal "
    "bayar; jumlah bayar; tanggal dibatalkan."
)
_WORKER_LINE: Final = N_(
    "Baris {number} “{line}” belum terbaca; tulis sebutan; upah, lalu bila perlu program."
)
_PROMISE_LINE: Final = N_(
    "Baris {number} “{line}” pada jadwal belum terbaca; tulis tanggal; jumlah, atau tanggal saja "
    "untuk seluruh sisa."
)
_EVIDENCE_LINE: Final = N_(
    "Baris {number} “{line}” belum terbaca; tulis sebutan; upah terbukti; tanggal mulai bekerja; "
    "tanggal data sumber; upah dilaporkan. Salah satu tanggal harus ada."
)


def bill_lines(
    text: str, *, field: str = "lines"
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Read bills and payments typed into `field`.

    `bulan; program; tagihan[; tanggal bayar; jumlah bayar[; tanggal dibatalkan]]`. Without an
    amount the line is a payment alone, which may leave out month and programme.

    Raises:
        Invalid: names the first line that cannot be read.
    """
    bills: list[dict[str, object]] = []
    payments: list[dict[str, object]] = []
    for line in _split(text, field=field, template=_BILL_LINE):
        parts = line.parts
        if len(parts) not in {_BILL, _PAID, _REVERSED}:
            raise line.wrong()
        month, programme, billed, paid_on, paid, reversed_on = (*parts, "", "", "")[:_REVERSED]
        key: dict[str, object] = {"month": month or None, "programme": programme.upper() or None}
        towards = "penalty" if billed.lower() == PENALTY else None
        if billed and not towards:
            bill = {**key, "amount": line.rupiah(billed)}
            if bill not in bills:
                bills.append(bill)
        if not paid_on and (towards or not billed):
            raise line.wrong()
        if paid_on:
            payments.append(
                {
                    **key,
                    "paid_on": paid_on,
                    "amount": line.rupiah(paid),
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
    for line in _split(text, field="workers", template=_WORKER_LINE):
        parts = line.parts
        if len(parts) not in {2, 3}:
            raise line.wrong()
        label, wage, programmes = (*parts, "")[:3]
        own = [name.strip().upper() for name in programmes.split(",") if name.strip()]
        workers.append(
            {
                "label": label or None,
                "wage": line.rupiah(wage),
                "programmes": own or None,
            }
        )
    return workers


def evidence_lines(text: str) -> list[dict[str, object]]:
    """Read `sebutan; upah; tanggal mulai[; tanggal data[; upah dilaporkan]]`; one day is enough.

    Raises:
        Invalid: names the first line that cannot be read.
    """
    workers: list[dict[str, object]] = []
    for line in _split(text, field="workers", template=_EVIDENCE_LINE):
        if not _BILL <= len(line.parts) <= _PAID:
            raise line.wrong()
        label, wage, started_on, source_on, reported = (*line.parts, "", "")[:_PAID]
        if not started_on and not source_on:
            raise line.wrong()
        workers.append(
            {
                "label": label or None,
                "wage": line.rupiah(wage),
                "started_on": started_on or None,
                "source_on": source_on or None,
                "reported": line.rupiah(reported) if reported else 0,
            }
        )
    return workers


def promise_lines(text: str) -> list[dict[str, object]]:
    """Read `tanggal[; jumlah]`; without an amount it is all that is left.

    Raises:
        Invalid: names the first line that cannot be read.
    """
    promises: list[dict[str, object]] = []
    for line in _split(text, field="schedule", template=_PROMISE_LINE):
        if len(line.parts) not in {1, 2}:
            raise line.wrong()
        day, amount = (*line.parts, "")[:2]
        promises.append({"on": day, "amount": line.rupiah(amount) if amount else None})
    return promises


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as typed, where it stands, and which input it was typed into."""

    number: int
    text: str
    parts: tuple[str, ...]
    field: str
    template: str

    def rupiah(self, text: str) -> int:
        digits = text.replace(".", "").replace("Rp", "").strip()
        if not digits.isascii() or not digits.isdecimal() or len(digits) > _DIGITS:
            raise self.wrong()
        return int(digits)

    def wrong(self) -> Invalid:
        values = {"number": self.number, "line": self.text.strip()[:_SHOWN]}
        problem = FieldProblem(self.field, self.template, values)
        return Invalid(self.template, fields=(problem,), **values)


def _split(text: str, *, field: str, template: str) -> Iterator[_Line]:
    for number, line in enumerate(text.splitlines(), start=1):
        parts = tuple(part.strip() for part in line.replace("\t", ";").split(";"))
        if any(parts):
            yield _Line(number, line, parts, field, template)
