"""Snapshots in a bucket of a real S3-compatible server: fetched by hash, held against it."""

import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import obstore
import pytest
from obstore.store import ObjectStore, from_url
from sqlmodel import Session

from app.errors import NotFound, Unavailable
from app.registry import origin, pruning
from app.registry.schemas import SnapshotView, TableInfo
from app.registry.snapshots import file_of, identity, keep, require_sound, sha256_of, table_path
from app.registry.tables import Snapshot
from tests.conftest import NOW
from tests.ports import free_port

PATIENCE = 60
NAME = "kantor-pusat"
URL = f"s3://{NAME}/patuh"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start moto's S3 as a process of its own; nothing of ours is replaced."""
    port = free_port()
    log = tmp_path_factory.mktemp("s3") / "log"
    with log.open("wb") as out:
        running = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + PATIENCE
        while "Running on" not in log.read_text():
            assert running.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(PATIENCE)


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    """An empty bucket, and the variables by which an operator says where it is."""
    for name, value in {
        "AWS_ENDPOINT": server,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "ap-southeast-3",
        "AWS_ACCESS_KEY_ID": "contoh",
        "AWS_SECRET_ACCESS_KEY": "contoh",
    }.items():
        monkeypatch.setenv(name, value)
    asked(f"{server}/moto-api/reset", "POST")
    asked(f"{server}/{NAME}", "PUT")
    yield from_url(URL)
    asked(f"{server}/moto-api/reset", "POST")


@pytest.fixture
def folder(tmp_path: Path, bucket: ObjectStore) -> Iterator[Path]:
    place = tmp_path / "snapshots"
    origin.declare(place, URL)
    yield place
    origin.declare(place, None)


@pytest.fixture
def kept(folder: Path) -> SnapshotView:
    return imported(folder, b"dua puluh pemberi kerja")


def test_what_is_imported_stands_in_the_bucket_under_its_hash(
    folder: Path, kept: SnapshotView, bucket: ObjectStore
) -> None:
    sha256 = kept.tables["pemberi_kerja"].sha256

    there = bytes(obstore.get(bucket, f"tables/{sha256}.parquet").bytes())

    assert there == file_of(folder, sha256).read_bytes()


def test_a_machine_without_the_file_fetches_it_and_reads_the_same_bytes(
    folder: Path, kept: SnapshotView
) -> None:
    shutil.rmtree(folder)

    path = table_path(folder, kept, "pemberi_kerja")

    assert path.read_bytes() == b"dua puluh pemberi kerja"
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_flipped_byte_in_the_bucket_is_named_and_refused(
    folder: Path, kept: SnapshotView, bucket: ObjectStore
) -> None:
    sha256 = kept.tables["pemberi_kerja"].sha256
    shutil.rmtree(folder)
    obstore.put(bucket, f"tables/{sha256}.parquet", b"dua puluh pemberi kerjb")

    with pytest.raises(Unavailable, match=f"tables/{sha256}.parquet di {URL} rusak"):
        require_sound(folder, kept)

    assert list((folder / "tables").iterdir()) == []


def test_a_flipped_byte_in_the_copy_here_is_refused_too(folder: Path, kept: SnapshotView) -> None:
    file_of(folder, kept.tables["pemberi_kerja"].sha256).write_bytes(b"lain")

    with pytest.raises(Unavailable, match="rusak pada tabel pemberi_kerja"):
        require_sound(folder, kept)


def test_a_file_that_nobody_has_is_named_with_its_snapshot(
    folder: Path, kept: SnapshotView, bucket: ObjectStore
) -> None:
    shutil.rmtree(folder)
    obstore.delete(bucket, f"tables/{kept.tables['pemberi_kerja'].sha256}.parquet")

    with pytest.raises(NotFound, match=f"pemberi_kerja dari potret data {kept.id}"):
        table_path(folder, kept, "pemberi_kerja")


def test_a_bucket_that_is_not_there_is_named_and_no_import_is_recorded(
    folder: Path, server: str
) -> None:
    origin.declare(folder, "s3://tidak-ada")

    with pytest.raises(Unavailable, match="s3://tidak-ada tidak menjawab atau menolak"):
        imported(folder, b"apa saja")


def test_what_policy_removes_goes_from_the_bucket_even_where_no_copy_is_here(
    folder: Path, kept: SnapshotView, bucket: ObjectStore, session: Session
) -> None:
    sha256 = kept.tables["pemberi_kerja"].sha256
    file_of(folder, sha256).unlink()
    session.add(
        Snapshot(
            id=kept.id,
            as_of=kept.as_of,
            created_at=NOW,
            turn=1,
            tables={"pemberi_kerja": {"rows": 1, "rejected": 0, "sha256": sha256}},
            removed_at=NOW,
        )
    )
    session.flush()

    pruning.delete_files(session, snapshots_dir=folder)

    with pytest.raises(FileNotFoundError):
        obstore.head(bucket, f"tables/{sha256}.parquet")


def imported(folder: Path, content: bytes) -> SnapshotView:
    """Keep a table file as an import does."""
    written = folder / "tables" / ".unfinished"
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_bytes(content)
    info = TableInfo(rows=1, rejected=0, sha256=keep(folder, written), carried_over=False)
    assert info.sha256 == sha256_of(file_of(folder, info.sha256))
    return SnapshotView(
        id=identity({"pemberi_kerja": info.sha256}),
        as_of=NOW.date(),
        created_at=NOW,
        tables={"pemberi_kerja": info},
        previous_id=None,
    )


def asked(address: str, method: str) -> None:
    urllib.request.urlopen(urllib.request.Request(address, method=method)).close()  # noqa: S310
