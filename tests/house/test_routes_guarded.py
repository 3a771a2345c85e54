"""Every route says who may call it: pages, API operations and mounts alike."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import Mount

from app.accounts.permissions import MAY
from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.main import create_app

# Who is not asked to sign in. A line here is a decision somebody has to defend.
PUBLIC = frozenset(
    {
        "/masuk",
        "/bahasa",
        "/sehat",
        "/api/v1/openapi.json",
        "/api/v1/docs",
    }
)
MOUNTS = frozenset({"/static"})
WORDS = frozenset({"public", "signed-in"})


def build(settings: Settings) -> FastAPI:
    return create_app(
        settings=settings,
        database=Database("postgresql://nobody@127.0.0.1:1/none"),
        store=ObjectStore(settings.data_dir / "blobs"),
    )


def guards(dependant: Dependant) -> Iterator[str]:
    for part in dependant.dependencies:
        if (guard := getattr(part.call, "guards", None)) is not None:
            yield guard
        yield from guards(part)


def operations(app: FastAPI) -> Iterator[RouteContext]:
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            yield context


def anybody() -> None:
    """A route that somebody forgot to guard."""


def undeclared(app: FastAPI) -> list[str]:
    return [
        f"{'/'.join(sorted(context.methods or ()))} {context.path}: {sorted(found)}"
        for context in operations(app)
        if len(found := set(guards(context.dependant))) != 1
    ]


def test_every_route_has_exactly_one_guard(settings: Settings) -> None:
    app = build(settings)

    found = undeclared(app)

    assert len(list(operations(app))) > 10
    assert found == []


def test_a_route_without_a_guard_is_found(settings: Settings) -> None:
    app = build(settings)
    app.add_api_route("/terbuka", anybody, methods=["GET"])

    found = undeclared(app)

    assert found == ["GET /terbuka: []"]


def test_what_is_public_is_on_the_short_list(settings: Settings) -> None:
    public = {
        context.path
        for context in operations(build(settings))
        if set(guards(context.dependant)) == {"public"}
    }

    assert public - PUBLIC == set()


def test_every_guard_names_an_action_of_the_permissions_table(settings: Settings) -> None:
    unknown = {
        guard
        for context in operations(build(settings))
        for guard in guards(context.dependant)
        if guard not in MAY and guard not in WORDS
    }

    assert unknown == set()


def test_nothing_else_is_mounted(settings: Settings) -> None:
    others = {
        context.path or repr(context.original_route)
        for context in iter_route_contexts(build(settings).routes)
        if not isinstance(context.original_route, APIRoute)
    }

    assert others == MOUNTS
    assert all(
        isinstance(context.original_route, Mount)
        for context in iter_route_contexts(build(settings).routes)
        if context.path in MOUNTS
    )


@pytest.mark.parametrize("prefix", ["/api/v1/"])
def test_every_api_operation_asks_for_a_token(settings: Settings, prefix: str) -> None:
    open_to_cookies = [
        context.path
        for context in operations(build(settings))
        if (context.path or "").startswith(prefix)
        and context.path not in PUBLIC
        and "token_principal" not in calls(context.dependant)
    ]

    assert open_to_cookies == []


def calls(dependant: Dependant) -> set[str]:
    found = {getattr(dependant.call, "__name__", "")}
    return found.union(*(calls(part) for part in dependant.dependencies))
