"""What a file is, by its bytes and not by its name, and which table its name stands for."""

import re
from enum import Enum
from pathlib import Path
from typing import Final

from app.errors import Invalid
from app.registry.snapshots import TABLES

FIRST_BYTES: Final = 8192


class Shape(Enum):
    """A file that one of the readers can read."""

    DELIMITED = "csv"
    WORKBOOK = "xlsx"
    COLUMNAR = "parquet"


# First bytes of what people send by mistake -> what it is.
# fmt: off
_FOREIGN: Final = (
    (b"%PDF",               "PDF"),
    (b"\xd0\xcf\x11\xe0",   "Excel lama (.xls) atau buku kerja bersandi"),
    (b"\x1f\x8b",           "arsip gzip"),
    (b"Rar!",               "arsip RAR"),
    (b"7z\xbc\xaf",         "arsip 7-Zip"),
    (b"\x89PNG",            "gambar PNG"),
    (b"\xff\xd8\xff",       "gambar JPEG"),
    (b"<html",              "halaman web"),
    (b"<!DOCTYPE",          "halaman web"),
    (b"<!doctype",          "halaman web"),
    (b"{\\rtf",             "dokumen RTF"),
    (b"SQLite format 3",    "basis data SQLite"),
)
# fmt: on


def shape_of(path: Path) -> Shape:
    """Return what the file is.

    Raises:
        Invalid: it is empty, or something that holds no extract; the sentence says what.
    """
    try:
        with path.open("rb") as file:
            first = file.read(FIRST_BYTES)
    except OSError as error:
        raise Invalid("Berkas tidak dapat dibuka ({reason}).", reason=error.strerror) from error
    if not first.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Invalid("Berkas kosong; kirim berkas yang berisi baris judul dan data.")
    if first.startswith(b"PAR1"):
        return Shape.COLUMNAR
    if first.startswith(b"PK\x03\x04"):
        return Shape.WORKBOOK
    for start, kind in _FOREIGN:
        if first.lstrip().startswith(start):
            raise Invalid(
                "Berkas ini {kind}, bukan ekstrak; kirim CSV, XLSX, atau Parquet.", kind=kind
            )
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid("Berkas berpengodean UTF-16; simpan ulang sebagai CSV UTF-8.")
    if b"\x00" in first:
        raise Invalid("Isi berkas bukan teks; kirim CSV, XLSX, atau Parquet.")
    return Shape.DELIMITED


def table_named(text: str) -> str | None:
    """Return the table that a file or sheet name stands for: `Kepesertaan-2026-10.csv` too.

    What follows the table's name must begin with something that is not a letter.
    """
    stem = re.sub(r"\.[A-Za-z0-9]{1,8}$", "", Path(text).name)
    folded = re.sub(r"[\s-]+", "_", stem.strip().lower())
    for table in TABLES:
        if re.fullmatch(rf"{table}([^a-z].*)?", folded) and not folded.startswith(f"{table}__"):
            return table
    return None
