"""Files of an import, brought out of the store for as long as they are read."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.infra.store import BlobStore
from app.registry.schemas import SourceFile


@contextmanager
def fetched(
    store: BlobStore, listed: Sequence[tuple[str, str]], folder: Path
) -> Iterator[tuple[SourceFile, ...]]:
    """Yield the files, written into `folder`, which is emptied before and gone afterwards.

    `listed` are names as they were sent, each with the SHA-256 under which the store keeps it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        files = []
        for position, (file_name, sha256) in enumerate(listed):
            path = folder / str(position)
            with path.open("wb") as out:
                for piece in store.chunks(sha256):
                    out.write(piece)
            files.append(SourceFile(name=file_name, path=path, sha256=sha256))
        yield tuple(files)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
