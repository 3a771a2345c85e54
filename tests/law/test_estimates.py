from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.law.book import SHIPPED
from app.law.contributions import contribution
from app.law.estimates import (
    Employer,
    Estimate,
    WorkerEvidence,
    missing_programmes,
    unregistered_workers,
    wage_shortfall,
)
from app.law.month import Month

MEDIUM = Employer(jkk_class=2, scale="menengah")
SMALL = Employer(jkk_class=2, scale="kecil")


def payable(month: Month, wage: int, *, employer: Employer = MEDIUM) -> int:
    return contribution(
        month=month,
        wage=wage,
        jkk_class=employer.jkk_class,
        scale=employer.scale,
        programmes=employer.programmes,
        labour_intensive=employer.labour_intensive,
        law=SHIPPED,
    ).total


def unregistered(*workers: WorkerEvidence, cutoff: date, employer: Employer = MEDIUM) -> Estimate:
    return unregistered_workers(
        "PDS_TK", workers=workers, employer=employer, cutoff=cutoff, law=SHIPPED
    )


def test_an_unregistered_worker_is_estimated_from_the_start_to_the_last_full_month() -> None:
    worker = WorkerEvidence(label="Ani", wage=12_000_000, started_on=date(2026, 2, 20))

    found = unregistered(worker, cutoff=date(2026, 4, 10))

    # The worked example of the law: 1,101,222 for February and 1,117,389 for March 2026.
    assert [month.amount for month in found.months] == [1_101_222, 1_117_389]
    assert (found.amount, found.worker_months) == (2_218_611, 2)


def test_the_day_of_the_source_stands_in_for_a_start_that_nobody_knows() -> None:
    worker = WorkerEvidence(label="Ani", wage=5_000_000, source_on=date(2026, 3, 31))

    found = unregistered(worker, cutoff=date(2026, 4, 10))

    assert [str(month.month) for month in found.months] == ["2026-03"]


def test_without_a_start_and_without_a_source_the_question_is_asked() -> None:
    with pytest.raises(Invalid, match="tanggal mulai bekerja") as refused:
        unregistered(WorkerEvidence(label="Ani", wage=1), cutoff=date(2026, 4, 10))

    assert [problem.field for problem in refused.value.fields] == ["workers.0.started_on"]


def test_no_estimate_reaches_back_before_the_first_month_of_contributions() -> None:
    worker = WorkerEvidence(label="Ani", wage=1_000_000, started_on=date(2010, 1, 1))

    found = unregistered(worker, cutoff=date(2015, 9, 1))

    assert [str(month.month) for month in found.months] == ["2015-07", "2015-08"]


def test_every_month_has_its_own_ceiling_and_relief() -> None:
    worker = WorkerEvidence(label="Ani", wage=20_000_000, started_on=date(2020, 7, 1))

    found = unregistered(worker, cutoff=date(2021, 4, 1))

    assert [month.amount for month in found.months] == [
        payable(Month(2020, 7) + place, 20_000_000) for place in range(9)
    ]
    assert found.deferred > 0


def test_a_wage_shortfall_is_the_difference_of_two_contributions_not_one_on_the_gap() -> None:
    worker = WorkerEvidence(
        label="Ani", wage=20_000_000, reported=10_000_000, started_on=date(2026, 3, 1)
    )

    found = wage_shortfall(workers=[worker], employer=MEDIUM, cutoff=date(2026, 4, 1), law=SHIPPED)

    march = Month(2026, 3)
    assert found.amount == payable(march, 20_000_000) - payable(march, 10_000_000)
    assert found.amount < payable(march, 10_000_000)


def test_a_reported_wage_above_the_evidenced_one_is_no_shortfall() -> None:
    worker = WorkerEvidence(label="Ani", wage=1, reported=2, started_on=date(2026, 3, 1))

    with pytest.raises(Invalid) as refused:
        wage_shortfall(workers=[worker], employer=MEDIUM, cutoff=date(2026, 4, 1), law=SHIPPED)

    assert [problem.field for problem in refused.value.fields] == ["workers.0.reported"]


def test_a_small_employer_with_two_programmes_is_estimated_for_the_third_only() -> None:
    found = missing_programmes(
        workers=[WorkerEvidence(label="Ani", wage=5_000_000, started_on=date(2026, 3, 1))],
        held=("JKK", "JKM"),
        employer=SMALL,
        cutoff=date(2026, 4, 1),
        law=SHIPPED,
    )

    assert [summed.programme for summed in found.months[0].owed.programmes] == ["JHT"]
    assert found.amount == 285_000


def test_an_employer_that_holds_every_programme_owes_no_estimate() -> None:
    found = missing_programmes(
        workers=[WorkerEvidence(label="Ani", wage=5_000_000, started_on=date(2026, 3, 1))],
        held=("JKK", "JKM", "JHT"),
        employer=SMALL,
        cutoff=date(2026, 4, 1),
        law=SHIPPED,
    )

    assert (found.months, found.amount) == ((), 0)


def test_an_estimate_without_a_risk_class_asks_for_it() -> None:
    worker = WorkerEvidence(label="Ani", wage=1, started_on=date(2026, 3, 1))

    with pytest.raises(Invalid, match="kelas JKK"):
        unregistered(
            worker, cutoff=date(2026, 4, 1), employer=Employer(jkk_class=None, scale="kecil")
        )


def test_an_estimate_says_that_it_is_one_and_how_it_was_made() -> None:
    worker = WorkerEvidence(label="Ani", wage=5_000_000, started_on=date(2026, 3, 1))

    found = unregistered(worker, cutoff=date(2026, 4, 10))

    assert found.derivation().label == "Perkiraan PDS_TK per 2026-04-10"
    assert "belum terdaftar" in found.method
    assert not hasattr(found, "total")
    assert {"estimate.start", "estimate.end"} <= {used.key for used in found.parameters}


starts = st.dates(date(2020, 7, 1), date(2021, 12, 31))
workers = st.lists(
    st.builds(
        lambda wage, told, start: WorkerEvidence(
            label="Ani", wage=wage + told, reported=told, started_on=start
        ),
        st.integers(0, 10**8),
        st.integers(0, 10**8),
        starts,
    ),
    min_size=1,
    max_size=3,
)


@given(workers=workers, cutoff=st.dates(date(2021, 1, 1), date(2022, 6, 1)))
def test_every_node_of_an_estimate_is_the_sum_of_its_children(
    workers: list[WorkerEvidence], cutoff: date
) -> None:
    for found in (
        unregistered(*workers, cutoff=cutoff),
        wage_shortfall(workers=workers, employer=MEDIUM, cutoff=cutoff, law=SHIPPED),
        missing_programmes(
            workers=workers, held=("JKK",), employer=MEDIUM, cutoff=cutoff, law=SHIPPED
        ),
    ):
        tree = found.derivation()
        assert tree.value == found.amount == sum(leaf.value for leaf in tree.leaves())
        for node in tree.nodes():
            assert not node.children or node.value == sum(child.value for child in node.children)


def test_a_wage_that_cannot_be_is_named_by_the_row_that_was_given() -> None:
    early = WorkerEvidence(label="A", wage=1, started_on=date(2026, 3, 1))
    wrong = WorkerEvidence(label="B", wage=-1, started_on=date(2026, 2, 1))

    with pytest.raises(Invalid) as refused:
        unregistered(early, wrong, cutoff=date(2026, 5, 1))

    assert [problem.field for problem in refused.value.fields] == ["workers.1.wage"]
