"""Pairs and decisions as pages, the API and other rooms see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from app.linkage.bands import Band, Why
from app.registry.matching import BY_DECISION, BY_NAME, BY_SHARED_NAME, BY_SIMILARITY

Verdict = Literal["sama", "beda", "ragu", "dicabut"]
# What a list can be narrowed to: waits for a person, linked without a number, decided.
Group = Literal["menunggu", "tertaut", "diputus"]

# What a pair is of.
PairKind = Literal["pemberi_kerja", "pekerja", "pemberi_kerja_luar"]
EMPLOYER: Final[PairKind] = "pemberi_kerja"
WORKER: Final[PairKind] = "pekerja"
# Two employers that other agencies know, neither of them registered.
OUTSIDE: Final[PairKind] = "pemberi_kerja_luar"
KINDS: Final[tuple[PairKind, ...]] = (EMPLOYER, WORKER, OUTSIDE)

BANDS: Final[tuple[Band, ...]] = ("pasti", "tinjau")
WHYS: Final[tuple[Why, ...]] = (
    "", "nomor", "bentuk", "wilayah", "saingan", "peluang", "alamat", "tempat", "disebut",
    "kelamin", "kembar", "nama", "sumber", "rantai",
)  # fmt: skip
METHODS: Final = ("", BY_NAME, BY_SHARED_NAME, BY_SIMILARITY, BY_DECISION)
VERDICTS: Final[tuple[Verdict, ...]] = ("sama", "beda", "ragu", "dicabut")
# Verdicts that move a link; doubt keeps the pair on the list.
SETTLED: Final[tuple[Verdict, ...]] = ("sama", "beda")
GROUPS: Final[tuple[Group, ...]] = ("menunggu", "tertaut", "diputus")


@dataclass(frozen=True, slots=True)
class PartView:
    """One comparison: the code of its level, "" for nothing to compare; weight in bits."""

    comparison: str
    level: str
    weight: float
    voice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """A pair as the last sweep saw it. `verdict` is the standing decision, empty for none.

    Of a pair of workers `kunci`, `member` and both sides hold NIKs, masked unless revealed. Of a
    pair of two outside employers `npp` is empty, `member` names the second, and `registered` and
    `other_records` are of the second; `records` are those of both.

    `method` is how the last sweep linked the two; `next_method` how the next one will.
    `version` is the number of the newest decision, 0 before the first.
    """

    id: int
    kind: PairKind
    kunci: str
    npp: str
    member: str
    records: tuple[tuple[str, str], ...]
    other_records: tuple[tuple[str, str], ...]
    band: Band
    why: Why
    method: str
    next_method: str
    weight: float
    chance: float
    parts: tuple[PartView, ...]
    outside: Mapping[str, Any]
    registered: Mapping[str, Any]
    rival_npp: str
    kantor_cabang: str
    model_sha256: str
    snapshot_id: str
    seen: bool
    first_seen_on: date
    last_seen_on: date
    verdict: Verdict | Literal[""]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    id: int
    verdict: Verdict
    reason: str
    actor: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pairs of this principal's offices there are in each group."""

    by_group: Mapping[Group, int]


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What one sweep's linkage did. `candidates`: those outside that no number links."""

    model_sha256: str
    candidates: int
    sure: int
    review: int

    @property
    def review_per_thousand(self) -> int:
        return self.review * 1000 // max(self.candidates, 1)
