"""`patuh import`: extracts become a snapshot."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from app.cli.console import ProgressBar, err, out, parse_day, print_json, refusals, say, warn
from app.cli.runtime import acting, legal_today, open_runtime
from app.corrections import service as corrections
from app.errors import Invalid
from app.infra import clock
from app.infra.wording import N_
from app.registry import service
from app.registry.schemas import ImportResult, SourceFile

EXTRACT_ENDINGS: Final = (".csv", ".txt", ".xlsx", ".parquet")
SHOWN: Final = 10


def import_extracts(
    paths: Annotated[list[Path], typer.Argument(help="Berkas atau folder ekstrak")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Hari keadaan data, YYYY-MM-DD; bawaan hari ini")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Cetak satu dokumen JSON")] = False,
) -> None:
    """Periksa ekstrak, catat baris yang ditolak dengan alasannya, dan buat potret data."""
    with refusals():
        day = parse_day(as_of, "--as-of") or legal_today()
        files = tuple(source_files(paths))
        with open_runtime() as runtime:
            with runtime.database.transaction() as session:
                principal = acting(session, None)
            try:
                with ProgressBar() as bar:
                    result = service.import_now(
                        runtime.database,
                        principal=principal,
                        places=service.folders(runtime.settings),
                        files=files,
                        as_of=day,
                        clock=clock.now,
                        report_progress=bar.report,
                    )
            except service.NothingUsable as refusal:
                # A program that asked for a document gets the reasons file by file too.
                if as_json:
                    print_json(refusal.result.as_json())
                raise
            with runtime.database.transaction() as session:
                corrections.request(session, actor=principal.actor)
    if as_json:
        print_json(result.as_json())
    else:
        show(result)


def source_files(paths: list[Path]) -> Iterator[SourceFile]:
    """Yield the files named, and the extracts inside folders named; `truth.csv` is no extract.

    Raises:
        Invalid: a path is not there, or a folder holds no extract.
    """
    for path in paths:
        if path.is_file():
            yield SourceFile(name=path.name, path=path)
            continue
        found = [
            inside
            for inside in (sorted(path.iterdir()) if path.is_dir() else ())
            if inside.suffix.lower() in EXTRACT_ENDINGS and inside.name != "truth.csv"
        ]
        if not found:
            raise Invalid("{path} tidak ada, atau folder itu tidak berisi ekstrak.", path=path)
        for inside in found:
            yield SourceFile(name=inside.name, path=inside)


def show(result: ImportResult) -> None:
    """Print the snapshot id on standard output and the report on standard error."""
    for name, info in result.tables.items():
        note = " (dari potret data sebelumnya)" if info.carried_over else ""
        rejected = 0 if info.carried_over else info.rejected
        err.print(
            f"{name:24} {info.rows:>10,} baris {rejected:>8,} ditolak{note}".replace(",", ".")
        )
    for file in result.rejected_files:
        err.print(f"{file.file}: {file.reason}", markup=False)
    for row in result.rejected[:SHOWN]:
        err.print(f"{row.table} baris {row.line}: {row.reason}", markup=False)
    if result.rejected_rows > SHOWN:
        warn(N_("… dan {count} baris lain."), count=result.rejected_rows - SHOWN)
    if result.rejected_rows and result.rejects_dir is not None:
        warn(N_("Baris yang ditolak, untuk diperbaiki: {folder}"), folder=result.rejects_dir)
    for one in result.assumptions:
        place = f"{one.table}.{one.column}" if one.column else one.table
        err.print(f"{place}: {one.what} ({one.count}×)", markup=False)
    for warning in result.warnings:
        err.print(warning, markup=False)
    if result.snapshot_id is None:
        say(N_("Tidak ada potret data yang dibuat."))
        return
    out.print(result.snapshot_id, markup=False)
