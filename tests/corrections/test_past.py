"""What is a correction of the past, and what is only news: the days on both sides of each line."""

from collections.abc import Mapping
from datetime import date

import pytest

from app.corrections.past import Billed, Key, KnownOn, MemberMoved, Paid, Past, Record, digest, past
from app.law.month import Month

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Month(2026, number) for number in (8, 9, 10, 11))
KNOWN = KnownOn(bills=date(2026, 10, 15), payments=date(2026, 10, 15), told=date(2026, 12, 31))
BASE = Billed(855_000, 3, 15_000_000)


def bills(*months: Month, amount: int = 855_000) -> Mapping[Key, Billed]:
    return {(month, "JHT"): Billed(amount, 3, 15_000_000) for month in months}


def paid(on: date, *, month: Month = AUGUST, amount: int = 855_000) -> Mapping[Paid, int]:
    return {Paid(month, "JHT", on, amount): 1}


def moved(was: Record, now: Record, known_on: KnownOn = KNOWN) -> Past:
    return past(was, now, known_on=known_on)


def test_one_rupiah_on_a_known_bill_is_a_correction() -> None:
    was = Record(bills=bills(AUGUST))

    found = moved(was, Record(bills=bills(AUGUST, amount=855_001)))

    assert [(one.month, one.programme) for one in found.bills] == [(AUGUST, "JHT")]
    assert found.corrected.bills[AUGUST, "JHT"].amount == 855_001
    assert moved(was, was).bills == ()


@pytest.mark.parametrize(
    ("added", "is_correction"), [(SEPTEMBER, True), (OCTOBER, False), (NOVEMBER, False)]
)
def test_a_bill_before_the_last_month_billed_is_a_correction_and_a_later_one_is_news(
    added: Month, *, is_correction: bool
) -> None:
    known = bills(AUGUST) if not is_correction else bills(AUGUST, OCTOBER)
    known = known if is_correction else bills(AUGUST, SEPTEMBER)

    found = moved(Record(bills=known), Record(bills={**known, **bills(added)}))

    assert bool(found.bills) is is_correction
    assert ((added, "JHT") in found.corrected.bills) is is_correction


@pytest.mark.parametrize(("first", "is_correction"), [(SEPTEMBER, True), (OCTOBER, False)])
def test_the_first_bills_of_an_employer_are_news_from_the_month_of_the_snapshot_on(
    first: Month, *, is_correction: bool
) -> None:
    found = moved(Record(), Record(bills=bills(first)))

    assert bool(found.bills) is is_correction


@pytest.mark.parametrize(
    ("on", "is_correction"), [(date(2026, 10, 15), True), (date(2026, 10, 16), False)]
)
def test_a_payment_up_to_the_day_of_the_snapshot_is_a_correction_and_one_after_it_is_news(
    on: date, *, is_correction: bool
) -> None:
    was = Record(bills=bills(AUGUST))

    found = moved(was, Record(bills=bills(AUGUST), payments=paid(on)))

    assert bool(found.payments) is is_correction
    assert bool(found.corrected.payments) is is_correction


def test_a_payment_taken_back_is_a_correction_whenever_it_was_made() -> None:
    late = paid(date(2026, 10, 20))
    was = Record(bills=bills(AUGUST), payments=late)

    found = moved(was, Record(bills=bills(AUGUST)))

    assert [one.times for one in found.payments] == [-1]
    assert found.corrected.payments == {}


def test_the_same_payment_twice_is_one_payment_more() -> None:
    once = Paid(AUGUST, "JHT", date(2026, 9, 1), 100)
    was = Record(bills=bills(AUGUST), payments={once: 1})

    found = moved(was, Record(bills=bills(AUGUST), payments={once: 2}))

    assert [(one.paid, one.times) for one in found.payments] == [(once, 1)]
    assert len(found.corrected.law_payments()) == 2


@pytest.mark.parametrize(
    ("told", "bill_counts", "payment_counts"),
    [
        (date(2026, 7, 31), False, False),
        (date(2026, 8, 1), True, False),
        (date(2026, 9, 4), True, False),
        (date(2026, 9, 5), True, True),
    ],
)
def test_what_lies_after_the_day_of_the_paper_is_not_its_fact(
    told: date, *, bill_counts: bool, payment_counts: bool
) -> None:
    known_on = KnownOn(bills=KNOWN.bills, payments=KNOWN.payments, told=told)
    was = Record(bills=bills(AUGUST))
    now = Record(bills=bills(AUGUST, amount=1), payments=paid(date(2026, 9, 5)))

    found = moved(was, now, known_on)

    assert bool(found.bills) is bill_counts
    assert bool(found.payments) is payment_counts


def test_a_bill_that_goes_takes_its_payments_along() -> None:
    was = Record(bills=bills(AUGUST), payments=paid(date(2026, 9, 1)))

    found = moved(was, Record(payments=paid(date(2026, 9, 1))))

    assert found.corrected.law_bills() == ()
    assert found.corrected.law_payments() == ()


def test_only_the_wage_base_moved_and_the_amount_did_not() -> None:
    was = Record(bills={(AUGUST, "JHT"): BASE})
    now = Record(bills={(AUGUST, "JHT"): Billed(855_000, 3, 14_000_000)})

    (bill,) = moved(was, now).bills

    assert not bill.amount_moved


def test_the_same_correction_has_the_same_digest_and_a_further_one_another() -> None:
    was = Record(bills=bills(AUGUST))
    first = moved(was, Record(bills=bills(AUGUST, amount=1)))
    news = Record(bills=bills(AUGUST, NOVEMBER, amount=1))
    member = MemberMoved(worker="17", change="akhir", on=date(2026, 1, 1), content="a")

    assert digest(first, ()) == digest(moved(was, news), ())
    assert digest(first, ()) != digest(moved(was, Record(bills=bills(AUGUST, amount=2))), ())
    assert digest(first, ()) != digest(first, (member,))
