"""PURE: what flags find beside what the lot finds, by rule and by group of employers.

Reading: the lot alone says how often employers break the rules (the base), and so what flags miss;
flags alone say how often they hold. Both are held against each other only where each rests on
enough visits. What flags single out is compared with the register, group by group.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal

import pyarrow as pa

from app.detection.control_schemas import REGISTERED_RULES
from app.detection.intervals import (
    Rate,
    counted,
    lift_hundredths,
    lift_of_rounded,
    weighed,
    weighed_share,
)

KIND: Final = "seleksi"
# Rises with every change of what is counted; a kept result keeps the number it was made under.
# Under 1 the lift was taken of shares rounded to thousandths, under 2 of the shares themselves.
DEFINITION: Final = 2
By = Literal["semua", "aturan", "sektor", "skala", "wilayah", "kantor"]
BY: Final[tuple[By, ...]] = ("semua", "aturan", "sektor", "skala", "wilayah", "kantor")
GROUPED: Final[tuple[By, ...]] = ("sektor", "skala", "wilayah", "kantor")
UNREGISTERED: Final = "PWBD"
RATES: Final = ("dasar", "tepat", "tangkap")
_PARTS: Final = ("kena", "dari", "permil", "bawah", "atas")
_COUNTS: Final = ("diundi", "selesai", "tidak_ditemukan", "lewat", "undian_bertumpang")
_PROGRESS: Final = "kunjungan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A control visit that found the employer. `flagged`: by these rules when it was drawn."""

    groups: Mapping[str, str]
    weight: Fraction
    flagged: frozenset[str]
    violations: frozenset[str]
    rupiah: int
    workers: int

    @property
    def violates(self) -> bool:
        return bool(self.violations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A flag whose case ended with a verdict. `case` names employer and case together."""

    rule: str
    case: str
    groups: Mapping[str, str]
    registered: bool
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the visits are. `overlapping`: draws of one office for overlapping days."""

    drawn: int
    done: int
    not_found: int
    overdue: int
    overlapping: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """`register` and `flagged` count employers by dimension and group, `rules` those flagged."""

    register: Mapping[str, Mapping[str, int]]
    flagged: Mapping[str, Mapping[str, int]]
    rules: Mapping[str, int]
    controls: Sequence[Control]
    judged: Sequence[Judged]
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One line. `base`: how often the lot finds a violation; `held`: how often flags held.

    `caught`: of the violations among control visits, those that a rule had flagged. `lift` is
    `held` over `base` in hundredths, of the exact shares. Of what was missed, `rupiah` and
    `workers` are estimates.
    """

    by: By
    key: str
    register: int
    flagged: int
    base: Rate | None
    held: Rate | None
    caught: Rate | None
    lift: int | None
    missed_rupiah: int
    missed_workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    groups: tuple[Group, ...]
    progress: Progress

    def along(self, by: By) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.by == by)

    @property
    def whole(self) -> Group:
        (found,) = self.along("semua")
        return found


def report_of(material: Material, *, definition: int = DEFINITION) -> Report:
    """Count every line from the visits, the verdicts and the register.

    An earlier `definition` is only counted again, to prove what was kept under it.
    """
    whole = _group(
        "semua",
        "",
        material.controls,
        [one for one in material.judged if one.registered],
        register=_total(material.register.get("kantor", {})),
        flagged=_total(material.flagged.get("kantor", {})),
    )
    groups = [whole, *(_of_rule(rule, material) for rule in (*REGISTERED_RULES, UNREGISTERED))]
    for by in GROUPED:
        register, flagged = material.register.get(by, {}), material.flagged.get(by, {})
        judged = [one for one in material.judged if one.registered]
        keys = {
            *register,
            *(one.groups[by] for one in material.controls),
            *(one.groups[by] for one in judged),
        }
        groups += [
            _group(
                by,
                key,
                [one for one in material.controls if one.groups[by] == key],
                [one for one in judged if one.groups[by] == key],
                register=register.get(key, 0),
                flagged=flagged.get(key, 0),
            )
            for key in sorted(keys)
        ]
    if definition == 1:
        groups = [replace(one, lift=lift_of_rounded(one.held, one.base)) for one in groups]
    return Report(groups=tuple(groups), progress=material.progress)


def to_table(report: Report) -> pa.Table:
    """Return the report as it is kept."""
    progress = report.progress
    numbers = (
        progress.drawn,
        progress.done,
        progress.not_found,
        progress.overdue,
        progress.overlapping,
    )
    rows = [
        {"menurut": _PROGRESS, "kunci": key, "jumlah": number}
        for key, number in zip(_COUNTS, numbers, strict=True)
    ]
    return pa.Table.from_pylist([*rows, *(_row(one) for one in report.groups)], schema=_schema())


def from_table(kept: pa.Table) -> Report:
    """Return the report that was kept."""
    rows = kept.to_pylist()
    counts = {row["kunci"]: row["jumlah"] for row in rows if row["menurut"] == _PROGRESS}
    return Report(
        groups=tuple(
            Group(
                by=row["menurut"],
                key=row["kunci"],
                register=row["register"],
                flagged=row["ditandai"],
                base=_rate(row, "dasar"),
                held=_rate(row, "tepat"),
                caught=_rate(row, "tangkap"),
                lift=row["kali"],
                missed_rupiah=row["luput_rupiah"],
                missed_workers=row["luput_pekerja"],
            )
            for row in rows
            if row["menurut"] != _PROGRESS
        ),
        progress=Progress(
            drawn=counts["diundi"],
            done=counts["selesai"],
            not_found=counts["tidak_ditemukan"],
            overdue=counts["lewat"],
            overlapping=counts["undian_bertumpang"],
        ),
    )


def _of_rule(rule: str, material: Material) -> Group:
    """Return the line of one rule; the lot cannot fall on an employer that is not registered."""
    judged = [one for one in material.judged if one.rule == rule]
    if rule == UNREGISTERED:
        return _group("aturan", rule, (), judged, register=0, flagged=0)
    return _group(
        "aturan",
        rule,
        material.controls,
        judged,
        register=_total(material.register.get("kantor", {})),
        flagged=material.rules.get(rule, 0),
        breaks=lambda one: rule in one.violations,
        flags=lambda one: rule in one.flagged,
    )


def _group(
    by: By,
    key: str,
    controls: Iterable[Control],
    judged: Iterable[Judged],
    *,
    register: int,
    flagged: int,
    breaks: Callable[[Control], bool] = lambda one: one.violates,
    flags: Callable[[Control], bool] = lambda one: bool(one.flagged),
) -> Group:
    seen = tuple(controls)
    violating = [one for one in seen if breaks(one)]
    missed = [one for one in violating if not flags(one)]
    visits = [(breaks(one), one.weight) for one in seen]
    held = _held(judged)
    return Group(
        by=by,
        key=key,
        register=register,
        flagged=flagged,
        base=weighed(visits),
        held=held,
        caught=weighed((flags(one), one.weight) for one in violating),
        lift=lift_hundredths(
            None if held is None else Fraction(held.hits, held.trials), weighed_share(visits)
        ),
        missed_rupiah=sum(one.rupiah for one in missed),
        missed_workers=sum(one.workers for one in missed),
    )


def _held(judged: Iterable[Judged]) -> Rate | None:
    """Count cases, not flags: a case holds when one of its flags held."""
    cases: dict[str, bool] = {}
    for one in judged:
        cases[one.case] = cases.get(one.case, False) or one.held
    return counted(sum(cases.values()), len(cases))


def _total(counts: Mapping[str, int]) -> int:
    return sum(counts.values())


def _schema() -> pa.Schema:
    numbers = ["register", "ditandai"]
    numbers += [f"{name}_{part}" for name in RATES for part in _PARTS]
    numbers += ["kali", "luput_rupiah", "luput_pekerja", "jumlah"]
    fields: list[pa.Field[pa.DataType]] = [
        pa.field(name, pa.string()) for name in ("menurut", "kunci")
    ]
    fields += [pa.field(name, pa.int64()) for name in numbers]
    return pa.schema(fields)


def _row(group: Group) -> dict[str, object]:
    row: dict[str, object] = {
        "menurut": group.by,
        "kunci": group.key,
        "register": group.register,
        "ditandai": group.flagged,
        "kali": group.lift,
        "luput_rupiah": group.missed_rupiah,
        "luput_pekerja": group.missed_workers,
    }
    for name, rate in zip(RATES, (group.base, group.held, group.caught), strict=True):
        if rate is not None:
            values = (rate.hits, rate.trials, rate.per_mille, rate.low, rate.high)
            row |= {f"{name}_{part}": one for part, one in zip(_PARTS, values, strict=True)}
    return row


def _rate(row: Mapping[str, int | None], name: str) -> Rate | None:
    values = [row[f"{name}_{part}"] for part in _PARTS]
    known = [one for one in values if one is not None]
    return Rate(*known) if len(known) == len(_PARTS) else None
