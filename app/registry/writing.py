"""Writes what stays of an extract table as a file, and reads such files back."""

# ruff: noqa: S608 - every name in these statements is one of ours, every value is quoted

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from app.registry.formats.layout import Layout, Parent
from app.registry.phrasing import finals, repacked
from app.registry.sql import count, literal, name
from app.registry.stored import numbered_relation

# The second version packs numbers and texts tighter and is no slower to write. The rows are sorted:
# the bounds of each group of rows already say where an employer is not.
PARQUET: Final = (
    "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION snappy, ROW_GROUP_SIZE 122880, "
    "DICTIONARY_SIZE_LIMIT 2000, WRITE_BLOOM_FILTER false"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """How many rows stay, how many are turned away, how many were sent."""

    kept: int
    rejected: int


def write(
    connection: duckdb.DuckDBPyConnection, layout: Layout, target: Path, stored: str | None
) -> Judged:
    """Write what stays as sorted Parquet, after the rows of `stored` when there are any."""
    table = layout.table
    fresh = f"FROM good_{table}"
    if stored is not None:
        before = f"SELECT baris AS source_line, {repacked(layout, layout.names)} FROM {stored}"
        fresh = f"{before} UNION ALL {fresh}"
    # A column that the engine knows to be filled is written in another way. It knows that of rows
    # that were all written as agreed, and the bytes must come from the rows alone.
    unknown = ", ".join(f"NULL AS {name(one)}" for one in ("source_line", *layout.names))
    fresh += f" UNION ALL SELECT {unknown} FROM range(0)"
    # Rows of one holder stay as they were sent: a number is sorted sooner than texts.
    order = [*map(name, layout.key[:2]), "source_line"]
    if stored is not None:
        order += map(name, layout.key[2:])
    kept = _copy(
        connection,
        f"SELECT {finals(layout, layout.names)}, CAST(source_line AS INTEGER) AS baris "
        f"FROM (SELECT * FROM ({fresh}) ORDER BY {', '.join(order)})",
        target,
    )
    return Judged(kept=kept, rejected=_rejected(connection, table))


def write_empty(connection: duckdb.DuckDBPyConnection, layout: Layout, target: Path) -> None:
    """Write the table without rows: it was never sent."""
    layout = layout.holding(())
    columns = ", ".join(f"NULL::{one.kind.sql_type} AS {name(one.name)}" for one in layout.columns)
    _copy(connection, f"SELECT {columns}, NULL::INTEGER AS baris WHERE false", target)


def read_back(connection: duckdb.DuckDBPyConnection, layout: Layout, path: Path) -> None:
    """Make a finished table file visible as `final_<table>`, with every column of the layout."""
    held = later_columns(connection, layout, path)
    empty = "".join(
        f", NULL::{layout.column(one).kind.sql_type} AS {name(one)}"
        for one in layout.later
        if one not in held
    )
    connection.execute(
        f"CREATE OR REPLACE VIEW final_{layout.table} AS "
        f"SELECT *{empty} FROM {numbered_relation(layout.table, path)}"
    )


def later_columns(
    connection: duckdb.DuckDBPyConnection, layout: Layout, path: Path
) -> frozenset[str]:
    """Return which of the columns agreed later a finished table file has."""
    if not layout.later:
        return frozenset()
    return frozenset(connection.read_parquet(str(path)).columns).intersection(layout.later)


def orphans(connection: duckdb.DuckDBPyConnection, layout: Layout, parent: Parent) -> int:
    """Return how many stored rows have lost their parent."""
    keys = ", ".join(name(one) for one in parent.key)
    return count(
        connection,
        f"(FROM final_{layout.table} ANTI JOIN final_{parent.table} USING ({keys}))",
    )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    """Write what `query` gives, and return the number of rows."""
    # Packing the values that are sorted costs more here than it saves.
    connection.execute("SET disabled_optimizers = 'compressed_materialization'")
    try:
        written = connection.execute(f"COPY ({query}) TO {literal(str(target))} ({PARQUET})")
        row = written.fetchone()
    finally:
        connection.execute("RESET disabled_optimizers")
    return 0 if row is None else int(row[0])


def _rejected(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return count(connection, f"(FROM odd_{table} WHERE faults <> '')") + count(
        connection, f"(SELECT DISTINCT line FROM bad_{table})"
    )
