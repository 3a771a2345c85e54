"""Text that goes into DuckDB statements: quoted, so that no value can become a statement."""

import duckdb


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Return the number of rows of `relation`, a statement's text without values of others."""
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()  # noqa: S608 - ours
    return 0 if row is None else int(row[0])
