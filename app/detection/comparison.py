"""Holds what a changed rule finds against what the rule in force finds, inside DuckDB.

Counts and the draw of samples come from the same table, so that they cannot disagree.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from app.detection.facts.asof import POINTS
from app.detection.trial_report import KINDS, Group, HitRate, Kind, Totals
from app.law.parameters.programmes import SCALES
from app.registry.matching import Frame

_DIVISION: Final = 2
_SHARED: Final = ("subject", "npp", "kantor_cabang", "kode_wilayah", "pembawa", "jumlah_tk")
_RANK: Final = (
    "CASE skala " + " ".join(f"WHEN '{one}' THEN {n}" for n, one in enumerate(SCALES, 1)) + " END"
)
_GROUPED: Final = {"office": "office", "sector": "sector", "size": "size"}

# `kind` is seen from the changed rule. Sector and size are those the employer has here, else
# those of the source that carries the finding.
_BOTH: Final = f"""
CREATE TEMP TABLE trial_both AS
WITH l AS ({{live}}), d AS ({{draft}}), found AS (
  SELECT coalesce(d.subject, l.subject) AS subject,
    CASE WHEN l.subject IS NULL THEN 'new' WHEN d.subject IS NULL THEN 'gone' ELSE 'still' END
      AS kind,
    coalesce(d.kantor_cabang, l.kantor_cabang) AS office,
    coalesce(d.npp, l.npp, '') AS npp,
    coalesce(d.pembawa, l.pembawa, '') AS pembawa,
    coalesce(d.jumlah_tk, l.jumlah_tk) AS workers,
    coalesce(d.rupiah, l.rupiah) AS rupiah
  FROM d FULL JOIN l ON d.subject = l.subject
),
here AS (
  SELECT npp, max({_RANK}) AS rank,
    arg_min(kbli, CASE status WHEN 'aktif' THEN '0' WHEN 'nonaktif' THEN '1' ELSE '2' END || divisi)
      AS kbli
  FROM read_parquet($registered) GROUP BY npp
),
outside AS (
  SELECT sumber, id_sumber, max({_RANK}) AS rank, min(kbli) AS kbli
  FROM read_parquet($outside) GROUP BY sumber, id_sumber
),
placed AS (
  SELECT f.*, coalesce(h.kbli, o.kbli, '') AS kbli, coalesce(h.rank, o.rank) AS rank
  FROM found f
  LEFT JOIN here h ON h.npp = f.npp
  LEFT JOIN outside o ON o.sumber = split_part(f.pembawa, '|', 2)
    AND o.id_sumber = regexp_replace(f.pembawa, '^[^|]*[|][^|]*[|]', '')
)
SELECT subject, kind, coalesce(office, '') AS office, left(kbli, {_DIVISION}) AS sector,
  coalesce(['{"', '".join(SCALES)}'][rank], '') AS size, workers, rupiah
FROM placed
"""  # noqa: S608 - the names are our own
_SUMS: Final = ", ".join(
    f"count(*) FILTER (kind = '{kind}'), "
    f"coalesce(sum(workers) FILTER (kind = '{kind}'), 0)::BIGINT, "
    f"coalesce(sum(rupiah) FILTER (kind = '{kind}'), 0)::BIGINT"
    for kind in KINDS
)


class Comparison:
    """What was found on both sides. Open it with `compared`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def totals(self) -> dict[Kind, Totals]:
        (row,) = self._connection.execute(f"SELECT {_SUMS} FROM trial_both").fetchall()  # noqa: S608
        return _totals(row)

    def groups(self, dimension: str) -> tuple[Group, ...]:
        """Return the totals by `office`, `sector` or `size`: most moved first, then by key."""
        column = _GROUPED[dimension]
        rows = self._connection.execute(
            f"""
            SELECT {column}, {_SUMS} FROM trial_both GROUP BY {column}
            ORDER BY count(*) FILTER (kind <> 'still') DESC, {column}
            """  # noqa: S608 - the names are our own
        ).fetchall()
        return tuple(Group(key=str(row[0]), totals=_totals(row[1:])) for row in rows)

    def drawn(self, *, seed: int, most: int) -> dict[Kind, tuple[str, ...]]:
        """Return up to `most` subjects of each kind in the order of the seeded draw."""
        rows = self._connection.execute(
            """
            SELECT kind, subject FROM (
              SELECT kind, subject,
                row_number() OVER (PARTITION BY kind ORDER BY md5($seed || '|' || subject), subject)
                  AS place
              FROM trial_both)
            WHERE place <= $most ORDER BY kind, place
            """,
            {"seed": str(seed), "most": most},
        ).fetchall()
        return {kind: tuple(subject for found, subject in rows if found == kind) for kind in KINDS}

    def hit_rates(self, outcomes: Mapping[str, bool]) -> dict[Kind, HitRate]:
        """Return how many subjects have a known outcome, and for how many it was a hit."""
        known = pa.table(
            {
                "subject": pa.array(list(outcomes), pa.string()),
                "hit": pa.array(list(outcomes.values()), pa.bool_()),
            }
        )
        with _registered(self._connection, {"trial_known": known}):
            rows = self._connection.execute(
                """
                SELECT kind, count(*), count(*) FILTER (hit)
                FROM trial_both JOIN trial_known USING (subject) GROUP BY kind
                """
            ).fetchall()
        found = {kind: HitRate(known=int(count), hits=int(hits)) for kind, count, hits in rows}
        return {kind: found.get(kind, HitRate(known=0, hits=0)) for kind in KINDS}


@contextmanager
def compared(
    *,
    live: Frame,
    draft: Frame,
    tables: Mapping[str, Path],
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[Comparison]:
    """Lend the comparison of two frames of flags as `sweep.find` leaves them on the connection."""
    connection.execute(
        _BOTH.format(live=_marks(live), draft=_marks(draft)),
        {
            "registered": str(tables["pemberi_kerja"]),
            "outside": str(tables["sumber_pemberi_kerja"]),
        },
    )
    try:
        yield Comparison(connection)
    finally:
        connection.execute("DROP TABLE trial_both")


def _marks(flags: Frame) -> str:
    """Return what a comparison needs of a side, with the rupiah as `findings.estimate` has them."""
    relation = flags.to_native()
    principal = "pokok" if "pokok" in relation.columns else "0"
    monthly = "bulanan::HUGEINT * bulan" if "bulanan" in relation.columns else "0"
    source = relation.sql_query()
    return (
        f"SELECT {', '.join(_SHARED)}, CASE WHEN coalesce({principal}, 0) <> 0 THEN {principal} "  # noqa: S608 - the names are our own
        f"ELSE coalesce({monthly}, 0) // {POINTS} END::BIGINT AS rupiah FROM ({source})"
    )


@contextmanager
def _registered(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]
) -> Iterator[None]:
    for name, table in tables.items():
        connection.register(name, table)
    try:
        yield
    finally:
        for name in tables:
            connection.unregister(name)


def _totals(row: Sequence[int]) -> dict[Kind, Totals]:
    parts = [row[start : start + 3] for start in range(0, len(row), 3)]
    return {
        kind: Totals(flags=int(flags), workers=int(workers), rupiah=int(rupiah))
        for kind, (flags, workers, rupiah) in zip(KINDS, parts, strict=True)
    }
