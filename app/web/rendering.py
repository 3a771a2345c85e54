"""Renders a page: the view, who is looking, the language, addresses of static files."""

import hashlib
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.accounts.schemas import SignedIn
from app.infra.templating import environment
from app.infra.wording import LANGUAGES
from app.web.addresses import address_of
from app.web.chrome import chrome_of
from app.web.law_words import law_words

LANGUAGE_COOKIE: Final = "patuh_bahasa"
STATIC: Final = Path(__file__).parent / "static"


def render_page(
    request: Request, template: str, view: Mapping[str, Any], *, status: int = 200
) -> HTMLResponse:
    """Return the page `templates/<template>` for `view`, never cached."""
    found: SignedIn | None = getattr(request.state, "visitor", None)
    language = page_language(request)
    html = (
        environment()
        .get_template(template)
        .render(
            **view,
            me=found,
            csrf_token=found.csrf_token if found else "",
            language=language,
            chrome=chrome_of(request, found=found, language=language),
            static_url=static_url,
            url_for=partial(address_of, request),
            law=partial(_law, language),
        )
    )
    return HTMLResponse(html, status_code=status, headers={"Vary": "HX-Request"})


def page_language(request: Request) -> str:
    """Return the language of the person signed in, else of this browser, else Indonesian."""
    wanted = getattr(request.state, "language", request.cookies.get(LANGUAGE_COOKIE, "id"))
    return wanted if wanted in LANGUAGES else "id"


def _law(language: str, text: str) -> str:
    return law_words(text, language)


@cache
def static_url(name: str) -> str:
    """Return the address of a file in `static/`, with its content in it so that caches may keep."""
    content = (STATIC / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"
