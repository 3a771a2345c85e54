"""PURE: what would sink a case, and the routes that are open, as pages say them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.cases.defects import Defect, Severity
from app.infra.wording import N_, translate
from app.law.routes import LABELS, STATE_LABELS, RouteAdvice, RouteState
from app.web.law_words import law_words
from app.web.spoken import spoken

# fmt: off
SEVERITIES: Final[Mapping[Severity, tuple[str, str]]] = {
    Severity.FATAL:      (N_("menggugurkan"),      "red"),
    Severity.REPAIRABLE: (N_("dapat diperbaiki"),  "yellow"),
}
STATE_TONES: Final[Mapping[RouteState, str]] = {
    RouteState.OPEN: "green", RouteState.LACKING: "yellow", RouteState.SHUT: "red",
    RouteState.TAKEN: "blue", RouteState.NOT_APPLICABLE: "",
}
# fmt: on


@dataclass(frozen=True, slots=True)
class DefectLine:
    sentence: str
    repair: str
    reading: str
    citation: str
    severity: str
    tone: str


@dataclass(frozen=True, slots=True)
class RouteLine:
    """`gaps`: what lacks, or why not. `cautions`: what a person has to judge."""

    label: str
    state: str
    tone: str
    gaps: tuple[str, ...]
    cautions: tuple[str, ...]
    excludes: str
    citation: str


def defect_lines(defects: Iterable[Defect], language: str) -> tuple[DefectLine, ...]:
    return tuple(
        DefectLine(
            sentence=spoken(defect.sentence, language),
            repair=spoken(defect.repair, language),
            reading=translate(defect.reading, language),
            citation=law_words(defect.citation.label, language),
            severity=SEVERITIES[defect.severity][0],
            tone=SEVERITIES[defect.severity][1],
        )
        for defect in defects
    )


def route_lines(routes: Iterable[RouteAdvice], language: str) -> tuple[RouteLine, ...]:
    return tuple(
        RouteLine(
            label=LABELS[item.route],
            state=STATE_LABELS[item.state],
            tone=STATE_TONES[item.state],
            gaps=tuple(dict.fromkeys(spoken(gap, language) for gap in item.gaps)),
            cautions=tuple(spoken(caution, language) for caution in item.cautions),
            excludes=", ".join(translate(LABELS[other], language) for other in item.excludes),
            citation=law_words(item.citation.label, language),
        )
        for item in routes
    )
