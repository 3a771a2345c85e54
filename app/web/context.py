"""What the web process was started with, handed to routes through the application's state."""

from dataclasses import dataclass

from fastapi import Request

from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import BlobStore


@dataclass(frozen=True, slots=True)
class WebContext:
    settings: Settings
    database: Database
    store: BlobStore


def web_context(request: Request) -> WebContext:
    context: WebContext = request.app.state.context
    return context
