"""Frames that DuckDB keeps are filled side by side, and none before those it reads."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw
import pytest

from app.detection.engines.duckdb import DuckDB, workbench
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
