"""What lies after the day of the earlier snapshot is an event; what lies before, a correction."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from app.detection import movements
from app.detection.movements import Pair
from tests.detection.snapshots import Registry

KNOWN = date(2026, 9, 30)
Moved = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def earlier() -> Registry:
    registry = Registry()
    registry.employer()
    registry.member(1, tgl_mulai=date(2020, 1, 1))
    registry.bill("2026-08", paid=285_000, divisi="000")
    return registry


@pytest.fixture
def moved(earlier: Registry, connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Moved:
    def between(change: Callable[[Registry], object]) -> list[dict[str, Any]]:
        before = earlier.write(tmp_path)
        change(earlier)
        pair = Pair(
            before=before,
            after=earlier.write(tmp_path),
            known_on=dict.fromkeys(movements.TABLES, KNOWN),
        )
        rows = movements.moved(pair, connection=connection).to_pylist()
        return [
            {name: value for name, value in row.items() if value and name in movements.COUNTS}
            for row in rows
        ]

    return between


def test_nothing_that_is_the_same_is_told(moved: Moved) -> None:
    assert moved(lambda _: None) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda r: r.member(2, tgl_mulai=date(2026, 10, 1)), {"masuk": 1}),
        (lambda r: r.member(2, tgl_mulai=KNOWN), {"koreksi_pekerja": 1}),
        (lambda r: r.rows["kepesertaan"][0].update(tgl_akhir=date(2026, 10, 1)), {"keluar": 1}),
        (lambda r: r.rows["kepesertaan"][0].update(tgl_akhir=KNOWN), {"koreksi_pekerja": 1}),
        (lambda r: r.rows["kepesertaan"].clear(), {"koreksi_pekerja": 1}),
        (lambda r: r.rows["kepesertaan"][0].update(nik="3201000000000099"), {"koreksi_pekerja": 1}),
        (lambda r: r.rows["kepesertaan"][0].update(upah=5_500_000),
         {"upah_berubah": 1, "upah_selisih": 500_000}),
        (lambda r: r.bill("2026-09"), {"tagihan_baru": 1, "tagihan_rupiah": 285_000}),
        (lambda r: r.bill("2026-07"),
         {"koreksi_tagihan": 1, "koreksi_tagihan_rupiah": 285_000}),
        (lambda r: r.rows["tagihan"][0].update(jumlah=200_000),
         {"koreksi_tagihan": 1, "koreksi_tagihan_rupiah": -85_000}),
        (lambda r: r.payment(r.rows["tagihan"][0], 1_000, tgl_bayar=date(2026, 10, 1)),
         {"bayar": 1, "bayar_rupiah": 1_000}),
        (lambda r: r.payment(r.rows["tagihan"][0], 1_000, tgl_bayar=KNOWN),
         {"koreksi_bayar": 1, "koreksi_bayar_rupiah": 1_000}),
        (lambda r: r.rows["pembayaran"].clear(),
         {"koreksi_bayar": 1, "koreksi_bayar_rupiah": -285_000}),
        (lambda r: r.employer("BB000002"), {"baru": 1}),
    ],
    ids=["joined", "added to the past", "left", "ended in the past", "taken out", "another person",
         "wage", "new month", "old month added", "bill corrected", "paid", "payment noted late",
         "payment taken out", "new employer"],
)  # fmt: skip
def test_each_change_is_told_as_what_it_is(
    moved: Moved, change: Callable[[Registry], object], told: dict[str, int]
) -> None:
    assert moved(change) == [told]


def test_who_had_left_and_whose_end_moves_is_corrected(earlier: Registry, moved: Moved) -> None:
    earlier.rows["kepesertaan"][0].update(tgl_akhir=date(2026, 8, 31), sebab_akhir="phk")

    assert moved(lambda r: r.rows["kepesertaan"][0].update(tgl_akhir=None)) == [
        {"koreksi_pekerja": 1}
    ]
