"""`patuh statistics`: compute a statistic, or prove that it is the same."""

from datetime import datetime
from typing import Annotated

import typer

from app.cases import workdays
from app.cli.console import print_json, refusals, say
from app.cli.runtime import Runtime, acting, legal_today, open_runtime
from app.detection import figures, selection_report
from app.detection import statistics as service
from app.detection.retention import DEFINITION
from app.detection.selection import to_table
from app.errors import Refused
from app.infra import clock
from app.infra.wording import N_
from app.registry import queries as registry

statistics = typer.Typer(no_args_is_help=True, help="Statistik yang dapat dihitung ulang.")


@statistics.callback()
def _statistics() -> None:
    """Statistik yang dapat dihitung ulang."""


@statistics.command("retention")
def retention(
    snapshot: Annotated[str | None, typer.Option(help="Id snapshot; bawaan: yang terbaru")] = None,
    *,
    definition: Annotated[
        int,
        typer.Option(min=1, max=DEFINITION, help="Versi definisi; yang lama hanya dihitung ulang"),
    ] = DEFINITION,
    as_json: Annotated[bool, typer.Option("--json", help="Cetak satu dokumen JSON")] = False,
) -> None:
    """Hitung retensi peserta; bila sudah ada, hitung ulang dan bandingkan."""
    with refusals():
        with open_runtime() as runtime:
            found = compute(runtime, snapshot, definition=definition)
        if as_json:
            print_json(
                {
                    "snapshot_id": found.statistic.snapshot_id,
                    "definition": found.statistic.definition,
                    "terms": found.statistic.terms.as_json(),
                    "cells": found.statistic.cells,
                    "sha256": found.statistic.sha256,
                    "first": found.first,
                    "same": found.same,
                }
            )
        if not found.same:
            raise Refused(
                "Hasil hitung ulang retensi potret data {snapshot} berbeda dari yang tersimpan.",
                snapshot=found.statistic.snapshot_id,
            )
    if not as_json:
        say(
            N_("Retensi dihitung: {cells} sel, {sha256}.")
            if found.first
            else N_("Dihitung ulang: sama, {cells} sel, {sha256}."),
            cells=found.statistic.cells,
            sha256=found.statistic.sha256,
        )


@statistics.command("selection")
def selection(
    office: Annotated[str, typer.Option(help="Kode kantor; kantor di bawahnya ikut dihitung")],
    first: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Hari pertama")],
    last: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Hari terakhir; bawaan: hari ini"),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Cetak satu dokumen JSON")] = False,
) -> None:
    """Hitung laporan seleksi: temuan di samping kunjungan kontrol yang diundi."""
    with refusals():
        with open_runtime() as runtime, runtime.database.transaction() as session:
            today = legal_today()
            found = selection_report.compute_report(
                session,
                principal=acting(session, None),
                office_code=office,
                first=first.date(),
                last=today if last is None else last.date(),
                snapshots_dir=runtime.settings.snapshots_dir,
                on=today,
                now=clock.now(),
            )
        view, whole = found.view, found.view.report.whole
        if as_json:
            print_json(
                {
                    "id": view.figure.id,
                    "definition": view.figure.definition,
                    "terms": view.terms.as_json(),
                    "sha256": view.figure.sha256,
                    "remarks": [str(one.kind) for one in view.remarks],
                    "rows": to_table(view.report).to_pylist(),
                }
            )
        else:
            visits, breaks = (whole.base.trials, whole.base.hits) if whole.base else (0, 0)
            say(
                N_(
                    "Laporan seleksi {id} dihitung: {visits} kunjungan kontrol, {breaks} "
                    "melanggar, {sha256}."
                ),
                id=view.figure.id,
                visits=visits,
                breaks=breaks,
                sha256=view.figure.sha256,
            )


def compute(
    runtime: Runtime, snapshot: str | None, *, definition: int = DEFINITION
) -> service.Rerun:
    """Compute, or compute again, for the snapshot named or the latest.

    Raises:
        NotFound: there is no such snapshot, or nothing kept of an earlier definition.
        Refused: there is no snapshot at all.
    """
    settings = runtime.settings
    with runtime.database.transaction() as session:
        view = (
            registry.snapshot_by_id(session, snapshot)
            if snapshot is not None
            else registry.latest_snapshot(session)
        )
        if view is None:
            raise Refused("Belum ada potret data; impor ekstrak dahulu dengan `patuh import`.")
        return service.compute_retention(
            session,
            principal=acting(session, None),
            snapshot=view,
            places=figures.Places(
                snapshots=settings.snapshots_dir,
                scratch=settings.scratch_dir,
                memory=settings.duckdb_memory,
            ),
            calendar=workdays.calendar(session),
            now=clock.now(),
            definition=definition,
        )
