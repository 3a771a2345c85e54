"""PURE: the rows that findings rest on, told as JSON text column by column, one employer at a time.

A national sweep rests on tens of millions of rows: a dictionary for each would take most of the
time and all of the memory.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute

from app.detection.schemas import NIKS
from app.law.month import Month
from app.registry.stored import NIK_DIGITS

# Its functions take arrays, texts and numbers alike, which its stubs do not know.
pc: Final[Any] = pyarrow.compute

# As many as are in memory at a time.
BATCH_ROWS: Final = 20_000

# Yields the rows of one frame in their order, from the start each time it is called.
Batches = Callable[[], Iterator[pa.RecordBatch]]

# Values that change from extract to extract although the fact is the same.
_NOT_FACTS: Final = frozenset({"baris", "tgl_data"})
_NOT_VALUES: Final = frozenset({"subject", "baris"})
# What JSON writes otherwise than it is.
_ESCAPED: Final = r'[\x00-\x1f"\\]'


@dataclass(frozen=True, slots=True)
class Shown:
    """One row: `told` as a flag shows it, `fact` as its hash counts it, both JSON text.

    `sumber` and `tgl_data` are None where the row does not come from another agency.
    """

    subject: str
    told: str
    fact: str
    sumber: str | None
    tgl_data: date | None


class Groups:
    """The rows of one extract table, asked for employer by employer in the order they come in."""

    def __init__(self, table: str, batches: Iterable[pa.RecordBatch]) -> None:
        rows = (row for batch in batches for row in shown(table, batch))
        self._groups = groupby(rows, key=attrgetter("subject"))
        self._subject: str | None = ""
        self._rows: list[Shown] = []
        self._asked = ""

    def of(self, subject: str) -> list[Shown]:
        """Return the rows of `subject`.

        Raises:
            OutOfOrder: a subject came before an earlier one; its rows would be lost.
        """
        while self._subject is not None and self._subject < subject:
            before = self._subject
            self._subject, rows = next(self._groups, (None, iter(())))
            self._rows = list(rows)
            if self._subject is not None and self._subject < before:
                raise OutOfOrder(self._subject)
        if subject < self._asked:
            raise OutOfOrder(subject)
        self._asked = subject
        return self._rows if self._subject == subject else []


class OutOfOrder(Exception):
    """An engine gave rows in another order than it was asked for."""


def shown(table: str, batch: pa.RecordBatch) -> Iterator[Shown]:
    """Yield what is shown and counted of every row. Values that are null are left out."""
    names = sorted(set(batch.schema.names) - _NOT_VALUES)
    members = {name: _members(name, batch.column(name)) for name in names}
    lines = pc.fill_null(pc.cast(batch.column("baris"), pa.string()), "0")
    rows = pc.binary_join_element_wise(
        '{"line":',
        lines,
        f',"table":{encode_basestring(table)},"values":',
        _object(members),
        "}",
        "",
    )
    facts = _object({name: members[name] for name in names if name not in _NOT_FACTS})
    subjects: list[Any] = batch.column("subject").to_pylist()
    nothing: list[Any] = [None] * batch.num_rows
    dated = {"sumber", "tgl_data"} <= set(names)
    sources = batch.column("sumber").to_pylist() if dated else nothing
    days = batch.column("tgl_data").to_pylist() if dated else nothing
    texts = (rows.to_pylist(), facts.to_pylist())
    for subject, told, fact, source, day in zip(subjects, *texts, sources, days, strict=True):
        yield Shown(subject, told, fact, source, day)


def _object(members: dict[str, Any]) -> Any:  # noqa: ANN401 - arrays have no type of their own
    inside = pc.binary_join_element_wise(*members.values(), ",", null_handling="skip")
    return pc.binary_join_element_wise("{", inside, "}", "")


def _members(name: str, column: Any) -> Any:  # noqa: ANN401
    """Return `"name":value` of each row, null where there is no value."""
    key = f"{encode_basestring(name)}:"
    return pc.binary_join_element_wise(key, _values(name, column), "")


def _values(name: str, column: Any) -> Any:  # noqa: ANN401
    kind = column.type
    if name in NIKS and pa.types.is_integer(kind):
        digits = pc.utf8_lpad(pc.cast(column, pa.string()), NIK_DIGITS, "0")
        return pc.binary_join_element_wise('"', digits, '"', "")
    if name == "blth" and pa.types.is_integer(kind):
        spoken = column.dictionary_encode()
        months = [
            encode_basestring(str(Month.from_index(index)))
            for index in spoken.dictionary.to_pylist()
        ]
        return pa.array(months, pa.string()).take(spoken.indices)
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return pc.cast(column, pa.string())
    if pa.types.is_date(kind):
        return pc.binary_join_element_wise('"', pc.cast(column, pa.string()), '"', "")
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise TypeError(f"{name} is {kind}, which no evidence holds")
    if pc.any(pc.match_substring_regex(column, _ESCAPED)).as_py():
        return pa.array(
            [None if value is None else encode_basestring(value) for value in column.to_pylist()],
            pa.string(),
        )
    return pc.binary_join_element_wise('"', column, '"', "")
