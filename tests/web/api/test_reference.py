"""The description of the API: whole, true, readable without a script, in both languages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.infra.wording import english
from app.web.api.v1.description import PREFIX, api_routes, openapi
from app.web.api.v1.reference import Reference, reference

# Words of a document that are the same in both languages.
SAME = frozenset({"null"})


@pytest.fixture
def document(app: FastAPI) -> dict[str, Any]:
    return openapi(app.routes)


def test_it_is_openapi_and_holds_every_operation_and_no_page(
    app: FastAPI, client: TestClient
) -> None:
    served = client.get(f"{PREFIX}/openapi.json").json()

    assert served["openapi"].startswith("3.1")
    assert all(path.startswith(f"{PREFIX}/") for path in served["paths"])
    assert set(served["paths"]) == {context.path_format for context in api_routes(app.routes)}


def test_every_operation_says_what_it_does_and_which_scope_opens_it(
    document: dict[str, Any],
) -> None:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation["summary"], (method, path)
            assert operation["x-scopes"], (method, path)
            assert operation["security"] == [{"token": [one]} for one in operation["x-scopes"]]


def test_operation_names_are_unique(document: dict[str, Any]) -> None:
    names = [
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
    ]

    assert len(set(names)) == len(names)


def test_every_post_that_changes_something_takes_a_key(document: dict[str, Any]) -> None:
    without = [
        path
        for path, item in document["paths"].items()
        if "post" in item
        and not path.startswith(f"{PREFIX}/calculations/")
        and "Idempotency-Key"
        not in {parameter["name"] for parameter in item["post"].get("parameters", ())}
    ]

    assert without == []


def test_every_list_is_a_page(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        if "get" not in item:
            continue
        content = item["get"]["responses"]["200"].get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        assert schema.get("type") != "array", path


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_is_readable_without_a_script(client: TestClient, language: str) -> None:
    client.cookies.set("patuh_bahasa", language)

    page = client.get(f"{PREFIX}/docs")

    assert page.status_code == 200
    assert f'lang="{language}"' in page.text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)
    assert "style=" not in page.text
    assert not re.search(r"(src|href)=\"https?://", page.text)
    anchors = re.findall(r'href="#([^"]+)"', page.text)
    names = re.findall(r'id="([^"]+)"', page.text)
    assert set(anchors) <= set(names)
    assert len(names) == len(set(names))


def words(found: Reference) -> Iterator[str]:
    yield found.opening
    for name, text in found.conventions:
        yield from (name, text)
    for section in found.sections:
        yield section.words
        for operation in section.operations:
            yield from (operation.summary, *operation.paragraphs)
            yield from (field.description for field in operation.parameters)
            yield from (reply.description for reply in operation.replies)
    for document in found.documents:
        yield document.description
        yield from (field.description for field in document.fields)


def test_the_reference_is_complete_in_english(document: dict[str, Any]) -> None:
    missing = {
        text
        for text in words(reference(document, language="id"))
        if text and text not in english() and text not in SAME
    }

    assert missing == set()


def test_every_curl_can_be_run_as_it_stands(document: dict[str, Any]) -> None:
    for section in reference(document, language="id").sections:
        for operation in section.operations:
            assert "{" not in operation.curl.split(" -d ")[0].replace("${", ""), operation.curl
            assert "$PATUH/api/v1/" in operation.curl
