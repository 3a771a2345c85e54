"""Spark: on this machine, on a standalone cluster, or over Spark Connect.

Kept frames are checkpoints on the executors; rows come back partition by partition. Only what
classic Spark and Spark Connect both have is used, and nothing that needs Python on the workers.
"""

import os
import re
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

import narwhals.stable.v2 as nw
import pyarrow as pa

from app.detection.evidence import BATCH_ROWS, Batches
from app.errors import Unavailable
from app.registry.matching import Frame

CONNECT_PORT: Final = 15002
_HERE: Final = "127.0.0.1"
_PATIENCE: Final = 5.0
_LONGEST_REASON: Final = 300
_ARROW: Final[Mapping[str, pa.DataType]] = {
    "string": pa.string(),
    "bigint": pa.int64(),
    "int": pa.int32(),
    "smallint": pa.int16(),
    "tinyint": pa.int8(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
# A sum that does not fit is an error, never a wrong figure.
_MEANING: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
}


@contextmanager
def lent(
    *, master: str, remote: str | None, scratch: Path, memory: str, options: Mapping[str, str]
) -> Iterator["Spark"]:
    """Lend an engine on a session of its own; `remote` (sc://) goes before `master`.

    `memory` bounds the engine where it runs in this machine's own process. `options` are settings
    of Spark that go before ours.

    Raises:
        Unavailable: PySpark or Java is missing, or nobody answers at the address.
    """
    if remote is None:
        session = _classic(master, {**_placed(master, scratch, memory), **options})
    else:
        session = _connected(remote, options)
    try:
        yield Spark(session, address=_shown(remote or master))
    finally:
        # A session whose cluster is gone cannot say goodbye to it.
        with suppress(*_failures()):
            session.stop()


class Spark:
    """Frames of one Spark session, classic or Connect."""

    def __init__(self, session: Any, *, address: str) -> None:  # noqa: ANN401 - of two classes
        self._session, self._address = session, address
        self._kept: list[Frame] = []

    @contextmanager
    def filling(self) -> Iterator[None]:
        with _told(self._address):
            yield

    def scan(self, path: Path) -> Frame:
        read: Frame = nw.from_native(self._session.read.parquet(path.absolute().as_uri()))
        return read

    def keep(self, name: str, frame: Frame) -> Frame:
        del name
        if any(frame is kept for kept in self._kept):
            return frame
        # A plan that grew over all facts would be analysed anew with every column.
        kept: Frame = nw.from_native(frame.to_native().localCheckpoint(eager=True))
        self._kept.append(kept)
        return kept

    def batches(self, frame: Frame, *order: str) -> Batches:
        found = frame.to_native()
        key = [*order, *(name for name in found.columns if name not in order)]
        ordered = found.orderBy(*(found[name].asc_nulls_last() for name in key))
        schema = pa.schema(
            [pa.field(one.name, _arrow(one.dataType.simpleString())) for one in found.schema.fields]
        )

        def read() -> Iterator[pa.RecordBatch]:
            with _told(self._address):
                rows = iter(ordered.toLocalIterator())
                while piece := list(islice(rows, BATCH_ROWS)):
                    columns = zip(*piece, strict=True)
                    yield pa.RecordBatch.from_arrays(
                        [
                            pa.array(one, kind)
                            for one, kind in zip(columns, schema.types, strict=True)
                        ],
                        schema=schema,
                    )

        return read


def _classic(master: str, config: Mapping[str, str]) -> Any:  # noqa: ANN401
    with _installed():
        from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415 - an extra
        from pyspark.sql import SparkSession  # noqa: PLC0415
    _require_answer(master, re.findall(r"([^/,:]+):(\d+)", master.removeprefix("spark://")))
    if master.startswith("local"):
        # Java looks up the name of the computer, which not every network knows. Alone it has no
        # need of it; only its environment tells it so.
        os.environ.setdefault("SPARK_LOCAL_IP", _HERE)  # noqa: TID251
    builder = SparkSession.builder.appName("patuh").master(master)
    for name, value in config.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise _not_begun() from error
    except _failures() as error:
        raise _unanswered(master) from error


def _not_begun() -> Unavailable:
    home = os.environ.get("JAVA_HOME")  # noqa: TID251 - Java's own
    if shutil.which(f"{home}/bin/java" if home else "java") is None:
        return Unavailable(
            "Mesin spark memerlukan Java 17 atau lebih baru di komputer ini; pasang dengan "
            "“apt-get install default-jre-headless”, atau setel JAVA_HOME."
        )
    return Unavailable(
        "Java di komputer ini tidak berhasil memulai Spark; pastikan versinya 17 atau lebih baru, "
        "JAVA_HOME benar, dan nama komputer ini dikenal (/etc/hosts) atau SPARK_LOCAL_IP disetel."
    )


def _connected(remote: str, options: Mapping[str, str]) -> Any:  # noqa: ANN401
    with _installed():
        from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415 - an extra
    place = remote.removeprefix("sc://").split("/", 1)[0]
    host, _, port = place.partition(":")
    _require_answer(remote, [(host, port or str(CONNECT_PORT))])
    builder = SparkSession.builder.remote(remote)
    for name, value in {**_MEANING, **options}.items():
        builder = builder.config(name, value)
    try:
        return builder.create()
    except _failures() as error:
        raise _unanswered(remote) from error


def _placed(master: str, scratch: Path, memory: str) -> dict[str, str]:
    """Return the settings of a driver that runs here. What a cluster has is its own business."""
    place = scratch / "spark"
    place.mkdir(parents=True, exist_ok=True)
    config = {
        **_MEANING,
        "spark.log.level": "ERROR",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": place.absolute().as_uri(),
    }
    if master.startswith("local"):
        config |= {
            "spark.local.dir": str(place),
            "spark.driver.memory": _jvm_size(memory),
            "spark.driver.host": _HERE,
            "spark.driver.bindAddress": _HERE,
        }
    return config


def _jvm_size(memory: str) -> str:
    """Return `1500MB` or `2 GiB` as Java writes it: `1500m`, `2g`."""
    number, unit = re.findall(r"(\d+) ?([KMGT])i?B", memory, re.IGNORECASE)[0]
    return f"{number}{unit.lower()}"


def _arrow(kind: str) -> pa.DataType:
    if found := re.fullmatch(r"decimal\((\d+),(\d+)\)", kind):
        return pa.decimal128(int(found[1]), int(found[2]))
    if kind not in _ARROW:
        raise TypeError(f"no fact is {kind}")
    return _ARROW[kind]


def _require_answer(address: str, places: list[tuple[str, str]]) -> None:
    """Ask first: Spark itself would try for many minutes. Of several masters one is enough."""
    for host, port in places:
        try:
            socket.create_connection((host, int(port)), timeout=_PATIENCE).close()
        except OSError:
            continue
        return
    if places:
        raise _unanswered(address)


def _unanswered(address: str) -> Unavailable:
    return Unavailable(
        "Spark di {address} tidak menjawab; periksa alamat dan jalannya, lalu sapu lagi. Tidak ada "
        "yang berubah.",
        address=_shown(address),
    )


def _shown(address: str) -> str:
    """Return the address without what follows it: a token may be among that."""
    return address.split(";", 1)[0].rstrip("/")


@contextmanager
def _installed() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise Unavailable(
            "Mesin spark memerlukan PySpark; pasang dengan “pip install 'patuh[spark]'”."
        ) from error


@contextmanager
def _told(address: str) -> Iterator[None]:
    try:
        yield
    except _failures() as error:
        reason = str(error).strip().partition("\n")[0]
        raise Unavailable(
            "Spark di {address} gagal menghitung ({reason}); tidak ada yang berubah. Folder data "
            "harus terbaca di jalur yang sama oleh semua pekerjanya.",
            address=address,
            reason=reason[:_LONGEST_REASON],
        ) from error


def _failures() -> tuple[type[BaseException], ...]:
    from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415

    return (PySparkException, Py4JError)
