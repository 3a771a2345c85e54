"""Evidence: what is accepted by its bytes, kept once, numbered for good."""

import io
import zipfile
from datetime import date

import pikepdf
import pytest
from PIL import Image

from app.cases import queries, service
from app.cases.schemas import Evidence
from app.cases.stages import Proof
from app.cases.uploads import LARGEST, media_type, shown_name
from app.errors import Conflict, Invalid, NotFound
from tests.cases.conftest import Casework, pdf, upload


def image(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, kind)
    return buffer.getvalue()


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "isi")
    return buffer.getvalue()


def locked_pdf() -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(buffer, encryption=pikepdf.Encryption(owner="a", user="b"))
    return buffer.getvalue()


EMAIL = b"From: a@contoh.test\r\nDate: Mon, 5 Jan 2026 08:00:00 +0700\r\nSubject: x\r\n\r\nisi"

ACCEPTED = {
    "pdf": (pdf("satu"), "application/pdf"),
    "jpeg": (image("JPEG"), "image/jpeg"),
    "png": (image("PNG"), "image/png"),
    "docx": (
        archive("[Content_Types].xml", "word/document.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": (
        archive("[Content_Types].xml", "xl/workbook.xml"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "eml": (EMAIL, "message/rfc822"),
}
REFUSED = {
    "empty": (b"", "kosong"),
    "html": (b"<!DOCTYPE html><html><script>alert(1)</script></html>", "tidak diterima"),
    "html called pdf": (b"<html><body>%PDF-1.7</body></html>", "tidak diterima"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "tidak diterima"),
    "executable": (b"MZ" + bytes(300), "tidak diterima"),
    "shell script": (b"#!/bin/sh\nrm -rf /\n", "tidak diterima"),
    "plain zip": (archive("a.txt"), "tidak diterima"),
    "damaged zip": (b"PK\x03\x04" + bytes(50), "tidak diterima"),
    "macros": (archive("word/document.xml", "word/vbaProject.bin"), "makro"),
    "locked pdf": (locked_pdf(), "terkunci"),
    "damaged pdf": (b"%PDF-1.7\n" + b"x" * 400, "rusak"),
    "damaged image": (image("PNG")[:40], "rusak"),
    "too large": (b"%PDF" + bytes(LARGEST), "25 MB"),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_an_accepted_file_is_named_by_its_bytes(case: str) -> None:
    content, expected = ACCEPTED[case]
    given = upload(content, "apa saja.bin")

    assert media_type(given) == expected
    assert given.source.tell() == 0


@pytest.mark.parametrize("case", REFUSED)
def test_anything_else_is_refused_in_one_sentence(case: str) -> None:
    content, said = REFUSED[case]

    with pytest.raises(Invalid, match=said) as caught:
        media_type(upload(content, "bukti.pdf"))

    assert caught.value.fields[0].field == "file"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\a\\surat.pdf", "surat.pdf"),
        ("../../etc/passwd", "passwd"),
        ("surat\u202efdp.exe", "suratfdp.exe"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("", "berkas"),
    ],
)
def test_a_file_name_is_only_shown_and_never_a_path(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def add(work: Casework, content: bytes, kind: Proof = Proof.PHOTO) -> Evidence:
    return service.add_evidence(
        work.session,
        principal=work.cast.inspector,
        case_id=work.case_id,
        upload=upload(content, "foto.png"),
        kind=kind,
        title="",
        dated_on=date(2026, 1, 6),
        store=work.store,
        now=work.now,
    )


def test_the_original_bytes_are_kept(work: Casework) -> None:
    work.open()
    content = image("PNG")

    kept = add(work, content)

    assert work.store.read(kept.sha256) == content
    assert (kept.exhibit, kept.title, kept.size) == ("P-1", "Foto", len(content))


def test_the_same_file_twice_is_one_exhibit(work: Casework) -> None:
    work.open()
    first = add(work, image("PNG"))
    version = work.version

    second = add(work, image("PNG"), Proof.OTHER)

    assert second == first
    assert work.version == version
    assert len(work.file().evidence) == 1


def test_the_same_file_in_two_cases_is_stored_once(work: Casework) -> None:
    work.open()
    first = add(work, image("PNG"))
    work.open(employer=work.file().employer.__class__(nama="CV Lain", npp="CD000001"))

    second = add(work, image("PNG"))

    assert second.id != first.id
    assert second.exhibit == "P-1"
    assert second.sha256 == first.sha256


def test_a_refused_file_leaves_nothing(work: Casework) -> None:
    work.open()
    before = work.file()

    with pytest.raises(Invalid):
        add(work, b"<html></html>")

    assert work.file() == before


def test_exhibit_numbers_never_change(work: Casework) -> None:
    work.open()
    first = work.attach(Proof.PHOTO)
    work.attach(Proof.PHOTO)
    work.attach(Proof.PHOTO)

    assert [item.exhibit for item in work.file().evidence] == ["P-1", "P-2", "P-3"]
    assert work.file().exhibit(first.id) == first


def test_another_office_does_not_find_the_exhibit(work: Casework) -> None:
    work.open()
    kept = work.attach(Proof.PHOTO)

    with pytest.raises(NotFound):
        queries.evidence(work.session, principal=work.cast.stranger, evidence_id=kept.id)


def test_a_closed_case_takes_no_more_evidence(work: Casework) -> None:
    work.open()
    work.close("LUNAS", Proof.PAYMENT)

    with pytest.raises(Conflict, match="sudah ditutup"):
        work.attach(Proof.PHOTO)


def test_evidence_from_a_day_to_come_is_refused(work: Casework) -> None:
    work.open()

    with pytest.raises(Invalid, match="belum tiba"):
        work.attach(Proof.PHOTO, on=date(2026, 11, 21))
