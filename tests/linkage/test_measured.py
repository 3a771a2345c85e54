"""How good linkage is: on the demo's planted truth, and on noise it was not trained on."""

from collections import Counter
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pytest

from app.detection.engines.duckdb import DuckDB, workbench
from app.detection.linking import linker_of, prepare
from app.detection.sweep import find
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED
from app.linkage.candidates import find_pairs
from app.linkage.links import settle_links
from app.linkage.model import Model
from app.linkage.outside_candidates import find_outside_pairs
from app.linkage.outside_links import write_joined_links
from app.registry.matching import link_exactly
from tests.detection.snapshots import ON
from tests.linkage.conftest import LIMITS, Linked, Region, all_of, linked
from tests.linkage.noise import records

STRANGERS = 150


@pytest.fixture(scope="module")
def first(region: Region) -> Linked:
    with workbench(scratch=region.folder / "scratch", memory="500MB") as connection:
        return linked(connection, region)


def test_two_runs_give_the_same_model_and_the_same_pairs_to_the_last_byte(
    first: Linked, region: Region, bench: duckdb.DuckDBPyConnection
) -> None:
    again = linked(bench, region)

    assert first.model.pairs > 300
    assert again.model.text() == first.model.text()
    assert repr(again.pairs) == repr(first.pairs)


def test_what_is_one_employer_by_the_planted_truth_is_linked_and_nothing_else(
    first: Linked, region: Region
) -> None:
    ours = {
        (source, row["npp"])
        for row in region.truth
        if row["rule"] == "PWBD" and row["pattern"] == "misspelt_name_no_identifiers"
        for source in row["id_sumber"].split(";")
    }
    strangers = {
        source
        for row in region.truth
        if (row["rule"], row["kind"]) == ("PWBD", "violation") and not row["npp"]
        for source in row["id_sumber"].split(";")
    }
    sure = {
        (source, pair.npp)
        for pair in first.pairs
        if pair.band == "pasti" and not pair.exact
        for _, source in pair.records
    }
    waiting = [pair for pair in first.pairs if pair.band == "tinjau"]

    print(
        f"\ndemo: presisi {len(sure & ours)}/{len(sure)}, recall {len(sure & ours)}/{len(ours)}, "
        f"ditinjau {len(waiting)} dari {first.candidates} "
        f"({len(waiting) * 1000 // first.candidates} per seribu)"
    )
    assert ours
    assert sure == ours
    assert not {source for source, _ in sure} & strangers


def test_a_shared_name_and_regency_under_another_number_is_a_question(
    first: Linked, region: Region
) -> None:
    namesakes = {
        source
        for row in region.truth
        if row["pattern"].startswith("same_name_and_regency_other")
        for source in row["id_sumber"].split(";")
    }
    raised = {
        pair.why: pair.band
        for pair in first.pairs
        if namesakes & {source for _, source in pair.records}
    }

    assert raised == {"nomor": "tinjau"}


def test_a_sweep_with_links_loses_only_the_flags_of_planted_slips(
    region: Region,
) -> None:
    links = region.folder / "links.parquet"
    with workbench(scratch=region.folder / "scratch", memory="500MB") as connection:
        found = linked(connection, region)
        rows = [
            {"kunci": pair.kunci, "npp": pair.npp}
            for pair in found.pairs
            if pair.band == "pasti" and not pair.exact
        ]
        settle_links(connection, sure=pa.Table.from_pylist(rows))
        write_joined_links(connection, joined=(), to=links)

    exactly, probably = _swept(region), _swept(region, links)

    slips = {("PWBD", row["kunci"]) for row in rows}
    assert exactly - probably == slips
    assert probably - exactly == set()


def _swept(region: Region, links: Path | None = None) -> set[tuple[str, str]]:
    with workbench(scratch=region.folder / "scratch", memory="500MB") as connection:
        engine = DuckDB(connection)
        found = find(
            tables=region.tables,
            on=ON,
            calendar=packaged_calendar(),
            law=SHIPPED,
            engine=engine,
            linker=link_exactly if links is None else linker_of(engine, links),
        )
        return {(one.rule, one.subject) for one in found}


@pytest.fixture(scope="module")
def elsewhere(first: Linked, region: Region) -> tuple[Linked, list[dict[str, str]]]:
    """The registered half of the region under other noise, judged by the demo's model."""
    return _noisy(region, first.model)


def _noisy(region: Region, model: Model) -> tuple[Linked, list[dict[str, str]]]:
    with workbench(scratch=region.folder / "scratch", memory="500MB") as connection:
        prepare(connection, tables=region.tables, on=ON, law=SHIPPED)
        registered = (
            connection.sql(
                "SELECT DISTINCT ON (npp) npp, nama, alamat, kode_wilayah, kbli "
                "FROM linkage_registered WHERE nama LIKE '% % %' ORDER BY npp, divisi"
            )
            .to_arrow_table()
            .to_pylist()
        )
        made = records(Random(41), registered, strangers=STRANGERS)  # noqa: S311
        connection.register("noisy", pa.Table.from_pylist(made))
        connection.execute("CREATE OR REPLACE TABLE linkage_records AS SELECT * FROM noisy")
        connection.execute("DELETE FROM linkage_exact")
        return all_of(find_pairs(connection, thresholds=LIMITS, said=(), model=model)), made


def test_other_noise_than_the_one_it_learned_from_is_seldom_misjudged(
    elsewhere: tuple[Linked, list[dict[str, str]]],
) -> None:
    found, made = elsewhere
    truth = {row["kunci"]: row["benar"] for row in made}
    ways = {row["kunci"]: row["cara"] for row in made}
    sure = [pair for pair in found.pairs if pair.band == "pasti"]
    right = {pair.kunci for pair in sure if truth[pair.kunci] == pair.npp}
    shown = {pair.kunci for pair in found.pairs if truth[pair.kunci] == pair.npp}
    ours = {kunci for kunci, npp in truth.items() if npp}
    waiting = sum(pair.band == "tinjau" for pair in found.pairs)

    print(
        f"\nderau lain: presisi {len(right)}/{len(sure)}, recall {len(right)}/{len(ours)}, "
        f"bersama tinjauan {len(shown)}/{len(ours)}, "
        f"ditinjau {waiting * 1000 // found.candidates} per seribu"
    )
    by_way = Counter(ways[kunci] for kunci in ours)
    for way, total in sorted(by_way.items()):
        linked_here = sum(ways[kunci] == way for kunci in right)
        shown_here = sum(ways[kunci] == way for kunci in shown)
        print(f"  {way}: tertaut {linked_here}, terlihat {shown_here} dari {total}")
    assert len(right) / len(sure) > 0.99
    assert len(right) / len(ours) > 0.7
    assert len(shown) / len(ours) > 0.85
    assert not {pair.kunci for pair in sure if not truth[pair.kunci]}


def test_employers_that_nobody_registered_are_seldom_joined_wrongly_and_mostly_joined(
    first: Linked, region: Region
) -> None:
    """Every second employer is taken out of the registry: one agency writes it as it is."""
    with workbench(scratch=region.folder / "scratch", memory="500MB") as connection:
        prepare(connection, tables=region.tables, on=ON, law=SHIPPED)
        everyone = (
            connection.sql(
                "SELECT DISTINCT ON (npp) npp, nama, alamat, kode_wilayah, kbli "
                "FROM linkage_registered WHERE nama LIKE '% % %' ORDER BY npp, divisi"
            )
            .to_arrow_table()
            .to_pylist()
        )
        hidden = everyone[::2]
        noisy = [
            {**row, "sumber": "OSS"}
            for row in records(Random(43), hidden, strangers=STRANGERS)  # noqa: S311
        ]
        plain = [
            {
                **noisy[0],
                **{name: one[name] for name in ("nama", "alamat", "kode_wilayah", "kbli")},
                "baris": 10_000 + at, "kunci": f"sumber:WLKP:{at}", "sumber": "WLKP",
                "id_sumber": str(at), "benar": one["npp"], "cara": "apa adanya",
            }
            for at, one in enumerate(hidden)
        ]  # fmt: skip
        made = pa.Table.from_pylist([*plain, *noisy])
        connection.register("made", made)
        connection.execute(
            "CREATE OR REPLACE TABLE linkage_records AS SELECT * FROM made;"
            "DELETE FROM linkage_exact;"
            "CREATE OR REPLACE TABLE linkage_registered AS SELECT * FROM linkage_registered "
            "WHERE npp NOT IN (SELECT benar FROM made)"
        )
        tuple(find_pairs(connection, thresholds=LIMITS, said=(), model=first.model).pairs)
        empty = pa.schema([("kunci", pa.string()), ("npp", pa.string())]).empty_table()
        settle_links(connection, sure=empty)
        found = find_outside_pairs(connection, model=first.model, thresholds=LIMITS, said=())
        asked = [one for one in found.found.pairs if one.band == "tinjau"]
    truth = {row["kunci"]: row["benar"] for row in [*plain, *noisy]}
    right = [one for one in found.joined if truth[one.kunci] == truth[one.induk] != ""]
    shown = {truth[one.kunci] for one in right} | {
        truth[one.kunci] for one in asked if truth[one.kunci] == truth[one.member]
    }

    print(
        f"\nantarinstansi: presisi {len(right)}/{len(found.joined)}, "
        f"recall {len(right)}/{len(hidden)}, bersama tinjauan {len(shown)}/{len(hidden)}, "
        f"ditinjau {len(asked) * 1000 // found.found.candidates} per seribu"
    )
    assert len(right) / len(found.joined) > 0.99
    assert len(right) / len(hidden) > 0.6
    assert len(shown) / len(hidden) > 0.8
