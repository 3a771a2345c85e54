"""Exact and probable links of a share of the nation, against who they are: time, memory, recall.

Truth is in the generator alone: an agency's number ends in that of the employer it means.
"""

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from app.detection.engines.duckdb import workbench
from app.detection.linking import prepare
from app.law.book import SHIPPED
from app.linkage.candidates import find_pairs
from app.linkage.service import thresholds
from app.registry.snapshots import TABLES
from bench.national.extracts import ON
from bench.national.measure import cpu, peak_mb

MEMORY: Final = "4GB"


@dataclass(frozen=True, slots=True)
class Linked:
    """Records are those of other agencies; `ours` of them are of a registered employer."""

    records: int
    ours: int
    exact_seconds: float
    exact_right: int
    exact_wrong: int
    exact_peak_mb: int
    probable_seconds: float
    probable_right: int
    probable_wrong: int
    probable_peak_mb: int
    cpu_seconds: float
    candidates: int
    to_review: int
    review_right: int


def run(place: Path) -> Linked:
    tables = {table: place / f"{table}.parquet" for table in TABLES}
    used, started = cpu(), time.perf_counter()
    with workbench(scratch=place / "spill", memory=MEMORY) as connection:
        prepare(connection, tables=tables, on=ON, law=SHIPPED)
        # What exact joins said before addresses were compared.
        connection.execute("CREATE TABLE joined AS FROM linkage_exact")
        exact_seconds, exact_peak = time.perf_counter() - started, peak_mb()
        found = find_pairs(connection, thresholds=thresholds(SHIPPED, on=ON), said=())
        pairs = [(one.kunci, one.npp, one.band) for one in found.pairs if not one.exact]
        seconds, used, peak = time.perf_counter() - started, cpu() - used, peak_mb()
        columns = list(zip(*pairs, strict=True)) or [()] * 3
        said = pa.table(
            [pa.array(one, pa.string()) for one in columns], names=["kunci", "npp", "band"]
        )
        connection.register("pairs", said)
        connection.execute(_JUDGED)
        records, ours = _one(connection, "SELECT count(*), count(benar) FROM judged")
        exact = _one(connection, _RIGHT.format(linked="npp_eksak"))
        probable = _one(connection, _RIGHT.format(linked="npp_tertaut"))
        (review_right,) = _one(connection, _TO_REVIEW)
    return Linked(
        records=records,
        ours=ours,
        exact_seconds=round(exact_seconds, 1),
        exact_right=exact[0],
        exact_wrong=exact[1],
        exact_peak_mb=exact_peak,
        probable_seconds=round(seconds - exact_seconds, 1),
        probable_right=probable[0],
        probable_wrong=probable[1],
        probable_peak_mb=peak,
        cpu_seconds=round(used, 1),
        candidates=found.candidates,
        to_review=sum(band == "tinjau" for _, _, band in pairs),
        review_right=review_right,
    )


def _one(connection: duckdb.DuckDBPyConnection, question: str) -> tuple[int, ...]:
    return connection.execute(question).fetchone() or (0, 0)


# A link is right when it is to the legal person, whichever of its NPPs: see `extracts`.
_PERSON: Final = "{number} - ({number} % 40 = 39)::INTEGER"
_JUDGED: Final = f"""
CREATE TABLE groups AS
SELECT DISTINCT npp, {_PERSON.format(number="npp[2:]::INTEGER")} AS orang FROM linkage_registered;
CREATE TABLE judged AS
SELECT r.sumber, r.id_sumber, r.kunci, e.npp AS npp_eksak, coalesce(x.npp, p.npp) AS npp_tertaut,
  CASE WHEN t.npp IS NOT NULL THEN {_PERSON.format(number="right(r.id_sumber, 9)::INTEGER")} END
    AS benar
FROM linkage_records r
LEFT JOIN groups t ON t.npp = 'N' || right(r.id_sumber, 8)
LEFT JOIN joined e ON e.kunci = r.kunci AND e.metode <> 'nama_ganda'
LEFT JOIN linkage_exact x ON x.kunci = r.kunci AND x.metode <> 'nama_ganda'
LEFT JOIN (SELECT kunci, min(npp) AS npp FROM pairs WHERE band = 'pasti' GROUP BY kunci) p
  ON p.kunci = r.kunci
"""
_RIGHT: Final = """
SELECT count(*) FILTER (g.orang = benar), count(*) FILTER (benar IS NULL OR g.orang <> benar)
FROM judged JOIN groups g ON g.npp = {linked}
"""
_TO_REVIEW: Final = """
SELECT count(*) FROM pairs p JOIN groups g USING (npp)
WHERE band = 'tinjau' AND EXISTS (
  SELECT 1 FROM judged j WHERE j.kunci = p.kunci AND j.benar = g.orang)
"""


if __name__ == "__main__":
    print(json.dumps(asdict(run(Path(sys.argv[1])))))
