"""What pages and services say of a proposed value of law."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.law.dated import Dated, Version
from app.lawbook.values import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One added version. `impact` is what the proposer was shown before saving.

    `superseded`: a release has since shipped a value of that day or later, and the release wins.
    """

    id: int
    key: str
    title: str
    version: Version[object]
    before: Version[object]
    state: str
    proposed_by_id: int
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    impact: Mapping[str, object]
    superseded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterView:
    """A parameter in the book of today, with what waits for approval."""

    parameter: Dated[object]
    kind: Kind
    added: frozenset[date]
    waiting: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person wrote on the form, read but not yet judged."""

    key: str
    valid_from: date
    value: object
    instrument: str
    article: str
    grade: str
    source: str
    note: str
