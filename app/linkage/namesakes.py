"""Takes back links by name and regency alone where the addresses say that it is somebody else.

Few firms share a name and a regency, but in a nation they are many, and a namesake that is
registered would hide one that is not.
"""

from typing import Final

import duckdb

from app.linkage.employers import EMPLOYERS
from app.registry.matching import BY_NAME, BY_SHARED_NAME

_PLACES: Final = tuple(one for one in EMPLOYERS.comparisons if one.name in {"alamat", "telepon"})
_AGREE: Final = " OR ".join(
    f"(NOT ({of.unknown}) AND ({level.when}))"
    for of in _PLACES
    for level in of.levels
    if level.when
)
_BOTH_SAY: Final = f"NOT ({_PLACES[0].unknown})"
_COMPARED: Final = ("jalan", "nomor", "kecamatan", "telepon")


def doubt(connection: duckdb.DuckDBPyConnection, *, outside: str, registered: str) -> None:
    """Turn links by name into look-alikes: `linkage_exact`, and `linkage_outside` with `kembaran`.

    `outside` and `registered` are tables of features. Reading: the place of "name and place"
    (product.md) is the address where both sides name one. The link stands when the address or
    the telephone of any record is like that of any registered employer of this name, or of the
    same legal entity; and where there is nothing to compare. `kembaran` is the NPP that was
    linked: a candidate from now on, to be weighed like every other.
    """
    left = ", ".join(f"fo.{one} AS {one}_l" for one in _COMPARED)
    right = ", ".join(f"fr.{one} AS {one}_r" for one in _COMPARED)
    connection.execute(
        f"""
        CREATE TABLE linkage_namesakes AS
        WITH named AS (
          SELECT o.id, o.kunci, o.kode_wilayah, g.grup
          FROM linkage_outside o
          JOIN (SELECT DISTINCT npp, grup FROM linkage_registered) g ON g.npp = o.npp_eksak
          WHERE o.metode IN ('{BY_NAME}', '{BY_SHARED_NAME}')
        ), met AS (
          SELECT n.id, n.kunci, r.id AS id_sini FROM named n JOIN linkage_registered r USING (grup)
          UNION
          SELECT n.id, n.kunci, r.id FROM named n JOIN {outside} fo ON fo.id = n.id
          JOIN {registered} fr ON fr.nama_urut = fo.nama_urut AND fr.nama_urut <> ''
          JOIN linkage_registered r ON r.id = fr.id AND r.kode_wilayah = n.kode_wilayah
        ), compared AS (
          SELECT m.kunci, {left}, {right} FROM met m
          JOIN {outside} fo ON fo.id = m.id JOIN {registered} fr ON fr.id = m.id_sini
        )
        SELECT kunci FROM compared GROUP BY kunci
        HAVING bool_or({_BOTH_SAY}) AND NOT bool_or({_AGREE});
        CREATE OR REPLACE TABLE linkage_exact AS
        SELECT x.kunci, CASE WHEN d.kunci IS NULL THEN x.npp END AS npp,
          CASE WHEN d.kunci IS NULL THEN x.metode END AS metode,
          CASE WHEN d.kunci IS NULL THEN x.mirip_npp ELSE x.npp END AS mirip_npp
        FROM linkage_exact x LEFT JOIN linkage_namesakes d USING (kunci);
        CREATE OR REPLACE TABLE linkage_outside AS
        SELECT o.* REPLACE (
            CASE WHEN d.kunci IS NULL THEN o.npp_eksak END AS npp_eksak,
            CASE WHEN d.kunci IS NULL THEN o.metode END AS metode),
          CASE WHEN d.kunci IS NOT NULL THEN o.npp_eksak END AS kembaran
        FROM linkage_outside o LEFT JOIN linkage_namesakes d USING (kunci);
        DROP TABLE linkage_namesakes
        """  # noqa: S608 - own names
    )
