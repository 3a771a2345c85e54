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


def loses_text(column: Column) -> bool:
    """Return whether what is stored while rows are judged no longer shows how it was sent."""
    return column.kind.value != "@x"


def joined(texts: Iterable[str]) -> str:
    """Return the SQL for one text of several, which `string_split` by SEPARATOR takes apart."""
    listed = f", {SEPARATOR}, ".join(texts)
    return f"concat({listed})" if listed else "''"


def as_sent(layout: Layout, parts: str) -> list[str]:
    """Return, for each column, the SQL of the text that was sent; null when there was none.

    `parts` is the list of the texts of the columns that lose theirs. None has SEPARATOR in it.
    """
    lost = [one.name for one in layout.columns if loses_text(one)]
    return [
        f"nullif({parts}[{lost.index(one.name) + 1}], '')"
        if one.name in lost
        else f"nullif(replace({name(one.name)}, {SEPARATOR}, ' '), '')"
        for one in layout.columns
    ]


def unpacked(column: Column) -> str:
    return filled_in(column.kind.unpacked, v=name(column.name))


def repacked(column: Column) -> str:
    kind, own = column.kind, name(column.name)
    return f"{filled_in(kind.value, x=own)} AS {own}" if kind.unpacked != "@v" else own
