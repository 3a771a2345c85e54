"""Snapshot files: where they lie, how one comes to be, and whether it is still what it was."""

import hashlib
import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.errors import NotFound, Unavailable
from app.registry import origin
from app.registry.schemas import SnapshotView

TABLES: Final = (
    "pemberi_kerja",
    "kepesertaan",
    "tagihan",
    "pembayaran",
    "sumber_pemberi_kerja",
    "sumber_pekerja",
)
ID_DIGITS: Final = 16
PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class SnapshotReader:
    """A snapshot together with the folder its files lie in."""

    folder: Path
    view: SnapshotView

    def path(self, table: str) -> Path:
        return table_path(self.folder, self.view, table)


@dataclass(frozen=True, slots=True)
class Damage:
    """A table file that is gone (`found` is empty) or no longer has its hash."""

    table: str
    expected: str
    found: str


def table_path(snapshots_dir: Path, view: SnapshotView, table: str) -> Path:
    """Return the Parquet file of one of TABLES; from the bucket, where it is not here yet.

    Raises:
        NotFound: the snapshot was removed by policy, has no such table, or its file is gone.
        Unavailable: the bucket does not answer, or gave other bytes.
    """
    require_kept(view)
    info = view.tables.get(table)
    path = None if info is None else file_of(snapshots_dir, info.sha256)
    if path is None or info is None or not _is_here(snapshots_dir, path, info.sha256):
        raise NotFound(
            "Berkas tabel {table} dari potret data {snapshot} tidak ada; pulihkan dari cadangan.",
            table=table,
            snapshot=view.id,
        )
    return path


def file_of(snapshots_dir: Path, sha256: str) -> Path:
    return snapshots_dir / "tables" / f"{sha256}.parquet"


def identity(hashes: Mapping[str, str]) -> str:
    """Return the snapshot id: first 16 hex digits of SHA-256 over `{table: sha256}`, sorted."""
    text = json.dumps(dict(hashes), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]


def keep(snapshots_dir: Path, written: Path) -> str:
    """Move a finished table file to the place that its hash names, and return the hash.

    The file is on disk before its name is; a second file of the same content is dropped. Where
    the folder holds copies of a bucket, the bucket has it too.

    Raises:
        Unavailable: the bucket refused; nothing names the file.
        OSError: the disk refused; nothing has become visible.
    """
    with ThreadPoolExecutor(max_workers=1) as beside:
        synced = beside.submit(_sync, written)
        sha256 = sha256_of(written)
        synced.result()
    target = file_of(snapshots_dir, sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_file() and sha256_of(target) == sha256:
        written.unlink()
    else:
        written.replace(target)
        _sync(target.parent)
    origin.send(snapshots_dir, target)
    return sha256


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(snapshots_dir: Path, view: SnapshotView) -> tuple[Damage, ...]:
    """Read every file of the snapshot again and name those that are not what they were."""
    damaged = []
    for table, info in view.tables.items():
        path = file_of(snapshots_dir, info.sha256)
        found = sha256_of(path) if _is_here(snapshots_dir, path, info.sha256) else ""
        if found != info.sha256:
            damaged.append(Damage(table=table, expected=info.sha256, found=found))
    return tuple(damaged)


def require_sound(snapshots_dir: Path, view: SnapshotView) -> None:
    """Raises: NotFound: removed by policy. Unavailable: a file is damaged; names the table."""
    require_kept(view)
    if damaged := verify(snapshots_dir, view):
        raise Unavailable(
            "Potret data {snapshot} rusak pada tabel {tables}; pulihkan dari cadangan.",
            snapshot=view.id,
            tables=", ".join(one.table for one in damaged),
        )


def _is_here(snapshots_dir: Path, path: Path, sha256: str) -> bool:
    return path.is_file() or origin.bring(snapshots_dir, path, sha256=sha256)


def require_kept(view: SnapshotView) -> None:
    """Raises: NotFound: its files were removed by policy."""
    if view.removed_at is not None:
        raise NotFound(
            "Potret data {snapshot} per {day} sudah dihapus menurut masa simpan; isinya tidak "
            "dapat dibaca lagi.",
            snapshot=view.id,
            day=view.as_of,
        )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
