"""Reads Parquet, typed or text: every value becomes the text an extract would have."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from app.errors import Invalid
from app.registry.formats.layout import Layout
from app.registry.judging import Staged
from app.registry.readers.delimited import original_line
from app.registry.readers.heading import Heading, find_heading
from app.registry.sql import literal, name


@dataclass(frozen=True, slots=True)
class Columnar:
    path: Path
    heading: Heading
    types: tuple[str, ...]
    names: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]


def open_columnar(connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout) -> Columnar:
    """Read the schema.

    Raises:
        Invalid: damaged, wrong columns, or no row.
    """
    source = f"read_parquet({literal(str(path))})"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608 - quoted
        counted = connection.execute(f"SELECT count(*) FROM {source}").fetchone()  # noqa: S608 - quoted
    except duckdb.Error as error:
        raise Invalid("Berkas Parquet rusak atau tidak lengkap; ekspor ulang.") from error
    names = tuple(str(row[0]) for row in described)
    heading = find_heading(layout, [(1, names)])
    if counted is None or counted[0] == 0:
        raise Invalid("Berkas hanya berisi baris judul; kirim berkas yang berisi data.")
    notes = (("extra_columns", ", ".join(heading.extra)),) if heading.extra else ()
    return Columnar(
        path=path,
        heading=heading,
        types=tuple(str(row[1]) for row in described),
        names=names,
        notes=notes,
    )


def staged(source: Columnar, layout: Layout) -> Staged:
    """Return the file with its rows counted as if a heading stood above them."""
    texts = ", ".join(
        f"{_text(name(stored), kind)} AS {name(column)}"
        for stored, kind, column in zip(
            source.names, source.types, source.heading.columns, strict=True
        )
    )
    return Staged(
        relation=f"(SELECT {texts}, file_row_number FROM read_parquet("  # noqa: S608 - quoted
        f"{literal(str(source.path))}, file_row_number = true))",
        columns=frozenset(source.heading.columns).intersection(layout.names),
        # Row groups are read in parallel: only the file itself knows the order of its rows.
        line="file_row_number + 2",
        original_line=original_line(source.heading),
    )


def _text(column: str, kind: str) -> str:
    """Return the SQL that writes a stored value as text; an empty text is no value."""
    if kind in {"DOUBLE", "FLOAT"} or kind.startswith("DECIMAL"):
        # A comma, because a point would be read as a separator of thousands.
        return (
            f"CASE WHEN {column} = trunc({column}) AND abs({column}) < 1e15 "
            f"THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) "
            f"ELSE replace(CAST({column} AS VARCHAR), '.', ',') END"
        )
    if kind.endswith("[]"):
        return f"array_to_string({column}, ',')"
    return f"nullif(CAST({column} AS VARCHAR), '')"
