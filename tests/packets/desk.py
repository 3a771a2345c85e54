"""A branch of one inspected debtor, whose packets the tests ask for as its people would."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, select

from app.accounts.schemas import Principal
from app.cases import service as casework
from app.cases.schemas import Employer
from app.packets import service
from app.packets.schemas import LetterChoice, PacketView, ReferralView
from app.registry.importers import run_import
from app.registry.schemas import SourceFile
from app.registry.tables import Snapshot
from tests.cases.conftest import TODAY, Casework

CUTOFF = date(2026, 11, 15)
LATER = date(2026, 11, 18)
LETTER_ON = date(2026, 9, 20)
Import = Callable[[dict[str, str], datetime], str]

EMPLOYER = Employer(
    nama="PT Sinar Baja Contoh",
    npp="AB123456",
    divisi="000",
    kode_wilayah="31.74",
    alamat="Jalan Contoh 1",
    jumlah_tk=3,
)
MONTHS = tuple(f"2026-{month:02d}" for month in range(5, 11))
BILLED = (("JKK", 81000), ("JKM", 45000), ("JHT", 855000))
EXTRACTS = {
    "pemberi_kerja": (
        "npp,divisi,nama,bentuk,npwp,nib,kbli,skala,kelas_jkk,alamat,kode_wilayah,kantor_cabang,"
        "tgl_daftar,status,program\n"
        "AB123456,000,PT Sinar Baja Contoh,PT,,,,kecil,2,Jalan Contoh 1,31.74,J05,2019-02-01,"
        'aktif,"JKK,JKM,JHT"\n'
    ),
    "kepesertaan": (
        "npp,divisi,kpj,nik,nama,tgl_lahir,tgl_mulai,tgl_akhir,sebab_akhir,upah,program\n"
        "AB123456,000,17000000001,3174011204850011,Agus Santoso,1985-04-12,2019-03-01,,,5000000,"
        '"JKK,JKM,JHT"\n'
        "AB123456,000,17000000002,3174015206900012,Siti Rahayu,1990-06-12,2019-03-01,,,5000000,"
        '"JKK,JKM,JHT"\n'
        "AB123456,000,17000000003,3174010108950013,Eko Wibowo,1995-08-01,2020-03-01,,,5000000,"
        '"JKK,JKM,JHT"\n'
    ),
    "tagihan": "npp,divisi,blth,program,tk,dasar_upah,jumlah\n"
    + "".join(
        f"AB123456,000,{month},{programme},3,15000000,{amount}\n"
        for month in MONTHS
        for programme, amount in BILLED
    ),
    "pembayaran": "npp,divisi,blth,program,tgl_bayar,jumlah,kode_iuran\n"
    + "".join(
        f"AB123456,000,{month},{programme},{month}-28,{amount},99{month[-2:]}{amount:08d}\n"
        for month in MONTHS[:2]
        for programme, amount in BILLED
    ),
}


class Desk:
    """Asks the packets room as the people of the branch would."""

    def __init__(self, work: Casework, snapshots_dir: Path) -> None:
        self.work = work
        self.cast = work.cast
        self.session = work.session
        self.snapshots_dir = snapshots_dir

    def build(
        self, cutoff: date = CUTOFF, out_dir: Path | None = None, by: Principal | None = None
    ) -> PacketView:
        return service.build(
            self.session,
            principal=by or self.cast.legal,
            case=self.work.case_id,
            cutoff=cutoff,
            store=self.work.store,
            snapshots_dir=self.snapshots_dir,
            out_dir=out_dir,
            on=TODAY,
            now=self.work.now,
        )

    def prepare(self, cutoff: date = CUTOFF, number: str = "") -> ReferralView:
        return service.prepare(
            self.session,
            principal=self.cast.legal,
            case=self.work.case_id,
            cutoff=cutoff,
            letter=LetterChoice(number=number),
            snapshots_dir=self.snapshots_dir,
            on=TODAY,
            now=self.work.now,
        )

    def approve(self, referral: ReferralView) -> ReferralView:
        return service.approve(
            self.session,
            principal=self.cast.branch_head,
            referral_id=referral.id,
            snapshots_dir=self.snapshots_dir,
            on=TODAY,
            now=self.work.now + timedelta(minutes=5),
        )

    def note(self, text: str, on: date) -> None:
        casework.add_note(
            self.session,
            principal=self.cast.inspector,
            case_id=self.work.case_id,
            text=text,
            on=on,
            now=self.work.now,
        )


def continued(work: Casework, session: Session) -> Casework:
    """Return the same case in another transaction."""
    other = Casework(session, work.cast, work.store, work.now)
    other.case_id = work.case_id
    return other


def imported(session: Session, tmp_path: Path, extracts: dict[str, str], *, now: datetime) -> Path:
    folder = tmp_path / "snapshots"
    turn = session.exec(select(sa.func.count()).select_from(Snapshot)).one() + 1
    sent = tmp_path / f"ekstrak-{turn}"
    sent.mkdir()
    for name, content in extracts.items():
        (sent / f"{name}.csv").write_text(content, encoding="utf-8")
    result = run_import(
        files=[SourceFile(path.name, path) for path in sorted(sent.iterdir())],
        snapshots_dir=folder,
        rejects_dir=tmp_path / "ditolak",
        scratch=tmp_path / "scratch",
        memory="512MB",
        previous=None,
        as_of=CUTOFF,
        report_progress=lambda _step, _done, _all: None,
    )
    assert result.snapshot_id is not None
    assert result.rejected == ()
    session.add(
        Snapshot(
            id=result.snapshot_id,
            as_of=CUTOFF,
            created_at=now,
            turn=turn,
            tables={
                table: {
                    "rows": info.rows,
                    "rejected": info.rejected,
                    "sha256": info.sha256,
                    "carried_over": info.carried_over,
                }
                for table, info in result.tables.items()
            },
        )
    )
    session.flush()
    return folder
