"""How every API operation is declared: its guard, its idempotency, what it refuses at the door."""

from collections.abc import Callable, Coroutine
from datetime import date
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response, params
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from app.accounts.schemas import Principal
from app.web import bodies, deps
from app.web.api.idempotency import Replayed, once
from app.web.errors import api_language

BODY_METHODS: Final = frozenset({"POST", "PUT", "PATCH"})
FORM: Final = "multipart/form-data"

LanguageDep = Annotated[str, Depends(api_language)]
PrincipalDep = Annotated[Principal, Depends(deps.token_principal)]


def _today(principal: PrincipalDep, now: deps.NowDep) -> date:
    return now.astimezone(ZoneInfo(principal.zone)).date()


TodayDep = Annotated[date, Depends(_today)]


def may(action: str) -> list[params.Depends]:
    """Declare a reading operation, open to tokens that may do `action`."""
    return [Depends(deps.token(action))]


def change(action: str) -> list[params.Depends]:
    """Declare a POST that changes something: the guard first, then its Idempotency-Key."""
    return [Depends(deps.token(action)), Depends(once, scope="function")]


class Operation(APIRoute):
    """A route that refuses a wrong kind of body before any work, and repeats known answers."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        takes_form = _takes_form(self)
        takes_body = self.body_field is not None

        async def handler(request: Request) -> Response:
            if takes_body and request.method in BODY_METHODS:
                _refuse_media_type(request, wanted=FORM if takes_form else "application/json")
            try:
                answer = await handle(request)
            except Replayed as known:
                return known.answer()
            request.state.answer = answer
            return answer

        return handler


def operations(tag: str, *, largest_body: int = bodies.TEXT) -> APIRouter:
    """Return a router for the operations of one resource; a larger body is answered 413."""
    return APIRouter(tags=[tag], route_class=Operation, max_body_size=largest_body)


def _takes_form(route: APIRoute) -> bool:
    return route.body_field is not None and isinstance(route.body_field.field_info, params.Form)


def _refuse_media_type(request: Request, *, wanted: str) -> None:
    sent = request.headers.get("content-type", "").split(";", 1)[0].strip().lower()
    fits = sent == wanted or (wanted == "application/json" and sent.endswith("+json"))
    if sent and not fits:
        raise HTTPException(415, headers={"Accept": wanted})
