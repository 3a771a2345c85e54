"""The tasks themselves: thin, idempotent, each calls one service. Names are kept in the queue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.infra import clock
from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import BlobStore
from app.registry import service as registry


@dataclass(frozen=True, slots=True)
class JobContext:
    settings: Settings
    database: Database
    store: BlobStore


Task = Callable[..., None]


def run_import(context: JobContext, *, run_id: int) -> None:
    registry.execute_import(
        context.database,
        store=context.store,
        places=registry.folders(context.settings),
        run_id=run_id,
        clock=clock.now,
    )


TASKS: Final[Mapping[str, Task]] = {registry.TASK: run_import}
