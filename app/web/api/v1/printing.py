"""The API of this release as docs/api.md holds it."""

from fastapi import FastAPI

from app.web.api.v1 import routes
from app.web.api.v1.description import PREFIX, openapi
from app.web.api.v1.reference import markdown, reference


def api_page() -> str:
    """Return docs/api.md, in Indonesian."""
    application = FastAPI()
    application.include_router(routes.router, prefix=PREFIX)
    return markdown(reference(openapi(application.routes), language="id"))
