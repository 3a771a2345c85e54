"""Numbers that no norm gives and Patuh needs: its own reading, said to be one."""

from datetime import date
from typing import TypeVar

from app.law.citation import reading
from app.law.dated import Dated, Version

_T = TypeVar("_T")


def our_reading(key: str, title: str, value: _T, unit: str, note: str) -> Dated[_T]:
    """Return a parameter of grade C, in force since July 2015, the first month Patuh knows.

    Law: none. Reading: what `note` says; administrators may propose another value.
    """
    version = Version(
        valid_from=date(2015, 7, 1),
        valid_to=None,
        value=value,
        unit=unit,
        grade="C",
        citation=reading(note),
    )
    return Dated(key=key, title=title, versions=(version,))
