"""Judges the rows of one extract table inside DuckDB, each for itself: what can be read of it.

Every step is one statement over all rows. A row that is written as agreed is only looked at once;
the others are read again, more patiently.
"""

# ruff: noqa: S608 - every name in these statements is one of ours, every value is quoted

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Final

import duckdb

from app.registry import comparing, patience
from app.registry.formats.kinds import among
from app.registry.formats.layout import EMPLOYER, Column, Layout
from app.registry.phrasing import (
    SEPARATOR,
    agreed,
    agreed_rows,
    filled_in,
    joined,
    odd_rows,
    repacked,
)
from app.registry.sql import count, name

_FEW_DIVISIONS: Final = 16
# Measured: with one odd row in two hundred, reading them takes half as long as looking through the
# rest.
_FEW_ODD: Final = 200


@dataclass(frozen=True, slots=True)
class Staged:
    """A table as a reader hands it over, every value still text.

    `relation` is what DuckDB can select from; `columns` are those of the layout that it has.
    `line` is the SQL for a row's line number: a column of `relation`, or an expression over
    `rowid`, which counts the rows in file order from 0. `original_line` is null, or the column
    that names the line the row had when it was rejected before.
    """

    relation: str
    columns: frozenset[str]
    line: str
    original_line: str | None = None


def know_divisions(
    connection: duckdb.DuckDBPyConnection, layout: Layout, stored: str | None
) -> Layout:
    """Return the layout whose divisions are kept small, where those that rows may have are few.

    These are the ones in `final_<parent>`, without which no row stays, and in `stored`, a relation
    of rows that stay in any case.
    """
    if layout.parent is None:
        return layout
    known = f"SELECT divisi FROM final_{layout.parent.table}"
    if stored is not None:
        known += f" UNION ALL SELECT divisi FROM {stored}"
    found = connection.execute(
        f"SELECT divisi FROM ({known}) WHERE divisi IS NOT NULL GROUP BY divisi "
        f"ORDER BY count(*) DESC, divisi LIMIT {_FEW_DIVISIONS + 1}"
    ).fetchall()
    if not 0 < len(found) <= _FEW_DIVISIONS:
        return layout
    kind = among(layout.column("divisi").kind, [str(row[0]) for row in found])
    columns = (replace(one, kind=kind) if one.name == "divisi" else one for one in layout.columns)
    return replace(layout, columns=tuple(columns))


def stage(connection: duckdb.DuckDBPyConnection, layout: Layout, staged: Staged) -> int:
    """Read the whole table, keep it as `raw_<table>`, and return the number of rows.

    Its column `raw` is null for a row written as agreed, else its texts (see `phrasing.as_sent`):
    whoever reads these rows reads one column of a million.
    """
    table = layout.table
    source = ", ".join(
        f"{name(one.name) if one.name in staged.columns else 'NULL::VARCHAR'} AS {_raw(one)}"
        for one in layout.columns
    )
    carried = [] if "rowid" in staged.line else [f"{staged.line} AS sent_line"]
    if staged.original_line is not None:
        carried.append(f"{staged.original_line} AS original_line")
    extra = "".join(f", {one}" for one in carried)
    kept = "".join(f", {one.rsplit(' AS ', 1)[1]}" for one in carried)
    values = ", ".join(
        f"{filled_in(one.kind.value, x=_raw(one))} AS {name(one.name)}" for one in layout.columns
    )
    stored = ", ".join(name(one.name) for one in layout.columns)
    # Evaluated for the few odd rows only.
    sent = [f"replace({_raw(one)}, {SEPARATOR}, ' ')" for one in layout.columns]
    connection.execute(
        f"CREATE OR REPLACE TABLE raw_{table} AS SELECT CASE WHEN {_all_agreed(layout)} "
        f"THEN NULL ELSE {joined(sent)} END AS raw, {stored}{kept} "
        f"FROM (SELECT *, {values} FROM (SELECT {source}{extra} FROM {staged.relation}))"
    )
    return count(connection, f"raw_{table}")


def judge(connection: duckdb.DuckDBPyConnection, layout: Layout, staged: Staged) -> None:
    """Give every row its line, and read what is not written as agreed.

    Makes `good_<table>` (source_line and the columns, kept small), `odd_<table>` (see `patience`)
    and `bad_<table>` (place, line, column_name, value, code, first, about), empty as yet. `place`
    is where a row written as agreed lies in `raw_<table>`, and null for others. Of rows written as
    agreed, those whose place is in `astray_<table>` are not good all the same: a list of few
    places is kept sooner than a table of all rows is changed, and can be put on the disk however
    long it gets.
    """
    table = layout.table
    line = staged.line if "rowid" in staged.line else "sent_line"
    source = "line" if staged.original_line is None else "coalesce(original_line, line)"
    connection.execute(
        f"CREATE OR REPLACE VIEW numbered_{table} AS "
        f"SELECT *, {source} AS source_line FROM "
        f"(SELECT *, rowid AS place, {line} AS line FROM raw_{table})"
    )
    for places in ("astray", "unknown"):
        connection.execute(f"CREATE OR REPLACE TABLE {places}_{table} (place BIGINT)")
    patience.pick(connection, layout, f"FROM numbered_{table} WHERE raw IS NOT NULL")
    with (
        _one_core_left(connection, layout),
        ThreadPoolExecutor(max_workers=1) as beside,
        closing(connection.cursor()) as other,
    ):
        rest = beside.submit(comparing.look_through, other, layout)
        patience.read(connection, layout)
        rest.result()
    if count(connection, f"astray_{table}"):
        patience.pick(connection, layout, patience.written_again(layout, f"astray_{table}"))
        patience.read(connection, layout, more=True)
    small = ", ".join(map(name, layout.names))
    connection.execute(
        f"CREATE OR REPLACE VIEW good_{table} AS "
        f"SELECT source_line, {small} FROM {agreed_rows(table)} UNION ALL "
        f"SELECT source_line, {repacked(layout, layout.names)} FROM {odd_rows(table)}"
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE bad_{table} (place BIGINT, line BIGINT, "
        "column_name VARCHAR, value VARCHAR, code VARCHAR, first BIGINT, about VARCHAR)"
    )


def reject_lines(
    connection: duckdb.DuckDBPyConnection, layout: Layout, rows: Iterable[tuple[int, str, str]]
) -> None:
    """Add rows that could not even be cut into columns: line, what it held, code."""
    listed = list(rows)
    if listed:
        connection.executemany(
            f"INSERT INTO bad_{layout.table} VALUES (NULL, ?, '', ?, ?, NULL, NULL)",
            listed,
        )


def notes(connection: duckdb.DuckDBPyConnection, layout: Layout) -> Mapping[tuple[str, str], int]:
    """Return how many values of which column were read by which assumption."""
    rows = connection.execute(
        "SELECT CAST(split_part(note, ':', 1) AS INTEGER) AS place, split_part(note, ':', 2), "
        "count(*) FROM (SELECT unnest(string_split(notes, ';')) AS note "
        f"FROM odd_{layout.table} WHERE faults = '' AND notes <> '') GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return {(layout.names[place], what): int(count) for place, what, count in rows}


def forget(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Give the memory of a finished table back."""
    for view in ("good", "numbered"):
        connection.execute(f"DROP VIEW IF EXISTS {view}_{layout.table}")
    for kept in ("raw", "odd", "twice", "alike", "astray", "unknown"):
        connection.execute(f"DROP TABLE IF EXISTS {kept}_{layout.table}")


def _all_agreed(layout: Layout) -> str:
    """Return the SQL that holds for a row written as agreed, but for what `_doubt` looks at."""
    found = EMPLOYER if layout.parent is not None else ()
    return " AND ".join(
        f"{name(one.name)} IS NOT NULL" if one.name in found else _strict(one)
        for one in layout.columns
    )


@contextmanager
def _one_core_left(connection: duckdb.DuckDBPyConnection, layout: Layout) -> Iterator[None]:
    """Where rows are read patiently on one core, look through all the rest on the others.

    Not where these rows are so few that they are read at once.
    """
    table, row = layout.table, connection.execute("SELECT current_setting('threads')").fetchone()
    cores = 1 if row is None else int(row[0])
    few = _FEW_ODD * count(connection, f"picked_{table}") < count(connection, f"raw_{table}")
    if few or cores == 1:
        yield
        return
    connection.execute(f"SET threads = {cores - 1}")
    try:
        yield
    finally:
        connection.execute(f"SET threads = {cores}")


def _strict(column: Column) -> str:
    both = agreed(column, x=_raw(column), v=name(column.name))
    return both if column.filled else f"({_raw(column)} IS NULL OR {both})"


def _raw(column: Column) -> str:
    return name(f"sent_{column.name}")
