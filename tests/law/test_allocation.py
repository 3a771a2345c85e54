from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.infra.calendars import packaged_calendar
from app.law.bills import Debt
from app.law.book import SHIPPED, LawBook
from app.law.calendar import WorkingCalendar
from app.law.citation import reading
from app.law.dated import Version
from app.law.derivation import Derivation
from app.law.late_payment import Arrears, Bill, Payment, arrears
from app.law.month import Month
from app.law.parameters.allocation import BY_PROGRAMME, NEWEST_FIRST, OLDEST_FIRST, PENALTY_FIRST
from app.law.parameters.programmes import PROGRAMMES

JANUARY, FEBRUARY, MARCH = (Month(2026, number) for number in (1, 2, 3))
CUTOFF = date(2026, 9, 30)
BILLS = [
    Bill(month=FEBRUARY, programme="JHT", amount=100_000),
    Bill(month=JANUARY, programme="JP", amount=30_000),
    Bill(month=JANUARY, programme="JHT", amount=100_000),
]


def owed(
    payments: list[Payment],
    *,
    bills: list[Bill] | None = None,
    cutoff: date = CUTOFF,
    law: LawBook = SHIPPED,
) -> Arrears:
    return arrears(
        bills=BILLS if bills is None else bills,
        payments=payments,
        cutoff=cutoff,
        calendar=packaged_calendar(),
        law=law,
    )


def lump_sum(
    amount: int,
    *,
    on: date = date(2026, 2, 10),
    month: Month | None = None,
    programme: str | None = None,
    towards: Debt | None = None,
) -> Payment:
    return Payment(month=month, programme=programme, paid_on=on, amount=amount, towards=towards)


def places(found: Arrears) -> list[tuple[str, str, str, int]]:
    return [
        (str(part.month), part.programme, part.towards, part.amount) for part in found.allocations
    ]


def ordered(*order: str) -> LawBook:
    return SHIPPED.with_version(
        "allocation.order",
        Version(
            valid_from=date(2016, 1, 1),
            valid_to=None,
            value=order,
            unit="aturan",
            grade="C",
            citation=reading(""),
        ),
    )


def test_a_lump_sum_pays_the_oldest_month_first_and_its_programmes_in_order() -> None:
    assert places(owed([lump_sum(150_000)])) == [
        ("2026-01", "JHT", "principal", 100_000),
        ("2026-01", "JP", "principal", 30_000),
        ("2026-02", "JHT", "principal", 20_000),
    ]


def test_principal_goes_before_penalty_within_a_month_but_not_before_an_older_month() -> None:
    late = lump_sum(140_000, on=date(2026, 2, 20))

    # The bills of January were due on 18 February: one month late, 2 %.
    assert places(owed([late])) == [
        ("2026-01", "JHT", "principal", 100_000),
        ("2026-01", "JP", "principal", 30_000),
        ("2026-01", "JHT", "penalty", 2_000),
        ("2026-01", "JP", "penalty", 600),
        ("2026-02", "JHT", "principal", 7_400),
    ]


def test_another_order_in_force_books_the_same_money_elsewhere() -> None:
    late = lump_sum(5_000, on=date(2026, 2, 20))

    assert places(owed([late], law=ordered(PENALTY_FIRST, OLDEST_FIRST, BY_PROGRAMME))) == [
        ("2026-01", "JHT", "penalty", 2_000),
        ("2026-01", "JP", "penalty", 600),
        ("2026-01", "JHT", "principal", 2_400),
    ]
    assert places(owed([late], law=ordered(NEWEST_FIRST))) == [
        ("2026-02", "JHT", "principal", 5_000)
    ]


def test_an_order_that_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="yang terbesar dahulu"):
        owed([lump_sum(1)], law=ordered("yang terbesar dahulu"))


def test_the_rule_of_a_lump_sum_is_shown_only_where_there_is_one() -> None:
    named = Payment(month=JANUARY, programme="JHT", paid_on=date(2026, 2, 10), amount=1)

    shown = {used.key for used in owed([lump_sum(1)]).parameters}
    silent = {used.key for used in owed([named]).parameters}

    assert shown - silent == {"allocation.order", "allocation.programmes"}


def test_a_lump_sum_for_a_month_or_a_programme_stays_with_it() -> None:
    assert places(owed([lump_sum(500_000, month=FEBRUARY)])) == [
        ("2026-02", "JHT", "principal", 100_000)
    ]
    assert places(owed([lump_sum(500_000, programme="JP")])) == [
        ("2026-01", "JP", "principal", 30_000)
    ]


def test_what_a_lump_sum_finds_no_debt_for_is_reported_and_moved_nowhere() -> None:
    found = owed([lump_sum(231_000)])

    assert (found.total, found.unallocated) == (0, 1_000)
    assert all(line.overpaid == 0 for line in found.lines)


def test_on_one_day_a_payment_that_names_its_bill_goes_before_a_lump_sum() -> None:
    day = date(2026, 2, 10)
    named = Payment(month=JANUARY, programme="JHT", paid_on=day, amount=100_000)

    found = owed([lump_sum(40_000, on=day), named])

    assert places(found) == [
        ("2026-01", "JP", "principal", 30_000),
        ("2026-02", "JHT", "principal", 10_000),
    ]
    assert found.lines[2].overpaid == 0


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"month": MARCH}, "semua program 2026-03"),
        ({"programme": "JKK"}, "JKK semua bulan"),
    ],
)
def test_a_lump_sum_for_what_was_never_billed_is_refused(named: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        owed([lump_sum(1, **named)])

    assert [problem.field for problem in refused.value.fields] == ["payments.0"]


def reversed_payment(day: date) -> Payment:
    return Payment(
        month=JANUARY,
        programme="JHT",
        paid_on=date(2026, 2, 10),
        amount=100_000,
        reversed_on=day,
    )


def test_a_reversed_payment_counts_until_the_day_before_and_then_never_did() -> None:
    january = [BILLS[2]]
    reversal = date(2026, 5, 20)

    day_before = owed([reversed_payment(reversal)], bills=january, cutoff=date(2026, 5, 19))
    on_the_day = owed([reversed_payment(reversal)], bills=january, cutoff=reversal)
    never_paid = owed([], bills=january, cutoff=reversal)

    assert day_before.total == 0
    assert (on_the_day.principal, on_the_day.penalty) == (
        never_paid.principal,
        never_paid.penalty,
    )
    assert on_the_day.not_counted == (reversed_payment(reversal),)
    assert "allocation.reversal" in {used.key for used in on_the_day.parameters}
    assert "allocation.reversal" not in {used.key for used in day_before.parameters}


def test_a_payment_cannot_be_reversed_before_it_was_made() -> None:
    with pytest.raises(Invalid, match="2026-02-09") as refused:
        owed([reversed_payment(date(2026, 2, 9))])

    assert [problem.field for problem in refused.value.fields] == ["payments.0.reversed_on"]


def penalty_payment(amount: int, *, on: date = date(2026, 4, 1)) -> Payment:
    return Payment(month=JANUARY, programme="JHT", paid_on=on, amount=amount, towards="penalty")


def test_a_penalty_payment_lowers_the_penalty_and_leaves_the_principal() -> None:
    found = owed([penalty_payment(3_000)], bills=[BILLS[2]])

    assert (found.principal, found.penalty, found.total) == (100_000, 13_000, 113_000)
    balance = found.penalty_balance
    assert (balance.charged, balance.paid, balance.overpaid, balance.open) == (
        16_000,
        3_000,
        0,
        13_000,
    )
    assert [leaf.value for leaf in found.derivation().leaves()] == [100_000, 16_000, -3_000]


def test_a_penalty_paid_beyond_what_is_charged_is_reported_on_its_line() -> None:
    (line,) = owed([penalty_payment(20_000)], bills=[BILLS[2]]).lines

    assert (line.penalty, line.penalty_overpaid) == (0, 4_000)


def test_a_bill_with_worker_lines_unfolds_into_them_less_what_was_paid() -> None:
    parts = tuple(
        Derivation(label=name, value=value, formula="bagian dari tagihan")
        for name, value in (("Ani", 60_000), ("Budi", 40_000))
    )
    bill = Bill(month=JANUARY, programme="JHT", amount=100_000, parts=parts)
    paid = Payment(month=JANUARY, programme="JHT", paid_on=date(2026, 2, 1), amount=25_000)

    tree = owed([paid], bills=[bill]).derivation()

    (month,) = tree.children
    (programme,) = month.children
    principal, penalty = programme.children
    assert [(node.label, node.value) for node in principal.children] == [
        ("Ani", 60_000),
        ("Budi", 40_000),
        ("Dibayar JHT 2026-01", -25_000),
    ]
    assert (principal.value, penalty.value) == (75_000, 12_000)


def test_worker_lines_that_do_not_add_up_to_their_bill_are_refused() -> None:
    part = Derivation(label="Ani", value=99_999, formula="bagian dari tagihan")
    bill = Bill(month=JANUARY, programme="JHT", amount=100_000, parts=(part,))

    with pytest.raises(Invalid, match="99999") as refused:
        owed([], bills=[bill])

    assert [problem.field for problem in refused.value.fields] == ["bills.0.workers"]


def test_the_penalty_node_shows_every_late_part_unrounded_and_rounds_once(
    calendar: WorkingCalendar,
) -> None:
    bill = Bill(month=JANUARY, programme="JHT", amount=33_325)
    paid = Payment(month=JANUARY, programme="JHT", paid_on=date(2026, 3, 1), amount=11_111)
    found = arrears(
        bills=[bill], payments=[paid], cutoff=date(2026, 3, 1), calendar=calendar, law=SHIPPED
    )

    (month,) = found.derivation().children
    penalty = month.children[0].children[1]

    assert [item.value for item in penalty.inputs if "=" in item.value] == [
        "2026-03-01 (Rp11.111 × 2 % × 1 = Rp222,22)",
        "2026-03-01 (Rp22.214 × 2 % × 1 = Rp444,28)",
    ]
    assert penalty.formula == "Rp666,5, dibulatkan setengah ke atas"
    assert penalty.value == 667
    assert penalty.citation is not None


months = st.integers(Month(2019, 1).index, Month(2027, 6).index).map(Month.from_index)
days = st.dates(date(2019, 2, 1), date(2027, 12, 31))
amounts = st.integers(0, 10**7)
later = st.integers(0, 400).map(lambda count: timedelta(days=count))


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Bill], list[Payment]]:
    keys = draw(
        st.lists(
            st.tuples(months, st.sampled_from(PROGRAMMES)), min_size=1, max_size=5, unique=True
        )
    )
    bills = [
        Bill(month=month, programme=programme, amount=draw(amounts)) for month, programme in keys
    ]
    payments = []
    for month, programme in draw(st.lists(st.sampled_from(keys), max_size=8)):
        paid_on = draw(days)
        payments.append(
            Payment(
                month=draw(st.sampled_from([month, None])),
                programme=draw(st.sampled_from([programme, None])),
                paid_on=paid_on,
                amount=draw(amounts),
                reversed_on=draw(st.none() | st.just(paid_on + draw(later))),
                towards=draw(st.sampled_from([None, "principal", "penalty"])),
            )
        )
    return bills, payments


@given(history=histories(), cutoff=days)
def test_whatever_is_paid_and_reversed_every_node_is_the_sum_of_its_children(
    history: tuple[list[Bill], list[Payment]], cutoff: date
) -> None:
    bills, payments = history
    found = owed(payments, bills=bills, cutoff=cutoff)
    tree = found.derivation()

    assert sum(leaf.value for leaf in tree.leaves()) == found.total
    for node in tree.nodes():
        assert not node.children or node.value == sum(child.value for child in node.children)


@given(history=histories(), cutoff=days)
def test_both_balances_hold_whatever_is_paid(
    history: tuple[list[Bill], list[Payment]], cutoff: date
) -> None:
    bills, payments = history
    found = owed(payments, bills=bills, cutoff=cutoff)

    for balance in (found.principal_balance, found.penalty_balance):
        assert balance.charged + balance.overpaid == balance.paid + balance.open
        assert min(balance.charged, balance.paid, balance.overpaid, balance.open) >= 0
    assert found.total == found.principal_balance.open + found.penalty_balance.open


@given(history=histories(), cutoff=days)
def test_every_rupiah_received_is_on_a_line_or_reported_as_unallocated(
    history: tuple[list[Bill], list[Payment]], cutoff: date
) -> None:
    bills, payments = history
    found = owed(payments, bills=bills, cutoff=cutoff)

    received = sum(payment.amount for payment in payments if payment.stands_on(cutoff))
    booked = sum(line.paid + line.penalty_paid for line in found.lines)
    assert booked + found.unallocated == received
    assert sum(payment.amount for payment in found.not_counted) + received == sum(
        payment.amount for payment in payments
    )


@given(history=histories(), cutoff=days, data=st.data())
def test_the_order_in_which_lump_sums_are_entered_does_not_matter(
    history: tuple[list[Bill], list[Payment]], cutoff: date, data: st.DataObject
) -> None:
    bills, payments = history
    other_bills = data.draw(st.permutations(bills))
    other_payments = data.draw(st.permutations(payments))

    one = owed(payments, bills=bills, cutoff=cutoff)
    other = owed(other_payments, bills=other_bills, cutoff=cutoff)

    assert (one.principal, one.penalty, one.unallocated) == (
        other.principal,
        other.penalty,
        other.unallocated,
    )


@given(history=histories(), cutoff=days, paid_on=days, amount=amounts)
def test_one_more_lump_sum_never_makes_more_principal(
    history: tuple[list[Bill], list[Payment]], cutoff: date, paid_on: date, amount: int
) -> None:
    bills, payments = history
    towards: Debt = "principal"
    only_principal = [
        Payment(
            month=payment.month,
            programme=payment.programme,
            paid_on=payment.paid_on,
            amount=payment.amount,
            towards=towards,
        )
        for payment in payments
    ]
    more = lump_sum(amount, on=paid_on, towards=towards)

    before = owed(only_principal, bills=bills, cutoff=cutoff)
    after = owed([*only_principal, more], bills=bills, cutoff=cutoff)

    assert after.principal <= before.principal
    assert after.penalty <= before.penalty
