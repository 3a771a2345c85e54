"""PURE: the workflow as one table: a row is one decision about the law, with its source."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from app.cases.clocks import Clock
from app.cases.stages import ARREARS, BREACHES, Action, Proof, Stage, Violation
from app.law.citation import Citation, reading
from app.law.dated import Dated
from app.law.parameters import norms
from app.law.parameters.notices import NOTICES_FOR_ARREARS, NOTICES_FOR_BREACHES

STEP: Final = "cases.step"
APPROVE: Final = "cases.approve"


class NeedKind(Enum):
    """What must be true of an earlier step on the day of the new one."""

    DONE = "done"
    RECEIVED = "received"
    LAPSED = "lapsed"
    WINDOW_OPEN = "window-open"
    RECEIVED_IF_DONE = "received-if-done"
    LAPSED_IF_DONE = "lapsed-if-done"
    TOO_EARLY = "too-early"


@dataclass(frozen=True, slots=True)
class Need:
    """`only_for`: asked only of a case with one of these violations.

    `since`: done after the last of each of these that was done. `count` None: once.
    """

    kind: NeedKind
    action: Action
    count: Dated[int] | None = None
    only_for: frozenset[Violation] = frozenset(Violation)
    since: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One action from any of `sources`. `to` None: the stage stays, or is the one of before.

    `back_before`: the case goes back to the stage in which the last such action found it.
    `proofs` must be attached. `only_for`: the case must have one of these violations.
    `second_person`: somebody else than the proposer must approve. `explained`: a note says why.
    `free`: may be recorded out of date order, since nothing rests on its place.
    `recorded_by_packets`: no person takes it by hand.
    """

    sources: frozenset[Stage]
    action: Action
    to: Stage | None
    citation: Citation
    needs: tuple[Need, ...] = ()
    proofs: frozenset[Proof] = frozenset()
    only_for: frozenset[Violation] = frozenset(Violation)
    letter: bool = False
    delivered: bool = False
    second_person: bool = False
    explained: bool = False
    starts: Clock | None = None
    free: bool = False
    recorded_by_packets: bool = False
    back_before: Action | None = None
    permission: str = STEP


_WASRIK: Final = Citation(
    instrument="PP 86/2013", article="Pasal 13", grade="A", source="S29",
)  # fmt: skip
_DENIAL: Final = Citation(
    instrument="PP 86/2013", article="Pasal 8", grade="A", source="S22",
)  # fmt: skip
_NOTICE: Final = Citation(
    instrument="Praktik pembinaan dan penagihan BPJS Ketenagakerjaan", article=None, grade="B",
    source="S65, RKB-PKL",
    note="Dua surat sebelum langkah berikutnya pada penagihan; satu pada pembinaan.",
)  # fmt: skip
_REFERRAL: Final = Citation(
    instrument="Praktik rujukan SKK BPJS Ketenagakerjaan", article=None, grade="B",
    source="S65, REP-BEKASI, JAKSABLOG",
    note="Penagihan, pengawasan data, pemeriksaan lapangan dan berita acara mendahului SKK.",
)  # fmt: skip
_RETURN: Final = Citation(
    instrument="Praktik pengembalian SKK oleh Kejaksaan", article=None, grade="B",
    source="SUARANTB, CMS-S5A",
)  # fmt: skip
_OUR_OWN: Final = reading("Tidak ditemukan norma; pencatatan atas pilihan Patuh.")

# ADR 0014. At most two warnings: one that came too early warned nobody, and is given again.
_REPEATED: Final = reading("Surat yang terlalu dini tidak menjadi dasar; surat itu diulang.")

# ADR 0015. No norm read here forbids or orders it; who gives a mandate may take it back.
_WITHDRAWN: Final = reading(
    "Tidak ditemukan norma; langkah yang tidak sah tidak dapat diulang selama rujukan berdiri."
)

_BEFORE_INSPECTION: Final = frozenset({Stage.VERIFICATION, Stage.NOTIFICATION})
_SANCTIONS: Final = frozenset({Stage.WARNING_1, Stage.WARNING_2, Stage.FINE, Stage.DENIAL})
_OPEN: Final = frozenset(Stage) - {Stage.CLOSED}

EDGES: Final = (
    Edge(
        sources=_OPEN, action=Action.VISIT, to=None, citation=_NOTICE, free=True,
    ),
    Edge(
        sources=_BEFORE_INSPECTION, action=Action.SEND_NOTICE, to=Stage.NOTIFICATION,
        citation=_NOTICE, proofs=frozenset({Proof.LETTER}), letter=True, delivered=True, free=True,
    ),
    Edge(
        sources=frozenset({Stage.INSPECTION}) | _SANCTIONS, action=Action.SEND_NOTICE, to=None,
        citation=_NOTICE, proofs=frozenset({Proof.LETTER}), letter=True, delivered=True, free=True,
    ),
    Edge(
        sources=_BEFORE_INSPECTION, action=Action.ORDER_INSPECTION, to=Stage.INSPECTION,
        citation=_WASRIK, proofs=frozenset({Proof.ORDER}), letter=True,
    ),
    Edge(
        sources=frozenset({Stage.INSPECTION}), action=Action.RECORD_MINUTES, to=None,
        citation=_WASRIK, needs=(Need(NeedKind.DONE, Action.ORDER_INSPECTION),),
        proofs=frozenset({Proof.MINUTES}),
    ),
    Edge(
        sources=frozenset({Stage.INSPECTION}), action=Action.REPORT_FINDINGS, to=None,
        citation=_WASRIK, needs=(Need(NeedKind.DONE, Action.RECORD_MINUTES),),
        proofs=frozenset({Proof.REPORT}),
    ),
    Edge(
        sources=frozenset({Stage.INSPECTION}), action=Action.WARN_1, to=Stage.WARNING_1,
        citation=norms.PP_86_2013_WARNING, needs=(Need(NeedKind.DONE, Action.REPORT_FINDINGS),),
        proofs=frozenset({Proof.LETTER}), only_for=BREACHES, letter=True, delivered=True,
        second_person=True, starts=Clock.WARNING_1,
    ),
    Edge(
        sources=frozenset({Stage.WARNING_1}), action=Action.WARN_2, to=Stage.WARNING_2,
        citation=norms.PP_86_2013_WARNING, needs=(Need(NeedKind.LAPSED, Action.WARN_1),),
        proofs=frozenset({Proof.LETTER}), only_for=BREACHES, letter=True, delivered=True,
        second_person=True, starts=Clock.WARNING_2,
    ),
    Edge(
        sources=frozenset({Stage.WARNING_2}), action=Action.IMPOSE_FINE, to=Stage.FINE,
        citation=norms.PP_86_2013_FINE_WINDOW,
        needs=(
            Need(NeedKind.LAPSED, Action.WARN_2),
            Need(NeedKind.WINDOW_OPEN, Action.WARN_2),
        ),
        proofs=frozenset({Proof.LETTER}), only_for=BREACHES, letter=True, delivered=True,
        second_person=True, starts=Clock.FINE,
    ),
    Edge(
        sources=frozenset({Stage.WARNING_2, Stage.FINE}), action=Action.REQUEST_DENIAL,
        to=Stage.DENIAL, citation=_DENIAL,
        needs=(
            Need(NeedKind.LAPSED, Action.WARN_2),
            Need(NeedKind.RECEIVED_IF_DONE, Action.IMPOSE_FINE),
            Need(NeedKind.LAPSED_IF_DONE, Action.IMPOSE_FINE),
        ),
        proofs=frozenset({Proof.LETTER}), only_for=BREACHES, letter=True, delivered=True,
        second_person=True,
    ),
    Edge(
        sources=frozenset({Stage.WARNING_2, Stage.FINE, Stage.DENIAL}), action=Action.WARN_2,
        to=Stage.WARNING_2, citation=_REPEATED,
        needs=(Need(NeedKind.TOO_EARLY, Action.WARN_2), Need(NeedKind.LAPSED, Action.WARN_1)),
        proofs=frozenset({Proof.LETTER}), only_for=BREACHES, letter=True, delivered=True,
        second_person=True, starts=Clock.WARNING_2,
    ),
    Edge(
        sources=frozenset({Stage.FINE, Stage.DENIAL}), action=Action.IMPOSE_FINE,
        to=Stage.FINE, citation=_REPEATED,
        needs=(
            Need(NeedKind.TOO_EARLY, Action.IMPOSE_FINE),
            Need(NeedKind.LAPSED, Action.WARN_2),
            Need(NeedKind.WINDOW_OPEN, Action.WARN_2),
        ),
        proofs=frozenset({Proof.LETTER}), only_for=BREACHES, letter=True, delivered=True,
        second_person=True, starts=Clock.FINE,
    ),
    Edge(
        sources=frozenset({Stage.DENIAL}), action=Action.REQUEST_DENIAL,
        to=Stage.DENIAL, citation=_REPEATED,
        needs=(
            Need(NeedKind.TOO_EARLY, Action.REQUEST_DENIAL),
            Need(NeedKind.LAPSED, Action.WARN_2),
            Need(NeedKind.RECEIVED_IF_DONE, Action.IMPOSE_FINE),
            Need(NeedKind.LAPSED_IF_DONE, Action.IMPOSE_FINE),
        ),
        proofs=frozenset({Proof.LETTER}), only_for=BREACHES, letter=True, delivered=True,
        second_person=True,
    ),
    Edge(
        sources=frozenset({Stage.INSPECTION}) | _SANCTIONS,
        action=Action.REFER, to=Stage.REFERRAL, citation=_REFERRAL,
        needs=(
            Need(NeedKind.RECEIVED, Action.SEND_NOTICE, NOTICES_FOR_BREACHES, BREACHES),
            Need(NeedKind.RECEIVED, Action.SEND_NOTICE, NOTICES_FOR_ARREARS, ARREARS),
            Need(NeedKind.DONE, Action.REPORT_FINDINGS),
            Need(NeedKind.LAPSED, Action.WARN_2, only_for=BREACHES),
            Need(NeedKind.LAPSED_IF_DONE, Action.IMPOSE_FINE),
        ),
        second_person=True,
    ),
    Edge(
        sources=frozenset({Stage.REFERRAL}), action=Action.SEAL_PACKET, to=None,
        citation=_OUR_OWN, recorded_by_packets=True,
    ),
    Edge(
        sources=frozenset({Stage.REFERRAL}), action=Action.HAND_OVER, to=Stage.REFERRED,
        citation=_REFERRAL,
        needs=(
            Need(
                NeedKind.DONE, Action.SEAL_PACKET, since=(Action.REFER, Action.RECORD_RETURN),
            ),
        ),
        proofs=frozenset({Proof.RECEIPT}),
    ),
    Edge(
        sources=frozenset({Stage.REFERRED}), action=Action.RECORD_RETURN, to=Stage.REFERRAL,
        citation=_RETURN, proofs=frozenset({Proof.RETURN}),
    ),
    # ADR 0015. A file that the prosecutor holds comes back only by a letter that reached him.
    Edge(
        sources=frozenset({Stage.REFERRAL}), action=Action.WITHDRAW_REFERRAL, to=None,
        citation=_WITHDRAWN, second_person=True, explained=True, back_before=Action.REFER,
    ),
    Edge(
        sources=frozenset({Stage.REFERRED}), action=Action.WITHDRAW_REFERRAL, to=None,
        citation=_WITHDRAWN, proofs=frozenset({Proof.LETTER, Proof.RECEIPT}), letter=True,
        second_person=True, explained=True, back_before=Action.REFER,
    ),
    # What must be shown for closing depends on the reason: CLOSING_REASONS.
    Edge(
        sources=_OPEN, action=Action.CLOSE, to=Stage.CLOSED, citation=_OUR_OWN, second_person=True,
        explained=True,
    ),
)  # fmt: skip


def edge_from(stage: Stage, action: Action) -> Edge | None:
    return next((e for e in EDGES if e.action is action and stage in e.sources), None)


def edges_of(action: Action) -> tuple[Edge, ...]:
    return tuple(edge for edge in EDGES if edge.action is action)


CLOCK_OF: Final = {edge.action: edge.starts for edge in EDGES if edge.starts is not None}
FREE_ACTIONS: Final = frozenset(edge.action for edge in EDGES if edge.free)
DELIVERED_ACTIONS: Final = frozenset(edge.action for edge in EDGES if edge.delivered)
