"""DuckDB in the process: intermediate frames become tables of one connection."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Semaphore
from typing import Final

import duckdb
import narwhals.stable.v2 as nw
import pyarrow as pa

from app.detection.evidence import BATCH_ROWS, Batches
from app.infra import scratch as leftovers
from app.infra.columnar import connect, exhaustion_told
from app.registry.matching import Frame

_names: Final = count()
# Tables filled at a time: a small one keeps a single core busy. Each may take much memory.
_AT_ONCE: Final = 2
_WAITING: Final = 8


@contextmanager
def workbench(*, scratch: Path, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a connection for one sweep; it spills below `scratch` beyond `memory`.

    Into a folder of its own: what a killed sweep spilled is known for a leftover.

    Raises:
        Unavailable: memory or disk ran out.
    """
    with leftovers.lent(scratch, "limpahan") as place, exhaustion_told():
        connection = connect(scratch=place, memory=memory)
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def lent(*, scratch: Path, memory: str) -> Iterator["DuckDB"]:
    """Lend the engine on a workbench of its own."""
    with workbench(scratch=scratch, memory=memory) as connection:
        yield DuckDB(connection)


class DuckDB:
    """Kept frames are tables of the connection, there until it is closed.

    A frame takes longer to write down than some take to compute. So a kept table is made empty at
    once, for the next frames to be written over, and filled behind their back, each after those
    that it reads.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._schema = f"sweep_{next(_names)}"
        self._kept: list[Frame] = []
        self._workers = ThreadPoolExecutor(max_workers=_WAITING)
        self._turns = Semaphore(_AT_ONCE)
        self._filling: dict[str, Future[None]] = {}

    @contextmanager
    def filling(self) -> Iterator[None]:
        self._connection.execute(f"CREATE SCHEMA {self._schema}")
        try:
            yield
            for one in self._filling.values():
                one.result()
            # From here on all is read in order; without this the engine may mix the pieces.
            self._connection.execute("SET preserve_insertion_order = true")
        finally:
            self._workers.shutdown(cancel_futures=True)

    def keep(self, name: str, frame: Frame) -> Frame:
        if any(frame is kept for kept in self._kept):
            return frame
        table = f"{self._schema}.{name}"
        relation = frame.to_native()
        columns = zip(relation.columns, relation.types, strict=True)
        declared = ", ".join(f'"{column}" {kind}' for column, kind in columns)
        self._connection.execute(f"CREATE TABLE {table} ({declared})")
        fill = f"INSERT INTO {table} {relation.sql_query()}"
        read = [
            one for other, one in self._filling.items() if f'"{self._schema}"."{other}"' in fill
        ]
        # A cursor for each: a connection runs one statement at a time.
        cursor = self._connection.cursor()
        self._filling[name] = self._workers.submit(self._fill, cursor, fill, after=read)
        kept: Frame = nw.from_native(self._connection.table(table))
        self._kept.append(kept)
        return kept

    def _fill(
        self, cursor: duckdb.DuckDBPyConnection, fill: str, *, after: Iterable[Future[None]]
    ) -> None:
        for one in after:
            one.result()
        with self._turns, cursor:
            cursor.execute(fill)

    def batches(self, frame: Frame, *order: str) -> Batches:
        relation = frame.to_native()
        key = [*order, *(name for name in relation.columns if name not in order)]
        sorted_ = ", ".join(f'"{name}"' for name in key)
        query = f"SELECT * FROM ({relation.sql_query()}) ORDER BY {sorted_}"  # noqa: S608 - ours

        def read() -> Iterator[pa.RecordBatch]:
            # A connection has one answer that is still being computed: each gets its own.
            with self._connection.cursor() as cursor:
                yield from cursor.sql(query).to_arrow_reader(BATCH_ROWS)

        return read

    def scan(self, path: Path) -> Frame:
        return nw.from_native(self._connection.read_parquet(str(path)))
