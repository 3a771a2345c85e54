"""Every role at every operation: refused where the permissions table says no, and only there."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.accounts.permissions import MAY, ROLES, TOKEN_SCOPES
from app.web.api.v1.description import api_routes, guard_of, openapi, scopes_for
from app.web.api.v1.reference import sample

Call = Callable[..., dict[str, str]]
Operation = tuple[str, str, str]
PATHS = {"npp": "1", "case": "1", "snapshot_id": "0" * 16, "table": "tagihan", "name": "x.pdf"}


def operations(app: FastAPI) -> Iterator[Operation]:
    """Yield method, address and the action that opens it."""
    for context in api_routes(app.routes):
        path = str(context.path_format)
        for name in [part[1:-1] for part in path.replace(".csv", "").split("/") if "{" in part]:
            path = path.replace(f"{{{name}}}", PATHS.get(name, "1"))
        for method in context.methods or ():
            yield method, path, str(guard_of(context))


def call(client: TestClient, method: str, path: str, headers: dict[str, str]) -> int:
    return client.request(method, path, headers=headers).status_code


@pytest.mark.parametrize("role", ROLES)
def test_the_role_decides(app: FastAPI, client: TestClient, token: Call, role: str) -> None:
    headers = token(None if role == "integration" else role)

    wrong = {}
    for method, path, action in operations(app):
        status = call(client, method, path, headers)
        allowed = role in MAY[action]
        if (status == 403) is allowed or status in {401, 500}:
            wrong[f"{method} {path}"] = (action, status)

    assert wrong == {}


@pytest.mark.parametrize("scope", TOKEN_SCOPES)
def test_the_scope_decides(app: FastAPI, client: TestClient, token: Call, scope: str) -> None:
    headers = token("supervisor", scopes=(scope,))

    wrong = {}
    for method, path, action in operations(app):
        status = call(client, method, path, headers)
        allowed = action in TOKEN_SCOPES[scope] and "supervisor" in MAY[action]
        if (status == 403) is allowed or status in {401, 500}:
            wrong[f"{method} {path}"] = (action, status)

    assert wrong == {}


def test_nobody_gets_in_without_a_token(app: FastAPI, client: TestClient) -> None:
    answers = {
        f"{method} {path}": call(client, method, path, {}) for method, path, _ in operations(app)
    }

    assert len(answers) > 40
    assert {key: status for key, status in answers.items() if status != 401} == {}


def test_every_operation_can_be_opened_by_some_token(app: FastAPI) -> None:
    closed = [path for _, path, action in operations(app) if not scopes_for(action)]

    assert closed == []


def test_a_token_that_has_ended_is_401(client: TestClient, token: Call, now: datetime) -> None:
    headers = token(days=1)

    with time_machine.travel(now + timedelta(days=1), tick=False):
        ended = client.get("/api/v1/flags", headers=headers)
    with time_machine.travel(now + timedelta(days=1, seconds=-1), tick=False):
        last_second = client.get("/api/v1/flags", headers=headers)

    assert (last_second.status_code, ended.status_code) == (200, 401)


def test_a_token_for_nobody_may_take_no_legal_step(client: TestClient, token: Call) -> None:
    answer = client.post(
        "/api/v1/cases/1/steps",
        json={"action": "visit"},
        headers={**token(None), "If-Match": '"1"'},
    )

    assert answer.status_code == 403


def test_every_example_of_the_reference_is_accepted_by_its_document(app: FastAPI) -> None:
    document = openapi(app.routes)
    schemas = document["components"]["schemas"]

    for context in api_routes(app.routes):
        field = context.original_route.body_field  # type: ignore[attr-defined]
        if field is None or "Body_" in str(field.field_info.annotation):
            continue
        given = field.field_info.examples or []
        named = f"#/components/schemas/{field.field_info.annotation.__name__}"
        value = given[0] if given else sample({"$ref": named}, schemas)
        _, problems = field.validate(value, {}, loc=("body",))
        assert not problems, (context.path, value, problems)
