"""What pydantic found wrong in a document, as the house says no: field, value, one sentence."""

import json
from collections.abc import Mapping
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.calculations.schemas import UNREADABLE
from app.errors import FieldProblem, Invalid

_Document = TypeVar("_Document", bound=BaseModel)

_PRINTED_CHARACTERS: Final = 60
_OTHER: Final = "Nilai {value} tidak dapat dipakai untuk {field}."

# fmt: off
_TEMPLATES: Final[Mapping[str, str]] = {
    "missing":         "Isi {field}.",
    "extra_forbidden": "Isian {field} tidak dikenal; hapus.",
    "int_type":        "Isian {field} harus bilangan bulat, bukan {value}.",
    "bool_type":       "Isian {field} harus true atau false, bukan {value}.",
    "string_type":     "Isian {field} harus teks, bukan {value}.",
    "tuple_type":      "Isian {field} harus daftar, bukan {value}.",
    "model_type":      "Isian {field} harus objek JSON, bukan {value}.",
}
# fmt: on


def read(shape: type[_Document], document: object) -> _Document:
    """Return `document` as `shape`.

    Raises:
        Invalid: one FieldProblem per wrong field, each naming the field and its value.
    """
    try:
        return shape.model_validate(document)
    except ValidationError as error:
        problems = tuple(_problem(detail) for detail in error.errors(include_url=False))
        raise _refusal(problems) from None


def _refusal(problems: tuple[FieldProblem, ...]) -> Invalid:
    if len(problems) == 1:
        return Invalid(problems[0].template, fields=problems, **problems[0].values)
    return Invalid(
        "Ada {count} isian yang salah: {named}.",
        fields=problems,
        count=len(problems),
        named=_shortened(
            ", ".join(f"{problem.field} ({problem.values['value']})" for problem in problems),
            limit=5 * _PRINTED_CHARACTERS,
        ),
    )


def _problem(detail: ErrorDetails) -> FieldProblem:
    field = ".".join(str(part) for part in detail["loc"]) or "dokumen"
    template = (
        detail["ctx"]["template"]
        if detail["type"] == UNREADABLE
        else _TEMPLATES.get(detail["type"], _OTHER)
    )
    # A missing field's input is the whole document around it, which is not the offending value.
    value = "kosong" if detail["type"] == "missing" else _printed(detail["input"])
    return FieldProblem(field, template, {"field": field, "value": value})


def _printed(value: object) -> str:
    """Return the value as the sender wrote it: `true`, not `True`."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return _shortened(text)


def _shortened(text: str, *, limit: int = _PRINTED_CHARACTERS) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"
