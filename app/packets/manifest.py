"""PURE: the manifest of a packet, its checksum list, and the seal over the bytes of the PDF.

The seal and the hashes prove that nothing changed since sealing. They are no signature: who could
make a whole new packet could seal it too. What was sealed when is kept in the audit log.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.packets.canonical import check_code
from app.packets.content import ReferralPacket

FORMAT: Final = "patuh-manifest/1"
MANIFEST_FILE: Final = "manifest.json"
CHECKSUM_FILE: Final = "SHA256SUMS"
CONTENT_FILE: Final = "isi.json"
SEAL_PREFIX: Final = b"PATUH-SEAL-1 sha256="
ZIP_SEAL: Final = b"PATUH-ZIP-1 sha256="
SEAL_BLANK: Final = b"0" * 64
_SEAL_DIGITS: Final = len(SEAL_BLANK)


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the packet folder: `name` with forward slashes, `size` in bytes."""

    name: str
    sha256: str
    size: int


class SealMissing(ValueError):
    """The PDF holds no place for a seal, or more than one."""


def embedded_manifest(
    packet: ReferralPacket, *, content_sha256: str, generator: str
) -> dict[str, Any]:
    """Return what the PDF itself carries: all but the PDF's own hash and when it was sealed."""
    return {
        "format": FORMAT,
        "generator": generator,
        "packet": {
            "number": packet.number,
            "version": packet.version,
            "case": packet.case_number,
            "cutoff": packet.cutoff.isoformat(),
            "snapshot": packet.snapshot_id,
        },
        "content": {
            "name": CONTENT_FILE,
            "sha256": content_sha256,
            "check_code": check_code(content_sha256),
        },
        "annexes": [
            {"name": annex.filename, "title": annex.title, "sha256": annex.sha256}
            | {"size": annex.size, "rows": annex.rows}
            for annex in packet.annexes
        ],
        "exhibits": [
            {"number": item.number, "name": item.filename, "title": item.title}
            | {"sha256": item.sha256, "size": item.size}
            for item in packet.exhibits
        ],
    }


def listed_files(manifest: Mapping[str, Any]) -> tuple[Listed, ...]:
    """Return every file the sidecar manifest names, in the order of the checksum list.

    Raises:
        KeyError, TypeError: it does not have the shape of one of ours.
    """
    entries = [manifest["pdf"], *manifest["annexes"], *manifest["exhibits"]]
    files = [Listed(str(e["name"]), str(e["sha256"]), int(e["size"])) for e in entries]
    return tuple(sorted(files, key=lambda file: file.name))


def checksums(files: Sequence[Listed]) -> bytes:
    """Return the checksum list that `sha256sum -c` reads, sorted by name."""
    lines = [f"{file.sha256}  {file.name}\n" for file in sorted(files, key=lambda f: f.name)]
    return "".join(lines).encode()


def sealed(pdf: bytes) -> bytes:
    """Return the PDF with SHA-256 of itself, the seal's own digits taken as zeros, in its place.

    Raises:
        SealMissing: there is no place for it, or more than one.
    """
    start = _seal_start(pdf)
    digest = hashlib.sha256(_blanked(pdf, start)).hexdigest().encode()
    return pdf[:start] + digest + pdf[start + _SEAL_DIGITS :]


def seal_holds(pdf: bytes) -> bool:
    """Return whether not one byte of the PDF differs from what was sealed.

    Raises:
        SealMissing: there is no seal, or more than one.
    """
    start = _seal_start(pdf)
    expected = hashlib.sha256(_blanked(pdf, start)).hexdigest().encode()
    return pdf[start : start + _SEAL_DIGITS] == expected


def _seal_start(pdf: bytes) -> int:
    if pdf.count(SEAL_PREFIX) != 1:
        raise SealMissing
    return pdf.index(SEAL_PREFIX) + len(SEAL_PREFIX)


def _blanked(pdf: bytes, start: int) -> bytes:
    return pdf[:start] + SEAL_BLANK + pdf[start + _SEAL_DIGITS :]
