"""Which program this is: its version and what it consists of, for what must say who computed it."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

_APP: Final = Path(__file__).parent.parent
_SHOWN: Final = 12


@cache
def release() -> str:
    """Return `0.1.0+1a2b3c4d5e6f`: the version, and a hash of the program's own files.

    The hash takes in the engine that counts and changes with every line of code; words, templates
    and styles do not touch it.
    """
    digest = hashlib.sha256(version("duckdb").encode())
    for file in sorted(_APP.rglob("*")):
        if file.suffix in {".py", ".csv"}:
            digest.update(file.relative_to(_APP).as_posix().encode())
            digest.update(file.read_bytes())
    return f"{version('patuh')}+{digest.hexdigest()[:_SHOWN]}"
