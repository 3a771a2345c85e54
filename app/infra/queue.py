"""Puts work into the job queue inside the transaction of the change that caused it."""

import json

import sqlalchemy as sa
from sqlmodel import Session

DEFER = sa.text(
    """
    SELECT procrastinate_defer_jobs_v1(
      ARRAY[ROW('default', :task, 0, :lock, :queueing_lock, CAST(:args AS jsonb), NULL)
            ::procrastinate_job_to_defer_v1])
    """
)


def enqueue(session: Session, task: str, *, lock: str | None = None, **args: str | int) -> None:
    """Queue `task` (a name in `app.jobs`); it becomes visible when the transaction commits.

    Jobs that name the same `lock` never run at the same time.
    """
    session.connection().execute(
        DEFER, {"task": task, "lock": lock, "queueing_lock": None, "args": json.dumps(args)}
    )


def alone(session: Session, key: str) -> None:
    """Wait until nobody else asks for `key`, so that the same request twice is seen as one."""
    session.connection().execute(
        sa.text("SELECT pg_advisory_xact_lock(7211, hashtext(:key))"), {"key": key}
    )


def waits(session: Session, task: str, **args: str | int) -> bool:
    """Say whether the same job waits already; one that runs is no longer waiting."""
    found = session.connection().execute(
        sa.text(
            "SELECT 1 FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo' "
            "AND args = CAST(:args AS jsonb) LIMIT 1"
        ),
        {"task": task, "args": json.dumps(args)},
    )
    return found.first() is not None
