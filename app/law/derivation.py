"""The tree behind a number: value, formula, inputs and source, down to leaves that add up."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

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
    children: tuple["Derivation", ...] = ()

    def leaves(self) -> Iterator["Derivation"]:
        """Yield the nodes without children, in printing order; their values sum to `value`."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def nodes(self) -> Iterator["Derivation"]:
        """Yield every node, parents first."""
        yield self
        for child in self.children:
            yield from child.nodes()


def percent(rate: Decimal) -> str:
    """Return `0,54 %` for Decimal("0.0054"), without trailing zeros."""
    return f"{(rate * 100).normalize():f} %".replace(".", ",")
