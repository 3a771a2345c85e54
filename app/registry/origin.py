"""Table files in an S3-compatible bucket: the folder of snapshots then holds copies of them.

A file is asked for by its hash and held against it before anything reads it.
"""

import hashlib
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Final

import obstore
from obstore.store import ObjectStore, from_url

from app.errors import Unavailable

_PIECE: Final = 1 << 22
_PATIENCE: Final = timedelta(seconds=30)
# What obstore raises when a bucket refuses, or nobody answers.
_REFUSALS: Final = (OSError, obstore.exceptions.BaseError)
# Folder -> bucket, as declared when the process began: whoever reads a snapshot knows its folder.
_BUCKETS: Final[dict[Path, str]] = {}


def declare(folder: Path, url: str | None) -> None:
    """From now on `folder` holds copies of what the bucket `url` keeps; None: it stands alone."""
    if url is None:
        _BUCKETS.pop(folder, None)
    else:
        _BUCKETS[folder] = url


def bring(folder: Path, target: Path, *, sha256: str) -> bool:
    """Fetch `target` of `folder` from its bucket, and say whether the bucket has it.

    Raises:
        Unavailable: the bucket does not answer, or what it gave does not have that hash; nothing
            was kept.
    """
    if folder not in _BUCKETS:
        return False
    store, key = _opened(folder), _key(folder, target)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{uuid.uuid4().hex}")
    digest = hashlib.sha256()
    try:
        with unfinished.open("wb") as out:
            for piece in obstore.get(store, key).stream(min_chunk_size=_PIECE):
                digest.update(piece)
                out.write(piece)
        if digest.hexdigest() != sha256:
            raise Unavailable(
                "Berkas {file} di {bucket} rusak: SHA-256 isinya {found}. Berkas itu tidak "
                "dipakai; pulihkan dari cadangan ember.",
                file=key,
                bucket=_BUCKETS[folder],
                found=digest.hexdigest(),
            )
        unfinished.replace(target)
    except (FileNotFoundError, obstore.exceptions.NotFoundError):
        return False
    except _REFUSALS as error:
        raise _silent(folder) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return True


def send(folder: Path, kept: Path) -> None:
    """Have the bucket of `folder` keep a finished file too, unless it does already.

    Raises:
        Unavailable: the bucket does not answer or refuses.
    """
    if folder not in _BUCKETS:
        return
    store, key = _opened(folder), _key(folder, kept)
    try:
        if not _has(store, key, size=kept.stat().st_size):
            obstore.put(store, key, kept)
    except _REFUSALS as error:
        raise _silent(folder) from error


def drop(folder: Path, gone: Path) -> None:
    """Delete the bucket's file too.

    Raises:
        Unavailable: the bucket does not answer or refuses.
    """
    if folder not in _BUCKETS:
        return
    try:
        obstore.delete(_opened(folder), _key(folder, gone))
    except (FileNotFoundError, obstore.exceptions.NotFoundError):
        return
    except _REFUSALS as error:
        raise _silent(folder) from error


def _has(store: ObjectStore, key: str, *, size: int) -> bool:
    try:
        return obstore.head(store, key)["size"] == size
    except (FileNotFoundError, obstore.exceptions.NotFoundError):
        return False


def _opened(folder: Path) -> ObjectStore:
    return from_url(_BUCKETS[folder], retry_config={"max_retries": 3, "retry_timeout": _PATIENCE})


def _key(folder: Path, file: Path) -> str:
    return file.relative_to(folder).as_posix()


def _silent(folder: Path) -> Unavailable:
    return Unavailable(
        "Ember {bucket} tidak menjawab atau menolak; tidak ada yang berubah. Periksa "
        "PATUH_SNAPSHOTS dan kuncinya, lalu coba lagi.",
        bucket=_BUCKETS[folder],
    )
