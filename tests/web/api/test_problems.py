"""Every no of the API is problem+json, says what to do, and never echoes the whole input."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

Call = Callable[..., dict[str, str]]
JSON = {"Content-Type": "application/json"}
NIK = "3171010101900001"


def check(answer: object, status: int) -> dict[str, object]:
    assert answer.status_code == status  # type: ignore[attr-defined]
    assert answer.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    body: dict[str, object] = answer.json()  # type: ignore[attr-defined]
    assert {"type", "title", "status", "detail", "code", "instance"} <= body.keys()
    assert body["status"] == status
    return body


def test_an_unknown_address_is_404(client: TestClient) -> None:
    check(client.get("/api/v1/nothing"), 404)
    check(client.get("/api/v2/flags"), 404)
    check(client.get("/api"), 404)


def test_webhooks_and_events_are_not_pretended(client: TestClient, token: Call) -> None:
    check(client.get("/api/v1/webhooks", headers=token()), 404)
    check(client.get("/api/v1/events", headers=token()), 404)


@pytest.mark.parametrize("path", ["/api/v1/flags", "/api/v1/calculations/contribution"])
def test_head_is_answered_as_get_without_the_body(
    client: TestClient, token: Call, path: str
) -> None:
    known = token()

    whole, head = client.get(path, headers=known), client.head(path, headers=known)

    assert head.status_code == whole.status_code
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.content == b""


def test_a_wrong_method_is_405_and_names_the_right_one(client: TestClient) -> None:
    answer = client.get("/api/v1/calculations/deadline")

    check(answer, 405)
    assert answer.headers["allow"] == "POST"


def test_no_token_is_401_and_says_how_to_get_one(client: TestClient) -> None:
    answer = client.get("/api/v1/flags")

    assert "patuh token create" in str(check(answer, 401)["detail"])
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "secret",
    ["", "x", "patuh_api_" + "0" * 38, "patuh_api_" + "é" * 38],
    ids=["empty", "short", "mistyped", "letters"],
)
def test_a_token_that_is_none_is_401(client: TestClient, offices: None, secret: str) -> None:
    answer = client.get(
        "/api/v1/flags", headers={b"Authorization": f"Bearer {secret}".encode("latin-1")}
    )

    check(answer, 401)


def test_a_token_without_the_scope_is_403(client: TestClient, token: Call) -> None:
    answer = client.get("/api/v1/cases", headers=token(scopes=("flags:read",)))

    check(answer, 403)


def test_a_cookie_is_no_token(client: TestClient) -> None:
    client.cookies.set("patuh_sid", "x" * 43)

    check(client.get("/api/v1/flags"), 401)


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]
)
def test_another_content_type_is_415(client: TestClient, token: Call, kind: str) -> None:
    answer = client.post(
        "/api/v1/calculations/deadline",
        content="from=2026-03-13",
        headers={**token(), "Content-Type": kind},
    )

    check(answer, 415)


def test_a_body_that_is_too_large_is_413(client: TestClient, token: Call) -> None:
    answer = client.post(
        "/api/v1/calculations/deadline", content=b" " * 2_000_001, headers={**token(), **JSON}
    )

    check(answer, 413)


def test_a_body_without_a_declared_length_is_cut_off_too(client: TestClient, token: Call) -> None:
    def pieces() -> object:
        for _ in range(3):
            yield b" " * 1_000_000

    answer = client.post(
        "/api/v1/calculations/deadline",
        content=pieces(),  # type: ignore[arg-type]
        headers={**token(), **JSON},
    )

    check(answer, 413)


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b"[1]", b'"x"', b"1e999", b"9" * 5000, b""],
    ids=["open", "bytes", "list", "text", "infinite", "long-number", "empty"],
)  # fmt: skip
def test_a_body_that_is_no_document_is_refused(
    client: TestClient, token: Call, body: bytes
) -> None:
    answer = client.post("/api/v1/calculations/deadline", content=body, headers={**token(), **JSON})

    assert answer.status_code in {400, 422}
    check(answer, answer.status_code)


def test_personal_values_are_never_said_back(client: TestClient, token: Call) -> None:
    answer = client.post(
        "/api/v1/calculations/deadline",
        json={"from": NIK, "working_days": NIK, "nik": NIK},
        headers=token(),
    )

    check(answer, 422)
    assert NIK not in answer.text


@pytest.mark.parametrize("query", ["text=%00", "cursor=%00", "limit=0", "limit=201", "limit=x"])
def test_a_query_that_cannot_be_meant_is_refused(
    client: TestClient, token: Call, query: str
) -> None:
    answer = client.get(f"/api/v1/imports?{query}", headers=token())

    assert answer.status_code in {400, 422}
    check(answer, answer.status_code)


@pytest.mark.parametrize("cursor", ["x", "W10", "WzFd" * 50, "eyJhIjoxfQ"])
def test_a_cursor_of_somebody_else_is_refused(client: TestClient, token: Call, cursor: str) -> None:
    for address in ("imports", "cases", "flags", "snapshots"):
        answer = client.get(f"/api/v1/{address}?cursor={cursor}", headers=token())

        check(answer, 422)


def test_headers_stand_on_every_answer(client: TestClient) -> None:
    for address in ("/api/v1/nothing", "/api/v1/flags", "/api/v1/openapi.json"):
        answer = client.get(address)

        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers


def test_the_choices_of_a_field_are_listed_in_one_language(client: TestClient, token: Call) -> None:
    answer = client.get("/api/v1/flags", params={"rule": "LAIN"}, headers=token("supervisor"))

    assert "'PIUTANG', 'LAPSED', bukan LAIN" in answer.json()["detail"]
