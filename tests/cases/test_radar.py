"""What ends when, and whose turn it is, in boundary pairs."""

from dataclasses import replace
from datetime import date

import pytest

from app.cases.papers import Paper, PaperKind
from app.cases.radar import Owner, Running, Signal, SignalKind, Turn, Watched, radar

ON = date(2026, 11, 20)
CASE = Owner(office_code="J05", case_number="PTH-J05-2026-00001", employer="PT A", officer="Ratna")
SKK = Paper(
    id=1, case_id=1, kind=PaperKind.MANDATE, number="SKK-1", signed_on=date(2026, 1, 2),
    valid_until=date(2026, 12, 20),
)  # fmt: skip


def look(*papers: Paper, deadlines: tuple[Running, ...] = ()) -> tuple[Signal, ...]:
    return radar([Watched(CASE, one) for one in papers], deadlines, on=ON, within_days=30)


@pytest.mark.parametrize(
    ("until", "kinds"),
    [
        (date(2026, 11, 19), [SignalKind.EXPIRED]),
        (date(2026, 11, 20), [SignalKind.SOON]),
        (date(2026, 12, 20), [SignalKind.SOON]),
        (date(2026, 12, 21), []),
        (None, []),
    ],
)
def test_a_paper_shows_from_thirty_days_before_its_end(
    until: date | None, kinds: list[SignalKind]
) -> None:
    assert [signal.kind for signal in look(replace(SKK, valid_until=until))] == kinds


@pytest.mark.parametrize(
    ("due_on", "seen"),
    [
        (date(2026, 11, 19), False),
        (date(2026, 11, 20), True),
        (date(2026, 12, 20), True),
        (date(2026, 12, 21), False),
    ],
)
def test_a_deadline_shows_while_it_runs_out(due_on: date, *, seen: bool) -> None:
    found = look(deadlines=(Running(CASE, due_on),))

    assert [signal.kind for signal in found] == ([SignalKind.DEADLINE] if seen else [])


def test_what_was_withdrawn_or_replaced_is_nobodys_turn() -> None:
    newer = replace(SKK, id=2, number="SKK-2", signed_on=date(2026, 6, 1), valid_until=None)

    assert look(replace(SKK, ended_on=date(2026, 6, 1))) == ()
    assert look(SKK, newer) == ()
    assert len(look(SKK, replace(newer, kind=PaperKind.LITIGATION_MANDATE))) == 1


def test_one_exhibit_does_not_replace_another() -> None:
    domicile = replace(SKK, kind=PaperKind.EXHIBIT)

    assert len(look(domicile, replace(domicile, id=2, number="lain"))) == 2


@pytest.mark.parametrize(
    ("until", "kinds"),
    [
        (None, [SignalKind.UNSTAMPED]),
        (date(2027, 5, 1), [SignalKind.UNSTAMPED]),
        (date(2026, 11, 19), [SignalKind.EXPIRED]),
    ],
)
def test_a_paper_without_its_stamp_shows_while_it_stands(
    until: date | None, kinds: list[SignalKind]
) -> None:
    assert [one.kind for one in look(replace(SKK, valid_until=until, stamped=False))] == kinds


@pytest.mark.parametrize(
    ("kind", "turn"),
    [
        (PaperKind.AGREEMENT, Turn.HEAD),
        (PaperKind.MANDATE, Turn.LEGAL),
        (PaperKind.ORDER, Turn.OFFICER),
        (PaperKind.EXHIBIT, Turn.OFFICER),
    ],
)
def test_everything_is_somebodys_turn(kind: PaperKind, turn: Turn) -> None:
    assert [signal.turn for signal in look(replace(SKK, kind=kind))] == [turn]


def test_the_earliest_comes_first() -> None:
    later = replace(SKK, id=2, kind=PaperKind.ORDER, valid_until=date(2026, 12, 1))

    found = look(SKK, later, deadlines=(Running(CASE, date(2026, 11, 25)),))

    assert [signal.on for signal in found] == sorted(signal.on for signal in found)
    assert len(found) == 3
