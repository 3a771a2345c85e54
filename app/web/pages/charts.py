"""PURE: where the lines and bars of a chart lie; templates draw them, tables repeat the numbers.

Lines differ by dashes and by marks, so that nothing is told by colour alone. Shares are in
thousandths.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 96, 14, 40
_WHOLE: Final = 1000
_GRID: Final = (0, 250, 500, 750, 1000)
_LABELS: Final = 8
_MARK_APART: Final = 15
BAR_STEP: Final = 46
_BAR_LEFT, _BAR_RIGHT = 2, 80


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int
    per_mille: int
    key: str


@dataclass(frozen=True, slots=True)
class Line:
    """`paths` has one piece per unbroken run; `name_y` is where its name stands, at the right."""

    name: int
    style: str
    paths: tuple[str, ...]
    points: tuple[Point, ...]
    name_y: int


@dataclass(frozen=True, slots=True)
class Tick:
    at: int
    key: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """`levels` are (y, per mille)."""

    lines: tuple[Line, ...]
    levels: tuple[tuple[int, int], ...]
    ticks: tuple[Tick, ...]
    left: int
    right: int
    bottom: int
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Bar:
    key: str
    y: int
    length: int
    per_mille: int


@dataclass(frozen=True, slots=True)
class BarChart:
    bars: tuple[Bar, ...]
    full: int
    height: int
    width: int = WIDTH


STYLES: Final = ("a", "b", "c")


def line_chart(keys: Sequence[str], series: Mapping[int, Sequence[int | None]]) -> LineChart | None:
    """Return the chart of `series` over `keys`; None when there is no point to draw."""
    if not any(value is not None for values in series.values() for value in values):
        return None
    right = WIDTH - _RIGHT
    step = (right - _LEFT) / max(1, len(keys) - 1)
    across = [_LEFT + round(place * step) for place in range(len(keys))]
    lines = []
    for style, (name, values) in zip(STYLES, series.items(), strict=False):
        runs: list[list[Point]] = [[]]
        for x, key, value in zip(across, keys, values, strict=True):
            if value is None:
                runs.append([])
            else:
                runs[-1].append(Point(x, _height(value), value, key))
        points = tuple(point for run in runs for point in run)
        if points:
            paths = tuple(_path(run) for run in runs if len(run) > 1)
            lines.append(Line(name, style, paths, points, points[-1].y))
    every = max(1, -(-len(keys) // _LABELS))
    return LineChart(
        lines=_apart(lines),
        levels=tuple((_height(level), level) for level in _GRID),
        ticks=tuple(
            Tick(x, key)
            for place, (x, key) in enumerate(zip(across, keys, strict=True))
            if place % every == 0
        ),
        left=_LEFT,
        right=right,
        bottom=HEIGHT - _BOTTOM,
    )


def bar_chart(shares: Sequence[tuple[str, int]]) -> BarChart | None:
    """Return one bar per share; None when there is none."""
    if not shares:
        return None
    full = WIDTH - _BAR_LEFT - _BAR_RIGHT
    return BarChart(
        bars=tuple(
            Bar(key, place * BAR_STEP, round(full * per_mille / _WHOLE), per_mille)
            for place, (key, per_mille) in enumerate(shares)
        ),
        full=full,
        height=len(shares) * BAR_STEP,
    )


def _height(per_mille: int) -> int:
    room = HEIGHT - _TOP - _BOTTOM
    return _TOP + round(room * (_WHOLE - per_mille) / _WHOLE)


def _path(run: Sequence[Point]) -> str:
    return "M" + "L".join(f"{point.x} {point.y}" for point in run)


def _apart(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Move the names of lines that end close together so that each can be read."""
    moved: list[Line] = []
    for line in sorted(lines, key=lambda one: (one.name_y, one.name)):
        lowest = moved[-1].name_y + _MARK_APART if moved else 0
        moved.append(Line(line.name, line.style, line.paths, line.points, max(line.name_y, lowest)))
    return tuple(sorted(moved, key=lambda one: one.name))
