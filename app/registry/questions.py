"""Opens the tables of a snapshot for one question of one page."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

import duckdb

from app.registry.snapshots import SnapshotReader
from app.registry.stored import relation

_OPENING: Final = threading.Lock()


@contextmanager
def opened(snapshot: SnapshotReader, *tables: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the tables for a question of one page: one thread, so that pages do not starve.

    The engine is started once in a process; each question has a connection of its own, and sees
    the tables of its own snapshot only.
    """
    with _OPENING:
        connection = _engine().cursor()
    try:
        for table in tables:
            source = relation(table, snapshot.path(table))
            connection.execute(f"CREATE TEMP VIEW {table} AS FROM {source}")
        yield connection
    finally:
        connection.close()


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    # Starting one takes longer than most questions.
    return duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
