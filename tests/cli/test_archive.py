"""What a backup may write when it is restored."""

import io
import tarfile
from pathlib import Path

import pytest

from app.cli.archive import bring_out
from app.errors import Invalid


def archive_of(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"isi"[: member.size]))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, 3 if kind == tarfile.REGTYPE else 0
    info.linkname = "/etc/passwd" if kind == tarfile.SYMTYPE else ""
    return info


def test_a_file_of_a_backup_is_written_below_the_folder(tmp_path: Path) -> None:
    made = archive_of(tmp_path / "a.tar", member("blobs/ab/isi"))

    with tarfile.open(made) as archive:
        bring_out(archive, "blobs/ab/isi", tmp_path / "data")

    assert (tmp_path / "data/blobs/ab/isi").read_bytes() == b"isi"


@pytest.mark.parametrize("name", ["../keluar", "/tmp/keluar-patuh", "blobs/../../keluar"])  # noqa: S108
def test_a_backup_writes_nothing_outside_the_folder(tmp_path: Path, name: str) -> None:
    made = archive_of(tmp_path / "a.tar", member(name))

    with tarfile.open(made) as archive, pytest.raises(Invalid, match="keluar"):
        bring_out(archive, name, tmp_path / "data")

    assert not (tmp_path / "keluar").exists()


def test_a_link_in_a_backup_is_refused(tmp_path: Path) -> None:
    made = archive_of(tmp_path / "a.tar", member("blobs/tautan", tarfile.SYMTYPE))

    with tarfile.open(made) as archive, pytest.raises(Invalid, match="tautan"):
        bring_out(archive, "blobs/tautan", tmp_path / "data")
