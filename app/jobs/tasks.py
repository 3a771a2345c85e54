"""The tasks themselves: thin, idempotent, each calls one service. Names are kept in the queue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.cases import workdays
from app.corrections import service as corrections
from app.corrections.gathering import Bench
from app.detection import between, figures, statistics, trials
from app.detection import service as detection
from app.detection.engines.choice import chosen
from app.infra import clock
from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import BlobStore
from app.registry import service as registry


@dataclass(frozen=True, slots=True)
class JobContext:
    settings: Settings
    database: Database
    store: BlobStore


Task = Callable[..., None]
SYSTEM: Final = "system:worker"


def run_import(context: JobContext, *, run_id: int) -> None:
    registry.execute_import(
        context.database,
        store=context.store,
        places=registry.folders(context.settings),
        run_id=run_id,
        clock=clock.now,
    )

    _ask_for_corrections(context)


def run_sweep(
    context: JobContext, *, snapshot_id: str, on: str, actor: str, accepted_loss: str = ""
) -> None:
    with context.database.transaction() as session:
        detection.run_requested_sweep(
            session,
            actor=actor,
            snapshot_id=snapshot_id,
            on=date.fromisoformat(on),
            snapshots_dir=context.settings.snapshots_dir,
            calendar=workdays.calendar(session),
            scratch=context.settings.scratch_dir,
            memory=context.settings.duckdb_memory,
            now=clock.now(),
            accepted_loss=accepted_loss,
            engine=chosen(context.settings),
        )
    # Only now is it known which flags of a case the corrected data no longer carry.
    _ask_for_corrections(context)


def wake_flags(context: JobContext, *, timestamp: int) -> None:
    """`timestamp` is the tick that asked; what was missed before it is caught up with it."""
    del timestamp
    with context.database.transaction() as session:
        detection.wake(session, actor=SYSTEM, now=clock.now())


def look_for_corrections(context: JobContext, *, actor: str) -> None:
    settings = context.settings
    with context.database.transaction() as session:
        corrections.look(
            session,
            actor=actor,
            bench=Bench(settings.snapshots_dir, settings.scratch_dir, settings.duckdb_memory),
            now=clock.now(),
        )


def run_rule_trial(context: JobContext, *, trial_id: int) -> None:
    trials.run_trial(
        context.database,
        trial_id=trial_id,
        bench=trials.Bench(
            snapshots_dir=context.settings.snapshots_dir,
            scratch=context.settings.scratch_dir,
            memory=context.settings.duckdb_memory,
            calendar_of=workdays.calendar,
            clock=clock.now,
        ),
    )


def run_retention(context: JobContext, *, snapshot_id: str, actor: str) -> None:
    with context.database.transaction() as session:
        statistics.run_requested_retention(
            session,
            actor=actor,
            snapshot_id=snapshot_id,
            places=_places(context.settings),
            calendar=workdays.calendar(session),
            now=clock.now(),
        )


def run_movement(context: JobContext, *, before_id: str, after_id: str, actor: str) -> None:
    with context.database.transaction() as session:
        between.run_requested_movement(
            session,
            actor=actor,
            before_id=before_id,
            after_id=after_id,
            places=_places(context.settings),
            now=clock.now(),
        )


def _ask_for_corrections(context: JobContext) -> None:
    """Queue the look: a damaged old snapshot must not undo the import or the sweep before it."""
    with context.database.transaction() as session:
        corrections.request(session, actor=SYSTEM)


def _places(settings: Settings) -> figures.Places:
    return figures.Places(
        snapshots=settings.snapshots_dir,
        scratch=settings.scratch_dir,
        memory=settings.duckdb_memory,
    )


TASKS: Final[Mapping[str, Task]] = {
    registry.TASK: run_import,
    detection.TASK: run_sweep,
    trials.TASK: run_rule_trial,
    statistics.TASK: run_retention,
    between.TASK: run_movement,
    corrections.TASK: look_for_corrections,
}
