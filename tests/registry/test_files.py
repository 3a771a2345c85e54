"""Files as they come: shapes, names, lines, and those that are refused with a sentence."""

import io
import random
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.registry.readers import workbook
from app.registry.readers.opening import table_named
from app.registry.schemas import SourceFile
from tests.registry.extracts import (
    Registry,
    Row,
    only,
    row,
    text_of,
    write_bytes,
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


def test_the_same_files_twice_give_the_same_bytes_whatever_the_machine_does(
    registry: Registry,
) -> None:
    many = [
        row("kepesertaan", kpj=f"{20_000_000_000 + i * 7919 % 150_001}", nama=f"Nama {i % 9973}")
        for i in range(150_000)
    ]
    files = (
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
        write_csv(registry.folder, "kepesertaan", many),
    )

    results = [registry.bring(*files) for _ in range(3)]

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


# Lines


def _members(*cells: dict[str, str]) -> list[Row]:
    return [row("kepesertaan", kpj=f"K{i}", **one) for i, one in enumerate(cells)]


def _bring_text(registry: Registry, text: str) -> tuple[list[tuple[int, str]], list[object]]:
    result = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
        write_bytes(registry.folder, "kepesertaan.csv", text.encode()),
    )
    lines = sorted(str(one["baris"]) for one in registry.table(result, "kepesertaan"))
    return [(one.line, one.code) for one in result.rejected], [int(one) for one in lines]


def test_a_row_with_too_few_or_too_many_columns_is_turned_away_at_its_line(
    registry: Registry,
) -> None:
    lines = text_of("kepesertaan", _members({}, {}, {"nik": "1"}, {})).splitlines()
    lines.insert(2, "AA000001,000,K9")
    lines.insert(5, lines[1].replace("K0", "K8") + ",lebih")

    rejected, kept = _bring_text(registry, "\n".join(lines) + "\n")

    assert rejected == [(3, "columns_too_few"), (5, "nik_length"), (6, "columns_too_many")]
    assert kept == [2, 4, 7]


def test_lines_stay_true_behind_a_value_with_a_line_end_in_it(registry: Registry) -> None:
    text = text_of("kepesertaan", _members({"nama": "BARIS"}, {"nik": "1"}, {}))
    text = text.replace("BARIS", '"Budi\nSantoso"')

    rejected, kept = _bring_text(registry, text)

    assert rejected == [(4, "nik_length")]
    assert kept == [2, 5]


def test_blank_lines_are_passed_over_but_counted(registry: Registry) -> None:
    lines = text_of("kepesertaan", _members({}, {"nik": "1"})).splitlines()
    lines.insert(2, "")
    lines.insert(3, "AA000001")

    rejected, kept = _bring_text(registry, "\n".join(lines) + "\n\n")

    assert rejected == [(4, "columns_too_few"), (5, "nik_length")]
    assert kept == [2]


def test_many_ragged_rows_in_a_long_file_keep_every_line_true(registry: Registry) -> None:
    heading, *rows = text_of(
        "kepesertaan", [row("kepesertaan", kpj=f"K{i}") for i in range(20_000)]
    ).splitlines()
    ragged = set(random.Random(2).sample(range(20_000), 400))  # noqa: S311 - a sample
    lines = [heading, *("x,y" if i in ragged else one for i, one in enumerate(rows))]
    result = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
        write_bytes(registry.folder, "kepesertaan.csv", "\n".join(lines).encode()),
    )

    assert {one.line for one in result.rejected} == {i + 2 for i in ragged}
    stored = registry.table(result, "kepesertaan")
    assert all(one["kpj"] == f"K{int(str(one['baris'])) - 2}" for one in stored)
    assert len(stored) == 20_000 - 400


def test_more_ragged_rows_than_usual_keep_every_line_true(registry: Registry) -> None:
    rows = text_of("kepesertaan", [row("kepesertaan", kpj=f"K{i}") for i in range(3000)])
    lines = [
        "x,y" if place and place % 2 == 0 else one for place, one in enumerate(rows.splitlines())
    ]
    result = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
        write_bytes(registry.folder, "kepesertaan.csv", "\n".join(lines).encode()),
    )

    assert {one.line for one in result.rejected} == set(range(3, 3002, 2))
    stored = registry.table(result, "kepesertaan")
    assert all(one["kpj"] == f"K{int(str(one['baris'])) - 2}" for one in stored)


def test_a_ragged_row_is_written_back_whole(registry: Registry) -> None:
    text = text_of("kepesertaan", _members({})) + "AA000001,000,K9\n"

    _bring_text(registry, text)

    content = (registry.folder / "ditolak" / "kepesertaan.csv").read_text(encoding="utf-8")
    assert "AA000001,000,K9" in content
    assert "Baris 3: Baris ini memuat lebih sedikit kolom" in content


@pytest.mark.parametrize("after", [1, 5, 300])
def test_a_quotation_mark_that_is_never_closed_loses_no_row_in_silence(
    registry: Registry, after: int
) -> None:
    lines = text_of("kepesertaan", _members({}, *[{} for _ in range(after)])).splitlines()
    lines.insert(2, lines[1].replace("Budi", '"Budi').replace("K0", "K9999"))
    result = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
        write_bytes(registry.folder, "kepesertaan.csv", "\n".join(lines).encode()),
    )

    if result.rejected_files:
        assert "Tanda kutip dibuka pada baris 3" in result.rejected_files[0].reason
    else:
        info = result.tables["kepesertaan"]
        assert info.rows + info.rejected == after + 2
        assert result.rejected[0].line == 3


# Workbooks


def _book(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> SourceFile:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(place, column, cell)
                    else:
                        sheet.write(place, column, cell)
    return SourceFile(path.name, path)


def _with(registry: Registry, **changes: object) -> SourceFile:
    cells = {**row("kepesertaan"), **changes}
    return _book(
        registry.folder / "kepesertaan.xlsx", {"kepesertaan": [list(cells), list(cells.values())]}
    )


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (3171010101900000, "nik_scientific"),
        (9271010101900001, "nik_scientific"),
        (317101010190001, "nik_15"),
    ],
)
def test_a_nik_kept_as_a_number_is_not_trusted(registry: Registry, number: int, code: str) -> None:
    result = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]), _with(registry, nik=number)
    )

    assert only(result).code == code


def test_a_number_whose_sixteenth_digit_is_still_there_is_read(registry: Registry) -> None:
    result = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
        _with(registry, nik=3171010101900001),
    )

    assert registry.table(result, "kepesertaan")[0]["nik"] == "3171010101900001"


def test_date_cells_and_number_cells_are_read_and_dates_are_said(registry: Registry) -> None:
    result = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
        _with(registry, tgl_mulai=datetime(2020, 2, 1), upah=5_000_000),  # noqa: DTZ001 - a cell
    )

    plain = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[row("kepesertaan")])
    assert result.snapshot_id == plain.snapshot_id
    said = [(one.column, one.what) for one in result.assumptions]
    assert said == [("tgl_mulai", "sel tanggal lembar kerja dibaca sebagai tanggal")]


def test_a_fraction_in_a_number_cell_is_not_read_as_thousands(registry: Registry) -> None:
    result = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]), _with(registry, upah=1.234)
    )

    assert only(result).code in {"number_comma", "number_fraction"}


def test_a_sheet_of_another_name_is_taken_by_its_file_name_when_alone(registry: Registry) -> None:
    file = _book(
        registry.folder / "pemberi_kerja.xlsx",
        {"Sheet1": [list(EMPLOYER), list(EMPLOYER.values())]},
    )

    result = registry.bring(file)

    assert result.tables["pemberi_kerja"].rows == 1
    assert "nama berkas" in result.assumptions[0].what


def test_a_sheet_that_is_no_table_is_refused_and_the_others_are_read(registry: Registry) -> None:
    file = _book(
        registry.folder / "semua.xlsx",
        {"pemberi_kerja": [list(EMPLOYER), list(EMPLOYER.values())], "petunjuk": [["isi di sini"]]},
    )

    result = registry.bring(file)

    assert result.tables["pemberi_kerja"].rows == 1
    assert [one.file for one in result.rejected_files] == ["semua.xlsx [petunjuk]"]


# Refusals

HEADING = ",".join(EMPLOYER).encode()


def _zip(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


REFUSED = {
    "empty": ("pemberi_kerja.csv", b"", "kosong"),
    "only line ends": ("pemberi_kerja.csv", b"\n\n\r\n", "kosong"),
    "only a heading": ("pemberi_kerja.csv", HEADING + b"\n", "hanya berisi baris judul"),
    "another table": ("tabel_lain.csv", HEADING + b"\n1\n", "bukan nama tabel"),
    "missing column": (
        "pemberi_kerja.csv",
        HEADING.replace(b",skala", b"") + b"\n" + b",".join([b"x"] * 14) + b"\n",
        "Kolom skala tidak ada",
    ),
    "heading of another table": (
        "tagihan.csv",
        HEADING + b"\n" + b",".join([b"x"] * 15) + b"\n",
        "Kolom blth",
    ),
    "no heading": ("pemberi_kerja.csv", b"1,2,3\n4,5,6\n", "Baris judul"),
    "a column twice": (
        "pemberi_kerja.csv",
        HEADING + b",npp\n" + b",".join([b"x"] * 16) + b"\n",
        "lebih dari sekali",
    ),
    "UTF-16": ("pemberi_kerja.csv", "npp,divisi\n1,2\n".encode("utf-16"), "UTF-16"),
    "no encoding we know": (
        "pemberi_kerja.csv",
        HEADING + b"\n" + b"\x81\x8d\x8f" + b",x" * 14 + b"\n",
        "Pengodean",
    ),
    "zero bytes": ("pemberi_kerja.csv", b"npp\x00divisi\n", "bukan teks"),
    "a PDF": ("pemberi_kerja.csv", b"%PDF-1.7\n...", "PDF"),
    "an old workbook": ("pemberi_kerja.xlsx", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, ".xls"),
    "a picture": ("pemberi_kerja.xlsx", b"\x89PNG\r\n\x1a\n", "PNG"),
    "a web page": ("pemberi_kerja.csv", b"<html><body>login</body></html>", "halaman web"),
    "another archive": ("pemberi_kerja.xlsx", _zip(word__document_xml=b"<a/>"), "bukan XLSX"),
    "a cut workbook": ("pemberi_kerja.xlsx", _zip(xl__workbook_xml=b"<a/>")[:-30], "rusak"),
    "no workbook inside": ("pemberi_kerja.xlsx", _zip(xl__workbook_xml=b"<a/>"), "tidak dapat"),
    "cut Parquet": ("pemberi_kerja.parquet", b"PAR1" + b"\x00" * 100, "Parquet rusak"),
}


@pytest.mark.parametrize(("name", "content", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_of_no_use_is_refused_with_a_sentence(
    registry: Registry, name: str, content: bytes, words: str
) -> None:
    result = registry.bring(write_bytes(registry.folder, name, content))

    assert result.snapshot_id is None
    assert result.tables == {}
    [refused] = result.rejected_files
    assert refused.file.startswith(name)
    assert words in refused.reason


def test_a_refused_file_does_not_keep_the_others_out(registry: Registry) -> None:
    result = registry.bring(
        write_bytes(registry.folder, "tagihan.csv", b""),
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
    )

    assert result.snapshot_id is not None
    assert [one.file for one in result.rejected_files] == ["tagihan.csv"]


def test_two_files_for_one_table_are_both_refused(registry: Registry) -> None:
    first = write_csv(registry.folder, "pemberi_kerja", [EMPLOYER])
    second = SourceFile("pemberi_kerja-2.csv", first.path)

    result = registry.bring(first, second)

    assert result.snapshot_id is None
    assert [one.file for one in result.rejected_files] == [first.name, second.name]
    assert "lebih dari sekali" in result.rejected_files[0].reason


def test_a_text_file_named_as_a_workbook_is_read_as_what_it_is(registry: Registry) -> None:
    csv_file = write_csv(registry.folder, "pemberi_kerja", [EMPLOYER])

    result = registry.bring(SourceFile("pemberi_kerja.xlsx", csv_file.path))

    assert result.tables["pemberi_kerja"].rows == 1


# Bombs


def test_a_workbook_that_unpacks_to_two_hundred_megabytes_is_refused_unread(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the workbook was parsed")

    monkeypatch.setattr(workbook, "open_workbook", never)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(200):
                sheet.write(b" " * 1_000_000)

    result = registry.bring(write_bytes(registry.folder, "pemberi_kerja.xlsx", out.getvalue()))

    assert "terlalu besar" in result.rejected_files[0].reason


def test_a_workbook_that_lies_about_its_sizes_is_refused(registry: Registry) -> None:
    content = bytearray(_zip(xl__workbook_xml=b"<a/>", xl__sheet_xml=b" " * 5_000_000))
    for place in range(len(content) - 4):
        if content[place : place + 4] == (5_000_000).to_bytes(4, "little"):
            content[place : place + 4] = (5_000).to_bytes(4, "little")

    result = registry.bring(write_bytes(registry.folder, "pemberi_kerja.xlsx", bytes(content)))

    assert "tidak jujur" in result.rejected_files[0].reason


def test_two_cells_at_the_ends_of_the_world_cost_a_file_and_not_the_run(
    registry: Registry,
) -> None:
    path = registry.folder / "kepesertaan.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("kepesertaan")
        sheet.write_string(0, 0, "npp")
        sheet.write_string(1_048_575, 16_383, "x")

    result = registry.bring(
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]), SourceFile(path.name, path)
    )

    assert result.tables["pemberi_kerja"].rows == 1
    assert [one.file.split(" ")[0] for one in result.rejected_files] == ["kepesertaan.xlsx"]
