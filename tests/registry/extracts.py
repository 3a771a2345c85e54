# ruff: noqa: S608 - our own test files
"""Small extracts for tests: rows that are right, written as CSV, XLSX or Parquet, and imported."""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import xlsxwriter

from app.registry.formats import LAYOUTS
from app.registry.importers import run_import
from app.registry.schemas import ImportResult, Rejection, SnapshotView, SourceFile
from app.registry.stored import relation

AS_OF = date(2026, 10, 31)
Row = Mapping[str, str]
Writer = Callable[[Path, str, Sequence[Row]], SourceFile]

# fmt: off
RIGHT: Mapping[str, Row] = {
    "pemberi_kerja": {
        "npp": "AA000001", "divisi": "000", "nama": "PT Maju Bersama", "bentuk": "PT",
        "npwp": "012345678901000", "nib": "1234567890123", "kbli": "10110", "skala": "kecil",
        "kelas_jkk": "2", "alamat": "Jl. Melati 1", "kode_wilayah": "31.71",
        "kantor_cabang": "J01", "tgl_daftar": "2015-07-01", "status": "aktif",
        "program": "JKK,JKM,JHT"},
    "kepesertaan": {
        "npp": "AA000001", "divisi": "000", "kpj": "20000000001", "nik": "3171010101900001",
        "nama": "Budi Santoso", "tgl_lahir": "1990-01-01", "tgl_mulai": "2020-02-01",
        "tgl_akhir": "", "sebab_akhir": "", "upah": "5000000", "program": "JKK,JKM,JHT"},
    "tagihan": {
        "npp": "AA000001", "divisi": "000", "blth": "2026-03", "program": "JHT", "tk": "12",
        "dasar_upah": "60000000", "jumlah": "3420000"},
    "pembayaran": {
        "npp": "AA000001", "divisi": "000", "blth": "2026-03", "program": "JHT",
        "tgl_bayar": "2026-04-10", "jumlah": "3420000", "kode_iuran": "123456789012"},
    "sumber_pemberi_kerja": {
        "sumber": "WLKP", "id_sumber": "WL-0001", "nama": "PT Maju Bersama",
        "npwp": "012345678901000", "nib": "", "kbli": "10110", "alamat": "Jl. Melati 1",
        "kode_wilayah": "31.71", "jumlah_tk": "14", "skala": "", "tgl_data": "2026-06-30"},
    "sumber_pekerja": {
        "sumber": "WLKP", "id_sumber": "WL-0001", "nik": "3171010101900001",
        "nama": "Budi Santoso", "tgl_lahir": "1990-01-01", "tgl_mulai": "2020-02-01",
        "upah": "5500000", "tgl_data": "2026-06-30"},
}
# fmt: on


def row(table: str, **changes: str) -> dict[str, str]:
    return {**RIGHT[table], **changes}


def write_csv(folder: Path, table: str, rows: Sequence[Row]) -> SourceFile:
    path = folder / f"{table}.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return SourceFile(path.name, path)


def write_xlsx(folder: Path, table: str, rows: Sequence[Row]) -> SourceFile:
    path = folder / f"{table}.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet(table)
        for place, cells in enumerate([list(rows[0]), *(list(one.values()) for one in rows)]):
            for column, cell in enumerate(cells):
                sheet.write_string(place, column, cell)
    return SourceFile(path.name, path)


def write_parquet(folder: Path, table: str, rows: Sequence[Row]) -> SourceFile:
    """Write typed columns where every value has the type, text where one has not."""
    path = folder / f"{table}.parquet"
    source = write_csv(folder, f"typed_{table}", rows).path
    kinds = {one.name: one.kind.sql_type for one in LAYOUTS[table].columns}
    typed = ", ".join(
        f"TRY_CAST({name} AS {kinds[name]}) AS {name}"
        if name not in {"blth", "nik"}
        and kinds[name] in {"BIGINT", "DATE"}
        and all(_castable(one[name], kinds[name]) for one in rows)
        else name
        for name in rows[0]
    )
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = true")
        connection.execute(
            f"COPY (SELECT {typed} FROM read_csv('{source}', all_varchar=true)) TO '{path}'"
        )
    source.unlink()
    return SourceFile(path.name, path)


def _castable(text: str, kind: str) -> bool:
    if not text:
        return True
    return text.isdecimal() if kind == "BIGINT" else bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text))


def write_bytes(folder: Path, name: str, content: bytes) -> SourceFile:
    path = folder / name
    path.write_bytes(content)
    return SourceFile(name, path)


def line(*cells: str) -> str:
    return ",".join(cells)


def text_of(table: str, rows: Sequence[Row], *, delimiter: str = ",", end: str = "\n") -> str:
    """Return a CSV without quotation marks around anything that does not need them."""
    lines = [list(rows[0]), *(list(one.values()) for one in rows)]
    return "".join(
        delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in cells) + end
        for cells in lines
    )


@dataclass(frozen=True, slots=True)
class Registry:
    """A snapshot folder of its own, and the import into it."""

    folder: Path

    def bring(self, *files: SourceFile, previous: SnapshotView | None = None) -> ImportResult:
        return run_import(
            files=files,
            snapshots_dir=self.folder / "snapshots",
            rejects_dir=self.folder / "ditolak",
            scratch=self.folder / "scratch",
            memory="500MB",
            previous=previous,
            as_of=AS_OF,
            report_progress=lambda *_: None,
        )

    def bring_rows(
        self, *, previous: SnapshotView | None = None, **tables: Sequence[Row]
    ) -> ImportResult:
        return self.bring_tables(tables, previous=previous)

    def bring_tables(
        self, tables: Mapping[str, Sequence[Row]], previous: SnapshotView | None = None
    ) -> ImportResult:
        inbox = self.folder / "inbox"
        inbox.mkdir(exist_ok=True)
        files = [write_csv(inbox, table, rows) for table, rows in tables.items()]
        return self.bring(*files, previous=previous)

    def table(self, result: ImportResult, name: str) -> list[dict[str, object]]:
        path = self.folder / "snapshots" / "tables" / f"{result.tables[name].sha256}.parquet"
        with duckdb.connect() as connection:
            found = connection.execute(f"FROM {relation(name, path)}")
            columns = [one[0] for one in found.description or ()]
            return [dict(zip(columns, values, strict=True)) for values in found.fetchall()]

    def rejected_file(self, table: str) -> list[dict[str, str]]:
        with (self.folder / "ditolak" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def view_of(result: ImportResult) -> SnapshotView:
    assert result.snapshot_id is not None
    return SnapshotView(
        id=result.snapshot_id,
        as_of=result.as_of,
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        tables=result.tables,
        previous_id=None,
    )


def only(result: ImportResult) -> Rejection:
    assert len(result.rejected) == 1, result.rejected
    return result.rejected[0]
