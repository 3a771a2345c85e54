"""`patuh packet` and `patuh verify`: build a referral packet, check one offline."""

from pathlib import Path
from typing import Annotated

import typer

from app.cases.defects import Severity
from app.cli.console import REFUSED, err, out, parse_day, refusals, say, warn
from app.errors import Invalid
from app.infra.settings import language
from app.infra.wording import N_, sentence


def packet(
    case: Annotated[str, typer.Argument(help="Nomor kasus atau id-nya")],
    cutoff: Annotated[str, typer.Option(help="Tanggal acuan angka, YYYY-MM-DD")],
    out_dir: Annotated[Path, typer.Option("--out", help="Folder tujuan")],
    user: Annotated[
        str | None,
        typer.Option(help="Surel petugas yang menyegel; tanpa itu berkas belum menjadi langkah"),
    ] = None,
) -> None:
    """Susun dan segel berkas rujukan sebuah kasus.

    Berkas disusun atas persetujuan dua orang pada kasus itu. Dengan --user, penyegelannya dicatat
    sebagai langkah kasus; tanpa itu, belum: hanya orang yang bernama memberi akibat hukum.
    """
    from app.cli.runtime import acting, legal_today, open_runtime  # noqa: PLC0415 - verify needs none
    from app.infra import clock  # noqa: PLC0415
    from app.packets import service  # noqa: PLC0415

    with refusals():
        day = parse_day(cutoff, "--cutoff")
        if day is None:
            raise Invalid("--cutoff wajib diisi; tulis YYYY-MM-DD.")
        with open_runtime() as runtime, runtime.database.transaction() as session:
            view = service.build(
                session,
                principal=acting(session, user),
                case=int(case) if case.isascii() and case.isdecimal() else case,
                cutoff=day,
                store=runtime.store,
                snapshots_dir=runtime.settings.snapshots_dir,
                out_dir=out_dir,
                on=legal_today(),
                now=clock.now(),
            )
    if view.already:
        warn(N_("Berkas ini sudah disegel sebelumnya; isinya sama."))
    if not view.on_record:
        warn(
            N_(
                "Belum ada orang yang bernama di balik berkas ini: langkah “Segel berkas rujukan” "
                "belum dicatat pada kasus. Ulangi dengan --user SUREL, atau segel di halaman kasus."
            )
        )
    for defect in view.defects:
        if defect.severity is Severity.REPAIRABLE:
            warn(N_("Perhatian: {defect}"), defect=sentence(defect.sentence, language()))
    err.print(f"{view.number}: {view.pages} halaman, SHA-256 {view.pdf_sha256}", markup=False)
    out.print(str(view.folder), markup=False)


def verify(
    path: Annotated[Path, typer.Argument(help="PDF, folder berkas, atau ZIP")],
) -> None:
    """Periksa keutuhan berkas rujukan tanpa jaringan; kode keluar 0 hanya bila semuanya utuh."""
    from app.packets.verify import verify as check  # noqa: PLC0415 - `packet` loads enough already

    with refusals():
        report = check(path)
    for problem in report.problems:
        name = f"{problem.field}: " if problem.field else ""
        err.print(f"{name}{sentence(problem, language())}", markup=False)
    if not report.ok:
        warn(N_("Berkas TIDAK utuh."))
        raise typer.Exit(REFUSED)
    say(
        N_("Utuh: {packets}; {count} berkas diperiksa."),
        packets=", ".join(report.packets),
        count=report.checked,
    )
