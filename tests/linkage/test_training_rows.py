"""Who the model of workers is trained on: the lowest hashes, however few rows differ."""

import duckdb
import pytest

from app.linkage import worker_candidates
from app.linkage.worker_candidates import _choose

WANTED = 20


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> duckdb.DuckDBPyConnection:
    monkeypatch.setattr(worker_candidates, "_TRAINING_ROWS", WANTED)
    return duckdb.connect()


@pytest.mark.parametrize("different", [WANTED - 1, WANTED, WANTED + 1, 5_000])
def test_those_of_the_lowest_hash_are_chosen_though_many_rows_repeat_each_other(
    connection: duckdb.DuckDBPyConnection, different: int
) -> None:
    connection.execute(
        f"CREATE TABLE people AS SELECT 'N' || i % {different} AS nik, 'G' || i % 2 AS grup "  # noqa: S608 - a number
        "FROM range(10000) r(i)"
    )

    _choose(connection, "people", "nik", "grup", by="nik", into="chosen")

    expected = connection.execute(
        f"SELECT DISTINCT nik, grup FROM people ORDER BY md5(nik), nik, grup LIMIT {WANTED}"  # noqa: S608
    ).fetchall()
    assert sorted(connection.execute("FROM chosen").fetchall()) == sorted(expected)
