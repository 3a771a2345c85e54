"""Rejected rows by the hundred thousand: in little memory, and judged as a few of them are."""

import dataclasses
from pathlib import Path

import pytest

from app.registry import judging
from app.registry.importers import run_import
from app.registry.schemas import ImportResult, SourceFile
from tests.registry.extracts import AS_OF, Registry, row, write_csv

MANY = judging.MOST_UPDATED + 50_000
# Of what was fetched as one result, and of texts updated in place, this is not the half.
LITTLE = "100MB"


def _import(folder: Path, members: SourceFile, *, memory: str) -> ImportResult:
    employers = write_csv(folder, "pemberi_kerja", [row("pemberi_kerja")])
    return run_import(
        files=[employers, members],
        snapshots_dir=folder / "snapshots",
        rejects_dir=folder / "ditolak",
        scratch=folder / "scratch",
        memory=memory,
        previous=None,
        as_of=AS_OF,
        report_progress=lambda *_: None,
    )


def test_a_table_of_strangers_is_turned_away_row_by_row_in_little_memory(tmp_path: Path) -> None:
    members = write_csv(
        tmp_path,
        "kepesertaan",
        [
            row("kepesertaan", npp=f"AA{at:06d}", kpj=f"K{at}", nama=f"Nama yang panjang {at}")
            for at in range(1, MANY)
        ],
    )

    result = _import(tmp_path, members, memory=LITTLE)

    assert result.tables["kepesertaan"].rows == 1
    assert result.tables["kepesertaan"].rejected == MANY - 2
    with (tmp_path / "ditolak" / "kepesertaan.csv").open(encoding="utf-8") as written:
        last = [*written][-1]
    assert last.startswith(f"Baris {MANY}: ")
    assert f"K{MANY - 1}," in last


def test_many_rows_are_put_aside_as_few_are(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        row("kepesertaan", npp=f"AA{at % 3 + 1:06d}", kpj=f"K{at // 2}", nik=f"{at:016d}")
        for at in range(200)
    ]
    rows[50]["upah"] = "-1"
    files = [
        write_csv(registry.folder, "pemberi_kerja", [row("pemberi_kerja")]),
        write_csv(registry.folder, "kepesertaan", rows),
    ]
    few = registry.bring(*files)
    written = (registry.folder / "ditolak" / "kepesertaan.csv").read_text()

    monkeypatch.setattr(judging, "MOST_UPDATED", 0)
    many = registry.bring(*files)

    assert few.tables["kepesertaan"].rejected > 100
    assert dataclasses.replace(many, warnings=()) == dataclasses.replace(few, warnings=())
    assert (registry.folder / "ditolak" / "kepesertaan.csv").read_text() == written
