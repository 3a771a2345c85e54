"""What a calculation cannot use is answered with problem+json that names field and value."""

from collections.abc import Callable, Iterable

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.web.norms import norms
from tests.calculations.bad_input import BAD, GAPS, Bad, gapped

Call = Callable[..., dict[str, str]]


def unnamed(client: TestClient, token: Call, rows: Iterable[Bad]) -> list[tuple[str, str]]:
    """Return the rows that are not refused with their field and value, and the answer they got."""
    found = []
    for bad in rows:
        answer = client.post(f"/api/v1/calculations/{bad.kind}", json=bad.document, headers=token())
        said = answer.json()
        places = [problem["field"] for problem in said.get("errors", ())]
        named = places == [bad.place] and bad.value in said["errors"][0]["detail"]
        kind = answer.headers["content-type"]
        if (answer.status_code, kind, named) != (bad.status, "application/problem+json", True):
            found.append((bad.name, answer.text))
    return found


def test_what_cannot_be_used_is_named_with_its_field(client: TestClient, token: Call) -> None:
    assert unnamed(client, token, BAD) == []


def test_a_gap_in_the_law_is_named_with_the_field_that_asked(
    app: FastAPI, client: TestClient, token: Call
) -> None:
    app.dependency_overrides[norms] = gapped

    assert unnamed(client, token, GAPS) == []
