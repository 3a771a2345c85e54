"""The tasks themselves: thin, idempotent, each calls one service. Names are kept in the queue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import BlobStore


@dataclass(frozen=True, slots=True)
class JobContext:
    settings: Settings
    database: Database
    store: BlobStore


Task = Callable[..., None]
TASKS: Final[Mapping[str, Task]] = {}
