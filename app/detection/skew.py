"""PURE: what a reader of the selection report must be told, and where numbers are too small."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from app.detection.intervals import Rate, counted
from app.detection.selection import GROUPED, By, Group, Report

_WHOLE: Final = 1000


class RemarkKind(StrEnum):
    """What is said. Of a skewed group also whether control visits bear it out."""

    TOO_FEW = "terlalu_sedikit"
    UNVISITED = "belum_dikunjungi"
    NOT_FOUND = "tidak_ditemukan"
    OVERLAPPING = "undian_bertumpang"
    NO_BETTER = "tidak_lebih_baik"
    MISSED = "luput"
    OVER_UNKNOWN = "lebih_belum_diketahui"
    OVER_UNFOUNDED = "lebih_tanpa_dasar"
    OVER_FOUNDED = "lebih_beralasan"
    UNDER_UNKNOWN = "kurang_belum_diketahui"
    UNDER_UNFOUNDED = "kurang_tanpa_dasar"
    UNDER_FOUNDED = "kurang_beralasan"


# What calls for a look at the rules or at the visits; the rest informs.
WARNING: Final = frozenset(
    {
        RemarkKind.TOO_FEW,
        RemarkKind.UNVISITED,
        RemarkKind.NOT_FOUND,
        RemarkKind.OVERLAPPING,
        RemarkKind.NO_BETTER,
        RemarkKind.OVER_UNFOUNDED,
        RemarkKind.UNDER_UNFOUNDED,
    }
)


@dataclass(frozen=True, slots=True)
class Remark:
    """`by` and `key` name the group; empty for the whole. `numbers` fill the sentence."""

    kind: RemarkKind
    by: By = "semua"
    key: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def warns(self) -> bool:
        return self.kind in WARNING


def enough(rate: Rate | None, *, minimum: int) -> bool:
    """Return whether a rate rests on enough visits to be compared."""
    return rate is not None and rate.trials >= minimum


def remarks(report: Report, *, minimum: int, skew: Decimal) -> tuple[Remark, ...]:
    """Return what must be said, what concerns the whole first."""
    return (
        *_of_visits(report, minimum=minimum),
        *_of_flags(report.whole, minimum=minimum),
        *(
            remark
            for by in GROUPED
            for group in report.along(by)
            for remark in _of_group(group, report.whole, minimum=minimum, skew=skew)
        ),
    )


def _of_visits(report: Report, *, minimum: int) -> Iterator[Remark]:
    progress = report.progress
    visited = report.whole.base.trials if report.whole.base else 0
    if visited < minimum:
        yield Remark(RemarkKind.TOO_FEW, numbers={"count": visited, "minimum": minimum})
    if progress.overdue:
        yield Remark(
            RemarkKind.UNVISITED, numbers={"count": progress.overdue, "drawn": progress.drawn}
        )
    if progress.not_found:
        yield Remark(
            RemarkKind.NOT_FOUND, numbers={"count": progress.not_found, "done": progress.done}
        )
    if progress.overlapping:
        yield Remark(RemarkKind.OVERLAPPING, numbers={"count": progress.overlapping})


def _of_flags(whole: Group, *, minimum: int) -> Iterator[Remark]:
    base, held, caught = whole.base, whole.held, whole.caught
    if not enough(base, minimum=minimum):
        return
    if base and held and enough(held, minimum=minimum) and held.low <= base.high:
        yield Remark(RemarkKind.NO_BETTER, numbers={"held": held.per_mille, "base": base.per_mille})
    if caught and caught.hits < caught.trials:
        yield Remark(
            RemarkKind.MISSED,
            numbers={"count": caught.trials - caught.hits, "violating": caught.trials},
        )


def _of_group(group: Group, whole: Group, *, minimum: int, skew: Decimal) -> Iterator[Remark]:
    """Say where flags single a group out, or pass it over, more than its size explains."""
    among = counted(group.flagged, group.register)
    if not group.key or among is None or group.register < minimum or not whole.flagged:
        return
    overall = Fraction(whole.flagged, whole.register)
    ratio = Fraction(group.flagged, group.register) / overall
    bound = Fraction(skew)
    numbers = {
        "flagged": _per_mille(group.flagged, whole.flagged),
        "register": _per_mille(group.register, whole.register),
        "times": int((ratio * 200 + 1) // 2),
    }
    # Neither is said of a difference that chance alone may have made.
    if ratio >= bound and among.low > overall * _WHOLE:
        yield _borne_out(group, whole, numbers, minimum=minimum, over=True)
    elif ratio <= 1 / bound and among.high < overall * _WHOLE:
        yield _borne_out(group, whole, numbers, minimum=minimum, over=False)


def _borne_out(
    group: Group, whole: Group, numbers: Mapping[str, int], *, minimum: int, over: bool
) -> Remark:
    base, usual = group.base, whole.base
    if base is None or usual is None or base.trials < minimum:
        kind = RemarkKind.OVER_UNKNOWN if over else RemarkKind.UNDER_UNKNOWN
        known = {"visits": base.trials if base else 0, "minimum": minimum}
        return Remark(kind, group.by, group.key, {**numbers, **known})
    found = base.low > usual.per_mille if over else base.high < usual.per_mille
    if over:
        kind = RemarkKind.OVER_FOUNDED if found else RemarkKind.OVER_UNFOUNDED
    else:
        kind = RemarkKind.UNDER_FOUNDED if found else RemarkKind.UNDER_UNFOUNDED
    return Remark(
        kind,
        group.by,
        group.key,
        {**numbers, "group_base": base.per_mille, "base": usual.per_mille},
    )


def _per_mille(part: int, of: int) -> int:
    return (2 * _WHOLE * part + of) // (2 * of)
