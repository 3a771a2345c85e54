"""All stories in the order in which they come up, every rule early."""

from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import Protocol, TypeVar

from app.demo.stories import (
    arrears,
    head_counts,
    lapsed,
    mixed,
    programmes,
    registered,
    strangers,
    wages,
    workers,
)


class _Recurring(Protocol):
    @property
    def rounds(self) -> int: ...


_R = TypeVar("_R", bound=_Recurring)


def _in_turn(stories: Sequence[_R]) -> tuple[_R, ...]:
    """Return each story once, then those with a second round, and so on."""
    most = max(story.rounds for story in stories)
    return tuple(story for turn in range(most) for story in stories if story.rounds > turn)


_BY_RULE = (
    registered.STORIES,
    workers.STORIES,
    arrears.STORIES,
    wages.STORIES,
    programmes.STORIES,
    lapsed.STORIES,
    head_counts.STORIES,
    mixed.STORIES,
)
STORIES = _in_turn(
    [story for story in chain.from_iterable(zip_longest(*_BY_RULE)) if story is not None]
)
STRANGERS = _in_turn(strangers.STRANGERS)
