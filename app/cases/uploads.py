"""Judges an uploaded file by its bytes, never by its name. Keeps nothing, changes nothing."""

import re
import unicodedata
import warnings
import zipfile
from email import policy
from email.parser import BytesHeaderParser
from pathlib import PurePosixPath
from typing import Final

import pikepdf
import puremagic
from PIL import Image

from app.cases.schemas import Upload
from app.errors import FieldProblem, Invalid

LARGEST: Final = 25_000_000
_HEAD: Final = 64 * 1024
_LONGEST_NAME: Final = 120
_MOST_PIXELS: Final = 120_000_000

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
EMAIL: Final = "message/rfc822"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What makes each Office file what it says it is.
_OFFICE_PARTS: Final = {"word/document.xml": WORD, "xl/workbook.xml": SHEET}
_MACROS: Final = "vbaproject.bin"
_ALLOWED: Final = "PDF, JPEG, PNG, DOCX, XLSX, atau EML"
_MAIL_HEADERS: Final = ("from", "date")
_MARKUP: Final = re.compile(rb"<\s*(!doctype|html|svg|script|\?xml)", re.IGNORECASE)


def media_type(upload: Upload) -> str:
    """Return what the file is; leaves `source` at its start.

    Raises:
        Invalid: empty, too large, of another kind, damaged, encrypted, or with macros.
    """
    source = upload.source
    source.seek(0, 2)
    size = source.tell()
    source.seek(0)
    head = source.read(_HEAD)
    source.seek(0)
    if size == 0:
        raise _refused("Berkas kosong (0 bita); pilih berkas yang berisi.")
    if size > LARGEST:
        raise _refused(
            "Berkas lebih besar daripada batas {limit} MB; perkecil atau bagi berkas itu.",
            limit=LARGEST // 1_000_000,
        )
    try:
        found = _judged(upload, head)
    finally:
        source.seek(0)
    return found


def shown_name(name: str) -> str:
    """Return a name that is safe to show: no path, no control or direction characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(
        letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cf", "Co", "Cs"}
    ).strip()
    return plain[-_LONGEST_NAME:] or "berkas"


def _judged(upload: Upload, head: bytes) -> str:
    kinds = _kinds(head)
    if PDF in kinds and head.startswith(b"%PDF"):
        _check_pdf(upload)
        return PDF
    for kind, name in ((JPEG, "JPEG"), (PNG, "PNG")):
        if kind in kinds:
            _check_image(upload, name)
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _office(upload)
    if EMAIL in kinds or upload.name.lower().endswith(".eml"):
        _check_email(head)
        return EMAIL
    raise _not_allowed()


def _kinds(head: bytes) -> frozenset[str]:
    try:
        return frozenset(match.mime_type for match in puremagic.magic_string(head))
    except (puremagic.PureError, ValueError):
        return frozenset()


def _check_pdf(upload: Upload) -> None:
    try:
        with pikepdf.open(upload.source) as pdf:
            if pdf.is_encrypted:
                raise _encrypted()
            if not len(pdf.pages):
                raise _refused("PDF ini tidak berisi halaman; pindai ulang dokumennya.")
    except pikepdf.PasswordError as error:
        raise _encrypted() from error
    except pikepdf.PdfError as error:
        raise _refused("PDF ini rusak dan tidak dapat dibuka; pindai ulang dokumennya.") from error


def _check_image(upload: Upload, name: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload.source, formats=[name]) as image:
                width, height = image.size
                if width * height > _MOST_PIXELS:
                    raise _refused("Gambar ini terlalu besar ukurannya; perkecil lalu unggah lagi.")
                image.verify()
    except (OSError, SyntaxError, ValueError) as error:
        raise _refused("Gambar ini rusak dan tidak dapat dibuka; foto ulang.") from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _refused("Gambar ini terlalu besar ukurannya; perkecil lalu unggah lagi.") from error


def _office(upload: Upload) -> str:
    try:
        with zipfile.ZipFile(upload.source) as archive:
            names = frozenset(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _not_allowed() from error
    if any(name.lower().endswith(_MACROS) for name in names):
        raise _refused("Berkas Office dengan makro tidak diterima; simpan sebagai PDF.")
    for part, kind in _OFFICE_PARTS.items():
        if part in names:
            return kind
    raise _not_allowed()


def _check_email(head: bytes) -> None:
    message = BytesHeaderParser(policy=policy.compat32).parsebytes(head)
    if _MARKUP.match(head.lstrip()) or not all(message.get(name) for name in _MAIL_HEADERS):
        raise _not_allowed()


def _encrypted() -> Invalid:
    return _refused("PDF ini terkunci kata sandi; unggah salinan yang tidak terkunci.")


def _not_allowed() -> Invalid:
    return _refused(
        "Jenis berkas ini tidak diterima sebagai bukti; unggah {allowed}.", allowed=_ALLOWED
    )


def _refused(template: str, /, **values: object) -> Invalid:
    return Invalid(template, fields=(FieldProblem("file", template, values),), **values)
