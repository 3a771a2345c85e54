"""Sorts what was sent: which file or sheet brings which table, and which is of no use."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from app.errors import Invalid
from app.registry.formats import LAYOUTS
from app.registry.judging import Staged
from app.registry.readers import columnar, delimited, workbook
from app.registry.readers.opening import Shape, shape_of, table_named
from app.registry.schemas import RejectedFile, SourceFile
from app.registry.snapshots import TABLES, sha256_of


@dataclass(frozen=True, slots=True)
class Brought:
    """One table as one file brings it. `correction`: rows once turned away, sent again."""

    file: str
    source: SourceFile
    staged: Staged
    correction: bool
    notes: tuple[tuple[str, str], ...]
    days: tuple[tuple[str, int], ...] = ()
    as_text: delimited.Delimited | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    tables: dict[str, Brought]
    refused: tuple[RejectedFile, ...]


def hashed(file: SourceFile) -> SourceFile:
    """Return the file with its hash, which is computed where nobody has done so.

    Raises:
        OSError: it cannot be read.
    """
    return file if file.sha256 else replace(file, sha256=sha256_of(file.path))


def take_in(
    connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile], *, workspace: Path
) -> Taken:
    """Open every file; what cannot be used is refused with a sentence, the rest goes on.

    Two files or sheets for one table are both refused: which of them is right is not for us to
    guess, and half a table would be worse than the table before.
    """
    found: list[tuple[str, Brought]] = []
    refused: list[RejectedFile] = []
    for place, file in enumerate(files):
        folder = workspace / str(place)
        folder.mkdir()
        try:
            opened, left_out = _open(connection, file, folder)
        except Invalid as refusal:
            refused.append(RejectedFile(file=file.name, reason=str(refusal)))
        else:
            found.extend(opened)
            refused.extend(left_out)
    tables: dict[str, Brought] = {}
    for table in TABLES:
        same = [brought for named, brought in found if named == table]
        if len(same) == 1:
            tables[table] = same[0]
        names = ", ".join(brought.file for brought in same)
        refused.extend(
            RejectedFile(brought.file, str(_twice(table, names)))
            for brought in same
            if len(same) > 1
        )
    return Taken(tables=tables, refused=tuple(refused))


def _open(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, folder: Path
) -> tuple[list[tuple[str, Brought]], list[RejectedFile]]:
    shape = shape_of(file.path)
    if shape is Shape.WORKBOOK:
        return _open_workbook(file, folder)
    table = table_named(file.name)
    if table is None:
        raise _unknown(file.name)
    layout = LAYOUTS[table]
    if shape is Shape.COLUMNAR:
        parquet = columnar.open_columnar(connection, file.path, layout)
        brought = Brought(
            file=file.name,
            source=file,
            staged=columnar.staged(parquet, layout),
            correction=parquet.heading.is_correction,
            notes=parquet.notes,
        )
        return [(table, brought)], []
    text = delimited.open_delimited(file.path, layout, workspace=folder)
    brought = Brought(
        file=file.name,
        source=file,
        staged=delimited.staged(text, layout),
        correction=text.heading.is_correction,
        notes=text.notes,
        as_text=text,
    )
    return [(table, brought)], []


def _open_workbook(
    file: SourceFile, folder: Path
) -> tuple[list[tuple[str, Brought]], list[RejectedFile]]:
    workbook.refuse_bomb(file.path)
    sheets = [sheet for sheet in workbook.open_workbook(file.path, workspace=folder) if sheet.rows]
    if not sheets:
        raise Invalid("Buku kerja kosong; kirim lembar yang berisi baris judul dan data.")
    found: list[tuple[str, Brought]] = []
    refused: list[RejectedFile] = []
    only = sheets[0] if len(sheets) == 1 else None
    for sheet in sheets:
        table = table_named(sheet.name)
        by_file = table is None and sheet is only
        if by_file:
            table = table_named(file.name)
        shown = f"{file.name} [{sheet.name}]"
        if table is None:
            refused.append(RejectedFile(shown, str(_unknown(sheet.name))))
            continue
        try:
            ready = workbook.prepare(sheet, LAYOUTS[table])
        except Invalid as refusal:
            refused.append(RejectedFile(shown, str(refusal)))
            continue
        notes = (*ready.notes, *((("file_name", ""),) if by_file else ()))
        brought = Brought(shown, file, ready.staged, ready.heading.is_correction, notes, ready.days)
        found.append((table, brought))
    return found, refused


def _unknown(name: str) -> Invalid:
    return Invalid(
        "Nama “{name}” bukan nama tabel; namai berkas atau lembar dengan salah satu dari: "
        "{tables}.",
        name=name,
        tables=", ".join(TABLES),
    )


def _twice(table: str, names: str) -> Invalid:
    return Invalid(
        "Tabel {table} dikirim lebih dari sekali ({names}); gabungkan menjadi satu berkas.",
        table=table,
        names=names,
    )
