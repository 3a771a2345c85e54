"""Text that goes into DuckDB statements: quoted, so that no value can become a statement."""


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
