"""Writes a whole region: streamed group by group into files that appear together or not at all."""

import csv
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.demo.batches import Order, batches
from app.demo.geography import OFFICES, DemoOffice
from app.demo.layout import TABLES
from app.demo.model import Planted
from app.demo.writers import WRITERS
from app.errors import Invalid

_MOST_EMPLOYERS = 840_000
_FIRST_LINE = 2

TRUTH_COLUMNS = (
    "kind",
    "rule",
    "pattern",
    "npp",
    "divisi",
    "sumber",
    "id_sumber",
    "npwp",
    "nik",
    "jumlah_tk",
    "table",
    "line",
    "note",
)


@dataclass(frozen=True, slots=True)
class PlantedCount:
    violations: int
    innocents: int


@dataclass(frozen=True, slots=True)
class RegionReport:
    """What was written. `dirt` counts the rows an importer must reject, by reason."""

    rows: Mapping[str, int]
    planted: Mapping[str, PlantedCount]
    dirt: Mapping[str, int]
    offices: tuple[DemoOffice, ...]
    files: tuple[Path, ...]


FORMATS = tuple(WRITERS)


def write_region(
    *,
    out: Path,
    employers: int = 2000,
    seed: int = 2026,
    formats: Sequence[str] = ("csv",),
    today: date,
) -> RegionReport:
    """Write the six tables in every format asked for, and truth.csv, into `out`.

    The same arguments give the same bytes. Files appear in `out` only when all are complete;
    those of the same name are replaced.

    Raises:
        Invalid: no employers, more than the identifiers reach, or an unknown format.
        Refused: a table does not fit on a sheet.
    """
    _check(employers=employers, formats=formats)
    out.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".patuh-demo-", dir=out))
    try:
        tally = _Tally()
        with ExitStack() as open_files:
            wanted = tuple(dict.fromkeys(formats))
            writers = {each: WRITERS[each](staging, today=today) for each in wanted}
            for writer in writers.values():
                open_files.callback(writer.close)
            truth = open_files.enter_context(
                (staging / "truth.csv").open("w", encoding="utf-8", newline="")
            )
            lines = csv.writer(truth, lineterminator="\n")
            lines.writerow(TRUTH_COLUMNS)
            made = batches(Order(employers, seed, today, wanted))
            for batch in open_files.enter_context(closing(made)):
                for planted in batch.truth:
                    tally.count(planted)
                    lines.writerow(_truth_row(planted, line=tally.line(planted)))
                for (each, table), piece in batch.prepared.items():
                    writers[each].add(table, piece)
                tally.rows.update(batch.rows)
        names = sorted(file.name for file in staging.iterdir())
        files = tuple((staging / name).replace(out / name) for name in names)
    finally:
        shutil.rmtree(staging)
    return tally.report(files)


class _Tally:
    """Counts what has been made so far; also knows at which line a table stands."""

    def __init__(self) -> None:
        self.rows: Counter[str] = Counter(dict.fromkeys(TABLES, 0))
        self.planted: Counter[tuple[str, str]] = Counter()
        self.dirt: Counter[str] = Counter()

    def line(self, planted: Planted) -> int | None:
        if planted.row is None:
            return None
        return self.rows[planted.table] + planted.row + _FIRST_LINE

    def count(self, planted: Planted) -> None:
        if planted.kind == "dirt":
            self.dirt[planted.pattern] += 1
        elif planted.rule:
            self.planted[planted.rule, planted.kind] += 1

    def report(self, files: tuple[Path, ...]) -> RegionReport:
        rules = sorted({rule for rule, _ in self.planted})
        return RegionReport(
            rows=dict(self.rows),
            planted={
                rule: PlantedCount(self.planted[rule, "violation"], self.planted[rule, "innocent"])
                for rule in rules
            },
            dirt=dict(sorted(self.dirt.items())),
            offices=OFFICES,
            files=files,
        )


def _truth_row(planted: Planted, *, line: int | None) -> tuple[object, ...]:
    return (
        planted.kind,
        planted.rule,
        planted.pattern,
        planted.npp,
        planted.divisi,
        planted.sumber,
        planted.id_sumber,
        planted.npwp,
        planted.nik,
        planted.jumlah_tk,
        planted.table,
        line,
        planted.note,
    )


def _check(*, employers: int, formats: Sequence[str]) -> None:
    if not 1 <= employers <= _MOST_EMPLOYERS:
        raise Invalid(
            "Jumlah pemberi kerja harus antara 1 dan {most}, bukan {employers}.",
            most=_MOST_EMPLOYERS,
            employers=employers,
        )
    unknown = [each for each in formats if each not in FORMATS]
    if unknown or not formats:
        raise Invalid(
            "Format {unknown} tidak dikenal; pilih dari {known}.",
            unknown=", ".join(unknown) or "kosong",
            known=", ".join(FORMATS),
        )
