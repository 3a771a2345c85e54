"""A value that the law changes on known days, each version with its unit and its source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from app.errors import Invalid
from app.law.citation import Citation, Grade

T_co = TypeVar("T_co", covariant=True)


class ParameterGap(Invalid):
    """No version is in force on the day asked for."""

    code = "parameter-gap"

    def __init__(self, *, key: str, title: str, on: date) -> None:
        super().__init__(
            "Tidak ada nilai {title} yang berlaku pada {on}.", title=title, on=on.isoformat()
        )
        self.key = key
        self.on = on


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(Generic[T_co]):
    """`valid_from` and `valid_to` are both inclusive; `valid_to` None means until further notice.

    `grade` is how sure the value is; the citation carries the grade of the norm itself.
    """

    valid_from: date
    valid_to: date | None
    value: T_co
    unit: str
    grade: Grade
    citation: Citation

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied(Generic[T_co]):
    """A version as one calculation used it; `provisional` when it was used after its end."""

    key: str
    title: str
    version: Version[T_co]
    provisional: bool = False

    @property
    def value(self) -> T_co:
        return self.version.value

    @property
    def citation(self) -> Citation:
        return self.version.citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Generic[T_co]):
    """Versions in order of time, never two on one day. `title` is Indonesian, for people."""

    key: str
    title: str
    versions: tuple[Version[T_co], ...]

    def __post_init__(self) -> None:
        if not self.versions:
            raise ValueError(f"{self.key} has no version")
        for earlier, later in zip(self.versions, self.versions[1:], strict=False):
            if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                raise ValueError(f"{self.key} has two versions on {later.valid_from}")

    def __iter__(self) -> Iterator[Version[T_co]]:
        return iter(self.versions)

    def find_on(self, day: date) -> Version[T_co] | None:
        """Return the version of that day, None where a gap is normal, as for a relief."""
        return next((version for version in self.versions if version.covers(day)), None)

    def version_on(self, day: date) -> Version[T_co]:
        """Return the version of that day.

        Raises:
            ParameterGap: none is in force on `day`.
        """
        if (version := self.find_on(day)) is None:
            raise ParameterGap(key=self.key, title=self.title, on=day)
        return version

    def on(self, day: date) -> T_co:
        """Return the value of that day.

        Raises:
            ParameterGap: none is in force on `day`.
        """
        return self.version_on(day).value

    def applied_on(self, day: date) -> Applied[T_co]:
        """Return the version of that day under the parameter's name.

        Raises:
            ParameterGap: none is in force on `day`.
        """
        return Applied(key=self.key, title=self.title, version=self.version_on(day))

    def last_known_on(self, day: date) -> Applied[T_co]:
        """Return the version of that day, or provisionally the one that ended last before it.

        So also in a gap before a later version: that one says nothing of the days before it, and
        what was reckoned for them stays as it was.

        Raises:
            ParameterGap: `day` lies before the first version.
        """
        begun = [version for version in self.versions if version.valid_from <= day]
        if begun and not begun[-1].covers(day):
            return Applied(key=self.key, title=self.title, version=begun[-1], provisional=True)
        return self.applied_on(day)
