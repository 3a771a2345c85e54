"""Jobs commit with their cause, run again when they fail, and survive a killed worker."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.infra.database import Database
from app.infra.queue import enqueue
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.jobs import tasks, worker
from app.jobs.tasks import JobContext


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
