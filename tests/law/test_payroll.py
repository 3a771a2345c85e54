from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.law.book import SHIPPED
from app.law.contributions import Contribution, contribution
from app.law.money import portions, round_half_up
from app.law.month import Month
from app.law.parameters.programmes import PROGRAMMES
from app.law.parameters.rates import JKK_EMPLOYER, JP_WORKER
from app.law.payroll import Payroll, PayrollLine, payroll

MARCH = Month(2026, 3)

months = st.integers(Month(2015, 7).index, Month(2027, 6).index).map(Month.from_index)
programme_sets = st.lists(st.sampled_from(PROGRAMMES), min_size=1, unique=True).map(tuple)
lines = st.lists(
    st.builds(
        PayrollLine,
        label=st.sampled_from(["Ani", "Budi", "Citra"]),
        wage=st.integers(0, 10**9),
        programmes=st.none() | programme_sets,
    ),
    min_size=1,
    max_size=6,
)


def rolled(roll: list[PayrollLine], *, month: Month = MARCH, intensive: bool = False) -> Payroll:
    return payroll(
        month=month,
        lines=roll,
        jkk_class=3,
        scale="besar",
        programmes=None,
        labour_intensive=intensive,
        law=SHIPPED,
    )


def alone(line: PayrollLine, *, month: Month, intensive: bool) -> Contribution:
    return contribution(
        month=month,
        wage=line.wage,
        jkk_class=3,
        scale="besar",
        programmes=line.programmes,
        labour_intensive=intensive,
        law=SHIPPED,
    )


@given(roll=lines, month=months, intensive=st.booleans())
def test_every_worker_of_a_payroll_owes_what_they_would_owe_alone(
    roll: list[PayrollLine], month: Month, intensive: bool
) -> None:
    found = rolled(roll, month=month, intensive=intensive)

    for line, shares in zip(roll, found.shares(), strict=True):
        by_itself = alone(line, month=month, intensive=intensive).shares
        assert {share.programme: share for share in shares} == {
            share.programme: share for share in by_itself
        }


@given(roll=lines, month=months)
def test_the_sums_of_a_payroll_are_those_of_its_workers(
    roll: list[PayrollLine], month: Month
) -> None:
    found = rolled(roll, month=month)
    each = [alone(line, month=month, intensive=False) for line in roll]

    assert found.total == sum(one.total for one in each)
    for summed in found.programmes:
        shares = [
            share for one in each for share in one.shares if share.programme == summed.programme
        ]
        assert (summed.base, summed.employer, summed.worker, summed.deferred) == (
            sum(share.base for share in shares),
            sum(share.employer for share in shares),
            sum(share.worker for share in shares),
            sum(share.deferred for share in shares),
        )


@given(roll=lines, month=months)
def test_every_node_of_a_payroll_is_the_sum_of_its_children(
    roll: list[PayrollLine], month: Month
) -> None:
    tree = rolled(roll, month=month).derivation()

    assert sum(leaf.value for leaf in tree.leaves()) == tree.value
    for node in tree.nodes():
        assert not node.children or node.value == sum(child.value for child in node.children)


def test_the_tree_goes_from_employer_to_programme_to_worker_to_payer() -> None:
    tree = rolled([PayrollLine(label="Ani", wage=12_000_000)]).derivation()

    jht = tree.children[2]
    assert (tree.label, jht.label) == ("Iuran 2026-03", "JHT")
    assert [worker.label for worker in jht.children] == ["Ani"]
    assert [(payer.label, payer.value) for payer in jht.children[0].children] == [
        ("JHT pemberi kerja", 444_000),
        ("JHT pekerja", 240_000),
    ]
    assert {item.parameter.key for item in jht.inputs if item.parameter} == {
        "rate.jht.employer",
        "rate.jht.worker",
    }
    assert jht.citation is not None


def test_children_that_unfold_are_counted_and_reached_like_any_others() -> None:
    roll = [PayrollLine(label=f"Pekerja {n}", wage=n * 1_000_000) for n in range(1, 5)]
    workers = rolled(roll).derivation().children[0].children

    assert len(workers) == 4
    assert workers[-1] == list(workers)[3] == workers[2:][1]
    with pytest.raises(IndexError):
        _ = workers[4]


@pytest.mark.parametrize(
    ("roll", "field", "value"),
    [
        ([], "workers", "workers"),
        ([PayrollLine(label="Ani", wage=-7)], "workers.0.wage", "-7"),
        (
            [
                PayrollLine(label="Ani", wage=1),
                PayrollLine(label="Budi", wage=1, programmes=("JKP",)),
            ],
            "workers.1.programmes",
            "JKP",
        ),
        ([PayrollLine(label="Ani", wage=1, programmes=())], "workers.0.programmes", "programmes"),
    ],
)
def test_a_worker_that_cannot_be_used_is_named_with_place_and_value(
    roll: list[PayrollLine], field: str, value: str
) -> None:
    with pytest.raises(Invalid, match=value) as refused:
        rolled(roll)

    assert [problem.field for problem in refused.value.fields] == [field]


@given(
    bases=st.lists(st.integers(0, 10**15)),
    rate=st.sampled_from(
        [version.value for rate in (*JKK_EMPLOYER.values(), JP_WORKER) for version in rate]
    ),
)
def test_a_column_is_rounded_as_each_of_its_amounts(bases: list[int], rate: Decimal) -> None:
    assert portions(bases, rate) == [round_half_up(base * rate) for base in bases]
