"""Opens the tables of a snapshot for one question of one page."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from app.registry.snapshots import SnapshotReader
from app.registry.sql import literal


@contextmanager
def opened(snapshot: SnapshotReader, *tables: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the tables for a question of one page: one thread, so that pages do not starve."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    try:
        for table in tables:
            path = literal(str(snapshot.path(table)))
            connection.execute(f"CREATE TEMP VIEW {table} AS FROM read_parquet({path})")
        yield connection
    finally:
        connection.close()
