"""Whole rupiah: one way to round, one way to print, one way to write out in words."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from num2words import num2words

from app.law.faults import fault

Rupiah = int

# Above any debt there can be, below what 28 Decimal digits and a BIGINT column hold exactly.
LARGEST_AMOUNT: Rupiah = 10**15
# A thousands group that is exactly one: not the end of "dua puluh satu ribu".
_ONE_THOUSAND: Final = re.compile(
    r"(?<=juta )satu ribu|(?<=miliar )satu ribu|(?<=triliun )satu ribu"
)


def round_half_up(amount: Decimal) -> Rupiah:
    """Return whole rupiah; exactly half a rupiah goes up.

    Reading: no norm that was read says how to round (product.md, default readings); call it once,
    after every multiplication.
    """
    return int(amount.to_integral_value(rounding=ROUND_HALF_UP))


def portions(bases: Iterable[Rupiah], rate: Decimal) -> list[Rupiah]:
    """Return that part of every base, each as `round_half_up` gives it, by whole numbers alone."""
    numerator, denominator = rate.as_integer_ratio()
    if denominator % 2:
        numerator, denominator = 2 * numerator, 2 * denominator
    half = denominator // 2
    if numerator == 1:
        return [(base + half) // denominator for base in bases]
    return [(base * numerator + half) // denominator for base in bases]


def in_words(amount: Rupiah) -> str:
    """Return the amount as a letter writes it: `seribu lima ratus rupiah`."""
    return f"{counted(amount)} rupiah"


def counted(number: int) -> str:
    """Return a number as a letter writes it: `delapan belas`."""
    # num2words says "seribu" at the head of a number only: it writes "satu juta satu ribu".
    return _ONE_THOUSAND.sub("seribu", num2words(number, lang="id"))


def formatted(amount: Rupiah) -> str:
    """Return `Rp1.234.567`, as official letters print it."""
    return f"Rp{amount:,}".replace(",", ".")


def check_amount(amount: Rupiah, *, field: str) -> None:
    """Refuse an amount that is negative or above LARGEST_AMOUNT.

    Raises:
        Invalid: names `field` and the amount.
    """
    if amount < 0:
        raise fault(field, "Jumlah {amount} ({field}) tidak boleh kurang dari nol.", amount=amount)
    if amount > LARGEST_AMOUNT:
        raise fault(
            field,
            "Jumlah {amount} ({field}) melebihi batas {limit} rupiah.",
            amount=amount,
            limit=LARGEST_AMOUNT,
        )
