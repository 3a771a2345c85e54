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
