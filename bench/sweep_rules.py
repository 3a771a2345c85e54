"""Sweep over a million memberships and 50,000 employers, against hand-written DuckDB SQL.

Both read the same Parquet files and must find the same flags with the same figures; the SQL is
what somebody would write who knows the rules, DuckDB and nothing else.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

import duckdb

from app.registry.stored import WITH_NIK
from bench.national import by_hand, ours
from bench.national.contract import Found
from bench.national.extracts import ON

EMPLOYERS: Final = 50_000
MEMBERSHIPS: Final = 1_000_000
MONTHS: Final = 24
TURNS: Final = 5
LARGEST_RATIO: Final = 1.5

Flags = set[tuple[str, str, int, int, int]]


def main() -> bool:
    """Return whether the flags are the same and the ratio is within what was promised."""
    with tempfile.TemporaryDirectory(prefix="patuh-bench-") as folder:
        place = Path(folder)
        tables = write_snapshot(place, employers=EMPLOYERS, memberships=MEMBERSHIPS)
        turns = [
            (_timed(by_hand.sweep, tables, place), _timed(ours.sweep, tables, place))
            for _ in range(TURNS)
        ]
    expected, found = turns[0][0][1], turns[0][1][1]
    ratio = median(mine / hand for (hand, _), (mine, _) in turns)
    counted: dict[str, int] = {}
    for rule, *_ in found:
        counted[rule] = counted.get(rule, 0) + 1
    print(f"sapuan {MEMBERSHIPS:,} kepesertaan, {EMPLOYERS:,} pemberi kerja: {counted}")
    print(
        f"  Patuh {min(mine for _, (mine, _) in turns):.2f} s, "
        f"SQL tangan {min(hand for (hand, _), _ in turns):.2f} s, median rasio {ratio:.2f} "
        f"(batas {LARGEST_RATIO}); temuan sama: {found == expected}"
    )
    if found != expected:
        print("  hanya Patuh:", sorted(found - expected)[:5])
        print("  hanya SQL:", sorted(expected - found)[:5])
    return found == expected and ratio <= LARGEST_RATIO


def _timed(
    sweep: Callable[..., Found], tables: dict[str, Path], place: Path
) -> tuple[float, Flags]:
    started = time.perf_counter()
    found = sweep(tables, place=place)
    seconds = time.perf_counter() - started
    return seconds, {tuple(row.values()) for row in found.flags().to_pylist()}


def write_snapshot(place: Path, *, employers: int, memberships: int) -> dict[str, Path]:
    """Write a snapshot in the contract's types, with every rule broken by some."""
    connection = duckdb.connect()
    connection.execute("SELECT setseed(0.2026)")
    tables = {}
    for table, query in _tables(employers, memberships).items():
        connection.execute(f"CREATE TABLE {table} AS {query}")
        tables[table] = place / f"{table}.parquet"
        kept = "* REPLACE (CAST(nik AS BIGINT) AS nik)" if table in WITH_NIK else "*"
        connection.execute(
            f"COPY (SELECT {kept} FROM {table}) TO '{tables[table]}' (FORMAT parquet)"
        )
    connection.close()
    return tables


def _tables(employers: int, memberships: int) -> dict[str, str]:
    each = memberships // employers
    return {
        "pemberi_kerja": f"""
            SELECT printf('N%07d', i) AS npp, '000' AS divisi,
              CASE WHEN i % 3 = 0 THEN 'CV' ELSE 'PT' END || ' Usaha ' || i AS nama,
              CASE WHEN i % 3 = 0 THEN 'CV' ELSE 'PT' END AS bentuk,
              CASE WHEN i % 10 < 8 THEN printf('%015d', 10000000 + i // 2 * 2 + i % 97 // 96) END
                AS npwp,
              CASE WHEN i % 10 > 2 THEN printf('%013d', 5000000 + i) END AS nib,
              CASE WHEN i % 20 = 0 THEN '41011' ELSE '47111' END AS kbli,
              CASE WHEN i % 50 = 0 THEN 'besar' WHEN i % 10 = 0 THEN 'menengah'
                   WHEN i % 3 = 0 THEN 'kecil' ELSE 'mikro' END AS skala,
              (i % 5 + 1)::TINYINT AS kelas_jkk, 'Jalan ' || i AS alamat,
              printf('%02d.%02d', 31 + i % 6, 1 + i % 20) AS kode_wilayah,
              printf('C%02d', i % 40) AS kantor_cabang,
              DATE '2015-07-01' + (i % 3000)::INTEGER AS tgl_daftar,
              CASE WHEN i % 100 = 7 THEN 'tutup' WHEN i % 100 = 8 THEN 'nonaktif' ELSE 'aktif' END
                AS status,
              CASE WHEN i % 50 = 0 OR i % 10 = 0 THEN
                     CASE WHEN i % 70 = 0 THEN 'JKK,JKM,JHT' ELSE 'JKK,JKM,JHT,JP' END
                   WHEN i % 3 = 0 THEN CASE WHEN i % 51 = 0 THEN 'JKK,JKM' ELSE 'JKK,JKM,JHT' END
                   ELSE 'JKK,JKM' END AS program,
              (i + 2)::INTEGER AS baris
            FROM range({employers}) t(i)""",
        "kepesertaan": f"""
            SELECT npp, divisi, printf('%011d', j) AS kpj, printf('32%014d', j) AS nik,
              'Pekerja ' || j AS nama, DATE '1980-01-01' + (j % 9000)::INTEGER AS tgl_lahir,
              greatest(tgl_daftar, DATE '2018-01-01' + (j % 1500)::INTEGER) AS tgl_mulai,
              CASE WHEN status = 'tutup' THEN DATE '2025-08-01' + (j % 30)::INTEGER
                   WHEN j % 17 = 0 THEN DATE '2025-01-01' + (j % 600)::INTEGER END AS tgl_akhir,
              CASE WHEN status = 'tutup' THEN 'phk' WHEN j % 17 = 0 THEN
                CASE WHEN j % 340 = 0 THEN 'meninggal' ELSE 'klaim_jht' END END AS sebab_akhir,
              (2500000 + j % 200 * 50000)::BIGINT AS upah, program, (j + 2)::INTEGER AS baris
            FROM (SELECT row_number() OVER (ORDER BY i, k) - 1 AS j, i FROM range({employers}) e(i),
                  range({each * 3}) r(k) WHERE k < {each} * 3 * pow((hash(i) % 1000) / 1000.0, 2))
            JOIN pemberi_kerja ON npp = printf('N%07d', i) ORDER BY ALL""",
        "tagihan": f"""
            WITH paying AS (
              SELECT npp, divisi, count(*)::INTEGER AS tk, sum(upah)::BIGINT AS dasar
              FROM kepesertaan GROUP BY ALL)
            SELECT npp, divisi, ({ON.year * 12 + ON.month - 1} - m)::INTEGER AS blth, p AS program,
              tk, dasar AS dasar_upah, (dasar * 54 // 10000)::BIGINT AS jumlah,
              row_number() OVER (ORDER BY npp, m, p)::INTEGER AS baris
            FROM paying JOIN pemberi_kerja USING (npp, divisi),
              range({MONTHS}) t(m), unnest(string_split(program, ',')) u(p) ORDER BY ALL""",
        "pembayaran": """
            SELECT npp, divisi, blth, program,
              make_date(blth // 12, blth % 12 + 1, 1) + 40 AS tgl_bayar,
              CASE WHEN hash(npp, 3) % 53 = 0 THEN jumlah // 2 ELSE jumlah END AS jumlah,
              printf('%012d', baris) AS kode_iuran, baris
            FROM tagihan
            WHERE NOT (hash(npp) % 19 = 0 AND blth >= (SELECT max(blth) FROM tagihan) - 6)
              AND hash(npp, blth) % 97 <> 0""",
        "sumber_pemberi_kerja": f"""
            WITH known AS (
              SELECT i, s, ['WLKP', 'OSS', 'DJP', 'KESEHATAN'][s + 1] AS sumber
              FROM range({employers * 11 // 10}) t(i), range(4) u(s)
              WHERE hash(i, s) % 10 < 4)
            SELECT sumber, sumber || printf('%08d', i) AS id_sumber,
              coalesce(nama, CASE WHEN i % 3 = 0 THEN 'CV' ELSE 'PT' END || ' Luar ' || i) AS nama,
              CASE WHEN hash(i, s, 1) % 5 < 3 THEN
                CASE WHEN s = 2 THEN '0' ELSE '' END || coalesce(npwp,
                  CASE WHEN p.npp IS NULL THEN printf('%015d', 90000000 + i) END) END AS npwp,
              CASE WHEN hash(i, s, 2) % 5 < 3 THEN coalesce(nib,
                CASE WHEN p.npp IS NULL THEN printf('%013d', 9000000 + i) END) END AS nib,
              kbli, 'Jalan ' || i AS alamat,
              coalesce(kode_wilayah, printf('%02d.%02d', 31 + i % 6, 1 + i % 20)) AS kode_wilayah,
              (coalesce(tk, 5) + CASE WHEN hash(i, 9) % 12 = 0 THEN coalesce(tk, 0) // 3 + 2
                ELSE 0 END)::INTEGER
                AS jumlah_tk,
              skala,
              DATE '2024-11-20' + (hash(i, s, 4) % 700)::INTEGER AS tgl_data,
              row_number() OVER (ORDER BY i, s)::INTEGER + 1 AS baris
            FROM known LEFT JOIN pemberi_kerja p ON p.npp = printf('N%07d', i)
            LEFT JOIN (SELECT npp, count(*) AS tk FROM kepesertaan WHERE tgl_akhir IS NULL
                       GROUP BY npp) USING (npp)""",
        "sumber_pekerja": """
            WITH lists AS (
              SELECT sumber, id_sumber, tgl_data, printf('N%07d', id_sumber[-8:]::INTEGER) AS npp
              FROM sumber_pemberi_kerja
              WHERE sumber IN ('DJP', 'KESEHATAN') AND hash(id_sumber) % 3 = 0)
            SELECT sumber, id_sumber,
              CASE WHEN hash(nik, 5) % 61 = 0 THEN '99' || nik[3:] ELSE nik END AS nik, nama,
              tgl_lahir, tgl_mulai,
              CASE WHEN hash(nik, 6) % 43 = 0 THEN upah * 13 // 10 ELSE upah END AS upah, tgl_data,
              row_number() OVER (ORDER BY sumber, id_sumber, kpj)::INTEGER + 1 AS baris
            FROM lists JOIN kepesertaan USING (npp)""",
    }


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
