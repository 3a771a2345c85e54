"""Snapshots: carried over, corrected, verified; and what a dead or choked import leaves."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.errors import NotFound, Unavailable
from app.registry import snapshots
from app.registry.schemas import SourceFile
from tests.registry.extracts import (
    Registry,
    only,
    row,
    view_of,
    write_csv,
)

EMPLOYER = row("pemberi_kerja")
PROJECT = Path(__file__).resolve().parents[2]


def test_a_table_that_was_not_sent_is_carried_over_and_said(registry: Registry) -> None:
    first = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[row("kepesertaan")])

    second = registry.bring_rows(previous=view_of(first), tagihan=[row("tagihan")])

    assert second.tables["kepesertaan"].carried_over
    assert second.tables["kepesertaan"].sha256 == first.tables["kepesertaan"].sha256
    assert second.as_json()["tables"]["kepesertaan"] == {  # type: ignore[index]
        "rows": 1,
        "rejected": 0,
        "sha256": first.tables["kepesertaan"].sha256,
        "carried_over": True,
    }
    assert any("kepesertaan tidak dikirim" in one for one in second.warnings)
    assert second.snapshot_id != first.snapshot_id


def test_a_table_never_sent_is_empty_and_said(registry: Registry) -> None:
    result = registry.bring_rows(pemberi_kerja=[EMPLOYER])

    assert registry.table(result, "tagihan") == []
    assert any("tagihan belum pernah dikirim" in one for one in result.warnings)


def test_rows_are_held_against_the_employers_of_the_snapshot_before(registry: Registry) -> None:
    first = registry.bring_rows(pemberi_kerja=[EMPLOYER])

    second = registry.bring_rows(
        previous=view_of(first), kepesertaan=[row("kepesertaan"), row("kepesertaan", npp="ZZ1")]
    )

    assert only(second).code == "no_employer"
    assert second.tables["kepesertaan"].rows == 1


def test_rows_that_lose_their_employer_stay_and_are_counted(registry: Registry) -> None:
    first = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[row("kepesertaan")])

    second = registry.bring_rows(
        previous=view_of(first), pemberi_kerja=[row("pemberi_kerja", npp="AA000002")]
    )

    assert second.tables["kepesertaan"].rows == 1
    assert any("1 baris kepesertaan" in one for one in second.warnings)


def test_a_refused_file_leaves_its_table_as_it_was(registry: Registry) -> None:
    first = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[row("kepesertaan")])
    broken = registry.folder / "kepesertaan.csv"
    broken.write_text("npp\n1\n", encoding="utf-8")

    second = registry.bring(
        SourceFile("kepesertaan.csv", broken),
        write_csv(registry.folder, "pemberi_kerja", [EMPLOYER]),
        previous=view_of(first),
    )

    assert second.tables["kepesertaan"].carried_over
    assert second.snapshot_id == first.snapshot_id


def test_corrected_rows_complete_the_table_as_if_they_had_been_right(registry: Registry) -> None:
    members = [row("kepesertaan", kpj=f"K{i}") for i in range(5)]
    wrong = [*members[:2], {**members[2], "nik": "123"}, *members[3:]]
    right = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=members)
    first = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=wrong)
    sent_back = registry.rejected_file("kepesertaan")
    assert len(sent_back) == 1

    corrected = write_csv(
        registry.folder, "kepesertaan", [{**one, "nik": members[2]["nik"]} for one in sent_back]
    )
    second = registry.bring(corrected, previous=view_of(first))

    assert second.added_to == ("kepesertaan",)
    assert second.tables["kepesertaan"].rows == 5
    assert second.snapshot_id == right.snapshot_id


def test_a_correction_that_is_already_there_is_turned_away(registry: Registry) -> None:
    first = registry.bring_rows(pemberi_kerja=[EMPLOYER], kepesertaan=[row("kepesertaan")])
    again = {"alasan": "Baris 9: NIK …", **row("kepesertaan")}

    second = registry.bring_rows(previous=view_of(first), kepesertaan=[again])

    assert only(second).code == "repeated_membership"
    assert "baris 2" in only(second).reason
    assert second.tables["kepesertaan"].rows == 1


def test_a_snapshot_names_the_table_whose_file_was_changed(registry: Registry) -> None:
    view = view_of(registry.bring_rows(pemberi_kerja=[EMPLOYER]))
    folder = registry.folder / "snapshots"
    assert snapshots.verify(folder, view) == ()
    path = snapshots.table_path(folder, view, "pemberi_kerja")
    path.write_bytes(path.read_bytes()[:-1] + b"X")

    [damage] = snapshots.verify(folder, view)

    assert damage.table == "pemberi_kerja"
    with pytest.raises(Unavailable, match="pemberi_kerja"):
        snapshots.require_sound(folder, view)


def test_a_table_file_that_is_gone_is_named(registry: Registry) -> None:
    view = view_of(registry.bring_rows(pemberi_kerja=[EMPLOYER]))
    folder = registry.folder / "snapshots"
    snapshots.table_path(folder, view, "tagihan").unlink()

    with pytest.raises(NotFound, match="tagihan"):
        snapshots.table_path(folder, view, "tagihan")


def test_a_damaged_file_is_made_whole_by_importing_the_same_again(registry: Registry) -> None:
    view = view_of(registry.bring_rows(pemberi_kerja=[EMPLOYER]))
    folder = registry.folder / "snapshots"
    snapshots.table_path(folder, view, "pemberi_kerja").write_bytes(b"broken")

    registry.bring_rows(pemberi_kerja=[EMPLOYER])

    assert snapshots.verify(folder, view) == ()


def test_the_identity_depends_on_every_table_and_not_on_their_order() -> None:
    one = snapshots.identity({"a": "1", "b": "2"})

    assert one == snapshots.identity({"b": "2", "a": "1"})
    assert one != snapshots.identity({"a": "2", "b": "1"})
    assert len(one) == 16


# Imports that do not end well. They run in a process of their own.

IMPORT = """
import sys, os, signal, resource
from pathlib import Path
from app.registry import snapshots
from tests.registry.extracts import Registry, SourceFile

folder, mode, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
files = [SourceFile(p.name, p) for p in sorted((folder / "inbox").glob("*.csv"))]
if mode == "kill":
    real, calls = snapshots.keep, []
    def keep(*args):
        calls.append(1)
        if len(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args)
    snapshots.keep = keep
if mode == "limit":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))
from app.errors import Unavailable
try:
    print(Registry(folder).bring(*files).snapshot_id)
except Unavailable as refusal:
    print("UNAVAILABLE", refusal)
"""


def _apart(folder: Path, mode: str, number: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", IMPORT, str(folder), mode, str(number)],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=False,
        timeout=120,
    )


def _inbox(registry: Registry) -> None:
    inbox = registry.folder / "inbox"
    inbox.mkdir()
    write_csv(inbox, "pemberi_kerja", [EMPLOYER])
    write_csv(
        inbox,
        "kepesertaan",
        [row("kepesertaan", kpj=f"K{i}", nama=f"Nama {i * 7919}") for i in range(40_000)],
    )


def _left_behind(registry: Registry) -> list[str]:
    tables = registry.folder / "snapshots" / "tables"
    scratch = registry.folder / "scratch"
    return [
        path.name
        for folder in (tables, scratch)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if not path.name.endswith(".parquet") or path.name.startswith(".")
    ]


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_killed_import_leaves_nothing_that_counts_and_the_next_one_clears_up(
    registry: Registry, number: int
) -> None:
    _inbox(registry)

    killed = _apart(registry.folder, "kill", number)

    assert killed.returncode == -signal.SIGKILL
    assert _left_behind(registry) != []
    again = _apart(registry.folder, "whole", 0)
    assert len(again.stdout.strip()) == snapshots.ID_DIGITS, again.stderr
    assert _left_behind(registry) == []
    assert len(list((registry.folder / "snapshots" / "tables").iterdir())) == 6


@pytest.mark.parametrize("room", [0, 20_000, 400_000])
def test_a_disk_without_room_is_a_sentence_and_leaves_nothing(
    registry: Registry, room: int
) -> None:
    _inbox(registry)

    choked = _apart(registry.folder, "limit", room)

    assert choked.stdout.startswith("UNAVAILABLE"), choked.stdout + choked.stderr
    assert "tidak ada yang berubah" in choked.stdout
    assert _left_behind(registry) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_is_a_sentence_and_leaves_nothing(registry: Registry) -> None:
    _inbox(registry)
    disk = registry.folder / "disk"
    disk.mkdir()
    script = (
        'mount -t tmpfs -o size=560k tmpfs "$1" && cp -r "$2" "$1/" && '
        'cd "$3" && "$4" -c "$5" "$1" whole 0; ls -A "$1/snapshots/tables" "$1/scratch"'
    )
    inbox = registry.folder / "inbox"
    for path in inbox.glob("kepesertaan*"):
        with path.open("rb+") as file:
            file.truncate(500_000)

    done = subprocess.run(
        ["/usr/bin/unshare", "-m", "sh", "-c", script, "sh", str(disk), str(inbox), str(PROJECT),
         sys.executable, IMPORT],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip

    if "mount:" in done.stderr or "unshare" in done.stderr:
        pytest.skip("this machine does not allow mounting")
    assert "UNAVAILABLE" in done.stdout, done.stdout + done.stderr


def test_a_folder_that_cannot_be_made_is_a_sentence(registry: Registry) -> None:
    (registry.folder / "snapshots").write_text("a file", encoding="utf-8")

    with pytest.raises(Unavailable, match="tidak dapat ditulis"):
        registry.bring_rows(pemberi_kerja=[EMPLOYER])
