"""Puts work into the job queue inside the transaction of the change that caused it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

import sqlalchemy as sa
from sqlmodel import Session

DEFER = sa.text(
    """
    SELECT procrastinate_defer_jobs_v1(
      ARRAY[ROW('default', :task, 0, :lock, :queueing_lock, CAST(:args AS jsonb), NULL)
            ::procrastinate_job_to_defer_v1])
    """
)

STANDING = sa.text(
    """
    SELECT status::text FROM procrastinate_jobs
    WHERE task_name = :task AND args @> CAST(:args AS jsonb) AND status IN ('todo', 'doing')
    UNION ALL
    (SELECT CASE WHEN CAST(:done_at AS timestamptz) > (
        SELECT max(at) FROM procrastinate_events WHERE job_id = last.id
     ) THEN '' ELSE status::text END
     FROM procrastinate_jobs AS last
     WHERE task_name = :task AND args @> CAST(:args AS jsonb) ORDER BY id DESC LIMIT 1)
    """
)
Standing = Literal["", "queued", "running", "failed"]
UNDER_WAY: Final = frozenset[Standing]({"queued", "running"})
_STANDINGS: Final[Mapping[str, Standing]] = {
    "todo": "queued",
    "doing": "running",
    "failed": "failed",
}


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


def standing(
    session: Session, task: str, *, done_at: datetime | None = None, **args: str | int
) -> Standing:
    """Return where the work on `task` stands for jobs with these arguments; empty: nothing is due.

    A job whose process died still runs until another worker takes it over. One that failed is
    told until the next is asked for, or until the same work was done otherwise, at `done_at`.
    """
    found = session.connection().execute(
        STANDING, {"task": task, "args": json.dumps(args), "done_at": done_at}
    )
    seen = {_STANDINGS.get(status, "") for (status,) in found}
    return next((one for one in ("running", "queued", "failed") if one in seen), "")
