"""The report of what was measured: a table in Markdown and a plot in the house's colours.

It shows measured figures only; a size that was not reached is said to be not measured.
"""

from collections.abc import Iterable
from html import escape
from math import floor, log10
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.national.measure import CONTENDERS

SHARES: Final = (0.01, 0.03, 0.1, 0.3, 1.0)
LARGEST_RATIO: Final = 1.25
MACHINE: Final = "two cores, 24 GB"
# fmt: off
_STYLES: Final = {
    "ours":     ("#0b5a52", "",     "circle"),
    "by_hand":  ("#1a4480", "8 4",  "square"),
    "polars_":  ("#8a3a00", "2 4",  "up"),
    "pandas_":  ("#664900", "10 3 2 3", "down"),
    "postgres": ("#3d4752", "4 4",  "diamond"),
}
_MARKS: Final = {
    "circle":  "M{x} {y}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
    "square":  "M{x} {y}m-4 -4h8v8h-8z",
    "up":      "M{x} {y}m0 -5l5 9h-10z",
    "down":    "M{x} {y}m0 5l5 -9h-10z",
    "diamond": "M{x} {y}m0 -5l5 5l-5 5l-5 -5z",
}
# fmt: on
_WIDTH, _HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 590, 50, 360
_NAME_HEIGHT: Final = 18

Size = dict[str, Any]


def medians(size: Size) -> dict[str, dict[str, float]]:
    """Return by contender the median of its turns; of memory the highest."""
    return {
        name: {
            "seconds": median(one["seconds"] for one in turns),
            "cpu_seconds": median(one["cpu_seconds"] for one in turns),
            "peak_mb": max(one["peak_mb"] for one in turns),
            "turns": len(turns),
        }
        for name, turns in size["turns"].items()
    }


def cpu_ratio(size: Size) -> float:
    """Return ours to hand-written SQL, both by CPU: the median of the turns' ratios."""
    pairs = zip(size["turns"]["ours"], size["turns"]["by_hand"], strict=True)
    return median(ours["cpu_seconds"] / hand["cpu_seconds"] for ours, hand in pairs)


def linkage_told(linked: dict[str, Any]) -> str:
    ours = linked["ours"]
    before, after = linked["exact_right"] / ours, linked["probable_right"] / ours
    wrong = linked["probable_wrong"] / max(linked["probable_right"] + linked["probable_wrong"], 1)
    return (
        f"{linked['records']:,} outside records, {ours:,} of registered employers: exact joins "
        f"{linked['exact_seconds']:.1f} s, {linked['exact_peak_mb']:,} MB, recall {before:.2%}; with probable "
        f"links {linked['probable_seconds']:.1f} s more, {linked['probable_peak_mb']:,} MB, recall {after:.2%} "
        f"(gained {after - before:.2%}); wrong links {linked['exact_wrong']:,} by exact joins, "
        f"{linked['probable_wrong']:,} ({wrong:.2%}) at the end; {linked['to_review']:,} pairs to review"
    )


def write(path: Path, sizes: list[Size]) -> None:
    """Write the Markdown to `path` and the plot beside it, with the same name."""
    plot = path.with_suffix(".svg")
    plot.write_text(svg(sizes), encoding="utf-8")
    path.write_text("\n".join(_page(sizes, plot.name)) + "\n", encoding="utf-8")


def _page(sizes: list[Size], plot: str) -> Iterable[str]:
    yield "# What a sweep costs as the work grows"
    yield ""
    yield f"Measured by `python -m bench national` on a virtual machine of {MACHINE} without other work of ours;"
    yield "seconds of CPU are steadier than those on the clock. All six rules over the same Parquet files; exact links"
    yield "are part of it, probable ones are measured apart. Each contender runs in a process of its own, and the median"
    yield "of its turns counts. Ours also reads every row of evidence, in order, which the others do not. PostgreSQL"
    yield "counts loading; its memory is that of client and server together."
    yield ""
    yield f"Promised at national size: at most {LARGEST_RATIO} times hand-written SQL by the clock, 6 GB. {_verdict(sizes)}"
    yield ""
    found = "; ".join(f"{one['share']:.0%}: {'yes' if one['same'] else 'NO'}" for one in sizes)
    named = ", ".join(f"{one['share']:.0%}" for one in sizes if one["workers_compared"]) or "none"
    yield "The same flags with the same figures from every contender, by comparison of all of them:"
    yield f"{found}. The workers that they name were compared too, one by one by NIK, at: {named}."
    yield ""
    yield f"![CPU seconds of a sweep by share of national size]({plot})"
    yield ""
    yield "| share | memberships | listed workers | bills | contender | seconds | CPU seconds | peak MB | turns |"
    yield "|---:|---:|---:|---:|---|---:|---:|---:|---:|"
    by_share = {one["share"]: one for one in sizes}
    for share in sorted({*SHARES, *by_share}):
        if share not in by_share:
            yield f"| {share:.0%} | | | | | not measured | | | |"
            continue
        rows = by_share[share]["rows"]
        for name, took in medians(by_share[share]).items():
            yield (
                f"| {share:.0%} | {rows['kepesertaan']:,} | {rows['sumber_pekerja']:,} | {rows['tagihan']:,} | "
                f"{CONTENDERS[name]} | {took['seconds']:.1f} | {took['cpu_seconds']:.1f} | "
                f"{took['peak_mb']:,} | {took['turns']} |"
            )
        for name in by_share[share]["broken"]:
            yield f"| {share:.0%} | | | | {CONTENDERS[name]} | did not end | | | |"
    yield ""
    yield "Ratio of ours to hand-written SQL, the median of the turns:"
    yield ""
    for size in sizes:
        yield f"- {size['share']:.0%}: {cpu_ratio(size):.2f} by CPU, {size['ratio']:.2f} by the clock{_note(size)}"
    yield ""
    yield "## Linkage"
    yield ""
    for size in sizes:
        if size["linkage"]:
            yield f"- {size['share']:.0%}: {linkage_told(size['linkage'])}"
    missing = [f"{share:.0%}" for share in SHARES if not by_share.get(share, {}).get("linkage")]
    if missing:
        yield f"- {', '.join(missing)}: not measured"


def _verdict(sizes: list[Size]) -> str:
    """Say what the largest size shows of the promise, whichever way it went."""
    largest = max(sizes, key=lambda one: float(one["share"]))
    kept = "within it" if largest["ratio"] <= LARGEST_RATIO else "NOT within it"
    said = f"{largest['share']:.0%}, {largest['ratio']:.2f}, is {kept}"
    if largest["share"] < 1:
        return f"National size was not measured; the largest that was, {said}."
    return f"The measured {said}."


def _note(size: Size) -> str:
    return f" ({size['note']})" if size.get("note") else ""


def svg(sizes: list[Size]) -> str:
    """Return the plot: both axes by powers of ten, so that cost in proportion is a straight line."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for size in sorted(sizes, key=lambda one: float(one["share"])):
        for name, took in medians(size).items():
            lines.setdefault(name, []).append((size["share"], took["cpu_seconds"]))
    seconds = [one for points in lines.values() for _, one in points]
    low, high = floor(log10(min(seconds))), log10(max(seconds)) + 0.1

    def at(share: float, took: float) -> tuple[float, float]:
        x = _LEFT + (log10(share) + 2) / 2 * (_RIGHT - _LEFT)
        y = _BOTTOM - (log10(took) - low) / (high - low) * (_BOTTOM - _TOP)
        return round(x, 1), round(y, 1)

    drawn = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
            'aria-labelledby="t d" font-family="Arimo, Arial, sans-serif">'
        ),
        '<title id="t">CPU seconds of a sweep by share of national size</title>',
        f'<desc id="d">{escape(_described(lines))}</desc>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="24" font-size="15" font-weight="600" fill="#16202c">CPU seconds of a sweep</text>',
        (
            f'<text x="{(_LEFT + _RIGHT) / 2}" y="{_HEIGHT - 14}" font-size="14" fill="#4d5967" '
            'text-anchor="middle">share of national size</text>'
        ),
    ]
    for power in range(low, floor(high) + 1):
        _, y = at(1, 10**power)
        drawn.append(
            f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}" stroke="#dcd9d0"/>'
            f'<text x="{_LEFT - 10}" y="{y + 5}" font-size="14" fill="#4d5967" text-anchor="end">'
            f"{10**power:g}</text>"
        )
    for share in SHARES:
        x, _ = at(share, 10**low)
        drawn.append(
            f'<text x="{x}" y="{_BOTTOM + 24}" font-size="14" fill="#4d5967" text-anchor="middle">'
            f"{share:.0%}</text>"
        )
    names = _apart({name: at(*points[-1])[1] for name, points in lines.items()})
    for name, points in lines.items():
        drawn.append(_line(name, [at(*one) for one in points], names[name]))
    return "\n".join([*drawn, "</svg>", ""])


def _line(name: str, points: list[tuple[float, float]], name_y: float) -> str:
    colour, dashes, mark = _STYLES[name]
    path = "M" + "L".join(f"{x} {y}" for x, y in points)
    marks = "".join(_MARKS[mark].format(x=x, y=y) for x, y in points)
    return (
        f'<g><path d="{path}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dashes}"/>'
        f'<path d="{marks}" fill="{colour}"/>'
        f'<text x="{points[-1][0] + 10}" y="{name_y + 5}" font-size="14" font-weight="600" fill="{colour}">'
        f"{CONTENDERS[name]}</text></g>"
    )


def _apart(wanted: dict[str, float]) -> dict[str, float]:
    """Return where names stand: near their line's end, none upon another."""
    placed: dict[str, float] = {}
    lowest = float("-inf")
    for name, y in sorted(wanted.items(), key=lambda one: one[1]):
        lowest = max(y, lowest + _NAME_HEIGHT)
        placed[name] = lowest
    return placed


def _described(lines: dict[str, list[tuple[float, float]]]) -> str:
    return "; ".join(
        f"{CONTENDERS[name]}: " + ", ".join(f"{share:.0%} {took:.1f} s" for share, took in points)
        for name, points in lines.items()
    )
