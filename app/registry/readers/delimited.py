"""Reads CSV: comma, semicolon or tab, UTF-8 or Windows-1252, with the true line of every row.

DuckDB reads the file; it does not count lines inside quoted values. When the file's line ends do
not add up to its rows, Python's reader goes over it once and writes each row with its line.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
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
# Measured: from here on the engine reads a third faster, beyond it no faster.
BUFFER: Final = 64 << 20
MOST_LINES_IN_A_ROW: Final = 20
MOST_CUTS: Final = 500
ORIGINAL_LINE: Final = r"TRY_CAST(regexp_extract({alasan}, '^''?Baris ([0-9]+):', 1) AS BIGINT)"
_DELIMITERS: Final = (",", ";", "\t", "|")
_TRANSCODED: Final = "utf-8.csv"


@dataclass(frozen=True, slots=True)
class Delimited:
    """A CSV as far as its beginning tells. `notes`: what was assumed of it, and of what."""

    path: Path
    delimiter: str
    heading: Heading
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A row that has not as many columns as the heading: its line, its text, why."""

    line: int
    text: str
    code: str


@dataclass(frozen=True, slots=True)
class Settled:
    """The whole file: where its rows are, which could not be cut, what was assumed of it."""

    staged: Staged
    cuts: tuple[Cut, ...]
    notes: tuple[tuple[str, str], ...]


def open_delimited(path: Path, layout: Layout, *, workspace: Path) -> Delimited:
    """Look at the beginning: line ends, delimiter, heading.

    Raises:
        Invalid: not text, or a wrong heading.
    """
    notes: list[tuple[str, str]] = []
    with path.open("rb") as file:
        first = file.read(PIECE)
    if first.startswith(codecs.BOM_UTF8):
        notes.append(("bom", ""))
    if b"\n" not in first and b"\r" in first:
        path = _rewritten(path, workspace / "line-ends.csv", encoding="latin-1", out="latin-1")
    delimiter, heading = _heading(path, layout)
    if delimiter == "\t":
        notes.append(("delimiter", "tab"))
    if heading.line > 1:
        notes.append(("header_line", str(heading.line)))
    if heading.extra:
        notes.append(("extra_columns", ", ".join(heading.extra)))
    return Delimited(path=path, delimiter=delimiter, heading=heading, notes=tuple(notes))


def settle(
    connection: duckdb.DuckDBPyConnection,
    source: Delimited,
    layout: Layout,
    *,
    workspace: Path,
    stage: Callable[[Staged], int],
) -> Settled:
    """Read the file by `stage` (which returns the number of rows), again when it has to be.

    Raises:
        Invalid: no row below the heading, an encoding we do not know, or a quotation mark that is
            never closed.
    """
    table = staged(source, layout)
    with ThreadPoolExecutor(max_workers=1) as beside:
        counted = beside.submit(_lines, source.path)
        rows = stage(table)
        lines = counted.result()
    found = connection.execute(
        f"SELECT line, any_value(csv_line), list(error_type) FROM rejects_{layout.table} "  # noqa: S608 - own names
        "GROUP BY line ORDER BY line"
    ).fetchall()
    foreign = any("ENCODING" in kind for _, _, kinds in found for kind in kinds)
    if foreign and source.path.name != _TRANSCODED:
        again = _rewritten(source.path, workspace / _TRANSCODED, encoding="cp1252", out="utf-8")
        notes = (("windows_1252", ""), *source.notes)
        for kept in ("rejects", "scan"):
            connection.execute(f"DROP TABLE {kept}_{layout.table}")
        source = replace(source, path=again, notes=notes)
        return settle(connection, source, layout, workspace=workspace, stage=stage)
    if not rows and not found:
        raise Invalid("Berkas hanya berisi baris judul; kirim berkas yang berisi data.")
    # A blank line and a line end inside a value both make the file longer than its rows.
    if rows + len(found) + source.heading.line == lines and len(found) <= MOST_CUTS:
        cuts = tuple(Cut(int(line), text or "", _code(kinds)) for line, text, kinds in found)
        return Settled(_numbered(table, cuts, source), cuts, source.notes)
    table, cuts = _rewrite(source, layout, workspace=workspace)
    stage(table)
    return Settled(table, cuts, source.notes)


def staged(source: Delimited, layout: Layout) -> Staged:
    """Return the file as DuckDB reads it; rows it cannot cut go to `rejects_<table>`."""
    columns = source.heading.columns
    typed = ", ".join(f"{literal(one)}: 'VARCHAR'" for one in columns)
    relation = (
        f"read_csv({literal(str(source.path))}, auto_detect=false, header=false, "
        f"skip={source.heading.line}, delim={literal(source.delimiter)}, quote='\"', escape='\"', "
        f"columns={{{typed}}}, null_padding=false, max_line_size={LONGEST_ROW}, "
        f"buffer_size={BUFFER}, "
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


def _numbered(table: Staged, cuts: tuple[Cut, ...], source: Delimited) -> Staged:
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


def _rewrite(
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
        f"quote='\"', escape='\"', columns={{{typed}}}, max_line_size={8 * LONGEST_ROW}, "
        f"buffer_size={BUFFER})"
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


def _lines(path: Path) -> int:
    buffer, count, last = bytearray(PIECE), 0, 0
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            count += buffer.count(b"\n", 0, size)
            last = buffer[size - 1]
    return count + (last != ord("\n"))


def _rewritten(path: Path, target: Path, *, encoding: str, out: str) -> Path:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file, target.open("w", encoding=out, newline="") as written:
            while piece := file.read(PIECE):
                written.write(re.sub(r"\r\n?", "\n", decoder.decode(piece)))
    except UnicodeDecodeError as error:
        raise Invalid(
            "Pengodean berkas tidak dikenal (bukan UTF-8 dan bukan Windows-1252); simpan ulang "
            "sebagai CSV UTF-8."
        ) from error
    return target


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
    # Before the engine has read it all, nobody knows that the beginning is UTF-8.
    errors = "strict" if heading_only is None else "replace"
    with path.open(encoding="utf-8-sig", errors=errors, newline="") as file:
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
