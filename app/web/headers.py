"""Headers on every answer, and a request id."""

import secrets
from collections.abc import MutableMapping
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

# fmt: off
ALWAYS: Final[tuple[tuple[str, str], ...]] = (
    ("Content-Security-Policy",      CONTENT_SECURITY),
    ("X-Content-Type-Options",       "nosniff"),
    ("Referrer-Policy",              "same-origin"),
    ("Cross-Origin-Opener-Policy",   "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy",           "camera=(), microphone=(), geolocation=(), payment=()"),
    ("X-Frame-Options",              "DENY"),
    ("Cache-Control",                "no-store"),
)
# fmt: on
KEEP: Final = "public, max-age=31536000, immutable"
HSTS: Final = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


class SecurityHeaders:
    """Outermost: what middleware and the last-resort handler answer carries the headers too."""

    def __init__(self, app: ASGIApp, *, hsts: bool) -> None:
        self.app = app
        self.fixed = (*ALWAYS, HSTS) if hsts else ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        static = scope["path"].startswith("/static/")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(message, request_id=request_id, cacheable=static)
            await send(message)

        await self.app(scope, receive, with_headers)

    def _add(self, message: MutableMapping[str, Any], *, request_id: str, cacheable: bool) -> None:
        headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
        present = {name.lower() for name, _ in headers}
        good = cacheable and message["status"] in {200, 304}
        for name, value in self.fixed:
            text = KEEP if good and name == "Cache-Control" else value
            if name.lower().encode() not in present:
                headers.append((name.lower().encode(), text.encode()))
        headers.append((b"x-request-id", request_id.encode()))
        message["headers"] = headers
