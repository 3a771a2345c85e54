"""How a sentence with values is said to people: days written out, labels in their language."""

from collections.abc import Mapping
from datetime import date, datetime

from babel.dates import format_date

from app.errors import AppError, FieldProblem
from app.infra.wording import translate

LOCALES: Mapping[str, str] = {"id": "id_ID", "en": "en_GB"}


def spoken(said: AppError | FieldProblem, language: str) -> str:
    """Return the sentence in `language`; days as `22 November 2026`, known labels translated."""
    return spoken_template(said.template, said.values, language)


def spoken_template(template: str, values: Mapping[str, object], language: str) -> str:
    said = {name: _value(value, language) for name, value in values.items()}
    return translate(template, language, **said)


def _value(value: object, language: str) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return str(format_date(value, "d MMMM y", locale=LOCALES[language]))
    if isinstance(value, str):
        return translate(value, language)
    return value
