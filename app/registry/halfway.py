"""Tables that an import had finished when it was killed: the next one goes on from there.

A table's file lies under its hash already; what is noted here is from what it was made, and all
that its import has to say of it. It is taken up again only when that is exactly the same: the
program, the file sent, its place after the same other tables. Notes go when an import ends well.
"""

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb

from app.registry.schemas import Assumption, Rejection, TableInfo
from app.registry.snapshots import file_of, sha256_of
from app.registry.sql import literal

_FOLDER: Final = "halfway"
_NOTE: Final = "note.json"
_REJECTS: Final = "rejects.csv"
_LOST: Final = "lost.parquet"


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished table with its part of the report; `added_to`: rows joined those before."""

    info: TableInfo
    rejected: Sequence[Rejection]
    assumptions: Sequence[Assumption]
    warnings: Sequence[str]
    added_to: bool


def key_of(*, before: Sequence[str], file: str, sha256: str, stored: str) -> str:
    """Return what a table is known by. `before`: the keys of the tables in front of it.

    `stored` is the hash of the table it is added to, empty when it stands for itself.
    """
    told = json.dumps([_program(), list(before), file, sha256, stored])
    return hashlib.sha256(told.encode()).hexdigest()


def note(
    snapshots_dir: Path,
    key: str,
    finished: Finished,
    *,
    connection: duckdb.DuckDBPyConnection,
    rejects: Path,
    lost: str | None,
) -> None:
    """Write down that the table is finished. `lost` is the relation of keys turned away, if any.

    Raises:
        OSError: the disk refused.
    """
    folder = snapshots_dir / _FOLDER / key
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if rejects.is_file():
        shutil.copyfile(rejects, folder / _REJECTS)
    if lost is not None:
        connection.execute(f"COPY {lost} TO {literal(str(folder / _LOST))} (FORMAT parquet)")
    # The note comes last: without it there is nothing here.
    written = folder / f"{_NOTE}.part"
    written.write_text(json.dumps(dataclasses.asdict(finished)), encoding="utf-8")
    written.replace(folder / _NOTE)


def take_up(
    snapshots_dir: Path,
    key: str,
    *,
    connection: duckdb.DuckDBPyConnection,
    rejects: Path,
    lost: str | None,
) -> Finished | None:
    """Return the table of that key with its rejected rows put back, None when it must be made."""
    folder = snapshots_dir / _FOLDER / key
    try:
        finished = _read(json.loads((folder / _NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    kept = file_of(snapshots_dir, finished.info.sha256)
    if not kept.is_file() or sha256_of(kept) != finished.info.sha256:
        return None
    rejects.unlink(missing_ok=True)
    if (folder / _REJECTS).is_file():
        rejects.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / _REJECTS, rejects)
    if lost is not None:
        connection.execute(
            f"CREATE OR REPLACE TABLE {lost} AS FROM read_parquet({literal(str(folder / _LOST))})"
        )
    return finished


def is_any(snapshots_dir: Path) -> bool:
    return (snapshots_dir / _FOLDER).is_dir()


def forget(snapshots_dir: Path) -> None:
    shutil.rmtree(snapshots_dir / _FOLDER, ignore_errors=True)


def _read(noted: dict[str, Any]) -> Finished:
    return Finished(
        info=TableInfo(**noted["info"]),
        rejected=tuple(Rejection(**one) for one in noted["rejected"]),
        assumptions=tuple(Assumption(**one) for one in noted["assumptions"]),
        warnings=tuple(noted["warnings"]),
        added_to=bool(noted["added_to"]),
    )


@cache
def _program() -> str:
    """Return a hash of what judges rows: after an update every table is judged anew."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for file in sorted(Path(__file__).parent.rglob("*")):
        if file.suffix in {".py", ".csv"}:
            digest.update(file.read_bytes())
    return digest.hexdigest()
