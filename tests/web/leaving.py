"""Sixty who left one employer: a third each by claim, termination, and to move; and where to.

Of every four one is a member elsewhere, one is listed at an employer that is not registered, one
is still listed at the old one, and one is gone. Beside them the old employer has one worker whose
NIK the list misspells.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from app.accounts import queries as accounts
from app.infra.database import Database
from app.infra.settings import Settings
from app.registry import service
from app.registry.schemas import SourceFile
from tests.registry.extracts import row, write_csv

LEFT: Final = "AA000001"
JOINED: Final = "BB000002"
PEOPLE: Final = 60
# Claim or termination, and one of the three who work on.
LISTED: Final = 30
STAYED: Final = "3171010101900777"
MISSPELT: Final = "3171010101900717"
AS_OF: Final = date(2026, 11, 19)


def brought(
    database: Database, settings: Settings, folder: Path, *, office: str, other: str
) -> str:
    """Import them; LEFT belongs to `office` and JOINED to `other`. Return the snapshot's id."""
    files = written(folder, office=office, other=other)
    with database.transaction() as session:
        operator = accounts.operator(session)
    done = service.import_now(
        database,
        principal=operator,
        places=service.folders(settings),
        files=files,
        as_of=AS_OF,
        clock=lambda: datetime(2026, 11, 19, 3, tzinfo=UTC),
        report_progress=lambda *_: None,
    )
    assert done.snapshot_id is not None
    return done.snapshot_id


def written(folder: Path, *, office: str, other: str, nameless: int = 0) -> tuple[SourceFile, ...]:
    """Write the extracts; `nameless` of the old employer and as many of the list have no NIK."""
    folder.mkdir()
    left, joined, outside = [], [], []
    for n in range(1, PEOPLE + 1):
        who = {"nik": f"31710101019{n:05}", "nama": f"Pekerja {n}"}
        left.append(
            row("kepesertaan", **who, kpj=f"{n:011}", npp=LEFT, tgl_mulai="2025-02-01",
                tgl_akhir="2025-09-30", sebab_akhir=("klaim_jht", "phk", "pindah")[n % 3])
        )  # fmt: skip
        if n % 4 == 0:
            joined.append(
                row("kepesertaan", **who, kpj=f"{n + 100:011}", npp=JOINED, tgl_mulai="2025-10-15")
            )
        elif n % 4 < 3:
            record = "WL-0002" if n % 4 == 1 else "WL-0001"
            outside.append(row("sumber_pekerja", **who, id_sumber=record))
    left.append(row("kepesertaan", nik=STAYED, nama="Wahyuningsih Pratiwi", npp=LEFT))
    outside.append(row("sumber_pekerja", nik=MISSPELT, nama="Wahyuningsih Pratiwi"))
    # Turned away for a NIK that is there, but is none.
    left.append(row("kepesertaan", nik="317101", kpj="00000000499", npp=LEFT))
    for n in range(nameless):
        left.append(row("kepesertaan", nik="", kpj=f"{n + 500:011}", npp=LEFT))
        outside.append(row("sumber_pekerja", nik="", nama=f"Tanpa Nomor {n}"))
    return (
        write_csv(folder, "pemberi_kerja", [
            row("pemberi_kerja", npp=LEFT, kantor_cabang=office),
            row("pemberi_kerja", npp=JOINED, nama="PT Tujuan", npwp="023456789012000",
                nib="2234567890123", kantor_cabang=other, kode_wilayah="12.71"),
        ]),
        write_csv(folder, "kepesertaan", [*left, *joined]),
        write_csv(folder, "sumber_pemberi_kerja", [
            row("sumber_pemberi_kerja"),
            row("sumber_pemberi_kerja", id_sumber="WL-0002", nama="PT Belum Daftar",
                npwp="033456789012000"),
        ]),
        write_csv(folder, "sumber_pekerja", outside),
    )  # fmt: skip
