"""Renders a page: the view, who is looking, the language, addresses of static files."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.accounts.schemas import SignedIn
from app.infra.templating import environment

STATIC: Final = Path(__file__).parent / "static"


def render_page(
    request: Request, template: str, view: Mapping[str, Any], *, status: int = 200
) -> HTMLResponse:
    """Return the page `templates/<template>` for `view`, never cached."""
    found: SignedIn | None = getattr(request.state, "visitor", None)
    language = getattr(request.state, "language", request.cookies.get("patuh_bahasa", "id"))
    html = (
        environment()
        .get_template(template)
        .render(
            **view,
            me=found,
            csrf_token=found.csrf_token if found else "",
            language=language if language in {"id", "en"} else "id",
            path=request.scope["path"],
            query=request.scope["query_string"].decode(),
            static_url=static_url,
        )
    )
    return HTMLResponse(html, status_code=status, headers={"Vary": "HX-Request"})


@cache
def static_url(name: str) -> str:
    """Return the address of a file in `static/`, with its content in it so that caches may keep."""
    content = (STATIC / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"
