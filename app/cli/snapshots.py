"""`patuh snapshots prune`: remove the files of old snapshots that nothing rests on any more."""

from typing import Annotated, Final

import typer

from app.cli.console import print_json, refusals, say, warn
from app.cli.runtime import acting, legal_today, open_runtime
from app.corrections.holdings import holdings
from app.infra import clock
from app.infra.wording import N_
from app.registry import pruning

NAMED: Final = 3

snapshots = typer.Typer(no_args_is_help=True, help="Potret data yang tersimpan.")


@snapshots.callback()
def _snapshots() -> None:
    """Potret data yang tersimpan."""


@snapshots.command("prune")
def prune(
    keep_months: Annotated[
        int, typer.Option("--keep-months", help="Masa simpan dalam bulan; paling sedikit 12")
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tampilkan saja, jangan hapus")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Cetak satu dokumen JSON")] = False,
) -> None:
    """Hapus berkas potret data yang lewat masa simpan, kecuali yang masih menjadi dasar sesuatu."""
    with refusals(), open_runtime() as runtime:
        freed = 0
        with runtime.database.transaction() as session:
            principal = acting(session, None)
            pruning.stand_still(session)
            decided = pruning.plan(
                session,
                principal=principal,
                keep_months=keep_months,
                held=holdings(session),
                on=legal_today(),
            )
            if not dry_run:
                pruning.mark_removed(
                    session,
                    principal=principal,
                    decided=decided,
                    keep_months=keep_months,
                    now=clock.now(),
                )
        if not dry_run:
            with runtime.database.transaction() as session:
                freed = pruning.delete_files(session, snapshots_dir=runtime.settings.snapshots_dir)
    if as_json:
        print_json(
            {
                "oldest_kept": decided.oldest_kept,
                "dry_run": dry_run,
                "removed": [{"id": one.id, "as_of": one.as_of} for one in decided.removable],
                "held": [
                    {"id": one.id, "as_of": one.as_of, "by": one.held_by} for one in decided.held
                ],
                "freed_bytes": freed,
            }
        )
        return
    _show(decided, dry_run=dry_run, freed=freed)


def _show(decided: pruning.Plan, *, dry_run: bool, freed: int) -> None:
    for one in decided.held:
        rest = len(one.held_by) - NAMED
        warn(
            N_("{id} per {day} tetap disimpan: dasar {names}{more}."),
            id=one.id,
            day=one.as_of,
            names=", ".join(one.held_by[:NAMED]),
            more=f", +{rest}" if rest > 0 else "",
        )
    for one in decided.removable:
        say(
            N_("{id} per {day} akan dihapus.") if dry_run else N_("{id} per {day} dihapus."),
            id=one.id,
            day=one.as_of,
        )
    if not decided.removable:
        say(N_("Tidak ada potret data sebelum {day} yang dapat dihapus."), day=decided.oldest_kept)
    elif not dry_run:
        say(N_("{size} bait dibebaskan."), size=freed)
