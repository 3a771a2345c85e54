"""Makes a region batch by batch; a large one on every core, in order and in bounded memory."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final

from app.demo.group import group_count, groups
from app.demo.layout import TABLES, Row
from app.demo.model import Planted
from app.demo.shape import NATION_FROM
from app.demo.writers import WRITERS
from app.infra.cores import on_every_core

# A Parquet file has one row group per batch. Small ones suit a small region, whose bytes stay as
# they were; a national one would have thousands, each with its own piece of the footer in memory.
_GROUPS: Final = 64
_LARGE_GROUPS: Final = 256


@dataclass(frozen=True, slots=True)
class Order:
    """What a region is made of, wherever a part of it is made."""

    employers: int
    seed: int
    today: date
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some groups, ready to be written: by format and table what its writer adds.

    `row` of what is planted counts within the batch.
    """

    rows: Mapping[str, int]
    truth: Sequence[Planted]
    prepared: Mapping[tuple[str, str], Any]


def batches(order: Order) -> Generator[Batch]:
    """Yield the region in its order. The number of cores changes nothing but the time."""
    large = order.employers >= NATION_FROM
    size, last = _LARGE_GROUPS if large else _GROUPS, group_count(order.employers)
    parts = [range(first, min(first + size, last)) for first in range(0, last, size)]
    if large:
        yield from on_every_core(partial(make, order), parts)
    else:
        for part in parts:
            yield make(order, part)


def make(order: Order, part: Sequence[int]) -> Batch:
    tables: dict[str, list[Row]] = {table: [] for table in TABLES}
    truth: list[Planted] = []
    for made in groups(part, employers=order.employers, seed=order.seed, today=order.today):
        for planted in made.truth:
            before = len(tables[planted.table]) if planted.row is not None else 0
            truth.append(
                replace(planted, row=planted.row + before)
                if planted.row is not None and before
                else planted
            )
        for table, rows in made.tables.items():
            tables[table].extend(rows)
    return Batch(
        rows={table: len(rows) for table, rows in tables.items()},
        truth=truth,
        prepared={
            (each, table): WRITERS[each].prepare(table, rows)
            for each in order.formats
            for table, rows in tables.items()
        },
    )
