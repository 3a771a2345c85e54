"""DuckDB and Spark give the same flags, row for row: on one machine, on a cluster, over Connect."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw
import pytest

from app.demo import write_region
from app.detection.engines import Engine
from app.detection.engines.choice import DUCKDB, Choice
from app.detection.engines.duckdb import workbench
from app.detection.findings import Finding
from app.detection.linking import prepare, prepare_workers
from app.detection.rules import BESIDE, RULES
from app.detection.rules.rule import Rule
from app.detection.schemas import RULE_CODES
from app.detection.settings import SHIPPED_EDITIONS, Editions, RuleSettings, with_edition
from app.detection.sweep import find
from app.detection.trial_links import Links
from app.errors import Unavailable
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED
from app.linkage import service as linkage
from app.linkage import worker_service as worker_linkage
from app.linkage.service import Words
from app.registry.importers import run_import
from app.registry.matching import Frame, legal_form, name_key, name_key_of
from app.registry.schemas import SourceFile
from app.registry.snapshots import TABLES, file_of
from app.registry.stored import numbered_relation, relation
from tests.detection.clusters import BRIEF, JAVA, cluster, connect_server
from tests.detection.snapshots import ON

pytestmark = [
    pytest.mark.spark,
    # Its sockets are closed by its own collector, later.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
EMPLOYERS = 100
MEMORY = "1GB"
LISTS = "sumber_pekerja"
MEMBERS = "kepesertaan"
KNOWN = "sumber_pemberi_kerja"
# What flags say of likenesses; without one of them its way through an engine was not tried.
LINKED_NUMBERS = {"pekerja_mirip", "pekerja_ragu", "digabung"}
LOCAL = Choice(
    name="spark",
    master="local[2]",
    options={
        **BRIEF,
        "spark.driver.extraJavaOptions": JAVA,
        "spark.executor.memory": "512m",
        "spark.executor.extraJavaOptions": JAVA,
    },
)
Tables = Mapping[str, Path]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engines")


@pytest.fixture(scope="module")
def tables(folder: Path) -> Tables:
    extracts = folder / "extracts"
    extracts.mkdir()
    write_region(out=extracts, employers=EMPLOYERS, seed=2026, today=ON)
    made = run_import(
        files=[SourceFile(f"{table}.csv", extracts / f"{table}.csv") for table in TABLES],
        snapshots_dir=folder / "snapshots",
        rejects_dir=folder / "rejects",
        scratch=folder / "scratch",
        memory="500MB",
        previous=None,
        as_of=ON,
        report_progress=lambda *_: None,
    )
    kept = {table: file_of(folder / "snapshots", one.sha256) for table, one in made.tables.items()}
    return {
        **kept,
        LISTS: miswritten(kept[LISTS], to=folder / "miswritten.parquet"),
        KNOWN: spelt_twice(kept[KNOWN], to=folder / "spelt-twice.parquet"),
    }


@pytest.fixture(scope="module")
def links(tables: Tables, folder: Path) -> Links:
    return linked(tables, folder)


@pytest.fixture(scope="module")
def expected(tables: Tables, links: Links, folder: Path) -> list[Finding]:
    found = flags(DUCKDB, tables, links, folder)
    assert {one.rule for one in found} == set(RULE_CODES)
    assert {
        name for one in found for name in LINKED_NUMBERS if name in one.numbers
    } == LINKED_NUMBERS
    return found


@pytest.fixture(scope="class")
def here(folder: Path) -> Iterator[Engine]:
    with LOCAL.lent(scratch=folder / "scratch", memory=MEMORY) as engine:
        yield engine


class TestOnThisMachine:
    def test_every_flag_is_that_of_duckdb(
        self, here: Engine, tables: Tables, links: Links, expected: list[Finding]
    ) -> None:
        assert found_on(here, tables, links) == expected

    def test_a_name_has_the_same_key_whatever_letters_it_has(
        self, here: Engine, folder: Path
    ) -> None:
        names = [
            "PT Maju Jaya", "ÉPT Maju", "PT Straße", "ﬁrma Kopi", "Café CV.", "P T Ünlü Tbk",
            "UD\tSınar", "PÉT Ria", "ＰＴ Lebar", "(PT) Ré-Max", "KOP. ŉama", "PT\u00a0Spasi",
        ]  # fmt: skip
        path = written(folder / "names.parquet", [(name,) for name in names], "nama VARCHAR")
        keys = {"kunci": name_key("nama"), "bentuk": legal_form("nama")}

        with DUCKDB.lent(scratch=folder / "scratch", memory=MEMORY) as duck:
            ours = rows(duck, duck.scan(path).with_columns(**keys), "nama")
        theirs = rows(here, here.scan(path).with_columns(**keys), "nama")

        assert theirs == ours
        assert {row["nama"]: row["kunci"] for row in ours} == {
            name: name_key_of(name) for name in names
        }

    def test_rows_come_in_one_order_with_nothing_last(self, here: Engine, folder: Path) -> None:
        made = [("b", None), (None, 1), ("a", 2), ("B", 3), ("b", 1), ("é", 0), ("𝐚", 0), ("ｚ", 0)]
        path = written(folder / "order.parquet", made, "nama VARCHAR, angka INTEGER")

        with DUCKDB.lent(scratch=folder / "scratch", memory=MEMORY) as duck:
            ours = rows(duck, duck.scan(path), "nama")
        theirs = rows(here, here.scan(path), "nama")

        assert theirs == ours
        assert [row["nama"] for row in ours] == ["B", "a", "b", "b", "é", "ｚ", "𝐚", None]

    def test_a_sum_that_does_not_fit_stops_the_sweep_with_a_sentence(
        self, here: Engine, folder: Path
    ) -> None:
        path = written(folder / "sum.parquet", [(2**62,), (2**62,)], "rupiah BIGINT")
        summed = here.scan(path).with_columns(satu=nw.lit(1)).group_by("satu")

        with pytest.raises(Unavailable, match="gagal menghitung"):
            rows(here, summed.agg(nw.col("rupiah").sum()), "satu")


def test_a_nik_kept_as_text_by_an_earlier_release_finds_the_same(
    tables: Tables, expected: list[Finding], folder: Path
) -> None:
    other = {
        LISTS: rewritten(numbered_relation(LISTS, tables[LISTS]), folder / "lists-now.parquet"),
        MEMBERS: rewritten(relation(MEMBERS, tables[MEMBERS]), folder / "members-before.parquet"),
    }

    swapped, place = {**tables, **other}, folder / "swapped"
    place.mkdir()

    assert flags(DUCKDB, swapped, linked(swapped, place), place) == expected


@pytest.mark.parametrize("rule", BESIDE, ids=lambda rule: f"{rule.code}-{rule.version}")
def test_a_version_that_ships_beside_gives_every_flag_of_duckdb_too(
    rule: Rule, tables: Tables, links: Links, folder: Path
) -> None:
    edition = RuleSettings(rule.code, version=rule.version)
    editions = with_edition(SHIPPED_EDITIONS, edition)

    ours, theirs = (
        flags(choice, tables, links, folder, rules=(rule,), editions=editions)
        for choice in (DUCKDB, LOCAL)
    )

    assert theirs == ours
    assert {one.rule_version for one in ours} == {rule.version}


def test_a_cluster_of_two_workers_gives_every_flag_of_duckdb(
    tables: Tables, links: Links, folder: Path, expected: list[Finding]
) -> None:
    with cluster(folder / "cluster", workers=2) as running:
        found = flags(replace(LOCAL, master=running.address), tables, links, folder)

        worked = [worker.said("Asked to launch executor") for worker in running.workers]

    assert found == expected
    assert all(worked)


def test_spark_connect_gives_every_flag_of_duckdb(
    tables: Tables, links: Links, folder: Path, expected: list[Finding]
) -> None:
    with connect_server(folder / "connect") as address:
        found = flags(Choice(name="spark", remote=address), tables, links, folder)

    assert found == expected


@pytest.mark.parametrize(
    "nowhere",
    [
        Choice(name="spark", master="spark://127.0.0.1:9"),
        Choice(name="spark", remote="sc://127.0.0.1:9/;token=rahasia"),
    ],
    ids=["cluster", "connect"],
)
def test_an_address_where_nobody_answers_is_named_at_once_without_its_token(
    nowhere: Choice, tmp_path: Path
) -> None:
    with (
        pytest.raises(Unavailable, match=r"127\.0\.0\.1:9 tidak menjawab") as refused,
        nowhere.lent(scratch=tmp_path, memory=MEMORY),
    ):
        pass

    assert "rahasia" not in str(refused.value)


def test_without_pyspark_the_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pyspark", "pyspark.errors", "pyspark.sql"):
        monkeypatch.setitem(sys.modules, name, None)

    with (
        pytest.raises(Unavailable, match=r"patuh\[spark\]"),
        LOCAL.lent(scratch=tmp_path, memory=MEMORY),
    ):
        pass


def test_without_java_the_sentence_says_what_to_install(tmp_path: Path) -> None:
    ended = begun_alone(tmp_path, environment={"JAVA_HOME": str(tmp_path / "nothing")})

    assert ended.returncode == 1
    assert "memerlukan Java 17" in ended.stderr.splitlines()[-1]


def test_java_that_cannot_begin_is_not_taken_for_one_that_is_missing(tmp_path: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\nexit 1\n")
    java.chmod(0o755)

    ended = begun_alone(tmp_path, environment={"JAVA_HOME": str(tmp_path)})

    assert ended.returncode == 1
    assert "tidak berhasil memulai Spark" in ended.stderr.splitlines()[-1]


def test_a_machine_whose_name_nobody_knows_sweeps_all_the_same(tmp_path: Path) -> None:
    renamed = ["unshare", "--user", "--map-root-user", "--uts", "sh", "-c"]
    try:
        subprocess.run([*renamed, "hostname tak-dikenal"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine lets nobody rename it for a while")

    ended = begun_alone(tmp_path, before=[*renamed, 'hostname tak-dikenal; exec "$@"', "sh"])

    assert ended.returncode == 0, ended.stderr


def begun_alone(
    scratch: Path, *, before: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    asked = (
        "from pathlib import Path; from app.detection.engines.choice import Choice\n"
        f"with Choice(name='spark').lent(scratch=Path({str(scratch)!r}), memory='1GB'): pass"
    )
    return subprocess.run(
        [*before, sys.executable, "-c", asked],
        capture_output=True,
        text=True,
        env={**os.environ, **(environment or {})},  # noqa: TID251
        check=False,
    )


def miswritten(lists: Path, *, to: Path) -> Path:
    """Give every fourth worker a NIK with another last digit, and every fourth a strange one.

    As text, as releases before this one kept it.
    """
    connection = duckdb.connect()
    connection.execute(
        f"""
        COPY (
          SELECT * REPLACE (
            CASE WHEN md5(nik) < '4' THEN nik[:15] || (nik[16]::INTEGER + 1) % 10
                 WHEN md5(nik) < '8' THEN reverse(nik) ELSE nik END AS nik
          ) FROM {relation("sumber_pekerja", lists)} ORDER BY baris
        ) TO '{to}' (FORMAT parquet)
        """  # noqa: S608 - our own files
    )
    connection.close()
    return to


def rewritten(source: str, to: Path) -> Path:
    with duckdb.connect() as connection:
        connection.execute(f"COPY (FROM {source} ORDER BY baris) TO '{to}' (FORMAT parquet)")
    return to


def spelt_twice(known: Path, *, to: Path) -> Path:
    """Let two agencies know one employer without a number, each in its own spelling."""
    connection = duckdb.connect()
    connection.execute(
        f"""
        COPY (
          WITH known AS (FROM read_parquet('{known}')),
          one AS (FROM known WHERE sumber = 'WLKP' ORDER BY baris LIMIT 1),
          spelt AS (
            SELECT * FROM (VALUES (0, 'WLKP', 'PT Kencana Wiratama Sejati'),
              (1, 'KESEHATAN', 'PT Kencana Wiratma Sejati')) v(nomor, instansi, ejaan)
          )
          FROM known UNION ALL
          SELECT o.* REPLACE ((SELECT max(baris) FROM known) + 1 + nomor AS baris,
            instansi AS sumber, 'E-' || nomor AS id_sumber, ejaan AS nama,
            NULL AS npwp, NULL AS nib, 'Jl. Cendana No. 88, Kec. Sukatani' AS alamat)
          FROM one o, spelt
        ) TO '{to}' (FORMAT parquet)
        """  # noqa: S608 - our own files
    )
    connection.close()
    return to


def linked(tables: Tables, folder: Path) -> Links:
    """Link as a sweep does, whichever engine runs its rules."""
    limits = linkage.thresholds(SHIPPED, on=ON)
    of_workers = worker_linkage.worker_thresholds(SHIPPED, on=ON)
    nobody = Words(0, (), (), ())
    with workbench(scratch=folder / "scratch", memory=MEMORY) as connection:
        prepare(connection, tables=tables, on=ON, law=SHIPPED)
        employers = linkage.relink(
            connection, words=nobody, limits=limits, to=folder / "links.parquet"
        )
        prepare_workers(connection, tables=tables, on=ON, law=SHIPPED, links=employers.links)
        workers = worker_linkage.relink_workers(
            connection, words=nobody, limits=of_workers, to=folder / "worker-links.parquet"
        )
    return Links(employers.links, workers.links)


def flags(
    choice: Choice,
    tables: Tables,
    links: Links,
    folder: Path,
    *,
    rules: Sequence[Rule] = RULES,
    editions: Editions = SHIPPED_EDITIONS,
) -> list[Finding]:
    with choice.lent(scratch=folder / "scratch", memory=MEMORY) as engine:
        return found_on(engine, tables, links, rules=rules, editions=editions)


def found_on(
    engine: Engine,
    tables: Tables,
    links: Links,
    *,
    rules: Sequence[Rule] = RULES,
    editions: Editions = SHIPPED_EDITIONS,
) -> list[Finding]:
    return list(
        find(
            tables=tables,
            on=ON,
            calendar=packaged_calendar(),
            law=SHIPPED,
            engine=engine,
            linker=links.linker(engine),
            worker_links=links.workers,
            rules=rules,
            editions=editions,
        )
    )


def rows(engine: Engine, frame: Frame, *order: str) -> list[dict[str, object]]:
    return [row for batch in engine.batches(frame, *order)() for row in batch.to_pylist()]


def written(path: Path, made: Sequence[tuple[object, ...]], columns: str) -> Path:
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE t ({columns})")
    for row in made:
        connection.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
    connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    connection.close()
    return path
