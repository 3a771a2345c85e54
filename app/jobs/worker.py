"""The background worker: takes jobs from PostgreSQL, retries what a killed worker left behind."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import procrastinate
import structlog
from procrastinate import App, PsycopgConnector

from app.infra.database import sqlalchemy_url
from app.jobs.tasks import TASKS, JobContext, Task

log = structlog.get_logger()

# A worker that is alive says so every ten seconds; after this long without a sign it is dead.
DEAD_AFTER: Final = timedelta(seconds=60)
CONCURRENCY: Final = 2
ATTEMPTS: Final = 3


def jobs_app(context: JobContext) -> App:
    """Return the queue with every task of this release bound to `context`."""
    url = sqlalchemy_url(context.database.url).set(drivername="postgresql")
    app = App(connector=PsycopgConnector(conninfo=url.render_as_string(hide_password=False)))
    for name, task in TASKS.items():
        retry = procrastinate.RetryStrategy(max_attempts=ATTEMPTS, wait=5)
        app.task(name=name, retry=retry)(_in_thread(task, context))

    @app.periodic(cron="* * * * *")
    @app.task(name="retry_dead_workers_jobs", pass_context=True)
    async def retry_dead_workers_jobs(job_context: object, timestamp: int) -> None:
        """Run again what a worker was doing when it died; every task may be run twice."""
        del job_context, timestamp
        await take_over(app)

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
    asyncio.run(_work(context, wait=True, install_signal_handlers=True))


def run_in_thread(context: JobContext) -> None:
    """Work until the process ends; signals belong to the main thread."""
    asyncio.run(_work(context, wait=True, install_signal_handlers=False))


def drain(context: JobContext) -> None:
    """Do all work that is queued now, then return."""
    asyncio.run(_work(context, wait=False, install_signal_handlers=False))


async def _work(context: JobContext, *, wait: bool, install_signal_handlers: bool) -> None:
    app = jobs_app(context)
    async with app.open_async():
        await take_over(app)
        await app.run_worker_async(
            concurrency=CONCURRENCY,
            wait=wait,
            install_signal_handlers=install_signal_handlers,
            listen_notify=wait,
            fetch_job_polling_interval=2.0,
        )


def _in_thread(task: Task, context: JobContext) -> Callable[..., Awaitable[None]]:
    """Return the task as a coroutine whose blocking work keeps the heartbeat going."""

    async def run(**args: str | int) -> None:
        await asyncio.to_thread(task, context, **args)

    return run
