"""One changed byte anywhere is found, offline, and named."""

import hashlib
import random
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from app.packets.compose import compose_draft
from app.packets.content import ReferralPacket
from app.packets.manifest import CHECKSUM_FILE, MANIFEST_FILE, SEAL_PREFIX, sealed
from app.packets.seal import SealedPdf, seal, sidecars, write_folder, zipped
from app.packets.verify import verify
from tests.packets import sample

EXHIBIT = b"%PDF-1.4 bukti contoh\n"


@pytest.fixture
def files(made: SealedPdf, packet: ReferralPacket) -> dict[str, bytes]:
    """The files of the sample packet; its exhibits are stand-ins whose hashes do not matter."""
    name = f"{packet.number}.pdf"
    beside = sidecars(made, name=name, circumstances={"at": "2026-11-20T03:00:00+00:00"})
    return {name: made.pdf, **made.annexes, **beside}


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole packet folder with one exhibit, written as the service writes it."""
    facts = sample.dossier(months=2, workers=2)
    item = replace(facts.evidence[0], size=len(EXHIBIT), sha256=hashlib.sha256(EXHIBIT).hexdigest())
    draft = compose_draft(replace(facts, evidence=(item,)))
    content = replace(draft, status="final", number="PKT-CONTOH-1")
    made = seal(content)
    name = "PKT-CONTOH-1.pdf"
    everything = {
        name: made.pdf,
        **made.annexes,
        **sidecars(made, name=name, circumstances={"at": "2026-11-20T03:00:00+00:00"}),
        content.exhibits[0].filename: EXHIBIT,
    }
    return write_folder(
        tmp_path_factory.mktemp("paket"),
        "PKT-CONTOH-1",
        ((path, iter([data])) for path, data in everything.items()),
    )


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "kiriman" / original.name))


def flipped(content: bytes, at: int, bit: int = 0) -> bytes:
    return content[:at] + bytes([content[at] ^ (1 << bit)]) + content[at + 1 :]


def everything(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_whole_packet_holds(folder: Path) -> None:
    report = verify(folder)

    assert report.ok
    assert report.packets == ("PKT-CONTOH-1",)
    assert report.checked == 6


def test_the_folder_above_holds_with_all_its_packets(folder: Path) -> None:
    assert verify(folder.parent).packets == ("PKT-CONTOH-1",)


def test_one_flipped_bit_in_any_file_is_found_and_named(folder: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - where to damage, nothing secret
    for path in everything(folder):
        content = path.read_bytes()
        for at in {0, len(content) - 1, *(chance.randrange(len(content)) for _ in range(12))}:
            path.write_bytes(flipped(content, at, chance.randrange(8)))

            report = verify(folder)

            name = path.relative_to(folder).as_posix()
            assert not report.ok, (name, at)
            named = {problem.field for problem in report.problems}
            assert name in named or named & {MANIFEST_FILE, CHECKSUM_FILE}, (name, at, named)
        path.write_bytes(content)
    assert verify(folder).ok


def test_one_flipped_bit_in_a_lone_pdf_is_found(folder: Path) -> None:
    chance = random.Random(11)  # noqa: S311 - where to damage, nothing secret
    lone = folder.parent / "kiriman.pdf"
    pdf = (folder / "PKT-CONTOH-1.pdf").read_bytes()
    lone.write_bytes(pdf)
    assert verify(lone).ok
    seal_at = pdf.index(SEAL_PREFIX)
    places = [chance.randrange(len(pdf)) for _ in range(150)]
    places += range(seal_at, seal_at + len(SEAL_PREFIX) + 64, 5)

    for at in places:
        lone.write_bytes(flipped(pdf, at, chance.randrange(8)))
        assert not verify(lone).ok, at


def test_bytes_added_behind_the_end_of_a_pdf_are_found(folder: Path) -> None:
    lone = folder / "PKT-CONTOH-1.pdf"
    lone.write_bytes(lone.read_bytes() + b"\n")

    assert not verify(lone).ok


def test_a_pdf_sealed_anew_over_another_attachment_is_found(folder: Path) -> None:
    import pikepdf  # noqa: PLC0415 - only here

    lone = folder / "PKT-CONTOH-1.pdf"
    with pikepdf.open(lone, allow_overwriting_input=True) as document:
        document.attachments["sisipan.txt"] = b"tambahan"
        document.save(lone, object_stream_mode=pikepdf.ObjectStreamMode.disable,
                      compress_streams=False)  # fmt: skip
    lone.write_bytes(sealed(lone.read_bytes()))

    report = verify(lone)

    assert [problem.values.get("inner") for problem in report.problems] == ["sisipan.txt"]


def test_a_file_that_does_not_belong_is_named(folder: Path) -> None:
    (folder / "bukti" / "P-99_palsu.pdf").write_bytes(b"x")

    assert [p.field for p in verify(folder).problems] == ["bukti/P-99_palsu.pdf"]


@pytest.mark.parametrize("gone", [MANIFEST_FILE, CHECKSUM_FILE, "PKT-CONTOH-1.pdf"])
def test_a_file_that_is_gone_is_named(folder: Path, gone: str) -> None:
    (folder / gone).unlink()

    report = verify(folder)

    assert not report.ok
    assert gone in {problem.field for problem in report.problems}


def test_a_link_to_somewhere_else_does_not_pass_for_a_file(folder: Path, tmp_path: Path) -> None:
    target = folder / "daftar-tenaga-kerja.csv"
    moved = tmp_path / "di-luar.csv"
    target.rename(moved)
    target.symlink_to(moved)

    assert [p.field for p in verify(folder).problems] == ["daftar-tenaga-kerja.csv"]


def test_the_manifest_of_another_packet_beside_the_pdf_is_found(
    folder: Path, files: dict[str, bytes]
) -> None:
    (folder / MANIFEST_FILE).write_bytes(files[MANIFEST_FILE])
    (folder / CHECKSUM_FILE).write_bytes(files[CHECKSUM_FILE])

    assert not verify(folder).ok


def test_a_zip_of_ours_holds_and_one_flipped_bit_in_it_is_found(folder: Path) -> None:
    chance = random.Random(13)  # noqa: S311 - where to damage, nothing secret
    content = zipped(
        folder.name,
        [(p.relative_to(folder).as_posix(), [p.read_bytes()]) for p in everything(folder)],
    )
    archive = folder.parent / "kiriman.zip"
    archive.write_bytes(content)
    assert verify(archive).ok

    for at in [chance.randrange(len(content)) for _ in range(120)] + [0, len(content) - 1]:
        archive.write_bytes(flipped(content, at, chance.randrange(8)))
        assert not verify(archive).ok, at


def test_a_zip_that_somebody_else_packed_holds_when_its_files_do(folder: Path) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in everything(folder):
            archive.write(path, f"kiriman/{path.relative_to(folder)}")
    target = folder.parent / "lain.zip"
    target.write_bytes(buffer.getvalue())

    assert verify(target).ok


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%%EOF\n", b"PK\x03\x04rusak", b"halo"])
def test_what_is_no_packet_is_told_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "apa.pdf"
    path.write_bytes(content)

    report = verify(path)

    assert not report.ok
    assert report.problems


def test_an_empty_folder_and_a_missing_file_are_told_so(tmp_path: Path) -> None:
    assert verify(tmp_path).problems
    assert verify(tmp_path / "tidak-ada").problems


def test_nothing_of_a_packet_is_visible_when_writing_breaks_off(tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[str, Iterator[bytes]]]:
        yield "a.pdf", iter([b"satu"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path, "PKT-1", broken())

    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    write_folder(tmp_path, "PKT-1", [("lama.txt", iter([b"lama"]))])

    written = write_folder(tmp_path, "PKT-1", [("baru.txt", iter([b"baru"]))])

    assert [path.name for path in written.iterdir()] == ["baru.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["PKT-1"]
