"""An import that is killed: the next one goes on at the first table that was not finished."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.registry import halfway
from app.registry.schemas import ImportResult, SourceFile
from tests.registry.extracts import RIGHT, Registry, row, view_of, write_csv

PROJECT = Path(__file__).resolve().parents[2]

KILLED = """
import os, signal, sys
from pathlib import Path
from app.registry import halfway
from tests.registry.extracts import Registry, SourceFile

folder, number = Path(sys.argv[1]), int(sys.argv[2])
noted = []
real = halfway.note
def note(*args, **kwargs):
    real(*args, **kwargs)
    noted.append(1)
    if len(noted) == number:
        os.kill(os.getpid(), signal.SIGKILL)
halfway.note = note
Registry(folder).bring(*(SourceFile(p.name, p) for p in sorted((folder / "inbox").glob("*.csv"))))
"""


def _inbox(registry: Registry) -> list[SourceFile]:
    """All six tables, each with a row that is turned away."""
    inbox = registry.folder / "inbox"
    inbox.mkdir()
    bad = {
        "pemberi_kerja": row("pemberi_kerja", npp="AA000002", skala="raksasa"),
        "kepesertaan": row("kepesertaan", nik="12", kpj="20000000002"),
        "tagihan": row("tagihan", npp="AA000002", blth="2026-04"),
        "pembayaran": row("pembayaran", blth="2026-02"),
        "sumber_pemberi_kerja": row("sumber_pemberi_kerja", id_sumber="WL-2", jumlah_tk="-1"),
        "sumber_pekerja": row("sumber_pekerja", id_sumber="WL-2"),
    }
    return [write_csv(inbox, table, [right, bad[table]]) for table, right in RIGHT.items()]


def _kill_after(registry: Registry, tables: int) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(registry.folder), str(tables)],
        capture_output=True,
        cwd=PROJECT,
        check=False,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr


def _taken_up(result: ImportResult) -> list[str]:
    return [one.split()[1] for one in result.warnings if "impor yang terputus" in one]


@pytest.mark.parametrize("tables", [1, 3, 6])
def test_an_import_killed_after_some_tables_is_finished_from_the_next_one(
    registry: Registry, tmp_path_factory: pytest.TempPathFactory, tables: int
) -> None:
    files = _inbox(registry)
    _kill_after(registry, tables)

    resumed = registry.bring(*files)

    whole = Registry(tmp_path_factory.mktemp("whole")).bring(*files)
    assert _taken_up(resumed) == list(RIGHT)[:tables]
    assert resumed.snapshot_id == whole.snapshot_id
    assert resumed.rejected == whole.rejected
    assert resumed.assumptions == whole.assumptions
    assert _rejects(resumed) == _rejects(whole)
    assert not halfway.is_any(registry.folder / "snapshots")


def test_a_table_with_a_column_agreed_later_is_taken_up_with_it(
    registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = _inbox(registry)
    told = [row("kepesertaan", kanal="perisai"), row("kepesertaan", nik="12", kanal="kantor")]
    files[1] = write_csv(registry.folder / "inbox", "kepesertaan", told)
    _kill_after(registry, 3)

    resumed = registry.bring(*files)

    whole = Registry(tmp_path_factory.mktemp("whole")).bring(*files)
    assert "kepesertaan" in _taken_up(resumed)
    assert [one["kanal"] for one in registry.table(resumed, "kepesertaan")] == ["perisai"]
    assert resumed.snapshot_id == whole.snapshot_id
    assert _rejects(resumed) == _rejects(whole)


def _rejects(of: ImportResult) -> Sequence[tuple[str, str]]:
    assert of.rejects_dir is not None
    return sorted((path.name, path.read_text()) for path in of.rejects_dir.iterdir())


def test_a_file_that_is_mended_meanwhile_is_read_again_and_all_that_follow(
    registry: Registry,
) -> None:
    files = _inbox(registry)
    _kill_after(registry, 3)
    write_csv(registry.folder / "inbox", "kepesertaan", [row("kepesertaan")])

    resumed = registry.bring(*files)

    assert _taken_up(resumed) == ["pemberi_kerja"]
    assert resumed.tables["kepesertaan"].rejected == 0


def test_a_finished_table_that_was_damaged_meanwhile_is_made_again(registry: Registry) -> None:
    files = _inbox(registry)
    _kill_after(registry, 1)
    [stored] = (registry.folder / "snapshots" / "tables").glob("*.parquet")
    stored.write_bytes(b"broken")

    resumed = registry.bring(*files)

    assert _taken_up(resumed) == []
    assert view_of(resumed).tables["pemberi_kerja"].rows == 1


def test_after_an_import_that_ended_well_the_same_files_are_judged_anew(
    registry: Registry,
) -> None:
    files = _inbox(registry)
    registry.bring(*files)

    assert _taken_up(registry.bring(*files)) == []


def test_another_program_does_not_take_up_what_this_one_judged(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = _inbox(registry)
    _kill_after(registry, 3)
    monkeypatch.setattr(halfway, "_program", lambda: "a later release")

    assert _taken_up(registry.bring(*files)) == []
