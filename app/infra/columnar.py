"""DuckDB in the process: bounded memory, spilling into the data folder, no network."""

from pathlib import Path

import duckdb


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
