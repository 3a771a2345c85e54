"""The sizes one after the other: who finds what, in what time; what was promised and was kept.

`python -m bench national` with these words, each with what it is without them:

    --share 0.01 0.03     shares of national size to measure
    --turns 3             how often each is measured; the median of the turns counts
    --rivals-to 0.01      largest share at which rivals run too
    --rivals polars_ pandas_ postgres
    --linkage-to 0.01     largest share at which probable links are measured
    --folder DIR          where extracts are kept and used again, instead of a passing folder
    --results FILE.json   adds what was measured to what stands there
    --report FILE.md      writes the table, and the plot beside it
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from math import inf
from pathlib import Path
from statistics import median
from typing import Any, Final

import duckdb

from app.registry.snapshots import TABLES
from bench.national import report
from bench.national.extracts import counted, write_extracts
from bench.national.measure import (
    CONTENDERS,
    Exhausted,
    Took,
    apart,
    flags_of,
    measured,
    workers_of,
)

# By the clock, from which share on. In small sizes what it takes to write the questions down, the
# same for any size, weighs more; below the smallest of these the ratio is told and not judged.
LARGEST_RATIOS: Final = ((0.1, report.LARGEST_RATIO), (0.02, 1.5))
LARGEST_MEMORY_MB: Final = 6 * 1024
TOO_FAR: Final = 1.5
OURS, BY_HAND = "ours", "by_hand"
RIVALS: Final = ("polars_", "pandas_", "postgres")

Size = dict[str, Any]


def main(words: Sequence[str] = ()) -> bool:
    """Return whether all found the same, and time and memory are within what was promised."""
    given = _given(words)
    sizes: list[Size] = []
    with _folder(given.folder) as folder:
        for share in given.share:
            sizes.append(_size(folder / str(share), share, given))
            _tell(sizes[-1])
            if not given.folder:
                shutil.rmtree(folder / str(share))
    known = sizes
    if given.results:
        before = json.loads(given.results.read_text()) if given.results.exists() else []
        new = {one["share"] for one in sizes}
        known = sorted([*sizes, *(one for one in before if one["share"] not in new)], key=_share)
        given.results.write_text(json.dumps(known, indent=1) + "\n")
    if given.report:
        report.write(given.report, known)
    return all(_kept(one) for one in sizes)


def _given(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench national")
    parser.add_argument("--share", type=float, nargs="+", default=[0.01, 0.03])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--rivals-to", type=float, default=0.01)
    parser.add_argument("--rivals", nargs="+", choices=RIVALS, default=RIVALS)
    parser.add_argument("--linkage-to", type=float, default=0.01)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--report", type=Path)
    return parser.parse_args(list(words))


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="patuh-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def _share(size: Size) -> float:
    return float(size["share"])


def _size(place: Path, share: float, given: argparse.Namespace) -> Size:
    tables = {table: place / f"{table}.parquet" for table in TABLES}
    if not all(path.is_file() for path in tables.values()):
        tables = write_extracts(place, share=share)
    names = [OURS, BY_HAND, *(given.rivals if share <= given.rivals_to else ())]
    turns: dict[str, list[Took]] = {}
    broken: dict[str, str] = {}
    for turn in range(given.turns):
        for name in names if turn == 0 else _close(names, turns):
            try:
                took = measured(name, place, checked=turn == 0 and share <= given.rivals_to)
                turns.setdefault(name, []).append(took)
            except Exhausted as error:
                broken[name] = str(error)[-300:]
            for left in place.glob("patuh-bench-*"):
                shutil.rmtree(left, ignore_errors=True)
    ratios = [
        ours.seconds / hand.seconds for ours, hand in zip(turns[OURS], turns[BY_HAND], strict=True)
    ]
    return {
        "share": share,
        "rows": counted(tables),
        "turns": {name: [asdict(one) for one in took] for name, took in turns.items()},
        "ratio": round(median(ratios), 3),
        "same": all(_same(place, name) for name in turns if name != OURS),
        "workers_compared": share <= given.rivals_to,
        "broken": broken,
        "linkage": apart("bench.national.linkage", str(place))
        if share <= given.linkage_to
        else None,
    }


def _close(names: Sequence[str], turns: dict[str, list[Took]]) -> list[str]:
    """Return who has to run again: of a rival that is far off one turn tells."""
    far = TOO_FAR * turns[OURS][0].seconds
    return [
        name
        for name in names
        if name in {OURS, BY_HAND} or (name in turns and turns[name][0].seconds < far)
    ]


def _same(place: Path, name: str) -> bool:
    """Return whether `name` found what we found: every flag, and every worker where written."""
    pairs = [(flags_of(place, OURS), flags_of(place, name))]
    if workers_of(place, OURS).is_file() and workers_of(place, name).is_file():
        pairs.append((workers_of(place, OURS), workers_of(place, name)))
    return all(
        not duckdb.sql(f"(FROM '{a}' EXCEPT ALL FROM '{b}') LIMIT 1").fetchall()
        for one, other in pairs
        for a, b in ((one, other), (other, one))
    )


def _kept(size: Size) -> bool:
    took = report.medians(size)
    ahead = all(took[OURS]["seconds"] < took[name]["seconds"] for name in RIVALS if name in took)
    return (
        size["same"]
        and size["ratio"] <= _limit(size)
        and took[OURS]["peak_mb"] <= LARGEST_MEMORY_MB
        and (ahead or _share(size) < LARGEST_RATIOS[0][0])
    )


def _limit(size: Size) -> float:
    limits = (limit for share, limit in LARGEST_RATIOS if _share(size) >= share)
    return next(limits, inf)


def _tell(size: Size) -> None:
    rows = size["rows"]
    print(
        f"{_share(size):.0%} of the nation: {rows['kepesertaan']:,} memberships, {rows['sumber_pekerja']:,} "
        f"listed workers, {rows['tagihan']:,} bills; same flags and workers: {size['same']}"
    )
    for name, took in report.medians(size).items():
        print(
            f"  {CONTENDERS[name]}: {took['seconds']:.1f} s, CPU {took['cpu_seconds']:.1f} s, "
            f"{took['peak_mb']:,} MB"
        )
    print(
        f"  ratio to hand-written SQL {size['ratio']:.2f} by the clock (at most {_limit(size)}), "
        f"{report.cpu_ratio(size):.2f} by CPU: ",
        end="",
    )
    print("kept" if _kept(size) else "BROKEN")
    if linked := size["linkage"]:
        print(f"  {report.linkage_told(linked)}")
