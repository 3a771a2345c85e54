"""Turns records into what the model compares: names and addresses taken apart, batch by batch."""

from collections.abc import Iterator
from typing import Final

import duckdb
import pyarrow as pa

from app.linkage.names import EmployerName, employer_name
from app.linkage.places import address

_BATCH: Final = 50_000
# A name that more employers of the registry carry than this tells little.
_COMMON: Final = 3
# A name that more carry than this is not looked for outside its regency.
_EVERYWHERE: Final = 20
_TEXTS: Final = pa.list_(pa.string())
_SCHEMA: Final = pa.schema(
    [
        ("id", pa.int64()),
        ("bentuk", pa.string()),
        ("nama_urut", pa.string()),
        ("bunyi", pa.string()),
        ("inisial", pa.string()),
        ("kata", _TEXTS),
        ("penuh", _TEXTS),
        ("blok", _TEXTS),
        ("jalan", pa.string()),
        ("nomor", pa.string()),
        ("kecamatan", pa.string()),
        ("telepon", pa.string()),
    ]
)


def featured(connection: duckdb.DuckDBPyConnection, *, source: str, table: str) -> None:
    """Fill `table` from `source`: id, nama, bentuk, alamat, kode_wilayah, kbli, npwp16, nib.

    `id` is unique. Texts that are not known are empty in `table`; a block that is not known is
    null, and meets nobody.
    """
    connection.execute(f"CREATE TABLE {table}_parts ({_columns()})")
    reader = connection.cursor().sql(
        f"SELECT id, coalesce(nama, ''), coalesce(bentuk, ''), coalesce(alamat, '') FROM {source}"  # noqa: S608 - own names
    )
    for batch in reader.to_arrow_reader(_BATCH):
        made = _parts(batch)
        connection.register("linkage_batch", made)
        connection.execute(f"INSERT INTO {table}_parts SELECT * FROM linkage_batch")  # noqa: S608
        connection.unregister("linkage_batch")
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
              CASE WHEN coalesce(n.banyak, 0) >= {_COMMON} THEN 1 ELSE 0 END AS umum,
              CASE WHEN coalesce(n.banyak, 0) <= {_EVERYWHERE} THEN nullif(t.nama_urut, '') END
                AS nama_jarang
            FROM {table} t LEFT JOIN linkage_names n USING (nama_urut)
            """  # noqa: S608
        )


def _columns() -> str:
    kinds = {pa.int64(): "BIGINT", pa.string(): "VARCHAR", _TEXTS: "VARCHAR[]"}
    return ", ".join(f"{field.name} {kinds[field.type]}" for field in _SCHEMA)


def _parts(batch: pa.RecordBatch) -> pa.Table:
    columns = [column.to_pylist() for column in batch.columns]
    return pa.Table.from_pylist(list(_taken_apart(*columns)), schema=_SCHEMA)


def _taken_apart(
    ids: list[int], names: list[str], forms: list[str], addresses: list[str]
) -> Iterator[dict[str, object]]:
    for id, name, form, place in zip(ids, names, forms, addresses, strict=True):
        said, where = employer_name(name), address(place)
        yield {
            "id": id,
            "bentuk": said.form or _form(form),
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


def _form(text: str) -> str:
    """Return the form of the registry's own column, which may say only that."""
    named: EmployerName = employer_name(text)
    return named.form
