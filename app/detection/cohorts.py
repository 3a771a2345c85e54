# ruff: noqa: S608 - names are ours, values are quoted by app.registry.sql
"""Questions to a kept retention result, within a principal's offices. Reads only."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import duckdb

from app.accounts.schemas import Principal
from app.detection.disclosure import Share, State, hidden, share, shown
from app.detection.facts.retention import ACTIVE, FIRST_EVER, MONTHS_LATER
from app.detection.statistics import READ
from app.law.month import Month
from app.registry.sql import literal

By = Literal["bulan", "kantor", "sektor", "skala", "kanal"]
DIMENSIONS: Final[tuple[By, ...]] = ("bulan", "kantor", "sektor", "skala", "kanal")
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortFilter:
    """What is counted, and along which dimension. Empty text: all of them; `year` 0: all years."""

    basis: str = FIRST_EVER
    by: By = "bulan"
    office: str = ""
    sector: str = ""
    scale: str = ""
    channel: str = ""
    year: int = 0

    @property
    def has_target(self) -> bool:
        """Whether a target can be held against it: one is set for an office as a whole."""
        return self.basis == FIRST_EVER and not (self.sector or self.scale or self.channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRow:
    """One group. `key` is a month `2026-03`, an office, a KBLI division, a scale or a channel.

    `enrolled` is None for a group too small to show. `shares` are by months later, over those of
    the group for whom so many months have passed.
    """

    key: str
    enrolled: int | None
    shares: Mapping[int, Share]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """Those who enrolled in a calendar year, and how many are active on its 31 December."""

    year: int
    enrolled: int | None
    share: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingRow:
    """Why the last membership ended, of those who are not active; None: too small to show.

    `elsewhere` are active at another employer, `at_work` are shown at work by a source that is
    not stale and later than the end, though active nowhere; `here` of those: at the same
    employer, as LAPSED finds them.
    """

    reason: str
    people: int | None
    elsewhere: int | None
    at_work: int | None
    here: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohorts:
    """`total` is over all rows. `choices` are the values that each filter can take."""

    rows: tuple[CohortRow, ...]
    total: CohortRow
    years: tuple[YearRow, ...]
    endings: tuple[EndingRow, ...]
    active: int | None
    choices: Mapping[By, tuple[str, ...]]


def cohorts(principal: Principal, *, cells: Path, asked: CohortFilter) -> Cohorts:
    """Return the tables of one filter.

    Raises:
        Forbidden: this principal may not read statistics.
    """
    principal.require(READ)
    with _opened(principal, cells, asked) as connection:
        groups = _groups(connection, asked.by)
        total = _groups(connection, None)
        return Cohorts(
            rows=_disclosed(groups, asked.by),
            total=_disclosed(total or [_nobody()], None)[0],
            years=_years(connection),
            **_endings(connection),
            choices={by: _choices(connection, by) for by in DIMENSIONS},
        )


def choices(principal: Principal, *, cells: Path, basis: str) -> Mapping[By, tuple[str, ...]]:
    """Return the values that each filter can take, years for months.

    Raises:
        Forbidden: this principal may not read statistics.
    """
    principal.require(READ)
    with _opened(principal, cells, CohortFilter(basis=basis)) as connection:
        return {by: _choices(connection, by) for by in DIMENSIONS}


@contextmanager
def _opened(
    principal: Principal, cells: Path, asked: CohortFilter
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the cells within reach as `reach`, those of the filter as `chosen`."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    try:
        # Definition 1 did not ask for channels; the data of its time told none.
        counted = connection.read_parquet(str(cells)).columns
        untold = "" if "kanal" in counted else ", '' AS kanal"
        # Views, so that each question reads only its columns and the offices in reach.
        connection.execute(
            f"CREATE TEMP VIEW reach AS SELECT *{untold} FROM read_parquet({literal(str(cells))}) "
            f"WHERE dasar = {literal(asked.basis)} AND {reach(principal, column='kantor')}"
        )
        narrowed = " AND ".join(
            f"{column} = {literal(value)}"
            for column, value in (
                ("kantor", asked.office),
                ("sektor", asked.sector),
                ("skala", asked.scale),
                ("kanal", asked.channel),
            )
            if value
        )
        connection.execute(f"CREATE TEMP VIEW every_year AS FROM reach WHERE {narrowed or 'true'}")
        year = int(asked.year)
        connection.execute(
            "CREATE TEMP VIEW chosen AS FROM every_year "
            f"WHERE {f'bulan // {_MONTHS} = {year}' if year else 'true'}"
        )
        yield connection
    finally:
        connection.close()


def reach(principal: Principal, *, column: str) -> str:
    """Return the SQL that holds for rows whose office, in `column`, the principal reaches."""
    if principal.offices is None:
        return "true"
    offices = ", ".join(literal(office) for office in sorted(principal.offices))
    return f"{column} IN ({offices})" if offices else "false"


def _groups(connection: duckdb.DuckDBPyConnection, by: By | None) -> list[tuple[Any, ...]]:
    """Return per group: key, enrolled, then active and enrolled of each of MONTHS_LATER.

    What the extract leaves empty comes last.
    """
    figures = ", ".join(
        f"coalesce(sum(aktif_{months}), 0)::BIGINT, "
        f"coalesce(sum(jumlah) FILTER (aktif_{months} IS NOT NULL), 0)::BIGINT"
        for months in MONTHS_LATER
    )
    key = "''" if by is None else by
    return connection.execute(
        f"SELECT {key}, sum(jumlah)::BIGINT, {figures} FROM chosen "
        f"GROUP BY 1 ORDER BY CAST({key} AS VARCHAR) = '', 1"
    ).fetchall()


def _nobody() -> tuple[Any, ...]:
    return ("", 0, *(0 for _ in range(2 * len(MONTHS_LATER))))


def _disclosed(groups: Iterable[tuple[Any, ...]], by: By | None) -> tuple[CohortRow, ...]:
    rows = {
        str(Month.from_index(key)) if by == "bulan" else str(key): (int(enrolled), figures)
        for key, enrolled, *figures in groups
    }
    kept_back = hidden({key: enrolled for key, (enrolled, _) in rows.items()})
    found = []
    for key, (enrolled, figures) in rows.items():
        pairs = zip(figures[::2], figures[1::2], strict=True)
        shares = {
            months: (
                Share(State.HIDDEN)
                if key in kept_back
                else share(int(active), int(of), early=enrolled > 0 and of == 0)
            )
            for months, (active, of) in zip(MONTHS_LATER, pairs, strict=True)
        }
        found.append(
            CohortRow(key=key, enrolled=None if key in kept_back else enrolled, shares=shares)
        )
    return tuple(found)


def _years(connection: duckdb.DuckDBPyConnection) -> tuple[YearRow, ...]:
    rows = connection.execute(
        f"""
        SELECT bulan // {_MONTHS}, sum(jumlah)::BIGINT,
          coalesce(sum(aktif_akhir_tahun), 0)::BIGINT,
          coalesce(sum(jumlah) FILTER (aktif_akhir_tahun IS NOT NULL), 0)::BIGINT
        FROM every_year GROUP BY 1 ORDER BY 1 DESC
        """
    ).fetchall()
    kept_back = hidden({str(year): enrolled for year, enrolled, _, _ in rows})
    return tuple(
        YearRow(
            year=year,
            enrolled=None if str(year) in kept_back else enrolled,
            share=Share(State.HIDDEN)
            if str(year) in kept_back
            else share(active, of, early=of == 0),
        )
        for year, enrolled, active, of in rows
    )


def _endings(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    rows = connection.execute(
        """
        SELECT sebab, sum(jumlah)::BIGINT, sum(aktif_lain)::BIGINT, sum(tercatat_bekerja)::BIGINT,
          sum(masih_bekerja)::BIGINT
        FROM chosen GROUP BY 1 ORDER BY 2 DESC, 1
        """
    ).fetchall()
    kept_back = hidden({reason: people for reason, people, *_ in rows})
    endings = tuple(
        EndingRow(
            reason=reason,
            people=people,
            elsewhere=elsewhere,
            at_work=at_work,
            here=here,
        )
        if reason not in kept_back
        else EndingRow(reason=reason, people=None, elsewhere=None, at_work=None, here=None)
        for reason, people, elsewhere, at_work, here in (
            (reason, people, *shown(rest)) for reason, people, *rest in rows if reason != ACTIVE
        )
    )
    active = {reason: people for reason, people, *_ in rows}.get(ACTIVE, 0)
    return {"endings": endings, "active": None if ACTIVE in kept_back else active}


def _choices(connection: duckdb.DuckDBPyConnection, by: By) -> tuple[str, ...]:
    """Return what there is to choose from, before the filter; years for months."""
    column = f"bulan // {_MONTHS}" if by == "bulan" else by
    rows = connection.execute(f"SELECT DISTINCT {column} FROM reach ORDER BY 1").fetchall()
    return tuple(str(value) for (value,) in rows if value not in ("", None))
