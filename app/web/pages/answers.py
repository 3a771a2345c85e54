"""How a page answers a change: 303 to the next page, with a short notice in the address."""

from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse

from app.web.addresses import address_of
from app.web.chrome import NOTICE_FIELD


def see(request: Request, route: str, *, notice: str = "", **values: object) -> RedirectResponse:
    """Return the redirect to a route by name; `notice` is a key of `chrome.NOTICES`."""
    return see_address(address_of(request, route, **values), notice=notice)


def see_address(address: str, *, notice: str = "") -> RedirectResponse:
    if notice:
        address += ("&" if "?" in address else "?") + urlencode({NOTICE_FIELD: notice})
    return RedirectResponse(address, status_code=303)


def local_address(wanted: str, *, otherwise: str = "/") -> str:
    """Return `wanted` if it is a path of this site; a form must not send people elsewhere."""
    good = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if good and not any(ord(char) < 32 for char in wanted) else otherwise  # noqa: PLR2004 - control characters
