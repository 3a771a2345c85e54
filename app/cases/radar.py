"""PURE: which papers and deadlines end soon, which have ended, and whose turn it is.

Never computes a limitation period: the sources for those are memory, not law (law.md 9, row 25).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.cases.papers import MANDATES, PAPER_LABELS, Paper, PaperKind
from app.errors import FieldProblem


class SignalKind(StrEnum):
    EXPIRED = "berakhir"
    SOON = "segera_berakhir"
    UNSTAMPED = "belum_bermeterai"
    DEADLINE = "tenggat"


class Turn(StrEnum):
    """Who has to see to it."""

    OFFICER = "petugas_pemeriksa"
    LEGAL = "petugas_hukum"
    HEAD = "kepala_kantor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Of which case, or of which whole office (`case_number` empty). `officer` empty: nobody."""

    office_code: str
    case_number: str = ""
    employer: str = ""
    officer: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    owner: Owner
    paper: Paper


@dataclass(frozen=True, slots=True)
class Running:
    """The employer's last day, inclusive, in an open case."""

    owner: Owner
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """`on` is the last day; of what is not stamped, the day of the paper."""

    kind: SignalKind
    on: date
    owner: Owner
    turn: Turn
    sentence: FieldProblem


def radar(
    papers: Iterable[Watched], deadlines: Iterable[Running], *, on: date, within_days: int
) -> tuple[Signal, ...]:
    """Return what has ended, and what ends within so many days from `on`, the earliest first.

    A paper that was withdrawn, or replaced by a newer one of its kind, is nobody's turn any more.
    """
    until = on + timedelta(days=within_days)
    watched = tuple(papers)
    found = [
        *(signal for one in watched for signal in _of_paper(one, watched, on=on, until=until)),
        *(_of_deadline(one) for one in deadlines if on <= one.due_on <= until),
    ]
    return tuple(sorted(found, key=lambda s: (s.on, s.owner.office_code, s.owner.case_number)))


def _of_paper(
    one: Watched, all_papers: tuple[Watched, ...], *, on: date, until: date
) -> Iterator[Signal]:
    paper = one.paper
    if paper.ended_on is not None or _replaced(one, all_papers):
        return
    names = {"paper": PAPER_LABELS[paper.kind], "number": paper.number}
    turn = _turn(paper.kind)
    if paper.valid_until is not None and paper.valid_until <= until:
        ended = paper.valid_until < on
        yield Signal(
            kind=SignalKind.EXPIRED if ended else SignalKind.SOON,
            on=paper.valid_until,
            owner=one.owner,
            turn=turn,
            sentence=FieldProblem(
                "paper",
                "{paper} {number} sudah berakhir pada {until}."
                if ended
                else "{paper} {number} berlaku sampai {until}.",
                {**names, "until": paper.valid_until},
            ),
        )
    if paper.stamped is False and (paper.valid_until is None or on <= paper.valid_until):
        yield Signal(
            kind=SignalKind.UNSTAMPED,
            on=paper.signed_on,
            owner=one.owner,
            turn=turn,
            sentence=FieldProblem("stamp", "{paper} {number} belum bermeterai.", names),
        )


def _replaced(one: Watched, all_papers: tuple[Watched, ...]) -> bool:
    return any(
        other.owner == one.owner
        and other.paper.kind is one.paper.kind
        and other.paper.ended_on is None
        and (other.paper.signed_on, other.paper.id) > (one.paper.signed_on, one.paper.id)
        # Several exhibits stand side by side; of the others the newest counts.
        and one.paper.kind is not PaperKind.EXHIBIT
        for other in all_papers
    )


def _of_deadline(one: Running) -> Signal:
    return Signal(
        kind=SignalKind.DEADLINE,
        on=one.due_on,
        owner=one.owner,
        turn=Turn.OFFICER,
        sentence=FieldProblem(
            "deadline",
            "Tenggat pemberi kerja lewat sesudah {due_on}; siapkan langkah berikutnya.",
            {"due_on": one.due_on},
        ),
    )


def _turn(kind: PaperKind) -> Turn:
    if kind is PaperKind.AGREEMENT:
        return Turn.HEAD
    return Turn.LEGAL if kind in MANDATES else Turn.OFFICER
