# ruff: noqa: S608 - every name in these statements is one of ours, every value is quoted
"""Rejected rows: for the report, and as a file in the same layout, to be corrected and sent again.

The reason stands first. A corrected file is recognised by that column; its rows are added to the
snapshot before, under the line they had.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb

from app.registry import judging
from app.registry.formats.layout import Layout
from app.registry.formats.reasons import REASONS
from app.registry.readers.heading import REASON_COLUMN
from app.registry.schemas import REPORTED_REJECTIONS, Rejection
from app.registry.sql import name

PIECE: Final = 10_000
SHOWN: Final = 200
_FORMULA: Final = frozenset("=+-@\t\r")


def write(
    connection: duckdb.DuckDBPyConnection, layout: Layout, folder: Path, *, already: int
) -> tuple[Rejection, ...]:
    """Write `<table>.csv` into `folder` and return the first reason of each row, by line.

    A value that a spreadsheet would take for a formula gets an apostrophe, which the importer
    takes away again. No file is written when no row was rejected.
    """
    target = folder / f"{layout.table}.csv"
    room = REPORTED_REJECTIONS - already
    reported: list[Rejection] = []
    rows = _rows(connection, layout)
    first = next(rows, None)
    if first is None:
        target.unlink(missing_ok=True)
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([REASON_COLUMN, *layout.names])
        for rejection, reasons, source_line, cells in _chained(first, rows):
            writer.writerow(
                [f"Baris {source_line}: {reasons}", *(_guarded(cell) for cell in cells)]
            )
            if len(reported) < room:
                reported.append(rejection)
    return tuple(reported)


_Row = tuple[Rejection, str, int, list[str]]


def _chained(first: _Row, rest: Iterator[_Row]) -> Iterator[_Row]:
    yield first
    yield from rest


def _rows(connection: duckdb.DuckDBPyConnection, layout: Layout) -> Iterator[_Row]:
    table = layout.table
    texts = ", ".join(
        f"coalesce({one.kind.text.replace('@x', name(one.name))}, '')" for one in layout.columns
    )
    finals = ", ".join(
        f"{one.kind.unpacked.replace('@v', name(one.name))} AS {name(one.name)}"
        for one in layout.columns
    )
    sent = f"SELECT line, source_line, cells FROM odd_{table} WHERE faults <> ''"
    if judging.unlike_others(connection, layout):
        # A row written as agreed is rejected for what other rows are; its text is made again.
        sent += (
            f" UNION ALL SELECT line, source_line, [{texts}] FROM (SELECT line, source_line, "
            f"{finals} FROM good_{table} SEMI JOIN bad_{table} USING (line))"
        )
    cursor = connection.execute(
        "SELECT b.line, b.faults, coalesce(s.source_line, b.line), s.cells FROM ("
        "SELECT line, list({'column_name': column_name, 'value': value, 'code': code, "
        "'first': first, 'about': about} ORDER BY pos) AS faults "
        f"FROM bad_{table} GROUP BY line) AS b LEFT JOIN ({sent}) AS s USING (line) "
        "ORDER BY b.line"
    )
    while piece := cursor.fetchmany(PIECE):
        for line, faults, source_line, sent in piece:
            sentences = [_sentence(layout, fault) for fault in faults]
            cut = faults[0]["column_name"] == ""
            yield (
                Rejection(
                    table=table,
                    line=int(line),
                    column=faults[0]["column_name"],
                    value=faults[0]["value"][:SHOWN],
                    reason=sentences[0],
                    code=faults[0]["code"],
                ),
                " ".join(dict.fromkeys(sentences)),
                int(source_line),
                [faults[0]["value"]] if cut else sent,
            )


def _sentence(layout: Layout, fault: dict[str, object]) -> str:
    column = str(fault["column_name"])
    return REASONS[str(fault["code"])].format(
        column=column,
        value=str(fault["value"])[:SHOWN],
        first=fault["first"],
        about=fault["about"],
        allowed=", ".join(layout.column(column).kind.codes) if column else "",
    )


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell[:1] in _FORMULA else cell
