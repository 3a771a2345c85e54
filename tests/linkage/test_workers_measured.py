"""How good linkage of workers is: on slips of the number, and on noise of another kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from app.detection.engines.duckdb import DuckDB, workbench
from app.detection.linking import prepare, prepare_workers
from app.detection.sweep import find
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED
from app.linkage.links import settle_links
from app.linkage.model import Model
from app.linkage.outside_links import write_joined_links
from app.linkage.pairs import Pair
from app.linkage.worker_candidates import find_worker_pairs
from app.linkage.worker_links import FOUND, write_worker_links
from app.linkage.worker_service import row_of
from tests.detection.snapshots import ON
from tests.linkage.conftest import LIMITS, Linked, Region, all_of
from tests.linkage.worker_noise import OTHER, SLIPS, STRANGERS

Noise = Mapping[str, Callable[[Random, dict[str, Any]], dict[str, Any]]]


@dataclass(frozen=True)
class Measured:
    """`truth` is the member of each NIK that was miswritten, "" for a stranger; `ways` how."""

    found: Linked
    truth: dict[str, str]
    ways: dict[str, str]
    first: Path

    @property
    def sure(self) -> list[Pair]:
        return [pair for pair in self.found.pairs if pair.band == "pasti"]

    @property
    def right(self) -> set[str]:
        return {nik(pair) for pair in self.sure if self.truth[nik(pair)] == pair.member}

    @property
    def shown(self) -> set[str]:
        return {nik(pair) for pair in self.found.pairs if self.truth[nik(pair)] == pair.member}

    @property
    def ours(self) -> set[str]:
        return {one for one, member in self.truth.items() if member}

    def report(self, title: str) -> None:
        waiting = sum(pair.band == "tinjau" for pair in self.found.pairs)
        print(
            f"\n{title}: presisi {len(self.right)}/{len(self.sure)}, recall {len(self.right)}/"
            f"{len(self.ours)}, bersama tinjauan {len(self.shown)}/{len(self.ours)}, ditinjau "
            f"{waiting * 1000 // self.found.candidates} per seribu dari {self.found.candidates}"
        )
        for way in sorted(set(self.ways.values())):
            of = {one for one, how in self.ways.items() if how == way}
            sure = {nik(pair) for pair in self.sure} & of
            asked = {nik(pair) for pair in self.found.pairs} & of
            print(f"  {way}: tertaut {len(sure)}, terlihat {len(asked)} dari {len(of)}")


def nik(pair: Pair) -> str:
    return pair.kunci.removeprefix("nik:")


def links_of(connection: duckdb.DuckDBPyConnection, region: Region) -> Path:
    """Write the exact links of employers, as a sweep's first half does."""
    to = region.folder / "links-exact.parquet"
    prepare(connection, tables=region.tables, on=ON, law=SHIPPED)
    connection.execute("CREATE TABLE linkage_verdict (kunci VARCHAR, npp VARCHAR, putusan VARCHAR,"
                       " nomor BIGINT)")  # fmt: skip
    none = pa.schema([pa.field("kunci", pa.string()), pa.field("npp", pa.string())])
    settle_links(connection, sure=pa.Table.from_pylist([], schema=none))
    write_joined_links(connection, joined=(), to=to)
    return to


def measured(region: Region, noise: Noise, *, strangers: int, model: Model | None) -> Measured:
    """Miswrite every eighth listed member, and put strangers beside them."""
    rng = Random(41)  # noqa: S311
    truth: dict[str, str] = {}
    ways: dict[str, str] = {}
    with workbench(scratch=region.folder / "scratch", memory="500MB") as connection:
        links = links_of(connection, region)
        prepare_workers(connection, tables=region.tables, on=ON, law=SHIPPED, links=links)
        listed = connection.sql(
            "SELECT * FROM linkage_listed WHERE dikenal AND md5(nik) < '20' "
            "ORDER BY nik, sumber, id_sumber, baris"
        ).to_arrow_table()
        made: dict[str, dict[str, Any]] = {}
        originals = {row["nik"]: row for row in listed.to_pylist()}
        for number, row in enumerate(listed.to_pylist()):
            if row["nik"] in made:
                continue
            way = list(noise)[number % len(noise)]
            new = noise[way](rng, row)
            made[row["nik"]] = {**new, "dikenal": False}
            truth[new["nik"]], ways[new["nik"]] = row["nik"], way
        for number, old in enumerate(list(made)[:strangers]):
            way = list(STRANGERS)[number % len(STRANGERS)]
            true = originals[old]
            new = STRANGERS[way](rng, true)
            made[f"orang lain {number}"] = {**new, "dikenal": False}
            truth[new["nik"]], ways[new["nik"]] = "", f"orang lain: {way}"
        connection.execute("DELETE FROM linkage_listed WHERE md5(nik) < '20' OR NOT dikenal")
        connection.register("noisy", pa.Table.from_pylist(list(made.values()), listed.schema))
        connection.execute("INSERT INTO linkage_listed BY NAME SELECT * FROM noisy")
        found = all_of(find_worker_pairs(connection, thresholds=LIMITS, said=(), model=model))
        to = region.folder / f"worker-links-{len(truth)}-{model is None}.parquet"
        rows = [row_of(pair) for pair in found.pairs]
        write_worker_links(connection, found=pa.Table.from_pylist(rows, schema=FOUND), to=to)
        return Measured(found, truth, ways, to)


@pytest.fixture(scope="module")
def slips(region: Region) -> Measured:
    return measured(region, SLIPS, strangers=90, model=None)


def test_a_slip_in_a_nik_is_linked_and_strangers_are_not(slips: Measured) -> None:
    slips.report("salah tulis NIK")

    assert slips.found.model.pairs > 300
    assert len(slips.right) == len(slips.sure)
    assert len(slips.right) / len(slips.ours) > 0.95
    assert not {nik(pair) for pair in slips.sure if not slips.truth[nik(pair)]}


def test_two_runs_give_the_same_model_and_the_same_pairs_of_workers(
    slips: Measured, region: Region
) -> None:
    again = measured(region, SLIPS, strangers=90, model=None)

    assert again.found.model.text() == slips.found.model.text()
    assert repr(again.found.pairs) == repr(slips.found.pairs)
    assert again.first.read_bytes() == slips.first.read_bytes()


def test_other_noise_than_the_one_it_learned_from_is_seldom_misjudged_for_workers(
    slips: Measured, region: Region
) -> None:
    other = measured(region, OTHER, strangers=90, model=slips.found.model)
    other.report("derau lain")

    assert len(other.right) / len(other.sure) > 0.99
    assert len(other.right) / len(other.ours) > 0.6
    assert len(other.shown) / len(other.ours) > 0.9


def test_without_a_slip_a_sweep_with_worker_links_finds_what_one_without_finds(
    region: Region,
) -> None:
    with workbench(scratch=region.folder / "scratch", memory="500MB") as connection:
        links = links_of(connection, region)
        prepare_workers(connection, tables=region.tables, on=ON, law=SHIPPED, links=links)
        connection.execute("DELETE FROM linkage_listed WHERE NOT dikenal")
        found = all_of(find_worker_pairs(connection, thresholds=LIMITS, said=()))
        assert (found.pairs, found.candidates) == ((), 0)
        to = region.folder / "no-worker-links.parquet"
        write_worker_links(connection, found=pa.Table.from_pylist([], schema=FOUND), to=to)

    assert swept(region, to) == swept(region, None)


def swept(region: Region, links: Path | None) -> list[str]:
    with workbench(scratch=region.folder / "scratch", memory="500MB") as connection:
        found = find(
            tables=region.tables,
            on=ON,
            calendar=packaged_calendar(),
            law=SHIPPED,
            engine=DuckDB(connection),
            worker_links=links,
        )
        return [repr(one) for one in found]
