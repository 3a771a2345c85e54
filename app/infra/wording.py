"""The two languages. Indonesian sentences are the keys; `app/locale/en/*.po` hold the English."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

from babel.messages.pofile import read_po

from app.errors import AppError, FieldProblem

Language = Literal["id", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("id", "en")
LOCALE_DIR = Path(__file__).resolve().parents[1] / "locale"


def N_(sentence: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a sentence that reaches people from Python, so that the catalogue test finds it."""
    return sentence


@cache
def english() -> Mapping[str, str]:
    """Return every Indonesian sentence with its English one."""
    catalogue: dict[str, str] = {}
    for path in sorted((LOCALE_DIR / "en").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if isinstance(message.id, str) and message.id and message.string:
                    catalogue[message.id] = str(message.string)
    return catalogue


def translate(template: str, language: str, /, **values: object) -> str:
    """Return `template` in `language` with its values filled in.

    A sentence without an English entry stays Indonesian: wrong language beats no sentence.
    """
    wording = english().get(template, template) if language == "en" else template
    return wording.format(**values) if values else wording


def sentence(error: AppError | FieldProblem, language: str) -> str:
    return translate(error.template, language, **error.values)
