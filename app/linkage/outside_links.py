"""What people said of two outside employers, and the links with who is one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from app.linkage.joining import Joined
from app.linkage.schemas import Verdict

_FIELDS: "Final[list[pa.Field[Any]]]" = [
    pa.field("nomor", pa.int64()),
    pa.field("sumber", pa.string()),
    pa.field("id_sumber", pa.string()),
    pa.field("sumber_lain", pa.string()),
    pa.field("id_lain", pa.string()),
    pa.field("putusan", pa.string()),
    pa.field("nama", pa.string()),
    pa.field("nama_lain", pa.string()),
]
_SCHEMA: Final = pa.schema(_FIELDS)
_JOINED: Final = pa.schema([pa.field(name, pa.string()) for name in ("kunci", "induk", "cara")])


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOfOutside:
    """The newest word about a record of an agency and another record.

    `kunci` and `other_kunci` are what the two went by when it was said.
    """

    number: int
    source: str
    source_id: str
    other_source: str
    other_id: str
    verdict: Verdict
    kunci: str
    other_kunci: str


def hear(connection: duckdb.DuckDBPyConnection, said: Iterable[SaidOfOutside]) -> None:
    """Fill `linkage_outside_heard` (satu, lain, putusan, nomor), both ways round.

    Of several records of the two the newest word counts; what numbers or names make one is one,
    whatever people said. A side of which no record is listed any more, as when an agency numbers
    its rows anew, goes by the name of then. `linkage_outside_verdict` leaves out what was taken
    back. Needs `linkage_outside`.
    """
    rows = [
        {
            "nomor": one.number,
            "sumber": one.source,
            "id_sumber": one.source_id,
            "sumber_lain": one.other_source,
            "id_lain": one.other_id,
            "putusan": one.verdict,
            "nama": one.kunci,
            "nama_lain": one.other_kunci,
        }
        for one in said
    ]
    connection.register("linkage_said", pa.Table.from_pylist(rows, schema=_SCHEMA))
    connection.execute(
        """
        CREATE OR REPLACE TABLE linkage_outside_heard AS
        WITH names AS (SELECT DISTINCT kunci FROM linkage_outside),
        sides AS (
          SELECT s.nomor, s.putusan, l.kunci AS satu, r.kunci AS lain,
            n.kunci AS nama, m.kunci AS nama_lain
          FROM linkage_said s LEFT JOIN linkage_outside l USING (sumber, id_sumber)
          LEFT JOIN linkage_outside r ON r.sumber = s.sumber_lain AND r.id_sumber = s.id_lain
          LEFT JOIN names n ON n.kunci = s.nama LEFT JOIN names m ON m.kunci = s.nama_lain
        ), heard AS (
          SELECT nomor, putusan,
            CASE WHEN count(satu) OVER word > 0 THEN satu ELSE nama END AS satu,
            CASE WHEN count(lain) OVER word > 0 THEN lain ELSE nama_lain END AS lain
          FROM sides WINDOW word AS (PARTITION BY nomor)
        ), both_ways AS (
          SELECT satu, lain, putusan, nomor FROM heard
          UNION ALL SELECT lain, satu, putusan, nomor FROM heard
        )
        SELECT satu, lain, max_by(putusan, nomor) AS putusan, max(nomor) AS nomor
        FROM both_ways WHERE satu <> lain GROUP BY satu, lain;
        CREATE OR REPLACE VIEW linkage_outside_verdict AS
        FROM linkage_outside_heard WHERE putusan <> 'dicabut'
        """
    )
    connection.unregister("linkage_said")


def write_joined_links(
    connection: duckdb.DuckDBPyConnection, *, joined: Iterable[Joined], to: Path
) -> None:
    """Write `linkage_links` with `induk` and `cara`: whose name an outside employer goes by.

    Both are null for one that stands alone or gives the name.
    """
    rows = [{"kunci": one.kunci, "induk": one.induk, "cara": one.cara} for one in joined]
    connection.register("linkage_joined", pa.Table.from_pylist(rows, schema=_JOINED))
    to.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(
        f"""
        COPY (
          SELECT kunci, l.npp, l.metode, l.mirip_npp, j.induk, j.cara
          FROM linkage_links l FULL JOIN linkage_joined j USING (kunci) ORDER BY kunci
        ) TO '{to}' (FORMAT parquet)
        """  # noqa: S608 - our own file
    )
    connection.unregister("linkage_joined")
