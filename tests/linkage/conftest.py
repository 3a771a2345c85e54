"""A demo region once imported, and linkage over it."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

import duckdb
import pytest

from app.demo import write_region
from app.detection.engines.duckdb import workbench
from app.detection.linking import prepare
from app.law.book import SHIPPED
from app.linkage.bands import Thresholds
from app.linkage.candidates import find_pairs
from app.linkage.model import Model
from app.linkage.pairs import Found, Pair
from app.registry.importers import run_import
from app.registry.schemas import SourceFile
from app.registry.snapshots import TABLES, file_of
from tests.detection.snapshots import ON

LIMITS: Final = Thresholds(
    sure=Decimal("0.99"), review=Decimal("0.30"), rival=20, share=Decimal("0.30")
)


@dataclass(frozen=True)
class Region:
    folder: Path
    tables: Mapping[str, Path]
    truth: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Linked:
    model: Model
    pairs: tuple[Pair, ...]
    candidates: int


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    folder = tmp_path_factory.mktemp("tautan")
    extracts = folder / "extracts"
    extracts.mkdir()
    write_region(out=extracts, employers=400, seed=2026, today=ON)
    result = run_import(
        files=[SourceFile(f"{table}.csv", extracts / f"{table}.csv") for table in TABLES],
        snapshots_dir=folder / "snapshots",
        rejects_dir=folder / "rejects",
        scratch=folder / "scratch",
        memory="500MB",
        previous=None,
        as_of=ON,
        report_progress=lambda *_: None,
    )
    tables = {
        table: file_of(folder / "snapshots", info.sha256) for table, info in result.tables.items()
    }
    with (extracts / "truth.csv").open(encoding="utf-8", newline="") as file:
        return Region(folder, tables, tuple(csv.DictReader(file)))


@pytest.fixture
def bench(region: Region) -> Iterator[duckdb.DuckDBPyConnection]:
    with workbench(scratch=region.folder / "scratch", memory="500MB") as connection:
        yield connection


def linked(connection: duckdb.DuckDBPyConnection, region: Region) -> Linked:
    prepare(connection, tables=region.tables, on=ON, law=SHIPPED)
    return all_of(find_pairs(connection, thresholds=LIMITS, said=()))


def all_of(found: Found) -> Linked:
    return Linked(found.model, tuple(found.pairs), found.candidates)
