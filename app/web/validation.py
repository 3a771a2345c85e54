"""What FastAPI found wrong in a request, as the house says no: field, value, one sentence.

A value is named only when it is short and cannot be personal; the whole input never leaves.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from app.calculations.schemas import UNREADABLE
from app.errors import FieldProblem
from app.infra.wording import N_

_PRINTED: Final = 60
_PERSONAL: Final = re.compile(r"\d{9,}")
PERSONAL_FIELDS: Final = frozenset(
    {"nik", "nama", "name", "recipient", "address", "alamat", "phone", "email", "note", "text"}
)
NOT_SHOWN: Final = "…"
_OTHER: Final = N_("Nilai {value} tidak dapat dipakai untuk {field}.")

# fmt: off
TEMPLATES: Final[Mapping[str, str]] = {
    "missing":              N_("Isi {field}."),
    "extra_forbidden":      N_("Isian {field} tidak dikenal; hapus."),
    "json_invalid":         N_("Isi permintaan bukan JSON yang utuh (mulai huruf ke-{place})."),
    "int_type":             N_("Isian {field} harus bilangan bulat, bukan {value}."),
    "int_parsing":          N_("Isian {field} harus bilangan bulat, bukan {value}."),
    "int_from_float":       N_("Isian {field} harus bilangan bulat, bukan {value}."),
    "int_parsing_size":     N_("Bilangan pada {field} terlalu panjang."),
    "bool_type":            N_("Isian {field} harus true atau false, bukan {value}."),
    "bool_parsing":         N_("Isian {field} harus true atau false, bukan {value}."),
    "string_type":          N_("Isian {field} harus teks, bukan {value}."),
    "string_too_short":     N_("Isian {field} sekurang-kurangnya {min_length} huruf."),
    "string_too_long":      N_("Isian {field} paling banyak {max_length} huruf."),
    "string_pattern_mismatch": N_("Bentuk {value} tidak cocok untuk {field}."),
    "too_short":            N_("Daftar {field} sekurang-kurangnya berisi {min_length}."),
    "too_long":             N_("Daftar {field} paling banyak berisi {max_length}."),
    "greater_than_equal":   N_("Isian {field} paling kecil {ge}, bukan {value}."),
    "less_than_equal":      N_("Isian {field} paling besar {le}, bukan {value}."),
    "date_type":            N_("Tanggal {value} ({field}) tidak ada; tulis seperti 2026-03-31."),
    "date_parsing":         N_("Tanggal {value} ({field}) tidak ada; tulis seperti 2026-03-31."),
    "date_from_datetime_parsing": N_("Tanggal {value} ({field}) tidak ada; tulis seperti 2026-03-31."),  # noqa: E501
    "date_from_datetime_inexact": N_("Tanggal {value} ({field}) tidak ada; tulis seperti 2026-03-31."),  # noqa: E501
    "enum":                 N_("Isian {field} harus salah satu dari {expected}, bukan {value}."),
    "literal_error":        N_("Isian {field} harus salah satu dari {expected}, bukan {value}."),
    "tuple_type":           N_("Isian {field} harus daftar, bukan {value}."),
    "list_type":            N_("Isian {field} harus daftar, bukan {value}."),
    "model_type":           N_("Isian {field} harus objek JSON, bukan {value}."),
    "model_attributes_type": N_("Isi permintaan harus objek JSON."),
    "dict_type":            N_("Isian {field} harus objek JSON, bukan {value}."),
}
# fmt: on


def field_problems(errors: Sequence[Any]) -> tuple[FieldProblem, ...]:
    """Return one problem for every entry that FastAPI or pydantic lists."""
    return tuple(_problem(entry) for entry in errors)


def _problem(entry: Mapping[str, Any]) -> FieldProblem:
    place = [str(part) for part in entry["loc"]]
    field = ".".join(place[1:]) or place[0]
    context: Mapping[str, Any] = entry.get("ctx") or {}
    kind = str(entry["type"])
    if kind == "json_invalid":
        return FieldProblem("body", TEMPLATES[kind], {"place": place[-1]})
    template = str(context["template"]) if kind == UNREADABLE else TEMPLATES.get(kind, _OTHER)
    values = {
        name: context[name]
        for name in ("min_length", "max_length", "ge", "le", "expected")
        if name in context
    }
    if "expected" in values:
        # pydantic joins the last two in English.
        values["expected"] = str(values["expected"]).replace("' or '", "', '")
    return FieldProblem(
        field,
        template,
        {**values, "field": field, "value": _printed(entry.get("input"), field=place[-1])},
    )


def _printed(value: object, *, field: str) -> str:
    """Return the value as it was sent, or an ellipsis where it may be personal or is not one."""
    if field.lower() in PERSONAL_FIELDS or isinstance(value, dict | list | bytes):
        return NOT_SHOWN
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if _PERSONAL.search(text):
        return NOT_SHOWN
    return text if len(text) <= _PRINTED else f"{text[:_PRINTED]}…"


def refuse_unstorable(form: FormData) -> None:
    """Refuse a NUL character, which nobody types and PostgreSQL does not keep.

    Raises:
        HTTPException: 400; a name, a value or the name of a file holds one.
    """
    for name, value in form.multi_items():
        text = value if isinstance(value, str) else value.filename or ""
        if "\x00" in name + text:
            raise HTTPException(400)
