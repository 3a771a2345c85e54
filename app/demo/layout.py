"""Columns of the extract tables, and the cells that are written otherwise than they are meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto


class Kind(Enum):
    """`LOOSE_DAY` holds days and, rarely, what is none: stored as text where types are strict."""

    TEXT = auto()
    NUMBER = auto()
    DAY = auto()
    LOOSE_DAY = auto()


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell whose written form is unusual; `value` is what it means."""

    text: str
    value: int | date

    def __str__(self) -> str:
        return self.text


Cell = str | int | date | Shown | None
Row = tuple[Cell, ...]

# fmt: off
LAYOUT: Mapping[str, Mapping[str, Kind]] = {
    "pemberi_kerja": {
        "npp": Kind.TEXT, "divisi": Kind.TEXT, "nama": Kind.TEXT, "bentuk": Kind.TEXT,
        "npwp": Kind.TEXT, "nib": Kind.TEXT, "kbli": Kind.TEXT, "skala": Kind.TEXT,
        "kelas_jkk": Kind.NUMBER, "alamat": Kind.TEXT, "kode_wilayah": Kind.TEXT,
        "kantor_cabang": Kind.TEXT, "tgl_daftar": Kind.LOOSE_DAY, "status": Kind.TEXT,
        "program": Kind.TEXT,
    },
    "kepesertaan": {
        "npp": Kind.TEXT, "divisi": Kind.TEXT, "kpj": Kind.TEXT, "nik": Kind.TEXT,
        "nama": Kind.TEXT, "tgl_lahir": Kind.LOOSE_DAY, "tgl_mulai": Kind.DAY,
        "tgl_akhir": Kind.DAY, "sebab_akhir": Kind.TEXT, "upah": Kind.NUMBER,
        "program": Kind.TEXT, "kanal": Kind.TEXT,
    },
    "tagihan": {
        "npp": Kind.TEXT, "divisi": Kind.TEXT, "blth": Kind.TEXT, "program": Kind.TEXT,
        "tk": Kind.NUMBER, "dasar_upah": Kind.NUMBER, "jumlah": Kind.NUMBER,
    },
    "pembayaran": {
        "npp": Kind.TEXT, "divisi": Kind.TEXT, "blth": Kind.TEXT, "program": Kind.TEXT,
        "tgl_bayar": Kind.LOOSE_DAY, "jumlah": Kind.NUMBER, "kode_iuran": Kind.TEXT,
    },
    "sumber_pemberi_kerja": {
        "sumber": Kind.TEXT, "id_sumber": Kind.TEXT, "nama": Kind.TEXT, "npwp": Kind.TEXT,
        "nib": Kind.TEXT, "kbli": Kind.TEXT, "alamat": Kind.TEXT, "kode_wilayah": Kind.TEXT,
        "jumlah_tk": Kind.NUMBER, "skala": Kind.TEXT, "tgl_data": Kind.LOOSE_DAY,
    },
    "sumber_pekerja": {
        "sumber": Kind.TEXT, "id_sumber": Kind.TEXT, "nik": Kind.TEXT, "nama": Kind.TEXT,
        "tgl_lahir": Kind.LOOSE_DAY, "tgl_mulai": Kind.DAY, "upah": Kind.NUMBER,
        "tgl_data": Kind.DAY,
    },
}
# fmt: on
TABLES = tuple(LAYOUT)


def column(table: str, name: str) -> int:
    return list(LAYOUT[table]).index(name)


def with_cell(table: str, row: Row, name: str, cell: Cell) -> Row:
    at = column(table, name)
    return (*row[:at], cell, *row[at + 1 :])
