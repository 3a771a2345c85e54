"""`patuh corrections`: look for corrections of the past, and list those that wait."""

from dataclasses import asdict
from typing import Annotated, Final

import typer

from app.cli.console import out, print_json, refusals, say, warn
from app.cli.runtime import acting, open_runtime
from app.corrections import queries, service
from app.corrections.gathering import Bench
from app.corrections.schemas import CorrectionView
from app.infra import clock
from app.infra.paging import LARGEST_PAGE
from app.infra.wording import N_

corrections = typer.Typer(no_args_is_help=True, help="Koreksi data masa lalu.")
_UNREADABLE: Final = N_(
    "{count} surat atau berkas tidak dapat diperiksa: datanya sudah tidak ada, atau kalendernya "
    "belum dimuat."
)


@corrections.callback()
def _corrections() -> None:
    """Koreksi data masa lalu."""


@corrections.command("look")
def look(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Cetak satu dokumen JSON")] = False,
) -> None:
    """Bandingkan setiap surat dan berkas kasus terbuka dengan data terbaru."""
    with refusals(), open_runtime() as runtime:
        settings = runtime.settings
        with runtime.database.transaction() as session:
            looked = service.look_for(
                session,
                principal=acting(session, None),
                bench=Bench(settings.snapshots_dir, settings.scratch_dir, settings.duckdb_memory),
                now=clock.now(),
            )
    if as_json:
        print_json(asdict(looked))
        return
    if looked.unreadable:
        warn(_UNREADABLE, count=looked.unreadable)
    say(
        N_("{papers} surat dan berkas diperiksa: {opened} koreksi baru, {lapsed} gugur."),
        papers=looked.papers,
        opened=looked.opened,
        lapsed=looked.lapsed,
    )


@corrections.command("list")
def list_open(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Cetak satu dokumen JSON")] = False,
) -> None:
    """Tampilkan koreksi yang menunggu putusan."""
    with refusals(), open_runtime() as runtime, runtime.database.transaction() as session:
        found: list[CorrectionView] = []
        cursor, principal = None, acting(session, None)
        while True:
            page = queries.corrections(
                session, principal=principal, state="terbuka", limit=LARGEST_PAGE, cursor=cursor
            )
            found += page.items
            if (cursor := page.next) is None:
                break
    if as_json:
        print_json([_document(one) for one in found])
        return
    for one in found:
        paper = f"{one.label} {one.number}" if one.number != one.case_number else one.label
        head = f"{one.case_number}  {paper}, {one.told_on.isoformat()}  {one.proposal.upper()}"
        out.print(head, markup=False)
        out.print(f"  {one.why}", markup=False)
    if not found:
        say(N_("Tidak ada koreksi yang menunggu putusan."))


def _document(one: CorrectionView) -> dict[str, object]:
    weight = one.weight
    return {
        "id": one.id,
        "case": one.case_number,
        "kind": one.kind,
        "paper": one.key,
        "number": one.number,
        "told_on": one.told_on,
        "snapshot_was": one.basis_snapshot_id,
        "snapshot": one.snapshot_id,
        "total_was": weight.total_was,
        "total": weight.total,
        "workers": weight.workers,
        "sources": weight.sources,
        "told_was": weight.told_was,
        "told": weight.told,
        "registered_as": weight.registered_as,
        "fallen": list(weight.fallen),
        "ground": weight.ground,
        "proposal": one.proposal,
        "why": str(one.why),
    }
