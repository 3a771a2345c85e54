"""PURE: what a rule is: where it comes from, when it fires, what it says, what it rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import narwhals.stable.v2 as nw

from app.detection.facts import Facts
from app.detection.facts.asof import AsOf
from app.detection.facts.workers import LINKED
from app.detection.schemas import Confidence
from app.law.citation import Citation
from app.registry.matching import BY_DECISION, BY_NAME, BY_SIMILARITY, Frame

# Why a flag is less sure that uses a worker whom linkage takes for a member.
ALIKE: Final = (
    "Sebagian pekerja ditautkan dengan kepesertaannya bukan oleh NIK pada daftar, melainkan oleh "
    "kemiripan atau keputusan petugas."
)
# From the surest to the least sure.
_LEVELS: Final[tuple[Confidence, ...]] = ("tinggi", "sedang", "perlu ditinjau")

# One row as a mapping: column -> plain Python value.
Row = Mapping[str, object]
# Extract table -> frame with `subject`, `baris` and the values to show.
Evidence = Mapping[str, Frame]

# The columns by which every finding names its employer.
IDENTITY: Final = (
    "subject", "npp", "divisi", "npwp", "nib", "nama", "alamat", "kantor_cabang", "kode_wilayah",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a rule says of one employer: the numbers, the sentence's values, and how sure it is.

    `method` names how the rupiah were found; `reason` is why the confidence is what it is.
    """

    numbers: Mapping[str, object]
    values: Mapping[str, object]
    method: str
    confidence: Confidence
    reason: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One question about one employer. `version` rises with every change of what it finds.

    `rows` are the details (workers, bills, records) and `candidates` sums them to one row per
    employer, from which `when` chooses. Candidates have IDENTITY, `jumlah_tk`, `bulanan` (a
    month's contribution in ten-thousandths of a rupiah), `bulan` (months of the estimate),
    `pokok` (rupiah known exactly), `bulan_tunggak`, and `pembawa`, the source that carries it as
    `day|sumber|id_sumber` or empty.
    """

    code: str
    version: int
    title: str
    basis: tuple[Citation, ...]
    rows: Callable[[Facts], Frame]
    candidates: Callable[[Facts, Frame], Frame]
    when: Callable[[AsOf], nw.Expr]
    evidence: Callable[[Facts, Frame, Frame], Evidence]
    describe: Callable[[Row, AsOf], Description] = field(repr=False)


def carrier() -> nw.Expr:
    """Return `day|sumber|id_sumber`: its maximum is the newest source, ties by code."""
    return nw.concat_str(
        nw.col("tgl_data").cast(nw.String()),
        nw.lit("|"),
        nw.col("sumber"),
        nw.lit("|"),
        nw.col("id_sumber"),
    )


@dataclass(frozen=True, slots=True)
class Carrier:
    """The source that carries a finding; all empty where it rests on the registry alone."""

    day: str
    source: str
    source_id: str


def carried_by(row: Row) -> Carrier:
    """Return what `carrier` put together in `pembawa`."""
    parts = [*text(row, "pembawa").split("|", 2), "", ""]
    return Carrier(*parts[:3])


def identified(candidates: Frame, facts: Facts) -> Frame:
    """Add the registry's identity to candidates that are known by `npp`."""
    here = facts.employers.select(
        "npp", "divisi", "npwp", "nib", "nama", "alamat", "kantor_cabang", "kode_wilayah"
    )
    return candidates.join(here, on="npp", how="inner").with_columns(
        subject=nw.concat_str(nw.lit("npp:"), nw.col("npp"))
    )


def whole(row: Row, column: str) -> int:
    """Return a whole number of a row; 0 for nothing. A wide sum comes as a Decimal.

    Raises:
        TypeError: it is no whole number.
    """
    value = row.get(column)
    if value is None:
        return 0
    if isinstance(value, int) or (isinstance(value, Decimal) and value == int(value)):
        return int(value)
    raise TypeError(f"{column} is {value!r}")


def text(row: Row, column: str) -> str:
    """Return a text of a row; empty for nothing."""
    value = row.get(column)
    return "" if value is None else str(value)


# Which of them is right is for a person to find out: nothing is averaged, none is left out.
CONTRADICTED: Final[tuple[Confidence, str]] = (
    "perlu ditinjau",
    "Sumber-sumber baru menyebut jumlah pekerja yang jauh berbeda; periksa mana yang benar.",
)


def link_confidence(row: Row) -> tuple[Confidence, str]:
    """Return how sure a flag is that rests on linked sources, and why.

    Law: none. Reading: a link by name and place, or by a model, is for a person to check first;
    one that a person has made is as good as one number.
    """
    if text(row, "metode") == BY_SIMILARITY:
        return "perlu ditinjau", "Sumber ditautkan karena nama, alamat, dan wilayahnya mirip."
    if text(row, "metode") == BY_DECISION:
        return "sedang", "Sumber ditautkan oleh keputusan petugas."
    if text(row, "metode") == BY_NAME:
        return "perlu ditinjau", "Sumber ditautkan dengan nama dan wilayah saja."
    if whole(row, "sumber_segar") > 1:
        return "tinggi", "Lebih dari satu sumber, ditautkan dengan NPWP atau NIB."
    return "sedang", "Satu sumber, ditautkan dengan NPWP atau NIB."


def by_likeness() -> nw.Expr:
    """Return 1 for a worker who is a member by linkage and not by the NIK on the list, else 0."""
    linked = nw.col("tautan_pekerja").is_in(LINKED)
    return nw.when(linked).then(nw.lit(1)).otherwise(nw.lit(0))


def in_doubt() -> nw.Expr:
    """Return 1 for a worker who may be a member under another NIK, else 0."""
    return nw.when(~nw.col("nik_ragu").is_null()).then(nw.lit(1)).otherwise(nw.lit(0))


def likened_confidence(row: Row) -> tuple[Confidence, str, dict[str, object]]:
    """Return how sure a flag is that also rests on workers found by likeness, why, and how many.

    The number is `pekerja_mirip`, left out where there are none.
    """
    confidence, reason = link_confidence(row)
    alike = whole(row, "mirip")
    if not alike:
        return confidence, reason, {}
    lower = lowered(confidence, some=alike, of=whole(row, "jumlah_tk"))
    return lower, ALIKE, {"pekerja_mirip": alike}


def lowered(confidence: Confidence, *, some: int, of: int) -> Confidence:
    """Return the confidence of a flag `some` of whose workers may be somebody else.

    Law: none. Reading: one step lower; where it is all of them, a person looks first.
    """
    if some == 0:
        return confidence
    if some >= of:
        return _LEVELS[-1]
    return _LEVELS[min(_LEVELS.index(confidence) + 1, len(_LEVELS) - 1)]
