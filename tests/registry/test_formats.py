"""The same rows in CSV, XLSX and Parquet; the names by which files stand for tables."""

import random
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.infra import columnar
from app.registry.readers.opening import table_named
from app.registry.schemas import SourceFile
from tests.registry.extracts import (
    Registry,
    Row,
    row,
    write_csv,
    write_parquet,
    write_xlsx,
)

EMPLOYER = row("pemberi_kerja")
WRITERS = (write_csv, write_xlsx, write_parquet)


def _tables() -> dict[str, list[Row]]:
    return {
        "pemberi_kerja": [row("pemberi_kerja", npp=f"AA{i:06}") for i in range(30)],
        "kepesertaan": [
            row("kepesertaan", npp=f"AA{i % 30:06}", kpj=f"{20_000_000_000 + i}", upah=str(i))
            for i in range(200)
        ],
        "tagihan": [
            row("tagihan", npp=f"AA{i:06}", blth=f"2026-{1 + i % 12:02}") for i in range(30)
        ],
        "pembayaran": [
            row("pembayaran", npp=f"AA{i:06}", blth=f"2026-{1 + i % 12:02}") for i in range(30)
        ],
        "sumber_pemberi_kerja": [row("sumber_pemberi_kerja", id_sumber=f"W{i}") for i in range(10)],
        "sumber_pekerja": [row("sumber_pekerja", id_sumber=f"W{i}") for i in range(10)],
    }


def test_the_same_rows_give_the_same_snapshot_in_every_format(tmp_path: Path) -> None:
    found = set()
    for number, writer in enumerate(WRITERS):
        folder = tmp_path / str(number)
        folder.mkdir()
        registry = Registry(folder)
        result = registry.bring(*(writer(folder, name, rows) for name, rows in _tables().items()))
        assert (result.rejected, result.rejected_files) == ((), ())
        found.add(result.snapshot_id)

    assert len(found) == 1


def test_formats_may_be_mixed_in_one_call(registry: Registry) -> None:
    writers = [WRITERS[place % 3] for place in range(6)]

    result = registry.bring(
        *(
            writer(registry.folder, name, rows)
            for writer, (name, rows) in zip(writers, _tables().items(), strict=True)
        )
    )

    assert result.rejected == ()
    assert {name: info.rows for name, info in result.tables.items()} == {
        name: len(rows) for name, rows in _tables().items()
    }


def test_six_sheets_in_any_order_are_six_tables(registry: Registry) -> None:
    path = registry.folder / "ekstrak oktober.xlsx"
    names = list(_tables())
    random.Random(1).shuffle(names)  # noqa: S311 - any order will do
    with xlsxwriter.Workbook(str(path)) as book:
        for name in names:
            sheet = book.add_worksheet(name.upper())
            rows = _tables()[name]
            for place, cells in enumerate([list(rows[0]), *(list(one.values()) for one in rows)]):
                for column, cell in enumerate(cells):
                    sheet.write_string(place, column, cell)

    result = registry.bring(SourceFile(path.name, path))

    assert result.rejected == ()
    assert all(not info.carried_over and info.rows for info in result.tables.values())


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "nik": st.from_regex(r"[0-9]{15,17}", fullmatch=True),
                "nama": st.text(
                    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1
                ),
                "upah": st.one_of(
                    st.integers(0, 10**9).map(str), st.just("1.500.000"), st.just("-3")
                ),
                "tgl_lahir": st.one_of(st.dates().map(str), st.just("31/12/1990")),
            }
        ),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_the_rows_are_all_formats_agree(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    members = [row("kepesertaan", kpj=f"K{place}", **one) for place, one in enumerate(rows)]
    found = []
    for writer in WRITERS:
        folder = tmp_path_factory.mktemp("format")
        result = Registry(folder).bring(
            write_csv(folder, "pemberi_kerja", [EMPLOYER]), writer(folder, "kepesertaan", members)
        )
        assert result.tables["kepesertaan"].rows + result.rejected_rows == len(rows)
        found.append((result.snapshot_id, [(one.line, one.code) for one in result.rejected]))

    assert found[0] == found[1] == found[2]


def test_the_same_files_give_the_same_bytes_on_any_number_of_cores(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [
        row("kepesertaan", kpj=f"{20_000_000_000 + i * 7919 % 150_001}", nama=f"Nama {i % 9973}")
        for i in range(150_000)
    ]
    files = (
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
        write_csv(registry.folder, "kepesertaan", many),
    )

    results, connect = [], columnar.connect
    for cores in (1, 2, 3):
        monkeypatch.setattr(columnar, "connect", partial(connect, threads=cores))
        results.append(registry.bring(*files))

    assert len({one.snapshot_id for one in results}) == 1
    lines = {one["kpj"]: place + 2 for place, one in enumerate(many)}
    assert all(
        lines[str(one["kpj"])] == one["baris"] for one in registry.table(results[0], "kepesertaan")
    )
    stored = list((registry.folder / "snapshots" / "tables").iterdir())
    assert len(stored) == 6


def test_rows_written_in_another_way_give_the_same_bytes(registry: Registry) -> None:
    def snapshot(rows: Sequence[Row]) -> str | None:
        result = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=rows)
        assert result.rejected == ()
        return result.snapshot_id

    agreed = [
        row("kepesertaan", kpj=f"K{i}", tgl_lahir=f"1990-01-{1 + i % 28:02}", upah=f"{5 + i}000000")
        for i in range(5000)
    ]
    days = [{**one, "tgl_lahir": "/".join(one["tgl_lahir"].split("-")[::-1])} for one in agreed]
    money = [{**one, "upah": f"{int(one['upah']):,}".replace(",", ".")} for one in agreed]
    some = [days[place] if place % 3 else one for place, one in enumerate(agreed)]
    bare = [
        {name: cell for name, cell in one.items() if name not in {"tgl_akhir", "sebab_akhir"}}
        for one in agreed
    ]

    assert {snapshot(rows) for rows in (agreed, days, money, some, bare)} == {snapshot(agreed)}


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("kepesertaan.csv", "kepesertaan"),
        ("Kepesertaan.CSV", "kepesertaan"),
        ("kepesertaan-2026-10.csv", "kepesertaan"),
        ("kepesertaan_2026_10.xlsx", "kepesertaan"),
        ("kepesertaan (1).csv", "kepesertaan"),
        ("Sumber Pemberi Kerja.csv", "sumber_pemberi_kerja"),
        ("sumber-pekerja 2026.parquet", "sumber_pekerja"),
        ("pemberi_kerja", "pemberi_kerja"),
        ("pemberikerja.csv", None),
        ("tagihan2.csv", "tagihan"),
        ("tagihanku.csv", None),
        ("truth.csv", None),
        ("Sheet1", None),
    ],
)
def test_a_name_stands_for_a_table(name: str, table: str | None) -> None:
    assert table_named(name) == table
