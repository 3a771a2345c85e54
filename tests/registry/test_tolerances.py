"""What offices really send, read and said aloud; and what is never repaired."""

from datetime import date

import pytest

from app.registry.formats.reasons import ASSUMPTIONS
from tests.registry.extracts import Registry, row, text_of, write_bytes

EMPLOYER = row("pemberi_kerja")
MARCH = 2026 * 12 + 2

# fmt: off
READ = [
    # table, column, as sent, as stored, assumption
    ("kepesertaan", "tgl_mulai", "05/02/2020", date(2020, 2, 5), "day_dmy"),
    ("kepesertaan", "tgl_mulai", "5-2-2020", date(2020, 2, 5), "day_dmy"),
    ("kepesertaan", "tgl_mulai", "05.02.2020", date(2020, 2, 5), "day_dmy"),
    ("kepesertaan", "tgl_mulai", "2020/02/05", date(2020, 2, 5), "day_ymd"),
    ("kepesertaan", "tgl_mulai", "2020-02-05 00:00:00", date(2020, 2, 5), "day_time"),
    ("kepesertaan", "tgl_mulai", "2020-02-05T10:30:00", date(2020, 2, 5), "day_time"),
    ("kepesertaan", "tgl_mulai", "20200205", date(2020, 2, 5), "day_compact"),
    ("kepesertaan", "tgl_mulai", "43866", date(2020, 2, 5), "day_serial"),
    ("kepesertaan", "tgl_mulai", "5 Februari 2020", date(2020, 2, 5), "day_words"),
    ("kepesertaan", "tgl_akhir", "9999-12-31", None, "no_end"),
    ("kepesertaan", "tgl_akhir", "-", None, "placeholder"),
    ("kepesertaan", "upah", "5.000.000", 5_000_000, "money_dots"),
    ("kepesertaan", "upah", "1.234", 1_234, "money_dots"),
    ("kepesertaan", "upah", "5.000.000,00", 5_000_000, "money_dots"),
    ("kepesertaan", "upah", "Rp5.000.000", 5_000_000, "money_dots"),
    ("kepesertaan", "upah", "Rp 5.000.000,-", 5_000_000, "money_dots"),
    ("kepesertaan", "upah", "IDR 5000000", 5_000_000, "money_symbol"),
    ("kepesertaan", "upah", "5,000,000", 5_000_000, "money_commas"),
    ("kepesertaan", "upah", "5000000.00", 5_000_000, "money_cents"),
    ("kepesertaan", "upah", "5000000,0", 5_000_000, "money_cents"),
    ("kepesertaan", "nik", "'3171010101900001", "3171010101900001", "apostrophe"),
    ("kepesertaan", "nik", "\u00a03171010101900001 ", "3171010101900001", "spaces"),
    ("kepesertaan", "nik", "3171 0101 0190 0001", "3171010101900001", "spaces"),
    ("kepesertaan", "nama", "  Budi   Santoso ", "Budi Santoso", "spaces"),
    ("kepesertaan", "nama", "Budi\u200b Santoso", "Budi Santoso", "spaces"),
    ("kepesertaan", "nama", "Budi\u202eSantoso", "Budi Santoso", "spaces"),
    ("kepesertaan", "npp", "aa000001", "AA000001", "code_case"),
    ("kepesertaan", "sebab_akhir", "Mengundurkan Diri", "mengundurkan_diri", "code_case"),
    ("kepesertaan", "program", "JHT; JKK & JKM", "JKK,JKM,JHT", "programme_order"),
    ("kepesertaan", "program", "jkk,jkm,jht,jp,jkp", "JKK,JKM,JHT,JP", "programme_jkp"),
    ("pemberi_kerja", "skala", "KECIL", "kecil", "code_case"),
    ("pemberi_kerja", "kelas_jkk", "III", 3, "class_roman"),
    ("pemberi_kerja", "kode_wilayah", "3171", "31.71", "region_plain"),
    ("pemberi_kerja", "kode_wilayah", "31.71.01", "31.71", "region_shortened"),
    ("pemberi_kerja", "npwp", "01.234.567.8-901.000", "012345678901000", "number_punctuation"),
    ("pemberi_kerja", "npwp", "000000000000000", None, "number_zeros"),
    ("pemberi_kerja", "npwp", "1234567", "1234567", "number_length"),
    ("pemberi_kerja", "npwp", "1,23457E+14", None, "number_dropped"),
    ("pemberi_kerja", "nib", "n/a", None, "placeholder"),
    ("tagihan", "blth", "03-2026", MARCH, "month_my"),
    ("tagihan", "blth", "03/2026", MARCH, "month_my"),
    ("tagihan", "blth", "2026/03", MARCH, "month_ym"),
    ("tagihan", "blth", "2026-3", MARCH, "month_ym"),
    ("tagihan", "blth", "202603", MARCH, "month_compact"),
    ("tagihan", "blth", "2026-03-01", MARCH, "month_day"),
    ("tagihan", "blth", "01/03/2026", MARCH, "month_day"),
    ("tagihan", "blth", "Maret 2026", MARCH, "month_words"),
]
# fmt: on


@pytest.mark.parametrize(
    ("table", "column", "sent", "stored", "assumed"), READ, ids=[f"{a[1]}={a[2]!r}" for a in READ]
)
def test_a_value_written_in_another_way_is_read_and_said(
    registry: Registry, table: str, column: str, sent: str, stored: object, assumed: str
) -> None:
    result = registry.bring_tables(
        {"pemberi_kerja": [EMPLOYER]} | {table: [row(table, **{column: sent})]}
    )

    assert result.rejected == ()
    assert registry.table(result, table)[0][column] == stored
    said = [(one.table, one.column, one.what, one.count) for one in result.assumptions]
    assert said == [(table, column, ASSUMPTIONS[assumed], 1)]


# fmt: off
AGREED = [
    ("kepesertaan", "nik", "0171010101900001", "0171010101900001"),
    ("kepesertaan", "nama", "Siti Nurhaliza, S.E.", "Siti Nurhaliza, S.E."),
    ("kepesertaan", "nama", "José D’Almeida", "José D’Almeida"),
    ("kepesertaan", "upah", "0", 0),
    ("kepesertaan", "upah", "999999999999999", 999_999_999_999_999),
    ("kepesertaan", "tgl_lahir", "1900-01-01", date(1900, 1, 1)),
    ("kepesertaan", "tgl_akhir", "2024-02-29", date(2024, 2, 29)),
    ("kepesertaan", "divisi", "000", "000"),
    ("pemberi_kerja", "npwp", "0123456789010000", "0123456789010000"),
    ("pemberi_kerja", "bentuk", "", None),
    ("pemberi_kerja", "npp", "PE123456", "PE123456"),
    ("tagihan", "blth", "1977-01", 1977 * 12),
]
# fmt: on


@pytest.mark.parametrize(
    ("table", "column", "sent", "stored"), AGREED, ids=[f"{a[1]}={a[2]!r}" for a in AGREED]
)
def test_a_value_written_as_agreed_is_stored_without_a_word(
    registry: Registry, table: str, column: str, sent: str, stored: object
) -> None:
    result = registry.bring_tables(
        {"pemberi_kerja": [EMPLOYER]} | {table: [row(table, **{column: sent})]}
    )

    assert (result.rejected, result.assumptions) == ((), ())
    assert registry.table(result, table)[0][column] == stored


def test_columns_in_brackets_may_be_left_out(registry: Registry) -> None:
    bare = {k: v for k, v in row("kepesertaan").items() if k not in {"tgl_akhir", "sebab_akhir"}}

    result = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[bare])

    assert result.rejected == ()
    assert registry.table(result, "kepesertaan")[0]["tgl_akhir"] is None


def _employer_bytes(
    *, name: str = "PT Maju Bersama", encoding: str = "utf-8", delimiter: str = ",", end: str = "\n"
) -> bytes:
    return text_of(
        "pemberi_kerja", [row("pemberi_kerja", nama=name)], delimiter=delimiter, end=end
    ).encode(encoding)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_delimiters_and_line_ends_do_not_change_what_is_read(
    registry: Registry, end: str, delimiter: str
) -> None:
    file = write_bytes(
        registry.folder, "pemberi_kerja.csv", _employer_bytes(delimiter=delimiter, end=end)
    )

    result = registry.bring(file)

    assert result.rejected == ()
    plain = registry.bring(write_bytes(registry.folder, "pemberi_kerja.csv", _employer_bytes()))
    assert result.snapshot_id == plain.snapshot_id


def test_windows_1252_is_read_and_said(registry: Registry) -> None:
    content = _employer_bytes(name="PT Café Ménteng", encoding="cp1252")

    result = registry.bring(write_bytes(registry.folder, "pemberi_kerja.csv", content))

    assert registry.table(result, "pemberi_kerja")[0]["nama"] == "PT Café Ménteng"
    assert [one.what for one in result.assumptions] == [ASSUMPTIONS["windows_1252"]]


def test_a_byte_order_mark_is_left_out_and_said(registry: Registry) -> None:
    content = _employer_bytes(encoding="utf-8-sig")

    result = registry.bring(write_bytes(registry.folder, "pemberi_kerja.csv", content))

    assert result.rejected == ()
    assert [one.what for one in result.assumptions] == [ASSUMPTIONS["bom"]]


def test_a_title_above_the_heading_is_skipped_and_lines_stay_true(registry: Registry) -> None:
    content = b"Data Pemberi Kerja\nper Oktober 2026\n" + _employer_bytes()

    result = registry.bring(write_bytes(registry.folder, "pemberi_kerja.csv", content))

    assert registry.table(result, "pemberi_kerja")[0]["baris"] == 4
    assert "baris 3" in result.assumptions[0].what


def test_columns_we_do_not_know_are_left_out_and_named(registry: Registry) -> None:
    result = registry.bring_rows(pemberi_kerja=[{"catatan": "x", **EMPLOYER, "Kota Lama": "y"}])

    assert result.rejected == ()
    assert "catatan, kota_lama" in result.assumptions[0].what


def test_heading_names_may_have_capitals_and_spaces(registry: Registry) -> None:
    content = (
        _employer_bytes().replace(b"kantor_cabang", b" Kantor Cabang ").replace(b"npp", b"NPP")
    )

    result = registry.bring(write_bytes(registry.folder, "pemberi_kerja.csv", content))

    assert result.tables["pemberi_kerja"].rows == 1
