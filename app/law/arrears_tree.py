"""The tree behind arrears: month, programme, then principal and penalty down to each late part."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from app.law.bills import ArrearsLine, LateStep
from app.law.derivation import Derivation, Input, percent, unrounded
from app.law.money import Rupiah, formatted
from app.law.month import Month


def arrears_tree(lines: Sequence[ArrearsLine], *, cutoff: date, total: Rupiah) -> Derivation:
    """Return the tree of `total`; lines on which nothing is owed are left out."""
    owed: dict[Month, list[ArrearsLine]] = {}
    for line in sorted(lines, key=lambda line: line.month):
        if line.outstanding or line.penalty:
            owed.setdefault(line.month, []).append(line)
    return Derivation(
        label=f"Tunggakan dan denda keterlambatan per {cutoff.isoformat()}",
        value=total,
        formula="jumlah semua bulan, pokok + denda keterlambatan",
        children=tuple(_month(month, of_month) for month, of_month in owed.items()),
    )


def _month(month: Month, lines: Sequence[ArrearsLine]) -> Derivation:
    return Derivation(
        label=f"Tunggakan {month}",
        value=sum(line.outstanding + line.penalty for line in lines),
        formula="jumlah semua program",
        inputs=(Input("jatuh tempo", lines[0].due_on.isoformat()),),
        citation=lines[0].due_rule.citation,
        children=tuple(_programme(line) for line in lines),
    )


def _programme(line: ArrearsLine) -> Derivation:
    return Derivation(
        label=f"{line.programme} {line.month}",
        value=line.outstanding + line.penalty,
        formula="pokok + denda keterlambatan",
        children=tuple(_debts(line)),
    )


def _debts(line: ArrearsLine) -> Iterator[Derivation]:
    if line.outstanding:
        yield _principal(line)
    if line.penalty:
        yield _penalty(line)


def _principal(line: ArrearsLine) -> Derivation:
    """A bill of which the parts are known unfolds into them, less what was paid of the whole."""
    name = f"{line.programme} {line.month}"
    return Derivation(
        label=f"Pokok {name}",
        value=line.outstanding,
        formula=f"{formatted(line.billed)} − {formatted(line.paid)}",
        inputs=(
            Input("tagihan", formatted(line.billed)),
            Input("dibayar", formatted(line.paid)),
            Input("jatuh tempo", line.due_on.isoformat()),
        ),
        citation=line.due_rule.citation,
        children=(*line.parts, *_less(f"Dibayar {name}", line.paid)) if line.parts else (),
    )


def _penalty(line: ArrearsLine) -> Derivation:
    name = f"{line.programme} {line.month}"
    if line.penalty == line.penalty_charged:
        return _charged(line, label=f"Denda {name}")
    return Derivation(
        label=f"Denda {name}",
        value=line.penalty,
        formula="denda terutang − denda dibayar",
        children=(
            _charged(line, label=f"Denda terutang {name}"),
            *_less(f"Denda dibayar {name}", line.penalty_charged - line.penalty),
        ),
    )


def _charged(line: ArrearsLine, *, label: str) -> Derivation:
    """The one node that rounds: its inputs are the late parts, to the last digit."""
    rate = line.rate
    exact = sum((step.penalty for step in line.steps), Decimal(0))
    return Derivation(
        label=label,
        value=line.penalty_charged,
        formula=f"{unrounded(exact)}, dibulatkan setengah ke atas",
        inputs=(
            Input("jatuh tempo", line.due_on.isoformat()),
            *(_late_part(step) for step in line.steps),
            Input(rate.title, percent(rate.value), rate),
        ),
        citation=rate.citation,
    )


def _late_part(step: LateStep) -> Input:
    return Input(
        "dibayar pada" if step.paid else "belum dibayar sampai",
        f"{step.until.isoformat()} ({formatted(step.amount)} × {percent(step.rate_per_month)} × "
        f"{step.months} = {unrounded(step.penalty)})",
    )


def _less(label: str, amount: Rupiah) -> Iterator[Derivation]:
    if amount:
        yield Derivation(label=label, value=-amount, formula="dikurangkan")
