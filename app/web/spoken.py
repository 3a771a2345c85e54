"""How a sentence with values is said to people: days written out, labels in their language."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from string import Formatter
from typing import Final

from babel.dates import format_date

from app.detection.findings import counted_words
from app.errors import AppError, FieldProblem
from app.infra.wording import translate

LOCALES: Mapping[str, str] = {"id": "id_ID", "en": "en_GB"}
# A day, or a month, that a stored sentence carries as text.
DATED: Final = re.compile(r"(?<![\w-])(?:19|20)\d\d-\d\d(?:-\d\d)?(?![\w-])")
RUPIAH: Final = re.compile(r"Rp\d{1,3}(?:\.\d{3})+")


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
    fitting = [
        (template, found)
        for template in templates
        if (found := _pattern(template).fullmatch(said)) is not None
    ]
    if not fitting:
        return said
    # `{name}, {day}` fits every sentence with a comma: what says most of it itself was meant.
    template, found = max(fitting, key=lambda one: _own_letters(one[0]))
    return translate(template, language, **found.groupdict())


def dates_written_out(text: str, language: str) -> str:
    """Return `text` with the days and months in it as people write them: `Maret 2026`."""
    return DATED.sub(lambda found: _dated(found[0], language), text)


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


def _own_letters(template: str) -> int:
    return sum(len(text) for text, *_ in Formatter().parse(template))


def _value(value: object, language: str) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return _day(value, language)
    if isinstance(value, (list, tuple)):
        return counted_words(value, language)
    if not isinstance(value, str):
        return value
    if DATED.fullmatch(value):
        return _dated(value, language)
    if language == "en" and RUPIAH.fullmatch(value):
        return value.replace(".", ",")
    return translate(value, language)


def _dated(text: str, language: str) -> str:
    """Return `22 November 2026` or `March 2026`; what is no day and no month stays as it is."""
    is_month = text.count("-") == 1
    try:
        day = date.fromisoformat(f"{text}-01" if is_month else text)
    except ValueError:
        return text
    if is_month:
        return str(format_date(day, "LLLL y", locale=LOCALES[language]))
    return _day(day, language)


def _day(day: date, language: str) -> str:
    return str(format_date(day, "d MMMM y", locale=LOCALES[language]))
