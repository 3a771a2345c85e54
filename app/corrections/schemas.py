"""Corrections as pages, the API and the command line see them: plain values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.cases.stages import Action, Stage
from app.corrections.weighing import Choice, Kind, Weight
from app.errors import FieldProblem

State = Literal["terbuka", "diputus", "gugur"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    choice: Choice
    reason: str
    name: str
    title: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    """One paper of a case, what moved under it, what is proposed, and what a person decided.

    `told_on`: the legal day at whose end the paper told its facts. `basis_as_of` and `as_of` are
    the days of the data then and now. `why` is the reason of the proposal.
    """

    id: int
    case_id: int
    case_number: str
    employer_name: str
    npp: str
    office_code: str
    stage: Stage
    kind: Kind
    label: str
    number: str
    key: str
    step: Action | None
    told_on: date
    basis_snapshot_id: str
    basis_as_of: date
    snapshot_id: str
    as_of: date
    weight: Weight
    why: FieldProblem
    proposal: Choice
    state: State
    found_at: datetime
    decided: Decided | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """`papers` were looked at; `opened` ask a person now, `lapsed` no longer do.

    `unreadable`: papers whose data are gone or whose calendar does not reach.
    """

    snapshot_id: str
    papers: int
    opened: int
    lapsed: int
    unreadable: int
