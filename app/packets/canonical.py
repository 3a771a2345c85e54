"""PURE: one byte form of plain values, so that equal contents always have equal hashes."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.law.month import Month
from app.packets.content import ReferralPacket

_GROUP = 4
_CODE_LENGTH = 12


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON has no static type
    """Return `value` as JSON knows it: days and months as text, decimals as text.

    Raises:
        TypeError: a type that has no place in a packet, a float above all.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Month | Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical_json(value: Any) -> bytes:  # noqa: ANN401 - JSON has no static type
    """Return UTF-8 JSON with sorted keys and no spaces, ended by one line break."""
    text = json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"


def content_hash(packet: ReferralPacket) -> str:
    """Return SHA-256 in lower-case hex over the canonical form of everything printed."""
    return hashlib.sha256(canonical_json(packet)).hexdigest()


def basis_hash(packet: ReferralPacket) -> str:
    """Return the hash that an approval is bound to: the content without its packet number.

    A draft and the final packet of the same facts share it.
    """
    anonymous = dataclasses.replace(packet, number="", version=0, status="final")
    return content_hash(anonymous)


def check_code(content_sha256: str) -> str:
    """Return the short code of every page foot, `A1B2-C3D4-E5F6`."""
    code = content_sha256[:_CODE_LENGTH].upper()
    return "-".join(code[at : at + _GROUP] for at in range(0, _CODE_LENGTH, _GROUP))
