"""Runs one contender in a process of its own and says what it took: wall, CPU, peak memory.

The clock starts before the engine is opened and stops when every flag and every worker was read.
"""

import importlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from app.registry.snapshots import TABLES
from bench.national.contract import Contender

PROJECT: Final = Path(__file__).resolve().parents[2]
# fmt: off
CONTENDERS: Final[Mapping[str, str]] = {
    "ours":       "Patuh",
    "by_hand":    "DuckDB SQL by hand",
    "polars_":    "Polars",
    "pandas_":    "pandas",
    "postgres":   "PostgreSQL",
}
# fmt: on
_PATIENCE: Final = 3600


@dataclass(frozen=True, slots=True)
class Took:
    seconds: float
    cpu_seconds: float
    peak_mb: int
    flags: int
    named: int


class Exhausted(Exception):
    """The contender died or ran out of memory at this size."""


def flags_of(place: Path, name: str) -> Path:
    return place / f"flags-{name}.parquet"


def workers_of(place: Path, name: str) -> Path:
    return place / f"workers-{name}.parquet"


def measured(name: str, place: Path, *, checked: bool) -> Took:
    """Run the contender over the files in `place`; `checked` has it write the workers down too.

    Raises:
        Exhausted: it did not come to an end.
    """
    words = [name, str(place), *(["checked"] if checked else [])]
    return Took(**apart("bench.national.measure", *words))


def apart(module: str, *words: str) -> dict[str, Any]:
    """Run a module in a process of its own and return the JSON of its last line.

    Raises:
        Exhausted: it did not come to an end.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode:
        raise Exhausted(f"{module} {words}: {done.returncode} {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run(name: str, place: Path, *, checked: bool) -> Took:
    """Sweep in this process."""
    sweep: Contender = importlib.import_module(f"bench.national.{name}").sweep
    tables = {table: place / f"{table}.parquet" for table in TABLES}
    before = cpu()
    started = time.perf_counter()
    found = sweep(tables, place=place)
    seconds, used, peak = time.perf_counter() - started, cpu() - before, peak_mb()
    flags = found.flags()
    pq.write_table(flags, flags_of(place, name))
    if checked:
        pq.write_table(found.workers(), workers_of(place, name))
    return Took(
        seconds=round(seconds - found.set_up(), 3),
        cpu_seconds=round(used + found.cpu_elsewhere(), 3),
        peak_mb=peak + found.mb_elsewhere(),
        flags=flags.num_rows,
        named=found.named,
    )


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mb() -> int:
    """Return the peak of this program; rusage would count what the parent had, too."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


if __name__ == "__main__":
    given, folder, *rest = sys.argv[1:]
    print(json.dumps(asdict(run(given, Path(folder), checked=bool(rest)))))
