from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED, LawBook, Norms
from app.law.calendar import Holiday, WorkingCalendar
from app.law.citation import reading
from app.law.dated import Version
from app.law.differences import LABELS, Cause, Difference, Facts, difference
from app.law.late_payment import Bill, Payment
from app.law.month import Month
from app.law.parameters.programmes import PROGRAMMES

NORMS = Norms(law=SHIPPED, calendar=packaged_calendar())
JANUARY, FEBRUARY, MARCH = (Month(2026, number) for number in (1, 2, 3))
BILL = Bill(month=JANUARY, programme="JHT", amount=100_000)
# January is due on 18 February 2026, February on 16 March.
LETTER = Facts(bills=(BILL,), payments=(), cutoff=date(2026, 3, 10), norms=NORMS)


def paid(amount: int, on: date, *, reversed_on: date | None = None) -> Payment:
    return Payment(
        month=JANUARY, programme="JHT", paid_on=on, amount=amount, reversed_on=reversed_on
    )


def effects(found: Difference) -> dict[Cause, tuple[int, int]]:
    return {effect.cause: (effect.principal, effect.penalty) for effect in found.effects}


def rate_of(percent: str, *, since: date) -> LawBook:
    version = Version(
        valid_from=since,
        valid_to=None,
        value=Decimal(percent),
        unit="bagian dari iuran belum dibayar per bulan",
        grade="C",
        citation=reading(""),
    )
    return SHIPPED.with_version("late.rate", version)


def calendar_with(day: date) -> WorkingCalendar:
    shipped = packaged_calendar()
    return replace(
        shipped,
        holidays=(*shipped.holidays, Holiday(on=day, name="Libur baru", kind="public")),
        version="berikutnya",
    )


def test_nothing_changed_has_no_cause() -> None:
    assert effects(difference(LETTER, LETTER)) == {}


def test_time_alone_makes_penalty_grow() -> None:
    today = replace(LETTER, cutoff=date(2026, 4, 20))

    assert effects(difference(LETTER, today)) == {Cause.TIME: (0, 4_000)}


def test_a_month_that_fell_due_since_is_a_new_month_and_its_penalty_is_time() -> None:
    fresh = Bill(month=FEBRUARY, programme="JHT", amount=50_000)
    today = replace(LETTER, bills=(BILL, fresh), cutoff=date(2026, 3, 17))

    assert effects(difference(LETTER, today)) == {
        Cause.NEW_MONTH: (50_000, 0),
        Cause.TIME: (0, 1_000),
    }


def test_a_bill_that_was_there_but_not_due_is_a_new_month_too() -> None:
    fresh = Bill(month=FEBRUARY, programme="JHT", amount=50_000)
    letter = replace(LETTER, bills=(BILL, fresh))

    found = difference(letter, replace(letter, cutoff=date(2026, 3, 17)))

    assert effects(found)[Cause.NEW_MONTH] == (50_000, 0)


def test_a_payment_since_takes_principal_and_the_penalty_it_stopped() -> None:
    today = replace(LETTER, payments=(paid(100_000, date(2026, 3, 12)),), cutoff=date(2026, 5, 20))

    assert effects(difference(LETTER, today)) == {
        Cause.TIME: (0, 6_000),
        Cause.PAYMENT: (-100_000, -6_000),
    }


def test_a_payment_that_had_been_made_but_was_recorded_late_is_a_correction() -> None:
    today = replace(LETTER, payments=(paid(40_000, date(2026, 2, 1)),))

    assert effects(difference(LETTER, today)) == {Cause.PAYMENT_CORRECTED: (-40_000, -800)}


def test_a_payment_reversed_since_brings_back_what_it_had_paid() -> None:
    letter = replace(LETTER, payments=(paid(100_000, date(2026, 2, 1)),))
    bounced = paid(100_000, date(2026, 2, 1), reversed_on=date(2026, 3, 11))
    today = replace(letter, payments=(bounced,), cutoff=date(2026, 3, 12))

    assert effects(difference(letter, today)) == {Cause.REVERSAL: (100_000, 2_000)}


def test_a_payment_made_and_reversed_in_between_is_no_cause_at_all() -> None:
    bounced = paid(100_000, date(2026, 3, 11), reversed_on=date(2026, 3, 12))
    today = replace(LETTER, payments=(bounced,), cutoff=date(2026, 3, 13))

    assert effects(difference(LETTER, today)) == {}


def test_bills_corrected_removed_and_added_late_are_three_causes() -> None:
    other = Bill(month=JANUARY, programme="JP", amount=30_000)
    letter = replace(LETTER, bills=(BILL, other))
    corrected = Bill(month=JANUARY, programme="JHT", amount=80_000)
    late = Bill(month=JANUARY, programme="JKM", amount=5_000)

    found = difference(letter, replace(letter, bills=(corrected, late)))

    assert effects(found) == {
        Cause.BILL_CORRECTED: (-20_000, -400),
        Cause.BILL_REMOVED: (-30_000, -600),
        Cause.BILL_ADDED: (5_000, 100),
    }


def test_another_rate_is_a_changed_parameter() -> None:
    norms = replace(NORMS, law=rate_of("0.03", since=date(2026, 1, 1)))

    assert effects(difference(LETTER, replace(LETTER, norms=norms))) == {
        Cause.PARAMETER: (0, 1_000)
    }


def test_a_holiday_announced_since_is_a_changed_calendar() -> None:
    letter = replace(LETTER, cutoff=date(2026, 2, 19))
    norms = replace(NORMS, calendar=calendar_with(date(2026, 2, 18)))

    assert effects(difference(letter, replace(letter, norms=norms))) == {
        Cause.CALENDAR: (-100_000, -2_000)
    }


def test_a_later_letter_cannot_be_compared_backwards() -> None:
    with pytest.raises(Invalid, match="2026-03-09") as refused:
        difference(LETTER, replace(LETTER, cutoff=date(2026, 3, 9)))

    assert [problem.field for problem in refused.value.fields] == ["after.cutoff"]


def test_every_cause_has_a_label() -> None:
    assert set(LABELS) == set(Cause)


months = st.integers(Month(2025, 6).index, Month(2026, 8).index).map(Month.from_index)
days = st.dates(date(2025, 7, 1), date(2026, 12, 31))
amounts = st.integers(0, 10**7)
laws = st.sampled_from([SHIPPED, rate_of("0.03", since=date(2026, 1, 1))])
calendars = st.sampled_from([packaged_calendar(), calendar_with(date(2026, 2, 18))])
billings = st.dictionaries(
    st.tuples(months, st.sampled_from(PROGRAMMES)), amounts, min_size=1, max_size=5
)


@st.composite
def facts(draw: st.DrawFn, cutoffs: st.SearchStrategy[date] = days) -> Facts:
    billed = draw(billings)
    payments = []
    for month, programme in draw(st.lists(st.sampled_from(sorted(billed)), max_size=6)):
        paid_on = draw(days)
        payments.append(
            Payment(
                month=draw(st.sampled_from([month, None])),
                programme=draw(st.sampled_from([programme, None])),
                paid_on=paid_on,
                amount=draw(amounts),
                reversed_on=draw(
                    st.none() | st.just(paid_on + timedelta(days=draw(st.integers(0, 300))))
                ),
                towards=draw(st.sampled_from([None, "penalty"])),
            )
        )
    return Facts(
        bills=tuple(
            Bill(month=month, programme=programme, amount=amount)
            for (month, programme), amount in billed.items()
        ),
        payments=tuple(payments),
        cutoff=draw(cutoffs),
        norms=Norms(law=draw(laws), calendar=draw(calendars)),
    )


@given(before=facts(), after=facts())
def test_the_causes_add_up_exactly_to_the_difference_of_the_totals(
    before: Facts, after: Facts
) -> None:
    after = replace(after, cutoff=max(before.cutoff, after.cutoff))

    found = difference(before, after)

    assert found.before == before.arrears()
    assert found.after == after.arrears()
    assert sum(effect.amount for effect in found.effects) == found.amount
    assert found.amount == found.after.total - found.before.total


@given(before=facts(), after=facts())
def test_every_node_of_the_tree_of_a_difference_is_the_sum_of_its_children(
    before: Facts, after: Facts
) -> None:
    after = replace(after, cutoff=max(before.cutoff, after.cutoff))
    tree = difference(before, after).derivation()

    for node in tree.nodes():
        assert not node.children or node.value == sum(child.value for child in node.children)


@given(one=facts(), later=st.integers(0, 200))
def test_where_nothing_but_time_passed_only_time_is_named(one: Facts, later: int) -> None:
    untouched = replace(one, payments=())
    found = difference(
        untouched, replace(untouched, cutoff=untouched.cutoff + timedelta(days=later))
    )

    assert {effect.cause for effect in found.effects} <= {Cause.NEW_MONTH, Cause.TIME}
