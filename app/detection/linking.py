"""Prepares a snapshot for linkage and lets a sweep use what linkage found, in place of exact links.

Linkage runs on a connection of its own before the rules, and leaves a file; a sweep without it
(what the benchmark compares) links by NPWP, NIB, name and place alone.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw

from app.detection.engines import Engine
from app.detection.facts import employers, outside
from app.detection.facts.asof import fresh_from
from app.law.book import LawBook
from app.registry.matching import Frame, Keep, Linker, Parties, link_exactly


def prepare(
    connection: duckdb.DuckDBPyConnection, *, tables: Mapping[str, Path], on: date, law: LawBook
) -> None:
    """Make the tables that `app.linkage.candidates.find_pairs` reads."""
    sources = _scan(connection, tables["sumber_pemberi_kerja"])
    records = outside.records(
        sources, fresh=nw.col("tgl_data") >= fresh_from(on, law=law), keep=_keeper(connection)
    )
    keep = _keeper(connection)
    kept = keep("linkage_keyed", records)
    divisions = keep(
        "linkage_registered", employers.divisions(_scan(connection, tables["pemberi_kerja"]))
    )
    keep(
        "linkage_records",
        kept.join(sources.select("baris", "kbli"), on="baris", how="inner"),
    )
    keep("linkage_exact", link_exactly(outside.parties(kept, divisions), keep))


def linker_of(engine: Engine, links: Path) -> Linker:
    """Return a linker that answers with what linkage wrote down."""

    def answer(parties: Parties, keep: Keep) -> Frame:
        del parties
        return keep("linked_before", engine.scan(links))

    return answer


def _scan(connection: duckdb.DuckDBPyConnection, path: Path) -> Frame:
    return nw.from_native(connection.read_parquet(str(path)))


def _keeper(connection: duckdb.DuckDBPyConnection) -> Keep:
    def keep(name: str, frame: Frame) -> Frame:
        connection.execute(f'CREATE TABLE "{name}" AS {frame.to_native().sql_query()}')
        return nw.from_native(connection.table(name))

    return keep
