"""PURE: is a scored pair sure, a question, or nothing? What forbids a link whatever its weight."""

from dataclasses import dataclass
from decimal import Decimal
from math import log2
from typing import Final, Literal

from app.linkage.names import legal_forms_differ

Band = Literal["pasti", "tinjau"]
SURE: Final[Band] = "pasti"
REVIEW: Final[Band] = "tinjau"

# Why a pair is a question and not a link, the weightiest reason first.
Why = Literal["", "nomor", "bentuk", "wilayah", "saingan", "peluang"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """`sure` and `review` are chances; `rival` is how many times likelier than the second best.

    `share` is how many outside employers without a known number are expected to be registered.
    """

    sure: Decimal
    review: Decimal
    rival: int
    share: Decimal

    def as_json(self) -> dict[str, str]:
        return {
            "pasti": str(self.sure),
            "tinjau": str(self.review),
            "saingan": str(self.rival),
            "bagian_terdaftar": str(self.share),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What decides: weight in bits, prior included, and that of the likeliest other employer."""

    weight: float
    rival: float | None
    numbers_differ: bool
    same_regency: bool
    form: str
    form_here: str


def band(pair: Judged, thresholds: Thresholds) -> tuple[Band, Why]:
    """Return the band and what keeps the pair from being sure.

    Law: none. Reading: a shared name and regency with different NPWP or NIB is a question
    (product.md); so are another regency, another legal form, and two that are nearly as likely.
    """
    if pair.numbers_differ:
        return REVIEW, "nomor"
    if legal_forms_differ(pair.form, pair.form_here):
        return REVIEW, "bentuk"
    if not pair.same_regency:
        return REVIEW, "wilayah"
    if pair.rival is not None and pair.weight - pair.rival < log2(thresholds.rival):
        return REVIEW, "saingan"
    if pair.weight < bits(thresholds.sure):
        return REVIEW, "peluang"
    return SURE, ""


def bits(chance: Decimal) -> float:
    """Return the weight at which a chance is reached."""
    return log2(float(chance / (1 - chance)))


def chance(weight: float) -> float:
    """Return the chance that a weight in bits, prior included, means; never rounded up to 1."""
    return min(1 / (1 + 2**-weight), 0.999999) if weight > -1000 else 0.0  # noqa: PLR2004
