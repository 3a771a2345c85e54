"""Which engine a sweep runs on, as the operator set it."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from app.detection.engines import Engine, duckdb, spark
from app.infra.settings import ENGINES, Settings


@dataclass(frozen=True, slots=True)
class Choice:
    """`master`, `remote` and `options` are for Spark; `remote` (Spark Connect) goes first."""

    name: str = ENGINES[0]
    master: str = "local[*]"
    remote: str | None = None
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def lent(self, *, scratch: Path, memory: str) -> AbstractContextManager[Engine]:
        if self.name == "duckdb":
            return duckdb.lent(scratch=scratch, memory=memory)
        return spark.lent(
            master=self.master,
            remote=self.remote,
            scratch=scratch,
            memory=memory,
            options=self.options,
        )


DUCKDB: Final = Choice()


def chosen(settings: Settings, name: str | None = None) -> Choice:
    """Return the engine called `name`, None for the one that is set."""
    return Choice(
        name=name or settings.engine, master=settings.spark_master, remote=settings.spark_remote
    )
