"""Splink on DuckDB: trains the model and scores candidates. The only module that knows Splink."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import duckdb
from splink import Linker
from splink.backends.duckdb import DuckDBAPI

from app.linkage.model import RANDOM_PAIRS, Model, settings, trained

SEED: Final = 2026
# So many known pairs are enough to learn from; more only take time.
MOST_TRAINING: Final = 20_000
# Fewer say less than what we believe already.
LEAST_TRAINING: Final = 50
_CHUNK: Final = 100_000
# Before the name of a comparison: the column of its level, 0 the best, -1 for unknown.
LEVEL: Final = "tingkat_"
# How alike two names are word by word, whatever their order; a word without a partner counts.
_ALIKE: Final = """
CREATE OR REPLACE MACRO kemiripan(satu, lain) AS least(
  list_avg(list_transform(satu, lambda x:
    list_max(list_transform(lain, lambda y: jaro_winkler_similarity(x, y))))),
  list_avg(list_transform(lain, lambda y:
    list_max(list_transform(satu, lambda x: jaro_winkler_similarity(x, y))))))
"""


def learned(
    connection: duckdb.DuckDBPyConnection,
    belief: Model,
    *,
    outside: str,
    registered: str,
    known: int,
) -> Model:
    """Train on two tables of features of which `known` pairs share a number.

    m comes from expectation maximisation over pairs that share a number, u from random pairs.
    One thread and hashed samples: the same tables give the same model to the last digit.
    """
    if known < LEAST_TRAINING:
        return belief
    with _quiet(), _one_thread(connection):
        linker = _linker(connection, belief, outside=outside, registered=registered)
        linker.training.estimate_u_using_random_sampling(
            max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None, num_chunks=1
        )
        for number in belief.kind.known:
            linker.training.estimate_parameters_using_expectation_maximisation(
                f"l.{number} = r.{number} AND l.{number} <> ''"
            )
        found = _found(linker.misc.save_model_to_json())
        linker.table_management.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]
    return trained(
        belief,
        found=found,
        matches=known,
        outside=_count(connection, outside),
        registered=_count(connection, registered),
    )


def score(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    *,
    outside: str,
    registered: str,
    least: float,
    into: str,
) -> None:
    """Fill `into` with candidates whose weight, prior included, is `least` bits or more.

    Columns: id_l, id_r, and LEVEL of each comparison.
    """
    connection.execute(_ALIKE)
    rows = _count(connection, outside)
    levels = ", ".join(
        f"CASE WHEN gamma_{one.name} < 0 THEN -1 ELSE {len(one.levels) - 1} - gamma_{one.name} END"
        f" AS {LEVEL}{one.name}"
        for one in model.kind.comparisons
    )
    if rows == 0:
        columns = ", ".join(f"{LEVEL}{one.name} INTEGER" for one in model.kind.comparisons)
        connection.execute(f"CREATE TABLE {into} (id_l BIGINT, id_r BIGINT, {columns})")
        return
    with _quiet():
        linker = _linker(connection, model, outside=outside, registered=registered)
        scored = linker.inference.predict(
            threshold_match_weight=least, num_chunks_left=-(-rows // _CHUNK)
        )
        connection.execute(
            f"CREATE TABLE {into} AS SELECT id_l, id_r, {levels} FROM {scored.physical_name}"  # noqa: S608
        )
        linker.table_management.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]


def _linker(
    connection: duckdb.DuckDBPyConnection, model: Model, *, outside: str, registered: str
) -> Linker:
    connection.execute(_ALIKE)
    api = DuckDBAPI(connection)
    # Splink puts the table whose name comes first on the left.
    tables = [
        api.register(outside, table_name="a_luar"),
        api.register(registered, table_name="b_sini"),
    ]
    return Linker(tables, settings(model), log_level=None, validate_settings=False)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)  # noqa: S608
    return int(rows)


def _found(saved: dict[str, Any]) -> dict[str, list[tuple[float, float]]]:
    """Return m and u by comparison, best level first; a level without an estimate keeps its own."""
    found = {}
    for one in saved["comparisons"]:
        found[one["output_column_name"]] = [
            (level["m_probability"], level["u_probability"])
            for level in one["comparison_levels"]
            if not level.get("is_null_level")
        ]
    return found


@contextmanager
def _one_thread(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    (before,) = connection.execute("SELECT current_setting('threads')").fetchone() or (1,)
    connection.execute("SET threads = 1")
    try:
        yield
    finally:
        connection.execute(f"SET threads = {before}")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Splink's progress out of our log: it names columns and counts, and nobody reads it."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
