"""The heading of an extract: which line it is, and whether it has the columns of the table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.errors import Invalid
from app.registry.formats.layout import Layout

REASON_COLUMN: Final = "alasan"
LOOKED_AT: Final = 10


@dataclass(frozen=True, slots=True)
class Heading:
    """`line` counts from 1. `columns` are all names in file order, unique, made lower case."""

    line: int
    columns: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def is_correction(self) -> bool:
        """Whether these are rows we once turned away, sent again."""
        return REASON_COLUMN in self.columns


def find_heading(layout: Layout, rows: Sequence[tuple[int, Sequence[str]]]) -> Heading:
    """Return the heading among the first rows (line number, cells) of a file.

    Raises:
        Invalid: no row names the columns, one is missing, or one is there twice.
    """
    known = set(layout.names)
    best_line, best = max(
        ((line, _names(cells)) for line, cells in rows[:LOOKED_AT]),
        key=lambda found: (len(known.intersection(found[1])), -found[0]),
        default=(1, ()),
    )
    if not known.intersection(best):
        raise Invalid(
            "Baris judul tabel {table} tidak ditemukan; baris pertama harus memuat nama kolom: "
            "{columns}.",
            table=layout.table,
            columns=", ".join(layout.expected),
        )
    if missing := [one for one in layout.expected if one not in best]:
        raise Invalid(
            "Kolom {columns} tidak ada di baris judul tabel {table}; tambahkan lalu kirim lagi.",
            columns=", ".join(missing),
            table=layout.table,
        )
    if twice := sorted({one for one in best if one in known and best.count(one) > 1}):
        raise Invalid(
            "Kolom {columns} ada lebih dari sekali di baris judul; sisakan satu.",
            columns=", ".join(twice),
        )
    extra = tuple(one for one in best if one and one not in known and one != REASON_COLUMN)
    return Heading(line=best_line, columns=_unique(best), extra=extra)


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        re.sub(r"[\s\u00a0\ufeff]+", "_", cell.strip(" \t\u00a0\ufeff'’\"")).lower()
        for cell in cells
    )


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    seen: list[str] = []
    for place, one in enumerate(names):
        seen.append(one if one and one not in seen else f"kolom_{place + 1}_{one}")
    return tuple(seen)
