"""What lies after the day of the earlier snapshot is an event; what lies before, a correction."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.detection import movements
from app.detection.movements import Pair
from tests.detection.snapshots import Registry

KNOWN = date(2026, 9, 30)
Moved = Callable[..., list[dict[str, Any]]]
Days = tuple[date, date | None, date | None]


def days_after(day: date) -> st.SearchStrategy[date]:
    return st.integers(1, 90).map(lambda later: day + timedelta(days=later))


# A membership as first day, last day in the earlier snapshot, last day in the later one. Nothing of
# it is corrected: who was there stays, an end once told stays, and what is new lies after KNOWN.
KNOWN_BEFORE = st.one_of(
    days_after(KNOWN - timedelta(days=100)).flatmap(
        lambda start: st.tuples(
            st.just(start), st.none(), st.none() | days_after(max(start, KNOWN))
        )
    ),
    days_after(KNOWN - timedelta(days=100)).flatmap(
        lambda start: days_after(start).map(lambda end: (start, end, end))
    ),
)
NEW = days_after(KNOWN).flatmap(
    lambda start: st.tuples(st.just(start), st.none(), st.none() | days_after(start))
)


@pytest.fixture
def earlier() -> Registry:
    registry = Registry()
    registry.employer()
    registry.member(1, tgl_mulai=date(2020, 1, 1))
    registry.bill("2026-08", paid=285_000, divisi="000")
    return registry


@pytest.fixture
def moved(earlier: Registry, connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Moved:
    def between(
        change: Callable[[Registry], object], *, definition: int = movements.DEFINITION
    ) -> list[dict[str, Any]]:
        before = earlier.write(tmp_path)
        change(earlier)
        pair = Pair(
            before=before,
            after=earlier.write(tmp_path),
            known_on=dict.fromkeys(movements.TABLES, KNOWN),
        )
        rows = movements.moved(pair, connection=connection, definition=definition).to_pylist()
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
        (lambda r: r.member(2, tgl_mulai=date(2026, 10, 1), tgl_akhir=date(2026, 10, 1)),
         {"masuk": 1, "keluar": 1}),
        (lambda r: r.member(2, tgl_mulai=date(2026, 10, 1), tgl_akhir=date(2027, 12, 31)),
         {"masuk": 1, "keluar": 1}),
        (lambda r: r.member(2, tgl_mulai=KNOWN), {"koreksi_pekerja": 1}),
        (lambda r: r.member(2, tgl_mulai=KNOWN, tgl_akhir=date(2026, 10, 1)),
         {"koreksi_pekerja": 1}),
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
    ids=["joined", "joined and left", "joined with an end ahead", "added to the past",
         "added to the past and ended since", "left", "ended in the past", "taken out",
         "another person", "wage", "new month", "old month added", "bill corrected", "paid",
         "payment noted late", "payment taken out", "new employer"],
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


@pytest.mark.parametrize("later", [date(2026, 12, 31), None])
def test_an_end_told_ahead_that_reads_otherwise_later_is_corrected_and_no_second_leaving(
    earlier: Registry, moved: Moved, later: date | None
) -> None:
    earlier.rows["kepesertaan"][0].update(tgl_akhir=date(2026, 11, 30), sebab_akhir="phk")

    assert moved(lambda r: r.rows["kepesertaan"][0].update(tgl_akhir=later)) == [
        {"koreksi_pekerja": 1}
    ]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(known=st.lists(KNOWN_BEFORE, max_size=6), new=st.lists(NEW, max_size=6))
def test_joined_less_left_is_the_change_of_open_memberships_when_nothing_was_corrected(
    known: list[Days], new: list[Days], connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    early, late = Registry(), Registry()
    for registry in (early, late):
        registry.employer()
    for number, (start, end, later_end) in enumerate([*known, *new]):
        late.member(number, tgl_mulai=start, tgl_akhir=later_end)
        if number < len(known):
            early.member(number, tgl_mulai=start, tgl_akhir=end)

    rows = movements.moved(
        Pair(
            before=early.write(tmp_path),
            after=late.write(tmp_path),
            known_on=dict.fromkeys(movements.TABLES, KNOWN),
        ),
        connection=connection,
    ).to_pylist()

    was, now = (
        sum(one["tgl_akhir"] is None for one in registry.rows["kepesertaan"])
        for registry in (early, late)
    )
    assert sum(one["koreksi_pekerja"] for one in rows) == 0
    assert sum(one["masuk"] for one in rows) == len(new)
    assert sum(one["masuk"] - one["keluar"] for one in rows) == now - was


def test_definition_1_run_again_counts_who_came_and_went_as_joined_only(moved: Moved) -> None:
    def passed_through(registry: Registry) -> None:
        registry.member(2, tgl_mulai=date(2026, 10, 1), tgl_akhir=date(2026, 10, 20))
        registry.rows["kepesertaan"][0].update(tgl_akhir=date(2026, 10, 1))

    assert moved(passed_through, definition=1) == [{"masuk": 1, "keluar": 1}]
