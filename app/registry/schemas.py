"""What the registry hands to others: snapshots, import reports, employers as of a snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Final

from app.infra.paging import Page

REPORTED_REJECTIONS: Final = 100_000


@dataclass(frozen=True, slots=True)
class TableInfo:
    """One table of a snapshot. `sha256` names its file; `carried_over`: taken from the one before.

    `rejected` counts the rows that did not come in when the table was imported.
    """

    rows: int
    rejected: int
    sha256: str
    carried_over: bool


@dataclass(frozen=True, slots=True)
class SnapshotView:
    """An immutable state of the registry. `as_of` is the day the extracts describe.

    `removed_at`: its files were removed under the policy of retention; None: they are kept.
    """

    id: str
    as_of: date
    created_at: datetime
    tables: Mapping[str, TableInfo]
    previous_id: str | None
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was sent: its `name` counts for the table, `path` is where the bytes lie.

    `sha256` is empty when nobody has computed it yet.
    """

    name: str
    path: Path
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that did not come in. `line` counts from 1, the header being line 1.

    `code` is stable and names the sentence; `reason` is that sentence in Indonesian.
    """

    table: str
    line: int
    column: str
    value: str
    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class RejectedFile:
    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something read although it was not written as agreed: `count` values of `column`."""

    table: str
    column: str
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import made. `snapshot_id` is None when no file could be used.

    `rejected` holds one entry per rejected row, at most REPORTED_REJECTIONS of them; all rows are
    in the folder `rejects_dir`, one CSV per table.
    """

    snapshot_id: str | None
    as_of: date
    tables: Mapping[str, TableInfo]
    rejected: tuple[Rejection, ...]
    rejected_files: tuple[RejectedFile, ...]
    assumptions: tuple[Assumption, ...]
    warnings: tuple[str, ...]
    offices: tuple[str, ...] = ()
    rejects_dir: Path | None = None
    added_to: tuple[str, ...] = field(default=())

    @property
    def rejected_rows(self) -> int:
        """Rows that this import turned away; those of carried-over tables are not its own."""
        return sum(info.rejected for info in self.tables.values() if not info.carried_over)

    def as_json(self) -> dict[str, object]:
        """Return the shape of `patuh import --json`."""
        return {
            "snapshot_id": self.snapshot_id,
            "as_of": self.as_of.isoformat(),
            "tables": {name: _table_json(info) for name, info in self.tables.items()},
            "rejected": [
                {
                    "table": row.table,
                    "line": row.line,
                    "column": row.column,
                    "value": row.value,
                    "reason": row.reason,
                    "code": row.code,
                }
                for row in self.rejected
            ],
            "rejected_rows": self.rejected_rows,
            "rejected_files": [
                {"file": one.file, "reason": one.reason} for one in self.rejected_files
            ],
            "assumptions": [
                {"table": one.table, "column": one.column, "what": one.what, "count": one.count}
                for one in self.assumptions
            ],
            "warnings": list(self.warnings),
            "added_to": list(self.added_to),
        }


def _table_json(info: TableInfo) -> dict[str, object]:
    shape: dict[str, object] = {
        "rows": info.rows,
        "rejected": 0 if info.carried_over else info.rejected,
        "sha256": info.sha256,
    }
    if info.carried_over:
        shape["carried_over"] = True
    return shape


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import as its page shows it. `percent` is 0 to 100; `report` is empty until the end."""

    id: int
    status: str
    requested_by: str
    office: str
    as_of: date
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    step: str
    percent: int
    report: Mapping[str, object]
    error: str
    files: tuple[str, ...]

    @property
    def finished(self) -> bool:
        return self.status in {"done", "failed"}


@dataclass(frozen=True, slots=True)
class EmployerRow:
    """A registered employer in a list: its head division, and how many workers it has active."""

    npp: str
    nama: str
    npwp: str | None
    kode_wilayah: str
    kantor_cabang: str
    status: str
    divisions: int
    active_workers: int


@dataclass(frozen=True, slots=True)
class Division:
    """One row of `pemberi_kerja`; `line` is its line in the extract."""

    npp: str
    divisi: str
    nama: str
    bentuk: str | None
    npwp: str | None
    nib: str | None
    kbli: str | None
    skala: str
    kelas_jkk: int
    alamat: str | None
    kode_wilayah: str
    kantor_cabang: str
    tgl_daftar: date
    status: str
    program: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class EmployerProfile:
    """An NPP over all its divisions. `head` is the division that speaks for it.

    `kantor_cabang` is the head division's office. Workers are people, counted as of the snapshot's
    day: who has a membership that has begun and ends on that day or later, or not at all, is
    active; who has none such, and one that ended, has ended.
    """

    npp: str
    head: Division
    divisions: tuple[Division, ...]
    active_workers: int
    ended_workers: int
    program: tuple[str, ...]
    as_of: date
    snapshot_id: str


@dataclass(frozen=True, slots=True)
class OutsideEmployer:
    """An employer as one other agency knows it; empty text for what that agency does not say."""

    sumber: str
    id_sumber: str
    nama: str
    npwp: str
    nib: str
    kbli: str
    skala: str
    alamat: str
    kode_wilayah: str
    jumlah_tk: int
    tgl_data: date


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A membership. `nik` shows the last four digits only; `line` is its line in the extract.

    `active`: it has begun by the snapshot's day, and ends on that day or later, or not at all.
    """

    npp: str
    divisi: str
    kpj: str
    nik: str
    nama: str
    tgl_lahir: date
    tgl_mulai: date
    tgl_akhir: date | None
    sebab_akhir: str | None
    upah: int
    program: tuple[str, ...]
    active: bool
    line: int


@dataclass(frozen=True, slots=True)
class BillRow:
    """A bill; `blth` is year*12+month-1; `paid` sums its payments of the snapshot, in rupiah."""

    npp: str
    divisi: str
    blth: int
    program: str
    tk: int
    dasar_upah: int
    jumlah: int
    paid: int
    line: int


@dataclass(frozen=True, slots=True)
class PaymentRow:
    npp: str
    divisi: str
    blth: int
    program: str
    tgl_bayar: date
    jumlah: int
    kode_iuran: str
    line: int


EmployerPage = Page[EmployerRow]
WorkerPage = Page[WorkerRow]
