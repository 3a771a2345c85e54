"""How the rules of a column become SQL: its text, its value, the value kept small."""

from collections.abc import Iterable
from typing import Final

from app.registry.formats.layout import Column, Layout
from app.registry.sql import name

SEPARATOR: Final = "chr(31)"


def filled_in(template: str, *, x: str = "", v: str = "", c: str = "") -> str:
    return template.replace("@x", x).replace("@v", v).replace("@c", c)


def agreed(column: Column, *, x: str, v: str) -> str:
    """Return the SQL that holds for a value written as agreed: `x` its text, `v` what it gives."""
    written = filled_in(column.kind.strict, x=x, v=v)
    sound = filled_in(column.kind.sound, v=v)
    return f"({written})" if sound == "true" else f"(({written}) AND ({sound}))"


def finals(layout: Layout, columns: Iterable[str]) -> str:
    """Return the SQL that makes stored values of those kept small."""
    return ", ".join(f"{unpacked(layout.column(one))} AS {name(one)}" for one in columns)


def joined(texts: Iterable[str]) -> str:
    """Return the SQL for one text of several, which `string_split` by SEPARATOR takes apart."""
    return f"concat({f', {SEPARATOR}, '.join(texts)})"


def as_sent(layout: Layout, parts: str) -> list[str]:
    """Return, for each column, the SQL of the text that was sent; null when there was none.

    `parts` is the list of the texts of all columns. None has SEPARATOR in it.
    """
    return [f"nullif({parts}[{place}], '')" for place, _ in enumerate(layout.columns, start=1)]


def unpacked(column: Column) -> str:
    return filled_in(column.kind.unpacked, v=name(column.name))


def packed(column: Column) -> str:
    """Return the SQL that keeps a stored value small."""
    own = name(column.name)
    return filled_in(column.kind.value, x=own) if column.kind.unpacked != "@v" else own


def repacked(layout: Layout, columns: Iterable[str]) -> str:
    """Return the SQL that keeps stored values small, under their own names."""
    return ", ".join(f"{packed(layout.column(one))} AS {name(one)}" for one in columns)


def agreed_rows(table: str, condition: str = "") -> str:
    """Return the relation of good rows written as agreed, that lie where `condition` allows.

    Their values are kept small.
    """
    return (
        f"(FROM (FROM numbered_{table} WHERE raw IS NULL) {condition} "
        f"ANTI JOIN astray_{table} USING (place))"
    )


def odd_rows(table: str) -> str:
    """Return the relation of good rows written in another way, their values as they are stored."""
    return f"(FROM odd_{table} WHERE faults = '' AND NOT aside)"
