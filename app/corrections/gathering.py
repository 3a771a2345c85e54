"""Reads what two snapshots hold of the employers of cases: bills, payments, memberships."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from app.corrections.past import Billed, Key, MemberMoved, Paid, Record
from app.detection.engines.duckdb import workbench
from app.law.month import Month
from app.registry.schemas import SnapshotView
from app.registry.snapshots import table_path
from app.registry.stored import relation

TABLES: Final = ("kepesertaan", "tagihan", "pembayaran")
EMPTY: Final = Record()
_BILLS: Final = """
  SELECT npp, blth, program, sum(jumlah)::BIGINT, sum(tk)::BIGINT, sum(dasar_upah)::BIGINT
  FROM tagihan SEMI JOIN wanted USING (npp) GROUP BY npp, blth, program
"""
_PAYMENTS: Final = """
  SELECT npp, blth, program, tgl_bayar, jumlah, count(*)
  FROM pembayaran SEMI JOIN wanted USING (npp) GROUP BY npp, blth, program, tgl_bayar, jumlah
"""
# The same reading as detection.movements: a membership is the same as long as it began on the same
# day at the same place; the end of an open one, reported as lying in the past, is a correction.
_MEMBERS: Final = """
  SELECT npp, kpj,
    CASE WHEN NOT before THEN 'ditambah' WHEN NOT after THEN 'dihapus'
      WHEN a_orang <> b_orang THEN 'identitas' ELSE 'akhir' END AS change,
    CASE WHEN before AND after AND a_orang = b_orang
      THEN least(coalesce(a_akhir, b_akhir), coalesce(b_akhir, a_akhir)) ELSE tgl_mulai
      END AS moved_on,
    concat_ws('|', divisi, tgl_mulai, b_akhir, '>', a_akhir, md5(coalesce(a_orang, '')))
      AS content
  FROM (
    SELECT *, coalesce(b_akhir > $known, true) AS was_open,
      a_akhir IS DISTINCT FROM b_akhir AS moved_end
    FROM (
      SELECT npp, divisi, kpj, tgl_mulai, bool_or(NOT later) AS before, bool_or(later) AS after,
        max(tgl_akhir) FILTER (later) AS a_akhir, max(tgl_akhir) FILTER (NOT later) AS b_akhir,
        max(orang) FILTER (later) AS a_orang, max(orang) FILTER (NOT later) AS b_orang
      FROM (
        SELECT npp, divisi, kpj, tgl_mulai, tgl_akhir, true AS later,
          concat_ws('|', nik, nama, tgl_lahir) AS orang
        FROM kepesertaan_a SEMI JOIN wanted USING (npp)
        UNION ALL
        SELECT npp, divisi, kpj, tgl_mulai, tgl_akhir, false, concat_ws('|', nik, nama, tgl_lahir)
        FROM kepesertaan_b SEMI JOIN wanted USING (npp)
      ) GROUP BY npp, divisi, kpj, tgl_mulai
    )
  )
  WHERE (NOT before AND tgl_mulai <= $known) OR NOT after
    OR (before AND after AND (a_orang <> b_orang
      OR (moved_end AND NOT (was_open AND coalesce(a_akhir > $known, true)))))
"""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the snapshots lie, where DuckDB may spill, and how much memory it may take."""

    snapshots: Path
    scratch: Path
    memory: str


@dataclass(frozen=True, slots=True)
class Sides:
    """By NPP; an employer that a side does not know has an empty record."""

    was: Mapping[str, Record]
    now: Mapping[str, Record]
    members: Mapping[str, tuple[MemberMoved, ...]]


def gather(
    bench: Bench,
    *,
    before: SnapshotView,
    after: SnapshotView,
    npps: Collection[str],
    members_known_on: date,
) -> Sides:
    """Return what both snapshots hold of these employers; memberships only where they moved.

    Raises:
        NotFound: a snapshot was removed by policy, or a file is gone.
    """
    with workbench(scratch=bench.scratch, memory=bench.memory) as connection:
        connection.register("wanted", pa.table({"npp": pa.array(sorted(npps), pa.string())}))
        sides = [_records(connection, bench.snapshots, side) for side in (before, after)]
        members = _members(connection, bench.snapshots, (before, after), members_known_on)
    return Sides(was=sides[0], now=sides[1], members=members)


def differs(before: SnapshotView, after: SnapshotView) -> bool:
    """Say whether any table that a case rests on is another file."""
    return any(before.tables[name].sha256 != after.tables[name].sha256 for name in TABLES)


def _records(
    connection: duckdb.DuckDBPyConnection, folder: Path, snapshot: SnapshotView
) -> dict[str, Record]:
    bills: dict[str, dict[Key, Billed]] = defaultdict(dict)
    payments: dict[str, dict[Paid, int]] = defaultdict(dict)
    for table in ("tagihan", "pembayaran"):
        _show(connection, table, table, table_path(folder, snapshot, table))
    for npp, blth, programme, amount, workers, base in connection.execute(_BILLS).fetchall():
        key = (Month.from_index(int(blth)), str(programme))
        bills[str(npp)][key] = Billed(int(amount), int(workers), int(base))
    for npp, blth, programme, paid_on, amount, times in connection.execute(_PAYMENTS).fetchall():
        paid = Paid(Month.from_index(int(blth)), str(programme), paid_on, int(amount))
        payments[str(npp)][paid] = int(times)
    return {
        npp: Record(bills=bills.get(npp, {}), payments=payments.get(npp, {}))
        for npp in bills.keys() | payments.keys()
    }


def _members(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    sides: tuple[SnapshotView, SnapshotView],
    known_on: date,
) -> dict[str, tuple[MemberMoved, ...]]:
    paths = [table_path(folder, side, "kepesertaan") for side in sides]
    if paths[0] == paths[1]:
        return {}
    for name, path in zip(("kepesertaan_b", "kepesertaan_a"), paths, strict=True):
        _show(connection, name, "kepesertaan", path)
    found: dict[str, list[MemberMoved]] = defaultdict(list)
    rows: list[tuple[Any, ...]] = connection.execute(_MEMBERS, {"known": known_on}).fetchall()
    for npp, kpj, change, moved_on, content in rows:
        found[str(npp)].append(
            MemberMoved(worker=str(kpj), change=change, on=moved_on, content=content)
        )
    return {npp: tuple(members) for npp, members in found.items()}


def _show(connection: duckdb.DuckDBPyConnection, name: str, table: str, path: Path) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM {relation(table, path)}")
