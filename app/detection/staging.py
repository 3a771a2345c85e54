"""Brings findings into PostgreSQL as they are made: one COPY into a table of this transaction."""

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, Final, cast

import psycopg
import sqlalchemy as sa
from sqlmodel import Session

from app.detection.findings import Finding

COLUMNS: Final = tuple(field.name for field in dataclasses.fields(Finding))
NAMES: Final = ", ".join(COLUMNS)
_TYPES: Final[Mapping[str, str]] = {
    "rule_version": "integer",
    "jumlah_tk": "integer",
    "potensi_rupiah": "bigint",
    "bulan_tunggak": "integer",
    "skor": "integer",
    "sentence_values": "jsonb",
    "numbers": "jsonb",
    "evidence": "jsonb",
    "source_ages": "jsonb",
}
_FOUND: Final = ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in COLUMNS)
_TABS: Final = len(COLUMNS) - 1
_PIECE: Final = 1 << 18
_DIGEST_BYTES: Final = 16
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def stage(session: Session, findings: Iterable[Finding]) -> None:
    """Fill `sweep_found`: a number, a hash of all that was found, and the finding itself.

    The table ends with the transaction. What is made meanwhile is never held as a whole.
    """
    connection = session.connection()
    connection.execute(sa.text("DROP TABLE IF EXISTS sweep_found"))
    connection.execute(
        sa.text(
            "CREATE TEMP TABLE sweep_found (number integer, content_hash text, "
            f"{_FOUND}) ON COMMIT DROP"
        )
    )
    raw = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    copy_lines(raw, f"sweep_found (number, content_hash, {NAMES})", _numbered(findings))
    # Of what it is joined by, and no more: to look at the documents would take a second.
    connection.execute(sa.text("ANALYZE sweep_found (number, rule, subject)"))


def copy_lines(raw: "psycopg.Connection[Any]", target: str, lines: Iterable[str]) -> None:
    """COPY lines in PostgreSQL's text format into `target`, some hundred kilobytes at a time."""
    held: list[str] = []
    size = 0
    with raw.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for line in lines:
            held.append(line)
            size += len(line)
            if size > _PIECE:
                copy.write("".join(held))
                held.clear()
                size = 0
        copy.write("".join(held))


def line_of(finding: Finding) -> str:
    """Return the finding as COPY reads it, without the line's end."""
    values = [str(value) for value in _read(finding)]
    line = "\t".join(values)
    # Names with a tab or a backslash in them are rare; looking is much faster than replacing.
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") != _TABS:
        line = "\t".join([value.translate(_ESCAPES) for value in values])
    return line


_read = attrgetter(*COLUMNS)


def _numbered(findings: Iterable[Finding]) -> Iterator[str]:
    for number, finding in enumerate(findings):
        line = line_of(finding)
        digest = hashlib.blake2b(line.encode(), digest_size=_DIGEST_BYTES).hexdigest()
        yield f"{number}\t{digest}\t{line}\n"
