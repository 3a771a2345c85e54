"""What a sweep is measured on and against: the same rows every time, the same answer from all."""

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from app.detection.rules import RULES
from app.registry.snapshots import TABLES, sha256_of
from bench.national.extracts import write_extracts
from bench.national.measure import flags_of, measured, workers_of

SHARE = 0.0006


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nasional")
    # The server of one contender runs as another user when we are root.
    for one in (folder, *folder.parents[:2]):
        one.chmod(0o755)
    write_extracts(folder, share=SHARE)
    measured("ours", folder, checked=True)
    return folder


def test_the_same_share_and_seed_give_the_same_files_to_the_last_byte(
    place: Path, tmp_path: Path
) -> None:
    again = write_extracts(tmp_path, share=SHARE)

    assert {table: sha256_of(path) for table, path in again.items()} == {
        table: sha256_of(place / f"{table}.parquet") for table in TABLES
    }


def test_another_seed_gives_other_rows(place: Path, tmp_path: Path) -> None:
    other = write_extracts(tmp_path, share=SHARE, seed=1)

    assert not [
        table
        for table, path in other.items()
        if sha256_of(path) == sha256_of(place / f"{table}.parquet")
    ]


def test_every_rule_is_broken_by_some_and_none_by_most(place: Path) -> None:
    flags = pq.read_table(flags_of(place, "ours"))["aturan"].to_pylist()
    registered = pq.read_table(place / "pemberi_kerja.parquet", columns=["npp"]).num_rows

    assert set(flags) == {rule.code for rule in RULES}
    assert all(flags.count(rule.code) < registered // 4 for rule in RULES if rule.code != "PWBD")


@pytest.mark.parametrize("name", ["by_hand", "polars_", "pandas_", "postgres"])
def test_a_contender_finds_the_same_flags_with_the_same_figures_and_the_same_workers(
    place: Path, name: str
) -> None:
    took = measured(name, place, checked=True)

    assert took.flags == pq.read_table(flags_of(place, "ours")).num_rows
    assert took.cpu_seconds > 0
    with duckdb.connect() as connection:
        for written in (flags_of, workers_of):
            ours, theirs = written(place, "ours"), written(place, name)
            for one, other in ((ours, theirs), (theirs, ours)):
                extra = connection.execute(f"FROM '{one}' EXCEPT ALL FROM '{other}'").fetchall()
                assert extra == []
