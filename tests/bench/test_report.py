"""What the report of scale says: measured figures, and what was not measured or not kept."""

from pathlib import Path
from xml.etree import ElementTree as ET

from bench.national.report import Size, write


def turn(seconds: float) -> dict[str, float]:
    return {"seconds": seconds, "cpu_seconds": seconds, "peak_mb": 100, "flags": 1, "named": 1}


def size(share: float, *, ratio: float) -> Size:
    return {
        "share": share,
        "rows": {"kepesertaan": 10, "sumber_pekerja": 10, "tagihan": 10},
        "turns": {"ours": [turn(ratio * 10)], "by_hand": [turn(10)]},
        "ratio": ratio,
        "same": True,
        "workers_compared": False,
        "broken": {"pandas_": "Killed"},
        "linkage": None,
    }


def test_a_size_that_was_not_reached_is_said_to_be_not_measured(tmp_path: Path) -> None:
    write(tmp_path / "laporan.md", [size(0.1, ratio=1.1)])

    said = (tmp_path / "laporan.md").read_text()
    assert "| 100% | | | | | not measured | | | |" in said
    assert "| 10% | | | | pandas | did not end | | | |" in said
    assert "National size was not measured; the largest that was, 10%, 1.10, is within it." in said


def test_a_promise_that_the_largest_size_does_not_keep_is_said(tmp_path: Path) -> None:
    write(tmp_path / "laporan.md", [size(0.3, ratio=1.1), size(1.0, ratio=1.27)])

    assert "The measured 100%, 1.27, is NOT within it." in (tmp_path / "laporan.md").read_text()


def test_the_plot_tells_in_words_what_it_draws(tmp_path: Path) -> None:
    write(tmp_path / "laporan.md", [size(0.1, ratio=1.5)])

    drawing = ET.fromstring((tmp_path / "laporan.svg").read_text())  # noqa: S314 - our own
    described = drawing.findtext("{http://www.w3.org/2000/svg}desc")
    assert described == "Patuh: 10% 15.0 s; DuckDB SQL by hand: 10% 10.0 s"
