"""Frames that DuckDB keeps are filled side by side, and none before those it reads."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw
import pytest

from app.detection.engines.duckdb import DuckDB, workbench
from app.errors import Unavailable
from app.registry.matching import Frame


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with workbench(scratch=tmp_path, memory="500MB") as lent:
        yield lent


def _frame(connection: duckdb.DuckDBPyConnection, query: str) -> Frame:
    return nw.from_native(connection.sql(query))


def test_a_frame_is_filled_after_those_that_it_reads(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    engine = DuckDB(connection)
    slow = _frame(connection, "SELECT hash(range)::VARCHAR AS a FROM range(3000000) ORDER BY a")

    with engine.filling():
        first = engine.keep("first", slow)
        second = engine.keep("second", first.filter(nw.col("a") != ""))
        third = engine.keep("third", second.select(jumlah=nw.len()))

    assert third.to_native().fetchall() == [(3_000_000,)]


def test_frames_that_do_not_read_each_other_do_not_wait(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    engine = DuckDB(connection)
    with engine.filling():
        slow = _frame(connection, "SELECT max(hash(range)) AS a FROM range(60000000)")
        first = engine.keep("slow", slow)
        after = engine.keep("after", nw.from_native(first.to_native().project("now() AS begun")))
        aside = engine.keep("aside", _frame(connection, "SELECT now() AS begun"))

    assert aside.to_native().fetchall() < after.to_native().fetchall()


def test_a_frame_that_cannot_be_filled_is_an_error_and_so_is_what_reads_it(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    engine = DuckDB(connection)
    broken = _frame(connection, "SELECT CAST('x' || range AS INTEGER) AS a FROM range(10)")

    with pytest.raises(duckdb.ConversionException), engine.filling():
        engine.keep("second", engine.keep("first", broken).select("a"))


TOO_LARGE = "SELECT string_agg(repeat('x', 1000)) AS a FROM range(100000)"


def with_little_memory(scratch: Path, act: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    with workbench(scratch=scratch, memory="20MB") as lent:
        act(lent)


def wrapped(lent: duckdb.DuckDBPyConnection) -> None:
    try:
        lent.execute(TOO_LARGE)
    except duckdb.Error as error:
        raise RuntimeError("the statement failed") from error


def filled(lent: duckdb.DuckDBPyConnection) -> None:
    engine = DuckDB(lent)
    with engine.filling():
        engine.keep("large", _frame(lent, TOO_LARGE))


def misspelt(lent: duckdb.DuckDBPyConnection) -> None:
    lent.execute("FROM nowhere")


@pytest.mark.parametrize("act", [wrapped, filled])
def test_memory_that_ran_out_is_told_however_deep_it_was_met(
    tmp_path: Path, act: Callable[[duckdb.DuckDBPyConnection], None]
) -> None:
    with pytest.raises(Unavailable, match="PATUH_DUCKDB_MEMORY"):
        with_little_memory(tmp_path, act)


def test_any_other_error_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(duckdb.CatalogException):
        with_little_memory(tmp_path, misspelt)
