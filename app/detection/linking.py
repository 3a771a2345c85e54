"""Prepares a snapshot for linkage and lets a sweep use what linkage found, in place of exact links.

Linkage runs on a connection of its own before the rules, and leaves a file; a sweep without it
(what the benchmark compares) links by NPWP, NIB, name and place alone.
"""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw

from app.detection.engines import Engine
from app.detection.facts import employers, outside, places, workers
from app.detection.facts.asof import fresh_from
from app.law.book import LawBook
from app.registry.matching import Frame, Keep, Linker, Parties, link_exactly
from app.registry.stored import numbered, numbered_relation, spelled


def prepare(
    connection: duckdb.DuckDBPyConnection, *, tables: Mapping[str, Path], on: date, law: LawBook
) -> None:
    """Make the tables that `find_pairs` and `find_outside_pairs` of `app.linkage` read."""
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
    registered = keep("linkage_employers", employers.employers(divisions))
    keep("linkage_offices", places.offices(registered, records=kept))


def prepare_workers(
    connection: duckdb.DuckDBPyConnection,
    *,
    tables: Mapping[str, Path],
    on: date,
    law: LawBook,
    links: Path,
) -> None:
    """Make the tables that `find_worker_pairs` reads, after `prepare`, over the links found since.

    Workers of an employer that is not registered are nobody's members here, and left out.
    """
    keep = _keeper(connection)
    linked = outside.linked(
        nw.from_native(connection.table("linkage_keyed")),
        divisions=nw.from_native(connection.table("linkage_registered")),
        employers=nw.from_native(connection.table("linkage_employers")),
        linker=_answering(lambda: _scan(connection, links)),
        keep=keep,
    )
    listed = workers.listed(
        numbered("sumber_pekerja", _scan(connection, tables["sumber_pekerja"])),
        linked=keep("linkage_linked", linked),
        fresh=nw.col("tgl_data") >= fresh_from(on, law=law),
    )
    members = numbered_relation("kepesertaan", tables["kepesertaan"])
    # The registry stays in its file: tens of millions of people are not carried to the disk and
    # back to find the few who have two memberships with one employer. NIKs meet as numbers; as
    # text, which linkage compares digit by digit, they are written out.
    connection.execute(
        f"""
        CREATE TABLE linkage_listed AS
        SELECT l.* REPLACE ({spelled("l.nik")} AS nik), k.nomor IS NOT NULL AS dikenal
        FROM ({listed.to_native().sql_query()}) l
        LEFT JOIN (SELECT DISTINCT nik AS nomor FROM {members}) k ON k.nomor = l.nik;
        CREATE VIEW linkage_memberships AS
        SELECT m.npp, m.divisi, m.kpj, {spelled("m.nik")} AS nik, m.nik AS nomor, m.nama,
          m.tgl_lahir, m.tgl_mulai, m.tgl_akhir, m.baris, e.grup, e.kantor_cabang AS kantor,
          e.nama AS pemberi_kerja
        FROM {members} m JOIN linkage_employers e USING (npp) WHERE nomor IS NOT NULL;
        CREATE TABLE linkage_twice AS
        SELECT grup, nomor FROM linkage_memberships GROUP BY ALL HAVING count(*) > 1;
        CREATE TABLE linkage_last_of_twice AS
        SELECT DISTINCT ON (grup, nomor) m.*
        FROM linkage_memberships m SEMI JOIN linkage_twice USING (grup, nomor)
        ORDER BY grup, nomor, coalesce(tgl_akhir, DATE '9999-12-31') DESC, tgl_mulai DESC, kpj,
          baris;
        CREATE VIEW linkage_members AS
        FROM linkage_memberships ANTI JOIN linkage_twice USING (grup, nomor)
        UNION ALL BY NAME FROM linkage_last_of_twice
        """  # noqa: S608 - our own files
    )


def linker_of(engine: Engine, links: Path) -> Linker:
    """Return a linker that answers with what linkage wrote down."""
    return _answering(lambda: engine.scan(links))


def _answering(written: Callable[[], Frame]) -> Linker:
    def answer(parties: Parties, keep: Keep) -> Frame:
        del parties
        return keep("linked_before", written())

    return answer


def _scan(connection: duckdb.DuckDBPyConnection, path: Path) -> Frame:
    return nw.from_native(connection.read_parquet(str(path)))


def _keeper(connection: duckdb.DuckDBPyConnection) -> Keep:
    def keep(name: str, frame: Frame) -> Frame:
        connection.execute(f'CREATE TABLE "{name}" AS {frame.to_native().sql_query()}')
        return nw.from_native(connection.table(name))

    return keep
