"""PURE: what the newest data say otherwise of an employer that only other agencies know.

A list is what one agency reported of one day. It is held against itself only: a list of another
day is news, and one that the newest data no longer carry says nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

EMPLOYERS: Final = "sumber_pemberi_kerja"
WORKERS: Final = "sumber_pekerja"


@dataclass(frozen=True, slots=True)
class ListKey:
    """One agency's list of one day, in one of the two tables."""

    table: str
    source: str
    on: date


@dataclass(frozen=True, slots=True)
class RowKey:
    """A row of a list; `worker` is empty for the employer, a digest otherwise, never a NIK."""

    list: ListKey
    id_source: str
    worker: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a paper rests on of a row, as text that is equal when nothing moved; its head count."""

    content: str
    head_count: int = 0


Rows = Mapping[RowKey, Told]
_NONE: Final[Rows] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Registration:
    npp: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What both sides hold of one employer. `shared`: lists that both of them carry.

    `registered` names what the newest data have under its numbers and the earlier ones had not.
    """

    was: Rows = field(default_factory=lambda: _NONE)
    now: Rows = field(default_factory=lambda: _NONE)
    shared: frozenset[ListKey] = frozenset()
    registered: tuple[Registration, ...] = ()


@dataclass(frozen=True, slots=True)
class RowMoved:
    """`was` or `now` None: the list had no such row on that side."""

    key: RowKey
    was: Told | None
    now: Told | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsidePast:
    """`workers_was` and `workers`: the most that any agency told of, before and after."""

    moved: tuple[RowMoved, ...] = ()
    workers_was: int = 0
    workers: int = 0
    registered: Registration | None = None

    def __bool__(self) -> bool:
        return bool(self.moved or self.registered)


NOTHING: Final = OutsidePast()


def outside_past(seen: Seen, *, told_on: date) -> OutsidePast:
    """Return what was corrected of that which a paper of `told_on` could tell.

    Law: UU 24/2011 Pasal 15(1): what the paper says is that the employer had not registered by
    its day. Reading: a registration dated before that day makes it wrong, whatever the data knew
    then; one on the day itself or later is what the paper wanted. Of lists, those up to its day;
    a row in whose place the agency has put one of a later day was replaced, and not taken back.
    """
    shared = {one for one in seen.shared if one.on <= told_on}
    before = {key: told for key, told in seen.was.items() if key.list.on <= told_on}
    newest = _newest(seen.now)
    after = {
        **{
            key: told
            for key, told in before.items()
            if key.list not in shared
            or (key not in seen.now and newest.get(_place(key), key.list.on) > key.list.on)
        },
        **{key: told for key, told in seen.now.items() if key.list in shared},
    }
    moved = tuple(
        RowMoved(key, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys(), key=_order)
        if before.get(key) != after.get(key)
    )
    earlier = [one for one in seen.registered if one.since < told_on]
    return OutsidePast(
        moved=moved,
        workers_was=_workers(before),
        workers=_workers(after),
        registered=min(earlier, key=lambda one: (one.since, one.npp), default=None),
    )


def _workers(rows: Rows) -> int:
    """Return the most workers that one agency's newest word on the employer tells of.

    As PWBD counts: the head count or the names on the list, whichever is more.
    """
    newest = _newest(rows)
    counts: dict[tuple[str, str, str], int] = {}
    for key, told in rows.items():
        place = _place(key)
        if key.list.on == newest[place]:
            counts[place] = counts.get(place, 0) + (1 if key.worker else told.head_count)
    return max(counts.values(), default=0)


def _newest(rows: Rows) -> Mapping[tuple[str, str, str], date]:
    newest: dict[tuple[str, str, str], date] = {}
    for key in rows:
        newest[_place(key)] = max(key.list.on, newest.get(_place(key), key.list.on))
    return newest


def _place(key: RowKey) -> tuple[str, str, str]:
    return key.list.table, key.list.source, key.id_source


def lines(past: OutsidePast) -> Collection[list[object]]:
    """Return what moved as JSON can hold it, always in the same order."""
    found: list[list[object]] = [
        [
            "outside", one.key.list.table, one.key.list.source, one.key.id_source,
            one.key.list.on.isoformat(), one.key.worker, _text(one.was), _text(one.now),
        ]
        for one in past.moved
    ]  # fmt: skip
    if past.registered is not None:
        found.append(["registered", past.registered.npp, past.registered.since.isoformat()])
    return found


def _text(told: Told | None) -> str | None:
    return None if told is None else told.content


def _order(key: RowKey) -> tuple[str, str, date, str, str]:
    return key.list.table, key.list.source, key.list.on, key.id_source, key.worker
