"""PURE: control visits as pages, the API and the report see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Final, Literal

from app.detection.drawing import Stratum

Dimension = Literal["sektor", "skala", "wilayah"]
Event = Literal["ditugaskan", "hasil", "kasus"]
Result = Literal["patuh", "melanggar", "tidak_ditemukan"]

STRATA: Final[tuple[Dimension, ...]] = ("sektor", "skala", "wilayah")
EVENTS: Final[tuple[Event, ...]] = ("ditugaskan", "hasil", "kasus")
RESULTS: Final[tuple[Result, ...]] = ("melanggar", "patuh", "tidak_ditemukan")
# An employer of the register cannot be one that is missing from it.
REGISTERED_RULES: Final = ("PDS_TK", "PDS_UPAH", "PDS_PROGRAM", "PIUTANG", "LAPSED")
_DIVISION_DIGITS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a visit found; `rupiah` and `workers` are estimates, 0 unless something was violated."""

    visited_on: date
    result: Result
    violations: frozenset[str] = frozenset()
    rupiah: int = 0
    workers: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An outcome with who recorded it, and when; `id` grows with every record."""

    id: int
    outcome: Outcome
    recorded_at: datetime
    actor_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One drawn employer. `outcomes` in the order recorded: the last one counts.

    `flagged`: rules whose flags stood when the lot was drawn. `officer_id` None: nobody goes yet.
    """

    id: int
    draw_number: str
    place: int
    npp: str
    office_code: str
    employer: Mapping[str, object]
    stratum: str
    weight: Fraction
    flagged: frozenset[str]
    due_on: date
    officer_id: int | None = None
    officer_name: str = ""
    outcomes: tuple[Recorded, ...] = ()
    case_number: str = ""

    @property
    def outcome(self) -> Outcome | None:
        return self.outcomes[-1].outcome if self.outcomes else None

    @property
    def name(self) -> str:
        return str(self.employer["nama"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One draw. `visits` counts its employers, `done` those with an outcome.

    `violating` of those violate something; a draw whose visits are not over says nothing yet.
    """

    id: int
    number: str
    office_code: str
    snapshot_id: str
    sweep_id: int
    first_on: date
    last_on: date
    strata: tuple[Dimension, ...]
    groups: tuple[Stratum, ...]
    offices: tuple[str, ...]
    employers: int
    seed: str
    definition: int
    frame_sha256: str
    list_sha256: str
    why: str
    drawn_on: date
    drawn_at: datetime
    drawn_by: str
    visits: int
    done: int
    violating: int


@dataclass(frozen=True, slots=True)
class Redrawn:
    """`same_frame`: the snapshot still gives the frame. `same_list`: the lot gives the list."""

    same_frame: bool
    same_list: bool

    @property
    def same(self) -> bool:
        return self.same_frame and self.same_list


@dataclass(slots=True)
class Population:
    """The employers of one office by group, and how many of each some rule flagged."""

    register: dict[str, dict[str, int]] = field(default_factory=dict)
    flagged: dict[str, dict[str, int]] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)

    def add(self, groups: Mapping[str, str], rules: Iterable[str]) -> None:
        codes = tuple(rules)
        for dimension, key in groups.items():
            _count(self.register.setdefault(dimension, {}), key)
            if codes:
                _count(self.flagged.setdefault(dimension, {}), key)
        for code in codes:
            _count(self.rules, code)

    def as_json(self) -> dict[str, object]:
        return {"register": self.register, "flagged": self.flagged, "rules": self.rules}


def groups_of(employer: Mapping[str, object]) -> dict[str, str]:
    """Return the group of an employer along each dimension; empty where it is not known."""
    return {
        "sektor": str(employer.get("kbli") or "")[:_DIVISION_DIGITS],
        "skala": str(employer.get("skala") or ""),
        "wilayah": str(employer.get("kode_wilayah") or ""),
    }


def dimensions(names: Iterable[str]) -> tuple[Dimension, ...]:
    """Return those that are named, in the one order that strata have."""
    chosen = frozenset(names)
    return tuple(one for one in STRATA if one in chosen)


def stratum_of(groups: Mapping[str, str], strata: Iterable[Dimension]) -> str:
    return "|".join(groups[dimension] for dimension in dimensions(strata))


def _count(counts: dict[str, int], key: str) -> None:
    counts[key] = counts.get(key, 0) + 1
