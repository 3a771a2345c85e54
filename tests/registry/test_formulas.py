"""A formula that nobody calculated looks like an empty cell; it is said, never read as empty."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from app.registry.readers.formulas import uncalculated
from app.registry.schemas import SourceFile
from tests.registry.extracts import Registry, row, write_csv

RESULT = 987_654


def workbook(
    folder: Path, table: str, rows: list[dict[str, str]], *, calculated: bool
) -> SourceFile:
    """Write a workbook whose values that begin with `=` are formulas, with or without results."""
    path, kept = folder / f"{table}.xlsx", folder / "dihitung.xlsx"
    with xlsxwriter.Workbook(str(kept)) as book:
        sheet = book.add_worksheet(table)
        for place, cells in enumerate([list(rows[0]), *(list(one.values()) for one in rows)]):
            for column, cell in enumerate(cells):
                if cell.startswith("="):
                    sheet.write_formula(place, column, cell, None, RESULT)
                else:
                    sheet.write_string(place, column, cell)
    with zipfile.ZipFile(kept) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            after.writestr(name, text if calculated else text.replace(b"<v>987654</v>", b""))
    return SourceFile(path.name, path)


@pytest.mark.parametrize("column", ["nama", "npwp", "nib", "alamat", "npp", "skala", "tgl_daftar"])
def test_a_formula_without_a_stored_value_is_said_with_line_and_column(
    registry: Registry, column: str
) -> None:
    rows = [row("pemberi_kerja"), {**row("pemberi_kerja", npp="AA000002"), column: "=A2&B2"}]

    result = registry.bring(workbook(registry.folder, "pemberi_kerja", rows, calculated=False))

    [said] = result.rejected
    assert (said.line, said.column, said.value) == (3, column, "=A2&B2")
    assert "rumus “=A2&B2” tanpa hasil" in said.reason
    assert result.tables["pemberi_kerja"].rows == 1


def test_a_formula_with_its_stored_value_is_read(registry: Registry) -> None:
    source = row("sumber_pekerja", upah="=2*A1")

    result = registry.bring(
        workbook(registry.folder, "sumber_pekerja", [source], calculated=True),
        write_csv(registry.folder, "sumber_pemberi_kerja", [row("sumber_pemberi_kerja")]),
    )

    assert (result.rejected, result.rejected_files) == ((), ())
    assert registry.table(result, "sumber_pekerja")[0]["upah"] == RESULT


def test_an_optional_cell_with_a_formula_is_not_read_as_empty(registry: Registry) -> None:
    rows = [row("kepesertaan", tgl_akhir="=TODAY()")]

    result = registry.bring(
        workbook(registry.folder, "kepesertaan", rows, calculated=False),
        write_csv(registry.folder, "pemberi_kerja", [row("pemberi_kerja")]),
    )

    assert [(one.line, one.column) for one in result.rejected] == [(2, "tgl_akhir")]


def test_a_sheet_of_nothing_but_formulas_is_rejected_line_by_line(registry: Registry) -> None:
    formulas = {column: f"=asal!{column}" for column in row("pemberi_kerja")}

    result = registry.bring(
        workbook(registry.folder, "pemberi_kerja", [formulas, formulas], calculated=False)
    )

    assert [one.line for one in result.rejected] == [2, 3]


def test_a_formula_in_any_extract_is_no_value(registry: Registry) -> None:
    result = registry.bring_rows(pemberi_kerja=[row("pemberi_kerja", nama="'=1+1")])

    [said] = result.rejected
    assert (said.line, said.column) == (2, "nama")


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ('<c r="B2"><f>A2*2</f></c>', "=A2*2"),
        ('<c r="B2" s="1"><f>A2*2</f><v/></c>', "=A2*2"),
        ('<c r="B2"><f>A2*2</f><v></v></c>', "=A2*2"),
        ('<x:c r="B2"><x:f t="shared" si="0"/></x:c>', "="),
        ('<c r="B2"><f>A2&amp;"x"</f></c>', '=A2&"x"'),
        ('<c r="B2"><f>A2*2</f><v>4</v></c>', ""),
        ('<c r="B2" t="str"><f>A2</f><v></v></c>', ""),
        ('<c r="B2"><v>4</v></c>', ""),
        ('<c r="B2"/><c r="C2"><f>1</f><v>1</v></c>', ""),
    ],
)
def test_only_a_formula_without_a_result_is_found(tmp_path: Path, cell: str, seen: str) -> None:
    path = tmp_path / "buku.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "xl/workbook.xml",
            '<workbook xmlns="m" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships"><sheets><sheet name="kepesertaan" r:id="rId1"/></sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="p"><Relationship Id="rId1" Target="/xl/worksheets/s.xml"/>'
            "</Relationships>",
        )
        book.writestr("xl/worksheets/s.xml", f'<row r="2"><c r="A2"/>{cell}</row>')

    found = uncalculated(path).get("kepesertaan", {})

    assert found == ({2: {1: seen}} if seen else {})
