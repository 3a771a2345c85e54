"""Wilson's interval against published values, and what must hold of every interval."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.detection.intervals import (
    WHOLE,
    Rate,
    counted,
    lift_hundredths,
    lift_of_rounded,
    weighed,
    weighed_share,
    wilson,
)

counts = st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (score).
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_the_interval_is_the_published_one_rounded_outward(
    hits: int, trials: int, low: str, high: str
) -> None:
    found = counted(hits, trials)

    assert found is not None
    assert 0 <= Fraction(low) * WHOLE - found.low <= 1
    assert 0 <= found.high - Fraction(high) * WHOLE <= 1


@given(counts)
def test_an_interval_holds_its_share_and_stays_between_nothing_and_all(
    sample: tuple[int, int],
) -> None:
    found = counted(*sample)

    assert found is not None
    assert 0 <= found.low <= Fraction(*sample) * WHOLE <= found.high <= WHOLE
    assert found.low <= found.per_mille <= found.high
    assert found.low < found.high


@given(counts)
def test_the_interval_of_what_did_not_happen_is_the_mirror(sample: tuple[int, int]) -> None:
    hits, trials = sample

    low, high = wilson(Fraction(hits, trials), Fraction(trials))
    other_low, other_high = wilson(Fraction(trials - hits, trials), Fraction(trials))

    assert (other_low, other_high) == (WHOLE - high, WHOLE - low)


@given(counts, st.integers(2, 50))
def test_more_visits_with_the_same_share_never_widen_the_interval(
    sample: tuple[int, int], times: int
) -> None:
    hits, trials = sample

    few, many = counted(hits, trials), counted(hits * times, trials * times)

    assert few is not None
    assert many is not None
    assert few.low <= many.low
    assert many.high <= few.high


@given(counts, st.fractions(Fraction(1, 100), 1000))
def test_equal_weights_say_the_same_as_no_weights(
    sample: tuple[int, int], weight: Fraction
) -> None:
    hits, trials = sample[0] % 200, max(sample[0] % 200, sample[1] % 200, 1)

    found = weighed([(place < hits, weight) for place in range(trials)])

    assert found == counted(hits, trials)


@given(st.lists(st.tuples(st.booleans(), st.fractions(Fraction(1, 10), 100)), min_size=1,
                max_size=40))  # fmt: skip
def test_unequal_weights_never_make_a_sample_surer_than_its_visits(
    sample: list[tuple[bool, Fraction]],
) -> None:
    found = weighed(sample)

    assert found is not None
    share = sum(w for hit, w in sample if hit) / sum(w for _, w in sample)
    low, high = wilson(Fraction(share), Fraction(len(sample)))
    assert found.low <= low
    assert found.high >= high


def test_one_that_stands_for_many_counts_for_many() -> None:
    found = weighed([(True, Fraction(90)), (False, Fraction(10))])

    assert found is not None
    assert (found.hits, found.trials, found.per_mille) == (1, 2, 900)


def test_of_nobody_nothing_is_said() -> None:
    half = Fraction(1, 2)

    assert counted(0, 0) is None
    assert weighed([]) is None
    assert weighed_share([]) is None
    assert lift_hundredths(half, None) is None
    assert lift_hundredths(None, half) is None
    assert lift_hundredths(half, Fraction(0)) is None


@pytest.mark.parametrize(
    ("share", "base", "lift"),
    [
        (Fraction(1, 200), Fraction(1, 300), 150),
        (Fraction(1, 2), Fraction(1, 3000), 150_000),
        (Fraction(0), Fraction(1, 3000), 0),
        (Fraction(201, 400), Fraction(1, 2), 101),
        (Fraction(2009, 4000), Fraction(1, 2), 100),
    ],
    ids=["small base", "base below half a thousandth", "nothing held", "half up", "below half"],
)
def test_lift_is_taken_of_the_shares_and_rounded_half_up(
    share: Fraction, base: Fraction, lift: int
) -> None:
    assert lift_hundredths(share, base) == lift


@given(counts, counts)
def test_lift_is_never_more_than_half_a_hundredth_off(
    held: tuple[int, int], base: tuple[int, int]
) -> None:
    share, usual = Fraction(*held), Fraction(*base)

    lift = lift_hundredths(share, usual)

    if usual == 0:
        assert lift is None
    else:
        assert lift is not None
        assert abs(lift - 100 * share / usual) <= Fraction(1, 2)


def test_lift_of_definition_1_is_taken_of_thousandths_as_it_was() -> None:
    half, third = Rate(1, 2, 500, 95, 906), Rate(1, 3, 333, 61, 793)
    none, few, some = Rate(0, 9, 0, 0, 300), counted(1, 300), counted(1, 200)

    assert lift_of_rounded(half, None) is None
    assert lift_of_rounded(None, half) is None
    assert lift_of_rounded(half, none) is None
    assert lift_of_rounded(half, third) == 150
    assert lift_of_rounded(some, few) == 167
    assert lift_of_rounded(half, counted(1, 3000)) is None
