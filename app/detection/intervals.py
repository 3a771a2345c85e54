"""PURE: how sure a share is that was counted in a sample: exact fractions in, thousandths out.

Wilson's score interval (E. B. Wilson, JASA 22, 1927, p. 209-212) at 95 %. Where members of a sample
had different chances of being drawn, the share is weighted by the inverse of the chance and the
interval is taken at the effective size (sum w)^2 / (sum w^2) of L. Kish, Survey Sampling (1965).
Ends are rounded outward: an interval never claims more than it knows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction
from typing import Final

# The 0.975 quantile of the standard normal distribution.
Z: Final = Decimal("1.959964")
WHOLE: Final = 1000
_PRECISION: Final = 40


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `trials` as counted; the share and its interval in thousandths."""

    hits: int
    trials: int
    per_mille: int
    low: int
    high: int


def counted(hits: int, trials: int) -> Rate | None:
    """Return the rate of a sample in which everyone had the same chance; None of nobody."""
    if trials == 0:
        return None
    share = Fraction(hits, trials)
    low, high = wilson(share, Fraction(trials))
    return Rate(hits, trials, _nearest(share), low, high)


def weighed(sample: Iterable[tuple[bool, Fraction]]) -> Rate | None:
    """Return the rate of (hit, weight); a weight is one over the chance of being drawn."""
    seen = tuple(sample)
    share = weighed_share(seen)
    if share is None:
        return None
    total = sum((weight for _, weight in seen), start=Fraction(0))
    effective = total**2 / sum((weight**2 for _, weight in seen), start=Fraction(0))
    low, high = wilson(share, effective)
    return Rate(sum(hit for hit, _ in seen), len(seen), _nearest(share), low, high)


def weighed_share(sample: Iterable[tuple[bool, Fraction]]) -> Fraction | None:
    """Return the exact share behind `weighed`; None of nobody."""
    seen = tuple(sample)
    if not seen:
        return None
    total = sum((weight for _, weight in seen), start=Fraction(0))
    return sum((weight for hit, weight in seen if hit), start=Fraction(0)) / total


def wilson(share: Fraction, size: Fraction) -> tuple[int, int]:
    """Return both ends in thousandths for a share found in a sample of so many."""
    with localcontext() as context:
        context.prec = _PRECISION
        found, trials = _decimal(share), _decimal(size)
        square = Z * Z
        spread = (found * (1 - found) / trials + square / (4 * trials * trials)).sqrt()
        scale = 1 + square / trials
        middle = (found + square / (2 * trials)) / scale
        half = Z * spread / scale
        low = int(((middle - half) * WHOLE).to_integral_value(ROUND_FLOOR))
        high = int(((middle + half) * WHOLE).to_integral_value(ROUND_CEILING))
    return max(0, low), min(WHOLE, high)


def lift_hundredths(share: Fraction | None, base: Fraction | None) -> int | None:
    """Return how many times as often, in hundredths, rounded half up once.

    None where the base is nothing.
    """
    if share is None or not base:
        return None
    return _nearest(share / base, of=100)


def lift_of_rounded(rate: Rate | None, base: Rate | None) -> int | None:
    """Return the lift as it was once counted: of thousandths, which are rounded already.

    Of a small base it is far off, and of one below half a thousandth there is none. Only reports
    that were kept with it count so again.
    """
    if rate is None or base is None:
        return None
    return lift_hundredths(Fraction(rate.per_mille), Fraction(base.per_mille))


def _nearest(share: Fraction, *, of: int = WHOLE) -> int:
    """Return thousandths, or parts of `of`, rounded half up."""
    return int((2 * of * share.numerator + share.denominator) // (2 * share.denominator))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
