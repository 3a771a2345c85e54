"""Questions to the kept list of those who left and work on, within a principal's offices."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

import duckdb

from app.accounts.schemas import Principal
from app.detection.cohorts import reach
from app.detection.facts.leavers import MEMBERSHIP
from app.detection.facts.retention import FIRST_HERE
from app.detection.statistics import READ
from app.errors import Invalid
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor
from app.law.month import Month
from app.registry.sql import literal

Reason = Literal["klaim_jht", "phk", "lain"]
MOST_IN_A_FILE: Final = 100_000
_MONTHS: Final = 12
_ORDER: Final = "kantor_akhir, bulan, kunci_akhir"
_PIECE: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaverFilter:
    """Whose list. Empty text: all; `year` 0: all years; `month` is None for all months.

    Month, office, sector, scale and channel are those of the cohort: of the first membership.
    """

    basis: str = FIRST_HERE
    reason: str = ""
    month: Month | None = None
    office: str = ""
    sector: str = ""
    scale: str = ""
    channel: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """One person, or in the basis FIRST_HERE one person at one employer. The NIK is masked.

    `cohort` is the month `2026-03` of the first membership. `by_membership`: works on as a member
    since `onward_on`; else a source lists them on that day. `hidden`: the employer where they work
    on belongs to an office out of reach, or to none that is known; it is not named.
    `onward_npp` is empty where it is not registered, `lapsed_npp` where LAPSED does not find them.
    """

    nik: str
    name: str
    npp: str
    employer: str
    office: str
    cohort: str
    reason: str
    ended_on: date
    by_membership: bool
    onward_on: date
    onward_npp: str
    onward_name: str
    hidden: bool
    source: str
    source_id: str
    lapsed_npp: str


@dataclass(frozen=True, slots=True)
class LeaverCount:
    """How many are on a list, of them by a running membership, and at the same employer."""

    total: int
    by_membership: int
    here: int


def counted(principal: Principal, *, file: Path, asked: LeaverFilter) -> LeaverCount:
    """Raises: Forbidden: this principal may not read statistics."""
    with _opened(principal, file, asked) as connection:
        row = connection.execute(
            "SELECT count(*), count(*) FILTER (lanjut = $membership), count(henti_npp) FROM chosen",
            {"membership": MEMBERSHIP},
        ).fetchone()
    return LeaverCount(*(row or (0, 0, 0)))


def page(
    principal: Principal, *, file: Path, asked: LeaverFilter, limit: int, cursor: str | None
) -> Page[Leaver]:
    """Return one page by office of the employer they left, cohort, and the day it ended.

    Raises:
        Forbidden: this principal may not read statistics.
        Invalid: the cursor is not one of this list.
    """
    size = max(1, min(limit, LARGEST_PAGE))
    after, given = "true", {}
    if cursor is not None:
        office, month, key = decode_cursor(cursor, str, int, int)
        # The first condition is what row groups of the file can be passed over by.
        after = (
            "kantor_akhir >= $office AND (kantor_akhir > $office "
            "OR bulan > $month OR (bulan = $month AND kunci_akhir > $key))"
        )
        given = {"office": office, "month": month, "key": key}
    with _opened(principal, file, asked) as connection:
        rows = _rows(
            connection.execute(
                f"FROM chosen WHERE {after} ORDER BY {_ORDER} LIMIT $most",
                {**given, "most": size + 1},
            )
        )
        found = list(rows)
    following = None
    if len(found) > size:
        last = found[size - 1]
        following = encode_cursor(last["kantor_akhir"], last["bulan"], last["kunci_akhir"])
    return Page(items=tuple(_leaver(principal, row) for row in found[:size]), next=following)


def everyone(
    principal: Principal, *, file: Path, asked: LeaverFilter, most: int = MOST_IN_A_FILE
) -> Iterator[Leaver]:
    """Yield the whole list in the order of `page`.

    Raises:
        Forbidden: this principal may not read statistics.
        Invalid: it is longer than `most`.
    """
    total = counted(principal, file=file, asked=asked).total
    if total > most:
        raise Invalid(
            "Daftar ini memuat {count} orang, sedangkan satu berkas paling banyak {most}; "
            "persempit saringannya, misalnya menurut tahun atau kantor.",
            count=total,
            most=most,
        )
    with _opened(principal, file, asked) as connection:
        for row in _rows(connection.execute(f"FROM chosen ORDER BY {_ORDER}")):
            yield _leaver(principal, row)


@contextmanager
def _opened(
    principal: Principal, file: Path, asked: LeaverFilter
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open what is within reach and asked for as `chosen`."""
    principal.require(READ)
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    try:
        wanted = {
            "sebab": asked.reason,
            "kantor": asked.office,
            "sektor": asked.sector,
            "skala": asked.scale,
            "kanal": asked.channel,
        }
        narrowed = [f"{column} = {literal(value)}" for column, value in wanted.items() if value]
        if asked.month is not None:
            narrowed.append(f"bulan = {asked.month.index}")
        if year := int(asked.year):
            narrowed.append(f"bulan BETWEEN {year * _MONTHS} AND {year * _MONTHS + _MONTHS - 1}")
        # In reach is where the membership ended, wherever somebody works on.
        here = reach(principal, column="kantor_akhir")
        connection.execute(
            f"CREATE TEMP VIEW chosen AS FROM read_parquet({literal(str(file))}) WHERE "
            + " AND ".join([f"dasar = {literal(asked.basis)}", here, *narrowed])
        )
        yield connection
    finally:
        connection.close()


def _rows(answer: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    names = [one[0] for one in answer.description or ()]
    while piece := answer.fetchmany(_PIECE):
        for row in piece:
            yield dict(zip(names, row, strict=True))


def _leaver(principal: Principal, row: dict[str, Any]) -> Leaver:
    offices = principal.offices
    hidden = offices is not None and row["lanjut_kantor"] not in offices
    return Leaver(
        nik=row["nik"],
        name=row["nama"] or "",
        npp=row["npp"],
        employer=row["pemberi_kerja"] or "",
        office=row["kantor_akhir"],
        cohort=str(Month.from_index(row["bulan"])),
        reason=row["sebab"],
        ended_on=row["tgl_akhir"],
        by_membership=row["lanjut"] == MEMBERSHIP,
        onward_on=row["lanjut_hari"],
        onward_npp="" if hidden else row["lanjut_npp"] or "",
        onward_name="" if hidden else row["lanjut_nama"] or "",
        hidden=hidden,
        source=row["sumber"] or "",
        source_id="" if hidden else row["id_sumber"] or "",
        lapsed_npp=row["henti_npp"] or "",
    )
