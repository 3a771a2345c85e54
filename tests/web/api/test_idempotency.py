"""The same POST sent twice has one effect and one answer; proved on an effect that counts."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from fastapi import FastAPI, UploadFile
from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlmodel import select

from app.audit import service as audit
from app.audit.tables import AuditEntry
from app.errors import Refused
from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.web import deps, errors
from app.web.api.operation import PrincipalDep, change, operations
from app.web.api.tables import IdempotencyKey
from app.web.context import WebContext

Call = Callable[..., dict[str, str]]
ENTERED, RELEASED = threading.Event(), threading.Event()


class Wish(BaseModel):
    word: str


def routes() -> list[object]:
    router = operations("test")

    @router.post("/effects", status_code=201, dependencies=change("cases.record"))
    def effect(
        wish: Wish, session: deps.SessionDep, principal: PrincipalDep, now: deps.NowDep
    ) -> dict[str, object]:
        if wish.word == "wait":
            ENTERED.set()
            RELEASED.wait(10)
        seq = audit.record(
            session, actor=principal.actor, action="test.effect", subject="test:1", now=now
        )
        if wish.word == "refuse":
            raise Refused("Belum dapat.")
        return {"seq": seq, "word": wish.word}

    @router.post("/files", status_code=201, dependencies=change("cases.record"))
    def files(
        file: UploadFile, session: deps.SessionDep, principal: PrincipalDep, now: deps.NowDep
    ) -> dict[str, object]:
        seq = audit.record(
            session, actor=principal.actor, action="test.effect", subject="test:1", now=now
        )
        return {"seq": seq, "size": len(file.file.read())}

    return [router]


@pytest.fixture
def moments() -> list[datetime]:
    return []


@pytest.fixture
def caller(
    database: Database,
    settings: Settings,
    store: ObjectStore,
    now: datetime,
    moments: list[datetime],
) -> Iterator[TestClient]:
    app = FastAPI()
    app.state.context = WebContext(settings=settings, database=database, store=store)
    errors.install(app)
    for router in routes():
        app.include_router(router, prefix="/api/v1")  # type: ignore[arg-type]
    app.dependency_overrides[deps.now] = lambda: moments[-1] if moments else now
    with TestClient(app) as client:
        yield client


def effects(database: Database) -> int:
    with database.transaction() as session:
        rows = session.exec(select(AuditEntry).where(AuditEntry.action == "test.effect"))
        return len(rows.all())


def test_the_same_key_and_body_give_the_same_answer_and_one_effect(
    caller: TestClient, token: Call, database: Database
) -> None:
    headers = {**token(), "Idempotency-Key": "a-1"}

    first = caller.post("/api/v1/effects", json={"word": "one"}, headers=headers)
    again = caller.post("/api/v1/effects", json={"word": "one"}, headers=headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert effects(database) == 1


def test_without_a_key_every_post_has_its_effect(
    caller: TestClient, token: Call, database: Database
) -> None:
    headers = token()

    for _ in range(2):
        caller.post("/api/v1/effects", json={"word": "one"}, headers=headers)

    assert effects(database) == 2


def test_the_same_key_with_another_body_is_refused(
    caller: TestClient, token: Call, database: Database
) -> None:
    headers = {**token(), "Idempotency-Key": "a-1"}
    caller.post("/api/v1/effects", json={"word": "one"}, headers=headers)

    answer = caller.post("/api/v1/effects", json={"word": "two"}, headers=headers)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert effects(database) == 1


def test_the_same_key_of_another_token_is_another_key(
    caller: TestClient, token: Call, database: Database
) -> None:
    for headers in (token(), token()):
        answer = caller.post(
            "/api/v1/effects",
            json={"word": "one"},
            headers={**headers, "Idempotency-Key": "a-1"},
        )
        assert answer.status_code == 201

    assert effects(database) == 2


def test_a_refusal_is_not_kept_and_leaves_nothing(
    caller: TestClient, token: Call, database: Database
) -> None:
    headers = {**token(), "Idempotency-Key": "a-1"}

    refused = caller.post("/api/v1/effects", json={"word": "refuse"}, headers=headers)

    assert refused.status_code == 409
    assert effects(database) == 0
    with database.transaction() as session:
        assert session.exec(select(IdempotencyKey)).all() == []


def test_a_key_whose_first_request_still_runs_is_answered_409(
    caller: TestClient, token: Call, database: Database
) -> None:
    ENTERED.clear()
    RELEASED.clear()
    headers = {**token(), "Idempotency-Key": "a-1"}
    answers: list[int] = []

    def send() -> None:
        reply = caller.post("/api/v1/effects", json={"word": "wait"}, headers=headers)
        answers.append(reply.status_code)

    first = threading.Thread(target=send)
    first.start()
    assert ENTERED.wait(10)
    second = caller.post("/api/v1/effects", json={"word": "wait"}, headers=headers)
    RELEASED.set()
    first.join(20)

    assert second.status_code == 409
    assert answers == [201]
    assert effects(database) == 1


def test_many_at_once_have_one_effect(caller: TestClient, token: Call, database: Database) -> None:
    headers = {**token(), "Idempotency-Key": "a-1"}
    answers: list[int] = []

    def send() -> None:
        reply = caller.post("/api/v1/effects", json={"word": "one"}, headers=headers)
        answers.append(reply.status_code)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert set(answers) <= {201, 409}
    assert 201 in answers
    assert effects(database) == 1


def test_a_form_is_compared_by_its_content_and_not_by_its_random_boundary(
    caller: TestClient, token: Call, database: Database
) -> None:
    headers = {**token(), "Idempotency-Key": "a-1"}

    def send(content: bytes, boundary: str) -> tuple[int, bytes]:
        body = (
            (
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '
                f'filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
            ).encode()
            + content
            + f"\r\n--{boundary}--\r\n".encode()
        )
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        reply = caller.post("/api/v1/files", content=body, headers={**headers, **kind})
        return reply.status_code, reply.content

    first, same = send(b"abc", "one"), send(b"abc", "two")
    other, _ = send(b"abd", "three")

    assert first == same
    assert first[0] == 201
    assert other == 422
    assert effects(database) == 1


def test_a_key_is_forgotten_after_seven_days(
    caller: TestClient, token: Call, database: Database, now: datetime, moments: list[datetime]
) -> None:
    headers = {**token(), "Idempotency-Key": "a-1"}
    caller.post("/api/v1/effects", json={"word": "one"}, headers=headers)

    moments.append(now + timedelta(days=7) - timedelta(seconds=1))
    kept = caller.post("/api/v1/effects", json={"word": "one"}, headers=headers)
    moments.append(now + timedelta(days=7))
    forgotten = caller.post("/api/v1/effects", json={"word": "one"}, headers=headers)

    assert kept.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in forgotten.headers
    assert effects(database) == 2
    with database.transaction() as session:
        assert (
            session.connection()
            .execute(sa.text("SELECT count(*) FROM idempotency_key"))
            .scalar_one()
            == 1
        )


@pytest.mark.parametrize("key", ["x" * 256, "dua kata", ""], ids=["long", "space", "empty"])
def test_a_key_that_is_none_is_refused(caller: TestClient, token: Call, key: str) -> None:
    answer = caller.post(
        "/api/v1/effects", json={"word": "one"}, headers={**token(), "Idempotency-Key": key}
    )

    assert answer.status_code == 422


@pytest.mark.crashes
def test_the_answer_survives_only_together_with_its_effect(
    caller: TestClient, token: Call, database: Database
) -> None:
    headers = {**token(), "Idempotency-Key": "a-1"}
    with database.transaction() as session:
        session.connection().execute(
            sa.text("ALTER TABLE idempotency_key ADD CONSTRAINT ck_full CHECK (key <> 'a-1')")
        )

    answer = caller.post("/api/v1/effects", json={"word": "one"}, headers=headers)

    assert answer.status_code == 500
    assert effects(database) == 0
