"""Files of no use are refused with a sentence, the dangerous ones unread."""

import io
import zipfile

import pytest
import xlsxwriter

from app.registry.readers import workbook
from app.registry.schemas import SourceFile
from tests.registry.extracts import (
    Registry,
    row,
    write_bytes,
    write_csv,
)

EMPLOYER = row("pemberi_kerja")


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
