"""The API, version 1: its operations, and its description for machines and for people."""

from typing import Any

from fastapi import APIRouter, Depends, Request

from app.web import deps
from app.web.api.v1 import calculations, reference

router = APIRouter()
for _part in (
    calculations.router,
):
    router.include_router(_part)


@router.get("/openapi.json", include_in_schema=False, dependencies=[Depends(deps.public)])
def openapi(request: Request) -> dict[str, Any]:
    return reference.openapi_of(request)
