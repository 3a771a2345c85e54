# ruff: noqa: S608 - names are ours, values are bound or quoted
"""Whom a lot may fall on: the active employers of offices in one snapshot, and their flags."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
from sqlmodel import Session, col, select

from app.detection.control_schemas import (
    Dimension,
    Population,
    groups_of,
    stratum_of,
)
from app.detection.drawing import Candidate
from app.detection.tables import Flag
from app.registry.schemas import SnapshotView
from app.registry.snapshots import table_path
from app.registry.sql import literal

# fmt: off
_SHOWN: Final = (
    "npp", "divisi", "nama", "bentuk", "npwp", "nib", "kbli", "skala", "kelas_jkk", "alamat",
    "kode_wilayah", "kantor_cabang", "program",
)
# fmt: on
# An employer is its active head divisi: the one with the smallest code, as rules see it.
_HEADS: Final = """
  CREATE TEMP VIEW head AS
  SELECT * FROM read_parquet({path}) WHERE status = 'aktif'
  QUALIFY row_number() OVER (PARTITION BY npp ORDER BY divisi) = 1
"""


@dataclass(frozen=True, slots=True)
class Member:
    """An employer of the frame by its head divisi."""

    npp: str
    office: str
    groups: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The employers of `offices` in a snapshot. `offices` None: every office there is."""

    path: Path
    members: tuple[Member, ...]

    def candidates(self, strata: Iterable[Dimension]) -> Iterator[Candidate]:
        chosen = tuple(strata)
        for member in self.members:
            yield Candidate(member.npp, stratum_of(member.groups, chosen))

    def rows(self, npps: Iterable[str]) -> dict[str, dict[str, object]]:
        """Return what the snapshot says of these employers, by NPP."""
        with _opened(self.path) as connection:
            found = connection.execute(
                f"SELECT {', '.join(_SHOWN)} FROM head WHERE list_contains($npps, npp)",
                {"npps": list(npps)},
            ).fetchall()
        return {row[0]: dict(zip(_SHOWN, row, strict=True)) for row in found}


def frame_of(
    *, snapshots_dir: Path, snapshot: SnapshotView, offices: frozenset[str] | None
) -> Frame:
    """Read the frame; `offices` None takes the whole country.

    Raises:
        NotFound: the snapshot was removed by policy.
    """
    path = table_path(snapshots_dir, snapshot, "pemberi_kerja")
    with _opened(path) as connection:
        rows = connection.execute(
            "SELECT npp, kantor_cabang, kbli, skala, kode_wilayah FROM head "
            "WHERE $everywhere OR list_contains($offices, kantor_cabang) ORDER BY npp",
            {"everywhere": offices is None, "offices": sorted(offices or ())},
        ).fetchall()
    return Frame(
        path=path,
        members=tuple(
            Member(
                npp,
                office or "",
                groups_of({"kbli": kbli, "skala": skala, "kode_wilayah": region}),
            )
            for npp, office, kbli, skala, region in rows
        ),
    )


def standing_flags(
    session: Session, *, offices: frozenset[str] | None
) -> Mapping[str, frozenset[str]]:
    """Return by NPP the rules that the last sweep found broken, whatever people made of it."""
    statement = select(Flag.npp, Flag.rule).where(col(Flag.seen), Flag.npp != "")
    if offices is not None:
        statement = statement.where(col(Flag.kantor_cabang).in_(sorted(offices)))
    found: dict[str, set[str]] = {}
    for npp, rule in session.exec(statement):
        found.setdefault(npp, set()).add(rule)
    return {npp: frozenset(rules) for npp, rules in found.items()}


def populations(
    members: Iterable[Member], flags: Mapping[str, frozenset[str]]
) -> dict[str, Population]:
    """Count the groups of each office, and how many of each are flagged."""
    found: dict[str, Population] = {}
    for member in members:
        office = found.setdefault(member.office, Population())
        office.add(member.groups, flags.get(member.npp, frozenset()))
    return found


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    try:
        connection.execute(_HEADS.format(path=literal(str(path))))
        yield connection
    finally:
        connection.close()
