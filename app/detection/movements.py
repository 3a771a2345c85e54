"""What happened between two snapshots, per employer: joined, left, wage moved, paid, corrected.

Looks at tables and stores nothing. What lies after the day that the earlier snapshot describes is
an event; what lies before it, and differs, is a correction of what was already known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, cast

import duckdb
import pyarrow as pa

from app.law.month import Month
from app.registry.stored import relation

# Rises with every change of what is counted; a kept result keeps the number it was made under.
DEFINITION: Final = 2


@dataclass(frozen=True, slots=True)
class Ends:
    """SQL over a membership: who left, and, where the end reads otherwise, that it is corrected."""

    left: str
    corrected: str


# By definition. The first one missed those who had come since the earlier snapshot and were gone by
# the later: they joined, and never left. And an end told ahead that was moved counted once more. It
# is only run again, to prove what was kept.
ENDS: Final[Mapping[int, Ends]] = {
    1: Ends(
        left="both_know AND moved_end AND was_open AND a_akhir > $members",
        corrected="NOT (was_open AND coalesce(a_akhir > $members, true))",
    ),
    2: Ends(
        left="(both_know AND b_akhir IS NULL AND a_akhir > $members) "
        "OR (NOT before AND tgl_mulai > $members AND a_akhir IS NOT NULL)",
        corrected="NOT (b_akhir IS NULL AND a_akhir > $members)",
    ),
}
# Among the terms of a kept difference: the earlier snapshot. The later one is the figure's own.
BEFORE: Final = "before"
TABLES: Final = ("pemberi_kerja", "kepesertaan", "tagihan", "pembayaran")
# fmt: off
COUNTS: Final = (
    "baru", "hilang", "masuk", "keluar", "upah_berubah", "upah_selisih", "bayar", "bayar_rupiah",
    "tagihan_baru", "tagihan_rupiah", "koreksi_pekerja", "koreksi_tagihan",
    "koreksi_tagihan_rupiah", "koreksi_bayar", "koreksi_bayar_rupiah",
)
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The tables of the earlier and the later snapshot; `known_on` by table: the earlier's day."""

    before: Mapping[str, Path]
    after: Mapping[str, Path]
    known_on: Mapping[str, date]


_EMPLOYERS: Final = """
  SELECT coalesce(a.npp, b.npp) AS npp, (b.npp IS NULL)::INT AS baru, (a.npp IS NULL)::INT AS hilang
  FROM (SELECT DISTINCT npp FROM pemberi_kerja_a) AS a
  FULL JOIN (SELECT DISTINCT npp FROM pemberi_kerja_b) AS b USING (npp)
"""
# A worker's membership is the same one as long as it began on the same day at the same place; two
# lines that say so are one.
_MEMBERS: Final = """
  SELECT npp,
    count(*) FILTER (NOT before AND tgl_mulai > $members) AS masuk,
    count(*) FILTER ({ends.left}) AS keluar,
    count(*) FILTER (both_know AND a_upah <> b_upah) AS upah_berubah,
    coalesce(sum(a_upah - b_upah) FILTER (both_know), 0)::BIGINT AS upah_selisih,
    count(*) FILTER (
      (NOT before AND tgl_mulai <= $members) OR NOT after
      OR (both_know AND (a_orang <> b_orang
        OR (moved_end AND {ends.corrected})))
    ) AS koreksi_pekerja
  FROM (
    SELECT *, before AND after AS both_know, a_akhir IS DISTINCT FROM b_akhir AS moved_end,
      coalesce(b_akhir > $members, true) AS was_open
    FROM (
      SELECT npp, tgl_mulai, bool_or(NOT later) AS before, bool_or(later) AS after,
        max(tgl_akhir) FILTER (later) AS a_akhir, max(tgl_akhir) FILTER (NOT later) AS b_akhir,
        max(upah) FILTER (later) AS a_upah, max(upah) FILTER (NOT later) AS b_upah,
        max(orang) FILTER (later) AS a_orang, max(orang) FILTER (NOT later) AS b_orang
      FROM (
        SELECT npp, divisi, kpj, tgl_mulai, tgl_akhir, upah, true AS later,
          concat_ws('|', nik, nama, tgl_lahir) AS orang FROM kepesertaan_a
        UNION ALL
        SELECT npp, divisi, kpj, tgl_mulai, tgl_akhir, upah, false,
          concat_ws('|', nik, nama, tgl_lahir) FROM kepesertaan_b
      ) GROUP BY npp, divisi, kpj, tgl_mulai
    )
  ) GROUP BY npp
"""
# A bill is new when it is of a later month than any that the employer had; an older month added
# is a correction.
_BILLS: Final = """
  SELECT npp,
    count(*) FILTER (b IS NULL AND newer) AS tagihan_baru,
    coalesce(sum(a) FILTER (b IS NULL AND newer), 0)::BIGINT AS tagihan_rupiah,
    count(*) FILTER (a IS DISTINCT FROM b AND NOT (b IS NULL AND newer)) AS koreksi_tagihan,
    coalesce(sum(coalesce(a, 0) - coalesce(b, 0))
      FILTER (NOT (b IS NULL AND newer)), 0)::BIGINT AS koreksi_tagihan_rupiah
  FROM (
    SELECT npp, blth, sum(jumlah) FILTER (later) AS a, sum(jumlah) FILTER (NOT later) AS b,
      coalesce(blth > any_value(last), blth >= $month) AS newer
    FROM (
      SELECT npp, divisi, blth, program, jumlah, true AS later FROM tagihan_a
      UNION ALL SELECT npp, divisi, blth, program, jumlah, false FROM tagihan_b
    ) LEFT JOIN (SELECT npp, max(blth) AS last FROM tagihan_b GROUP BY npp) USING (npp)
    GROUP BY npp, divisi, blth, program
  ) GROUP BY npp
"""
_PAYMENTS: Final = """
  SELECT npp,
    coalesce(sum(more) FILTER (more > 0 AND tgl_bayar > $payments), 0)::BIGINT AS bayar,
    coalesce(sum(more * jumlah) FILTER (more > 0 AND tgl_bayar > $payments), 0)::BIGINT
      AS bayar_rupiah,
    coalesce(sum(abs(more)) FILTER (more < 0 OR tgl_bayar <= $payments), 0)::BIGINT
      AS koreksi_bayar,
    coalesce(sum(more * jumlah) FILTER (more < 0 OR tgl_bayar <= $payments), 0)::BIGINT
      AS koreksi_bayar_rupiah
  FROM (
    SELECT npp, tgl_bayar, jumlah, sum(CASE WHEN later THEN 1 ELSE -1 END) AS more
    FROM (
      SELECT *, true AS later FROM pembayaran_a UNION ALL SELECT *, false FROM pembayaran_b
    ) GROUP BY npp, divisi, blth, program, tgl_bayar, jumlah, kode_iuran
  ) WHERE more <> 0 GROUP BY npp
"""
_PAYMENT_COLUMNS: Final = "npp, divisi, blth, program, tgl_bayar, jumlah, kode_iuran"


def moved(
    pair: Pair, *, connection: duckdb.DuckDBPyConnection, definition: int = DEFINITION
) -> pa.Table:
    """Return one row per employer of which anything differs: npp, nama, kantor, COUNTS; by npp.

    `kantor` lists the offices that its divisions belong to in either snapshot. `definition` is one
    of ENDS.
    """
    _show(pair, connection)
    members = _MEMBERS.format(ends=ENDS[definition])
    summed = ", ".join(f"coalesce({name}, 0)::BIGINT AS {name}" for name in COUNTS)
    answer = connection.sql(
        f"""
        WITH employer AS ({_EMPLOYERS}), member AS ({members}), bill AS ({_BILLS}),
          payment AS ({_PAYMENTS}),
        known AS (
          SELECT npp, arg_min(nama, rank) AS nama, list_sort(list(DISTINCT kantor_cabang)) AS kantor
          FROM (
            SELECT npp, nama, kantor_cabang, concat('0', divisi) AS rank FROM pemberi_kerja_a
            UNION ALL
            SELECT npp, nama, kantor_cabang, concat('1', divisi) FROM pemberi_kerja_b
          ) GROUP BY npp
        )
        SELECT npp, nama, kantor, {summed}
        FROM employer LEFT JOIN member USING (npp) LEFT JOIN bill USING (npp)
          LEFT JOIN payment USING (npp) JOIN known USING (npp)
        WHERE {" OR ".join(f"coalesce({name}, 0) <> 0" for name in COUNTS)}
        ORDER BY npp
        """,  # noqa: S608 - only our own statements and names are put in
        params={
            "members": pair.known_on["kepesertaan"],
            "payments": pair.known_on["pembayaran"],
            "month": Month.of(pair.known_on["tagihan"]).index,
        },
    )
    return cast("pa.Table", answer.to_arrow_table()).combine_chunks()


def _show(pair: Pair, connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables visible; of one that is the same file in both, no row can differ."""
    for table in TABLES:
        same = table != "pemberi_kerja" and pair.before[table] == pair.after[table]
        columns = _PAYMENT_COLUMNS if table == "pembayaran" else "*"
        for side, paths in (("b", pair.before), ("a", pair.after)):
            source = relation(table, paths[table])
            connection.execute(
                f"CREATE OR REPLACE TEMP VIEW {table}_{side} AS "  # noqa: S608 - quoted
                f"SELECT {columns} FROM {source}{' LIMIT 0' if same else ''}"
            )
