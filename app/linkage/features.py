"""Turns records into what the model compares: names and addresses taken apart, batch by batch."""

from collections.abc import Callable
from typing import Any, Final

import duckdb
import pyarrow as pa

from app.linkage.names import employer_name
from app.linkage.places import address

_BATCH: Final = 50_000
# A name that more employers of the registry carry than this tells little.
COMMON: Final = 3
# A name that more carry than this is not looked for outside its regency.
_EVERYWHERE: Final = 20
TEXTS: Final[pa.DataType] = pa.list_(pa.string())
_FIELDS: "Final[list[pa.Field[Any]]]" = [
    pa.field("id", pa.int64()),
    pa.field("bentuk", pa.string()),
    pa.field("nama_urut", pa.string()),
    pa.field("bunyi", pa.string()),
    pa.field("inisial", pa.string()),
    pa.field("kata", TEXTS),
    pa.field("penuh", TEXTS),
    pa.field("blok", TEXTS),
    pa.field("jalan", pa.string()),
    pa.field("nomor", pa.string()),
    pa.field("kecamatan", pa.string()),
    pa.field("telepon", pa.string()),
]
_SCHEMA: Final = pa.schema(_FIELDS)


def featured(connection: duckdb.DuckDBPyConnection, *, source: str, table: str) -> None:
    """Fill `table` from `source`: id, nama, bentuk, alamat, kode_wilayah, kbli, npwp16, nib.

    `id` is unique. Texts that are not known are empty in `table`; a block that is not known is
    null, and meets nobody.
    """
    fill(
        connection,
        query=f"""
        SELECT id, coalesce(nama, '') AS nama, coalesce(bentuk, '') AS bentuk,
          coalesce(alamat, '') AS alamat
        FROM {source}
        """,  # noqa: S608 - own names
        table=f"{table}_parts",
        schema=_SCHEMA,
        taken_apart=_taken_apart,
    )
    connection.execute(
        f"""
        CREATE TABLE {table} AS
        SELECT p.*, coalesce(s.kode_wilayah, '') AS kode_wilayah, coalesce(s.kbli, '') AS kbli,
          coalesce(s.npwp16, '') AS npwp16, coalesce(s.nib, '') AS nib,
          nullif(p.jalan || '|' || p.nomor, '|') AS tempat_apa, nullif(p.telepon, '') AS telepon_ada
        FROM {table}_parts p JOIN {source} s USING (id)
        """  # noqa: S608
    )
    connection.execute(f"DROP TABLE {table}_parts")


def count_names(connection: duckdb.DuckDBPyConnection, *, tables: tuple[str, str]) -> None:
    """Add to both tables how common a name is in the registry, the second of them."""
    _, registered = tables
    connection.execute(
        f"""
        CREATE TABLE linkage_names AS
        SELECT nama_urut, count(DISTINCT grup) AS banyak FROM {registered}
        JOIN linkage_registered USING (id) WHERE nama_urut <> '' GROUP BY nama_urut
        """  # noqa: S608
    )
    for table in tables:
        connection.execute(
            f"""
            CREATE OR REPLACE TABLE {table} AS
            SELECT t.* EXCLUDE (tempat_apa),
              CASE WHEN t.jalan <> '' AND t.nomor <> '' THEN t.tempat_apa END AS tempat,
              CASE WHEN coalesce(n.banyak, 0) >= {COMMON} THEN 1 ELSE 0 END AS umum,
              CASE WHEN coalesce(n.banyak, 0) <= {_EVERYWHERE} THEN nullif(t.nama_urut, '') END
                AS nama_jarang
            FROM {table} t LEFT JOIN linkage_names n USING (nama_urut)
            """  # noqa: S608
        )


def fill(
    connection: duckdb.DuckDBPyConnection,
    *,
    query: str,
    table: str,
    schema: pa.Schema,
    taken_apart: Callable[[dict[str, Any]], dict[str, object]],
) -> None:
    """Make `table` of what `taken_apart` makes of each row of `query`, batch by batch."""
    kinds = {pa.int64(): "BIGINT", pa.string(): "VARCHAR", TEXTS: "VARCHAR[]"}
    columns = ", ".join(f"{field.name} {kinds[field.type]}" for field in schema)
    connection.execute(f"CREATE TABLE {table} ({columns})")
    for batch in connection.cursor().sql(query).to_arrow_reader(_BATCH):
        made = pa.Table.from_pylist([taken_apart(row) for row in batch.to_pylist()], schema=schema)
        connection.register("linkage_batch", made)
        connection.execute(f"INSERT INTO {table} SELECT * FROM linkage_batch")  # noqa: S608
        connection.unregister("linkage_batch")


def _taken_apart(row: dict[str, Any]) -> dict[str, object]:
    said, where = employer_name(row["nama"]), address(row["alamat"])
    return {
        "id": row["id"],
        # The registry's own column may say only the form.
        "bentuk": said.form or employer_name(row["bentuk"]).form,
        "nama_urut": said.key,
        "bunyi": said.sound,
        "inisial": said.initials,
        "kata": list(said.words),
        "penuh": list(said.full),
        "blok": list(said.pairs),
        "jalan": where.street,
        "nomor": where.number,
        "kecamatan": where.district,
        "telepon": where.phone,
    }
