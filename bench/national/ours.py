"""Patuh's own sweep: the rules with their flags and the rows they rest on, as `find` gives them.

It links exactly, as the others do: probable links are measured apart.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from app.detection.engines.duckdb import DuckDB
from app.detection.findings import estimate
from app.detection.sweep import Findings, find
from app.infra.calendars import packaged_calendar
from app.infra.columnar import connect
from app.law.book import SHIPPED
from bench.national.contract import FLAGS, WORKERS, Found
from bench.national.extracts import ON

MEMORY: Final = "4GB"
LISTS: Final = "sumber_pekerja"


def sweep(tables: Mapping[str, Path], *, place: Path) -> Found:
    connection = connect(scratch=place / "spill", memory=MEMORY)
    found = find(
        tables=tables,
        on=ON,
        calendar=packaged_calendar(),
        law=SHIPPED,
        engine=DuckDB(connection),
    )
    flags = [(one.rule.code, list(one.flags())) for one in found.by_rule]
    named = 0
    for one in found.by_rule:
        for evidence in one.evidence.values():
            # All of it is read, more than the others give; it is let go of, as a sweep does.
            for batch in evidence():
                named += batch.num_rows
    return Found(flags=lambda: _flags(flags), workers=lambda: _workers(found), named=named)


def _flags(found: list[tuple[str, list[pa.RecordBatch]]]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "aturan": code,
                "subject": row["subject"],
                "pekerja": int(row["jumlah_tk"]),
                "rupiah": estimate(row),
                "bulan": int(row.get("bulan_tunggak") or 0),
            }
            for code, batches in found
            for batch in batches
            for row in batch.to_pylist()
        ],
        schema=FLAGS,
    )


def _workers(found: Findings) -> pa.Table:
    shown = [
        pa.table(
            [pa.repeat(one.rule.code, batch.num_rows), batch["subject"], batch["nik"]],
            schema=WORKERS,
        )
        for one in found.by_rule
        if LISTS in one.evidence
        for batch in one.evidence[LISTS]()
    ]
    together = pa.concat_tables(shown)
    return together.filter(pc.is_valid(together["nik"])).group_by(WORKERS.names).aggregate([])
