"""PURE: which outside employers are one: pairs put together, and what must never come together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.linkage.slips import one_slip
from app.registry.matching import BY_DECISION

# How an outside employer is named: the weightiest name first.
_NAMES: Final = ("npwp:", "nib:", "nama:", "sumber:")


@dataclass(frozen=True, slots=True)
class Side:
    """What of an outside employer forbids a union: its numbers, as texts, and who lists it.

    Two that both have an NPWP, or both a NIB, have another one, or they would have one name.
    """

    npwp: frozenset[str]
    nib: frozenset[str]
    agencies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Joined:
    """`kunci` is the same employer as `induk`; `cara` is the method of the pair that joins it."""

    kunci: str
    induk: str
    cara: str


class Joining:
    """Puts pairs together in the order in which they are offered; `joined` is the same for it.

    `apart` are pairs that a person calls two: no chain of others brings them together, whatever
    the others rest on. Nor does one bring together two that have a number of one kind each, but
    for a person's word about numbers that are one slip apart. By likeness alone no employer gets
    two rows of one agency: it lists an employer once.
    """

    def __init__(self, sides: Mapping[str, Side], *, apart: Iterable[tuple[str, str]]) -> None:
        self._of: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        self._sides = dict(sides)
        self._foes: defaultdict[str, set[str]] = defaultdict(set)
        self._ways: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for one, other in apart:
            self._foes[one].add(other)
            self._foes[other].add(one)

    def offer(self, one: str, other: str, cara: str) -> bool:
        """Say whether the two are one from now on, or were already."""
        here, there = self._root(one), self._root(other)
        if here == there:
            return True
        if not self._may_be_one(here, there, cara=cara):
            return False
        if len(self._group(here)) < len(self._group(there)):
            here, there = there, here
        moving = self._group(there)
        for member in moving:
            self._of[member] = here
        self._members[here] = [*self._group(here), *moving]
        self._members.pop(there, None)
        mine, its = self._sides[here], self._sides[there]
        self._sides[here] = Side(
            mine.npwp | its.npwp, mine.nib | its.nib, mine.agencies | its.agencies
        )
        self._ways[one][other] = self._ways[other][one] = cara
        return True

    def joined(self) -> Iterator[Joined]:
        """Yield every employer that goes by another's name: of several, the weightiest name."""
        for root in sorted(self._members):
            head = min(self._members[root], key=_weight_of_name)
            told, turn = {head}, [head]
            for near in turn:
                for far, cara in sorted(self._ways[near].items()):
                    if far not in told:
                        told.add(far)
                        turn.append(far)
                        yield Joined(far, head, cara)

    def _may_be_one(self, here: str, there: str, *, cara: str) -> bool:
        mine, its = self._sides[here], self._sides[there]
        slips = cara == BY_DECISION
        if not (
            _agree(mine.npwp, its.npwp, slips=slips) and _agree(mine.nib, its.nib, slips=slips)
        ):
            return False
        if cara != BY_DECISION and mine.agencies & its.agencies:
            return False
        if len(self._group(here)) > len(self._group(there)):
            here, there = there, here
        return not any(
            self._root(foe) == there for one in self._group(here) for foe in self._foes.get(one, ())
        )

    def _root(self, kunci: str) -> str:
        return self._of.get(kunci, kunci)

    def _group(self, root: str) -> list[str]:
        return self._members.get(root, [root])


def _agree(mine: frozenset[str], its: frozenset[str], *, slips: bool) -> bool:
    """Say whether no number of the one speaks against any of the other."""
    return all(slips and one_slip(one, other) for one in mine for other in its)


def _weight_of_name(kunci: str) -> tuple[int, str]:
    rank = next((at for at, name in enumerate(_NAMES) if kunci.startswith(name)), len(_NAMES))
    return rank, kunci
