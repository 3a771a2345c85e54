"""`patuh start`, behind `make run`: the main job on the demo region, a table of it, then serve."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from app.accounts import queries as accounts
from app.accounts.demonstration import DEMO_PASSWORD, DEMO_PEOPLE
from app.accounts.permissions import BRANCH_HEAD, INSPECTOR
from app.cases import lists, workdays
from app.cases import queries as cases
from app.cases import service as casework
from app.cases.schemas import CaseFilter
from app.cases.stages import STAGE_LABELS, Stage
from app.cli.console import ProgressBar, err, out, refusals, say
from app.cli.demo import STORY_ENDS
from app.cli.operations import require_free, serve_runtime
from app.cli.registry import source_files
from app.cli.runtime import Runtime, acting, legal_today, open_runtime
from app.cli.statistics import compute
from app.demo import write_region
from app.demo.casework import ARREARS_STORY, BREACH_STORY, Beat, Cast, opened_on, walk
from app.demo.offices import furnish
from app.detection import queries as flags
from app.detection import service as detection
from app.detection import statistics
from app.detection.retention import DEFINITION
from app.detection.schemas import OPEN_STATUSES, RULE_CODES, FlagFilter, FlagView, SweepReport
from app.infra import clock
from app.infra.wording import N_
from app.packets import queries as packet_queries
from app.packets import service as packets
from app.packets.schemas import PacketView
from app.registry import queries as registry_queries
from app.registry import service as registry
from app.registry.schemas import SnapshotView
from app.registry.snapshots import TABLES

# The rules first looked at are those of four months ago: that is when the demo's cases begin.
START_LOCK: Final = 7209
LISTENS_ON: Final = "127.0.0.1"
FIRST_LOOK: Final = timedelta(days=115)


@dataclass(frozen=True, slots=True)
class Plot:
    """`count` cases on the strongest flags of `rule`, each taken `steps` beats along `story`."""

    rule: str
    story: Sequence[Beat]
    steps: int
    count: int


PLOTS: Final = (
    Plot("PIUTANG", ARREARS_STORY, steps=7, count=2),
    Plot("PDS_TK", BREACH_STORY, steps=8, count=1),
    Plot("PIUTANG", ARREARS_STORY, steps=6, count=1),
    Plot("PDS_UPAH", BREACH_STORY, steps=6, count=1),
    Plot("PDS_PROGRAM", BREACH_STORY, steps=5, count=1),
    Plot("PWBD", BREACH_STORY, steps=3, count=1),
    Plot("PIUTANG", ARREARS_STORY, steps=3, count=1),
    Plot("LAPSED", BREACH_STORY, steps=1, count=1),
    Plot("PWBD", BREACH_STORY, steps=0, count=1),
)


@dataclass(slots=True)
class Made:
    """What the run made, for the table at its end."""

    snapshot: SnapshotView | None = None
    sweep: SweepReport | None = None
    packets: list[PacketView] = field(default_factory=list)


def start(
    port: Annotated[int, typer.Option(help="Porta yang didengarkan", min=1, max=65535)] = 8000,
    employers: Annotated[int, typer.Option(help="Besar wilayah contoh")] = 2000,
    *,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="Berhenti setelah tabel, tanpa melayani peramban")
    ] = False,
) -> None:
    """Kerjakan tugas utama pada wilayah contoh (sekali), lalu layani http://127.0.0.1:8000."""
    with refusals():
        if not no_serve:
            require_free(LISTENS_ON, port)
        with open_runtime() as opened:
            settings = replace(opened.settings, demo_accounts=True)
            runtime = replace(opened, settings=settings)
            # A second start that comes meanwhile waits, and finds everything done.
            with ProgressBar() as bar, runtime.database.sign_of_life(START_LOCK, 0):
                made = main_job(runtime, employers=employers, bar=bar)
            show(runtime, made)
            if no_serve:
                return
            say(
                N_("Patuh melayani di {address} (berhenti: Ctrl+C)."),
                address=f"http://{LISTENS_ON}:{port}",
            )
            serve_runtime(runtime, host=LISTENS_ON, port=port, worker=True)


def main_job(runtime: Runtime, *, employers: int, bar: ProgressBar) -> Made:
    """Do what is not done yet: a run that was stopped goes on where it was, a second does nothing.

    Raises:
        AppError: a service refused; what was finished before stays.
    """
    story_ends = min(legal_today(), STORY_ENDS)
    made = Made()
    with runtime.database.transaction() as session:
        made.snapshot = registry_queries.latest_snapshot(session)
    if made.snapshot is None:
        bar.report("Menulis wilayah contoh", 0, 4)
        folder = runtime.settings.data_dir / "demo"
        region = write_region(
            out=folder, employers=employers, seed=2026, formats=("csv",), today=story_ends
        )
        with runtime.database.transaction() as session:
            furnish(session, offices=region.offices, now=clock.now())
        bar.report("Mengimpor", 1, 4)
        _import(runtime, folder, story_ends)
        with runtime.database.transaction() as session:
            made.snapshot = registry_queries.latest_snapshot(session)
    assert made.snapshot is not None  # noqa: S101 - just imported
    with runtime.database.transaction() as session:
        swept = flags.latest_sweep(session)
    bar.report("Menyapu", 2, 4)
    if swept is None:
        _sweep(runtime, made.snapshot, story_ends - FIRST_LOOK)
    bar.report("Membuka kasus dan menyusun berkas", 3, 4)
    if swept is None or swept.on < story_ends:
        _cases(runtime, story_ends)
        made.sweep = _sweep(runtime, made.snapshot, story_ends)
    made.packets = _packets(runtime)
    with runtime.database.transaction() as session:
        counted = statistics.latest_retention(session, principal=acting(session, None))
    if counted is None or counted.definition < DEFINITION:
        compute(runtime, made.snapshot.id)
    return made


def _import(runtime: Runtime, folder: Path, as_of: date) -> None:
    with runtime.database.transaction() as session:
        principal = acting(session, None)
    registry.import_now(
        runtime.database,
        principal=principal,
        places=registry.folders(runtime.settings),
        files=tuple(source_files([folder])),
        as_of=as_of,
        clock=clock.now,
        report_progress=lambda _label, _done, _total: None,
    )


def _sweep(runtime: Runtime, snapshot: SnapshotView, on: date) -> SweepReport:
    with runtime.database.transaction() as session:
        return detection.sweep(
            session,
            principal=acting(session, None),
            snapshot=snapshot,
            snapshots_dir=runtime.settings.snapshots_dir,
            on=on,
            calendar=workdays.calendar(session),
            scratch=runtime.settings.scratch_dir,
            memory=runtime.settings.duckdb_memory,
            now=clock.now(),
        )


def _cases(runtime: Runtime, ends_on: date) -> None:
    """Open and walk the cases of PLOTS, each in its own transaction, each at most once."""
    with runtime.database.transaction() as session:
        cast = Cast(
            inspector=accounts.principal_by_email(session, email=_email(INSPECTOR)),
            head=accounts.principal_by_email(session, email=_email(BRANCH_HEAD)),
        )
        done = len(_open_cases(runtime, cast, ends_on))
    planned = [one for one in PLOTS for _ in range(one.count)]
    for plot in planned[done:]:
        _one_case(runtime, plot, cast, ends_on)
    _seal(runtime, cast, ends_on)


def _one_case(runtime: Runtime, plot: Plot, cast: Cast, ends_on: date) -> None:
    story, now = plot.story[: plot.steps], clock.now()
    with runtime.database.transaction() as session:
        flag = _strongest(
            flags.flags(
                session,
                principal=cast.inspector,
                filter=FlagFilter(
                    rule=plot.rule, status=OPEN_STATUSES, office=cast.inspector.office_code
                ),
                cursor=None,
                limit=50,
            ).items
        )
        if flag is None:
            return
        opened = casework.open_from_flags(
            session,
            principal=cast.inspector,
            flag_ids=[flag.id],
            employer=None,
            note="Dibuka dari sapuan wilayah contoh.",
            snapshots_dir=runtime.settings.snapshots_dir,
            on=opened_on(plot.story, ends_on=ends_on, calendar=workdays.calendar(session)),
            now=now,
        )
        walk(
            session,
            case_id=opened.id,
            story=story,
            cast=cast,
            ends_on=ends_on,
            store=runtime.store,
            now=now,
        )


def _seal(runtime: Runtime, cast: Cast, ends_on: date) -> None:
    """Seal the packet of every referred case; one that is sealed already stays as it is."""
    with runtime.database.transaction() as session:
        wanted = CaseFilter(on=ends_on, stages=frozenset({Stage.REFERRAL}), limit=200)
        page = lists.cases(session, principal=cast.head, filter=wanted)
    for row in page.items:
        with runtime.database.transaction() as session:
            packets.build(
                session,
                principal=cast.head,
                case=row.id,
                cutoff=ends_on,
                store=runtime.store,
                snapshots_dir=runtime.settings.snapshots_dir,
                out_dir=runtime.settings.data_dir / "packets",
                on=ends_on,
                now=clock.now(),
            )


def _strongest(found: Sequence[FlagView]) -> FlagView | None:
    """Return the first flag, which the list sorts by score."""
    return found[0] if found else None


def _open_cases(runtime: Runtime, cast: Cast, on: date) -> list[str]:
    with runtime.database.transaction() as session:
        page = lists.cases(session, principal=cast.inspector, filter=CaseFilter(on=on, limit=200))
        return [row.number for row in page.items]


def _packets(runtime: Runtime) -> list[PacketView]:
    with runtime.database.transaction() as session:
        page = packet_queries.packets(
            session, principal=acting(session, None), case_id=None, limit=50, cursor=None
        )
        return list(page.items)


def _email(role: str) -> str:
    return next(person.email for person in DEMO_PEOPLE if person.role == role)


def show(runtime: Runtime, made: Made) -> None:
    """Print the table of what there is: rows, flags by rule, cases by stage, packets."""
    table = Table(title="Patuh", show_header=False, title_justify="left")
    table.add_column("Bagian")
    table.add_column("Rincian")
    table.add_column("Jumlah", justify="right")
    if made.snapshot is not None:
        for name in TABLES:
            info = made.snapshot.tables[name]
            table.add_row("Ekstrak", name, _count(info.rows, info.rejected))
        table.add_section()
    with runtime.database.transaction() as session:
        operator = acting(session, None)
        found = flags.flag_counts(session, principal=operator)
        counted = cases.case_counts(session, principal=operator, on=legal_today())
    for rule in RULE_CODES:
        statuses = found.by_rule.get(rule, {})
        seen = sum(number for status, number in statuses.items() if status != "hilang")
        table.add_row("Temuan", rule, _number(seen))
    table.add_section()
    for stage, label in STAGE_LABELS.items():
        if number := counted.by_stage.get(stage, 0):
            table.add_row("Kasus", label, _number(number))
    table.add_section()
    for packet in made.packets:
        table.add_row("Berkas", packet.number, f"{packet.pages} halaman")
    out.print(table)
    if made.packets:
        say(N_("Berkas rujukan: {folder}"), folder=runtime.settings.data_dir / "packets")
    say(N_("Akun contoh (kata sandi {password}):"), password=DEMO_PASSWORD)
    for person in DEMO_PEOPLE:
        err.print(f"  {person.email:32} {person.title}", markup=False)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _count(rows: int, rejected: int) -> str:
    return f"{_number(rows)} baris, {_number(rejected)} ditolak"
