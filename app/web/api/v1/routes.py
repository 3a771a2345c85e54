"""The API, version 1: its operations, and its description for machines and for people."""

from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from app.web import deps
from app.web.api.v1 import (
    calculations,
    case_figures,
    case_papers,
    case_records,
    case_suspensions,
    cases,
    controls,
    corrections,
    description,
    differences,
    employers,
    flags,
    imports,
    leavers,
    linkage,
    packets,
    reference,
    retention,
    rules,
    sweeps,
)
from app.web.rendering import page_language, render_page

router = APIRouter()
for _part in (
    imports.uploads,
    imports.router,
    sweeps.router,
    employers.router,
    flags.router,
    cases.router,
    case_records.router,
    case_records.uploads,
    case_suspensions.router,
    case_papers.router,
    case_figures.router,
    packets.router,
    calculations.router,
    rules.router,
    linkage.router,
    retention.router,
    leavers.router,
    differences.router,
    corrections.router,
    controls.router,
):
    router.include_router(_part)


@router.get("/openapi.json", include_in_schema=False, dependencies=[Depends(deps.public)])
def openapi(request: Request) -> dict[str, Any]:
    return description.openapi_of(request)


@router.get("/docs", name="api_docs", include_in_schema=False, dependencies=[Depends(deps.public)])
def docs(request: Request) -> Response:
    found = reference.reference(description.openapi_of(request), language=page_language(request))
    return render_page(request, "pages/api/docs.html", {"reference": found})
