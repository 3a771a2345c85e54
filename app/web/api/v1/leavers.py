"""/retention/leavers: who left through a claim or the end of their work, and works on."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Query

from app.detection import leavers, queries, statistics
from app.detection.leavers import Leaver, LeaverFilter, Reason
from app.errors import NotFound
from app.law.month import Month
from app.web.api.operation import PrincipalDep, may, operations
from app.web.api.v1.retention import (
    Basis,
    OfChannel,
    OfOffice,
    OfScale,
    OfSector,
    OfSnapshot,
    OfYear,
    StatisticDocument,
)
from app.web.api.v1.shapes import Answer, Cursor, Limit
from app.web.deps import ContextDep, SessionDep

router = operations("statistics")
LAPSED = "LAPSED"


class LeaverDocument(Answer):
    """NIK disamarkan. `hidden`: bekerja di luar wilayah kerja pemegang token, tidak disebutkan.

    `onward_on`: awal kepesertaan di tempat baru, atau hari data `source`. `lapsed_npp`: aturan
    LAPSED menemukannya di sana; `flag_id` temuannya, null bila tidak ada yang berlaku.
    """

    nik: str
    name: str
    npp: str
    employer: str
    office: str
    cohort: str
    reason: Reason
    ended_on: date
    onward_by: Literal["kepesertaan", "sumber"]
    onward_on: date
    onward_npp: str | None
    onward_name: str | None
    hidden: bool
    source: str | None
    source_id: str | None
    lapsed_npp: str | None
    flag_id: int | None

    @classmethod
    def of(cls, row: Leaver, *, flag_id: int | None) -> "LeaverDocument":
        return cls(
            nik=row.nik,
            name=row.name,
            npp=row.npp,
            employer=row.employer,
            office=row.office,
            cohort=row.cohort,
            reason=row.reason,
            ended_on=row.ended_on,
            onward_by="kepesertaan" if row.by_membership else "sumber",
            onward_on=row.onward_on,
            onward_npp=row.onward_npp or None,
            onward_name=row.onward_name or None,
            hidden=row.hidden,
            source=row.source or None,
            source_id=row.source_id or None,
            lapsed_npp=row.lapsed_npp or None,
            flag_id=flag_id,
        )


class LeaversDocument(Answer):
    """`total` atas seluruh saringan: `by_membership` peserta lain, `here` pemberi kerja sama.

    NIK dibaca persis seperti tertulis; `workers_linked` seperti pada retensi.
    """

    statistic: StatisticDocument
    workers_linked: int | None
    total: int
    by_membership: int
    here: int
    items: list[LeaverDocument]
    next: str | None


@router.get(
    "/retention/leavers",
    summary="Peserta yang berhenti dan tetap bekerja",
    dependencies=may("registry.read"),
)
def show_leavers(
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    *,
    snapshot: OfSnapshot = None,
    basis: Basis = "pemberi_kerja",
    reason: Annotated[
        Reason | None, Query(description="Sebab berakhirnya; bawaan: ketiganya.")
    ] = None,
    month: Annotated[
        str | None,
        Query(pattern="^[0-9]{4}-(0[1-9]|1[0-2])$", description="Bulan pendaftaran, 2026-03."),
    ] = None,
    office: OfOffice = "",
    sector: OfSector = "",
    scale: OfScale = "",
    channel: OfChannel = "",
    year: OfYear = 0,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> LeaversDocument:
    """Hanya kepesertaan yang berakhir di kantor dalam wilayah kerja; angkatan seperti retensi."""
    counted = (
        statistics.latest_retention(session, principal=principal)
        if snapshot is None
        else statistics.retention_of(session, principal=principal, snapshot_id=snapshot)
    )
    found = counted and statistics.leavers_beside(session, principal=principal, statistic=counted)
    if found is None:
        raise NotFound("Daftar ini belum dihitung; hitung retensi lebih dahulu.")
    asked = LeaverFilter(
        basis=basis,
        reason=reason or "",
        month=None if month is None else Month.parse(month),
        office=office,
        sector=sector,
        scale=scale,
        channel=channel,
        year=year,
    )
    file = statistics.cells_file(context.settings.snapshots_dir, found)
    count = leavers.counted(principal, file=file, asked=asked)
    page = leavers.page(principal, file=file, asked=asked, limit=limit, cursor=cursor)
    npps = sorted({one.lapsed_npp for one in page.items if one.lapsed_npp})
    flags = (
        queries.standing_flags(session, principal=principal, rule=LAPSED, npps=npps)
        if npps and principal.may("flags.read")
        else {}
    )
    return LeaversDocument(
        statistic=StatisticDocument.of(found),
        workers_linked=queries.workers_linked(session, snapshot_id=found.snapshot_id),
        total=count.total,
        by_membership=count.by_membership,
        here=count.here,
        items=[LeaverDocument.of(one, flag_id=flags.get(one.lapsed_npp)) for one in page.items],
        next=page.next,
    )
