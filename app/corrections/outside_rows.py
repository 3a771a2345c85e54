"""Reads what other agencies told of employers in two snapshots, and who is registered since."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import narwhals.stable.v2 as nw
import pyarrow as pa

from app.corrections.gathering import Bench
from app.corrections.outside import (
    EMPLOYERS,
    WORKERS,
    ListKey,
    Registration,
    RowKey,
    Rows,
    Seen,
    Told,
)
from app.detection.engines.duckdb import workbench
from app.registry.matching import Frame, npwp16
from app.registry.schemas import SnapshotView
from app.registry.snapshots import table_path
from app.registry.stored import relation

TABLES: Final = (EMPLOYERS, WORKERS, "pemberi_kerja")
_IDS: "Final[list[pa.Field[Any]]]" = [
    pa.field("kasus", pa.int64()),
    pa.field("sumber", pa.string()),
    pa.field("id_sumber", pa.string()),
    # Null: all that it has; empty: its head count; else the last digits of a NIK, and a name.
    pa.field("ekor", pa.string()),
    pa.field("nama", pa.string()),
]
_NUMBERS: "Final[list[pa.Field[Any]]]" = [
    pa.field("kasus", pa.int64()),
    pa.field("jenis", pa.string()),
    pa.field("nomor", pa.string()),
]
# Every row once for each number that it has.
_NUMBERED: Final = """
  SELECT *, 'npwp' AS jenis, npwp16 AS nomor FROM {table}
  UNION ALL SELECT *, 'nib', nib FROM {table}
"""
_OF_NUMBERS: Final = f"""
  SELECT DISTINCT kasus, sumber, id_sumber, NULL AS ekor, NULL AS nama
  FROM ({_NUMBERED.format(table="sumber_pemberi_kerja_b")}) JOIN wanted_numbers USING (jenis, nomor)
"""  # noqa: S608 - own constants
_NUMBERS_OF: Final = f"""
  SELECT DISTINCT kasus, jenis, nomor
  FROM ({_NUMBERED}) JOIN wanted USING (sumber, id_sumber) WHERE ekor IS NULL AND nomor <> ''
"""  # noqa: S608 - own constants
_ROWS: Final[Mapping[str, str]] = {
    EMPLOYERS: """
      SELECT kasus, sumber, id_sumber, tgl_data, '' AS worker, coalesce(jumlah_tk, 0)::BIGINT,
        CASE WHEN ekor IS NULL
          THEN concat_ws('|', coalesce(jumlah_tk, 0), coalesce(t.nama, ''), coalesce(npwp, ''),
            coalesce(nib, ''), coalesce(kode_wilayah, ''), coalesce(skala, ''))
          ELSE coalesce(jumlah_tk, 0)::VARCHAR END AS content
      FROM {table} AS t JOIN wanted USING (sumber, id_sumber)
      WHERE ekor IS NULL OR ekor = ''
    """,
    WORKERS: """
      SELECT kasus, sumber, id_sumber, tgl_data,
        md5(concat_ws('|', nik, coalesce(tgl_mulai::VARCHAR, ''))) AS worker, 0::BIGINT,
        concat_ws('|', md5(coalesce(nama, '')), coalesce(upah::VARCHAR, '')) AS content
      FROM {table} JOIN (SELECT DISTINCT kasus, sumber, id_sumber FROM wanted WHERE ekor IS NULL)
        USING (sumber, id_sumber)
      UNION ALL
      SELECT kasus, sumber, id_sumber, tgl_data,
        md5(concat_ws('|', nik, coalesce(tgl_mulai::VARCHAR, ''))), 0::BIGINT,
        concat_ws('|', md5(coalesce(nama, '')), coalesce(upah::VARCHAR, ''))
      FROM {table} JOIN people USING (sumber, id_sumber, nik)
    """,
}
# A case keeps no whole NIK. Whom its flags named is found by the last digits and the name in the
# data that the paper rests on; from there on the whole NIK follows that worker.
_PEOPLE: Final = """
  SELECT DISTINCT kasus, sumber, id_sumber, nik
  FROM sumber_pekerja_b AS t JOIN wanted USING (sumber, id_sumber)
  WHERE ends_with(nik, ekor) AND ekor <> '' AND t.nama = wanted.nama
"""
_SHARED: Final = """
  SELECT sumber, tgl_data FROM (SELECT DISTINCT sumber, tgl_data FROM {table}_b)
  JOIN (SELECT DISTINCT sumber, tgl_data FROM {table}_a) USING (sumber, tgl_data)
"""
# Whoever the earlier data had under the same numbers was there to be seen, and is no correction.
_REGISTERED: Final = """
  SELECT kasus, npp, min(tgl_daftar) FROM registered_a
  ANTI JOIN registered_b USING (kasus, npp) GROUP BY kasus, npp
"""
_UNDER_NUMBERS: Final = f"""
  SELECT DISTINCT kasus, npp, tgl_daftar
  FROM ({_NUMBERED}) JOIN {{numbers}} USING (jenis, nomor) WHERE status <> 'tutup'
"""  # noqa: S608 - own constants


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """A row that a flag showed: a worker by the last digits of the NIK and the name.

    Both are empty where the flag told the head count of the employer.
    """

    source: str
    id_source: str
    tail: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a case rests on of other agencies.

    Of an employer without NPP: all that they have under `ids` (source and its own key), under its
    NPWPs of 16 digits and its NIBs. Of a registered one only what its flags `named`.
    """

    ids: frozenset[tuple[str, str]] = frozenset()
    named: frozenset[Named] = frozenset()
    npwps: frozenset[str] = frozenset()
    nibs: frozenset[str] = frozenset()


def differs(before: SnapshotView, after: SnapshotView) -> bool:
    """Say whether any table that such a case rests on is another file."""
    return any(before.tables[name].sha256 != after.tables[name].sha256 for name in TABLES)


def gather_outside(
    bench: Bench,
    *,
    before: SnapshotView,
    after: SnapshotView,
    wanted: Mapping[int, Elsewhere],
) -> Mapping[int, Seen]:
    """Return by case what both snapshots hold of its employer.

    Its rows are those that the flags named and, where it has no NPP, those that the earlier data
    had under its numbers.

    Raises:
        NotFound: a snapshot was removed by policy, or a file is gone.
    """
    with workbench(scratch=bench.scratch, memory=bench.memory) as connection:
        for side, view in (("b", before), ("a", after)):
            for table in TABLES:
                path = table_path(bench.snapshots, view, table)
                shown: Frame = nw.from_native(connection.sql(f"FROM {relation(table, path)}"))
                if table != WORKERS:
                    shown = shown.with_columns(npwp16=npwp16("npwp"))
                query = shown.to_native().sql_query()
                connection.execute(f"CREATE TEMP VIEW {table}_{side} AS {query}")
        _want(connection, wanted)
        shared = frozenset(
            ListKey(table, str(source), on)
            for table in (EMPLOYERS, WORKERS)
            for source, on in connection.execute(_SHARED.format(table=table)).fetchall()
        )
        sides = [_rows(connection, side) for side in ("b", "a")]
        registered = _registered(connection)
    return {
        case: Seen(
            was=sides[0].get(case, {}),
            now=sides[1].get(case, {}),
            shared=shared,
            registered=tuple(registered.get(case, ())),
        )
        for case in wanted
    }


def _want(connection: duckdb.DuckDBPyConnection, wanted: Mapping[int, Elsewhere]) -> None:
    numbers = [
        {"kasus": case, "jenis": kind, "nomor": number}
        for case, one in wanted.items()
        for kind, those in (("npwp", one.npwps), ("nib", one.nibs))
        for number in sorted(those)
    ]
    ids = [
        {"kasus": case, "sumber": source, "id_sumber": id_source}
        for case, one in wanted.items()
        for source, id_source in sorted(one.ids)
    ]
    named = [
        {
            "kasus": case,
            "sumber": row.source,
            "id_sumber": row.id_source,
            "ekor": row.tail,
            "nama": row.name,
        }
        for case, one in wanted.items()
        for row in sorted(one.named)
    ]
    connection.register("wanted_ids", pa.Table.from_pylist(ids + named, schema=pa.schema(_IDS)))
    connection.register("wanted_numbers", pa.Table.from_pylist(numbers, schema=pa.schema(_NUMBERS)))
    connection.execute(f"CREATE TEMP TABLE wanted AS FROM wanted_ids UNION {_OF_NUMBERS}")
    connection.execute(f"CREATE TEMP TABLE people AS {_PEOPLE}")
    for side in ("b", "a"):
        theirs = _NUMBERS_OF.format(table=f"{EMPLOYERS}_{side}")
        connection.execute(
            f"CREATE TEMP TABLE numbers_{side} AS FROM wanted_numbers UNION {theirs}"
        )
        under = _UNDER_NUMBERS.format(table=f"pemberi_kerja_{side}", numbers=f"numbers_{side}")
        connection.execute(f"CREATE TEMP TABLE registered_{side} AS {under}")


def _rows(connection: duckdb.DuckDBPyConnection, side: str) -> Mapping[int, Rows]:
    found: dict[int, dict[RowKey, Told]] = defaultdict(dict)
    for table, statement in _ROWS.items():
        rows = connection.execute(statement.format(table=f"{table}_{side}")).fetchall()
        for case, source, id_source, on, worker, count, content in rows:
            key = RowKey(ListKey(table, str(source), on), str(id_source), str(worker))
            found[int(case)][key] = Told(str(content), int(count))
    return found


def _registered(connection: duckdb.DuckDBPyConnection) -> Mapping[int, list[Registration]]:
    found: dict[int, list[Registration]] = defaultdict(list)
    for case, npp, since in connection.execute(_REGISTERED).fetchall():
        found[int(case)].append(Registration(str(npp), since))
    return found
