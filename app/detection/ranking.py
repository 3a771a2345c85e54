"""PURE: in which order flags ask for a person: elements of 0 to 100, weighed by editions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from app.detection.schemas import Confidence
from app.errors import FieldProblem, Invalid
from app.infra.wording import N_

# The elements, with what they look at; the weights of all of them make 100.
ELEMENTS: Final[Mapping[str, str]] = {
    "rupiah": N_("Rupiah yang dapat dipulihkan"),
    "pekerja": N_("Pekerja yang tidak terlindungi"),
    "keyakinan": N_("Seberapa yakin"),
    "lama": N_("Lama berlangsung"),
    "data": N_("Kesegaran data"),
    # Not all that comes next is a limit of law: a source that grows too old ends only the flag.
    "batas": N_("Dekatnya batas berikutnya: golongan piutang atau umur sumber"),
}
WHOLE: Final = 100

# (from this value on, so much of 100); the highest that is reached counts.
_RUPIAH: Final = (
    (1, 20), (1_000_000, 40), (10_000_000, 60), (50_000_000, 80), (250_000_000, 100),
)  # fmt: skip
_WORKERS: Final = ((1, 20), (5, 40), (20, 60), (50, 80), (100, 100))
_MONTHS: Final = ((1, 20), (3, 40), (6, 60), (12, 80), (24, 100))
_CERTAINTY: Final[Mapping[Confidence, int]] = {"tinggi": 100, "sedang": 60, "perlu ditinjau": 20}
# (through so many days, so much of 100); the first that holds counts.
_DATA_DAYS: Final = ((90, 100), (180, 80), (365, 50))
_OLD_DATA: Final = 20
_LIMIT_DAYS: Final = ((14, 100), (30, 80), (90, 50), (180, 20))


@dataclass(frozen=True, slots=True)
class Weights:
    """One edition of the weights; 0 is what ships."""

    edition: int = 0
    points: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType(
            {"rupiah": 35, "pekerja": 20, "keyakinan": 15, "lama": 10, "data": 10, "batas": 10}
        )
    )


SHIPPED_WEIGHTS: Final = Weights()


def elements(
    *,
    rupiah: int,
    workers: int,
    confidence: Confidence,
    months: int,
    data_days: int | None,
    limit_days: int | None,
) -> dict[str, int]:
    """Return each element from 0 to 100.

    `data_days` is the age of the newest source, None where the flag rests on the registry alone;
    `limit_days` the days to the next limit of whatever kind, None where there is none.
    """
    return {
        "rupiah": _reached(rupiah, _RUPIAH),
        "pekerja": _reached(workers, _WORKERS),
        "keyakinan": _CERTAINTY[confidence],
        "lama": _reached(months, _MONTHS),
        "data": WHOLE if data_days is None else _within(data_days, _DATA_DAYS, _OLD_DATA),
        "batas": 0 if limit_days is None else _within(limit_days, _LIMIT_DAYS, 0),
    }


def weighed(found: Mapping[str, int], weights: Weights) -> dict[str, int]:
    """Return the points of each element; their sum, 0 to 100, is the score."""
    return {name: weights.points[name] * found[name] // WHOLE for name in ELEMENTS}


def weights_from(points: Mapping[str, int]) -> dict[str, int]:
    """Return weights that may be proposed: one for each element, together 100.

    Raises:
        Invalid: one is missing or out of bounds, or the sum is another; names the field.
    """
    for name in ELEMENTS:
        if not 0 <= points.get(name, -1) <= WHOLE:
            template = N_("Bobot harus bilangan bulat dari 0 sampai 100.")
            raise Invalid(template, fields=(FieldProblem(f"bobot_{name}", template),))
    total = sum(points[name] for name in ELEMENTS)
    if total != WHOLE:
        template = N_("Jumlah bobot {total}; harus tepat 100.")
        first = next(iter(ELEMENTS))
        problem = FieldProblem(f"bobot_{first}", template, {"total": total})
        raise Invalid(template, fields=(problem,), total=total)
    return {name: points[name] for name in ELEMENTS}


def _reached(value: int, steps: tuple[tuple[int, int], ...]) -> int:
    return max((share for least, share in steps if value >= least), default=0)


def _within(days: int, steps: tuple[tuple[int, int], ...], beyond: int) -> int:
    return next((share for most, share in steps if days <= most), beyond)
