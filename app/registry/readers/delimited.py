"""Reads CSV: comma, semicolon or tab, UTF-8 or Windows-1252, with the true line of every row.

DuckDB reads the file; it does not count lines inside quoted values. When the file's line ends do
not add up to its rows, Python's reader goes over it once and writes each row with its line.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import duckdb

from app.errors import Invalid
from app.registry.formats.layout import Layout
from app.registry.judging import Staged
from app.registry.readers.heading import LOOKED_AT, REASON_COLUMN, Heading, find_heading
from app.registry.sql import literal, name

PIECE: Final = 1 << 20
LONGEST_ROW: Final = 1 << 20
MOST_LINES_IN_A_ROW: Final = 20
MOST_CUTS: Final = 500
ORIGINAL_LINE: Final = r"TRY_CAST(regexp_extract({alasan}, '^''?Baris ([0-9]+):', 1) AS BIGINT)"
_DELIMITERS: Final = (",", ";", "\t", "|")
_BOM: Final = codecs.BOM_UTF8


@dataclass(frozen=True, slots=True)
class Delimited:
    """A CSV that is UTF-8 by now; `lines` counts its line ends, the last one with or without."""

    path: Path
    delimiter: str
    heading: Heading
    lines: int
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A row that has not as many columns as the heading: its line, its text, why."""

    line: int
    text: str
    code: str


def open_delimited(path: Path, layout: Layout, *, workspace: Path) -> Delimited:
    """Look through the whole file once: encoding, delimiter, heading, number of lines.

    Raises:
        Invalid: not text, wrong heading, or no row below it.
    """
    notes: list[tuple[str, str]] = []
    survey = _survey(path)
    readable = path
    if not survey.utf8 or survey.old_mac:
        readable = workspace / f"{layout.table}.utf8.csv"
        _transcode(path, readable, encoding="utf-8" if survey.utf8 else "cp1252")
        if not survey.utf8:
            notes.append(("windows_1252", ""))
        survey = _survey(readable)
    if survey.bom:
        notes.append(("bom", ""))
    delimiter, heading = _heading(readable, layout)
    if delimiter == "\t":
        notes.append(("delimiter", "tab"))
    if heading.line > 1:
        notes.append(("header_line", str(heading.line)))
    if heading.extra:
        notes.append(("extra_columns", ", ".join(heading.extra)))
    if survey.lines <= heading.line:
        raise Invalid("Berkas hanya berisi baris judul; kirim berkas yang berisi data.")
    return Delimited(
        path=readable,
        delimiter=delimiter,
        heading=heading,
        lines=survey.lines,
        notes=tuple(notes),
    )


def staged(source: Delimited, layout: Layout) -> Staged:
    """Return the file as DuckDB reads it; rows it cannot cut go to `rejects_<table>`."""
    columns = source.heading.columns
    typed = ", ".join(f"{literal(one)}: 'VARCHAR'" for one in columns)
    relation = (
        f"read_csv({literal(str(source.path))}, auto_detect=false, header=false, "
        f"skip={source.heading.line}, delim={literal(source.delimiter)}, quote='\"', escape='\"', "
        f"columns={{{typed}}}, null_padding=false, max_line_size={LONGEST_ROW}, "
        f"store_rejects=true, rejects_scan='scan_{layout.table}', "
        f"rejects_table='rejects_{layout.table}', rejects_limit=0)"
    )
    return Staged(
        relation=relation,
        columns=frozenset(columns).intersection(layout.names),
        line=f"rowid + {source.heading.line + 1}",
        original_line=original_line(source.heading),
    )


def original_line(heading: Heading) -> str | None:
    """Return the SQL for the line a row had when it was turned away, or None."""
    if not heading.is_correction:
        return None
    return ORIGINAL_LINE.format(alasan=name(REASON_COLUMN))


def uncut(
    connection: duckdb.DuckDBPyConnection, source: Delimited, layout: Layout, rows: int
) -> tuple[Cut, ...] | None:
    """Return the rows DuckDB could not cut, or None when its line numbers cannot be relied on."""
    found = connection.execute(
        f"SELECT line, any_value(csv_line), list(error_type) FROM rejects_{layout.table} "  # noqa: S608 - own names
        "GROUP BY line ORDER BY line"
    ).fetchall()
    # A blank line and a line end inside a value both make the file longer than its rows.
    adds_up = rows + len(found) + source.heading.line == source.lines
    if not adds_up or len(found) > MOST_CUTS:
        return None
    return tuple(Cut(int(line), text or "", _code(kinds)) for line, text, kinds in found)


def numbered(table: Staged, cuts: tuple[Cut, ...], source: Delimited) -> Staged:
    """Return the table with the lines its rows have when `cuts` lie between them."""
    first = source.heading.line + 1
    places = [cut.line - first - passed for passed, cut in enumerate(cuts)]
    return replace(table, line=f"rowid + {first} + {_passed(places, 0)}")


def _passed(places: Sequence[int], before: int) -> str:
    if not places:
        return str(before)
    middle = len(places) // 2
    lower = _passed(places[:middle], before)
    upper = _passed(places[middle + 1 :], before + middle + 1)
    return f"CASE WHEN rowid < {places[middle]} THEN {lower} ELSE {upper} END"


def rewrite(
    source: Delimited, layout: Layout, *, workspace: Path
) -> tuple[Staged, tuple[Cut, ...]]:
    """Read the file row by row and write it again with the line of each row in front.

    Raises:
        Invalid: a quotation mark is opened and never closed.
    """
    target = workspace / f"{layout.table}.lines.csv"
    width = len(source.heading.columns)
    cuts: list[Cut] = []
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for line, cells, lines in _rows(source.path, source.delimiter):
            if line <= source.heading.line or not any(cells):
                continue
            if len(cells) == width:
                writer.writerow([line, *cells])
            elif lines > 1:
                # Several lines that do not make a row: a quotation mark has swallowed them.
                raise _unclosed(line)
            else:
                code = "columns_too_many" if len(cells) > width else "columns_too_few"
                cuts.append(Cut(line, source.delimiter.join(cells), code))
    columns = ("sent_line", *source.heading.columns)
    typed = ", ".join(f"{literal(one)}: 'VARCHAR'" for one in columns)
    relation = (
        f"read_csv({literal(str(target))}, auto_detect=false, header=false, delim=',', "
        f"quote='\"', escape='\"', columns={{{typed}}}, max_line_size={8 * LONGEST_ROW})"
    )
    return (
        Staged(
            relation=relation,
            columns=frozenset(columns).intersection(layout.names),
            line='CAST("sent_line" AS BIGINT)',
            original_line=original_line(source.heading),
        ),
        tuple(cuts),
    )


@dataclass(frozen=True, slots=True)
class _Survey:
    utf8: bool
    bom: bool
    old_mac: bool
    lines: int


def _survey(path: Path) -> _Survey:
    buffer = bytearray(PIECE)
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8, line_ends, returns, first, last = True, 0, 0, b"", b""
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            piece = memoryview(buffer)[:size]
            first = first or bytes(piece[:4])
            line_ends += buffer.count(b"\n", 0, size)
            returns += 0 if line_ends else buffer.count(b"\r", 0, size)
            if utf8 and (decoder.getstate()[0] or not buffer.isascii()):
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    utf8 = False
            last = bytes(piece[-1:])
    return _Survey(
        utf8=utf8 and not decoder.getstate()[0],
        bom=first.startswith(_BOM),
        old_mac=line_ends == 0 and returns > 0,
        lines=line_ends + (0 if last == b"\n" else 1),
    )


def _transcode(path: Path, target: Path, *, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file, target.open("w", encoding="utf-8", newline="") as out:
            while piece := file.read(PIECE):
                out.write(re.sub(r"\r\n?", "\n", decoder.decode(piece)))
    except UnicodeDecodeError as error:
        raise Invalid(
            "Pengodean berkas tidak dikenal (bukan UTF-8 dan bukan Windows-1252); simpan ulang "
            "sebagai CSV UTF-8."
        ) from error


def _heading(path: Path, layout: Layout) -> tuple[str, Heading]:
    refusals: list[Invalid] = []
    found: list[tuple[int, str, Heading]] = []
    for delimiter in _DELIMITERS:
        try:
            heading = find_heading(layout, list(_first_rows(path, delimiter)))
        except Invalid as refusal:
            refusals.append(refusal)
        else:
            found.append((len(heading.columns), delimiter, heading))
    if found:
        _, delimiter, heading = max(found, key=lambda one: one[0])
        return delimiter, heading
    # The sentence about missing columns says more than the one about no heading at all.
    raise max(refusals, key=lambda one: ("Kolom" in one.template, -len(str(one))))


def _first_rows(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    for place, row in enumerate(_rows(path, delimiter, heading_only=LOOKED_AT)):
        if place >= LOOKED_AT:
            return
        yield row[:2]


def _rows(
    path: Path, delimiter: str, *, heading_only: int | None = None
) -> Iterator[tuple[int, list[str], int]]:
    """Yield each row: its first line, its cells, how many lines it takes."""
    csv.field_size_limit(LONGEST_ROW)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        before = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if heading_only is not None:
                    return
                raise _unclosed(before + 1) from error
            if reader.line_num - before > MOST_LINES_IN_A_ROW:
                if heading_only is not None:
                    return
                raise _unclosed(before + 1)
            yield before + 1, cells, reader.line_num - before
            before = reader.line_num


def _unclosed(line: int) -> Invalid:
    return Invalid(
        "Tanda kutip dibuka pada baris {line} dan tidak ditutup; perbaiki baris itu lalu kirim "
        "lagi.",
        line=line,
    )


def _code(kinds: list[str]) -> str:
    if "TOO MANY COLUMNS" in kinds:
        return "columns_too_many"
    return "columns_too_few" if "MISSING COLUMNS" in kinds else "row_unreadable"
