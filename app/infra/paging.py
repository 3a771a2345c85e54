"""Keyset pages: a cursor says where the last page ended, so that no page is counted or skipped."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from app.errors import Invalid

T = TypeVar("T")
LARGEST_PAGE: Final = 200
_BIGINT: Final = 2**63


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`next` is the cursor of the page after this one, or None at the end."""

    items: tuple[T, ...]
    next: str | None


def encode_cursor(*key: str | int) -> str:
    """Return an opaque text for the sort key of the last row shown."""
    text = json.dumps(key, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: type) -> tuple[str | int, ...]:
    """Return the sort key behind `cursor`; each part of it can be compared in PostgreSQL.

    Raises:
        Invalid: it is not one of ours for this list.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError):
        key = None
    if (
        not isinstance(key, list)
        or len(key) != len(kinds)
        or any(type(value) is not kind for value, kind in zip(key, kinds, strict=True))
        or not all(_storable(value) for value in key)
    ):
        raise unknown_cursor(cursor)
    return tuple(key)


def unknown_cursor(cursor: str) -> Invalid:
    """Return the no to a cursor that no list of ours has given out."""
    return Invalid(
        "Penanda halaman (cursor) “{cursor}” tidak dikenal; mulai lagi dari halaman pertama.",
        cursor=cursor[:40],
    )


def _storable(value: str | int) -> bool:
    """Say whether PostgreSQL has such a value: no NUL, no half of a character, a BIGINT."""
    if isinstance(value, int):
        return abs(value) < _BIGINT
    try:
        return b"\x00" not in value.encode()
    except UnicodeEncodeError:
        return False
