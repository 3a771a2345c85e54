"""Small snapshots for tests: rows as mappings, written as Parquet in the contract's types."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from app.detection.engines.duckdb import DuckDB
from app.detection.findings import Finding
from app.detection.rules import RULES
from app.detection.rules.rule import Rule
from app.detection.settings import SHIPPED_EDITIONS, Editions
from app.detection.sweep import find
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED
from app.law.month import Month

ON: Final = date(2026, 11, 20)
FRESH: Final = date(2026, 6, 30)
OLDEST_FRESH: Final = date(2025, 5, 20)
STALE: Final = date(2025, 5, 19)

# fmt: off
COLUMNS: Final[Mapping[str, str]] = {
    "pemberi_kerja": "npp VARCHAR, divisi VARCHAR, nama VARCHAR, bentuk VARCHAR, npwp VARCHAR, nib VARCHAR, kbli VARCHAR, skala VARCHAR, kelas_jkk TINYINT, alamat VARCHAR, kode_wilayah VARCHAR, kantor_cabang VARCHAR, tgl_daftar DATE, status VARCHAR, program VARCHAR",  # noqa: E501
    "kepesertaan": "npp VARCHAR, divisi VARCHAR, kpj VARCHAR, nik BIGINT, nama VARCHAR, tgl_lahir DATE, tgl_mulai DATE, tgl_akhir DATE, sebab_akhir VARCHAR, upah BIGINT, program VARCHAR",  # noqa: E501
    "tagihan": "npp VARCHAR, divisi VARCHAR, blth INTEGER, program VARCHAR, tk INTEGER, dasar_upah BIGINT, jumlah BIGINT",  # noqa: E501
    "pembayaran": "npp VARCHAR, divisi VARCHAR, blth INTEGER, program VARCHAR, tgl_bayar DATE, jumlah BIGINT, kode_iuran VARCHAR",  # noqa: E501
    "sumber_pemberi_kerja": "sumber VARCHAR, id_sumber VARCHAR, nama VARCHAR, npwp VARCHAR, nib VARCHAR, kbli VARCHAR, alamat VARCHAR, kode_wilayah VARCHAR, jumlah_tk INTEGER, skala VARCHAR, tgl_data DATE",  # noqa: E501
    "sumber_pekerja": "sumber VARCHAR, id_sumber VARCHAR, nik BIGINT, nama VARCHAR, tgl_lahir DATE, tgl_mulai DATE, upah BIGINT, tgl_data DATE",  # noqa: E501
}
# fmt: on
Row = dict[str, Any]
_files = itertools.count()


def nik(number: int) -> str:
    return f"3201{number:012d}"


@dataclass
class Registry:
    """What the extracts say. Methods add a row with believable values and return it.

    Memberships have a column `kanal` once one of them is told it.
    """

    rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in COLUMNS})

    def employer(self, npp: str = "AA000001", **changes: object) -> Row:
        return self._add(
            "pemberi_kerja",
            {
                "npp": npp,
                "divisi": "000",
                "nama": f"PT Usaha {npp}",
                "bentuk": "PT",
                "npwp": f"01{npp[2:]:0>13}",
                "nib": f"81{npp[2:]:0>11}",
                "kbli": "47111",
                "skala": "kecil",
                "kelas_jkk": 1,
                "alamat": "Jalan Merdeka 1",
                "kode_wilayah": "32.01",
                "kantor_cabang": "J05",
                "tgl_daftar": date(2016, 1, 1),
                "status": "aktif",
                "program": "JKK,JKM,JHT",
            },
            changes,
        )

    def member(self, number: int = 1, npp: str = "AA000001", **changes: object) -> Row:
        return self._add(
            "kepesertaan",
            {
                "npp": npp,
                "divisi": "000",
                "kpj": f"{number:011d}",
                "nik": nik(number),
                "nama": f"Pekerja {number}",
                "tgl_lahir": date(1990, 1, 1) + timedelta(days=number),
                "tgl_mulai": date(2020, 1, 1),
                "tgl_akhir": None,
                "sebab_akhir": None,
                "upah": 5_000_000,
                "program": "JKK,JKM,JHT",
                **({"kanal": None} if "kanal" in changes else {}),
            },
            changes,
        )

    def bill(
        self, month: str, npp: str = "AA000001", *, paid: int | None = None, **changes: object
    ) -> Row:
        """Bill a month; `paid` rupiah are paid towards it the month after, None means nothing."""
        row = self._add(
            "tagihan",
            {
                "npp": npp,
                "divisi": "000",
                "blth": Month.parse(month).index,
                "program": "JHT",
                "tk": 1,
                "dasar_upah": 5_000_000,
                "jumlah": 285_000,
            },
            changes,
        )
        if paid is not None:
            self.payment(row, paid)
        return row

    def payment(self, bill: Row, amount: int, **changes: object) -> Row:
        return self._add(
            "pembayaran",
            {
                **{name: bill[name] for name in ("npp", "divisi", "blth", "program")},
                "tgl_bayar": (Month.from_index(bill["blth"]) + 1).day(10),
                "jumlah": amount,
                "kode_iuran": f"{next(_files):012d}",
            },
            changes,
        )

    def record(self, of: Row | None = None, **changes: object) -> Row:
        """Let another agency know an employer: `of` the registry, or one unknown here."""
        known = (
            {}
            if of is None
            else {name: of[name] for name in ("nama", "npwp", "nib", "kode_wilayah")}
        )
        return self._add(
            "sumber_pemberi_kerja",
            {
                "sumber": "WLKP",
                "id_sumber": "W-1",
                "nama": "PT Belum Daftar",
                "npwp": "990000000000001",
                "nib": "9900000000001",
                "kbli": "47111",
                "alamat": "Jalan Asing 2",
                "kode_wilayah": "32.01",
                "jumlah_tk": 5,
                "skala": None,
                "tgl_data": FRESH,
                **known,
            },
            changes,
        )

    def listed(self, record: Row, number: int, **changes: object) -> Row:
        """Let the agency of `record` name a worker."""
        return self._add(
            "sumber_pekerja",
            {
                "sumber": record["sumber"],
                "id_sumber": record["id_sumber"],
                "nik": nik(number),
                "nama": f"Pekerja {number}",
                "tgl_lahir": date(1990, 1, 1) + timedelta(days=number),
                "tgl_mulai": date(2021, 1, 1),
                "upah": 5_000_000,
                "tgl_data": record["tgl_data"],
            },
            changes,
        )

    def write(self, folder: Path) -> dict[str, Path]:
        place = folder / f"snapshot-{next(_files)}"
        place.mkdir(parents=True)
        return {table: write_table(place, table, rows) for table, rows in self.rows.items()}

    def findings(
        self,
        folder: Path,
        connection: duckdb.DuckDBPyConnection,
        *,
        on: date = ON,
        rules: Sequence[Rule] = RULES,
        editions: Editions = SHIPPED_EDITIONS,
    ) -> list[Finding]:
        return list(
            find(
                tables=self.write(folder),
                on=on,
                calendar=packaged_calendar(),
                law=SHIPPED,
                engine=DuckDB(connection),
                rules=rules,
                editions=editions,
            )
        )

    def _add(self, table: str, row: Row, changes: Row) -> Row:
        assert set(changes) <= set(row), changes
        row.update(changes)
        self.rows[table].append(row)
        return row


def write_table(place: Path, table: str, rows: Sequence[Row]) -> Path:
    path = place / f"{table}.parquet"
    connection = duckdb.connect()
    later = ", kanal VARCHAR" if any("kanal" in row for row in rows) else ""
    connection.execute(f"CREATE TABLE t ({COLUMNS[table]}{later}, baris INTEGER)")
    for line, row in enumerate(rows, start=2):
        marks = ", ".join("?" for _ in range(len(row) + 1))
        names = ", ".join([*row, "baris"])
        connection.execute(f"INSERT INTO t ({names}) VALUES ({marks})", [*row.values(), line])  # noqa: S608
    connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    connection.close()
    return path
