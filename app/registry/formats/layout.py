"""What an extract table is made of: its columns, its key, and the rows it must find elsewhere."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from app.registry.formats.kinds import Kind

# An employer's number. Every row that has a parent begins its key with it.
EMPLOYER: Final = ("npp", "divisi")


@dataclass(frozen=True, slots=True)
class Column:
    """`filled`: the value may not be empty. `expected`: the file must have the column.

    `later`: agreed after version 1. A table stores it only once a file has brought it, so that
    files without it make the same snapshot as before.
    """

    name: str
    kind: Kind
    filled: bool = True
    expected: bool = True
    later: bool = False


@dataclass(frozen=True, slots=True)
class Parent:
    """The row of `table` with the same `key` that must exist; the codes name the sentences.

    `absent`: it is nowhere. `turned_away`: it was sent, and rejected in the same import.
    """

    table: str
    key: tuple[str, ...]
    column: str
    absent: str
    turned_away: str


@dataclass(frozen=True, slots=True)
class Layout:
    """One extract table. Of several rows with the same `key`, the first stays.

    `telling` are columns of it that seldom agree by chance: rows that repeat a key are looked for
    among rows that agree in them.
    """

    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    repeated: str
    telling: tuple[str, ...]
    parent: Parent | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def expected(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.expected)

    @property
    def later(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.later)

    def holding(self, brought: Collection[str]) -> "Layout":
        """Return the layout without those of the `later` columns that are not in `brought`."""
        held = tuple(one for one in self.columns if not one.later or one.name in brought)
        return replace(self, columns=held)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def optional(name: str, kind: Kind) -> Column:
    """A column that a file may leave out altogether."""
    return Column(name, kind, filled=False, expected=False)


def agreed_later(name: str, kind: Kind) -> Column:
    """An optional column that came after version 1 of the extracts."""
    return Column(name, kind, filled=False, expected=False, later=True)


def may_be_empty(name: str, kind: Kind) -> Column:
    return Column(name, kind, filled=False)
