"""Brings findings into PostgreSQL by COPY: first by what each is known, then what is needed of it.

What a flag says is wide, and of most flags it is there already. So the findings wait on disk, as
they are made, while their names and hashes are compared.
"""

import dataclasses
import hashlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, cast

import psycopg
import sqlalchemy as sa
from sqlmodel import Session

from app.detection.findings import Finding

COLUMNS: Final = tuple(field.name for field in dataclasses.fields(Finding))
NAMES: Final = ", ".join(COLUMNS)
_TYPES: Final[Mapping[str, str]] = {
    "rule_version": "integer",
    "rule_edition": "integer",
    "jumlah_tk": "integer",
    "potensi_rupiah": "bigint",
    "bulan_tunggak": "integer",
    "skor": "integer",
    "sentence_values": "jsonb",
    "numbers": "jsonb",
    "evidence": "jsonb",
    "source_ages": "jsonb",
}
_SAID: Final = ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in COLUMNS)
_TABS: Final = len(COLUMNS) - 1
_PIECE: Final = 1 << 18
_DIGEST_BYTES: Final = 16
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_read = attrgetter(*COLUMNS)


class Spool:
    """Findings on disk, each a line as COPY reads it, in the order in which they were made.

    The file has no name: it is gone with the process, however that ends.
    """

    def __init__(self, scratch: Path) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self._file = TemporaryFile(dir=scratch, buffering=_PIECE)  # noqa: SIM115 - close() is ours

    def keys(self, findings: Iterable[Finding]) -> Iterator[bytes]:
        """Keep the findings, and yield by which each is compared: number, name, hashes."""
        for number, finding in enumerate(findings):
            line = line_of(finding).encode()
            digest = hashlib.blake2b(line, digest_size=_DIGEST_BYTES).hexdigest()
            self._file.write(b"%s\t%s\n" % (digest.encode(), line))
            subject = finding.subject
            if "\\" in subject or not subject.isprintable():
                subject = escaped(subject)
            key = f"{number}\t{finding.rule}\t{subject}\t{finding.facts_hash}\t{digest}\n"
            yield key.encode()

    def lines(self, wanted: Iterable[int]) -> Iterator[bytes]:
        """Yield the hash and all columns of the findings of these numbers, which ascend."""
        self._file.seek(0)
        numbered = enumerate(self._file)
        for one in wanted:
            yield next(line for number, line in numbered if number == one)

    def close(self) -> None:
        self._file.close()


def stage_keys(session: Session, keys: Iterable[bytes]) -> None:
    """Fill `sweep_found`, which ends with the transaction."""
    connection = session.connection()
    connection.execute(sa.text("DROP TABLE IF EXISTS sweep_found"))
    connection.execute(
        sa.text(
            "CREATE TEMP TABLE sweep_found (number integer, rule text, subject text, "
            "facts_hash text, content_hash text) ON COMMIT DROP"
        )
    )
    copy_lines(session, "sweep_found", keys)
    connection.execute(sa.text("ANALYZE sweep_found (number, rule, subject)"))


def stage_said(session: Session, *, numbers: Sequence[int], spool: Spool) -> None:
    """Fill `sweep_said` with all that was found of these numbers; it ends with the transaction."""
    connection = session.connection()
    connection.execute(sa.text("DROP TABLE IF EXISTS sweep_said"))
    connection.execute(
        sa.text(
            f"CREATE TEMP TABLE sweep_said (number integer, content_hash text, {_SAID}) "
            "ON COMMIT DROP"
        )
    )
    lines = (
        b"%d\t%s" % (number, line)
        for number, line in zip(numbers, spool.lines(numbers), strict=True)
    )
    copy_lines(session, "sweep_said", lines)
    # Of what it is joined by, and no more: to look at the documents would take a second.
    connection.execute(sa.text("ANALYZE sweep_said (number)"))


def copy_lines(session: Session, target: str, lines: Iterable[bytes]) -> None:
    """COPY lines in PostgreSQL's text format into `target`, some hundred kilobytes at a time."""
    held: list[bytes] = []
    size = 0
    with _driver(session).cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for line in lines:
            held.append(line)
            size += len(line)
            if size > _PIECE:
                copy.write(b"".join(held))
                held.clear()
                size = 0
        copy.write(b"".join(held))


def numbers_of(session: Session, query: str) -> "array[int]":
    """Return one column of whole numbers, eight bytes each, however many there are."""
    found = array("q")
    with _driver(session).cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
        for (number,) in copy.rows():
            found.append(int(number))
    return found


def line_of(finding: Finding) -> str:
    """Return the finding as COPY reads it, without the line's end."""
    values = [str(value) for value in _read(finding)]
    line = "\t".join(values)
    # Names with a tab or a backslash in them are rare; looking is much faster than replacing.
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") != _TABS:
        line = "\t".join([value.translate(_ESCAPES) for value in values])
    return line


def escaped(value: str) -> str:
    return value.translate(_ESCAPES)


def _driver(session: Session) -> "psycopg.Connection[Any]":
    return cast("psycopg.Connection[Any]", session.connection().connection.driver_connection)
