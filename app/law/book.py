"""The law as it is known on one day: the parameters that ship, and those enacted since.

Every calculation takes a LawBook and asks it for the parameter it needs, so that the same
calculation can be made under the law as it was known before, or as it might become.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, TypeVar, cast

from app.law.calendar import WorkingCalendar
from app.law.dated import Dated, Version
from app.law.faults import fault
from app.law.parameters import ALL

T = TypeVar("T")

_ONE_DAY: Final = timedelta(days=1)
_BY_KEY: Final = MappingProxyType({parameter.key: parameter for parameter in ALL})


@dataclass(frozen=True, slots=True)
class LawBook:
    """`enacted` holds, by key, the parameters that are no longer as they ship."""

    enacted: Mapping[str, Dated[object]] = field(default_factory=lambda: MappingProxyType({}))

    def __getitem__(self, parameter: Dated[T]) -> Dated[T]:
        """Return the parameter with every version that this book knows."""
        return cast("Dated[T]", self.enacted.get(parameter.key, parameter))

    def __iter__(self) -> Iterator[Dated[object]]:
        for parameter in ALL:
            yield self[parameter]

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.enacted)))

    @property
    def edition(self) -> str:
        """What tells this book from others: `bawaan` as shipped, else eight hex digits."""
        if not self.enacted:
            return "bawaan"
        lines = "\n".join(
            f"{key}\t{version.valid_from}\t{version.valid_to}\t{version.value!r}"
            for key in sorted(self.enacted)
            for version in self.enacted[key]
        )
        return hashlib.sha256(lines.encode()).hexdigest()[:8]

    def with_version(self, key: str, version: Version[object]) -> "LawBook":
        """Return a book in which `version` is in force from its first day.

        The version before it ends the day before. Nothing earlier changes, and nothing later may
        be there: two values for one day are a contradiction that a person has to settle.

        Raises:
            Invalid: no such parameter, or a version that begins on that day or later.
        """
        known = parameter_named(key)
        versions = self[known].versions
        last = versions[-1]
        if last.valid_from >= version.valid_from:
            raise fault(
                "valid_from",
                "Nilai {title} yang berlaku sejak {last} sudah ada; nilai baru ({field}) harus "
                "berlaku sesudah tanggal itu, bukan sejak {day}.",
                title=known.title,
                last=last.valid_from.isoformat(),
                day=version.valid_from.isoformat(),
            )
        if last.valid_to is None or last.valid_to >= version.valid_from:
            last = replace(last, valid_to=version.valid_from - _ONE_DAY)
        changed: Dated[object] = replace(known, versions=(*versions[:-1], last, version))
        return LawBook(MappingProxyType({**self.enacted, key: changed}))


SHIPPED: Final = LawBook()


@dataclass(frozen=True, slots=True)
class Norms:
    """What a calculation rests on besides the facts: the law as known, and the calendar."""

    law: LawBook
    calendar: WorkingCalendar


def parameter_named(key: str) -> Dated[object]:
    """Return the parameter as it ships.

    Raises:
        Invalid: no parameter has that key.
    """
    if (parameter := _BY_KEY.get(key)) is None:
        raise fault("key", "Parameter {key} ({field}) tidak dikenal.", key=key)
    return parameter


def known_until(parameter: Dated[object]) -> date | None:
    """Return the last day for which the parameter is announced; None until further notice."""
    return parameter.versions[-1].valid_to
