"""NIKs as table files keep them: numbers today, text in files of earlier releases."""

from dataclasses import replace
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw
import pytest

from app.registry.questions import opened
from app.registry.schemas import ImportResult, SnapshotView
from app.registry.snapshots import SnapshotReader, file_of, identity, sha256_of
from app.registry.sql import literal
from app.registry.stored import numbered, numbered_relation, relation
from tests.registry.extracts import Registry, row, view_of, write_csv

EMPLOYER = row("pemberi_kerja")
NIKS = ("3171010101900001", "0171010101900002")
NUMBERS = (3171010101900001, 171010101900002)


def of_before(registry: Registry, result: ImportResult, table: str) -> SnapshotView:
    """Return the snapshot as the release before wrote it: the NIKs of `table` are text."""
    snapshots, view = registry.folder / "snapshots", view_of(result)
    now, before = file_of(snapshots, view.tables[table].sha256), registry.folder / "before.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (FROM {relation(table, now)}) TO {literal(str(before))} (FORMAT parquet)"
        )
    sha256 = sha256_of(before)
    before.rename(file_of(snapshots, sha256))
    tables = {**view.tables, table: replace(view.tables[table], sha256=sha256)}
    hashes = {name: one.sha256 for name, one in tables.items()}
    return replace(view, id=identity(hashes), tables=tables)


@pytest.fixture(params=["today", "before"])
def members(registry: Registry, request: pytest.FixtureRequest) -> SnapshotReader:
    """Memberships of NIKS, as the release of today wrote them and as the one before did."""
    told = [row("kepesertaan", kpj=f"K{place}", nik=nik) for place, nik in enumerate(NIKS)]
    result = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=told)
    view = view_of(result)
    if request.param == "before":
        view = of_before(registry, result, "kepesertaan")
    return SnapshotReader(registry.folder / "snapshots", view)


def stored_type(path: Path) -> str:
    with duckdb.connect() as connection:
        relation = connection.read_parquet(str(path))
        return str(relation.types[relation.columns.index("nik")])


def test_a_nik_is_kept_as_a_number_and_in_files_of_before_as_text(registry: Registry) -> None:
    result = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[row("kepesertaan")])
    snapshots = registry.folder / "snapshots"
    views = view_of(result), of_before(registry, result, "kepesertaan")

    files = [file_of(snapshots, view.tables["kepesertaan"].sha256) for view in views]

    assert [stored_type(file) for file in files] == ["BIGINT", "VARCHAR"]


def test_a_page_reads_all_sixteen_digits_whichever_release_wrote_them(
    members: SnapshotReader,
) -> None:
    with opened(members, "kepesertaan") as connection:
        found = connection.execute("SELECT nik FROM kepesertaan ORDER BY kpj").fetchall()

    assert tuple(nik for (nik,) in found) == NIKS


def test_millions_are_compared_as_numbers_whichever_release_wrote_them(
    members: SnapshotReader,
) -> None:
    path = members.path("kepesertaan")
    with duckdb.connect() as connection:
        told = connection.sql(f"FROM {numbered_relation('kepesertaan', path)}")
        by_sql = told.order("kpj").select("nik").fetchall()
        scanned = nw.from_native(connection.read_parquet(str(path)))
        frame = numbered("kepesertaan", scanned).sort("kpj").select("nik").collect()

    assert tuple(nik for (nik,) in by_sql) == NUMBERS
    assert tuple(frame["nik"].to_list()) == NUMBERS


def test_rows_sent_again_join_a_table_of_the_release_before_as_one_of_today(
    registry: Registry,
) -> None:
    told = [row("kepesertaan", kpj=f"K{place}", nik=nik) for place, nik in enumerate(NIKS)]
    wrong = row("kepesertaan", kpj="K9", nik="123")
    right = registry.bring_rows(
        pemberi_kerja=[EMPLOYER], kepesertaan=[*told, {**wrong, "nik": NIKS[0]}]
    )
    first = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[*told, wrong])
    (sent_back,) = registry.rejected_file("kepesertaan")

    again = write_csv(registry.folder, "kepesertaan", [{**sent_back, "nik": NIKS[0]}])
    second = registry.bring(again, previous=of_before(registry, first, "kepesertaan"))

    assert second.added_to == ("kepesertaan",)
    assert second.snapshot_id == right.snapshot_id


def test_a_row_that_a_table_of_the_release_before_has_is_told_as_sent_twice(
    registry: Registry,
) -> None:
    listed = [row("sumber_pekerja", nik=nik) for nik in NIKS]
    first = registry.bring_rows(sumber_pekerja=[*listed, row("sumber_pekerja", nik="123")])
    (sent_back,) = registry.rejected_file("sumber_pekerja")

    again = write_csv(registry.folder, "sumber_pekerja", [{**sent_back, "nik": NIKS[1]}])
    second = registry.bring(again, previous=of_before(registry, first, "sumber_pekerja"))

    (rejected,) = second.rejected
    assert rejected.code == "repeated_source_worker"
    assert second.tables["sumber_pekerja"].rows == len(NIKS)
