"""Writes rows as CSV, as one XLSX workbook, or as Parquet, in bounded memory."""

import csv
import io
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

_SCHEMAS: Mapping[str, pa.Schema] = {
    table: pa.schema([(name, _PARQUET_TYPES[kind]) for name, kind in columns.items()])
    for table, columns in LAYOUT.items()
}


class Writer(Protocol):
    """Rows arrive table by table in batches, each table in its final order.

    `prepare` does what needs no file, so that another process can do it; `add` takes its answer.
    """

    def __init__(self, folder: Path, *, today: date) -> None: ...

    @staticmethod
    def prepare(table: str, rows: Sequence[Row]) -> Any: ...  # noqa: ANN401  (each its own)

    def add(self, table: str, prepared: Any) -> None: ...  # noqa: ANN401  (each its own)

    def close(self) -> None: ...


class CsvWriter:
    def __init__(self, folder: Path, *, today: date) -> None:  # noqa: ARG002  (as the others)
        self._files = ExitStack()
        self._tables = {}
        for table in TABLES:
            file = (folder / f"{table}.csv").open("w", encoding="utf-8", newline="")
            self._tables[table] = self._files.enter_context(file)
            csv.writer(file, lineterminator="\n").writerow(LAYOUT[table])

    @staticmethod
    def prepare(_table: str, rows: Sequence[Row]) -> str:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue()

    def add(self, table: str, prepared: str) -> None:
        self._tables[table].write(prepared)

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

    @staticmethod
    def prepare(_table: str, rows: Sequence[Row]) -> Sequence[Row]:
        return rows

    def add(self, table: str, prepared: Sequence[Row]) -> None:
        """Append the rows.

        Raises:
            Refused: the table is longer than a sheet can be.
        """
        at = self._next[table]
        if at + len(prepared) > _SHEET_ROWS:
            raise Refused(
                "Tabel {table} melebihi {limit} baris satu lembar kerja; "
                "pilih format csv atau parquet, atau kurangi jumlah pemberi kerja.",
                table=table,
                limit=_SHEET_ROWS,
            )
        sheet, day = self._sheets[table], self._day
        for row in prepared:
            for column, cell in enumerate(row):
                _write_cell(sheet, at, column, cell, day)
            at += 1
        self._next[table] = at

    def close(self) -> None:
        self._book.close()


class ParquetWriter:
    def __init__(self, folder: Path, *, today: date) -> None:  # noqa: ARG002  (as the others)
        self._files = {
            table: pq.ParquetWriter(folder / f"{table}.parquet", schema, compression="zstd")
            for table, schema in _SCHEMAS.items()
        }

    @staticmethod
    def prepare(table: str, rows: Sequence[Row]) -> pa.Table | None:
        if not rows:
            return None
        kinds = LAYOUT[table].values()
        columns = [
            _PLAIN[kind](cells) for cells, kind in zip(zip(*rows, strict=True), kinds, strict=True)
        ]
        schema = _SCHEMAS[table]
        arrays = [
            pa.array(cells, type=field.type) for cells, field in zip(columns, schema, strict=True)
        ]
        return pa.Table.from_arrays(arrays, schema=schema)

    def add(self, table: str, prepared: pa.Table | None) -> None:
        if prepared is not None:
            self._files[table].write_table(prepared)

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
WRITERS: Mapping[str, type[Writer]] = {
    "csv": CsvWriter,
    "xlsx": XlsxWriter,
    "parquet": ParquetWriter,
}
