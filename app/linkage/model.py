"""PURE: what a model compares, the words of its weights, and its file.

A comparison is a list of levels from best to worst. `m` is how often records of one employer, or
of one worker, agree so, `u` how often records of two do; the weight of a level is log2(m / u).
The numbers of a kind are what we believe before any data; training moves them (ADR 0016).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any, Final

VERSION: Final = 1
# Digits of a probability in the file: sums of floats differ in the last ones from run to run.
_DIGITS: Final = 9
# Beliefs weigh as much as so many pairs against what the data say.
_BELIEF_MATCHES: Final = 300
_BELIEF_PAIRS: Final = 20_000
# So many pairs taken at random tell how often two employers agree by chance.
RANDOM_PAIRS: Final = 300_000
_NEVER: Final = 1e-7


@dataclass(frozen=True, slots=True)
class Level:
    """`when` is the condition in SQL over the columns of both sides; empty for everything else."""

    code: str
    when: str
    m: float
    u: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """`unknown` says when nothing can be compared: that pair gains and loses nothing.

    A comparison that is not `trained` keeps its belief: too few pairs tell anything of it.
    """

    name: str
    unknown: str
    levels: tuple[Level, ...]
    trained: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """What two records of are compared: employers, or workers.

    `blocks` are the pairs that are compared at all, `known` the numbers of which one in common says
    that two records are one: from those the model learns.
    """

    name: str
    comparisons: tuple[Comparison, ...]
    blocks: tuple[Mapping[str, Any], ...]
    known: tuple[str, ...]


# From which weight, in bits, a comparison speaks how loudly.
_VOICES: Final = (
    (8.0, "sangat_kuat"), (4.0, "kuat"), (1.0, "mendukung"), (-1.0, "netral"), (-4.0, "melemahkan"),
)  # fmt: skip
LOUDEST_AGAINST: Final = "melemahkan_kuat"
UNKNOWN: Final = "kosong"

Probabilities = Mapping[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Model:
    """m and u of every level, and the chance that two records of these registers are one.

    `kind` is what its records are of.

    `pairs` is on how many known pairs it was trained; 0 when the beliefs stand alone.
    """

    kind: Kind
    levels: Probabilities
    prior: float
    pairs: int

    def weight(self, comparison: str, level: int) -> float:
        """Return the weight in bits; 0 for a level below 0: nothing to compare."""
        if level < 0:
            return 0.0
        m, u = self.levels[comparison][level]
        return round(log2(m / u), 4)

    def text(self) -> str:
        """Return the model file: canonical JSON, the same for the same model."""
        content = {
            "versi": VERSION,
            "jenis": self.kind.name,
            "pasangan_latih": self.pairs,
            "peluang_awal": self.prior,
            "perbandingan": {
                name: [{"m": m, "u": u} for m, u in levels] for name, levels in self.levels.items()
            },
        }
        return json.dumps(content, indent=1, sort_keys=True)

    def sha256(self) -> str:
        return hashlib.sha256(self.text().encode()).hexdigest()


def believed(kind: Kind, *, registered: int, share: float) -> Model:
    """Return the model before any data. `share` is how many of the outside are registered."""
    levels = {one.name: [(level.m, level.u) for level in one.levels] for one in kind.comparisons}
    return Model(kind=kind, levels=_normalised(levels), prior=_prior(registered, share), pairs=0)


def trained(
    belief: Model, *, found: Probabilities, matches: int, outside: int, registered: int
) -> Model:
    """Move the beliefs by what `matches` known pairs say of m and random pairs of u.

    Random pairs of `outside` x `registered` records hold the known pairs too; what those add to u
    is taken out again, or a small register would think that strangers often share a name.
    """
    pairs = outside * registered
    mixed = matches / pairs
    levels = {}
    for one in belief.kind.comparisons:
        before = belief.levels[one.name]
        if not one.trained or one.name not in found:
            levels[one.name] = list(before)
            continue
        levels[one.name] = [
            (
                _between(m, seen_m, had=_BELIEF_MATCHES, saw=matches),
                _between(
                    u,
                    max(seen_u - seen_m * mixed, 0.0) / (1 - mixed),
                    had=_BELIEF_PAIRS,
                    saw=min(pairs, RANDOM_PAIRS),
                ),
            )
            for (m, u), (seen_m, seen_u) in zip(before, found[one.name], strict=True)
        ]
    return Model(kind=belief.kind, levels=_normalised(levels), prior=belief.prior, pairs=matches)


def settings(model: Model) -> dict[str, Any]:
    """Return the model as Splink takes it."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "id",
        "probability_two_random_records_match": model.prior,
        # Splink keeps the levels only beside what they compare.
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "max_iterations": 20,
        "em_convergence": 0.0001,
        "linker_uid": "patuh",
        "blocking_rules_to_generate_predictions": [dict(rule) for rule in model.kind.blocks],
        "comparisons": [_comparison(one, model.levels[one.name]) for one in model.kind.comparisons],
    }


def voice(weight: float) -> str:
    """Return how loudly a weight in bits speaks for or against."""
    return next((word for least, word in _VOICES if weight >= least), LOUDEST_AGAINST)


def _comparison(one: Comparison, levels: Sequence[tuple[float, float]]) -> dict[str, Any]:
    unknown = {"sql_condition": one.unknown, "label_for_charts": "kosong", "is_null_level": True}
    return {
        "output_column_name": one.name,
        "comparison_levels": [unknown]
        + [
            {
                "sql_condition": level.when or "ELSE",
                "label_for_charts": level.code,
                "m_probability": m,
                "u_probability": u,
            }
            for level, (m, u) in zip(one.levels, levels, strict=True)
        ],
    }


def _normalised(levels: Mapping[str, Sequence[tuple[float, float]]]) -> Probabilities:
    made = {}
    for name, pairs in levels.items():
        sum_m, sum_u = (sum(column) for column in zip(*pairs, strict=True))
        made[name] = tuple(
            (round(max(m / sum_m, _NEVER), _DIGITS), round(max(u / sum_u, _NEVER), _DIGITS))
            for m, u in pairs
        )
    return made


def _between(belief: float, seen: float, *, had: int, saw: int) -> float:
    return (belief * had + seen * saw) / (had + saw)


def _prior(registered: int, share: float) -> float:
    return round(share / max(registered, 2), _DIGITS + 3)
