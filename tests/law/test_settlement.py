"""Paying on a day or in instalments, against the arrears engine itself, in boundary pairs."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED, Norms
from app.law.late_payment import Bill, Payment
from app.law.month import Month
from app.law.settlement import Promise, Settlement, equal_instalments, on_one_day, owed, settle

NORMS = Norms(law=SHIPPED, calendar=packaged_calendar())
# Due on Monday 16 March and on Wednesday 15 April 2026.
FEBRUARY = Bill(month=Month(2026, 2), programme="JHT", amount=1_000_000)
MARCH = Bill(month=Month(2026, 3), programme="JHT", amount=500_000)
START = date(2026, 6, 1)


def plan(*promises: Promise, start: date = START, bills: tuple[Bill, ...] = ()) -> Settlement:
    return settle(
        bills=bills or (FEBRUARY, MARCH), payments=(), start=start, promises=promises, norms=NORMS
    )


def test_paying_on_a_day_costs_what_is_owed_on_that_day() -> None:
    day = date(2026, 7, 10)

    found = plan(*on_one_day(day))

    (payment,) = found.instalments
    expected = owed(bills=(FEBRUARY, MARCH), payments=(), on=day, norms=NORMS)
    assert payment.amount == expected.total
    assert (payment.to_principal, payment.to_penalty) == (1_500_000, expected.penalty)
    assert found.left.total == 0


@pytest.mark.parametrize(("day", "months"), [(date(2026, 6, 16), 3), (date(2026, 6, 17), 4)])
def test_one_day_later_can_cost_one_month_more(day: date, months: int) -> None:
    found = plan(*on_one_day(day), bills=(FEBRUARY,))

    assert found.instalments[0].to_penalty == 20_000 * months


def test_the_penalty_stops_for_what_is_paid_and_grows_for_the_rest() -> None:
    first, last = plan(
        Promise(on=date(2026, 6, 1), amount=1_000_000), Promise(on=date(2026, 7, 1), amount=None)
    ).instalments

    assert (first.grows_unpaid, first.grows_paid, first.growth_stopped) == (30_000, 10_000, 20_000)
    assert last.before.penalty - first.after.penalty == 10_000
    assert last.after.total == 0


def test_a_default_leaves_the_debt_of_its_day() -> None:
    first, second = plan(
        Promise(on=date(2026, 6, 1), amount=400_000), Promise(on=date(2026, 7, 1), amount=None)
    ).instalments
    paid = Payment(month=FEBRUARY.month, programme="JHT", paid_on=date(2026, 6, 1), amount=400_000)

    assert second.before == owed(
        bills=(FEBRUARY, MARCH), payments=(paid,), on=date(2026, 7, 1), norms=NORMS
    )
    assert second.before.principal == 1_100_000
    assert first.before.principal == 1_500_000


def test_a_payment_is_allocated_by_the_rule_of_its_day() -> None:
    (payment,) = plan(Promise(on=START, amount=1_000_001)).instalments

    # The oldest month first, and within it the principal before the penalty.
    assert (payment.to_principal, payment.to_penalty) == (1_000_000, 1)
    assert payment.grows_paid == 10_000


def test_an_instalment_towards_the_principal_goes_to_nothing_else() -> None:
    (payment,) = plan(Promise(on=START, amount=1_000_001, towards="principal")).instalments

    assert (payment.to_principal, payment.to_penalty) == (1_000_001, 0)
    assert payment.after.principal == 499_999


def test_equal_instalments_are_monthly_and_the_last_takes_the_rest_and_the_penalty() -> None:
    promises = equal_instalments(1_000_000, count=3, first_on=date(2026, 8, 31))

    found = plan(*promises)

    assert [item.on for item in found.instalments] == [
        date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31),
    ]  # fmt: skip
    assert [item.amount for item in promises] == [333_333, 333_333, None]
    assert found.left.total == 0
    assert found.paid == sum(item.amount for item in found.instalments)


def test_the_plan_is_weighed_against_paying_nothing_until_its_end() -> None:
    end = date(2026, 9, 1)
    found = plan(Promise(on=START, amount=1_500_000), Promise(on=end, amount=None))

    assert found.unpaid == owed(bills=(FEBRUARY, MARCH), payments=(), on=end, norms=NORMS)
    assert found.saved == found.unpaid.total - found.paid > 0


@pytest.mark.parametrize(("start", "outside"), [(date(2026, 4, 15), 1), (date(2026, 4, 16), 0)])
def test_a_bill_that_is_not_due_yet_is_no_part_of_the_plan(start: date, outside: int) -> None:
    assert plan(*on_one_day(start), start=start).not_yet_due == outside


def test_more_than_is_owed_is_refused_and_exactly_what_is_owed_is_taken() -> None:
    debt = owed(bills=(FEBRUARY, MARCH), payments=(), on=START, norms=NORMS).total

    assert plan(Promise(on=START, amount=debt)).left.total == 0
    with pytest.raises(Invalid, match=str(debt + 1)):
        plan(Promise(on=START, amount=debt + 1))


@pytest.mark.parametrize(
    "promises",
    [
        (),
        (Promise(on=date(2026, 5, 31), amount=1),),
        (Promise(on=START, amount=1), Promise(on=START, amount=1)),
        (Promise(on=START, amount=-1),),
    ],
    ids=["none", "before-the-start", "twice-on-a-day", "negative"],
)
def test_a_plan_that_is_none_is_refused(promises: tuple[Promise, ...]) -> None:
    with pytest.raises(Invalid):
        plan(*promises)


@pytest.mark.parametrize(("count", "good"), [(0, False), (1, True), (120, True), (121, False)])
def test_between_one_instalment_and_ten_years_of_them(count: int, *, good: bool) -> None:
    if good:
        assert len(equal_instalments(10, count=count, first_on=START)) == count
    else:
        with pytest.raises(Invalid, match=str(count)):
            equal_instalments(10, count=count, first_on=START)


@given(
    amounts=st.lists(st.integers(1, 250_000), min_size=1, max_size=6),
    months=st.integers(1, 4),
)
def test_what_is_paid_and_left_never_exceeds_what_paying_nothing_costs(
    amounts: list[int], months: int
) -> None:
    promises = [
        Promise(on=(Month.of(START) + number * months).day(1), amount=amount)
        for number, amount in enumerate(amounts)
    ]

    found = plan(*promises)

    assert found.saved >= 0
    assert found.paid == sum(amounts)
    for earlier, later in zip(found.instalments, found.instalments[1:], strict=False):
        assert later.before.principal == earlier.after.principal
        assert later.before.penalty >= earlier.after.penalty


def test_a_lump_sum_that_was_paid_before_the_plan_counts() -> None:
    lump = Payment(month=None, programme=None, paid_on=date(2026, 5, 1), amount=400_000)

    found = settle(
        bills=(FEBRUARY, MARCH),
        payments=(lump,),
        start=START,
        promises=on_one_day(START),
        norms=NORMS,
    )

    assert found.now == owed(bills=(FEBRUARY, MARCH), payments=(lump,), on=START, norms=NORMS)
    assert found.now.principal == 1_100_000
    assert found.left.total == 0


def test_the_order_of_allocation_is_among_the_parameters_shown() -> None:
    found = plan(Promise(on=START, amount=100), Promise(on=date(2026, 7, 1), amount=None))

    assert "allocation.order" in {applied.key for applied in found.arrears.parameters}
