"""PURE: how a value of law is written on a form and kept as JSON, by its kind."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.errors import FieldProblem, Invalid
from app.infra.wording import N_
from app.law.dated import Dated
from app.law.money import LARGEST_AMOUNT
from app.law.parameters.programmes import PROGRAMMES

_MOST_DECIMALS: Final = 6
OF_RULES: Final = "detection."


class Kind(StrEnum):
    """What a value of the parameter is; `RULE` is written in code and has no form."""

    SHARE = "bagian"
    AMOUNT = "rupiah"
    COUNT = "bilangan"
    PROGRAMMES = "program"
    RULE = "aturan"


# What a person reads above the field. A share is typed the way letters print it: in per cent.
HINTS: Final = {
    Kind.SHARE: N_("Tulis dalam persen, misalnya 0,54."),
    Kind.AMOUNT: N_("Tulis rupiah utuh, misalnya 11.086.300."),
    Kind.COUNT: N_("Tulis bilangan bulat."),
    Kind.PROGRAMMES: N_("Tulis kode program dipisahkan koma, misalnya JKK,JKM,JHT."),
}


def is_of_a_rule(key: str) -> bool:
    """Say whether the value is a detection rule's: no law sets it, and a trial comes before it."""
    return key.startswith(OF_RULES)


def kind_of(parameter: Dated[object]) -> Kind:
    """Return what its newest version holds; a yes or no, a day and a table are rules."""
    version = parameter.versions[-1]
    match version.value:
        case bool():
            return Kind.RULE
        case Decimal():
            return Kind.SHARE
        case int():
            return Kind.AMOUNT if version.unit.startswith("rupiah") else Kind.COUNT
        case tuple() as items if items and all(item in PROGRAMMES for item in items):
            return Kind.PROGRAMMES
        case _:
            return Kind.RULE


def read(parameter: Dated[object], text: str) -> object:
    """Return the value that a person wrote for `parameter`.

    Raises:
        Invalid: names the text and how it has to be written.
    """
    if kind_of(parameter) is Kind.RULE:
        raise Invalid(
            "Parameter {title} adalah aturan, bukan angka; perubahannya memerlukan rilis baru.",
            title=parameter.title,
        )
    return read_as(kind_of(parameter), text)


def read_as(kind: Kind, text: str) -> object:
    """Return the value of `kind` that a person wrote.

    Raises:
        Invalid: names the text and how it has to be written.
    """
    written = text.strip()
    match kind:
        case Kind.SHARE:
            return _share(written)
        case Kind.AMOUNT:
            return _whole(written.removeprefix("Rp").strip(), limit=LARGEST_AMOUNT)
        case Kind.COUNT:
            return _whole(written, limit=10**6)
        case Kind.PROGRAMMES:
            return _programmes(written)
        case Kind.RULE:
            raise ValueError("a rule is not written on a form")


def to_json(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


def from_json(parameter: Dated[object], stored: object) -> object:
    """Return what `to_json` was given for a parameter of that kind."""
    match kind_of(parameter), stored:
        case Kind.SHARE, str():
            return Decimal(stored)
        case Kind.PROGRAMMES, list():
            return tuple(stored)
        case _:
            return stored


def _share(text: str) -> Decimal:
    bare = text.removesuffix("%").strip()
    matched = re.fullmatch(r"\d{1,3}([.,]\d{1,4})?", bare, re.ASCII)
    share = Decimal(bare.replace(",", ".")) / 100 if matched else None
    if share is None or share > 1:
        raise _unreadable(
            text, N_("Bagian “{value}” harus persen dari 0 sampai 100, misalnya 0,54.")
        )
    return round(share, _MOST_DECIMALS).normalize()


def _whole(text: str, *, limit: int) -> int:
    plain = text.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", text, re.ASCII) else text
    if not re.fullmatch(r"\d{1,16}", plain, re.ASCII) or int(plain) > limit:
        raise _unreadable(text, N_("Nilai “{value}” harus bilangan bulat, nol atau lebih."))
    return int(plain)


def _programmes(text: str) -> tuple[str, ...]:
    named = {part.strip().upper() for part in text.split(",") if part.strip()}
    if not named or not named <= set(PROGRAMMES):
        raise _unreadable(text, N_("Daftar program “{value}” harus berisi JKK, JKM, JHT, atau JP."))
    return tuple(programme for programme in PROGRAMMES if programme in named)


def _unreadable(text: str, template: str) -> Invalid:
    problem = FieldProblem("value", template, {"value": text})
    return Invalid(template, fields=(problem,), value=text)
