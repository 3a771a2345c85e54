"""A law book that learns of a new value: what lies before its first day stays as it was."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.infra.calendars import packaged_calendar
from app.law.administrative_fine import administrative_fine
from app.law.book import SHIPPED, LawBook, known_until, parameter_named
from app.law.contributions import Contribution, contribution
from app.law.late_payment import Arrears, Bill, Payment, arrears, due_on
from app.law.month import Month
from app.law.parameters.programmes import PROGRAMMES, SCALES

CONTRIBUTION_KEYS = (
    *(f"rate.jkk.{number}" for number in range(1, 6)),
    "rate.jkm",
    "rate.jht.employer",
    "rate.jht.worker",
    "rate.jp.employer",
    "rate.jp.worker",
    "jp.ceiling",
    "relief.pp49.jkk",
    "relief.pp49.jkm",
    "relief.pp49.jp",
    "relief.labour-intensive.jkk",
    *(f"programmes.{scale}" for scale in SCALES),
)
LATE_KEYS = ("late.rate", "late.due-day")
FINE_KEYS = ("fine.rate", "fine.window", "fine.periods")

LAST_DAY = date(2030, 12, 31)
wages = st.integers(1_000_000, 20_000_000)


@st.composite
def amendments(draw: st.DrawFn, keys: tuple[str, ...]) -> tuple[LawBook, date]:
    """Draw a book with one new value, and the first day of that value."""
    key = draw(st.sampled_from(keys))
    earliest = parameter_named(key).versions[-1].valid_from + timedelta(days=1)
    first = draw(st.dates(earliest, LAST_DAY))
    return enacted(key, first), first


@st.composite
def amended_months(draw: st.DrawFn, keys: tuple[str, ...]) -> tuple[LawBook, Month]:
    """Draw such a book, and a month that begins before the first day of the value."""
    book, first = draw(amendments(keys))
    last = min(Month.of(first - timedelta(days=1)).index, Month(2027, 11).index)
    return book, Month.from_index(draw(st.integers(Month(2015, 7).index, last)))


def other_value(value: object) -> object:
    match value:
        case Decimal():
            return value + Decimal("0.011")
        case int():
            return value + 2
        case tuple():
            return value[:1]
        case _:
            raise TypeError(value)


def enacted(key: str, first: date, *, book: LawBook = SHIPPED) -> LawBook:
    """Return `book` with another value of that parameter from `first` on."""
    last = parameter_named(key).versions[-1]
    version = replace(last, valid_from=first, valid_to=None, value=other_value(last.value))
    return book.with_version(key, version)


def owed(month: Month, wage: int, jkk_class: int, scale: str, *, law: LawBook) -> Contribution:
    return contribution(
        month=month,
        wage=wage,
        jkk_class=jkk_class,
        scale=scale,
        programmes=None,
        labour_intensive=True,
        law=law,
    )


def unpaid(month: Month, *, cutoff: date, law: LawBook) -> Arrears:
    return arrears(
        bills=[
            Bill(month=month, programme=programme, amount=1_000_000) for programme in PROGRAMMES
        ],
        payments=[
            Payment(
                month=month,
                programme="JHT",
                paid_on=due_on(month=month, calendar=packaged_calendar(), law=SHIPPED)
                + timedelta(days=40),
                amount=300_000,
            )
        ],
        cutoff=cutoff,
        law=law,
        calendar=packaged_calendar(),
    )


@given(
    amended=amended_months(CONTRIBUTION_KEYS),
    wage=wages,
    jkk_class=st.integers(1, 5),
    scale=st.sampled_from(SCALES),
)
def test_a_new_value_leaves_every_contribution_before_its_first_day_as_it_was(
    amended: tuple[LawBook, Month], wage: int, jkk_class: int, scale: str
) -> None:
    book, month = amended

    before = owed(month, wage, jkk_class, scale, law=SHIPPED)
    after = owed(month, wage, jkk_class, scale, law=book)

    assert amounts(after) == amounts(before)
    assert after.provisional is before.provisional


def test_a_ceiling_announced_ahead_leaves_the_years_between_provisional() -> None:
    book = enacted("jp.ceiling", date(2028, 3, 1))

    between = owed(Month(2027, 3), 20_000_000, 1, "besar", law=book)

    assert between.provisional
    assert amounts(between) == amounts(owed(Month(2027, 3), 20_000_000, 1, "besar", law=SHIPPED))
    assert not owed(Month(2028, 3), 20_000_000, 1, "besar", law=book).provisional


def amounts(found: Contribution) -> object:
    """Everything but the versions themselves: those now say when they ended."""
    return (
        [(share.programme, share.base, share.employer, share.worker) for share in found.shares],
        [share.deferred for share in found.shares],
        found.total,
        [(node.label, node.value, node.formula) for node in found.derivation().nodes()],
    )


@given(
    amended=amended_months(LATE_KEYS),
    cutoff=st.dates(date(2015, 7, 1), LAST_DAY),
)
def test_a_new_value_leaves_the_penalty_of_every_month_before_its_first_day_as_it_was(
    amended: tuple[LawBook, Month], cutoff: date
) -> None:
    book, month = amended

    before = unpaid(month, cutoff=cutoff, law=SHIPPED)
    after = unpaid(month, cutoff=cutoff, law=book)

    assert [(line.due_on, line.outstanding, line.penalty) for line in after.lines] == [
        (line.due_on, line.outstanding, line.penalty) for line in before.lines
    ]
    assert (after.principal, after.penalty) == (before.principal, before.penalty)


@given(amended=amendments(FINE_KEYS), data=st.data(), days=st.integers(0, 60))
def test_a_new_value_leaves_the_fine_after_an_earlier_warning_as_it_was(
    amended: tuple[LawBook, date], data: st.DataObject, days: int
) -> None:
    book, first = amended
    ended = data.draw(st.dates(date(2013, 12, 24), first - timedelta(days=1)))

    found = [
        administrative_fine(
            contributions_due=1_101_222,
            second_warning_ended_on=ended,
            on=ended + timedelta(days=days),
            law=law,
        )
        for law in (SHIPPED, book)
    ]

    assert (found[0].amount, found[0].window_ends_on) == (found[1].amount, found[1].window_ends_on)


def test_a_new_rate_is_used_from_its_first_month_on() -> None:
    book = enacted("rate.jht.employer", date(2027, 1, 1))

    last, first = (
        owed(month, 1_000_000, 1, "kecil", law=book).shares[-1].employer
        for month in (Month(2026, 12), Month(2027, 1))
    )

    assert (last, first) == (37_000, 48_000)


def test_a_new_penalty_is_used_for_the_bills_of_its_first_month_on() -> None:
    book = enacted("late.rate", date(2026, 5, 1))

    last, first = (
        unpaid(month, cutoff=date(2026, 6, 16), law=book).lines[0].steps[-1].rate_per_month
        for month in (Month(2026, 4), Month(2026, 5))
    )

    assert (last, first) == (Decimal("0.02"), Decimal("0.031"))


def test_an_announced_ceiling_makes_the_months_from_its_first_day_certain() -> None:
    book = enacted("jp.ceiling", date(2027, 3, 1))

    found = owed(Month(2027, 3), 20_000_000, 1, "besar", law=book)

    assert not found.provisional
    assert known_until(SHIPPED[parameter_named("jp.ceiling")]) == date(2027, 2, 28)


def test_two_values_added_one_after_the_other_both_stand() -> None:
    book = enacted("rate.jkm", date(2027, 6, 1), book=enacted("rate.jht.worker", date(2027, 1, 1)))

    january, june = (
        {share.programme: share for share in owed(month, 1_000_000, 1, "kecil", law=book).shares}
        for month in (Month(2027, 1), Month(2027, 6))
    )

    assert (january["JHT"].worker, january["JKM"].employer) == (31_000, 3_000)
    assert (june["JHT"].worker, june["JKM"].employer) == (31_000, 14_000)


def test_a_value_that_would_change_the_past_is_refused_with_both_days() -> None:
    last = parameter_named("jp.ceiling").versions[-1]

    with pytest.raises(Invalid, match="2026-03-01") as refused:
        SHIPPED.with_version("jp.ceiling", replace(last, valid_from=date(2026, 2, 1)))

    assert "2026-02-01" in str(refused.value)


def test_a_parameter_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match=r"tax\.vat"):
        parameter_named("tax.vat")
