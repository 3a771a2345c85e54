"""A place for half-made files: one import at a time, and what a dead one left is swept away."""

import fcntl
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.errors import Unavailable

_LOCK: Final = ".lock"
_PREFIX: Final = "impor-"
_UNFINISHED: Final = ".unfinished-"


@dataclass(frozen=True, slots=True)
class Workspace:
    """`folder` is for text and spilling; `tables` is where finished table files go."""

    folder: Path
    tables: Path

    def unfinished(self, table: str) -> Path:
        """Return where a table file is written before its hash is known: on the same disk."""
        return self.tables / f"{_UNFINISHED}{self.folder.name}-{table}"


@contextmanager
def open_workspace(*, snapshots_dir: Path, scratch: Path) -> Iterator[Workspace]:
    """Wait for the import before this one, clear what dead ones left, and clear up at the end.

    Raises:
        Unavailable: a folder cannot be made or written.
    """
    tables = snapshots_dir / "tables"
    try:
        tables.mkdir(parents=True, exist_ok=True)
        scratch.mkdir(parents=True, exist_ok=True)
        lock = (snapshots_dir / _LOCK).open("wb")
    except OSError as error:
        raise Unavailable(
            "Folder {folder} tidak dapat ditulis ({reason}); tidak ada yang berubah.",
            folder=snapshots_dir,
            reason=error.strerror,
        ) from error
    with lock:
        # The system gives the lock back when its holder dies, so whatever is found is a leftover.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _clear(tables, scratch)
        workspace = Workspace(folder=scratch / f"{_PREFIX}{uuid.uuid4().hex}", tables=tables)
        try:
            workspace.folder.mkdir()
            yield workspace
        except OSError as error:
            raise Unavailable(
                "Disk penuh atau tidak dapat ditulis ({reason}); tidak ada yang berubah. Kosongkan "
                "ruang lalu impor lagi.",
                reason=error.strerror or type(error).__name__,
            ) from error
        finally:
            _clear(tables, scratch)


def _clear(tables: Path, scratch: Path) -> None:
    for left in scratch.glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in tables.glob(f"{_UNFINISHED}*"):
        left.unlink(missing_ok=True)
