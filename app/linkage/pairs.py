"""A pair as linkage finds it, whatever it is of: parts, weights, bands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from app.linkage.bands import Band, Why, chance
from app.linkage.model import Comparison, Model
from app.linkage.splink_engine import LEVEL


@dataclass(frozen=True, slots=True)
class Part:
    """How one comparison came out: the code of its level ("" for unknown), its weight in bits."""

    comparison: str
    level: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Something outside and something registered. `exact` is the method that links them already.

    `member` is the NIK of the registered worker, or the second of two outside employers; then
    `npp` is empty, `registered` and `other_records` are of that second one, and `records` are those
    of both. Empty for an outside and a registered employer.
    `weight` is in bits, the prior included. `outside` and `registered` are what was compared, as
    the sources write it. `said`: of employers, the word that counted;
    `heard`: the number of the newest word, also one that took another back, 0 for none.
    """

    kind: str
    kunci: str
    npp: str
    member: str
    records: tuple[tuple[str, str], ...]
    exact: str
    band: Band
    why: Why
    weight: float
    parts: tuple[Part, ...]
    outside: dict[str, Any]
    registered: dict[str, Any]
    office: str
    rival_npp: str
    other_records: tuple[tuple[str, str], ...] = ()
    said: str = ""
    heard: int = 0

    @property
    def chance(self) -> float:
        return chance(self.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`pairs` can be read once, while the connection is open. `candidates`: see LinkReport."""

    model: Model
    pairs: Iterator[Pair]
    candidates: int


def weight_sql(of: Comparison, model: Model) -> str:
    """Return what the level of one comparison weighs, in SQL."""
    weights = [model.weight(of.name, at) for at in range(len(of.levels))]
    level = f"{LEVEL}{of.name}"
    return f"CASE WHEN {level} < 0 THEN 0 ELSE list_extract({weights}, {level} + 1) END"


def parts(row: dict[str, Any], model: Model) -> tuple[Part, ...]:
    """Return how the comparisons of a scored row came out; below 0 is nothing to compare."""
    return tuple(
        Part(
            one.name,
            one.levels[level].code if level >= 0 else "",
            model.weight(one.name, level),
        )
        for one in model.kind.comparisons
        for level in (row[f"{LEVEL}{one.name}"],)
    )


def level_of(comparison: str, told: tuple[Part, ...]) -> str:
    """Return the code of the level at which one comparison came out."""
    return next(one.level for one in told if one.comparison == comparison)


def stated(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what a record says, without what it leaves open."""
    return {name: value for name, value in facts.items() if value not in {None, ""}}


def one_row(connection: duckdb.DuckDBPyConnection, question: str) -> tuple[Any, ...]:
    """Return the one row that answers."""
    return connection.execute(question).fetchone() or (0,)
