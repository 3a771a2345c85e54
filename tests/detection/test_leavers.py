"""Who left through a claim or the end of their work and works on: who is listed, where, to whom."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.accounts.permissions import MAY
from app.accounts.schemas import Principal
from app.detection import figures, leavers, retention
from app.detection.facts.retention import FIRST_EVER, FIRST_HERE
from app.detection.leavers import Leaver, LeaverFilter
from app.errors import Forbidden, Invalid
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED
from app.law.month import Month
from tests.detection.kept import terms_of
from tests.detection.snapshots import FRESH, ON, Registry

JANUARY = date(2025, 1, 10)
ENDED = date(2025, 3, 1)
ALL = LeaverFilter()
Listed = Callable[..., list[dict[str, Any]]]


def ran(
    registry: Registry, connection: duckdb.DuckDBPyConnection, folder: Path
) -> tuple[pa.Table, pa.Table]:
    """Return the counts, and the list in the order in which it was handed over."""
    with retention.counted(
        tables=registry.write(folder),
        given=terms_of(ON),
        calendar=packaged_calendar(),
        law=SHIPPED,
        connection=connection,
    ) as found:
        assert found.leavers is not None
        return found.cells, found.leavers.read_all()


@pytest.fixture
def listed(registry: Registry, connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Listed:
    def ask(basis: str = FIRST_HERE) -> list[dict[str, Any]]:
        _, rows = ran(registry, connection, tmp_path / "s")
        return [row for row in rows.to_pylist() if row["dasar"] == basis]

    registry.employer()
    return ask


@pytest.mark.parametrize(
    ("reason", "is_listed"),
    [("klaim_jht", True), ("phk", True), ("lain", True), ("pindah", False),
     ("mengundurkan_diri", False), ("meninggal", False), (None, False)],
)  # fmt: skip
def test_a_claim_or_the_end_of_work_is_listed_and_no_other_reason(
    registry: Registry, listed: Listed, reason: str | None, *, is_listed: bool
) -> None:
    registry.employer("BB000002", kantor_cabang="M01")
    registry.member(1, tgl_mulai=JANUARY, tgl_akhir=ENDED, sebab_akhir=reason)
    registry.member(1, "BB000002", tgl_mulai=date(2025, 4, 1))

    rows = listed()

    assert bool(rows) is is_listed


def test_a_membership_elsewhere_is_where_they_work_on_and_the_newest_one_counts(
    registry: Registry, listed: Listed
) -> None:
    registry.employer("BB000002", kantor_cabang="M01")
    registry.employer("CC000003", kantor_cabang="M01")
    registry.member(1, tgl_mulai=JANUARY, tgl_akhir=ENDED, sebab_akhir="klaim_jht")
    registry.member(1, "CC000003", tgl_mulai=date(2025, 4, 2))
    registry.member(1, "BB000002", tgl_mulai=date(2025, 4, 1))

    (row,) = listed()

    assert (row["npp"], row["pemberi_kerja"], row["tgl_akhir"]) == (
        "AA000001", "PT Usaha AA000001", ENDED,
    )  # fmt: skip
    assert (row["lanjut"], row["lanjut_npp"], row["lanjut_hari"], row["lanjut_kantor"]) == (
        "kepesertaan", "CC000003", date(2025, 4, 2), "M01",
    )  # fmt: skip
    assert (row["nik"], row["nama"]) == ("············0001", "Pekerja 1")
    assert listed(FIRST_EVER) == []


@pytest.mark.parametrize(
    ("told_on", "is_listed"),
    [(date(2026, 3, 1), False), (date(2026, 3, 2), True)],
    ids=["on the day it ended", "the day after"],
)
def test_a_source_shows_them_at_work_only_from_the_day_after_the_end(
    registry: Registry, listed: Listed, told_on: date, *, is_listed: bool
) -> None:
    outside = registry.record(tgl_data=told_on)
    ended = date(2026, 3, 1)
    registry.member(1, tgl_mulai=JANUARY, tgl_akhir=ended, sebab_akhir="phk")
    registry.listed(outside, 1)

    for basis in (FIRST_HERE, FIRST_EVER):
        rows = listed(basis)
        assert bool(rows) is is_listed, basis
        for row in rows:
            assert (row["lanjut"], row["sumber"], row["id_sumber"], row["lanjut_hari"]) == (
                "sumber", "WLKP", "W-1", told_on,
            )  # fmt: skip
            assert (row["lanjut_npp"], row["lanjut_nama"]) == (None, "PT Belum Daftar")
            # The branch of its regency answers for an employer that is not registered.
            assert (row["lanjut_kantor"], row["henti_npp"]) == ("J05", None)


def test_whom_lapsed_finds_says_at_which_employer_and_only_there(
    registry: Registry, listed: Listed
) -> None:
    registry.employer("BB000002")
    here = registry.record(registry.rows["pemberi_kerja"][0])
    registry.member(1, tgl_mulai=JANUARY, tgl_akhir=ENDED, sebab_akhir="klaim_jht")
    registry.member(1, "BB000002", tgl_mulai=JANUARY, tgl_akhir=date(2025, 2, 1), sebab_akhir="phk")
    registry.listed(here, 1)

    found = {row["npp"]: row["henti_npp"] for row in listed()}
    (person,) = listed(FIRST_EVER)

    assert found == {"AA000001": "AA000001", "BB000002": None}
    assert (person["npp"], person["henti_npp"]) == ("AA000001", "AA000001")


def test_an_agency_that_sends_an_employer_twice_names_it_once_as_it_is_now(
    registry: Registry, listed: Listed
) -> None:
    registry.record(nama="PT Lama", tgl_data=date(2026, 1, 1))
    now = registry.record(nama="PT Baru", tgl_data=FRESH)
    registry.member(1, tgl_mulai=JANUARY, tgl_akhir=ENDED, sebab_akhir="lain")
    registry.listed(now, 1)
    registry.listed(now, 1, tgl_data=date(2026, 1, 1))

    (row,) = listed()

    assert (row["lanjut_nama"], row["lanjut_hari"]) == ("PT Baru", FRESH)


def crowd(registry: Registry) -> None:
    """Fifty who leave J05 for M01, for a source, or for good, in two months and two reasons."""
    registry.employer()
    registry.employer("BB000002", kantor_cabang="M01")
    outside = registry.record()
    for number in range(1, 51):
        registry.member(
            number,
            tgl_mulai=date(2025, 1 + number % 2, 10),
            tgl_akhir=date(2025, 3, 1 + number % 7),
            sebab_akhir=("klaim_jht", "phk", "pindah")[number % 3],
            kanal="perisai" if number % 5 else None,
        )
        if number % 4 == 0:
            registry.member(number, "BB000002", tgl_mulai=date(2025, 4, 1), kanal="kantor")
        elif number % 4 == 1:
            registry.listed(outside, number)


def test_the_list_is_as_long_as_the_counts_say(
    registry: Registry, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    crowd(registry)

    cells, rows = ran(registry, connection, tmp_path)

    for basis in (FIRST_HERE, FIRST_EVER):
        for reason in ("klaim_jht", "phk"):
            named = {"dasar": basis, "sebab": reason}
            counted = sum(
                row["aktif_lain"] + row["tercatat_bekerja"]
                for row in cells.to_pylist()
                if named.items() <= row.items()
            )
            found = [row for row in rows.to_pylist() if named.items() <= row.items()]
            assert len(found) == counted > 0, named


def test_a_second_run_hands_over_the_same_list_in_the_same_order(
    registry: Registry, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    crowd(registry)

    (_, first), (_, second) = (ran(registry, connection, tmp_path) for _ in range(2))

    assert first.equals(second)
    keys = [tuple(row[name] for name in ("dasar", "kantor_akhir", "bulan", "kunci_akhir"))
            for row in first.to_pylist()]  # fmt: skip
    assert keys == sorted(set(keys))


@pytest.fixture
def kept(registry: Registry, connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Path:
    crowd(registry)
    _, rows = ran(registry, connection, tmp_path)
    written = figures.write(tmp_path, rows.to_reader())
    assert written.rows == rows.num_rows
    return figures.file_of(tmp_path, written.sha256)


def reader(*offices: str, role: str = "inspector") -> Principal:
    return Principal(
        actor="user:1", name="Rina", role=role, office_code="J05", zone="Asia/Jakarta", user_id=1,
        offices=frozenset(offices) if offices else None,
        actions=frozenset(action for action, roles in MAY.items() if role in roles),
    )  # fmt: skip


def walked(
    principal: Principal, file: Path, *, size: int, asked: LeaverFilter = ALL
) -> list[Leaver]:
    found: list[Leaver] = []
    cursor = None
    while True:
        page = leavers.page(principal, file=file, asked=asked, limit=size, cursor=cursor)
        found += page.items
        if page.next is None:
            return found
        cursor = page.next


def test_pages_follow_each_other_without_a_gap_and_the_file_is_all_of_them(kept: Path) -> None:
    principal = reader("J05")

    whole = list(leavers.everyone(principal, file=kept, asked=ALL))

    assert len(whole) == leavers.counted(principal, file=kept, asked=ALL).total > 10
    for size in (1, 7, len(whole), len(whole) + 1):
        assert walked(principal, kept, size=size) == whole, size


def test_each_filter_narrows_the_list_and_together_they_divide_it(kept: Path) -> None:
    principal = reader("J05")

    whole = walked(principal, kept, size=50)

    def total(asked: LeaverFilter) -> int:
        found = walked(principal, kept, size=50, asked=asked)
        count = leavers.counted(principal, file=kept, asked=asked)
        assert count.total == len(found)
        return len(found)

    assert total(replace(ALL, reason="klaim_jht")) + total(replace(ALL, reason="phk")) == len(whole)
    assert total(replace(ALL, month=Month(2025, 1))) + total(
        replace(ALL, month=Month(2025, 2))
    ) == len(whole)
    assert 0 < total(replace(ALL, month=Month(2025, 1))) < len(whole)
    assert (total(replace(ALL, year=2024)), total(replace(ALL, year=2025))) == (0, len(whole))
    assert 0 < total(replace(ALL, channel="perisai")) < len(whole)
    assert (total(replace(ALL, office="J05")), total(replace(ALL, office="M01"))) == (len(whole), 0)
    assert (total(replace(ALL, sector="47")), total(replace(ALL, sector="46"))) == (len(whole), 0)
    assert (total(replace(ALL, scale="kecil")), total(replace(ALL, scale="besar"))) == (
        len(whole),
        0,
    )
    assert total(replace(ALL, basis=FIRST_EVER)) == len(
        [one for one in whole if not one.by_membership]
    )


def test_another_office_sees_nobody_and_the_new_employer_is_named_within_reach_only(
    kept: Path,
) -> None:
    both, one = (walked(reader(*names), kept, size=50) for names in (("J05", "M01"), ("J05",)))

    assert walked(reader("M01"), kept, size=50) == []
    assert [row.name for row in one] == [row.name for row in both]
    assert {row.hidden for row in both} == {False}
    assert {row.onward_npp for row in both if row.by_membership} == {"BB000002"}
    away = [row for row in one if row.by_membership]
    assert {(row.hidden, row.onward_npp, row.onward_name) for row in away} == {(True, "", "")}
    assert {row.onward_name for row in one if not row.by_membership} == {"PT Belum Daftar"}
    everywhere = walked(reader(), kept, size=50)
    assert everywhere == both


def test_who_may_not_read_the_registry_is_refused(kept: Path) -> None:
    with pytest.raises(Forbidden):
        leavers.counted(reader("J05", role="administrator"), file=kept, asked=ALL)


def test_a_list_longer_than_a_file_may_be_is_refused_with_both_numbers(kept: Path) -> None:
    principal, asked = reader("J05"), ALL
    total = leavers.counted(principal, file=kept, asked=asked).total

    found = list(leavers.everyone(principal, file=kept, asked=asked, most=total))
    with pytest.raises(Invalid) as refused:
        list(leavers.everyone(principal, file=kept, asked=asked, most=total - 1))

    assert len(found) == total
    assert refused.value.values == {"count": total, "most": total - 1}


def batches(sizes: Sequence[int]) -> pa.RecordBatchReader:
    schema = pa.schema([("n", pa.int64())])
    first = [sum(sizes[:place]) for place in range(len(sizes))]
    return pa.RecordBatchReader.from_batches(
        schema,
        [pa.record_batch([pa.array(range(start, start + size), pa.int64())], schema=schema)
         for start, size in zip(first, sizes, strict=True)],
    )  # fmt: skip


@pytest.mark.parametrize("sizes", [[], [99_999], [100_000], [100_001], [60_000] * 4])
def test_a_result_is_the_same_file_however_the_engine_cut_it(
    tmp_path: Path, sizes: list[int]
) -> None:
    total = sum(sizes)
    at_once = tmp_path / "at-once.parquet"
    pq.write_table(batches([total] if total else []).read_all(), at_once, row_group_size=100_000)

    one, other = (
        figures.write(tmp_path, batches(cut)) for cut in (sizes, [total] if total else [])
    )

    assert one == other
    assert one.rows == total
    kept = figures.file_of(tmp_path, one.sha256)
    assert kept.read_bytes() == at_once.read_bytes()
    assert pq.read_table(kept)["n"].to_pylist() == list(range(total))
