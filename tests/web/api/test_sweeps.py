"""A sweep that is asked for and not waited for: queued once, done by the worker, told meanwhile."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.jobs.tasks import JobContext
from app.jobs.worker import drain
from tests.web.api.test_statistics import brought

Call = Callable[..., dict[str, str]]
PATH = "/api/v1/sweeps/requested"
ON = date(2026, 11, 20)


@pytest.fixture
def snapshot(database: Database, settings: Settings, offices: None, tmp_path: Path) -> str:
    del offices
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    return brought(database, settings, tmp_path / "ekstrak", as_of=ON, at=at, ended="")


def test_a_sweep_asked_for_is_queued_once_and_stored_when_the_worker_has_done_it(
    client: TestClient,
    token: Call,
    snapshot: str,
    database: Database,
    settings: Settings,
    store: ObjectStore,
) -> None:
    head, asked = token("supervisor"), {"snapshot_id": snapshot, "on": ON.isoformat()}
    before = client.get(PATH, headers=head).json()

    answers = [client.post(PATH, json=asked, headers=head) for _ in range(2)]

    assert before == {"state": ""}
    assert [(one.status_code, one.json()) for one in answers] == [(202, {"state": "queued"})] * 2
    assert client.get("/api/v1/sweeps", headers=head).json()["items"] == []
    drain(JobContext(settings=settings, database=database, store=store))
    stored = client.get("/api/v1/sweeps", headers=head).json()["items"]
    assert [(one["snapshot_id"], one["on"]) for one in stored] == [(snapshot, ON.isoformat())]
    assert client.get(PATH, headers=head).json() == {"state": ""}


def test_a_sweep_of_a_snapshot_that_is_not_there_is_not_queued(
    client: TestClient, token: Call, snapshot: str
) -> None:
    del snapshot
    head = token("supervisor")

    answer = client.post(PATH, json={"snapshot_id": "0" * 16}, headers=head)

    assert answer.status_code == 404
    assert client.get(PATH, headers=head).json() == {"state": ""}
