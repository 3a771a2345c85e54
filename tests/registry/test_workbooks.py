"""Cells and sheets of workbooks: numbers, dates, names."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from app.registry.schemas import SourceFile
from tests.registry.extracts import (
    Registry,
    only,
    row,
    write_csv,
)

EMPLOYER = row("pemberi_kerja")


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
