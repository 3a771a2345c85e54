# ruff: noqa: S608 - every name in these statements is one of ours, every value is quoted
"""Rejected rows: for the report, and as a file in the same layout, to be corrected and sent again.

The reason stands first. A corrected file is recognised by that column; its rows are added to the
snapshot before, under the line they had.
"""

import csv
import heapq
import itertools
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import duckdb

from app.infra.spreadsheets import guarded
from app.registry.formats.layout import Layout
from app.registry.formats.reasons import REASONS
from app.registry.patience import written_again
from app.registry.phrasing import SEPARATOR, as_sent
from app.registry.readers.heading import REASON_COLUMN
from app.registry.schemas import REPORTED_REJECTIONS, Rejection

PIECE: Final = 10_000
SHOWN: Final = 200
_SEPARATOR: Final = "\x1f"
_Row = tuple[Rejection, str, int, list[str]]


def write(
    connection: duckdb.DuckDBPyConnection, layout: Layout, folder: Path, *, already: int
) -> tuple[Rejection, ...]:
    """Write `<table>.csv` into `folder` and return the first reason of each row, by line.

    A value that a spreadsheet would take for a formula gets an apostrophe, which the importer
    takes away again. No file is written when no row was rejected.
    """
    with closing(connection.cursor()) as one, closing(connection.cursor()) as other:
        rows = heapq.merge(
            _for_themselves(one, layout), _beside_others(other, layout), key=lambda row: row[0].line
        )
        return _written(rows, layout, folder, room=REPORTED_REJECTIONS - already)


def file_of(folder: Path, layout: Layout) -> Path:
    return folder / f"{layout.table}.csv"


def _written(
    rows: Iterator[_Row], layout: Layout, folder: Path, *, room: int
) -> tuple[Rejection, ...]:
    target = file_of(folder, layout)
    first = next(rows, None)
    if first is None:
        target.unlink(missing_ok=True)
        return ()
    reported: list[Rejection] = []
    folder.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([REASON_COLUMN, *layout.names])
        for rejection, reasons, source_line, cells in itertools.chain([first], rows):
            writer.writerow([f"Baris {source_line}: {reasons}", *map(guarded, cells)])
            if len(reported) < room:
                reported.append(rejection)
    return tuple(reported)


def _for_themselves(connection: duckdb.DuckDBPyConnection, layout: Layout) -> Iterator[_Row]:
    """Yield the rows with a value that could not be read."""
    names = layout.names
    rows = _in_pieces(
        connection,
        f"fault_{layout.table}",
        # One text becomes a list faster here than on its way out of the engine.
        f"SELECT line, source_line, faults, array_to_string(cells, {SEPARATOR}) AS sent "
        f"FROM odd_{layout.table} WHERE faults <> '' ORDER BY line",
    )
    for line, source_line, faults, text in rows:
        cells, found = text.split(_SEPARATOR), []
        for fault in faults.split(";"):
            place, code = fault.split(":")
            column, value = names[int(place)], cells[int(place)]
            found.append(_rejection(layout, line, column, value, code))
        yield found[0], _together(found), source_line, cells


def _beside_others(connection: duckdb.DuckDBPyConnection, layout: Layout) -> Iterator[_Row]:
    """Yield the rows that could not be cut into columns, and those turned away for other rows."""
    table = layout.table
    cells = ", ".join(f"coalesce({text}, '')" for text in as_sent(layout, "parts"))
    again = written_again(layout, f"bad_{table}")
    rows = _in_pieces(
        connection,
        f"beside_{table}",
        "SELECT b.line, coalesce(g.source_line, b.line), sent, column_name, value, code, first, "
        f"about FROM (SELECT *, rowid AS turn FROM bad_{table}) AS b LEFT JOIN ("
        f"SELECT line, source_line, array_to_string(cells, {SEPARATOR}) AS sent FROM odd_{table} "
        f"UNION ALL SELECT line, source_line, array_to_string([{cells}], {SEPARATOR}) AS sent FROM "
        f"(SELECT *, string_split(raw, {SEPARATOR}) AS parts FROM ({again}))"
        ") AS g USING (line) ORDER BY b.line, turn",
    )
    for line, faults in itertools.groupby(rows, key=lambda row: int(row[0])):
        together = list(faults)
        found = [_rejection(layout, line, *fault[3:]) for fault in together]
        _, source_line, sent, _, value, *_ = together[0]
        cells_sent = [value] if sent is None else sent.split(_SEPARATOR)
        yield found[0], _together(found), source_line, cells_sent


def _in_pieces(
    connection: duckdb.DuckDBPyConnection, kept: str, query: str
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of an ordered query.

    A fetched result lies in memory as a whole, and millions of rejected rows do not fit. A table,
    here `kept`, is put on the disk where it must be.
    """
    connection.execute(f"CREATE OR REPLACE TABLE {kept} AS {query}")
    counted = connection.execute(f"SELECT count(*) FROM {kept}").fetchone()
    for first in range(0, int(counted[0]) if counted else 0, PIECE):
        yield from connection.execute(
            f"FROM {kept} WHERE rowid >= {first} AND rowid < {first + PIECE} ORDER BY rowid"
        ).fetchall()
    connection.execute(f"DROP TABLE {kept}")


def _rejection(
    layout: Layout,
    line: int,
    column_name: str,
    value: str,
    code: str,
    first: int | None = None,
    about: str | None = None,
) -> Rejection:
    shown = value[:SHOWN]
    reason = REASONS[code].format(
        column=column_name,
        value=shown,
        first=first,
        about=about,
        allowed=_allowed(layout, column_name) if code == "unknown_code" else "",
    )
    return Rejection(layout.table, line, column_name, shown, reason, code)


def _together(found: Sequence[Rejection]) -> str:
    return " ".join([one.reason for one in found])


def _allowed(layout: Layout, column: str) -> str:
    return ", ".join(layout.column(column).kind.codes)
