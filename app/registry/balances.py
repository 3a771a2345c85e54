"""What every employer owes on a day: one columnar pass over bills and payments.

The figures of app.law.late_payment without their derivations. The law is asked once per month
of bills; everything else is whole numbers in DuckDB, so that the pass agrees to the rupiah.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from math import lcm
from pathlib import Path
from typing import Final, cast

import duckdb
import pyarrow as pa

from app.law.bills import LateTerms
from app.law.book import Norms
from app.law.late_payment import due_on
from app.law.month import Month
from app.law.parameters.ageing import AGEING_CLASSES

# No bill is older than this many months late: what stands for "no cap".
_NO_CAP: Final = 10**6

_TERMS: Final[Mapping[str, pa.DataType]] = {
    "blth": pa.int32(),
    "due": pa.date32(),
    "due_year": pa.int32(),
    "due_month": pa.int32(),
    "due_day": pa.int32(),
    "points": pa.int64(),
    "completed": pa.bool_(),
    "cap": pa.int32(),
    "months": pa.int32(),
}
_MONTHS_LATE: Final = """
    least(cap, (year({until}) - due_year) * 12 + month({until}) - due_month
      + CASE WHEN completed
        THEN -(day({until}) < least(due_day, day(last_day({until}))))::INTEGER
        ELSE (day({until}) > least(due_day, day(last_day({until}))))::INTEGER END)"""

_PASS: Final = f"""
WITH bill AS (
  SELECT npp, blth, program, sum(jumlah)::BIGINT AS jumlah
  FROM tagihan WHERE blth IN (SELECT blth FROM terms) GROUP BY ALL),
payment AS (
  SELECT npp, blth, program, tgl_bayar, sum(jumlah)::BIGINT AS jumlah
  FROM pembayaran WHERE tgl_bayar <= $cutoff AND blth IN (SELECT blth FROM terms) GROUP BY ALL),
-- Payments in time bear no penalty: only those after the due date have to be taken in order.
settled AS (
  SELECT npp, blth, program,
    sum(jumlah)::BIGINT AS paid,
    coalesce(sum(jumlah) FILTER (tgl_bayar <= due), 0)::BIGINT AS in_time,
    bool_or(tgl_bayar > due) AS late
  FROM payment JOIN terms USING (blth) GROUP BY ALL),
line AS (
  SELECT npp, blth, program, jumlah, coalesce(in_time, 0) AS in_time,
    greatest(jumlah - coalesce(paid, 0), 0) AS rest, coalesce(late, false) AS late
  FROM bill LEFT JOIN settled USING (npp, blth, program)),
part AS (
  SELECT npp, blth, program,
    greatest(least(payment.jumlah, line.jumlah - in_time - coalesce(sum(payment.jumlah) OVER (
      PARTITION BY npp, blth, program ORDER BY tgl_bayar
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)), 0)::HUGEINT
      * points * {_MONTHS_LATE.format(until="tgl_bayar")} AS penalty
  FROM payment JOIN line USING (npp, blth, program) JOIN terms USING (blth)
  WHERE line.late AND tgl_bayar > due),
paid_late AS (SELECT npp, blth, program, sum(penalty) AS penalty FROM part GROUP BY ALL),
owed AS (
  SELECT npp, blth, rest,
    ((coalesce(penalty, 0) + rest::HUGEINT * points * months) * 2 + $whole) // (2 * $whole)
      AS penalty
  FROM line JOIN terms USING (blth) LEFT JOIN paid_late USING (npp, blth, program)
  WHERE rest > 0 OR penalty IS NOT NULL),
employer AS (
  SELECT npp, sum(rest)::BIGINT AS principal, sum(penalty)::BIGINT AS penalty,
    count(DISTINCT blth) FILTER (rest > 0) AS months_in_arrears
  FROM owed GROUP BY npp)
SELECT npp, principal, penalty, principal + penalty AS total, months_in_arrears,
  (SELECT name FROM ageing WHERE months_in_arrears BETWEEN first AND last) AS ageing_class
FROM employer WHERE principal + penalty > 0
"""  # noqa: S608 - only the formula above is put in


def arrears_of_all(
    tables: Mapping[str, Path],
    *,
    cutoff: date,
    norms: Norms,
    connection: duckdb.DuckDBPyConnection,
) -> pa.Table:
    """Return `npp, principal, penalty, total, months_in_arrears, ageing_class` of each debtor.

    `tables` are the Parquet files `tagihan` and `pembayaran` of a snapshot; bills of one month
    and programme are one bill over all divisi, as in a packet.

    Raises:
        CalendarTooShort: a month in question falls due in a year that is not loaded.
        ParameterGap: a parameter was not in force.
    """
    for name in ("tagihan", "pembayaran"):
        place = str(tables[name]).replace("'", "''")
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM read_parquet('{place}')")
    billed = connection.execute("SELECT DISTINCT blth FROM tagihan").fetchall()
    terms = list(_terms((Month.from_index(row[0]) for row in billed), cutoff=cutoff, norms=norms))
    whole = lcm(*(term.rate.value.as_integer_ratio()[1] for _, term in terms), 1)
    connection.register("terms", _terms_table(terms, cutoff=cutoff, whole=whole))
    connection.register("ageing", _ageing_table(cutoff, norms=norms))
    try:
        answer = connection.sql(_PASS, params={"cutoff": cutoff, "whole": whole})
        return cast("pa.Table", answer.to_arrow_table())
    finally:
        for name in ("terms", "ageing"):
            connection.unregister(name)


def _terms(
    months: Iterator[Month], *, cutoff: date, norms: Norms
) -> Iterator[tuple[Month, LateTerms]]:
    """Yield the months that are due, which is all that counts."""
    for month in months:
        # A due date lies in the next month at the earliest: later ones need no calendar.
        if (month + 1).first_day > cutoff:
            continue
        due = due_on(month=month, calendar=norms.calendar, law=norms.law)
        if due < cutoff:
            yield month, LateTerms.of(month, due=due, law=norms.law)


def _terms_table(terms: list[tuple[Month, LateTerms]], *, cutoff: date, whole: int) -> pa.Table:
    rows = [
        {
            "blth": month.index,
            "due": term.due,
            "due_year": term.due.year,
            "due_month": term.due.month,
            "due_day": term.due.day,
            "points": int(term.rate.value * Decimal(whole)),
            "completed": term.part_month == "completed",
            "cap": _NO_CAP if term.cap is None else term.cap,
            "months": term.months_late(cutoff),
        }
        for month, term in terms
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(_TERMS))


def _ageing_table(cutoff: date, *, norms: Norms) -> pa.Table:
    classes = norms.law[AGEING_CLASSES].on(cutoff)
    return pa.table(
        {
            "name": [one.name for one in classes],
            "first": pa.array([one.from_months for one in classes], pa.int64()),
            "last": pa.array(
                [_NO_CAP if one.to_months is None else one.to_months for one in classes],
                pa.int64(),
            ),
        }
    )
