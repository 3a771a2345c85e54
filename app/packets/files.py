"""The files of a packet: kept in the blob store, described in the packet's row, read again."""

import hashlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from app.errors import Refused
from app.infra.store import BlobStore
from app.packets.content import Exhibit, ReferralPacket
from app.packets.schemas import PacketFile
from app.packets.seal import SealedPdf, whole

_LARGEST_FILE: Final = 512 << 20
_MEDIA: Final = {
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".csv": "text/csv",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".zip": "application/zip",
}


def stored(content: ReferralPacket, made: SealedPdf, *, store: BlobStore) -> list[PacketFile]:
    """Keep the PDF and the annexes, and read every exhibit again before it is vouched for.

    Raises:
        NotFound: an exhibit is gone from the store.
        Refused: the bytes of an exhibit are no longer those that were uploaded.
    """
    own = [kept(f"{content.number}.pdf", made.pdf, store)]
    own += [kept(name, data, store) for name, data in sorted(made.annexes.items())]
    return own + [_vouched(item, store) for item in content.exhibits]


def _vouched(item: Exhibit, store: BlobStore) -> PacketFile:
    digest, size = hashlib.sha256(), 0
    for piece in store.chunks(item.sha256):
        digest.update(piece)
        size += len(piece)
    if digest.hexdigest() != item.sha256 or size != item.size:
        raise Refused(
            "Bukti {exhibit} di penyimpanan tidak lagi sama dengan yang diunggah; pulihkan dari "
            "cadangan sebelum paket dibuat.",
            exhibit=item.number,
        )
    return PacketFile(
        name=item.filename, sha256=item.sha256, size=size, media_type=_media_type(item.filename)
    )


def kept(name: str, content: bytes, store: BlobStore) -> PacketFile:
    store.put(BytesIO(content), limit=_LARGEST_FILE)
    return described(name, content)


def described(name: str, content: bytes) -> PacketFile:
    return PacketFile(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media_type=_media_type(name),
    )


def contents(
    files: Iterable[PacketFile], store: BlobStore
) -> Iterator[tuple[str, Iterable[bytes]]]:
    for file in files:
        yield file.name, store.chunks(file.sha256) if file.size else whole(b"")


def _media_type(name: str) -> str:
    return _MEDIA.get(Path(name).suffix.lower(), "application/octet-stream")
