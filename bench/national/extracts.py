"""Writes the six tables of a snapshot at a share of national size, with every rule broken by some.

Nothing is drawn: every value is a hash of what it belongs to and the seed, so that the same share
and seed give the same rows, and each table streams to its file in bounded memory.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from app.infra.columnar import connect
from app.registry.snapshots import TABLES

ON: Final = date(2026, 11, 20)
SEED: Final = 2026
# The nation: registered employers, employers that only other agencies know, and what each has.
REGISTERED: Final = 840_000
STRANGERS: Final = 1_280_000
MONTHS: Final = 13
MEMORY: Final = "3GB"
AGENCIES: Final = ("WLKP", "OSS", "DJP", "KESEHATAN")

_FIRST: Final = (
    "Maju Sumber Karya Bina Cipta Mitra Tunas Surya Bumi Citra Graha Mega Prima Multi Agung Sinar "
    "Cahaya Berkah Anugerah Duta Global Indo Nusa Puri Rajawali Satria Tirta Wahana Wira Yasa Adi "
    "Artha Bahana Dharma Eka Fajar Guna Harapan Intan Jaya Kencana Lestari Mandala Niaga Panca "
    "Putra Samudra Tri"
)
_SECOND: Final = (
    "Abadi Makmur Sentosa Mandiri Sejahtera Utama Perkasa Persada Pratama Gemilang Sakti Lestari "
    "Raya Jaya Bersama Sukses Tama Unggul Vidya Wijaya Buana Cemerlang Damai Elok Nusantara Hijau "
    "Indah Kusuma Laksana Mulia Nirwana Pertiwi Rahayu Setia Teguh Usaha Waskita Asri Baru Citra"
)
_TRADE: Final = (
    "Teknik Tekstil Pangan Logistik Konveksi Mebel Plastik Farma Agro Tani Laut Energi Media Kreasi "
    "Busana Boga Sarana Griya Metal Kimia Elektronik Otomotif Properti Wisata Edukasi Medika Kertas "
    "Kayu Baja Beton Rasa Kopi Teh Kakao Karet Sawit Gula Garam Ikan Rotan"
)
_GIVEN: Final = (
    "Budi Siti Agus Dewi Ahmad Sri Andi Rina Joko Ani Bambang Yuni Hendra Ratna Rudi Lina Eko Maya "
    "Dedi Wati Iwan Nur Yanto Tuti Arif Indah Slamet Fitri Hadi Mega"
)
_FAMILY: Final = (
    "Santoso Aminah Setiawan Lestari Wijaya Rahayu Saputra Handayani Nugroho Kusuma Hidayat Utami "
    "Pratama Wulandari Siregar Nasution Simanjuntak Tampubolon Hasibuan Lubis Ginting Putra Susanti "
    "Kurniawan Purnomo Suryadi Harahap Manurung Rangkuti Daulay"
)
_STREET: Final = (
    "Merdeka Sudirman Diponegoro Gajah Mada Ahmad Yani Pahlawan Veteran Kartini Melati Mawar Anggrek "
    "Kenanga Cendana Mangga Rambutan Pemuda Gatot Subroto Imam Bonjol Teuku Umar Raya Industri"
)
_PROVINCES: Final = (
    "31 31 31 32 32 32 32 33 33 33 35 35 35 36 36 11 12 12 13 14 15 16 17 18 19 21 34 51 52 53 61 "
    "62 63 64 65 71 72 73 73 74 75 76 81 82 91 92"
)


def write_extracts(place: Path, *, share: float, seed: int = SEED) -> dict[str, Path]:
    """Write the tables into `place` and return their files.

    `share` is that of the national number of employers; all else follows from theirs.
    """
    place.mkdir(parents=True, exist_ok=True)
    tables = {table: place / f"{table}.parquet" for table in TABLES}
    connection = connect(scratch=place / "spill", memory=MEMORY)
    try:
        # In order, so that the same seed gives the same file and not only the same rows.
        connection.execute("SET preserve_insertion_order = true; SET enable_progress_bar = false")
        for statement in _firms(share, seed):
            connection.execute(statement)
        for table, query in _tables(seed).items():
            connection.execute(f"COPY ({query}) TO '{tables[table]}' (FORMAT parquet)")
    finally:
        connection.close()
    return tables


def counted(tables: Mapping[str, Path]) -> dict[str, int]:
    """Return how many rows each file has."""
    with duckdb.connect() as connection:
        return {
            table: connection.read_parquet(str(path)).aggregate("count(*)").fetchall()[0][0]
            for table, path in tables.items()
        }


def _h(seed: int, *of: object) -> str:
    return f"hash({', '.join(map(str, (*of, seed)))})"


def _word(words: str, number: str) -> str:
    each = words.split()
    return f"[{', '.join(repr(one) for one in each)}][(({number}) % {len(each)} + 1)::BIGINT]"


def _firms(share: float, seed: int) -> tuple[str, ...]:
    """Return what makes `firm`, one row per employer of the land, and where its lines begin.

    Sizes have a heavy tail, as in life: half of all employers are tiny, some have thousands. `n`
    are the cards of a registered employer, the workers of another.
    """
    registered, strangers = max(round(REGISTERED * share), 50), max(round(STRANGERS * share), 50)
    u = f"(({_h(seed, 'w', 11)} % 1000000 + 1) / 1000001.0)"
    name = (
        f"{_word(_FIRST, _h(seed, 'w', 21))} || ' ' || {_word(_SECOND, _h(seed, 'w', 22))} || ' ' || "
        f"{_word(_TRADE, _h(seed, 'w', 23))}"
    )
    return (
        f"""
        CREATE TABLE sized AS
        SELECT w, w < {registered} AS here,
          least(CASE WHEN w < {registered} THEN 30000 ELSE 2000 END,
            1 + (pow({u}, -0.85) - 1) * CASE WHEN w < {registered} THEN 12.9 ELSE 1.3 END)::INTEGER
            AS n,
          printf('N%08d', w) AS npp, {name} AS usaha,
          CASE WHEN {_h(seed, "w", 1)} % 10 < 5 THEN 'PT' WHEN {_h(seed, "w", 1)} % 10 < 8 THEN 'CV'
               WHEN {_h(seed, "w", 1)} % 10 < 9 THEN 'UD' ELSE 'Koperasi' END AS bentuk,
          {_word(_PROVINCES, _h(seed, "w", 2))} || printf('.%02d', 1 + {_h(seed, "w", 3)} % 14)
            AS kode_wilayah,
          'Jl. ' || {_word(_STREET, _h(seed, "w", 4))} || ' No. ' || (1 + {_h(seed, "w", 5)} % 240)
            AS alamat,
          -- Every fortieth belongs to the legal person before it.
          printf('%015d', 10000000000 + (w - (w % 40 = 39)::INTEGER) * 37) AS npwp,
          printf('%013d', 8000000000000 + w * 41) AS nib,
          CASE WHEN {_h(seed, "w", 6)} % 14 = 0 THEN '41011'
               ELSE printf('%05d', 10110 + {_h(seed, "w", 6)} % 850 * 100) END AS kbli,
          DATE '2014-07-01' + ({_h(seed, "w", 7)} % 3600)::INTEGER AS tgl_daftar,
          CASE WHEN {_h(seed, "w", 8)} % 100 = 7 THEN 'tutup'
               WHEN {_h(seed, "w", 8)} % 100 = 8 THEN 'nonaktif' ELSE 'aktif' END AS status,
          ({_h(seed, "w", 9)} % 5 + 1)::TINYINT AS kelas_jkk,
          {_h(seed, "w", 31)} % 100 < 8 AS hides_workers, {_h(seed, "w", 32)} % 100 < 8 AS hides_pay,
          {_h(seed, "w", 33)} % 100 < 6 AS lets_lapse, {_h(seed, "w", 34)} % 100 < 5 AS drops_one,
          CASE WHEN {_h(seed, "w", 35)} % 100 < 7 THEN 1 + {_h(seed, "w", 35)} % 11 ELSE 0 END
            AS unpaid_months
        FROM range({registered + strangers}) t(w)
        """,
        f"""
        CREATE TABLE firm AS
        SELECT *, coalesce(sum(n) OVER before, 0)::BIGINT AS first_card,
          coalesce(sum(CASE WHEN here THEN {MONTHS} * programmes ELSE 0 END) OVER before, 0)::BIGINT
            AS first_bill
        FROM (SELECT *, len(string_split(program, ',')) AS programmes
          FROM (SELECT *,
            CASE skala
              WHEN 'mikro' THEN CASE WHEN drops_one THEN 'JKK' ELSE 'JKK,JKM,JHT' END
              WHEN 'kecil' THEN CASE WHEN drops_one THEN 'JKK,JKM' ELSE 'JKK,JKM,JHT,JP' END
              ELSE CASE WHEN drops_one THEN 'JKK,JKM,JHT' ELSE 'JKK,JKM,JHT,JP' END END AS program
            FROM (SELECT *, CASE WHEN n < 5 THEN 'mikro' WHEN n < 20 THEN 'kecil'
              WHEN n < 100 THEN 'menengah' ELSE 'besar' END AS skala FROM sized)))
        WINDOW before AS (ORDER BY w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        ORDER BY w
        """,
        "DROP TABLE sized",
        "CREATE TABLE whole AS SELECT sum(n)::BIGINT AS cards FROM firm WHERE here",
    )


def _person(seed: int, number: str) -> dict[str, str]:
    """Return what is known of the person of a number, the same wherever it is met."""
    scrambled = f"(({number}) * 7919 % 9999999967)"
    return {
        "nik": f"printf('%02d0101%010d', 11 + {_h(seed, number, 41)} % 80, {scrambled})",
        "nama": f"{_word(_GIVEN, _h(seed, number, 42))} || ' ' || {_word(_FAMILY, _h(seed, number, 43))}",
        "tgl_lahir": f"DATE '1964-01-01' + ({_h(seed, number, 44)} % 15000)::INTEGER",
    }


def _cards(seed: int) -> str:
    """Return the cards of registered employers, `card` counted over the land.

    One person in thirty has the card of somebody counted elsewhere: a second job, or a new one.
    """
    ends = f"{_h(seed, 'card', 53)} % 8 = 0"
    return f"""
        SELECT *, CASE WHEN status = 'tutup'
            THEN greatest(tgl_mulai, DATE '2025-03-01' + ({_h(seed, "card", 54)} % 120)::INTEGER)
          WHEN {ends} THEN greatest(tgl_mulai + 20, DATE '2024-06-01'
            + ({_h(seed, "card", 54)} % 600)::INTEGER) END AS tgl_akhir,
          CASE WHEN status = 'tutup' THEN 'phk' WHEN {ends} THEN
            CASE {_h(seed, "card", 55)} % 40 WHEN 0 THEN 'meninggal' WHEN 1 THEN 'phk'
                 WHEN 2 THEN 'pensiun' ELSE 'klaim_jht' END END AS sebab_akhir
        FROM (SELECT *, first_card + k AS card,
            CASE WHEN {_h(seed, "first_card + k", 51)} % 30 = 0
              THEN ((first_card + k) * 31 + 7) % cards ELSE first_card + k END AS person,
            greatest(tgl_daftar, DATE '2016-01-01'
              + ({_h(seed, "first_card + k", 52)} % 3600)::INTEGER) AS tgl_mulai,
            ((22 + {_h(seed, "first_card + k", 56)} % 60 + CASE WHEN n > 100 THEN 15 ELSE 0 END)
              * 100000)::BIGINT AS upah
          FROM (SELECT *, unnest(range(n)) AS k FROM firm WHERE here), whole)
    """


def _bills() -> str:
    rates = "CASE p WHEN 'JKK' THEN 54 WHEN 'JKM' THEN 30 WHEN 'JHT' THEN 570 ELSE 300 END"
    return f"""
        SELECT *, (first_bill + back * programmes + nth)::INTEGER AS line,
          ({ON.year * 12 + ON.month - 2} - back)::INTEGER AS blth,
          n * (38 + w % 20) * 100000::BIGINT AS dasar,
          n * (38 + w % 20) * 10::BIGINT * {rates} AS jumlah
        FROM (SELECT *, string_split(program, ',')[nth + 1] AS p
          FROM (SELECT *, unnest(range(programmes)) AS nth
            FROM (SELECT *, unnest(range({MONTHS})) AS back FROM firm
                  WHERE here AND status <> 'tutup')))
    """


def _is_known(seed: int, agency: str) -> str:
    """Say whether an agency knows the employer `w`; strangers are met less often."""
    return f"({_h(seed, 'w', agency, 72)} % 100 < CASE WHEN here THEN 58 ELSE 20 END)"


def _seen(seed: int, agencies: str) -> str:
    """Return what an agency calls its record, and the day on which it was taken."""
    return f"""
        SELECT *, {list(AGENCIES)}[agency + 1] AS sumber,
          {list(AGENCIES)}[agency + 1] || printf('%09d', w) AS id_sumber,
          DATE '2025-02-01' + ({_h(seed, "w", "agency", 71)} % 600)::INTEGER AS tgl_data
        FROM ({agencies})
    """


def _known(seed: int) -> str:
    return _seen(
        seed,
        f"""SELECT *, unnest(list_filter(range(4), lambda a: {_is_known(seed, "a")})) AS agency
            FROM firm""",
    )


def _listed(seed: int) -> str:
    """Return the workers whom DJP and KESEHATAN list, a list of nearly every employer they know.

    Of a registered employer those whose card runs, and by its sins others too.
    """
    has_list = f"{_is_known(seed, 'a')} AND {_h(seed, 'w', 'a', 73)} % 100 < 88"
    return _seen(
        seed,
        f"""
        SELECT w, here, card, person, tgl_mulai, upah, hides_pay, hides_workers,
          unnest(list_filter(range(2, 4), lambda a: {has_list})) AS agency
        FROM ({_cards(seed)})
        WHERE tgl_akhir IS NULL OR (lets_lapse AND sebab_akhir = 'klaim_jht')
        UNION ALL
        SELECT w, here, first_card + k, first_card + k + 7, DATE '2023-01-01' + (k % 700)::INTEGER,
          ((22 + k % 40) * 100000)::BIGINT, false, false,
          unnest(list_filter(range(2, 4), lambda a: {has_list}))
        FROM (SELECT *, unnest(range(n)) AS k FROM firm WHERE NOT here)
        """,
    )


def _written(seed: int) -> str:
    """Return how an agency writes a name: mostly as it is, else as clerks do."""
    way = f"{_h(seed, 'w', 'agency', 81)} % 20"
    at = f"({_h(seed, 'w', 'agency', 82)} % length(usaha))::INTEGER + 1"
    return f"""
        CASE WHEN {way} < 10 THEN bentuk || ' ' || usaha
             WHEN {way} < 13 THEN bentuk || '. ' || upper(usaha)
             WHEN {way} < 15 THEN upper(usaha) || ', ' || bentuk
             WHEN {way} < 16 THEN usaha
             WHEN {way} < 17 THEN bentuk || ' ' || split_part(usaha, ' ', 2) || ' '
               || split_part(usaha, ' ', 1) || ' ' || split_part(usaha, ' ', 3)
             ELSE bentuk || ' ' || usaha[:{at} - 1] || usaha[{at} + 1:] END
    """


def _tables(seed: int) -> dict[str, str]:
    own = _person(seed, "person")
    second = "CASE WHEN w % 30 = 1 AND k % 2 = 1 THEN '001' ELSE '000' END"
    wrong = f"{_h(seed, 'person', 'agency', 93)} % 300 = 0"
    return {
        "pemberi_kerja": f"""
            SELECT npp, divisi, bentuk || ' ' || usaha AS nama, bentuk,
              CASE WHEN {_h(seed, "w", 101)} % 100 < 85 THEN
                CASE WHEN {_h(seed, "w", 102)} % 2 = 0 THEN npwp ELSE '0' || npwp END END AS npwp,
              CASE WHEN {_h(seed, "w", 103)} % 100 < 70 THEN nib END AS nib,
              kbli, skala, kelas_jkk, alamat, kode_wilayah,
              replace(kode_wilayah, '.', '') AS kantor_cabang, tgl_daftar, status, program,
              (w * 2 + nth + 2)::INTEGER AS baris
            FROM (SELECT *, unnest(range(CASE WHEN w % 30 = 1 THEN 2 ELSE 1 END)) AS nth,
              printf('%03d', nth) AS divisi FROM firm WHERE here)""",
        "kepesertaan": f"""
            SELECT npp, {second} AS divisi, printf('%011d', card) AS kpj, CAST({own["nik"]} AS BIGINT) AS nik,
              {own["nama"]} AS nama, {own["tgl_lahir"]} AS tgl_lahir, tgl_mulai, tgl_akhir,
              sebab_akhir, upah, program, (card + 2)::INTEGER AS baris
            FROM ({_cards(seed)})""",
        "tagihan": f"""
            SELECT npp, '000' AS divisi, blth, p AS program, n AS tk, dasar AS dasar_upah, jumlah,
              line + 2 AS baris FROM ({_bills()})""",
        # One payment in fifty comes in two parts, one in two hundred is the half of what was due.
        "pembayaran": f"""
            SELECT npp, '000' AS divisi, blth, p AS program,
              make_date(blth // 12, blth % 12 + 1, 1) + (40 + part * 9)::INTEGER AS tgl_bayar,
              parts[part + 1] AS jumlah, printf('%012d', line * 2 + part) AS kode_iuran,
              (line * 2 + part)::INTEGER AS baris
            FROM (SELECT *, unnest(range(len(parts))) AS part
              FROM (SELECT *, CASE WHEN {_h(seed, "line", 111)} % 50 = 0
                    THEN [jumlah // 2, jumlah - jumlah // 2]
                  WHEN {_h(seed, "line", 111)} % 200 = 1 THEN [jumlah // 2] ELSE [jumlah] END AS parts
                FROM ({_bills()})
                WHERE back >= unpaid_months AND {_h(seed, "line", 112)} % 400 <> 0))""",
        "sumber_pemberi_kerja": f"""
            SELECT sumber, id_sumber, {_written(seed)} AS nama,
              CASE WHEN {_h(seed, "w", "agency", 121)} % 100 < 65 THEN
                CASE WHEN agency = 2 THEN '0' || npwp ELSE npwp END END AS npwp,
              CASE WHEN {_h(seed, "w", "agency", 122)} % 100 < CASE WHEN agency = 1 THEN 95 ELSE 40 END
                THEN nib END AS nib,
              kbli, alamat, kode_wilayah,
              greatest(1, n * 3 // 4 + CASE WHEN here AND hides_workers THEN n // 2 + 2 ELSE 0 END)
                ::INTEGER AS jumlah_tk,
              skala, tgl_data, (w * 4 + agency + 2)::INTEGER AS baris
            FROM ({_known(seed)})""",
        "sumber_pekerja": f"""
            SELECT sumber, id_sumber,
              CAST(CASE WHEN hides_workers AND {_h(seed, "person", 97)} % 8 = 0 THEN '99' || nik[3:]
                WHEN {wrong} THEN nik[:15] || '0' ELSE nik END AS BIGINT) AS nik, nama, tgl_lahir,
              CASE WHEN {_h(seed, "person", "agency", 94)} % 20 > 0 THEN tgl_mulai END AS tgl_mulai,
              CASE WHEN {_h(seed, "person", "agency", 95)} % 5 > 0 THEN
                CASE WHEN hides_pay AND {_h(seed, "person", 96)} % 4 = 0 THEN upah * 13 // 10
                ELSE upah END END AS upah,
              tgl_data, (card * 2 + agency - 1)::INTEGER AS baris
            FROM (SELECT *, {own["nik"]} AS nik, {own["nama"]} AS nama,
              {own["tgl_lahir"]} AS tgl_lahir FROM ({_listed(seed)}))""",
    }
