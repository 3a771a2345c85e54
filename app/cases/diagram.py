"""PURE: the page docs/lifecycle.md, drawn from the table of edges."""

from collections.abc import Iterator

from app.cases.clocks import Clock
from app.cases.edges import EDGES, Edge, Need, NeedKind
from app.cases.stages import (
    ACTION_LABELS,
    BREACHES,
    CLOSING_REASONS,
    DOCUMENT_LABELS,
    PROOF_LABELS,
    STAGE_LABELS,
    Stage,
    Violation,
)

_HEAD = """# Lifecycle of a case

Drawn from `app/cases/edges.py` by `python -m app.cases.lifecycle > docs/lifecycle.md`; a test
fails when this page is stale. Words in italics are Indonesian terms as people see them.

PP 86/2013 says that sanctions "can be" a warning, a fine "and/or" denial of services: no step is
compulsory except those on which a later one rests. Its sanctions are for not registering and for
untrue data; unpaid contributions (`PIUTANG`) follow collection practice instead: two billing
letters with proof of receipt and an inspection report before referral. A case that carries both
must meet both.

"""
_CLOCKS = {
    Clock.WARNING_1: "10 working days from proved receipt",
    Clock.WARNING_2: "10 working days from proved receipt",
    Clock.FINE: "30 calendar days from the end of the second warning",
}


def page() -> str:
    """Return the whole page, ending in a line break."""
    return _HEAD + "\n".join([*_graph(), "", *_steps(), "", *_closings(), ""])


def _graph() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for stage in Stage:
        yield f"  {stage}: {STAGE_LABELS[stage]}"
    yield f"  [*] --> {Stage.VERIFICATION}"
    for edge in EDGES:
        if edge.back_before is not None:
            yield from _ways_back(edge)
        if edge.to is None or edge.to is Stage.CLOSED:
            continue
        for source in sorted(edge.sources, key=list(Stage).index):
            yield f"  {source} --> {edge.to}: {ACTION_LABELS[edge.action]}"
    yield "  note right of closed: reached from every stage"
    yield "```"


def _ways_back(edge: Edge) -> Iterator[str]:
    found = frozenset().union(*(e.sources for e in EDGES if e.action is edge.back_before))
    for source in sorted(edge.sources, key=list(Stage).index):
        for stage in sorted(found, key=list(Stage).index):
            yield f"  {source} --> {stage}: {ACTION_LABELS[edge.action]}"


def _steps() -> Iterator[str]:
    yield "## Steps"
    yield ""
    yield "| action | from | to | needs | attach | second person | starts | source |"
    yield "|---|---|---|---|---|---|---|---|"
    for edge in EDGES:
        yield f"| {' | '.join(_cells(edge))} |"


def _cells(edge: Edge) -> Iterator[str]:
    sources = sorted(edge.sources, key=list(Stage).index)
    yield f"`{edge.action}` *{ACTION_LABELS[edge.action]}*"
    everywhere = len(sources) == len(Stage) - 1
    yield "every open stage" if everywhere else ", ".join(f"`{source}`" for source in sources)
    if edge.back_before is not None:
        yield f"where *{DOCUMENT_LABELS[edge.back_before]}* found it"
    else:
        yield f"`{edge.to}`" if edge.to else "stays"
    needs = [_need(need) for need in edge.needs]
    if edge.only_for == BREACHES:
        needs.insert(0, "a registration or data violation")
    if edge.recorded_by_packets:
        needs.append("recorded by the packets room alone")
    yield "; ".join(needs)
    attach = [f"*{PROOF_LABELS[proof]}*" for proof in sorted(edge.proofs)]
    if edge.letter:
        attach.append("letter number")
    if edge.explained:
        attach.append("the reason")
    if edge.action == "close":
        attach.append("by reason, below")
    yield ", ".join(attach)
    yield "yes" if edge.second_person else ""
    yield _CLOCKS[edge.starts] if edge.starts else ""
    yield f"{edge.citation.label} ({edge.citation.grade})"


def _need(need: Need) -> str:
    document = f"*{DOCUMENT_LABELS[need.action]}*"
    text = {
        NeedKind.DONE: f"{document} done",
        NeedKind.RECEIVED: f"{document} received, {_count(need)} with proof",
        NeedKind.LAPSED: f"{document} received with proof and its last day passed",
        NeedKind.WINDOW_OPEN: f"not after the window of the fine, which {document} opens",
        NeedKind.RECEIVED_IF_DONE: f"{document}, if sent, received with proof",
        NeedKind.LAPSED_IF_DONE: f"{document}, if sent, its last day passed",
        NeedKind.TOO_EARLY: f"{document} was too early, by a date computed anew",
    }[need.kind]
    if need.since:
        names = " and ".join(f"*{DOCUMENT_LABELS[action]}*" for action in need.since)
        text += f" since the last {names}"
    if need.only_for == BREACHES:
        return f"{text} (registration or data)"
    if need.only_for != frozenset(Violation):
        return f"{text} ({', '.join(sorted(need.only_for))})"
    return text


def _closings() -> Iterator[str]:
    yield "## Reasons for closing"
    yield ""
    yield "| code | meaning | attach |"
    yield "|---|---|---|"
    for reason in CLOSING_REASONS.values():
        proof = f"*{PROOF_LABELS[reason.proof]}*" if reason.proof else "a note"
        yield f"| `{reason.code}` | *{reason.label}* | {proof} |"
    yield ""
    yield "`DIALIHKAN` is shut once a file was handed to the prosecutor, a returned one included."


def _count(need: Need) -> int:
    """Return the count of the newest version that ships."""
    return 1 if need.count is None else need.count.versions[-1].value
