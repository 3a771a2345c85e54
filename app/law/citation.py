"""Where a number or a rule comes from, how sure that is, and who has read it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Grade = Literal["A", "B", "C"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A source with its grade.

    Grade A: the norm's own text was read. B: a secondary source was read. C: unverified, or our
    own reading where the norms are silent.
    `article_grade` is the grade of the article number where it differs from the instrument's.
    `source` is the key in the legal dossier. `checked_by` names the person who compared the
    citation with the official text, and `checked_on` the day; None while nobody has.
    """

    instrument: str
    article: str | None
    grade: Grade
    source: str
    checked_by: str | None = None
    checked_on: date | None = None
    note: str = ""
    article_grade: Grade | None = None

    @property
    def printable(self) -> str | None:
        """What may be printed as fact: None for grade C, without a grade-C article number."""
        if self.grade == "C":
            return None
        if self.article is None or (self.article_grade or self.grade) == "C":
            return self.instrument
        return f"{self.instrument} {self.article}"

    @property
    def confirmed(self) -> str | None:
        """What may reach a prosecutor: an article number only after a named person checked it."""
        if self.grade == "C":
            return None
        return self.printable if self.checked_by else self.instrument

    @property
    def label(self) -> str:
        """Always a text; says that it is unverified where it is not printable as fact."""
        return self.printable or f"{self.instrument} (belum diverifikasi, bukan kutipan norma)"


def reading(note: str) -> Citation:
    """Return the citation of a default that no norm gives: ours, and never printable as law."""
    return Citation(
        instrument="Pembacaan Patuh",
        article=None,
        grade="C",
        source="product.md",
        note=note,
    )
