"""A region as large as the nation: its proportions, and the same rows from any number of cores."""

from collections import Counter
from datetime import date
from functools import partial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo.batches import Batch, Order, make
from app.demo.chance import below, one_of
from app.demo.group import Made, group_count, groups
from app.demo.shape import NATION, NATION_FROM, REGION, shape_of, usual_formats
from app.infra.cores import on_every_core
from app.registry.reference.regions import regency_names

TODAY = date(2026, 11, 20)
REGISTERED = 840_000
SAMPLE = range(1_000, 1_400)
# fmt: off
A_NATION_HAS = {
    "kepesertaan":          45_000_000,
    "tagihan":              80_000_000,  # of the two years that an extract holds
    "sumber_pemberi_kerja":  3_000_000,
    "sumber_pekerja":       50_000_000,
}
# fmt: on


@pytest.fixture(scope="module")
def sample() -> list[Made]:
    return list(groups(SAMPLE, employers=REGISTERED, seed=2026, today=TODAY))


@pytest.mark.parametrize("table", A_NATION_HAS)
def test_a_nation_has_as_many_rows_per_employer_as_indonesia(
    sample: list[Made], table: str
) -> None:
    rows = sum(len(made.tables[table]) for made in sample)

    whole = rows * group_count(REGISTERED) / len(SAMPLE)

    assert 0.9 < whole / A_NATION_HAS[table] < 1.1


def test_a_nation_has_what_a_region_has_to_reject_and_more_strangers(sample: list[Made]) -> None:
    here = list(groups(SAMPLE, employers=NATION_FROM - 1, seed=2026, today=TODAY))

    def dirt(of: list[Made]) -> Counter[str]:
        return Counter(row.pattern for made in of for row in made.truth if row.kind == "dirt")

    def unknown(of: list[Made]) -> int:
        return sum(planted.rule == "PWBD" for made in of for planted in made.truth)

    assert dirt(sample) >= dirt(here)
    assert dirt(here).total() > 100
    assert unknown(sample) == unknown(here) + len(SAMPLE) * NATION.strangers


def test_a_nation_is_written_as_parquet_and_a_region_as_csv_when_nobody_says() -> None:
    assert usual_formats(NATION_FROM - 1) == ("csv",)
    assert usual_formats(NATION_FROM) == ("parquet",)


def test_a_nation_is_everywhere_and_nobody_in_it_shares_a_number(sample: list[Made]) -> None:
    last = group_count(REGISTERED)
    far = list(groups(range(last - 40, last), employers=REGISTERED, seed=2026, today=TODAY))

    employers = [row for made in sample for row in made.tables["pemberi_kerja"]]
    strangers = [row for made in sample + far for row in made.tables["sumber_pemberi_kerja"]]
    cards = {row[2] for made in sample + far for row in made.tables["kepesertaan"]}

    assert len({row[10] for row in employers} & set(regency_names())) > 150
    assert len({row[:2] for row in strangers}) == len(strangers)
    assert len(cards) > 0.95 * sum(len(made.tables["kepesertaan"]) for made in sample + far)


def test_a_region_becomes_a_nation_at_one_hundredth_of_it() -> None:
    assert shape_of(NATION_FROM - 1) is REGION
    assert shape_of(NATION_FROM) is NATION


def test_every_core_makes_what_one_core_makes_in_the_same_order() -> None:
    order = Order(150, 7, TODAY, ("csv", "parquet"))
    parts = [range(first, first + 10) for first in range(0, 70, 10)]

    together = list(on_every_core(partial(make, order), parts))

    assert [_seen(batch) for batch in together] == [_seen(make(order, part)) for part in parts]


def _seen(batch: Batch) -> tuple[object, ...]:
    return batch.rows, batch.truth, batch.prepared


@given(st.integers(), st.integers(min_value=1, max_value=10**12))
def test_a_draw_without_checks_is_the_draw_with_them(seed: int, limit: int) -> None:
    ours, theirs = Random(seed), Random(seed)  # noqa: S311

    assert below(ours, limit) == theirs.randrange(limit)
    assert one_of(ours, range(1, 8)) == theirs.choice(range(1, 8))
    assert ours.getstate() == theirs.getstate()
