"""How a pure rule says that one given value cannot be used: an Invalid that names it."""

from app.errors import FieldProblem, Invalid

_PRINTED_CHARACTERS = 60


def fault(field: str, template: str, /, **values: object) -> Invalid:
    """Return an Invalid whose sentence and single field problem are the same.

    The template may name `{field}`. `values` are shortened to 60 characters each, so that a
    message never repeats a whole input.
    """
    short = {name: _shortened(value) for name, value in {"field": field, **values}.items()}
    return Invalid(template, fields=(FieldProblem(field, template, short),), **short)


def _shortened(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**20:
        return value
    text = str(value)
    return text if len(text) <= _PRINTED_CHARACTERS else f"{text[:_PRINTED_CHARACTERS]}…"
