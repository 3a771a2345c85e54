"""Figures asked for and not waited for: queued once, done by the worker, told meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient

from app.infra.database import Database
from app.jobs.tasks import JobContext
from app.jobs.worker import drain
from tests.web.api.test_statistics import two

__all__ = ["two"]  # the fixture

Call = Callable[..., dict[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a figure is asked for, with which body, where that is told, and where it is read."""

    post: str
    body: dict[str, str]
    told: str
    read: str


@pytest.fixture(params=["retention", "differences"])
def asked(request: pytest.FixtureRequest, two: tuple[str, str]) -> Asked:
    before, after = two
    if request.param == "retention":
        path = "/api/v1/retention"
        return Asked(
            f"{path}/requested",
            {"snapshot_id": after},
            f"{path}/requested?snapshot={after}",
            f"{path}?snapshot={after}",
        )
    path = f"/api/v1/snapshots/{after}/differences"
    return Asked(
        f"{path}/requested",
        {"from": before},
        f"{path}/requested?from={before}",
        f"{path}?from={before}",
    )


def standing(client: TestClient, asked: Asked, head: dict[str, str]) -> str:
    answer = client.get(asked.told, headers=head)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["state"])


def test_a_figure_asked_for_is_queued_once_and_kept_when_the_worker_has_done_it(
    client: TestClient, token: Call, asked: Asked, jobs: JobContext
) -> None:
    head = token()
    before = standing(client, asked, head)

    answers = [client.post(asked.post, json=asked.body, headers=head) for _ in range(2)]

    assert before == ""
    assert [(one.status_code, one.json()) for one in answers] == [(202, {"state": "queued"})] * 2
    assert client.get(asked.read, headers=head).status_code == 404
    with jobs.database.engine.connect() as connection:
        waiting = connection.exec_driver_sql(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
            " AND task_name IN ('run_retention', 'run_movement')"
        ).scalar_one()
    assert waiting == 1
    drain(jobs)
    assert client.get(asked.read, headers=head).status_code == 200
    assert standing(client, asked, head) == ""


def test_a_figure_that_failed_is_told_until_it_was_computed_otherwise(
    client: TestClient, token: Call, asked: Asked, database: Database
) -> None:
    head = token()
    client.post(asked.post, json=asked.body, headers=head)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE procrastinate_jobs SET status = 'failed'")
        # Real events are written by the wall clock; here the request was yesterday's.
        connection.exec_driver_sql("UPDATE procrastinate_events SET at = '2026-11-19'")
    failed = standing(client, asked, head)

    client.post(asked.post.removesuffix("/requested"), json=asked.body, headers=head)

    assert failed == "failed"
    assert standing(client, asked, head) == ""


def test_a_figure_of_what_is_not_there_is_not_queued(
    client: TestClient, token: Call, two: tuple[str, str], database: Database
) -> None:
    before, after = two
    head, nothing = token(), "0" * 16
    differences = f"/api/v1/snapshots/{before}/differences/requested"

    answers = [
        client.post("/api/v1/retention/requested", json={"snapshot_id": nothing}, headers=head),
        client.post(differences, json={"from": nothing}, headers=head),
        # The wrong way round.
        client.post(differences, json={"from": after}, headers=head),
    ]

    assert [one.status_code for one in answers] == [404, 404, 422]
    with database.engine.connect() as connection:
        queued = connection.exec_driver_sql(
            "SELECT count(*) FROM procrastinate_jobs"
            " WHERE task_name IN ('run_retention', 'run_movement')"
        ).scalar_one()
    assert queued == 0


def test_who_may_not_run_statistics_may_not_ask_for_one(
    client: TestClient, token: Call, asked: Asked
) -> None:
    answer = client.post(asked.post, json=asked.body, headers=token("inspector"))

    assert answer.status_code == 403
