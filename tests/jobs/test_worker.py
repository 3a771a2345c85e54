"""Jobs commit with their cause, run again when they fail, and survive a killed worker."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.infra import clock
from app.infra.database import Database, sqlalchemy_url
from app.infra.queue import enqueue
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.jobs import tasks, worker
from app.jobs.tasks import JobContext
from tests.detection.scene import flag_row

YESTERDAY = clock.today("Asia/Jakarta") - timedelta(days=1)


@pytest.fixture
def context(settings: Settings, database: Database, store: ObjectStore) -> JobContext:
    return JobContext(settings=settings, database=database, store=store)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """A task that only remembers what it was given, beside the real ones."""
    numbers: list[int] = []

    def remember(_context: JobContext, *, number: int) -> None:
        numbers.append(number)

    monkeypatch.setattr(worker, "TASKS", {**tasks.TASKS, "remember": remember})
    return iter([numbers])


def states(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT status::text FROM procrastinate_jobs WHERE task_name = 'remember'")
        )
        return [row[0] for row in rows]


def test_a_job_runs_when_its_transaction_committed(
    context: JobContext, seen: Iterator[list[int]]
) -> None:
    numbers = next(seen)
    with context.database.transaction() as session:
        enqueue(session, "remember", number=7)

    worker.drain(context)

    assert numbers == [7]


def test_a_job_of_a_transaction_that_failed_never_existed(
    context: JobContext, seen: Iterator[list[int]]
) -> None:
    numbers = next(seen)

    def fail_after_queueing() -> None:
        with context.database.transaction() as session:
            enqueue(session, "remember", number=7)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_queueing()

    worker.drain(context)

    assert numbers == []
    assert states(context.database) == []


def test_a_job_whose_worker_was_killed_runs_again(
    context: JobContext, seen: Iterator[list[int]]
) -> None:
    numbers = next(seen)
    with context.database.transaction() as session:
        enqueue(session, "remember", number=7)
        session.connection().execute(
            sa.text(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) "
                "VALUES (now() - interval '2 minutes') RETURNING id) "
                "UPDATE procrastinate_jobs SET status = 'doing', attempts = 1, "
                "worker_id = (SELECT id FROM dead)"
            )
        )

    worker.drain(context)

    assert numbers == [7]
    assert states(context.database) == ["succeeded"]


def test_a_worker_that_lost_the_database_comes_back_with_it(
    context: JobContext,
    seen: Iterator[list[int]],
    server_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = next(seen)
    monkeypatch.setattr(worker, "RESUMES_AFTER", timedelta(milliseconds=100))

    async def outage() -> None:
        stopped = asyncio.Event()
        work = asyncio.ensure_future(worker.work_until(stopped, context))
        await until(lambda: workers(context.database) == 1)
        await asyncio.to_thread(refuse_connections, server_url, context.database)
        await asyncio.sleep(1)
        await asyncio.to_thread(accept_connections, server_url, context.database)
        with context.database.transaction() as session:
            enqueue(session, "remember", number=7)
        await until(lambda: numbers == [7])
        stopped.set()
        await work

    asyncio.run(outage())

    assert numbers == [7]


def test_the_clock_asks_every_hour_for_what_expired_behind_any_sweep_and_once_at_a_time(
    context: JobContext,
) -> None:
    app = worker.jobs_app(context)

    asked = {
        one.task.name: (one.cron, one.task.lock, one.task.queueing_lock)
        for one in app.periodic_registry.periodic_tasks.values()
    }

    assert asked["wake_flags"] == ("1 * * * *", "sweep", "wake_flags")


def test_what_expired_while_the_worker_was_away_wakes_when_the_clock_asks(
    context: JobContext,
) -> None:
    with context.database.transaction() as session:
        row = flag_row(1, status="ditunda", snooze_until=YESTERDAY)
        session.add(row)
    with context.database.transaction() as session:
        enqueue(session, "wake_flags", timestamp=0)

    worker.drain(context)

    with context.database.engine.connect() as connection:
        left = connection.execute(sa.text("SELECT status, version FROM flag")).one()
        said = connection.execute(sa.text("SELECT actor, action FROM audit_entry")).all()
    assert tuple(left) == ("baru", 2)
    assert [tuple(one) for one in said] == [("system:worker", "flag.wake")]


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0.1)


def workers(database: Database) -> int:
    with database.engine.connect() as connection:
        return int(
            connection.execute(sa.text("SELECT count(*) FROM procrastinate_workers")).scalar_one()
        )


def refuse_connections(server_url: str, database: Database) -> None:
    """Do to one database what a restart does to all: it is gone, and nobody gets in."""
    name = database.engine.url.database
    administer(server_url, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    administer(
        server_url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name",
        name=name,
    )


def accept_connections(server_url: str, database: Database) -> None:
    name = database.engine.url.database
    administer(server_url, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def administer(server_url: str, statement: str, **values: object) -> None:
    engine = sa.create_engine(sqlalchemy_url(server_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(statement), values)
    engine.dispose()
