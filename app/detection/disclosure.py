"""PURE: counts of people that leave the house: a group too small to hide in is not shown.

Reading: nobody is told what became of fewer than SMALLEST people together (UU 27/2022 on personal
data; the number is ours). A single hidden row could be found by subtracting the others from
their total, so a second one, the next smallest, is hidden with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SMALLEST: Final = 5


class State(StrEnum):
    """Why a figure is there or is not."""

    SHOWN = "ada"
    EARLY = "belum"  # the months have not passed yet
    EMPTY = "kosong"  # nobody enrolled
    HIDDEN = "disembunyikan"


@dataclass(frozen=True, slots=True)
class Share:
    """`active` of `enrolled`; both None unless `state` is SHOWN."""

    state: State
    active: int | None = None
    enrolled: int | None = None

    @property
    def per_mille(self) -> int | None:
        """Return the share in thousandths, rounded half up."""
        if self.active is None or not self.enrolled:
            return None
        return (2000 * self.active + self.enrolled) // (2 * self.enrolled)

    @property
    def one_in_tenths(self) -> int | None:
        """Return N of `one of N is active` in tenths, rounded half up; None when nobody is."""
        if not self.active or self.enrolled is None:
            return None
        return (20 * self.enrolled + self.active) // (2 * self.active)


def share(active: int, enrolled: int, *, early: bool) -> Share:
    """Return the share. `early`: people are there, and the months are not over for any of them."""
    if early:
        return Share(State.EARLY)
    if enrolled == 0:
        return Share(State.EMPTY)
    if enrolled < SMALLEST:
        return Share(State.HIDDEN)
    return Share(State.SHOWN, active, enrolled)


def hidden(counts: Mapping[str, int]) -> frozenset[str]:
    """Return the names of those counts, of parts of one total, that are not shown."""
    small = {name for name, number in counts.items() if 0 < number < SMALLEST}
    others = sorted(
        (number, name) for name, number in counts.items() if number and name not in small
    )
    if len(small) == 1 and others:
        small.add(others[0][1])
    return frozenset(small)


def shown(numbers: Sequence[int]) -> tuple[int | None, ...]:
    """Return each number that stands alone, None for one that is too small to show."""
    return tuple(number if number == 0 or number >= SMALLEST else None for number in numbers)
