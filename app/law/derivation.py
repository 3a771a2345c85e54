"""The tree behind a number: value, formula, inputs and source, down to leaves that add up."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import overload

from app.law.citation import Citation
from app.law.dated import Applied
from app.law.money import Rupiah


@dataclass(frozen=True, slots=True)
class Input:
    """One number that went in, as printed; `parameter` when the law gave it."""

    label: str
    value: str
    parameter: Applied[object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """`value` is whole rupiah; a node with children is their sum."""

    label: str
    value: Rupiah
    formula: str
    inputs: tuple[Input, ...] = ()
    citation: Citation | None = None
    children: Sequence["Derivation"] = ()

    def leaves(self) -> Iterator["Derivation"]:
        """Return the nodes without children, in printing order; their values sum to `value`."""
        return (node for node in self.nodes() if not node.children)

    def folded(self, levels: int) -> "Derivation":
        """Return the same tree cut off below `levels` levels; the leaves sum to the same value."""
        return replace(
            self,
            children=tuple(child.folded(levels - 1) for child in self.children) if levels else (),
        )

    def nodes(self) -> Iterator["Derivation"]:
        """Yield every node, parents first."""
        waiting = [iter((self,))]
        while waiting:
            for node in waiting[-1]:
                yield node
                if node.children:
                    waiting.append(iter(node.children))
                    break
            else:
                waiting.pop()


class Unfolding(Sequence[Derivation]):
    """Children that are built when somebody looks: a payroll has more of them than readers."""

    __slots__ = ("_build", "_count")

    def __init__(self, count: int, build: Callable[[int], Derivation]) -> None:
        self._count = count
        self._build = build

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> Derivation: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Derivation, ...]: ...
    def __getitem__(self, at: int | slice) -> Derivation | tuple[Derivation, ...]:
        if isinstance(at, slice):
            return tuple(self._build(position) for position in range(self._count)[at])
        return self._build(range(self._count)[at])

    def __iter__(self) -> Iterator[Derivation]:
        return map(self._build, range(self._count))


def percent(rate: Decimal) -> str:
    """Return `0,54 %` for Decimal("0.0054"), without trailing zeros."""
    return f"{(rate * 100).normalize():f} %".replace(".", ",")


def unrounded(amount: Decimal) -> str:
    """Return `Rp1.234,5`: an amount of which a part of a rupiah is still kept."""
    whole, _, part = f"{amount.normalize():,f}".partition(".")
    return f"Rp{whole.replace(',', '.')}{',' if part else ''}{part}"
