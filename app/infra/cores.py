"""Work in Python on every core: in order, few pieces ahead, and no longer than its parent."""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Final, TypeVar

_P = TypeVar("_P")
_M = TypeVar("_M")

# Pieces that are ready before their turn wait in memory.
_AHEAD: Final = 2
# What is made of a piece holds no cycles: looking for some takes a tenth of the time.
_SELDOM: Final = 1_000_000


def on_every_core(make: Callable[[_P], _M], pieces: Iterable[_P]) -> Iterator[_M]:
    """Yield what `make` makes of each piece, in the order of the pieces.

    `make` and the pieces are sent to other processes, so that `make` must be found by its name in
    a module. Starting them takes a second: for less work than that, call `make` yourself.
    """
    cores = len(os.sched_getaffinity(0))
    # Not by forking: the process may have threads, which a copy of it would lack.
    pool = ProcessPoolExecutor(cores, mp_context=get_context("spawn"), initializer=_begin)
    waiting: deque[Future[_M]] = deque()
    try:
        for piece in pieces:
            waiting.append(pool.submit(make, piece))
            if len(waiting) >= cores + _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    gc.set_threshold(_SELDOM)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, killed perhaps: it would wait on."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
