"""How a sentence with values is said to people: days written out, labels in their language."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from string import Formatter
from typing import Final

from babel.dates import format_date

from app.errors import AppError, FieldProblem
from app.infra.wording import translate

LOCALES: Mapping[str, str] = {"id": "id_ID", "en": "en_GB"}
# Days and months that a stored sentence carries as text.
MONTH: Final = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")
DAY: Final = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])")
DATED: Final = re.compile(rf"(?<![\w-])(?:{DAY.pattern}|{MONTH.pattern})(?![\w-])")


def spoken(said: AppError | FieldProblem, language: str) -> str:
    """Return the sentence in `language`; days as `22 November 2026`, known labels translated."""
    return spoken_template(said.template, said.values, language)


def spoken_template(template: str, values: Mapping[str, object], language: str) -> str:
    said = {name: _value(value, language) for name, value in values.items()}
    return translate(template, language, **said)


def respoken(said: str, language: str, templates: Iterable[str]) -> str:
    """Return a sentence that was stored in Indonesian with its values in it, in `language`.

    `templates` are what it may have been made from; one that fits none stays as it is.
    """
    if language == "id":
        return said
    whole = translate(said, language)
    if whole != said:
        return whole
    for template in templates:
        found = _pattern(template).fullmatch(said)
        if found is not None:
            return translate(template, language, **found.groupdict())
    return said


def dates_written_out(text: str, language: str) -> str:
    """Return `text` with the days and months in it as people write them: `Maret 2026`."""
    return DATED.sub(lambda found: str(_value(found[0], language)), text)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    seen: set[str] = set()
    parts = []
    for text, name, _spec, _conversion in Formatter().parse(template):
        parts.append(re.escape(text))
        if name:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.*?)")
            seen.add(name)
    return re.compile("".join(parts), re.DOTALL)


def _value(value: object, language: str) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return str(format_date(value, "d MMMM y", locale=LOCALES[language]))
    if not isinstance(value, str):
        return value
    if MONTH.fullmatch(value):
        return str(
            format_date(date.fromisoformat(f"{value}-01"), "LLLL y", locale=LOCALES[language])
        )
    if DAY.fullmatch(value):
        return str(format_date(date.fromisoformat(value), "d MMMM y", locale=LOCALES[language]))
    return translate(value, language)
