"""Writes rows as CSV, as one XLSX workbook, or as Parquet, in bounded memory."""

import csv
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from app.demo.layout import LAYOUT, TABLES, Cell, Kind, Row, Shown
from app.errors import Refused

WORKBOOK = "patuh-demo.xlsx"
_SHEET_ROWS = 1_048_576
_PARQUET_TYPES: Mapping[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.NUMBER: pa.int64(),
    Kind.DAY: pa.date32(),
    Kind.LOOSE_DAY: pa.string(),
}


class Writer(Protocol):
    """Rows arrive table by table in batches, each table in its final order."""

    def add(self, table: str, rows: Sequence[Row]) -> None: ...

    def close(self) -> None: ...


class CsvWriter:
    def __init__(self, folder: Path) -> None:
        self._files = ExitStack()
        self._tables = {}
        for table in TABLES:
            file = (folder / f"{table}.csv").open("w", encoding="utf-8", newline="")
            self._files.enter_context(file)
            self._tables[table] = csv.writer(file, lineterminator="\n")
            self._tables[table].writerow(LAYOUT[table])

    def add(self, table: str, rows: Sequence[Row]) -> None:
        self._tables[table].writerows(rows)

    def close(self) -> None:
        self._files.close()


class XlsxWriter:
    """One workbook, one sheet per table; identifiers stay text, days become day cells."""

    def __init__(self, folder: Path, *, today: date) -> None:
        self._book = xlsxwriter.Workbook(
            folder / WORKBOOK,
            {"constant_memory": True, "strings_to_formulas": False, "tmpdir": str(folder)},
        )
        made = datetime.combine(today, time(), tzinfo=UTC)
        self._book.set_properties({"title": "Patuh", "created": made})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._sheets: dict[str, Any] = {}
        self._next: dict[str, int] = {}
        for table in TABLES:
            sheet = self._book.add_worksheet(table)
            for column, name in enumerate(LAYOUT[table]):
                sheet.write_string(0, column, name)
            self._sheets[table] = sheet
            self._next[table] = 1

    def add(self, table: str, rows: Sequence[Row]) -> None:
        """Append the rows.

        Raises:
            Refused: the table is longer than a sheet can be.
        """
        at = self._next[table]
        if at + len(rows) > _SHEET_ROWS:
            raise Refused(
                "Tabel {table} melebihi {limit} baris satu lembar kerja; "
                "pilih format csv atau parquet, atau kurangi jumlah pemberi kerja.",
                table=table,
                limit=_SHEET_ROWS,
            )
        sheet, day = self._sheets[table], self._day
        for row in rows:
            for column, cell in enumerate(row):
                _write_cell(sheet, at, column, cell, day)
            at += 1
        self._next[table] = at

    def close(self) -> None:
        self._book.close()


class ParquetWriter:
    def __init__(self, folder: Path) -> None:
        self._schemas = {
            table: pa.schema([(name, _PARQUET_TYPES[kind]) for name, kind in columns.items()])
            for table, columns in LAYOUT.items()
        }
        self._files = {
            table: pq.ParquetWriter(folder / f"{table}.parquet", schema, compression="zstd")
            for table, schema in self._schemas.items()
        }

    def add(self, table: str, rows: Sequence[Row]) -> None:
        if not rows:
            return
        kinds = LAYOUT[table].values()
        columns = [
            _PLAIN[kind](cells) for cells, kind in zip(zip(*rows, strict=True), kinds, strict=True)
        ]
        schema = self._schemas[table]
        arrays = [
            pa.array(cells, type=field.type) for cells, field in zip(columns, schema, strict=True)
        ]
        self._files[table].write_table(pa.Table.from_arrays(arrays, schema=schema))

    def close(self) -> None:
        for file in self._files.values():
            file.close()


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, day: Any) -> None:  # noqa: ANN401
    match cell:
        case "" | None:
            pass
        case str():
            sheet.write_string(row, column, cell)
        case int():
            sheet.write_number(row, column, cell)
        case Shown():
            sheet.write_string(row, column, cell.text)
        case _:
            sheet.write_datetime(row, column, cell, day)


def _texts(cells: Sequence[Cell]) -> list[Cell]:
    """Return texts as they are, nothing for an empty one: half of all cells are texts."""
    return [cell or None for cell in cells]


def _numbers(cells: Sequence[Cell]) -> list[Cell]:
    return [cell if cell.__class__ is int else _meant(cell) for cell in cells]


def _days(cells: Sequence[Cell]) -> list[Cell]:
    return [cell if cell.__class__ is date else _meant(cell) for cell in cells]


def _loose_days(cells: Sequence[Cell]) -> list[Cell]:
    return [None if cell is None or cell == "" else str(cell) for cell in cells]


def _meant(cell: Cell) -> Cell:
    if cell is None or cell == "":
        return None
    return cell.value if isinstance(cell, Shown) else cell


_PLAIN: Mapping[Kind, Callable[[Sequence[Cell]], list[Cell]]] = {
    Kind.TEXT: _texts,
    Kind.NUMBER: _numbers,
    Kind.DAY: _days,
    Kind.LOOSE_DAY: _loose_days,
}
