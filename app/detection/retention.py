"""Retention of a snapshot: computed once on DuckDB, kept under its digest, run again at will.

The counts are small beside the snapshot: by cohort month, office, sector, size and channel, never
a person. Every table of the page is summed from them, so that what is shown is what is kept. The
list of those who left and work on is a result of its own beside them, no NIK in it whole.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Final, Self

import duckdb
import narwhals.stable.v2 as nw
import pyarrow as pa

from app.detection.evidence import BATCH_ROWS
from app.detection.facts import Extracts, Facts
from app.detection.facts import leavers as leaving
from app.detection.facts import retention as cohorts
from app.detection.facts.asof import as_of
from app.detection.rules import version_of
from app.detection.rules.lapsed import LAPSED
from app.detection.rules.rule import Rule
from app.detection.settings import (
    SHIPPED_EDITIONS,
    Editions,
    applied,
    setting,
    with_edition,
)
from app.detection.versions import running
from app.errors import Unavailable
from app.law.book import LawBook
from app.law.calendar import WorkingCalendar
from app.law.month import Month
from app.registry.matching import Frame, link_exactly

KIND: Final = "retensi"
# Rises with every change of what is counted; a kept result keeps the number it was made under.
DEFINITION: Final = 2
# The list of those who left and work on, beside the counts of DEFINITION; its own number rises too.
LEAVERS: Final = "retensi_lanjut"
LEAVERS_DEFINITION: Final = 1
# What each definition tells apart. An earlier one is only run again, to prove what was kept.
CELLS: Final[Mapping[int, tuple[str, ...]]] = {
    1: cohorts.CELL_BEFORE_CHANNELS,
    2: cohorts.CELL,
}
# Cohorts from January of so many years before the year of the data.
YEARS_BACK: Final = 3

_names: Final = count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a run depends on beside the snapshot; kept with its result.

    `on` is the day that the memberships describe, `fresh_from` the oldest day of a source that is
    not stale, `first_month` the first cohort, `complete_month` the last month that had ended on
    `on` (months as in Month.index). `lapsed_days` are the days of grace of a version of LAPSED that
    has some, else None. `lapsed_missing` is the version in force on `on` where that one is off and
    not in this release: `lapsed_version`, as it ships, counts in its place. Else None.
    """

    on: date
    fresh_from: date
    first_month: int
    complete_month: int
    lapsed_version: int
    lapsed_days: int | None
    lapsed_missing: int | None

    def as_json(self) -> dict[str, object]:
        # What a run does not have is left out, so that terms read as they did before there was any.
        own = {"lapsed_days": self.lapsed_days, "lapsed_missing": self.lapsed_missing}
        return {
            "on": self.on.isoformat(),
            "fresh_from": self.fresh_from.isoformat(),
            "first_month": str(Month.from_index(self.first_month)),
            "complete_month": str(Month.from_index(self.complete_month)),
            "lapsed_version": self.lapsed_version,
            **{name: value for name, value in own.items() if value is not None},
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, object]) -> "Terms":
        def known(name: str) -> int | None:
            return int(str(kept[name])) if name in kept else None

        return cls(
            on=date.fromisoformat(str(kept["on"])),
            fresh_from=date.fromisoformat(str(kept["fresh_from"])),
            first_month=Month.parse(str(kept["first_month"])).index,
            complete_month=Month.parse(str(kept["complete_month"])).index,
            lapsed_version=int(str(kept["lapsed_version"])),
            lapsed_days=known("lapsed_days"),
            lapsed_missing=known("lapsed_missing"),
        )


def terms(on: date, *, calendar: WorkingCalendar, law: LawBook, editions: Editions) -> Terms:
    """Return what a run over data of the day `on` depends on. `editions` are those of that day.

    A version of LAPSED that is off was decided on by nobody to run, and stops no count: where this
    release does not have it, the one that ships counts.

    Raises:
        Unavailable: this release does not have the version of LAPSED that is in force, and live.
    """
    in_force, missing = editions[LAPSED.code], None
    if not in_force.is_live and version_of(LAPSED.code, in_force.version) is None:
        missing = in_force.version
        editions = with_edition(editions, SHIPPED_EDITIONS[LAPSED.code])
    asof = applied(as_of(on, billed_months=(), calendar=calendar, law=law), editions)
    month, version = Month.of(on), running(editions[LAPSED.code]).version
    waits = setting(LAPSED.code, "grace_days", version=version) is not None
    return Terms(
        on=on,
        fresh_from=asof.fresh_from,
        first_month=Month(month.year - YEARS_BACK, 1).index,
        complete_month=month.index if on == month.last_day else month.index - 1,
        lapsed_version=version,
        lapsed_days=asof.lapsed_days if waits else None,
        lapsed_missing=missing,
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """What one run counted. `leavers` is read while it is computed, once, and before the run ends.

    It is the list behind the counts, in the order of its ORDER; None with an earlier definition.
    """

    cells: pa.Table
    leavers: pa.RecordBatchReader | None


def computed(
    *,
    tables: Mapping[str, Path],
    given: Terms,
    calendar: WorkingCalendar,
    law: LawBook,
    connection: duckdb.DuckDBPyConnection,
    definition: int = DEFINITION,
) -> pa.Table:
    """Return the cells of both bases, sorted by their key. `definition` is one of CELLS.

    Raises:
        Unavailable: this release does not have the version of LAPSED that `given` names.
    """
    with counted(
        tables=tables,
        given=given,
        calendar=calendar,
        law=law,
        connection=connection,
        definition=definition,
    ) as found:
        return found.cells


@contextmanager
def counted(
    *,
    tables: Mapping[str, Path],
    given: Terms,
    calendar: WorkingCalendar,
    law: LawBook,
    connection: duckdb.DuckDBPyConnection,
    definition: int = DEFINITION,
) -> Iterator[Counted]:
    """Lend the cells as `computed` gives them, and the list of those who left and work on.

    Raises:
        Unavailable: as `computed`.
    """
    cell = CELLS[definition]
    asof = as_of(given.on, billed_months=(), calendar=calendar, law=law)
    with _Kept(connection) as keep:

        def scanned(table: str) -> Frame:
            return nw.from_native(connection.read_parquet(str(tables[table])))

        facts = Facts(
            Extracts.of(scanned),
            asof=replace(
                asof,
                fresh_from=given.fresh_from,
                lapsed_days=asof.lapsed_days if given.lapsed_days is None else given.lapsed_days,
            ),
            linker=link_exactly,
            worker_links=None,
            keep=keep,
        )
        rows = _lapsed(given.lapsed_version).rows(facts)
        lapsed = keep("retensi_henti", rows.select("npp", "grup", "nik"))
        begun = cohorts.episodes(
            facts.memberships,
            facts.divisions,
            entities=keep("retensi_usaha", cohorts.entities(facts.divisions)),
            asof_day=given.on,
        )
        lives = cohorts.lives(begun, keep=keep)
        listed = keep(
            "retensi_daftar",
            cohorts.listed(facts.outside_workers, of=lives, fresh_from=given.fresh_from, keep=keep),
        )
        followed = {
            basis: cohorts.followed(
                lives,
                basis=basis,
                first_month=given.first_month,
                listed=listed,
                lapsed=lapsed,
                keep=keep,
            )
            for basis in cohorts.KEYS
        }
        parts = [
            cohorts.cells(frame, cell=cell, basis=basis, complete_month=given.complete_month)
            for basis, frame in followed.items()
        ]
        found: pa.Table = nw.concat(parts, how="vertical").collect(backend="pyarrow").to_native()
        cells = found.sort_by([(name, "ascending") for name in cell]).combine_chunks()
        if definition != DEFINITION:
            yield Counted(cells, None)
            return
        lists = [
            leaving.leavers(
                frame,
                basis=basis,
                episodes=begun,
                memberships=facts.memberships,
                employers=facts.employers,
                outside_workers=facts.outside_workers,
                records=facts.linked,
                places=facts.places,
                lapsed=lapsed,
                keep=keep,
            )
            for basis, frame in followed.items()
        ]
        whole = keep("retensi_lanjut", nw.concat(lists, how="vertical"))
        # Read in order; without this the engine may mix the pieces.
        connection.execute("SET preserve_insertion_order = true")
        query = f"{whole.to_native().sql_query()} ORDER BY {', '.join(leaving.ORDER)}"
        # A connection has one answer that is still being computed: the list gets its own.
        with connection.cursor() as cursor:
            yield Counted(cells, cursor.sql(query).to_arrow_reader(BATCH_ROWS))


def _lapsed(version: int) -> Rule:
    """Return the version of LAPSED that a run was made under; another may be in force by now."""
    found = version_of(LAPSED.code, version)
    if found is None:
        raise Unavailable(
            "Aturan {rule} versi {version}, yang mendasari hasil ini, tidak ada pada rilis ini.",
            rule=LAPSED.code,
            version=version,
        )
    return found


class _Kept:
    """Has frames computed once, as tables of the connection that are gone at the end."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._schema = f"retention_{next(_names)}"
        self._made: set[str] = set()

    def __enter__(self) -> Self:
        self._connection.execute(f"CREATE SCHEMA {self._schema}")
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.execute(f"DROP SCHEMA {self._schema} CASCADE")

    def __call__(self, name: str, frame: Frame) -> Frame:
        table = f"{self._schema}.{name}"
        if name not in self._made:
            frame.to_native().create(table)
            self._made.add(name)
        return nw.from_native(self._connection.table(table))
