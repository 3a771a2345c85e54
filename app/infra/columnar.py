"""DuckDB in the process: bounded memory, spilling into the data folder, no network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from app.errors import Unavailable


def connect(*, scratch: Path, memory: str, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Return a new in-memory connection that spills to `scratch` beyond `memory`."""
    scratch.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": str(scratch),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": False,
    }
    if threads is not None:
        config["threads"] = threads
    return duckdb.connect(":memory:", config=config)


@contextmanager
def exhaustion_told() -> Iterator[None]:
    """Say in one sentence that memory or disk ran out, however deep inside a library that was met.

    Raises:
        Unavailable: DuckDB met its memory limit, or a disk that is full or cannot be written.
    """
    try:
        yield
    except Exception as error:
        if not _is_exhaustion(error):
            raise
        raise Unavailable(
            "Memori atau ruang disk tidak cukup untuk mengolah data ini; tidak ada yang berubah. "
            "Kosongkan ruang disk atau naikkan PATUH_DUCKDB_MEMORY, lalu ulangi."
        ) from error


def _is_exhaustion(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException):
            return True
        error = error.__cause__ or error.__context__
    return False
