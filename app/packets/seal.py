"""Makes a packet whole: the sealed PDF, its manifest and checksums, and the folder they lie in."""

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, Final

from app.errors import Unavailable
from app.packets.annexes import data_files
from app.packets.canonical import canonical_json, content_hash
from app.packets.content import ReferralPacket
from app.packets.manifest import (
    CHECKSUM_FILE,
    CONTENT_FILE,
    MANIFEST_FILE,
    ZIP_SEAL,
    Listed,
    checksums,
    embedded_manifest,
    listed_files,
    sealed,
)
from app.packets.render import Attachment, render

GENERATOR: Final = f"Patuh {version('patuh')}"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_FILE_MODE: Final = 0o644 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPdf:
    """`annexes` are the data files as bytes, by name; `manifest` is what the PDF carries."""

    pdf: bytes
    sha256: str
    pages: int
    part_pages: Mapping[str, int]
    content_sha256: str
    annexes: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    warnings: tuple[str, ...]


def seal(packet: ReferralPacket) -> SealedPdf:
    """Return the PDF with its manifest, its content as data and its annexes inside, sealed.

    The same content gives the same bytes.

    Raises:
        Unavailable: the PDF could not be made.
    """
    digest = content_hash(packet)
    manifest = embedded_manifest(packet, content_sha256=digest, generator=GENERATOR)
    annexes = data_files(lines=packet.dues.lines if packet.dues else (), workers=packet.workers)
    attachments = [
        Attachment(MANIFEST_FILE, "Manifes berkas", canonical_json(manifest), "Supplement"),
        Attachment(CONTENT_FILE, "Isi berkas sebagai data", canonical_json(packet), "Source"),
        *(Attachment(file.annex.filename, file.annex.title, file.content) for file in annexes),
    ]
    rendered = render(packet, attachments=attachments)
    pdf = sealed(rendered.pdf)
    return SealedPdf(
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        pages=rendered.pages,
        part_pages=rendered.part_pages,
        content_sha256=digest,
        annexes={file.annex.filename: file.content for file in annexes},
        manifest=manifest,
        warnings=rendered.warnings,
    )


def sidecars(made: SealedPdf, *, name: str, circumstances: Mapping[str, Any]) -> dict[str, bytes]:
    """Return manifest.json and SHA256SUMS for the folder.

    `circumstances`: who approved and sealed it and when, and where the audit log stood.
    """
    manifest = {
        **made.manifest,
        "pdf": {
            "name": name,
            "sha256": made.sha256,
            "size": len(made.pdf),
            "pages": made.pages,
            "part_pages": made.part_pages,
        },
        "sealed": circumstances,
    }
    content = canonical_json(manifest)
    own = Listed(MANIFEST_FILE, hashlib.sha256(content).hexdigest(), len(content))
    return {
        MANIFEST_FILE: content,
        CHECKSUM_FILE: checksums([own, *listed_files(manifest)]),
    }


def write_folder(parent: Path, number: str, files: Iterable[tuple[str, Iterable[bytes]]]) -> Path:
    """Write `parent/number` with all of `files`, or nothing: a killed run leaves no half packet.

    A folder of that name that is already there is replaced as a whole.

    Raises:
        Unavailable: the disk refused; what was there before is still there.
    """
    target = parent / number
    try:
        parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{number}-", dir=parent))
        try:
            for name, pieces in files:
                _write(made / PurePosixPath(name), pieces)
            for folder in [made, *(path for path in made.rglob("*") if path.is_dir())]:
                folder.chmod(0o755)
                _sync(folder)
            _replace(made, target)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        _sync(parent)
    except OSError as error:
        raise Unavailable(
            "Paket {number} tidak dapat ditulis ke {folder} ({reason}); tidak ada yang berubah.",
            number=number,
            folder=parent,
            reason=error.strerror or "kesalahan berkas",
        ) from error
    return target


def zipped(number: str, files: Iterable[tuple[str, Iterable[bytes]]]) -> bytes:
    """Return the folder as one ZIP, the same bytes every time, sealed in its comment."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compression=zipfile.ZIP_STORED) as archive:
        for name, pieces in sorted(files, key=lambda file: file[0]):
            entry = zipfile.ZipInfo(f"{number}/{name}", date_time=_EPOCH)
            entry.external_attr = _FILE_MODE
            entry.create_system = 3
            archive.writestr(entry, b"".join(pieces))
        archive.comment = ZIP_SEAL + b"0" * 64
    content = buffer.getvalue()
    digest = hashlib.sha256(content[:-64]).hexdigest().encode()
    return content[:-64] + digest


def _replace(made: Path, target: Path) -> None:
    if not target.exists():
        made.rename(target)
        return
    retired = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    target.rename(retired / "old")
    try:
        made.rename(target)
    except OSError:
        (retired / "old").rename(target)
        raise
    finally:
        with suppress(OSError):
            shutil.rmtree(retired)


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def whole(content: bytes) -> Iterator[bytes]:
    """Yield `content` in one piece, for `write_folder`."""
    yield content
