"""Writes and reads backups: one tar with a database dump, the kept files, and their digests."""

import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from app.errors import Invalid, Refused, Unavailable
from app.infra import embedded
from app.infra.database import Database, sqlalchemy_url
from app.infra.settings import Settings

MANIFEST: Final = "manifest.json"
DUMP: Final = "database.dump"
FOLDERS: Final = ("blobs", "snapshots")
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    files: int
    size: int
    sha256: str


def write(file: Path, *, settings: Settings, database: Database, now: datetime) -> ArchiveReport:
    """Write the archive beside its final name, then rename it: a killed run leaves none.

    The files are read after the database, and are never changed once written, so every file that
    the dump names is in the archive. Files kept in a bucket are not: the bucket has its own copies.

    Raises:
        Refused: the file is there already.
        Unavailable: the dump failed or the disk is full.
    """
    if file.exists():
        raise Refused("{file} sudah ada; pilih nama lain.", file=file)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(file.name + ".partial")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            dump = Path(folder) / DUMP
            _run("pg_dump", "--format=custom", f"--file={dump}", _address(database))
            count = _pack(partial, dump=dump, data_dir=settings.data_dir, now=now)
        partial.rename(file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise Unavailable(
            "Cadangan tidak dapat ditulis ke {file}: {reason}.", file=file, reason=error.strerror
        ) from error
    return ArchiveReport(files=count, size=file.stat().st_size, sha256=_digest(file))


def read(file: Path, *, settings: Settings, database: Database) -> ArchiveReport:
    """Check every digest first, then restore into an installation that has no cases or snapshots.

    Raises:
        Invalid: not one of our archives, or a file in it is damaged (named).
        Refused: this installation holds data already.
    """
    manifest = _checked_manifest(file)
    if _holds_data(database):
        raise Refused(
            "Instalasi ini sudah berisi data; pulihkan ke PATUH_DATA atau basis data yang kosong."
        )
    with tarfile.open(file) as archive, tempfile.TemporaryDirectory() as folder:
        for name in manifest:
            target = Path(folder) if name == DUMP else settings.data_dir
            bring_out(archive, name, target)
        database.dispose()
        _run(
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={_address(database)}",
            str(Path(folder) / DUMP),
        )
    return ArchiveReport(files=len(manifest), size=file.stat().st_size, sha256=_digest(file))


def _pack(partial: Path, *, dump: Path, data_dir: Path, now: datetime) -> int:
    digests: dict[str, str] = {}
    with tarfile.open(partial, "w") as archive:
        for name, path in ((DUMP, dump), *_kept_files(data_dir)):
            digests[name] = _digest(path)
            archive.add(path, arcname=name, recursive=False)
        text = json.dumps(
            {"format": FORMAT, "made_at": now.isoformat(), "files": digests}, sort_keys=True
        ).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    return len(digests)


def _kept_files(data_dir: Path) -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for path in sorted((data_dir / folder).rglob("*")):
            if path.is_file():
                yield str(path.relative_to(data_dir)), path


def bring_out(archive: tarfile.TarFile, name: str, folder: Path) -> None:
    """Write one file below `folder`; the `data` filter came to Python 3.11 after Debian's."""
    target = (folder / name).resolve()
    content = archive.extractfile(name) if archive.getmember(name).isreg() else None
    if content is None or not target.is_relative_to(folder.resolve()):
        raise Invalid("Arsip rusak pada {name}; pakai cadangan lain.", name=name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with content, target.open("wb") as out:
        shutil.copyfileobj(content, out)


def _checked_manifest(file: Path) -> dict[str, str]:
    try:
        with tarfile.open(file) as archive:
            member = archive.extractfile(MANIFEST)
            files: dict[str, str] = json.loads(member.read())["files"] if member else {}
            for name, expected in files.items():
                content = archive.extractfile(name)
                if content is None or _stream_digest(content) != expected:
                    raise Invalid("Arsip rusak: isi {name} tidak cocok.", name=name)
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise Invalid("{file} bukan arsip cadangan Patuh yang utuh.", file=file) from error
    return files


def _holds_data(database: Database) -> bool:
    with database.connected() as connection:
        held = connection.execute(
            sa.text(
                "SELECT EXISTS (SELECT FROM snapshot) OR EXISTS (SELECT FROM case_file) "
                "OR EXISTS (SELECT FROM user_account)"
            )
        ).scalar_one()
    return bool(held)


def _run(program: str, *arguments: str) -> None:
    result = subprocess.run(  # noqa: S603 - our own program, no shell
        [str(embedded.program(program)), *arguments], capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        raise Unavailable(
            "{program} gagal: {reason}",
            program=program,
            reason=result.stderr.strip().splitlines()[-1] if result.stderr.strip() else "?",
        )


def _address(database: Database) -> str:
    url = sqlalchemy_url(database.url).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stream_digest(stream: object) -> str:
    return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
