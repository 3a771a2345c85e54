"""PURE: is a scored pair sure, a question, or nothing? What forbids a link whatever its weight."""

from dataclasses import dataclass
from decimal import Decimal
from math import log2
from typing import Final, Literal

from app.linkage.names import legal_forms_differ
from app.linkage.workers import NEAR, SAME_NAME

Band = Literal["pasti", "tinjau"]
SURE: Final[Band] = "pasti"
REVIEW: Final[Band] = "tinjau"
# The level of names that agree in nothing.
OTHER_NAME: Final = "beda"

# Why a pair is a question and not a link, the weightiest reason first.
Why = Literal[
    "",
    "nomor",
    "bentuk",
    "wilayah",
    "saingan",
    "peluang",
    "alamat",
    "tempat",
    "disebut",
    "kelamin",
    "kembar",
    "nama",
    "sumber",
    "rantai",
]


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
    """What decides: weight in bits, prior included, and that of the likeliest other employer.

    `name` is the code of the level at which the names agree.
    """

    weight: float
    rival: float | None
    name: str
    numbers_differ: bool
    same_regency: bool
    form: str
    form_here: str


def band(pair: Judged, thresholds: Thresholds) -> tuple[Band, Why]:
    """Return the band and what keeps the pair from being sure.

    Law: none. Reading: a shared name and regency with different NPWP or NIB is a question
    (product.md); so are another regency, another legal form, another name altogether (one street
    and number may be a building of many employers), and two that are nearly as likely.
    """
    forbidden: tuple[tuple[bool, Why], ...] = (
        (pair.numbers_differ, "nomor"),
        (legal_forms_differ(pair.form, pair.form_here), "bentuk"),
        (not pair.same_regency, "wilayah"),
        (pair.name == OTHER_NAME, "nama"),
    )
    for holds, why in forbidden:
        if holds:
            return REVIEW, why
    return _likely(weight=pair.weight, rival=pair.rival, thresholds=thresholds)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedWorker:
    """What decides about a worker. `nik` and `name` are codes of levels.

    `named`: the list that names the outside worker names the member too, by the member's own NIK.
    `serial_only`: the NIKs differ in nothing but the serial number.
    """

    weight: float
    rival: float | None
    nik: str
    name: str
    same_employer: bool
    named: bool
    same_sex: bool
    serial_only: bool


def worker_band(pair: JudgedWorker, thresholds: Thresholds) -> tuple[Band, Why]:
    """Return the band and what keeps the pair from being sure.

    Law: none. Reading: a member elsewhere is no member here; a list seldom names one person
    twice; twins share all but the serial number; and NIKs that are not almost the same are two
    people until somebody has looked.
    """
    forbidden: tuple[tuple[bool, Why], ...] = (
        (not pair.same_employer, "tempat"),
        (pair.named, "disebut"),
        (not pair.same_sex, "kelamin"),
        (pair.serial_only and pair.name not in SAME_NAME, "kembar"),
        (pair.nik not in NEAR, "nomor"),
        (pair.name == OTHER_NAME, "nama"),
    )
    for holds, why in forbidden:
        if holds:
            return REVIEW, why
    return _likely(weight=pair.weight, rival=pair.rival, thresholds=thresholds)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedOutside:
    """What decides about two outside employers of one regency.

    `numbers_differ`: both have an NPWP, or both a NIB, one slip apart. `rival`: the weight of the
    likeliest third that may be one of the two, but hardly both. `name` is the code of the level at
    which the names agree.
    """

    weight: float
    rival: float | None
    name: str
    form: str
    other_form: str
    same_agency: bool
    numbers_differ: bool


def outside_band(pair: JudgedOutside, thresholds: Thresholds) -> tuple[Band, Why]:
    """Return the band and what keeps the pair from being sure.

    Law: none. Reading: as for a registered employer; and an agency seldom lists one employer
    twice, as `app.registry.matching.named` has it of one name.
    """
    if pair.numbers_differ:
        return REVIEW, "nomor"
    if legal_forms_differ(pair.form, pair.other_form):
        return REVIEW, "bentuk"
    if pair.same_agency:
        return REVIEW, "sumber"
    if pair.name == OTHER_NAME:
        return REVIEW, "nama"
    return _likely(weight=pair.weight, rival=pair.rival, thresholds=thresholds)


def _likely(*, weight: float, rival: float | None, thresholds: Thresholds) -> tuple[Band, Why]:
    if rival is not None and weight - rival < log2(thresholds.rival):
        return REVIEW, "saingan"
    if weight < bits(thresholds.sure):
        return REVIEW, "peluang"
    return SURE, ""


def bits(chance: Decimal) -> float:
    """Return the weight at which a chance is reached."""
    return log2(float(chance / (1 - chance)))


def chance(weight: float) -> float:
    """Return the chance that a weight in bits, prior included, means; never rounded up to 1."""
    return min(1 / (1 + 2**-weight), 0.999999) if weight > -1000 else 0.0  # noqa: PLR2004
