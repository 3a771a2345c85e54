"""PURE: where intervals of shares lie in a chart; each share is a mark on the line of its interval.

Shares are in thousandths. The two series differ by their marks and dashes, not by colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.web.pages.charts import WIDTH

STYLES: Final = ("a", "b")
_LEFT, _RIGHT, _TOP = 12, 24, 8
_STEP: Final = 74
_FIRST, _APART = 32, 18
_WHOLE: Final = 1000
_GRID: Final = (0, 250, 500, 750, 1000)


@dataclass(frozen=True, slots=True)
class Span:
    """A share with the ends of its interval."""

    low: int
    share: int
    high: int


@dataclass(frozen=True, slots=True)
class Mark:
    style: str
    y: int
    low: int
    at: int
    high: int
    span: Span


@dataclass(frozen=True, slots=True)
class Band:
    """One group: its name stands at `y`, its intervals below."""

    key: str
    y: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class IntervalChart:
    """`levels` are (x, per mille)."""

    bands: tuple[Band, ...]
    levels: tuple[tuple[int, int], ...]
    top: int
    bottom: int
    height: int
    width: int = WIDTH


def interval_chart(
    groups: Sequence[tuple[str, Sequence[Span | None]]],
) -> IntervalChart | None:
    """Return the chart of up to two intervals per group; None when there is none to draw."""
    if not any(span for _, spans in groups for span in spans):
        return None
    bottom = _TOP + len(groups) * _STEP
    return IntervalChart(
        bands=tuple(
            Band(
                key,
                _TOP + place * _STEP + 14,
                tuple(
                    Mark(
                        style,
                        _TOP + place * _STEP + _FIRST + series * _APART,
                        _across(span.low),
                        _across(span.share),
                        _across(span.high),
                        span,
                    )
                    for series, (style, span) in enumerate(zip(STYLES, spans, strict=False))
                    if span is not None
                ),
            )
            for place, (key, spans) in enumerate(groups)
        ),
        levels=tuple((_across(level), level) for level in _GRID),
        top=_TOP,
        bottom=bottom,
        height=bottom + 30,
    )


def _across(per_mille: int) -> int:
    room = WIDTH - _LEFT - _RIGHT
    return _LEFT + round(room * per_mille / _WHOLE)
