"""Composition root of the web: puts settings, stores, routes and guards together."""

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles

from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import BlobStore
from app.web import errors, health
from app.web.api.v1 import routes as api
from app.web.context import WebContext
from app.web.head import HeadAsGet
from app.web.headers import SecurityHeaders
from app.web.pages import routes as pages
from app.web.rendering import STATIC


def create_app(*, settings: Settings, database: Database, store: BlobStore) -> FastAPI:
    """Return the application, ready to serve. Nothing global: tests make as many as they like."""
    app = FastAPI(
        title="Patuh",
        version="1",
        description="API penegakan kepatuhan jaminan sosial ketenagakerjaan.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.context = WebContext(settings=settings, database=database, store=store)
    app.include_router(api.router, prefix="/api/v1")
    app.include_router(pages.router)
    app.include_router(health.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.allowed_hosts))
    # Outside the others: what they turn away gets our sentences too.
    errors.install(app)
    app.add_middleware(SecurityHeaders, hsts=settings.secure_cookies)
    app.add_middleware(HeadAsGet)
    return app
