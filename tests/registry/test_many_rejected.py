"""Rejected rows by the hundred thousand: in little memory, and to the last of them."""

from pathlib import Path

from app.registry.importers import run_import
from app.registry.schemas import ImportResult, SourceFile
from tests.registry.extracts import AS_OF, row, write_csv

MANY = 150_000
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
