"""Checks a packet offline: a PDF, a folder or a ZIP. Reads; needs no network, database or key."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Protocol

import pikepdf

from app.errors import FieldProblem
from app.packets.canonical import canonical_json, check_code
from app.packets.manifest import (
    CHECKSUM_FILE,
    FORMAT,
    MANIFEST_FILE,
    ZIP_SEAL,
    Listed,
    SealMissing,
    checksums,
    listed_files,
    seal_holds,
)
from app.packets.schemas import Report

_PIECE: Final = 1 << 20
_LARGEST_FILE: Final = 2 << 30
_READABLE: Final = 256 << 20


class Source(Protocol):
    """Files by name, with forward slashes."""

    def names(self) -> frozenset[str]: ...
    def pieces(self, name: str) -> Iterator[bytes]: ...


class Unreadable(Exception):
    """The bytes of one file cannot be had."""


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> frozenset[str]:
        return frozenset(
            path.relative_to(self._root).as_posix()
            for path in self._root.rglob("*")
            if path.is_symlink() or not path.is_dir()
        )

    def pieces(self, name: str) -> Iterator[bytes]:
        path = self._root / name
        if path.is_symlink() or not path.is_file():
            raise Unreadable(name)
        try:
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    yield piece
        except OSError as error:
            raise Unreadable(name) from error


class Archive:
    """A ZIP; entry names that occur twice are unreadable, since readers disagree about them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        listed = [entry for entry in archive.infolist() if not entry.is_dir()]
        self._entries = {entry.filename: entry for entry in listed}
        self._twice = len(listed) != len(self._entries)

    def names(self) -> frozenset[str]:
        return frozenset(self._entries)

    def pieces(self, name: str) -> Iterator[bytes]:
        if self._twice or name not in self._entries:
            raise Unreadable(name)
        read = 0
        try:
            with self._archive.open(self._entries[name]) as file:
                while piece := file.read(_PIECE):
                    read += len(piece)
                    if read > _LARGEST_FILE:
                        raise Unreadable(name)
                    yield piece
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError) as error:
            raise Unreadable(name) from error


class Within:
    """One folder of a source, taken as a source."""

    def __init__(self, source: Source, prefix: str) -> None:
        self._source, self._prefix = source, prefix

    def names(self) -> frozenset[str]:
        cut = len(self._prefix)
        return frozenset(n[cut:] for n in self._source.names() if n.startswith(self._prefix))

    def pieces(self, name: str) -> Iterator[bytes]:
        return self._source.pieces(self._prefix + name)


def verify(path: Path) -> Report:
    """Return whether every byte of the packet is what was sealed, and name what is not.

    A folder or ZIP may hold one packet, or one packet per subfolder. A lone PDF is checked by the
    seal over its own bytes and by what it carries.
    """
    if path.is_dir():
        return _verify_source(Folder(path))
    try:
        content = path.read_bytes()
    except OSError:
        return _report([_problem(path.name, "Berkas {file} tidak dapat dibaca.")])
    if zipfile.is_zipfile(BytesIO(content)) and not content.startswith(b"%PDF-"):
        return _verify_zip(path.name, content)
    found, number = verify_pdf(path.name, content)
    return Report(problems=found, packets=(number,) if number else (), checked=1)


def verify_pdf(name: str, pdf: bytes) -> tuple[tuple[FieldProblem, ...], str]:
    """Return what does not hold in a PDF by itself, and the packet number it carries."""
    try:
        held = seal_holds(pdf)
    except SealMissing:
        return (_problem(name, "{file} bukan PDF bersegel Patuh, atau segelnya rusak."),), ""
    if not held:
        return (_problem(name, "Segel {file} tidak cocok: isinya berubah sejak disegel."),), ""
    try:
        attached = _attachments(pdf)
        manifest = json.loads(attached[MANIFEST_FILE])
        return tuple(_embedded_problems(name, attached, manifest)), str(
            manifest["packet"]["number"]
        )
    except (pikepdf.PdfError, KeyError, TypeError, ValueError):
        return (_problem(name, "Manifes di dalam {file} tidak ada atau tidak terbaca."),), ""


def _verify_zip(name: str, content: bytes) -> Report:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            report = _verify_source(Archive(archive))
            comment = archive.comment
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return _report([_problem(name, "Arsip {file} rusak dan tidak dapat dibuka.")])
    # A ZIP that somebody else packed has no comment; ours seals every byte of itself.
    ours = ZIP_SEAL + hashlib.sha256(content[:-64]).hexdigest().encode()
    if comment and comment != ours:
        broken = _problem(name, "Segel arsip {file} tidak cocok: arsip berubah sejak dibuat.")
        return Report(
            problems=(broken, *report.problems), packets=report.packets, checked=report.checked
        )
    return report


def _verify_source(source: Source) -> Report:
    names = source.names()
    prefixes = sorted(
        {_folder_of(name) for name in names if _base(name) in {MANIFEST_FILE, CHECKSUM_FILE}}
    )
    if not prefixes:
        return _report([_problem(MANIFEST_FILE, "Tidak ada paket: {file} tidak ditemukan.")])
    problems: list[FieldProblem] = []
    numbers: list[str] = []
    checked = 0
    for prefix in prefixes:
        found, number, count = _verify_packet(Within(source, prefix))
        problems += [
            FieldProblem(prefix + p.field, p.template, {**p.values, "file": prefix + p.field})
            for p in found
        ]
        numbers += [number] if number else []
        checked += count
    return Report(problems=tuple(problems), packets=tuple(numbers), checked=checked)


def _verify_packet(source: Source) -> tuple[list[FieldProblem], str, int]:
    raw = _bytes_of(source, MANIFEST_FILE)
    if raw is None:
        return [_problem(MANIFEST_FILE, "{file} tidak ada atau tidak terbaca.")], "", 0
    try:
        manifest = json.loads(raw)
        files = listed_files(manifest)
        number = str(manifest["packet"]["number"])
        recognised = manifest["format"] == FORMAT and canonical_json(manifest) == raw
    except (KeyError, TypeError, ValueError):
        files, number, recognised, manifest = (), "", False, {}
    problems = []
    if not recognised:
        problems.append(_problem(MANIFEST_FILE, "{file} berubah: bentuknya bukan dari Patuh."))
    own = Listed(MANIFEST_FILE, hashlib.sha256(raw).hexdigest(), len(raw))
    if _bytes_of(source, CHECKSUM_FILE) != checksums([own, *files]):
        problems.append(
            _problem(CHECKSUM_FILE, "{file} tidak cocok dengan manifest.json: salah satu berubah.")
        )
    for file in files:
        problems += _file_problems(source, file)
    known = {MANIFEST_FILE, CHECKSUM_FILE, *(file.name for file in files)}
    problems += [
        _problem(name, "{file} tidak tercatat dalam manifes: bukan bagian dari paket.")
        for name in sorted(source.names() - known)
    ]
    if recognised:
        problems += _pdf_problems(source, manifest)
    return problems, number, len(files) + 2


def _file_problems(source: Source, file: Listed) -> Iterator[FieldProblem]:
    if file.name not in source.names():
        yield _problem(file.name, "{file} tidak ada padahal tercatat dalam manifes.")
        return
    digest, size = hashlib.sha256(), 0
    try:
        for piece in source.pieces(file.name):
            digest.update(piece)
            size += len(piece)
    except Unreadable:
        yield _problem(file.name, "{file} tidak dapat dibaca atau rusak.")
        return
    if size != file.size or digest.hexdigest() != file.sha256:
        yield _problem(file.name, "SHA-256 {file} tidak cocok: isinya berubah sejak disegel.")


def _pdf_problems(source: Source, manifest: Mapping[str, Any]) -> Iterator[FieldProblem]:
    name = str(manifest["pdf"]["name"])
    pdf = _bytes_of(source, name)
    if pdf is None:
        return
    found, _ = verify_pdf(name, pdf)
    yield from found
    if found:
        return
    embedded = json.loads(_attachments(pdf)[MANIFEST_FILE])
    beside = {key: value for key, value in manifest.items() if key not in {"pdf", "sealed"}}
    if embedded != beside:
        yield _problem(MANIFEST_FILE, "{file} berbeda dari manifes di dalam PDF.")


def _embedded_problems(
    name: str, attached: Mapping[str, bytes], manifest: Mapping[str, Any]
) -> Iterator[FieldProblem]:
    content = manifest["content"]
    expected = {entry["name"]: entry["sha256"] for entry in [content, *manifest["annexes"]]}
    for inner, sha256 in expected.items():
        if hashlib.sha256(attached.get(inner, b"")).hexdigest() != sha256:
            yield _problem(name, "Lampiran {inner} di dalam {file} tidak cocok.", inner=inner)
    for inner in sorted(attached.keys() - expected.keys() - {MANIFEST_FILE}):
        yield _problem(name, "Lampiran {inner} di dalam {file} tidak tercatat.", inner=inner)
    if content["check_code"] != check_code(content["sha256"]):
        yield _problem(name, "Kode cek {file} tidak berasal dari isinya.")
    printed = json.loads(attached[content["name"]])
    if (printed["number"], printed["cutoff"]) != (
        manifest["packet"]["number"],
        manifest["packet"]["cutoff"],
    ):
        yield _problem(name, "Manifes di dalam {file} milik paket lain.")


def _attachments(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(BytesIO(pdf)) as document:
        return {
            name: document.attachments[name].get_file().read_bytes()
            for name in document.attachments
        }


def _bytes_of(source: Source, name: str) -> bytes | None:
    if name not in source.names():
        return None
    content = bytearray()
    try:
        for piece in source.pieces(name):
            content += piece
            if len(content) > _READABLE:
                return None
    except Unreadable:
        return None
    return bytes(content)


def _report(problems: Iterable[FieldProblem]) -> Report:
    return Report(problems=tuple(problems), packets=(), checked=0)


def _problem(file: str, template: str, **values: object) -> FieldProblem:
    return FieldProblem(file, template, {"file": file, **values})


def _folder_of(name: str) -> str:
    head, slash, _ = name.rpartition("/")
    return head + slash


def _base(name: str) -> str:
    return name.rpartition("/")[2]
