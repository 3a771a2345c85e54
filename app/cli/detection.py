"""`patuh sweep`, `patuh flags export`, `patuh flags wake`: from a snapshot to flags."""

import csv
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app.cases import workdays
from app.cli.console import (
    WrongUsage,
    err,
    out,
    parse_day,
    print_json,
    refusals,
    say,
    warn,
    written,
)
from app.cli.runtime import CLI_ACTOR, acting, legal_today, open_runtime
from app.corrections import service as corrections
from app.detection import queries, service
from app.detection.engines.choice import chosen
from app.detection.schemas import EXPORT_COLUMNS
from app.errors import Refused
from app.infra import clock
from app.infra.settings import ENGINES
from app.infra.spreadsheets import guarded
from app.infra.wording import N_
from app.registry import queries as registry

flags = typer.Typer(no_args_is_help=True, help="Temuan hasil sapuan.")


@flags.callback()
def _flags() -> None:
    """Temuan hasil sapuan."""


def sweep(
    snapshot: Annotated[
        str | None, typer.Option(help="Id potret data; bawaan: yang terbaru")
    ] = None,
    on: Annotated[str | None, typer.Option(help="Hari hukum, YYYY-MM-DD; bawaan hari ini")] = None,
    engine: Annotated[
        str | None, typer.Option(help="Mesin: duckdb atau spark; bawaan PATUH_ENGINE, duckdb")
    ] = None,
    *,
    accept_loss: Annotated[
        str, typer.Option(help="Alasan mengapa susutnya sumber memang benar; tercatat pada audit")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Hitung saja, jangan simpan")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Cetak satu dokumen JSON")] = False,
) -> None:
    """Tautkan sumber, jalankan keenam aturan, dan perbarui temuan."""
    with refusals():
        if engine not in {None, *ENGINES}:
            raise WrongUsage(
                "Mesin “{engine}” tidak tersedia; yang ada: duckdb, spark.", engine=engine
            )
        day = parse_day(on, "--on") or legal_today()
        with open_runtime() as runtime, runtime.database.transaction() as session:
            view = (
                registry.snapshot_by_id(session, snapshot)
                if snapshot is not None
                else registry.latest_snapshot(session)
            )
            if view is None:
                raise Refused("Belum ada potret data; impor ekstrak dahulu dengan `patuh import`.")
            act = (
                service.preview_sweep
                if dry_run
                else partial(service.sweep, now=clock.now(), accepted_loss=accept_loss)
            )
            report = act(
                session,
                principal=acting(session, None),
                snapshot=view,
                snapshots_dir=runtime.settings.snapshots_dir,
                on=day,
                calendar=workdays.calendar(session),
                scratch=runtime.settings.scratch_dir,
                memory=runtime.settings.duckdb_memory,
                engine=chosen(runtime.settings, engine),
            )
            if not dry_run:
                corrections.request(session, actor=CLI_ACTOR)
    if as_json:
        print_json(report.as_json())
        return
    err.print(f"snapshot {report.snapshot_id}, {report.on.isoformat()}", markup=False)
    out.print(f"{'':12} {'baru':>8} {'tetap':>8} {'hilang':>8}", markup=False)
    for code, counts in report.rules.items():
        row = f"{code:12} {counts.new:>8} {counts.still:>8} {counts.gone:>8}"
        out.print(row, markup=False)
    for note in report.notes:
        warn(note.template, **note.values)


@flags.command("wake")
def wake(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Cetak satu dokumen JSON")] = False,
) -> None:
    """Kembalikan ke antrean temuan yang penundaan atau pengecualiannya sudah berakhir."""
    with refusals(), open_runtime() as runtime, runtime.database.transaction() as session:
        woken = service.wake(session, actor=CLI_ACTOR, now=clock.now())
    if as_json:
        print_json(asdict(woken))
        return
    say(
        N_("{snoozes} penundaan dan {exceptions} pengecualian berakhir; temuannya baru lagi."),
        snoozes=woken.snoozes,
        exceptions=woken.exceptions,
    )


@flags.command("export")
def export(
    file: Annotated[Path, typer.Option("--out", help="Berkas CSV tujuan")],
) -> None:
    """Tulis semua temuan ke CSV; teks yang mirip rumus diberi tanda petik di depannya."""
    with refusals(), written(file), open_runtime() as runtime:
        unfinished = file.with_name(file.name + ".partial")
        file.parent.mkdir(parents=True, exist_ok=True)
        count = 0
        with (
            runtime.database.transaction() as session,
            unfinished.open("w", encoding="utf-8", newline="") as target,
        ):
            writer = csv.writer(target)
            writer.writerow(EXPORT_COLUMNS)
            for row in queries.export_rows(session, principal=acting(session, None)):
                writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
                count += 1
        unfinished.replace(file)
    say(N_("{count} temuan ditulis ke {file}."), count=count, file=file)
