"""Puts exact links, sure pairs and decisions together: one row per outside employer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import pyarrow as pa

from app.linkage.schemas import Verdict
from app.registry.matching import BY_DECISION, BY_NIB, BY_NPWP, BY_SIMILARITY

_FIELDS: "Final[list[pa.Field[Any]]]" = [
    pa.field("nomor", pa.int64()),
    pa.field("npp", pa.string()),
    pa.field("sumber", pa.string()),
    pa.field("id_sumber", pa.string()),
    pa.field("putusan", pa.string()),
    pa.field("nama", pa.string()),
]
_SCHEMA: Final = pa.schema(_FIELDS)


@dataclass(frozen=True, slots=True)
class Said:
    """The newest word about one record of an agency and one registered employer.

    `kunci` is what the outside employer went by when it was said.
    """

    number: int
    npp: str
    source: str
    source_id: str
    verdict: Verdict
    kunci: str


def hear(connection: duckdb.DuckDBPyConnection, said: Iterable[Said]) -> None:
    """Fill `linkage_heard` (kunci, npp, putusan, nomor): of several records the newest word counts.

    `linkage_verdict` leaves out what was taken back.

    A word of which no record is listed any more, as when an agency numbers its rows anew, goes by
    the name of then: whoever bears it now is that employer for everything else too. As long as one
    of its records is listed the word stays with that, whoever else has got the name or number.
    Needs `linkage_outside` and `linkage_registered`.
    """
    rows = [
        {
            "nomor": one.number,
            "npp": one.npp,
            "sumber": one.source,
            "id_sumber": one.source_id,
            "putusan": one.verdict,
            "nama": one.kunci,
        }
        for one in said
    ]
    connection.register("linkage_said", pa.Table.from_pylist(rows, schema=_SCHEMA))
    connection.execute(
        """
        CREATE OR REPLACE TABLE linkage_heard AS
        WITH listed AS (
          SELECT o.kunci, s.npp, s.putusan, s.nomor
          FROM linkage_said s JOIN linkage_outside o USING (sumber, id_sumber)
        ), heard AS (
          SELECT * FROM listed
          UNION ALL
          SELECT s.nama, s.npp, s.putusan, s.nomor FROM linkage_said s
          WHERE s.nomor NOT IN (SELECT nomor FROM listed)
            AND s.nama IN (SELECT kunci FROM linkage_outside)
        )
        SELECT kunci, npp, max_by(putusan, nomor) AS putusan, max(nomor) AS nomor FROM heard
        WHERE npp IN (SELECT npp FROM linkage_registered)
        GROUP BY kunci, npp;
        CREATE OR REPLACE VIEW linkage_verdict AS FROM linkage_heard WHERE putusan <> 'dicabut'
        """
    )
    connection.unregister("linkage_said")


def settle_links(connection: duckdb.DuckDBPyConnection, *, sure: pa.Table) -> None:
    """Fill `linkage_links` (kunci, npp, metode, mirip_npp): who is registered, decisions applied.

    A number always wins: NPWP and NIB name a legal person, and no one may decide otherwise here.
    Then a person's "same"; then name and place, as far as `namesakes` left it; then a sure pair.
    What a person calls different is neither linked nor shown as alike. `sure` has kunci and npp,
    one row per kunci.
    """
    connection.register("linkage_sure", sure)
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE linkage_links AS
        WITH same AS (
          SELECT kunci, max_by(npp, nomor) AS npp FROM linkage_verdict
          WHERE putusan = 'sama' GROUP BY kunci
        ), apart AS (SELECT kunci, npp FROM linkage_verdict WHERE putusan = 'beda'),
        named AS (
          SELECT x.* FROM linkage_exact x LEFT JOIN apart a ON a.kunci = x.kunci AND a.npp = x.npp
          WHERE x.npp IS NOT NULL AND (a.npp IS NULL OR x.metode IN ('{BY_NPWP}', '{BY_NIB}'))
        ), alike AS (
          SELECT x.kunci, x.mirip_npp FROM linkage_exact x
          LEFT JOIN apart a ON a.kunci = x.kunci AND a.npp = x.mirip_npp
          WHERE x.mirip_npp IS NOT NULL AND a.npp IS NULL
        ), found AS (
          SELECT s.kunci, s.npp FROM linkage_sure s
          LEFT JOIN apart a ON a.kunci = s.kunci AND a.npp = s.npp WHERE a.npp IS NULL
        ), everyone AS (
          SELECT kunci FROM same UNION SELECT kunci FROM named UNION SELECT kunci FROM alike
          UNION SELECT kunci FROM found
        )
        SELECT e.kunci,
          CASE WHEN n.metode IN ('{BY_NPWP}', '{BY_NIB}') THEN n.npp
               ELSE coalesce(s.npp, n.npp, f.npp) END AS npp,
          CASE WHEN n.metode IN ('{BY_NPWP}', '{BY_NIB}') THEN n.metode
               WHEN s.npp IS NOT NULL THEN '{BY_DECISION}'
               WHEN n.npp IS NOT NULL THEN n.metode
               WHEN f.npp IS NOT NULL THEN '{BY_SIMILARITY}' END AS metode,
          CASE WHEN coalesce(s.npp, n.npp, f.npp) IS NULL THEN a.mirip_npp END AS mirip_npp
        FROM everyone e LEFT JOIN same s USING (kunci) LEFT JOIN named n USING (kunci)
        LEFT JOIN alike a USING (kunci) LEFT JOIN found f USING (kunci)
        """  # noqa: S608 - own constants
    )
    connection.unregister("linkage_sure")


def method_of(*, band: str, why: str, exact: str, verdict: str) -> str:
    """Return how a pair is linked under a verdict; "" for not. The rule of `settle_links`.

    One that would bring together what must stay apart (`rantai`) is not, whatever was said of it.
    """
    if why == "rantai":
        return ""
    if verdict == "sama":
        return BY_DECISION
    if verdict == "beda":
        return ""
    return exact or (BY_SIMILARITY if band == "pasti" else "")
