"""Compares the rows of one extract table with each other and with those of other tables."""

# ruff: noqa: S608 - every name in these statements is one of ours, every value is quoted

import duckdb

from app.registry.formats.layout import EMPLOYER, Layout, Parent
from app.registry.phrasing import agreed, agreed_rows, filled_in, finals, odd_rows, packed, repacked
from app.registry.sql import count, literal, name


def look_through(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Make `unknown_<table>`, `twice_<table>` and `astray_<table>` of rows written as agreed."""
    if layout.parent is not None:
        _doubt(connection, layout, layout.parent)
    _agreed_twice(connection, layout)


def compare(connection: duckdb.DuckDBPyConnection, layout: Layout, stored: str | None) -> None:
    """Turn away rows that repeat others or lack their parent, and take them out of `good_<table>`.

    Rows of `stored` (a relation) were there before.
    """
    _reject_repeated(connection, layout, stored)
    if layout.parent is not None:
        _reject_orphans(connection, layout, layout.parent)
    _set_aside(connection, layout)


def _reject_repeated(
    connection: duckdb.DuckDBPyConnection, layout: Layout, stored: str | None
) -> None:
    """Of rows with one key, keep the first."""
    table = layout.table
    # Rows written as agreed repeat each other seldom; whatever else there is has to be compared.
    doubtful = f"(SELECT {_told_stored(layout)} AS h FROM {odd_rows(table)})"
    if stored is not None:
        doubtful = f"(SELECT {_told(layout)} AS h FROM good_{table})"
    connection.execute(f"INSERT INTO twice_{table} FROM {doubtful}")
    if count(connection, f"twice_{table}") == 0:
        return
    # Few rows are found by where they lie, and only of these the keys are looked at.
    connection.execute(
        f"CREATE OR REPLACE TABLE alike_{table} AS SELECT rowid AS place FROM raw_{table} "
        f"WHERE raw IS NULL AND {_told(layout)} IN (SELECT h FROM twice_{table})"
    )
    key = ", ".join(map(name, layout.key))
    alike = f"{_told_stored(layout)} IN (SELECT h FROM twice_{table})"
    compared = (
        f"SELECT 1 AS age, place, line, source_line, {finals(layout, layout.key)} "
        f"FROM {agreed_rows(table, f'SEMI JOIN alike_{table} USING (place)')} UNION ALL "
        f"SELECT 1 AS age, NULL AS place, line, source_line, {key} FROM {odd_rows(table)} "
        f"WHERE {alike}"
    )
    if stored is not None:
        compared += (
            " UNION ALL SELECT 0 AS age, NULL AS place, baris AS line, baris AS source_line, "
            f"{key} FROM {stored} WHERE {alike}"
        )
    connection.execute(
        f"INSERT INTO bad_{table} SELECT place, line, {literal(layout.key[0])}, "
        f"{_text(layout, layout.key[0])}, {literal(layout.repeated)}, first, NULL FROM ("
        f"SELECT *, first_value(source_line) OVER w AS first, row_number() OVER w AS nth "
        f"FROM ({compared}) WINDOW w AS (PARTITION BY {key} ORDER BY age, line)) "
        "WHERE nth > 1 AND age = 1"
    )


def _reject_orphans(connection: duckdb.DuckDBPyConnection, layout: Layout, parent: Parent) -> None:
    """Turn away rows whose parent is not in `final_<parent>`."""
    table, key = layout.table, ", ".join(map(name, parent.key))
    # Of rows written as agreed it is known already which these are.
    unknown = agreed_rows(table, f"SEMI JOIN unknown_{table} USING (place)")
    same = " AND ".join(
        f"lost.{name(one)} IS NOT DISTINCT FROM orphan.{name(one)}" for one in parent.key
    )
    connection.execute(
        f"INSERT INTO bad_{table} SELECT place, line, {literal(parent.column)}, "
        f"{_text(layout, parent.column)}, CASE WHEN EXISTS (FROM lost_{parent.table} AS lost "
        f"WHERE {same}) THEN {literal(parent.turned_away)} ELSE {literal(parent.absent)} END, "
        f"NULL, {_shown(layout, parent.key)} FROM ("
        f"SELECT place, line, {finals(layout, parent.key)} "
        f"FROM {unknown} UNION ALL "
        f"SELECT NULL AS place, line, {key} "
        f"FROM (FROM {odd_rows(table)} ANTI JOIN final_{parent.table} USING ({key}))) AS orphan"
    )


def _set_aside(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
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


def _doubt(connection: duckdb.DuckDBPyConnection, layout: Layout, parent: Parent) -> None:
    """Make `unknown_<table>`: where rows written as agreed lie whose parent is not found.

    An employer's number that is found is written as agreed: finding it is less work than reading
    it in a million rows. Not while the file is read: with a join there, the engine no longer keeps
    the rows in the order of the file. Of the few not found, the numbers are looked at here.
    """
    table, key = layout.table, ", ".join(map(name, parent.key))
    connection.execute(
        f"INSERT INTO unknown_{table} SELECT place "
        f"FROM (SELECT rowid AS place, {key} FROM raw_{table} WHERE raw IS NULL) ANTI JOIN "
        f"(SELECT {repacked(layout, parent.key)} FROM final_{parent.table}) USING ({key})"
    )
    written_so = " AND ".join(
        agreed(layout.column(one), x=name(one), v=name(one)) for one in EMPLOYER
    )
    connection.execute(
        f"INSERT INTO astray_{table} WITH lost AS MATERIALIZED "
        f"(FROM numbered_{table} SEMI JOIN unknown_{table} USING (place)) "
        f"SELECT place FROM lost WHERE NOT ({written_so})"
    )


def _agreed_twice(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    """Make `twice_<table>`: what rows written as agreed that may repeat each other hash to."""
    connection.execute(
        f"CREATE OR REPLACE TABLE twice_{layout.table} AS SELECT {_told(layout)} AS h "
        f"FROM raw_{layout.table} WHERE raw IS NULL GROUP BY h HAVING count(*) > 1"
    )


def _told(layout: Layout) -> str:
    """Return the SQL of a number that rows of one key share, their values being kept small."""
    return f"hash({', '.join(map(name, layout.telling))})"


def _told_stored(layout: Layout) -> str:
    """Return the SQL of the same number for values as they are stored."""
    return f"hash({', '.join(packed(layout.column(one)) for one in layout.telling)})"


def _shown(layout: Layout, key: tuple[str, ...]) -> str:
    """Return the SQL that writes a key for people: `12345678/000 2026-03 JHT`."""
    texts = [_text(layout, one) for one in key]
    if key[:2] == EMPLOYER:
        texts[:2] = ["npp || '/' || divisi"]
    return f"concat_ws(' ', {', '.join(texts)})"


def _text(layout: Layout, column: str) -> str:
    return filled_in(layout.column(column).kind.text, x=name(column))
