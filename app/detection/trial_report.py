"""PURE: the report of a trial: what moves, where, how much work, how often such flags held."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from app.detection.findings import Finding

# Seen from the changed rule: newly flagged, no longer flagged, flagged under both.
Kind = Literal["new", "gone", "still"]
KINDS: Final[tuple[Kind, ...]] = ("new", "gone", "still")


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Rupiah are the estimates of the flags, never a bill."""

    flags: int
    workers: int
    rupiah: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """`key` is empty where the office, sector or size is not known."""

    key: str
    totals: Mapping[Kind, Totals]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRate:
    """`known`: flags whose case ended with a verdict; `hits`: those where the flag held."""

    known: int
    hits: int

    def plus(self, other: "HitRate") -> "HitRate":
        return HitRate(known=self.known + other.known, hits=self.hits + other.hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One drawn flag as it would read. `before` holds the figures under the rule in force."""

    kind: Kind
    subject: str
    npp: str
    nama: str
    kantor_cabang: str
    kode_wilayah: str
    jumlah_tk: int
    potensi_rupiah: int
    bulan_tunggak: int
    sentence: str
    sentence_template: str
    sentence_values: Mapping[str, object]
    confidence: str
    confidence_reason: str
    source_ages: Mapping[str, int]
    rows: Mapping[str, int]
    before: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialReport:
    """`visit_minutes` None: nobody has said how long one visit takes, so no hours are printed."""

    totals: Mapping[Kind, Totals]
    by_office: tuple[Group, ...]
    by_sector: tuple[Group, ...]
    by_size: tuple[Group, ...]
    visit_minutes: int | None
    hit_rates: Mapping[Kind, HitRate]
    samples: tuple[Sample, ...]

    @property
    def live_hits(self) -> HitRate:
        return self.hit_rates["still"].plus(self.hit_rates["gone"])

    @property
    def draft_hits(self) -> HitRate:
        return self.hit_rates["still"].plus(self.hit_rates["new"])

    def minutes(self, kind: Kind) -> int | None:
        if self.visit_minutes is None:
            return None
        return self.visit_minutes * self.totals[kind].flags

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def digest(self) -> str:
        """The same report has the same digest, whenever and wherever it was made."""
        text = json.dumps(
            self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=list
        )
        return hashlib.sha256(text.encode()).hexdigest()


def report_from(document: Mapping[str, Any]) -> TrialReport:
    """Return what `TrialReport.as_json` gave."""

    def totals(found: Mapping[str, Any]) -> dict[Kind, Totals]:
        return {kind: Totals(**found[kind]) for kind in KINDS}

    def groups(name: str) -> tuple[Group, ...]:
        return tuple(Group(key=one["key"], totals=totals(one["totals"])) for one in document[name])

    return TrialReport(
        totals=totals(document["totals"]),
        by_office=groups("by_office"),
        by_sector=groups("by_sector"),
        by_size=groups("by_size"),
        visit_minutes=document["visit_minutes"],
        hit_rates={kind: HitRate(**document["hit_rates"][kind]) for kind in KINDS},
        samples=tuple(Sample(**one) for one in document["samples"]),
    )


def shared_out(drawn: Mapping[Kind, Sequence[str]], *, most: int) -> dict[Kind, tuple[str, ...]]:
    """Return at most `most` subjects, taken in turn from each kind that still has some."""
    taken: dict[Kind, list[str]] = {kind: [] for kind in KINDS}
    for place in range(most):
        for kind in KINDS:
            if place < len(drawn[kind]) and sum(map(len, taken.values())) < most:
                taken[kind].append(drawn[kind][place])
    return {kind: tuple(subjects) for kind, subjects in taken.items()}


def sample_of(kind: Kind, finding: Finding, *, before: Finding | None) -> Sample:
    rows: dict[str, int] = {}
    for row in json.loads(finding.evidence):
        rows[row["table"]] = rows.get(row["table"], 0) + 1
    return Sample(
        kind=kind,
        subject=finding.subject,
        npp=finding.npp,
        nama=finding.nama,
        kantor_cabang=finding.kantor_cabang,
        kode_wilayah=finding.kode_wilayah,
        jumlah_tk=finding.jumlah_tk,
        potensi_rupiah=finding.potensi_rupiah,
        bulan_tunggak=finding.bulan_tunggak,
        sentence=finding.sentence,
        sentence_template=finding.sentence_template,
        sentence_values=json.loads(finding.sentence_values),
        confidence=finding.confidence,
        confidence_reason=finding.confidence_reason,
        source_ages=json.loads(finding.source_ages),
        rows=dict(sorted(rows.items())),
        before={} if before is None else figures_of(before),
    )


def figures_of(finding: Finding) -> dict[str, int]:
    return {
        "jumlah_tk": finding.jumlah_tk,
        "potensi_rupiah": finding.potensi_rupiah,
        "bulan_tunggak": finding.bulan_tunggak,
    }
