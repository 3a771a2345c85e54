"""PURE: an Indonesian address as linkage compares it: street, number, district, telephone."""

import re
from dataclasses import dataclass
from typing import Final

from app.linkage.names import old_spelling

_PHONE: Final = re.compile(r"(?:TELP?|TLP|TELEPON|PHONE|HP|FAX)\b[.: ]*([+(]?\d[\d\s().-]{5,17}\d)")
_DISTRICT: Final = re.compile(r"\bKEC(?:AMATAN)?\b\.?\s*([A-Z ]+)")
_AREA: Final = re.compile(
    r"\b(?:R\.?T\b|R\.?W\b)[. :]*\d+(?:\s*/\s*(?:R\.?W\b)?[. :]*\d+)?|\b(?:KEL(?:URAHAN)?|DESA|DS|DUSUN|KAB(?:UPATEN)?|KOTA|PROV(?:INSI)?)\b\.?\s*[A-Z ]+"  # noqa: E501
)
_NUMBER: Final = re.compile(r"\b(?:NO(?:MOR|MER)?\b|NR\b|#)[. :]*(\d+[A-Z]?)|\b(\d+[A-Z]?)\b")
_BLOCK: Final = re.compile(r"\bBL(?:O[KC]K?)?\b\.?\s*([A-Z]{1,2}[\s.-]?\d*)")
# fmt: off
_KINDS: Final = {
    "JL", "JLN", "JALAN", "JLAN", "GG", "GANG", "KOMP", "KOMPLEK", "KOMPLEKS", "KOMPLEX", "RUKO",
    "RAYA",
    "NO", "NOMOR", "BLOK", "KM", "LT", "LANTAI", "GEDUNG", "GD", "PERUM", "PERUMAHAN",
}
_WRITTEN_AS: Final = {
    "JEND": "JENDERAL", "JENDRAL": "JENDERAL", "JNDRL": "JENDERAL", "JEN": "JENDERAL",
    "LETJEN": "LETNAN",
    "A": "AHMAD", "ACHMAD": "AHMAD", "P": "PANGERAN", "PNGRN": "PANGERAN", "DR": "DOKTER",
    "KAW": "KAWASAN", "KWS": "KAWASAN", "IND": "INDUSTRI", "PERGUD": "PERGUDANGAN",
}
# fmt: on
_BETWEEN: Final = re.compile(r"[^A-Z0-9]+")
_NOT_DIGITS: Final = re.compile(r"\D+")
_SHORTEST_PHONE: Final = 7


@dataclass(frozen=True, slots=True)
class Address:
    """Every part is empty when the address does not say it. `phone` has no country code."""

    street: str
    number: str
    district: str
    phone: str


def address(text: str) -> Address:
    """Take an address apart; what is not understood stays in the street."""
    rest = text.upper()
    phone = ""
    if said := _PHONE.search(rest):
        phone = telephone(said.group(1))
        rest = rest[: said.start()] + " " + rest[said.end() :]
    district = ""
    if said := _DISTRICT.search(rest):
        district = " ".join(_words(said.group(1)))
        rest = rest[: said.start()] + " " + rest[said.end() :]
    rest = _AREA.sub(" ", rest)
    block = ""
    if said := _BLOCK.search(rest):
        block = _BETWEEN.sub("", said.group(1))
        rest = rest[: said.start()] + " " + rest[said.end() :]
    number = ""
    if said := _NUMBER.search(rest):
        number = (said.group(1) or said.group(2)).lstrip("0")
        rest = rest[: said.start()] + " " + rest[said.end() :]
    street = " ".join(word for word in _words(rest) if word not in _KINDS)
    return Address(street, "/".join(part for part in (block, number) if part), district, phone)


def telephone(text: str) -> str:
    """Return a telephone number as its national digits; empty when it is too short for one."""
    digits = _NOT_DIGITS.sub("", text)
    digits = digits.removeprefix("62").removeprefix("0")
    return digits if len(digits) >= _SHORTEST_PHONE else ""


def _words(text: str) -> list[str]:
    words = (old_spelling(word) for word in _BETWEEN.split(text) if word)
    return [_WRITTEN_AS.get(word, word) for word in words]
