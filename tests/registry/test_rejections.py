"""Rows that do not come in: each kind once, with table, line, column, value and reason."""

import pytest

from tests.registry.extracts import Registry, only, row

EMPLOYER = row("pemberi_kerja")

# fmt: off
WRONG = [
    # table, column, value, code
    ("kepesertaan", "nik", "317101010190001", "nik_15"),
    ("kepesertaan", "nik", "31710101019000011", "nik_length"),
    ("kepesertaan", "nik", "3.17101E+15", "nik_scientific"),
    ("kepesertaan", "nik", "3,17101E+15", "nik_scientific"),
    ("kepesertaan", "nik", "0000000000001e15", "nik_scientific"),
    ("kepesertaan", "nik", "1000000000000e03", "nik_scientific"),
    ("kepesertaan", "nik", "1000000000000E03", "nik_scientific"),
    ("kepesertaan", "nik", "0x38D7FA4C680001", "nik_characters"),
    ("kepesertaan", "nik", "317101010190000X", "nik_characters"),
    ("kepesertaan", "nik", "+171010101900001", "nik_characters"),
    ("kepesertaan", "nik", "31.7101010190001", "nik_characters"),
    ("kepesertaan", "nik", "0000000000000000", "nik_zeros"),
    ("kepesertaan", "nik", "", "missing"),
    ("kepesertaan", "nama", "", "missing"),
    ("kepesertaan", "nama", " - ", "missing"),
    ("kepesertaan", "kpj", "2E+10", "scientific"),
    ("kepesertaan", "tgl_lahir", "1990-02-30", "day_none"),
    ("kepesertaan", "tgl_lahir", "1899-12-31", "day_none"),
    ("kepesertaan", "tgl_lahir", "2100-13-01", "day_none"),
    ("kepesertaan", "tgl_lahir", "31/02/1990", "day_none"),
    ("kepesertaan", "tgl_lahir", "01/02/90", "day_short"),
    ("kepesertaan", "tgl_lahir", "kemarin", "day_none"),
    ("kepesertaan", "tgl_akhir", "2025-99-01", "day_none"),
    ("kepesertaan", "sebab_akhir", "bosan", "unknown_code"),
    ("kepesertaan", "upah", "-1", "number_negative"),
    ("kepesertaan", "upah", "(5.000.000)", "number_negative"),
    ("kepesertaan", "upah", "5E+06", "number_scientific"),
    ("kepesertaan", "upah", "9e2", "number_scientific"),
    ("kepesertaan", "upah", "5.5", "number_fraction"),
    ("kepesertaan", "upah", "684,000", "number_comma"),
    ("kepesertaan", "upah", "lima juta", "number_unreadable"),
    ("kepesertaan", "upah", "1234567890123456", "number_too_large"),
    ("kepesertaan", "upah", "", "missing"),
    ("kepesertaan", "program", "JKK,XYZ", "unknown_code"),
    ("kepesertaan", "program", "", "missing"),
    ("pemberi_kerja", "skala", "raksasa", "unknown_code"),
    ("pemberi_kerja", "kelas_jkk", "6", "unknown_code"),
    ("pemberi_kerja", "kelas_jkk", "0", "unknown_code"),
    ("pemberi_kerja", "kode_wilayah", "99.99", "unknown_region"),
    ("pemberi_kerja", "kode_wilayah", "31.7", "unknown_region"),
    ("pemberi_kerja", "status", "pailit", "unknown_code"),
    ("pemberi_kerja", "kantor_cabang", "", "missing"),
    ("tagihan", "blth", "2026-13", "month_none"),
    ("tagihan", "blth", "2026-00", "month_none"),
    ("tagihan", "blth", "1950-01", "month_none"),
    ("tagihan", "program", "JKK,JKM", "unknown_code"),
    ("tagihan", "program", "JKP", "unknown_code"),
    ("tagihan", "jumlah", "-3420000", "number_negative"),
    ("tagihan", "tk", "dua", "number_unreadable"),
    ("sumber_pemberi_kerja", "sumber", "KORAN", "unknown_code"),
    ("sumber_pemberi_kerja", "jumlah_tk", "-4", "number_negative"),
    ("sumber_pemberi_kerja", "skala", "raksasa", "unknown_code"),
    ("sumber_pemberi_kerja", "tgl_data", "", "missing"),
    ("sumber_pekerja", "nik", "317101010190001", "nik_15"),
]
# fmt: on


@pytest.mark.parametrize(
    ("table", "column", "value", "code"), WRONG, ids=[f"{a}.{b}={c!r}" for a, b, c, _ in WRONG]
)
def test_a_wrong_value_turns_its_row_away_and_no_other(
    registry: Registry, table: str, column: str, value: str, code: str
) -> None:
    first, second = _distinct(table)
    wrong = {**second, column: value}
    tables = {"pemberi_kerja": [EMPLOYER]} | {table: [first, wrong]}

    result = registry.bring_tables(tables)

    rejection = only(result)
    assert (rejection.table, rejection.line, rejection.column) == (table, 3, column)
    assert (rejection.value, rejection.code) == (value, code)
    assert result.snapshot_id is not None
    assert (result.tables[table].rows, result.tables[table].rejected) == (1, 1)


def _distinct(table: str) -> tuple[dict[str, str], dict[str, str]]:
    changed = {
        "pemberi_kerja": {"npp": "AA000002"},
        "kepesertaan": {"kpj": "20000000002"},
        "tagihan": {"blth": "2026-04"},
        "sumber_pemberi_kerja": {"id_sumber": "WL-0002"},
        "sumber_pekerja": {"id_sumber": "WL-0002"},
    }[table]
    return row(table), row(table, **changed)


def test_the_reason_for_fifteen_digits_says_that_a_spreadsheet_lost_one(
    registry: Registry,
) -> None:
    result = registry.bring_rows(
        pemberi_kerja=[EMPLOYER], kepesertaan=[row("kepesertaan", nik="317101010190001")]
    )

    assert "15 angka" in only(result).reason
    assert "lembar kerja" in only(result).reason


def test_an_unknown_code_is_told_which_codes_there_are(registry: Registry) -> None:
    result = registry.bring_rows(pemberi_kerja=[row("pemberi_kerja", skala="raksasa")])

    assert only(result).reason == (
        "Kode “raksasa” tidak dikenal untuk kolom skala; yang berlaku: "
        "mikro, kecil, menengah, besar."
    )


def test_of_two_rows_for_an_employer_the_first_stays(registry: Registry) -> None:
    result = registry.bring_rows(
        pemberi_kerja=[EMPLOYER, row("pemberi_kerja", nama="PT Kedua"), EMPLOYER]
    )

    assert [one.line for one in result.rejected] == [3, 4]
    assert all("baris 2" in one.reason for one in result.rejected)
    assert registry.table(result, "pemberi_kerja")[0]["nama"] == "PT Maju Bersama"


def test_another_division_of_an_employer_is_another_row(registry: Registry) -> None:
    result = registry.bring_rows(pemberi_kerja=[EMPLOYER, row("pemberi_kerja", divisi="001")])

    assert result.rejected == ()


@pytest.mark.parametrize(
    "table", ["kepesertaan", "tagihan", "pembayaran", "sumber_pemberi_kerja", "sumber_pekerja"]
)
def test_a_row_that_repeats_a_key_is_turned_away(registry: Registry, table: str) -> None:
    tables = {"pemberi_kerja": [EMPLOYER], "tagihan": [row("tagihan")]}
    tables[table] = [row(table), row(table)]

    result = registry.bring_tables(tables)

    assert only(result).line == 3
    assert only(result).code.startswith("repeated_")


def test_two_payments_of_one_day_and_amount_stay_when_their_codes_differ(
    registry: Registry,
) -> None:
    result = registry.bring_rows(
        pemberi_kerja=[EMPLOYER],
        tagihan=[row("tagihan")],
        pembayaran=[row("pembayaran"), row("pembayaran", kode_iuran="123456789013")],
    )

    assert result.rejected == ()
    assert result.tables["pembayaran"].rows == 2


def test_the_same_source_employer_on_a_later_day_stays(registry: Registry) -> None:
    result = registry.bring_rows(
        sumber_pemberi_kerja=[
            row("sumber_pemberi_kerja"),
            row("sumber_pemberi_kerja", tgl_data="2026-07-31"),
        ]
    )

    assert result.tables["sumber_pemberi_kerja"].rows == 2


def test_a_payment_without_a_bill_is_turned_away(registry: Registry) -> None:
    result = registry.bring_rows(
        pemberi_kerja=[EMPLOYER],
        tagihan=[row("tagihan")],
        pembayaran=[row("pembayaran"), row("pembayaran", blth="2026-04")],
    )

    rejection = only(result)
    assert (rejection.line, rejection.column, rejection.value) == (3, "blth", "2026-04")
    assert rejection.code == "no_bill"
    assert "AA000001/000 2026-04 JHT" in rejection.reason


@pytest.mark.parametrize("table", ["kepesertaan", "tagihan"])
def test_a_row_of_an_employer_that_is_not_there_is_turned_away(
    registry: Registry, table: str
) -> None:
    result = registry.bring_tables(
        {"pemberi_kerja": [EMPLOYER], table: [row(table), row(table, npp="ZZ999999")]}
    )

    rejection = only(result)
    assert (rejection.line, rejection.value, rejection.code) == (3, "ZZ999999", "no_employer")


def test_rows_of_a_rejected_employer_say_that_it_was_rejected(registry: Registry) -> None:
    result = registry.bring_rows(
        pemberi_kerja=[EMPLOYER, row("pemberi_kerja", npp="AA000002", skala="raksasa")],
        kepesertaan=[row("kepesertaan", npp="AA000002")],
        tagihan=[row("tagihan", npp="AA000002")],
        pembayaran=[row("pembayaran", npp="AA000002")],
    )

    assert [one.code for one in result.rejected] == [
        "unknown_code",
        "employer_rejected",
        "employer_rejected",
        "bill_rejected",
    ]


def test_an_employer_sent_twice_is_not_a_rejected_employer_for_its_workers(
    registry: Registry,
) -> None:
    result = registry.bring_rows(
        pemberi_kerja=[EMPLOYER, EMPLOYER], kepesertaan=[row("kepesertaan")]
    )

    assert [one.table for one in result.rejected] == ["pemberi_kerja"]


def test_a_row_with_several_faults_counts_once_and_its_file_names_them_all(
    registry: Registry,
) -> None:
    wrong = row("kepesertaan", nik="123", upah="-5", tgl_lahir="x")
    result = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[row("kepesertaan"), wrong])

    assert only(result).column == "nik"
    assert result.tables["kepesertaan"].rejected == 1
    [written] = registry.rejected_file("kepesertaan")
    assert written["alasan"].startswith("Baris 3: ")
    for part in ("“123”", "“-5”", "“x”"):
        assert part in written["alasan"]


def test_a_rejected_row_is_written_back_as_it_was_sent(registry: Registry) -> None:
    wrong = row("kepesertaan", nik="123", nama="=cmd|' /C calc'!A0", upah="5.000.000")
    registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[wrong])

    [written] = registry.rejected_file("kepesertaan")
    assert list(written) == ["alasan", *wrong]
    assert written["nama"] == "'=cmd|' /C calc'!A0"
    assert (written["nik"], written["upah"]) == ("123", "5.000.000")


def test_no_rejections_leave_no_file_behind(registry: Registry) -> None:
    registry.bring_rows(pemberi_kerja=[row("pemberi_kerja", skala="raksasa")])

    registry.bring_rows(pemberi_kerja=[EMPLOYER])

    assert not (registry.folder / "ditolak" / "pemberi_kerja.csv").exists()


def test_all_rows_rejected_still_makes_a_snapshot_and_says_so(registry: Registry) -> None:
    result = registry.bring_rows(pemberi_kerja=[row("pemberi_kerja", skala="raksasa")])

    assert result.snapshot_id is not None
    assert result.tables["pemberi_kerja"].rows == 0
    assert "Semua baris tabel pemberi_kerja ditolak." in result.warnings
