"""/employers: search, profile, workers, bills and payments as of a snapshot; NIK masked."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import Session

from app.calculations.schemas import DayText
from app.errors import Invalid, NotFound
from app.law.month import Month
from app.registry import employers, queries
from app.registry.schemas import BillRow, PaymentRow, SnapshotView
from app.registry.snapshots import SnapshotReader
from app.web.api.operation import PrincipalDep, may, operations
from app.web.api.v1.shapes import Answer, Cursor, Limit, PageOf, PathCode, numbered_page
from app.web.deps import ContextDep, SessionDep

router = operations("employers")


class EmployerLine(Answer):
    npp: str
    nama: str
    npwp: str | None
    kode_wilayah: str
    kantor_cabang: str
    status: str
    divisions: int
    active_workers: int


class DivisionDocument(Answer):
    """Satu baris `pemberi_kerja`; `line` nomor barisnya dalam ekstrak."""

    npp: str
    divisi: str
    nama: str
    bentuk: str | None
    npwp: str | None
    nib: str | None
    kbli: str | None
    skala: str
    kelas_jkk: int
    alamat: str | None
    kode_wilayah: str
    kantor_cabang: str
    tgl_daftar: date
    status: str
    program: list[str]
    line: int


class ProfileDocument(Answer):
    """Satu NPP dengan semua divisinya, menurut snapshot."""

    npp: str
    head: DivisionDocument
    divisions: list[DivisionDocument]
    active_workers: int
    ended_workers: int
    program: list[str]
    as_of: date
    snapshot_id: str


class WorkerDocument(Answer):
    """Satu kepesertaan; `nik` hanya empat angka terakhir."""

    npp: str
    divisi: str
    kpj: str
    nik: str
    nama: str
    tgl_lahir: date
    tgl_mulai: date
    tgl_akhir: date | None
    sebab_akhir: str | None
    upah: int
    program: list[str]
    active: bool
    line: int


class BillListed(Answer):
    """`paid` jumlah pembayaran atas tagihan ini dalam snapshot."""

    npp: str
    divisi: str
    month: str
    program: str
    tk: int
    dasar_upah: int
    jumlah: int
    paid: int
    line: int

    @classmethod
    def of(cls, row: BillRow) -> "BillListed":
        return cls(
            npp=row.npp,
            divisi=row.divisi,
            month=str(Month.from_index(row.blth)),
            program=row.program,
            tk=row.tk,
            dasar_upah=row.dasar_upah,
            jumlah=row.jumlah,
            paid=row.paid,
            line=row.line,
        )


class PaymentListed(Answer):
    npp: str
    divisi: str
    month: str
    program: str
    tgl_bayar: date
    jumlah: int
    kode_iuran: str
    line: int

    @classmethod
    def of(cls, row: PaymentRow) -> "PaymentListed":
        return cls(
            npp=row.npp,
            divisi=row.divisi,
            month=str(Month.from_index(row.blth)),
            program=row.program,
            tgl_bayar=row.tgl_bayar,
            jumlah=row.jumlah,
            kode_iuran=row.kode_iuran,
            line=row.line,
        )


def wanted_snapshot(session: Session, snapshot_id: str | None) -> SnapshotView:
    """Return that snapshot, or the last one when none is named.

    Raises:
        NotFound: no such snapshot, or none has been imported yet.
    """
    if snapshot_id is not None:
        return queries.snapshot_by_id(session, snapshot_id)
    latest = queries.latest_snapshot(session)
    if latest is None:
        raise NotFound("Belum ada potret data; impor ekstrak lebih dulu.")
    return latest


def _reader(
    session: SessionDep,
    principal: PrincipalDep,
    context: ContextDep,
    snapshot: Annotated[
        str | None,
        Query(pattern="^[0-9a-f]{16}$", description="Snapshot; bawaan: yang terakhir."),
    ] = None,
    known_on: Annotated[
        DayText | None,
        Query(description="Snapshot yang terbaru diketahui pada akhir hari itu."),
    ] = None,
) -> SnapshotReader:
    if snapshot is not None and known_on is not None:
        raise Invalid("Sebutkan `snapshot` atau `known_on`, tidak keduanya.")
    view = (
        wanted_snapshot(session, snapshot)
        if known_on is None
        else queries.known_on(session, day=known_on, zone=principal.zone)
    )
    return SnapshotReader(context.settings.snapshots_dir, view)


SnapshotDep = Annotated[SnapshotReader, Depends(_reader)]


@router.get("/employers", summary="Mencari pemberi kerja", dependencies=may("registry.read"))
def search_employers(
    principal: PrincipalDep,
    snapshot: SnapshotDep,
    *,
    text: Annotated[
        str, Query(max_length=200, description="Bagian nama, atau awal NPP atau NPWP.")
    ] = "",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[EmployerLine]:
    page = employers.search(principal, snapshot=snapshot, text=text, limit=limit, cursor=cursor)
    return PageOf(items=[EmployerLine.model_validate(row) for row in page.items], next=page.next)


@router.get("/employers/{npp}", summary="Satu pemberi kerja", dependencies=may("registry.read"))
def show_employer(npp: PathCode, principal: PrincipalDep, snapshot: SnapshotDep) -> ProfileDocument:
    found = employers.profile(principal, snapshot=snapshot, npp=npp)
    return ProfileDocument.model_validate(found)


@router.get(
    "/employers/{npp}/workers", summary="Pekerja menurut nama", dependencies=may("registry.read")
)
def list_workers(
    npp: PathCode,
    principal: PrincipalDep,
    snapshot: SnapshotDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[WorkerDocument]:
    page = employers.workers(principal, snapshot=snapshot, npp=npp, limit=limit, cursor=cursor)
    return PageOf(items=[WorkerDocument.model_validate(row) for row in page.items], next=page.next)


@router.get(
    "/employers/{npp}/bills",
    summary="Tagihan, bulan terbaru lebih dulu",
    dependencies=may("registry.read"),
)
def list_bills(
    npp: PathCode,
    principal: PrincipalDep,
    snapshot: SnapshotDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[BillListed]:
    found = employers.bills(principal, snapshot=snapshot, npp=npp)
    page = numbered_page(found, limit=limit, cursor=cursor)
    return PageOf(items=[BillListed.of(row) for row in page.items], next=page.next)


@router.get(
    "/employers/{npp}/payments",
    summary="Pembayaran, yang terakhir lebih dulu",
    dependencies=may("registry.read"),
)
def list_employer_payments(
    npp: PathCode,
    principal: PrincipalDep,
    snapshot: SnapshotDep,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[PaymentListed]:
    found = employers.payments(principal, snapshot=snapshot, npp=npp)
    page = numbered_page(found, limit=limit, cursor=cursor)
    return PageOf(items=[PaymentListed.of(row) for row in page.items], next=page.next)
