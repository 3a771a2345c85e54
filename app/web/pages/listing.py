"""PURE: lists whose address is the filter: chips that take one narrowing away, next pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Chip:
    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The address of a list and the narrowings in force, in the order they are shown."""

    path: str
    narrowing: Mapping[str, str]

    def address(self, **more: str) -> str:
        """Return this list with `more` set; an empty text takes a narrowing away."""
        pairs = {**self.narrowing, **more}
        return with_query(self.path, pairs)

    def chips(self, words: Mapping[str, str]) -> tuple[Chip, ...]:
        """Return one chip per narrowing that `words` can name."""
        return tuple(
            Chip(words=words[name], without=self.address(**{name: ""}))
            for name, value in self.narrowing.items()
            if value and name in words
        )

    def next_page(self, cursor: str | None) -> str:
        return "" if cursor is None else self.address(kursor=cursor)


def with_query(path: str, pairs: Mapping[str, str]) -> str:
    kept = {name: value for name, value in pairs.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def in_order(found: Mapping[str, Value], order: Sequence[str]) -> Iterator[tuple[str, Value]]:
    """Yield what was found in the order of the contract; what it does not name comes last.

    JSONB keeps the keys of a document by their length, so a stored report has lost its order.
    """
    known = [name for name in order if name in found]
    for name in [*known, *(name for name in found if name not in order)]:
        yield name, found[name]
