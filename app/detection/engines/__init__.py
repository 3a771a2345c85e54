"""What computes a sweep. Facts and rules are the same on each: an engine reads, keeps and gives."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from app.detection.evidence import Batches
from app.registry.matching import Frame


class Engine(Protocol):
    """Lazy frames over Parquet files."""

    def scan(self, path: Path) -> Frame: ...

    def keep(self, name: str, frame: Frame) -> Frame:
        """Have the frame computed once; one that is kept already is returned as it is."""
        ...

    def batches(self, frame: Frame, *order: str) -> Batches:
        """Give the rows in bounded memory, by `order`, then by all other columns, nulls last.

        Text is ordered by code point, so that every engine gives the same rows in one order.
        """
        ...

    def filling(self) -> AbstractContextManager[None]:
        """At the end everything kept is there, or the error of what is not is raised."""
        ...


# Lends an engine for one sweep.
Lend = Callable[[], AbstractContextManager[Engine]]
