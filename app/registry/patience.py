# ruff: noqa: S608 - every name in these statements is one of ours, every value is quoted
"""Reads the rows that are not written as agreed, column by column and in every way we know."""

import duckdb

from app.registry.formats import kinds
from app.registry.formats.layout import Column, Layout
from app.registry.phrasing import (
    SEPARATOR,
    agreed,
    as_sent,
    filled_in,
    joined,
    unpacked,
)
from app.registry.sql import literal, name


def pick(connection: duckdb.DuckDBPyConnection, layout: Layout, rows: str) -> None:
    """Make `picked_<table>` of `rows`, a query with line, source_line and raw.

    On their own first: a few odd rows in every block would make each expression run in vain.
    """
    connection.execute(
        f"CREATE OR REPLACE TABLE picked_{layout.table} AS "
        f"SELECT line, source_line, raw FROM ({rows})"
    )


def read(connection: duckdb.DuckDBPyConnection, layout: Layout, *, more: bool = False) -> None:
    """Make `odd_<table>` of picked rows: line, source_line, cells, aside, columns, faults, notes.

    `more` adds them to those that are there. `faults` and `notes` list `place:code`, the places
    being those of the columns, with `;` between them; a row without faults can be stored, unless
    it is set `aside` later.
    """
    columns = list(enumerate(layout.columns))
    sent = ", ".join(f"{text} AS s_{place}" for place, text in enumerate(as_sent(layout, "parts")))
    cells = ", ".join(f"coalesce(s_{place}, '')" for place, _ in columns)
    tried = ", ".join(
        f"{filled_in(one.kind.value, x=f's_{place}')} AS t_{place}" for place, one in columns
    )
    as_agreed = ", ".join(
        f"coalesce({agreed(one, x=f's_{place}', v=f't_{place}')}, false) AS g_{place}"
        for place, one in columns
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE unread_{layout.table} AS "
        f"SELECT *, [{cells}] AS cells, {as_agreed} FROM (SELECT *, {tried} FROM ("
        f"SELECT line, source_line, {sent} FROM (SELECT *, string_split(raw, {SEPARATOR}) AS parts "
        f"FROM picked_{layout.table})))"
    )
    # A column that is always right costs nothing more, not even the planning of its rules.
    flags = ", ".join(
        f"coalesce(bool_or(NOT g_{place} AND ({'true' if one.filled else f's_{place} IS NOT NULL'}"
        f")), false)"
        for place, one in columns
    )
    found = connection.execute(f"SELECT {flags} FROM unread_{layout.table}").fetchone() or ()
    odd = [place for place, wrong in enumerate(found) if wrong]
    place = "INSERT INTO {}" if more else "CREATE OR REPLACE TABLE {} AS"
    connection.execute(f"{place.format(f'odd_{layout.table}')} {_statement(layout, odd)}")
    for done in ("picked", "unread"):
        connection.execute(f"DROP TABLE {done}_{layout.table}")


def written_again(layout: Layout, which: str) -> str:
    """Return the SQL of rows written as agreed, their `raw` as if they were not.

    `which` is a relation that holds their places.
    """
    values = [filled_in(one.kind.text, x=f"({unpacked(one)})") for one in layout.columns]
    texts = [f"replace({value}, {SEPARATOR}, ' ')" for value in values]
    return (
        f"SELECT * REPLACE ({joined(texts)} AS raw) FROM numbered_{layout.table} "
        f"SEMI JOIN {which} USING (place)"
    )


def _statement(layout: Layout, odd: list[int]) -> str:
    columns = list(enumerate(layout.columns))
    several = [(place, layout.columns[place]) for place in odd]
    clean = "".join(
        f", CASE WHEN g_{place} THEN s_{place} ELSE {kinds.cleaned(f's_{place}')} END AS c_{place}"
        for place, _ in several
    )
    patient = "".join(
        f", {_value(one, place)} AS v_{place}, {_assumed(one, place)} AS a_{place}"
        for place, one in several
    )
    sound = "".join(
        f", CASE WHEN {filled_in(one.kind.sound, v=f'v_{place}')} THEN v_{place} END AS w_{place}"
        for place, one in several
    )
    faults = "".join(f", '{place}:' || {_fault(one, place)}" for place, one in several)
    noted = "".join(
        f", '{place}:' || {what}"
        for place, _ in several
        for what in (
            f"nullif(a_{place}, '')",
            f"CASE WHEN NOT g_{place} THEN {kinds.cleaning(f's_{place}', f'c_{place}')} END",
        )
    )
    values = ", ".join(
        f"{f'w_{place}' if place in odd else _plainly(one, place)} AS {name(one.name)}"
        for place, one in columns
    )
    return (
        f"SELECT line, source_line, cells, "
        f"false AS aside, {values}, concat_ws(';', NULL{faults}) AS faults, "
        f"concat_ws(';', NULL{noted}) AS notes FROM ("
        f"SELECT *{sound} FROM (SELECT *{patient} FROM (SELECT *{clean} "
        f"FROM unread_{layout.table})))"
    )


def _plainly(column: Column, place: int) -> str:
    value = filled_in(column.kind.unpacked, v=f"t_{place}")
    return f"CAST({value} AS {column.kind.sql_type})"


def _value(column: Column, place: int) -> str:
    branches = " ".join(
        f"WHEN {filled_in(one.when, c=f'c_{place}')} THEN {filled_in(one.value, c=f'c_{place}')}"
        for one in column.kind.readings
    )
    return (
        f"CAST(CASE WHEN g_{place} THEN {_plainly(column, place)} WHEN c_{place} IS NULL "
        f"OR {_is_formula(place)} THEN NULL "
        f"{branches} END AS {column.kind.sql_type})"
    )


def _assumed(column: Column, place: int) -> str:
    branches = " ".join(
        f"WHEN {filled_in(one.when, c=f'c_{place}')} THEN {literal(one.assumed)}"
        for one in column.kind.readings
    )
    return (
        f"CASE WHEN g_{place} OR c_{place} IS NULL OR {_is_formula(place)} THEN NULL {branches} END"
    )


def _fault(column: Column, place: int) -> str:
    empty = literal("missing") if column.filled else "NULL"
    emptied = [one.assumed for one in column.kind.readings if one.empties]
    branches = "".join(f"WHEN a_{place} = {literal(one)} THEN NULL " for one in emptied)
    branches += " ".join(
        f"WHEN {filled_in(one.when, c=f'c_{place}')} THEN {literal(one.code)}"
        for one in column.kind.faults
    )
    return (
        f"CASE WHEN c_{place} IS NULL THEN {empty} WHEN w_{place} IS NOT NULL THEN NULL "
        f"WHEN {_is_formula(place)} THEN {literal('formula')} {branches} END"
    )


def _is_formula(place: int) -> str:
    """Return the SQL that holds for a formula: what a spreadsheet shows in its place is lost."""
    return f"starts_with(c_{place}, '=')"
