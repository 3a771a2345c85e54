"""PURE: what the employer model compares, the words of its weights, and its file.

A comparison is a list of levels from best to worst. `m` is how often records of one employer
agree so, `u` how often records of two do; the weight of a level is log2(m / u). The numbers here
are what we believe before any data; training moves them (ADR 0016).
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


# fmt: off
COMPARISONS: Final = (
    Comparison("nama", "nama_urut_l = '' OR nama_urut_r = ''", (
        Level("sama",      "nama_urut_l = nama_urut_r AND umum_l = 0 AND umum_r = 0", 0.72, 3e-6),
        Level("sama_umum", "nama_urut_l = nama_urut_r",                               0.06, 4e-5),
        Level("bunyi",     "bunyi_l = bunyi_r",                                       0.04, 3e-6),
        Level("huruf",     "kemiripan(kata_l, kata_r) >= 0.955",                      0.10, 1e-5),
        Level("singkatan", "inisial_l = inisial_r AND list_has_any(penuh_l, penuh_r) AND "
              "(list_has_all(penuh_l, penuh_r) OR list_has_all(penuh_r, penuh_l))",   0.02, 4e-6),
        Level("sebagian",  "kemiripan(kata_l, kata_r) >= 0.88 OR "
              "(len(list_intersect(kata_l, kata_r)) >= 2 AND "
              "(list_has_all(kata_l, kata_r) OR list_has_all(kata_r, kata_l)))",      0.03, 4e-4),
        Level("beda",      "",                                                        0.03, 0.999),
    )),
    Comparison("wilayah", "kode_wilayah_l = '' OR kode_wilayah_r = ''", (
        Level("kabupaten", "kode_wilayah_l = kode_wilayah_r",                         0.95, 0.02),
        Level("provinsi",  "substr(kode_wilayah_l, 1, 2) = substr(kode_wilayah_r, 1, 2)",
                                                                                      0.035, 0.10),
        Level("beda",      "",                                                        0.015, 0.88),
    )),
    Comparison("alamat", "(jalan_l = '' AND kecamatan_l = '') OR (jalan_r = '' AND kecamatan_r = '')", (  # noqa: E501
        Level("jalan_nomor", "jalan_l <> '' AND jalan_l = jalan_r AND nomor_l <> '' AND "
              "nomor_l = nomor_r",                                                    0.55, 5e-5),
        Level("mirip_nomor", "nomor_l <> '' AND nomor_l = nomor_r AND "
              "jaro_winkler_similarity(jalan_l, jalan_r) >= 0.9",                     0.15, 1e-4),
        Level("jalan",     "jalan_l <> '' AND jaro_winkler_similarity(jalan_l, jalan_r) >= 0.9",
                                                                                      0.12, 0.02),
        Level("kecamatan", "kecamatan_l <> '' AND kecamatan_l = kecamatan_r",         0.05, 0.03),
        Level("beda",      "",                                                        0.13, 0.95),
    )),
    Comparison("kbli", "kbli_l = '' OR kbli_r = ''", (
        Level("kode",      "kbli_l = kbli_r",                                         0.75, 0.03),
        Level("golongan",  "substr(kbli_l, 1, 2) = substr(kbli_r, 1, 2)",             0.12, 0.06),
        Level("beda",      "",                                                        0.13, 0.91),
    )),
    Comparison("bentuk", "bentuk_l = '' OR bentuk_r = ''", (
        Level("sama",      "bentuk_l = bentuk_r",                                     0.95, 0.40),
        Level("beda",      "",                                                        0.05, 0.60),
    )),
    Comparison("telepon", "telepon_l = '' OR telepon_r = ''", (
        Level("sama",      "telepon_l = telepon_r",                                   0.70, 1e-5),
        Level("beda",      "",                                                        0.30, 0.9999),
    ), trained=False),
    Comparison("nomor", "(npwp16_l = '' OR npwp16_r = '') AND (nib_l = '' OR nib_r = '')", (
        Level("sama", "(npwp16_l <> '' AND npwp16_l = npwp16_r) OR "
              "(nib_l <> '' AND nib_l = nib_r)",                                      0.90, 1e-6),
        Level("hampir_sama", "(npwp16_l <> '' AND npwp16_r <> '' AND "
              "damerau_levenshtein(npwp16_l, npwp16_r) = 1) OR (nib_l <> '' AND nib_r <> '' AND "
              "damerau_levenshtein(nib_l, nib_r) = 1)",                               0.04, 1e-6),
        Level("beda",      "",                                                        0.06, 0.9999),
    ), trained=False),
)
# fmt: on
BY_NAME: Final = {one.name: one for one in COMPARISONS}

# From which weight, in bits, a comparison speaks how loudly.
_VOICES: Final = (
    (8.0, "sangat_kuat"), (4.0, "kuat"), (1.0, "mendukung"), (-1.0, "netral"), (-4.0, "melemahkan"),
)  # fmt: skip
LOUDEST_AGAINST: Final = "melemahkan_kuat"
UNKNOWN: Final = "kosong"

# The candidates that are compared at all: in one regency two sounds, or initials and a sound, or
# one street and number; a rare name anywhere; one telephone anywhere.
BLOCKS: Final = (
    {
        "blocking_rule": "l.kode_wilayah = r.kode_wilayah AND l.blok = r.blok",
        "arrays_to_explode": ["blok"],
    },
    {"blocking_rule": "l.kode_wilayah = r.kode_wilayah AND l.tempat = r.tempat"},
    {"blocking_rule": "l.nama_jarang = r.nama_jarang"},
    {"blocking_rule": "l.telepon_ada = r.telepon_ada"},
)

Probabilities = Mapping[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Model:
    """m and u of every level, and the chance that two records of these registers are one.

    `pairs` is on how many known pairs it was trained; 0 when the beliefs stand alone.
    """

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
            "pasangan_latih": self.pairs,
            "peluang_awal": self.prior,
            "perbandingan": {
                name: [{"m": m, "u": u} for m, u in levels] for name, levels in self.levels.items()
            },
        }
        return json.dumps(content, indent=1, sort_keys=True)

    def sha256(self) -> str:
        return hashlib.sha256(self.text().encode()).hexdigest()


def believed(*, registered: int, share: float) -> Model:
    """Return the model before any data. `share` is how many outside employers are registered."""
    levels = {one.name: [(level.m, level.u) for level in one.levels] for one in COMPARISONS}
    return Model(levels=_normalised(levels), prior=_prior(registered, share), pairs=0)


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
    for one in COMPARISONS:
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
    return Model(levels=_normalised(levels), prior=belief.prior, pairs=matches)


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
        "blocking_rules_to_generate_predictions": [dict(rule) for rule in BLOCKS],
        "comparisons": [_comparison(one, model.levels[one.name]) for one in COMPARISONS],
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
