"""Kept bytes: once, under their digest, never half."""

import hashlib
import io
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from app.errors import Invalid, NotFound
from app.infra.store import ObjectStore

LIMIT = 1_000_000


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@given(content=st.binary(min_size=1, max_size=5000))
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_what_was_kept_comes_back_byte_for_byte(store: ObjectStore, content: bytes) -> None:
    blob = store.put(io.BytesIO(content), limit=LIMIT)

    assert blob.sha256 == hashlib.sha256(content).hexdigest()
    assert store.read(blob.sha256) == content


def test_the_same_bytes_twice_are_kept_once(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path)

    first = store.put(io.BytesIO(b"tanda terima"), limit=LIMIT)
    second = store.put(io.BytesIO(b"tanda terima"), limit=LIMIT)

    assert first == second
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize(("size", "kept"), [(100, True), (101, False), (0, False)])
def test_a_file_must_have_content_and_fit_the_limit(
    tmp_path: Path, size: int, *, kept: bool
) -> None:
    store = ObjectStore(tmp_path)

    if kept:
        assert store.put(io.BytesIO(b"x" * size), limit=100).size == size
    else:
        with pytest.raises(Invalid):
            store.put(io.BytesIO(b"x" * size), limit=100)
        assert files(tmp_path) == []


def test_bytes_that_were_never_kept_are_not_found(store: ObjectStore) -> None:
    with pytest.raises(NotFound):
        store.read("0" * 64)


def test_a_full_disk_is_said_in_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    """A process that may write only 64 KB a file stands for a disk with no room."""
    script = (
        "import io, resource, signal, sys\n"
        "from pathlib import Path\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from app.errors import Unavailable\n"
        "from app.infra.store import ObjectStore\n"
        "store = ObjectStore(Path(sys.argv[1]))\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, (65536, {resource.RLIM_INFINITY}))\n"
        "try:\n"
        "    store.put(io.BytesIO(b'x' * 500_000), limit=1_000_000)\n"
        "except Unavailable as error:\n"
        "    print(error)\n"
    )

    result = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )

    assert "tidak dapat disimpan" in result.stdout
    assert not [path for path in files(tmp_path) if "#" not in path.name]
