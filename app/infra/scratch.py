"""Folders for half-made files: lent to one process, and gone when it ends, however it ends.

Each has a lock beside it that the system gives back when its holder dies. So a folder whose lock
can be taken is a leftover, and one whose lock cannot belongs to somebody who is at work.
"""

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import IO, Final

_MARK: Final = "pinjam-"
_LOCK: Final = ".kunci"


@contextmanager
def lent(scratch: Path, purpose: str) -> Iterator[Path]:
    """Lend an empty folder below `scratch`; it goes when it is given back."""
    scratch.mkdir(parents=True, exist_ok=True)
    folder = scratch / f"{_MARK}{purpose}-{uuid.uuid4().hex}"
    with _held(folder.with_suffix(_LOCK)):
        try:
            # After the lock: a folder that is there without one is nobody's.
            folder.mkdir()
            yield folder
        finally:
            rmtree(folder, ignore_errors=True)
            folder.with_suffix(_LOCK).unlink(missing_ok=True)


def clear_leftovers(scratch: Path) -> int:
    """Remove the folders that dead processes left, and return how many there were."""
    leftovers = 0
    for lock in scratch.glob(f"{_MARK}*{_LOCK}"):
        try:
            file = lock.open("r+b")
        except FileNotFoundError:  # given back meanwhile
            continue
        with file:
            if not _taken(file):
                continue
            leftovers += 1
            rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink(missing_ok=True)
    return leftovers


@contextmanager
def _held(lock: Path) -> Iterator[None]:
    """Hold a lock file of our own, made anew where somebody cleared it before it was locked."""
    while True:
        with lock.open("w+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not _is_still(lock, file):
                continue
            yield
            return


def _is_still(lock: Path, file: IO[bytes]) -> bool:
    try:
        return os.path.samestat(lock.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _taken(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
