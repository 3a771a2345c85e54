"""Rows the importer must reject, each made beside the good row it was copied from."""

from collections.abc import Callable
from datetime import timedelta

from app.demo import identifiers
from app.demo.billing import PROGRAMMES
from app.demo.layout import Row, column, with_cell
from app.demo.model import Planted
from app.demo.scene import Scene
from app.law.month import Month

Tables = dict[str, list[Row]]
Spoil = Callable[[Scene, Tables], None]
_BEFORE_ANY_BILL = 40


def _add(scene: Scene, tables: Tables, table: str, row: Row, *, reason: str, note: str) -> None:
    tables[table].append(row)
    ours = table in _OURS
    scene.truth.append(
        Planted(
            kind="dirt",
            rule="",
            pattern=reason,
            note=note,
            npp=str(row[0]) if ours else "",
            divisi=str(row[1]) if ours else "",
            sumber="" if ours else str(row[0]),
            id_sumber="" if ours else str(row[1]),
            table=table,
            row=len(tables[table]) - 1,
        )
    )


def _altered(table: str, name: str, cell: str | int, reason: str, note: str) -> Spoil:
    """Copy the table's last row with one cell that cannot be."""

    def spoil(scene: Scene, tables: Tables) -> None:
        if tables[table]:
            row = with_cell(table, tables[table][-1], name, cell)
            _add(scene, tables, table, row, reason=reason, note=note)

    return spoil


def _new_employer(name: str, cell: str | int, reason: str, note: str) -> Spoil:
    """Add an employer that has nothing else, with one cell that cannot be."""

    def spoil(scene: Scene, tables: Tables) -> None:
        npp = f"AX{scene.number() % 10**6:06d}"
        row = with_cell("pemberi_kerja", tables["pemberi_kerja"][0], "npp", npp)
        row = with_cell("pemberi_kerja", row, name, cell)
        _add(scene, tables, "pemberi_kerja", row, reason=reason, note=note)

    return spoil


def _new_source(name: str, cell: str | int, reason: str, note: str) -> Spoil:
    """Add an outside record that nothing else refers to, with one cell that cannot be."""

    def spoil(scene: Scene, tables: Tables) -> None:
        if not tables["sumber_pemberi_kerja"]:
            return
        table = "sumber_pemberi_kerja"
        row = with_cell(table, tables[table][-1], "id_sumber", f"RUSAK-{scene.number():010d}")
        _add(scene, tables, table, with_cell(table, row, name, cell), reason=reason, note=note)

    return spoil


def _damaged_nik(table: str, damage: Callable[[str], str], reason: str, note: str) -> Spoil:
    def spoil(scene: Scene, tables: Tables) -> None:
        if tables[table]:
            row = tables[table][-1]
            nik = str(row[column(table, "nik")]).removeprefix("'")
            row = with_cell(table, row, "nik", damage(nik))
            _add(scene, tables, table, row, reason=reason, note=note)

    return spoil


def _scientific(nik: str) -> str:
    return f"{nik[0]},{nik[1:6]}E+15"


def _employer_twice(scene: Scene, tables: Tables) -> None:
    row = with_cell("pemberi_kerja", tables["pemberi_kerja"][0], "alamat", "Jl. Baru No. 1")
    _add(
        scene,
        tables,
        "pemberi_kerja",
        row,
        reason="duplicate_employer",
        note="Baris kedua untuk NPP dan divisi yang sama; baris pertama yang berlaku.",
    )


def _payment_without_bill(scene: Scene, tables: Tables) -> None:
    month = Month.from_index(scene.calendar.current_month - _BEFORE_ANY_BILL)
    row: Row = (
        scene.employers[0].npp,
        "000",
        str(month),
        PROGRAMMES[0],
        (month + 1).day(10),
        125_000,
        f"{scene.number():012d}",
    )
    _add(
        scene,
        tables,
        "pembayaran",
        row,
        reason="payment_without_bill",
        note="Pembayaran untuk bulan yang tidak pernah ditagih.",
    )


def _nobodys(table: str, reason: str, note: str) -> Spoil:
    def spoil(scene: Scene, tables: Tables) -> None:
        if tables[table]:
            npp = identifiers.npp_that_is_nobodys(scene.rng)
            row = with_cell(table, tables[table][-1], "npp", npp)
            _add(scene, tables, table, row, reason=reason, note=note)

    return spoil


def _unwritten_day(scene: Scene, tables: Tables) -> None:
    """A day that only looks like one: the year came out in two digits."""
    if not tables["pembayaran"]:
        return
    day = scene.calendar.today - timedelta(days=40)
    row = with_cell("pembayaran", tables["pembayaran"][-1], "tgl_bayar", f"{day:%d}/13/{day:%Y}")
    _add(scene, tables, "pembayaran", row, reason="bad_date", note="Bulan ketiga belas tidak ada.")


_OURS = frozenset({"pemberi_kerja", "kepesertaan", "tagihan", "pembayaran"})
_SHORT = "NIK hanya 15 angka."
_EXCEL = "NIK menjadi notasi ilmiah di lembar kerja."
_NEGATIVE = "Jumlah tidak boleh negatif."
_EMPTY = "Kolom wajib kosong."

# fmt: off
SPOILS: tuple[Spoil, ...] = (
    _damaged_nik("kepesertaan", lambda nik: nik[:15], "nik_not_16_digits", _SHORT),
    _new_employer("kode_wilayah", "99.99", "unknown_code", "Kode wilayah tidak dikenal."),
    _altered("kepesertaan", "tgl_lahir", "31/02/1990", "bad_date",
             "Tanggal 31 Februari tidak ada."),
    _altered("tagihan", "jumlah", -1_250_000, "negative_amount", _NEGATIVE),
    _employer_twice,
    _payment_without_bill,
    _nobodys("kepesertaan", "employer_not_there", "Kepesertaan pada NPP yang tidak ada."),
    _damaged_nik("sumber_pekerja", _scientific, "nik_not_16_digits", _EXCEL),
    _nobodys("tagihan", "employer_not_there", "Tagihan bagi NPP yang tidak ada."),
    _new_employer("skala", "sedang", "unknown_code", "Skala usaha tidak dikenal."),
    _altered("pembayaran", "jumlah", -75_000, "negative_amount", _NEGATIVE),
    _new_source("tgl_data", "2026-02-30", "bad_date", "Tanggal 30 Februari tidak ada."),
    _damaged_nik("kepesertaan", _scientific, "nik_not_16_digits", _EXCEL),
    _altered("kepesertaan", "upah", -4_500_000, "negative_amount", _NEGATIVE),
    _new_source("sumber", "SAMSAT", "unknown_code", "Sumber tidak dikenal."),
    _altered("tagihan", "program", "JHX", "unknown_code", "Program tidak dikenal."),
    _new_employer("tgl_daftar", "00/00/0000", "bad_date", "Tanggal nol tidak ada."),
    _altered("kepesertaan", "nama", "", "value_missing", _EMPTY),
    _unwritten_day,
    _damaged_nik("sumber_pekerja", lambda nik: nik[1:], "nik_not_16_digits", _SHORT),
    _new_source("kode_wilayah", "32.00", "unknown_code", "Kode wilayah tidak dikenal."),
    _new_source("jumlah_tk", -3, "negative_amount", _NEGATIVE),
    _new_employer("nama", "", "value_missing", _EMPTY),
    _new_employer("status", "beku", "unknown_code", "Status tidak dikenal."),
)
# fmt: on
