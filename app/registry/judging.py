"""Judges the rows of one extract table inside DuckDB: what is stored, what is turned away and why.

Every step is one statement over all rows. A row that is written as agreed is only looked at once;
the others are read again, more patiently.
"""

# ruff: noqa: S608 - every name in these statements is one of ours, every value is quoted

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from app.registry import patience
from app.registry.formats.layout import Column, Layout, Parent
from app.registry.phrasing import (
    SEPARATOR,
    agreed,
    filled_in,
    finals,
    joined,
    loses_text,
    repacked,
)
from app.registry.sql import literal, name

# The second version packs numbers and texts tighter and is no slower to write. The rows are sorted:
# the bounds of each group of rows already say where an employer is not.
PARQUET: Final = (
    "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION snappy, ROW_GROUP_SIZE 122880, "
    "DICTIONARY_SIZE_LIMIT 2000, WRITE_BLOOM_FILTER false"
)


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


@dataclass(frozen=True, slots=True)
class Judged:
    """How many rows stay, how many are turned away, how many were sent."""

    kept: int
    rejected: int


def stage(connection: duckdb.DuckDBPyConnection, layout: Layout, staged: Staged) -> int:
    """Read the whole table, keep it as `raw_<table>`, and return the number of rows.

    Its column `raw` is null for a row written as agreed, else the texts of those columns that
    lose theirs (see `phrasing.as_sent`).
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
    lost = [_raw(one) for one in layout.columns if loses_text(one)]
    # Looking for the separator in every text costs a tenth of the time; hardly any text has one.
    for texts in (lost, [f"replace({one}, {SEPARATOR}, ' ')" for one in lost]):
        connection.execute(
            f"CREATE OR REPLACE TABLE raw_{table} AS SELECT CASE WHEN {_all_agreed(layout)} "
            f"THEN NULL ELSE {joined(texts)} END AS raw, {stored}{kept} "
            f"FROM (SELECT *, {values} FROM (SELECT {source}{extra} FROM {staged.relation}))"
        )
        taken_apart = f"len(string_split(raw, {SEPARATOR}))"
        if not _count(
            connection, f"raw_{table} WHERE raw IS NOT NULL AND {taken_apart} > {max(len(lost), 1)}"
        ):
            break
    return _count(connection, f"raw_{table}")


def judge(connection: duckdb.DuckDBPyConnection, layout: Layout, staged: Staged) -> None:
    """Give every row its line, and read what is not written as agreed.

    Makes `good_<table>` (place, line, source_line, columns), `odd_<table>` (see `patience`),
    `bad_<table>` (place, line, column_name, value, code, first, about), empty as yet, and
    `noted_<table>` (column_name, what, count). `place` is where a row written as agreed lies in
    `raw_<table>`, and null for others. Of rows written as agreed, those whose place is in
    `astray_<table>` are not good all the same: a list of few places is kept sooner than a table of
    all rows is changed, and can be put on the disk however long it gets.
    """
    table = layout.table
    line = staged.line if "rowid" in staged.line else "sent_line"
    source = "line" if staged.original_line is None else "coalesce(original_line, line)"
    connection.execute(
        f"CREATE OR REPLACE VIEW numbered_{table} AS "
        f"SELECT *, {source} AS source_line FROM "
        f"(SELECT *, rowid AS place, {line} AS line FROM raw_{table})"
    )
    connection.execute(f"CREATE OR REPLACE TABLE astray_{table} (place BIGINT)")
    with ThreadPoolExecutor(max_workers=1) as beside, closing(connection.cursor()) as other:
        # Few rows are read patiently, on one core; the other looks through all the rest.
        twice = beside.submit(_agreed_twice, other, layout)
        if _has_employer(layout):
            _doubt(connection, layout)
        patience.read(connection, layout)
        twice.result()
    names = ", ".join(name(one.name) for one in layout.columns)
    packed = ", ".join(repacked(one) for one in layout.columns)
    columns = f"[{', '.join(literal(one) for one in layout.names)}]"
    connection.execute(
        f"CREATE OR REPLACE VIEW good_{table} AS "
        f"SELECT place, line, source_line, {names} FROM (FROM numbered_{table} WHERE raw IS NULL) "
        f"ANTI JOIN astray_{table} USING (place) UNION ALL "
        f"SELECT NULL AS place, line, source_line, {packed} FROM odd_{table} "
        "WHERE faults = '' AND NOT aside"
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE bad_{table} (place BIGINT, line BIGINT, "
        "column_name VARCHAR, value VARCHAR, code VARCHAR, first BIGINT, about VARCHAR)"
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE noted_{table} AS "
        f"SELECT {columns}[CAST(split_part(note, ':', 1) AS INTEGER) + 1] AS column_name, "
        "split_part(note, ':', 2) AS what, count(*) AS count "
        "FROM (SELECT unnest(string_split(notes, ';')) AS note "
        f"FROM odd_{table} WHERE faults = '' AND notes <> '') GROUP BY ALL"
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


def reject_repeated(
    connection: duckdb.DuckDBPyConnection, layout: Layout, stored: str | None
) -> None:
    """Of rows with one key, keep the first. Rows of `stored` (a relation) were there before."""
    table = layout.table
    key = ", ".join(name(one) for one in layout.key)
    good = (
        f"SELECT 1 AS age, place, line, source_line, {finals(layout, layout.key)} FROM good_{table}"
    )
    # Rows written as agreed repeat each other seldom; whatever else there is has to be compared.
    doubtful = f"FROM good_{table} WHERE place IS NULL"
    if stored is not None:
        doubtful = f"FROM good_{table}"
        good += (
            " UNION ALL SELECT 0 AS age, NULL AS place, baris AS line, baris AS source_line, "
            f"{key} FROM {stored}"
        )
    telling = finals(layout, layout.telling)
    connection.execute(
        f"INSERT INTO twice_{table} SELECT {_told(layout)} FROM (SELECT {telling} {doubtful})"
    )
    if _count(connection, f"twice_{table}") == 0:
        return
    connection.execute(
        f"INSERT INTO bad_{table} SELECT place, line, {literal(layout.key[0])}, "
        f"{_text(layout, layout.key[0])}, {literal(layout.repeated)}, first, NULL FROM ("
        f"SELECT *, first_value(source_line) OVER w AS first, row_number() OVER w AS nth "
        f"FROM ({good}) WHERE {_told(layout)} IN (SELECT h FROM twice_{table}) "
        f"WINDOW w AS (PARTITION BY {key} ORDER BY age, line)) WHERE nth > 1 AND age = 1"
    )


def reject_orphans(connection: duckdb.DuckDBPyConnection, layout: Layout, parent: Parent) -> None:
    """Turn away rows whose parent is not in `final_<parent>`."""
    table, key = layout.table, ", ".join(name(one) for one in parent.key)
    # Of rows written as agreed the employer has been found already.
    found = parent.table == "pemberi_kerja" and _has_employer(layout)
    doubtful = f"(FROM good_{table} WHERE place IS NULL)" if found else f"good_{table}"
    same = " AND ".join(
        f"lost.{name(one)} IS NOT DISTINCT FROM orphan.{name(one)}" for one in parent.key
    )
    connection.execute(
        f"INSERT INTO bad_{table} SELECT place, line, {literal(parent.column)}, "
        f"{_text(layout, parent.column)}, CASE WHEN EXISTS (FROM lost_{parent.table} AS lost "
        f"WHERE {same}) THEN {literal(parent.turned_away)} ELSE {literal(parent.absent)} END, "
        f"NULL, {_shown(layout, parent.key)} FROM (SELECT place, line, {key} FROM "
        f"(SELECT place, line, {finals(layout, parent.key)} FROM {doubtful}) "
        f"ANTI JOIN final_{parent.table} USING ({key})) AS orphan"
    )


def set_aside(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Take the rows of `bad_<table>` out of `good_<table>`."""
    table = layout.table
    connection.execute(
        f"UPDATE odd_{table} SET aside = true WHERE line IN (SELECT line FROM bad_{table})"
    )
    connection.execute(
        f"INSERT INTO astray_{table} SELECT DISTINCT place FROM bad_{table} WHERE place IS NOT NULL"
    )


def keep_lost_keys(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Remember, as `lost_<table>`, which rows were sent but turned away."""
    table, key = layout.table, layout.key
    keys = ", ".join(name(one) for one in key)
    connection.execute(
        f"CREATE OR REPLACE TABLE lost_{table} AS SELECT DISTINCT {keys} FROM ("
        f"SELECT {keys} FROM odd_{table} WHERE faults <> '' OR aside UNION ALL "
        f"SELECT {finals(layout, key)} FROM raw_{table} "
        f"WHERE rowid IN (SELECT place FROM bad_{table}))"
    )


def write(
    connection: duckdb.DuckDBPyConnection, layout: Layout, target: Path, stored: str | None
) -> Judged:
    """Write what stays as sorted Parquet, after the rows of `stored` when there are any."""
    table = layout.table
    fresh = f"SELECT * EXCLUDE (place, line) FROM good_{table}"
    if stored is not None:
        packed = ", ".join(repacked(one) for one in layout.columns)
        fresh = f"SELECT baris AS source_line, {packed} FROM {stored} UNION ALL {fresh}"
    # Rows of one holder stay as they were sent: a number is sorted sooner than four texts.
    order = [*map(name, layout.key[:2]), "source_line"]
    if stored is not None:
        order += map(name, layout.key[2:])
    stored_values = finals(layout, layout.names)
    written = _copy(
        connection,
        f"SELECT {stored_values}, CAST(source_line AS INTEGER) AS baris "
        f"FROM (SELECT * FROM ({fresh}) ORDER BY {', '.join(order)})",
        target,
    )
    return Judged(kept=written, rejected=_rejected(connection, table))


def write_empty(connection: duckdb.DuckDBPyConnection, layout: Layout, target: Path) -> None:
    """Write the table without rows: it was never sent."""
    layout = layout.holding(())
    columns = ", ".join(f"NULL::{one.kind.sql_type} AS {name(one.name)}" for one in layout.columns)
    _copy(connection, f"SELECT {columns}, NULL::INTEGER AS baris WHERE false", target)


def _copy(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    """Write what `query` gives, and return the number of rows.

    What the engine knows beforehand about the values changes how it writes them. It knows more
    of rows that were all written as agreed; the bytes must come from the rows alone.
    """
    connection.execute(
        "SET disabled_optimizers = 'statistics_propagation,compressed_materialization'"
    )
    try:
        written = connection.execute(f"COPY ({query}) TO {literal(str(target))} ({PARQUET})")
        row = written.fetchone()
    finally:
        connection.execute("RESET disabled_optimizers")
    return 0 if row is None else int(row[0])


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
        f"SELECT *{empty} FROM read_parquet({literal(str(path))})"
    )


def later_columns(
    connection: duckdb.DuckDBPyConnection, layout: Layout, path: Path
) -> frozenset[str]:
    """Return which of the columns agreed later a finished table file has."""
    if not layout.later:
        return frozenset()
    return frozenset(connection.read_parquet(str(path)).columns).intersection(layout.later)


def notes(connection: duckdb.DuckDBPyConnection, layout: Layout) -> Mapping[tuple[str, str], int]:
    """Return how many values of which column were read by which assumption."""
    order = {column.name: place for place, column in enumerate(layout.columns)}
    rows = connection.execute(
        f"SELECT column_name, what, count FROM noted_{layout.table}"
    ).fetchall()
    ordered = sorted(rows, key=lambda row: (order[row[0]], row[1]))
    return {(column, what): int(count) for column, what, count in ordered}


def orphans(connection: duckdb.DuckDBPyConnection, layout: Layout, parent: Parent) -> int:
    """Return how many stored rows have lost their parent."""
    keys = ", ".join(name(one) for one in parent.key)
    return _count(
        connection,
        f"(FROM final_{layout.table} ANTI JOIN final_{parent.table} USING ({keys}))",
    )


def forget(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Give the memory of a finished table back."""
    for view in ("good", "numbered"):
        connection.execute(f"DROP VIEW IF EXISTS {view}_{layout.table}")
    for kept in ("raw", "odd", "twice", "astray"):
        connection.execute(f"DROP TABLE IF EXISTS {kept}_{layout.table}")


def _all_agreed(layout: Layout) -> str:
    """Return the SQL that holds for a row written as agreed, but for what `_doubt` looks at."""
    found = {"npp", "divisi"} if _has_employer(layout) else set()
    return " AND ".join(
        f"{_raw(one)} IS NOT NULL" if one.name in found else _strict(one) for one in layout.columns
    )


def _doubt(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Let rows whose employer is not found be read patiently, their number first of all.

    An employer that is found is written as agreed: finding it is less work than reading its
    number in a million rows. Not while the file is read: with a join there, the engine no longer
    keeps the rows in the order of the file.
    """
    connection.execute(
        f"INSERT INTO astray_{layout.table} SELECT place "
        f"FROM (SELECT rowid AS place, npp, divisi FROM raw_{layout.table} WHERE raw IS NULL) "
        "ANTI JOIN final_pemberi_kerja USING (npp, divisi)"
    )


def _agreed_twice(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Make `twice_<table>`: what rows written as agreed that may repeat each other hash to."""
    connection.execute(
        f"CREATE OR REPLACE TABLE twice_{layout.table} AS SELECT {_told(layout)} AS h "
        f"FROM (SELECT {finals(layout, layout.telling)} FROM raw_{layout.table} WHERE raw IS NULL) "
        "GROUP BY h HAVING count(*) > 1"
    )


def _told(layout: Layout) -> str:
    return f"hash({', '.join(name(one) for one in layout.telling)})"


def _has_employer(layout: Layout) -> bool:
    return layout.parent is not None and layout.key[:2] == ("npp", "divisi")


def _strict(column: Column) -> str:
    both = agreed(column, x=_raw(column), v=name(column.name))
    return both if column.filled else f"({_raw(column)} IS NULL OR {both})"


def _shown(layout: Layout, key: tuple[str, ...]) -> str:
    """Return the SQL that writes a key for people: `12345678/000 2026-03 JHT`."""
    texts = [_text(layout, one) for one in key]
    if key[:2] == ("npp", "divisi"):
        texts[:2] = ["npp || '/' || divisi"]
    return f"concat_ws(' ', {', '.join(texts)})"


def _text(layout: Layout, column: str) -> str:
    return filled_in(layout.column(column).kind.text, x=name(column))


def _raw(column: Column) -> str:
    return name(f"sent_{column.name}")


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return 0 if row is None else int(row[0])


def _rejected(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return _count(connection, f"(FROM odd_{table} WHERE faults <> '')") + _count(
        connection, f"(SELECT DISTINCT line FROM bad_{table})"
    )
