"""Bytes kept once under their SHA-256, never overwritten: evidence and sealed packets."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import obstore
from obstore.store import LocalStore, from_url

from app.errors import Invalid, NotFound, Unavailable
from app.infra.settings import Settings

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Blob:
    """What was kept: `sha256` in lower-case hex, `size` in bytes."""

    sha256: str
    size: int


class BlobStore(Protocol):
    def put(self, source: BinaryIO, *, limit: int) -> Blob: ...
    def read(self, sha256: str) -> bytes: ...
    def chunks(self, sha256: str) -> Iterator[bytes]: ...


class ObjectStore:
    """A folder or an S3-compatible bucket. Writing the same bytes twice keeps one copy."""

    def __init__(self, root: Path | str) -> None:
        if isinstance(root, Path):
            root.mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(root, mkdir=True)
        else:
            self._store = from_url(root)  # type: ignore[assignment]

    def put(self, source: BinaryIO, *, limit: int) -> Blob:
        """Keep what `source` yields from its start.

        Raises:
            Invalid: empty, or longer than `limit` bytes. Nothing is kept.
            Unavailable: the disk or the bucket refused; nothing is kept.
        """
        source.seek(0)
        digest, size = hashlib.sha256(), 0
        while piece := source.read(CHUNK):
            size += len(piece)
            if size > limit:
                raise Invalid(
                    "Berkas lebih besar daripada batas {limit} MB; perkecil atau bagi berkas itu.",
                    limit=limit // 1_000_000,
                )
            digest.update(piece)
        if size == 0:
            raise Invalid("Berkas kosong (0 bita); pilih berkas yang berisi.")
        sha256 = digest.hexdigest()
        source.seek(0)
        try:
            obstore.put(self._store, _path(sha256), source, mode="create")
        except obstore.exceptions.AlreadyExistsError:
            pass
        except (OSError, obstore.exceptions.BaseError) as error:
            raise Unavailable(
                "Berkas tidak dapat disimpan (penyimpanan penuh atau tidak terjangkau); tidak ada "
                "yang berubah. Hubungi administrator lalu coba lagi."
            ) from error
        return Blob(sha256=sha256, size=size)

    def read(self, sha256: str) -> bytes:
        return b"".join(self.chunks(sha256))

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """Yield the bytes kept under `sha256`.

        Raises:
            NotFound: nothing is kept under it.
        """
        try:
            result = obstore.get(self._store, _path(sha256))
        except (FileNotFoundError, obstore.exceptions.NotFoundError) as error:
            raise NotFound(
                "Berkas dengan SHA-256 {sha256} tidak ada di penyimpanan.", sha256=sha256
            ) from error
        for piece in result.stream(min_chunk_size=CHUNK):
            yield bytes(piece)


def open_store(settings: Settings) -> ObjectStore:
    """Return the bucket that the settings name, else the folder `blobs` in the data folder."""
    return ObjectStore(settings.store_url or settings.data_dir / "blobs")


def _path(sha256: str) -> str:
    return f"sha256/{sha256[:2]}/{sha256}"
