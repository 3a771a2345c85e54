"""Spark as an operator starts it: a master, workers, a Connect server, each its own process."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyspark

from tests.ports import free_port

HOME: Final = Path(pyspark.__file__).parent
HERE: Final = "127.0.0.1"
PATIENCE: Final = 300
# A small region is planned and compiled for longer than it is computed: without these two
# minutes become six. What is computed, and where, stays the same.
BRIEF: Final = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "2",
}
JAVA: Final = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"


@dataclass(frozen=True)
class Process:
    log: Path

    def said(self, words: str) -> int:
        return self.log.read_text(encoding="utf-8", errors="replace").count(words)


@dataclass(frozen=True)
class Cluster:
    address: str
    workers: tuple[Process, ...]


@contextmanager
def cluster(folder: Path, *, workers: int) -> Iterator[Cluster]:
    port = free_port()
    address = f"spark://{HERE}:{port}"
    with ExitStack() as running:
        master = ["org.apache.spark.deploy.master.Master", "--host", HERE, "--port", str(port)]
        running.enter_context(
            started(
                folder / "master",
                ["bin/spark-class", *master, "--webui-port", "0"],
                ready="New state: ALIVE",
            )
        )
        worker = [
            "bin/spark-class", "org.apache.spark.deploy.worker.Worker", "--host", HERE,
            "--webui-port", "0", "--cores", "1", "--memory", "700M",
        ]  # fmt: skip
        begun = [
            running.enter_context(
                started(
                    folder / f"worker-{number}",
                    [*worker, "--work-dir", str(folder / f"work-{number}"), address],
                    ready="Successfully registered with master",
                )
            )
            for number in range(workers)
        ]
        yield Cluster(address, tuple(begun))


@contextmanager
def connect_server(folder: Path) -> Iterator[str]:
    port = free_port()
    options = {
        **BRIEF,
        "spark.connect.grpc.binding.address": HERE,
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.extraJavaOptions": JAVA,
        "spark.driver.memory": "1g",
        "spark.ui.enabled": "false",
        "spark.sql.warehouse.dir": str(folder),
    }
    command = [
        "bin/spark-submit", "--master", "local[2]",
        *(part for one in options.items() for part in ("--conf", "=".join(one))),
        "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal",
    ]  # fmt: skip
    with started(folder / "connect", command, ready="Spark Connect server started"):
        yield f"sc://{HERE}:{port}"


@contextmanager
def started(folder: Path, command: Sequence[str], *, ready: str) -> Iterator[Process]:
    """Run a program of Spark until the end of the block; begins when it says that it is ready."""
    folder.mkdir(parents=True)
    found = Process(folder / "log")
    environment = {
        **os.environ,  # noqa: TID251 - the program inherits it, we read nothing
        "SPARK_HOME": str(HOME),
        "SPARK_LOCAL_IP": HERE,
        "SPARK_DAEMON_JAVA_OPTS": JAVA,
    }
    program = [str(HOME / command[0]), *command[1:]]
    with found.log.open("wb") as log:
        running = subprocess.Popen(
            program, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        until = time.monotonic() + PATIENCE
        while not found.said(ready):
            if running.poll() is not None or time.monotonic() > until:
                raise RuntimeError(found.log.read_text(encoding="utf-8", errors="replace")[-3000:])
            time.sleep(0.1)
        yield found
    finally:
        running.terminate()
        running.wait(PATIENCE)
