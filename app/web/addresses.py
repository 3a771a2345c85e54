"""Addresses of pages by name. Pages carry a mark of their own: the API has names like theirs."""

from typing import Final

from fastapi import Request

PAGE: Final = "page:"
API: Final = "api:"


def address_of(request: Request, name: str, /, **values: object) -> str:
    """Return the path of a page; `api:name` is that of an operation of the API."""
    wanted = name.removeprefix(API) if name.startswith(API) else f"{PAGE}{name}"
    return str(request.app.url_path_for(wanted, **values))
