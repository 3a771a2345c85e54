"""Folders for half-made files: a dead process's are cleared, those of one at work never."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.infra.database import Database
from app.infra.scratch import clear_leftovers, lent
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.jobs import worker
from app.jobs.tasks import JobContext

PROJECT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from app.infra.scratch import lent

with lent(Path(sys.argv[1]), "tautan") as place:
    (place / "links.parquet").write_bytes(b"half made")
    print(place, flush=True)
    time.sleep(600)
"""


@contextmanager
def holder(scratch: Path) -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    """Let another process hold a folder with a file in it."""
    command = [sys.executable, "-c", HOLDER, str(scratch)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def killed(scratch: Path) -> Path:
    with holder(scratch) as (process, place):
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    return place


def test_what_a_killed_process_left_is_cleared(tmp_path: Path) -> None:
    left = killed(tmp_path)
    assert left.is_dir()

    assert clear_leftovers(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_what_a_living_process_holds_is_left_alone(tmp_path: Path) -> None:
    with holder(tmp_path) as (_, place):
        assert clear_leftovers(tmp_path) == 0
        assert (place / "links.parquet").read_bytes() == b"half made"
    assert clear_leftovers(tmp_path) == 1


def test_what_this_process_holds_is_left_alone_and_gone_when_given_back(tmp_path: Path) -> None:
    with lent(tmp_path, "limpahan") as place:
        assert clear_leftovers(tmp_path) == 0
        assert place.is_dir()

    assert list(tmp_path.iterdir()) == []


def test_a_folder_goes_with_an_error_too(tmp_path: Path) -> None:
    def fail() -> None:
        with lent(tmp_path, "tautan"):
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - ours, bare
        fail()

    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_starts_clears_what_a_killed_one_left(
    settings: Settings, database: Database, store: ObjectStore
) -> None:
    left = killed(settings.scratch_dir)

    async def start_and_stop() -> None:
        stopped = asyncio.Event()
        stopped.set()
        await worker.work_until(stopped, JobContext(settings, database, store))

    asyncio.run(start_and_stop())

    assert not left.exists()
