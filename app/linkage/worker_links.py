"""Puts sure pairs of workers, questions and decisions together: one row per outside worker."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from app.linkage.schemas import Verdict
from app.registry.matching import BY_DECISION, BY_SIMILARITY

# The method of an outside worker who may be a member, and is none until somebody has looked.
DOUBT: Final = "ragu"
_FIELDS: "Final[list[pa.Field[Any]]]" = [
    pa.field("nomor", pa.int64()),
    pa.field("nik", pa.string()),
    pa.field("nik_sini", pa.string()),
    pa.field("putusan", pa.string()),
]
_SCHEMA: Final = pa.schema(_FIELDS)
_FOUND: "Final[list[pa.Field[Any]]]" = [
    pa.field("nik", pa.string()),
    pa.field("nik_sini", pa.string()),
    pa.field("pasti", pa.bool_()),
    pa.field("setempat", pa.bool_()),
    pa.field("bobot", pa.float64()),
]
FOUND: Final = pa.schema(_FOUND)


@dataclass(frozen=True, slots=True)
class SaidOfWorker:
    """A standing decision: the NIK as lists write it, and the member it is or is not."""

    number: int
    nik: str
    member: str
    verdict: Verdict


def hear(connection: duckdb.DuckDBPyConnection, said: Iterable[SaidOfWorker]) -> None:
    """Fill `linkage_worker_verdict` (nik, nik_sini, putusan, nomor) with who is still here."""
    rows = [
        {"nomor": one.number, "nik": one.nik, "nik_sini": one.member, "putusan": one.verdict}
        for one in said
    ]
    connection.register("linkage_said", pa.Table.from_pylist(rows, schema=_SCHEMA))
    connection.execute(
        """
        CREATE OR REPLACE TABLE linkage_worker_verdict AS
        SELECT s.nik, s.nik_sini, max_by(s.putusan, s.nomor) AS putusan, max(s.nomor) AS nomor
        FROM linkage_said s
        WHERE s.nik IN (SELECT nik FROM linkage_strangers)
          AND s.nik_sini IN (SELECT nik FROM linkage_members)
        GROUP BY s.nik, s.nik_sini
        """
    )
    connection.unregister("linkage_said")


def write_worker_links(connection: duckdb.DuckDBPyConnection, *, found: pa.Table, to: Path) -> None:
    """Write sumber, id_sumber, nik, nik_sini, metode: who an outside worker is, or may be.

    A person's "same" comes first, then a sure pair, then the likeliest question about a member of
    the same employer; whom a person calls different is neither linked nor in doubt. `found` has
    the columns of FOUND. A NIK that a member has is never here: it is that member.
    """
    connection.register("linkage_workers_found", found)
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE linkage_worker_links AS
        WITH same AS (
          SELECT nik, max_by(nik_sini, nomor) AS nik_sini FROM linkage_worker_verdict
          WHERE putusan = 'sama' GROUP BY nik
        ), open_ AS (
          SELECT f.* FROM linkage_workers_found f ANTI JOIN (
            SELECT nik, nik_sini FROM linkage_worker_verdict WHERE putusan = 'beda'
          ) apart USING (nik, nik_sini) WHERE f.setempat
        ), best AS (
          SELECT nik, max_by(nik_sini, (pasti, bobot, nik_sini)) AS nik_sini,
            bool_or(pasti) AS pasti
          FROM open_ GROUP BY nik
        )
        SELECT s.sumber, s.id_sumber, s.nik, coalesce(y.nik_sini, b.nik_sini) AS nik_sini,
          CASE WHEN y.nik IS NOT NULL THEN '{BY_DECISION}' WHEN b.pasti THEN '{BY_SIMILARITY}'
               ELSE '{DOUBT}' END AS metode
        FROM linkage_strangers s LEFT JOIN same y USING (nik) LEFT JOIN best b USING (nik)
        WHERE (y.nik IS NOT NULL OR b.nik IS NOT NULL)
          AND (y.nik IS NOT NULL OR EXISTS (
            SELECT 1 FROM linkage_members r
            WHERE r.nik = b.nik_sini AND r.grup = s.grup))
        """  # noqa: S608 - own constants
    )
    connection.unregister("linkage_workers_found")
    to.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(
        f"COPY (FROM linkage_worker_links ORDER BY sumber, id_sumber, nik) TO '{to}' "
        "(FORMAT parquet)"
    )
