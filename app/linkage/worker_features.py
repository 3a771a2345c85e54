"""Turns outside workers and members into what the worker model compares."""

from typing import Any, Final

import duckdb
import pyarrow as pa

from app.linkage.features import TEXTS, fill
from app.linkage.people import person_name

# A name that so many members in ten thousand carry tells little.
_COMMON: Final = 20
_TEN_THOUSAND: Final = 10_000
_LEAST_COMMON: Final = 3
_LONGEST_WORD: Final = """
  list_max(list_transform(
    string_split(regexp_replace(upper(coalesce(nama, '')), '[^A-Z]+', ' ', 'g'), ' '),
    lambda x: lpad(CAST(length(x) AS VARCHAR), 2, '0') || x))
"""
_FIELDS: "Final[list[pa.Field[Any]]]" = [
    pa.field("id", pa.int64()),
    pa.field("nama_urut", pa.string()),
    pa.field("bunyi", pa.string()),
    pa.field("inisial", pa.string()),
    pa.field("kata", TEXTS),
    pa.field("penuh", TEXTS),
    pa.field("blok", TEXTS),
]
_SCHEMA: Final = pa.schema(_FIELDS)


def keyed(connection: duckdb.DuckDBPyConnection, *, source: str, table: str) -> None:
    """Fill `table` from `source` (id, nik, nama, tgl_lahir, grup, ...) with keys that SQL can make.

    `pangkal`, `ujung` and `tepi` are the NIK without its serial number, its district, its birth;
    `kata_panjang` the longest word of the name. What is not known is empty, a block of it null.
    """
    day = "CAST(substr(nik, 7, 2) AS INTEGER)"
    connection.execute(
        f"""
        CREATE TABLE {table} AS
        SELECT *, coalesce(strftime(tgl_lahir, '%Y%m%d'), '') AS lahir_ada,
          nullif(strftime(tgl_lahir, '%Y%m%d'), '') AS lahir_blok,
          coalesce(strftime(tgl_lahir, '%d%m%y'), '') AS lahir_pendek,
          strftime(tgl_lahir, '%Y') AS tahun,
          lpad(CAST({day} - CASE WHEN {day} > 40 THEN 40 ELSE 0 END AS VARCHAR), 2, '0')
            || substr(nik, 9, 4) AS lahir_nik,
          {day} > 40 AS perempuan,
          substr(nik, 1, 12) AS pangkal, substr(nik, 7, 10) AS ujung,
          substr(nik, 1, 6) || substr(nik, 13, 4) AS tepi,
          {_LONGEST_WORD} AS kata_panjang
        FROM {source}
        """  # noqa: S608 - own names
    )


def meeting(connection: duckdb.DuckDBPyConnection, *, source: str, table: str) -> None:
    """Fill `table` (grup, nomor, and where two people may meet) from `source`, all in numbers.

    The longest word is told by its hash: two words that share one meet in vain, and none is lost.
    """
    connection.execute(
        f"""
        CREATE TABLE {table} AS
        SELECT grup, CAST(nik AS BIGINT) AS nomor, tgl_lahir AS lahir,
          CAST(year(tgl_lahir) AS SMALLINT) AS tahun,
          CAST(substr(nik, 1, 12) AS BIGINT) AS pangkal,
          CAST(substr(nik, 7, 10) AS BIGINT) AS ujung,
          CAST(substr(nik, 1, 6) || substr(nik, 13, 4) AS BIGINT) AS tepi,
          hash({_LONGEST_WORD}) AS kata
        FROM {source}
        """  # noqa: S608 - own names
    )


def featured(connection: duckdb.DuckDBPyConnection, *, source: str, table: str) -> None:
    """Fill `table` from what `keyed` made, names taken apart."""
    fill(
        connection,
        query=f"SELECT id, coalesce(nama, '') AS nama FROM {source}",  # noqa: S608 - own names
        table=f"{table}_parts",
        schema=_SCHEMA,
        taken_apart=_taken_apart,
    )
    connection.execute(
        f"""
        CREATE TABLE {table} AS
        SELECT p.* REPLACE (nullif(p.bunyi, '') AS bunyi), s.nik, s.lahir_ada AS lahir,
          s.lahir_pendek, s.tahun, s.lahir_nik, s.pangkal, s.ujung, s.tepi, s.grup
        FROM {table}_parts p JOIN {source} s USING (id);
        DROP TABLE {table}_parts
        """  # noqa: S608
    )


def count_names(connection: duckdb.DuckDBPyConnection, *, tables: tuple[str, ...]) -> None:
    """Add to all tables how common a name is among those of the first."""
    first = tables[0]
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE linkage_person_names AS
        SELECT nama_urut FROM {first} GROUP BY nama_urut
        HAVING count(DISTINCT nik) >= greatest({_LEAST_COMMON},
          (SELECT count(DISTINCT nik) FROM {first}) * {_COMMON} // {_TEN_THOUSAND})
        """  # noqa: S608
    )
    for table in tables:
        connection.execute(
            f"""
            CREATE OR REPLACE TABLE {table} AS
            SELECT t.*, CASE WHEN n.nama_urut IS NULL THEN 0 ELSE 1 END AS umum
            FROM {table} t LEFT JOIN linkage_person_names n USING (nama_urut)
            """  # noqa: S608
        )


def _taken_apart(row: dict[str, Any]) -> dict[str, object]:
    said = person_name(row["nama"])
    return {
        "id": row["id"],
        "nama_urut": said.key,
        "bunyi": said.sound,
        "inisial": said.initials,
        "kata": list(said.words),
        "penuh": list(said.full),
        "blok": list(said.blocks),
    }
