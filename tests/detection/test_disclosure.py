"""What is shown of small groups, and how shares are rounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.detection.disclosure import SMALLEST, State, hidden, share, shown


@pytest.mark.parametrize(
    ("enrolled", "state"),
    [(0, State.EMPTY), (1, State.HIDDEN), (4, State.HIDDEN), (5, State.SHOWN)],
)
def test_a_group_of_fewer_than_five_is_not_shown(enrolled: int, state: State) -> None:
    assert share(0, enrolled, early=False).state is state


def test_a_share_that_cannot_be_known_yet_is_no_zero() -> None:
    found = share(0, 0, early=True)

    assert (found.state, found.active, found.per_mille) == (State.EARLY, None, None)


@pytest.mark.parametrize(
    ("active", "enrolled", "per_mille", "one_in"),
    [(1, 5, 200, 50), (1, 3, 333, 30), (2, 3, 667, 15), (5, 5, 1000, 10), (1, 16, 63, 160)],
)
def test_shares_are_rounded_half_up(
    active: int, enrolled: int, per_mille: int, one_in: int
) -> None:
    found = share(active * 5, enrolled * 5, early=False)

    assert (found.per_mille, found.one_in_tenths) == (per_mille, one_in)


def test_nobody_active_is_one_of_none() -> None:
    found = share(0, 10, early=False)

    assert (found.per_mille, found.one_in_tenths) == (0, None)


def test_a_single_small_part_takes_the_next_smallest_with_it() -> None:
    assert hidden({"a": 3, "b": 90, "c": 7, "d": 0}) == {"a", "c"}
    assert hidden({"a": 3, "b": 2, "c": 7}) == {"a", "b"}
    assert hidden({"a": 30, "b": 20}) == frozenset()


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 20), max_size=8))
def test_no_small_part_can_be_found_by_subtraction(counts: dict[str, int]) -> None:
    kept_back = hidden(counts)

    assert {name for name, number in counts.items() if 0 < number < SMALLEST} <= kept_back
    if len([number for number in counts.values() if number]) > 1:
        assert len(kept_back) != 1


def test_numbers_that_stand_alone_are_shown_from_five_on_and_zero_is_one() -> None:
    assert shown((0, 1, 4, 5)) == (0, None, None, 5)
