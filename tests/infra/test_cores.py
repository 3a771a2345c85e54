"""Work on every core: its order, and what becomes of it when whoever wanted it is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from app.infra.cores import on_every_core

PATIENCE = 30.0
ROOT = Path(__file__).resolve().parents[2]
PARENT = """
import time
from app.infra.cores import on_every_core
from tests.infra.test_cores import who

made = on_every_core(who, range(100))
print(next(made), flush=True)
time.sleep(60)
"""


def square(number: int) -> int:
    return number * number


def who(_: int) -> int:
    return os.getpid()


def test_the_order_of_the_pieces_is_kept() -> None:
    assert list(on_every_core(square, range(40))) == [square(number) for number in range(40)]


def test_pieces_are_made_in_other_processes() -> None:
    assert os.getpid() not in set(on_every_core(who, range(4)))


def test_no_process_outlives_a_killed_parent() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        parent.wait()

    deadline = time.monotonic() + PATIENCE
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
