"""`patuh demo`: writes the extracts of a believable region, with the truth beside them."""

from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from app.cli.console import WrongUsage, err, out, parse_day, refusals, written
from app.demo import FORMATS, usual_formats, write_region

STORY_ENDS: Final = date(2026, 11, 20)


def demo(
    out_dir: Annotated[Path, typer.Option("--out", help="Folder tujuan")],
    employers: Annotated[int, typer.Option(help="Banyaknya pemberi kerja terdaftar")] = 2000,
    seed: Annotated[int, typer.Option(help="Benih: benih sama, berkas sama")] = 2026,
    formats: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="Dipisah koma: csv, xlsx, parquet; bawaan csv, mulai 8400 pemberi kerja parquet",
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Hari terakhir cerita, YYYY-MM-DD; bawaan 2026-11-20")
    ] = None,
) -> None:
    """Tulis enam ekstrak wilayah contoh dan truth.csv (apa yang ditanam)."""
    with refusals(), written(out_dir):
        wanted = usual_formats(employers)
        if formats is not None:
            wanted = tuple(dict.fromkeys(name.strip().lower() for name in formats.split(",")))
        unknown = [name for name in wanted if name not in FORMATS]
        if unknown:
            raise WrongUsage(
                "Format “{value}” tidak ada; pilih dari: csv, xlsx, parquet.", value=unknown[0]
            )
        report = write_region(
            out=out_dir,
            employers=employers,
            seed=seed,
            formats=wanted,
            today=parse_day(until, "--until") or STORY_ENDS,
        )
    for table, rows in report.rows.items():
        err.print(f"{table:24} {rows:>9,}".replace(",", "."))
    out.print(str(out_dir), markup=False)
