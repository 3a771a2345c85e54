# ruff: noqa: S608 - names are ours, values are bound
"""Employers, their workers, bills and payments as of a snapshot, within a principal's offices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb

from app.accounts.schemas import Principal
from app.errors import NotFound
from app.infra.paging import LARGEST_PAGE, Page, decode_cursor, encode_cursor
from app.registry.questions import opened
from app.registry.schemas import (
    BillRow,
    Division,
    EmployerProfile,
    EmployerRow,
    PaymentRow,
    WorkerRow,
)
from app.registry.snapshots import SnapshotReader
from app.registry.stored import NIK_DIGITS

ACTION: Final = "registry.read"
SHOWN_DIGITS: Final = 4
# The head division first: an active one before a closed one, then the lowest code.
_HEAD_ORDER: Final = "CASE status WHEN 'aktif' THEN 0 WHEN 'nonaktif' THEN 1 ELSE 2 END, divisi"
# A membership that has begun by the day `on` and has not ended before it.
_RUNS: Final = "tgl_mulai <= $on AND (tgl_akhir IS NULL OR tgl_akhir >= $on)"


@dataclass(frozen=True, slots=True)
class Identity:
    """A worker's whole NIK, for the service that audits before it hands it out."""

    nik: str
    kantor_cabang: str


def search(
    principal: Principal,
    *,
    snapshot: SnapshotReader,
    text: str,
    limit: int,
    cursor: str | None,
) -> Page[EmployerRow]:
    """Return employers whose name holds `text`, or whose NPP or NPWP begins with it.

    Ordered by name, then NPP; an empty text lists all of the principal's offices.

    Raises:
        Forbidden: this principal may not read the registry.
    """
    principal.require(ACTION)
    limit = max(1, min(limit, LARGEST_PAGE))
    wanted = text.strip()
    digits = "".join(char for char in wanted if char.isdigit())
    after = ("", "") if cursor is None else decode_cursor(cursor, str, str)
    with opened(snapshot, "pemberi_kerja", "kepesertaan") as connection:
        rows = connection.execute(
            f"""
            WITH head AS (
              SELECT *, count(*) OVER (PARTITION BY npp) AS divisions FROM pemberi_kerja
              WHERE $everywhere OR list_contains($offices, kantor_cabang)
              QUALIFY row_number() OVER (PARTITION BY npp ORDER BY {_HEAD_ORDER}) = 1
            ), page AS (
              FROM head
              WHERE ($text = '' OR contains(lower(nama), lower($text))
                OR starts_with(npp, upper($text))
                OR ($digits <> '' AND (starts_with(npwp, $digits)
                  OR starts_with(npwp, '0' || $digits))))
                AND (nama, npp) > ($name, $npp)
              ORDER BY nama, npp LIMIT $most
            )
            SELECT npp, nama, npwp, kode_wilayah, kantor_cabang, status, divisions
            FROM page ORDER BY nama, npp
            """,
            {
                **_scope(principal),
                "text": wanted,
                "digits": digits if digits and not wanted.strip("0123456789.- ") else "",
                "name": after[0],
                "npp": after[1],
                "most": limit + 1,
            },
        ).fetchall()
        shown = rows[:limit]
        active = _active_workers(connection, npps=[row[0] for row in shown], on=snapshot.view.as_of)
    items = tuple(EmployerRow(*(*row, active.get(row[0], 0))) for row in shown)
    following = encode_cursor(items[-1].nama, items[-1].npp) if len(rows) > limit else None
    return Page(items=items, next=following)


def _active_workers(
    connection: duckdb.DuckDBPyConnection, *, npps: Sequence[str], on: date
) -> Mapping[str, int]:
    """Return by NPP how many people have a membership that runs on the day `on`, if any has."""
    # A list is looked up in the sorted file. A join with the page reads the whole registry: ten
    # seconds at the size of the nation.
    if not npps:
        return {}
    asked = {f"npp{number}": npp for number, npp in enumerate(npps)}
    listed = ", ".join(f"${name}" for name in asked)
    counted = connection.execute(
        f"SELECT npp, count(DISTINCT nik) FROM kepesertaan WHERE npp IN ({listed}) AND {_RUNS} "
        "GROUP BY npp",
        {**asked, "on": on},
    )
    return {str(npp): int(count) for npp, count in counted.fetchall()}


def profile(
    principal: Principal, *, snapshot: SnapshotReader, npp: str, action: str = ACTION
) -> EmployerProfile:
    """Return an NPP over all its divisions. `action`: the right under which it is read.

    Raises:
        Forbidden: this principal may not do `action`.
        NotFound: there is no such NPP, or none of its divisions is in this principal's reach.
    """
    divisions = _divisions(principal, snapshot=snapshot, npp=npp, action=action)
    with opened(snapshot, "kepesertaan") as connection:
        counted = connection.execute(
            f"""
            SELECT count(*) FILTER (WHERE runs), count(*) FILTER (WHERE ended AND NOT runs)
            FROM (
              SELECT bool_or({_RUNS}) AS runs, bool_or(tgl_akhir < $on) AS ended
              FROM kepesertaan WHERE npp = $npp GROUP BY nik
            )
            """,
            {"npp": npp, "on": snapshot.view.as_of},
        ).fetchone()
    active, ended = counted or (0, 0)
    joined = {one for division in divisions for one in division.program}
    return EmployerProfile(
        npp=npp,
        head=divisions[0],
        divisions=divisions,
        active_workers=int(active),
        ended_workers=int(ended),
        program=tuple(one for one in ("JKK", "JKM", "JHT", "JP") if one in joined),
        as_of=snapshot.view.as_of,
        snapshot_id=snapshot.view.id,
    )


def workers(
    principal: Principal,
    *,
    snapshot: SnapshotReader,
    npp: str,
    limit: int,
    cursor: str | None,
) -> Page[WorkerRow]:
    """Return memberships of all divisions by name, NIK masked.

    Raises:
        NotFound: as `profile`.
    """
    _divisions(principal, snapshot=snapshot, npp=npp)
    limit = max(1, min(limit, LARGEST_PAGE))
    after = ("", "", 0) if cursor is None else decode_cursor(cursor, str, str, int)
    with opened(snapshot, "kepesertaan") as connection:
        rows = connection.execute(
            f"""
            SELECT npp, divisi, kpj, nik, nama, tgl_lahir, tgl_mulai, tgl_akhir, sebab_akhir,
              upah, program, {_RUNS}, baris
            FROM kepesertaan
            WHERE npp = $npp AND (nama, kpj, baris) > ($name, $kpj, $line)
            ORDER BY nama, kpj, baris LIMIT $most
            """,
            {
                "npp": npp,
                "on": snapshot.view.as_of,
                "name": after[0],
                "kpj": after[1],
                "line": after[2],
                "most": limit + 1,
            },
        ).fetchall()
    items = tuple(_worker(row) for row in rows[:limit])
    last = items[-1] if len(rows) > limit else None
    following = None if last is None else encode_cursor(last.nama, last.kpj, last.line)
    return Page(items=items, next=following)


def bills(principal: Principal, *, snapshot: SnapshotReader, npp: str) -> tuple[BillRow, ...]:
    """Return every bill of the NPP, newest month first, with what was paid towards it.

    Raises:
        NotFound: as `profile`.
    """
    _divisions(principal, snapshot=snapshot, npp=npp)
    with opened(snapshot, "tagihan", "pembayaran") as connection:
        rows = connection.execute(
            """
            SELECT t.npp, t.divisi, t.blth, t.program, t.tk, t.dasar_upah, t.jumlah,
              CAST(coalesce(p.paid, 0) AS BIGINT), t.baris
            FROM tagihan AS t LEFT JOIN (
              SELECT npp, divisi, blth, program, sum(jumlah) AS paid FROM pembayaran
              WHERE npp = $npp GROUP BY ALL
            ) AS p USING (npp, divisi, blth, program)
            WHERE t.npp = $npp ORDER BY t.blth DESC, t.divisi, t.program
            """,
            {"npp": npp},
        ).fetchall()
    return tuple(BillRow(*row) for row in rows)


def payments(principal: Principal, *, snapshot: SnapshotReader, npp: str) -> tuple[PaymentRow, ...]:
    """Return every payment of the NPP, the latest first.

    Raises:
        NotFound: as `profile`.
    """
    _divisions(principal, snapshot=snapshot, npp=npp)
    with opened(snapshot, "pembayaran") as connection:
        rows = connection.execute(
            "SELECT npp, divisi, blth, program, tgl_bayar, jumlah, kode_iuran, baris "
            "FROM pembayaran WHERE npp = $npp "
            "ORDER BY tgl_bayar DESC, blth DESC, divisi, program, kode_iuran, baris",
            {"npp": npp},
        ).fetchall()
    return tuple(PaymentRow(*row) for row in rows)


def identity(principal: Principal, *, snapshot: SnapshotReader, npp: str, kpj: str) -> Identity:
    """Return a worker's whole NIK. Only the service that audits may call it.

    Raises:
        NotFound: no such worker, or as `profile`.
    """
    divisions = _divisions(principal, snapshot=snapshot, npp=npp)
    with opened(snapshot, "kepesertaan") as connection:
        row = connection.execute(
            "SELECT nik FROM kepesertaan WHERE npp = $npp AND kpj = $kpj "
            "ORDER BY tgl_mulai DESC, baris LIMIT 1",
            {"npp": npp, "kpj": kpj},
        ).fetchone()
    if row is None:
        raise NotFound("Pekerja dengan KPJ {kpj} tidak ada di NPP {npp}.", kpj=kpj, npp=npp)
    return Identity(nik=str(row[0]), kantor_cabang=divisions[0].kantor_cabang)


def masked(nik: str) -> str:
    """Return the last four digits behind dots."""
    return "·" * (NIK_DIGITS - SHOWN_DIGITS) + nik[-SHOWN_DIGITS:]


def _divisions(
    principal: Principal, *, snapshot: SnapshotReader, npp: str, action: str = ACTION
) -> tuple[Division, ...]:
    principal.require(action)
    with opened(snapshot, "pemberi_kerja") as connection:
        rows = connection.execute(
            f"""
            SELECT npp, divisi, nama, bentuk, npwp, nib, kbli, skala, kelas_jkk, alamat,
              kode_wilayah, kantor_cabang, tgl_daftar, status, program, baris
            FROM pemberi_kerja WHERE npp = $npp ORDER BY {_HEAD_ORDER}
            """,
            {"npp": npp},
        ).fetchall()
    divisions = tuple(_division(row) for row in rows)
    if not any(principal.reaches(one.kantor_cabang) for one in divisions):
        raise NotFound("Pemberi kerja dengan NPP {npp} tidak ada.", npp=npp)
    return divisions


def _division(row: Sequence[Any]) -> Division:
    program, line = str(row[-2]), int(row[-1])
    return Division(*row[:-2], tuple(program.split(",")), line)  # type: ignore[call-arg]


def _worker(row: Sequence[Any]) -> WorkerRow:
    npp, divisi, kpj, nik, nama, born, began, ended, why, upah, program, active, line = row
    return WorkerRow(
        npp=npp,
        divisi=divisi,
        kpj=kpj,
        nik=masked(nik),
        nama=nama,
        tgl_lahir=born,
        tgl_mulai=began,
        tgl_akhir=ended,
        sebab_akhir=why,
        upah=upah,
        program=tuple(program.split(",")),
        active=active,
        line=line,
    )


def _scope(principal: Principal) -> dict[str, bool | list[str] | date]:
    return {
        "everywhere": principal.offices is None,
        "offices": sorted(principal.offices or ()),
    }
