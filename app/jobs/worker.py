"""The background worker: takes jobs from PostgreSQL, retries what a killed worker left behind."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

import procrastinate
import structlog
from procrastinate import App, PsycopgConnector

from app.detection import service as detection
from app.infra import clock
from app.infra.database import sqlalchemy_url
from app.infra.scratch import clear_leftovers
from app.jobs.tasks import TASKS, JobContext, Task, wake_flags
from app.registry import service as registry

log = structlog.get_logger()

# A worker that is alive says so every ten seconds; after this long without a sign it is dead.
DEAD_AFTER: Final = timedelta(seconds=60)
# How long after losing the database the work is taken up again.
RESUMES_AFTER: Final = timedelta(seconds=3)
POOL_SECONDS: Final = 10.0
STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
CONCURRENCY: Final = 2
ATTEMPTS: Final = 3
# Midnight comes three times a day, and each hour is soon enough after a worker was away.
WAKES_AT: Final = "1 * * * *"


def jobs_app(context: JobContext) -> App:
    """Return the queue with every task of this release bound to `context`."""
    url = sqlalchemy_url(context.database.url).set(drivername="postgresql")
    app = App(
        connector=PsycopgConnector(
            conninfo=url.render_as_string(hide_password=False), timeout=POOL_SECONDS
        )
    )
    for name, task in TASKS.items():
        retry = procrastinate.RetryStrategy(max_attempts=ATTEMPTS, wait=5)
        app.task(name=name, retry=retry)(_in_thread(task, context))

    # In the queue behind a sweep rather than waiting at its lock.
    waking = app.task(
        name=wake_flags.__name__,
        retry=procrastinate.RetryStrategy(max_attempts=ATTEMPTS, wait=5),
        lock=detection.QUEUE_LOCK,
        queueing_lock=wake_flags.__name__,
    )(_in_thread(wake_flags, context))
    app.periodic(cron=WAKES_AT)(waking)

    @app.periodic(cron="* * * * *")
    @app.task(name="retry_dead_workers_jobs", pass_context=True)
    async def retry_dead_workers_jobs(job_context: object, timestamp: int) -> None:
        """Run again what a worker was doing when it died; every task may be run twice."""
        del job_context, timestamp
        await take_over(app)
        await asyncio.to_thread(_close_dead_imports, context)

    return app


async def take_over(app: App) -> int:
    """Put the jobs of dead workers back into the queue and return how many there were."""
    manager, limit = app.job_manager, DEAD_AFTER.total_seconds()
    jobs = list(await manager.get_stalled_jobs(seconds_since_heartbeat=limit))
    for job in jobs:
        await manager.retry_job(job)
        log.warning("job_taken_over", task=job.task_name, job=job.id)
    await manager.prune_stalled_workers(limit)
    return len(jobs)


def run(context: JobContext) -> None:
    """Work until the process is told to stop."""
    asyncio.run(_until_signal(context))


def run_in_thread(context: JobContext) -> None:
    """Work until the process ends; signals belong to the main thread."""
    asyncio.run(work_until(asyncio.Event(), context))


def drain(context: JobContext) -> None:
    """Do all work that is queued now, then return."""
    asyncio.run(_work(context, wait=False))


async def _until_signal(context: JobContext) -> None:
    stopped = asyncio.Event()
    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await work_until(stopped, context)


async def work_until(stopped: asyncio.Event, context: JobContext) -> None:
    """Work until `stopped` is set, then let running jobs finish.

    The queue gives up when it loses the database: a worker that stayed away until somebody
    restarts the process would leave every import waiting, and say nothing.
    """
    cleared = clear_leftovers(context.settings.scratch_dir)
    if cleared:
        log.info("leftovers_cleared", folders=cleared)
    told = asyncio.ensure_future(stopped.wait())
    while not stopped.is_set():
        work = asyncio.ensure_future(_work(context, wait=True))
        await asyncio.wait({work, told}, return_when=asyncio.FIRST_COMPLETED)
        if stopped.is_set():
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            return
        failure = work.exception()
        log.warning("worker_resumes", because=type(failure).__name__ if failure else "stopped")
        await asyncio.wait({told}, timeout=RESUMES_AFTER.total_seconds())


async def _work(context: JobContext, *, wait: bool) -> None:
    app = jobs_app(context)
    async with app.open_async():
        await take_over(app)
        await app.run_worker_async(
            concurrency=CONCURRENCY,
            wait=wait,
            install_signal_handlers=False,
            listen_notify=wait,
            fetch_job_polling_interval=2.0,
        )


def _close_dead_imports(context: JobContext) -> None:
    with context.database.transaction() as session:
        registry.close_dead_imports(session, now=clock.now())


def _in_thread(task: Task, context: JobContext) -> Callable[..., Awaitable[None]]:
    """Return the task as a coroutine whose blocking work keeps the heartbeat going."""

    async def run(**args: str | int) -> None:
        await asyncio.to_thread(task, context, **args)

    return run
