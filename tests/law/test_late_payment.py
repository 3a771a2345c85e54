from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED
from app.law.calendar import CalendarTooShort, WorkingCalendar
from app.law.late_payment import Arrears, Bill, Payment, ageing_class, arrears, due_on, months_late
from app.law.month import Month
from app.law.parameters.programmes import PROGRAMMES

FEBRUARY = Month(2026, 2)
JHT = Bill(month=FEBRUARY, programme="JHT", amount=100_000)


def jht_payment(*, paid_on: date, amount: int = 100_000) -> Payment:
    return Payment(month=FEBRUARY, programme="JHT", paid_on=paid_on, amount=amount)


def test_lines_keep_the_order_of_the_bills(calendar: WorkingCalendar) -> None:
    bills = [
        Bill(month=Month(2026, 3), programme="JP", amount=1),
        Bill(month=FEBRUARY, programme="JKK", amount=1),
    ]

    found = arrears(
        bills=bills, payments=[], cutoff=date(2026, 12, 31), calendar=calendar, law=SHIPPED
    )

    assert [(line.month, line.programme) for line in found.lines] == [
        (Month(2026, 3), "JP"),
        (FEBRUARY, "JKK"),
    ]


def test_an_overpayment_is_reported_on_its_line_and_nowhere_else(
    calendar: WorkingCalendar,
) -> None:
    other = Bill(month=FEBRUARY, programme="JP", amount=50_000)
    payment = jht_payment(paid_on=date(2026, 3, 1), amount=130_000)

    found = arrears(
        bills=[JHT, other],
        payments=[payment],
        cutoff=date(2026, 3, 31),
        calendar=calendar,
        law=SHIPPED,
    )

    jht, jp = found.lines
    assert (jht.paid, jht.overpaid, jht.outstanding) == (130_000, 30_000, 0)
    assert (jp.paid, jp.overpaid, jp.outstanding) == (0, 0, 50_000)


def test_what_is_overpaid_late_bears_no_penalty(calendar: WorkingCalendar) -> None:
    payment = jht_payment(paid_on=date(2026, 3, 17), amount=900_000)

    found = arrears(
        bills=[JHT], payments=[payment], cutoff=date(2026, 3, 31), calendar=calendar, law=SHIPPED
    )

    assert found.penalty == 2_000


def test_a_bill_not_yet_due_is_a_line_that_does_not_count(calendar: WorkingCalendar) -> None:
    found = arrears(
        bills=[JHT], payments=[], cutoff=date(2026, 3, 16), calendar=calendar, law=SHIPPED
    )

    (line,) = found.lines
    assert (line.outstanding, line.is_due, line.months_late) == (100_000, False, 0)
    assert (found.principal, found.penalty, found.months_in_arrears) == (0, 0, 0)


def test_a_payment_after_the_cutoff_must_still_name_a_bill(calendar: WorkingCalendar) -> None:
    stray = Payment(month=FEBRUARY, programme="JP", paid_on=date(2027, 1, 1), amount=1)

    with pytest.raises(Invalid, match="Pembayaran JP 2026-02") as refused:
        arrears(
            bills=[JHT], payments=[stray], cutoff=date(2026, 3, 31), calendar=calendar, law=SHIPPED
        )

    assert [problem.field for problem in refused.value.fields] == ["payments.0"]


def test_a_bill_written_twice_is_refused_by_name(calendar: WorkingCalendar) -> None:
    with pytest.raises(Invalid, match="Tagihan JHT 2026-02") as refused:
        arrears(
            bills=[JHT, JHT], payments=[], cutoff=date(2026, 3, 31), calendar=calendar, law=SHIPPED
        )

    assert [problem.field for problem in refused.value.fields] == ["bills.1"]


@pytest.mark.parametrize(
    ("bill", "field", "value"),
    [
        (Bill(month=Month(2015, 6), programme="JHT", amount=1), "bills.0.month", "2015-06"),
        (Bill(month=FEBRUARY, programme="JKP", amount=1), "bills.0.programme", "JKP"),
        (Bill(month=FEBRUARY, programme="JHT", amount=-1), "bills.0.amount", "-1"),
        (Bill(month=FEBRUARY, programme="JHT", amount=10**15 + 1), "bills.0.amount", str(10**15)),
    ],
)
def test_a_bill_out_of_range_is_refused_with_its_field_and_value(
    bill: Bill, field: str, value: str, calendar: WorkingCalendar
) -> None:
    with pytest.raises(Invalid) as refused:
        arrears(bills=[bill], payments=[], cutoff=date(2026, 3, 31), calendar=calendar, law=SHIPPED)

    assert [problem.field for problem in refused.value.fields] == [field]
    assert value in str(refused.value)


def test_a_negative_payment_is_refused(calendar: WorkingCalendar) -> None:
    payment = jht_payment(paid_on=date(2026, 3, 1), amount=-5)

    with pytest.raises(Invalid, match="-5"):
        arrears(
            bills=[JHT],
            payments=[payment],
            cutoff=date(2026, 3, 31),
            calendar=calendar,
            law=SHIPPED,
        )


def test_a_bill_due_in_a_year_not_loaded_is_refused(calendar: WorkingCalendar) -> None:
    with pytest.raises(CalendarTooShort, match="2028"):
        due_on(month=Month(2027, 12), calendar=calendar, law=SHIPPED)


def test_a_due_date_before_the_programmes_began_is_refused(calendar: WorkingCalendar) -> None:
    with pytest.raises(Invalid, match="2015-06"):
        due_on(month=Month(2015, 6), calendar=calendar, law=SHIPPED)


@pytest.mark.parametrize(
    ("months", "name"),
    [
        (0, None),
        (1, "lancar"),
        (3, "lancar"),
        (4, "kurang_lancar"),
        (6, "kurang_lancar"),
        (7, "diragukan"),
        (12, "diragukan"),
        (13, "macet"),
        (99, "macet"),
    ],
)
def test_ageing_classes_change_after_three_six_and_twelve_months(
    months: int, name: str | None
) -> None:
    assert ageing_class(months=months, on=date(2026, 3, 31), law=SHIPPED) == name


def test_programmes_of_one_month_are_one_month_in_arrears(calendar: WorkingCalendar) -> None:
    bills = [Bill(month=FEBRUARY, programme=programme, amount=1) for programme in PROGRAMMES]

    found = arrears(
        bills=bills, payments=[], cutoff=date(2026, 3, 31), calendar=calendar, law=SHIPPED
    )

    assert found.months_in_arrears == 1


@pytest.mark.parametrize(
    ("until", "started", "completed"),
    [
        (date(2026, 1, 31), 0, 0),
        (date(2026, 2, 1), 1, 0),
        (date(2026, 2, 27), 1, 0),
        (date(2026, 2, 28), 1, 1),
        (date(2026, 3, 1), 2, 1),
        (date(2026, 3, 30), 2, 1),
        (date(2026, 3, 31), 2, 2),
        (date(2026, 4, 1), 3, 2),
    ],
)
def test_a_due_day_that_a_month_lacks_is_its_last_day(
    until: date, started: int, completed: int
) -> None:
    due = date(2026, 1, 31)

    assert months_late(due=due, until=until) == started
    assert months_late(due=due, until=until, part_month="completed") == completed


months = st.integers(Month(2015, 7).index, Month(2027, 11).index).map(Month.from_index)
days = st.dates(date(2015, 7, 1), date(2029, 12, 31))
amounts = st.integers(0, 10**10)
bill_keys = st.tuples(months, st.sampled_from(PROGRAMMES))
bills = st.dictionaries(bill_keys, amounts, min_size=1, max_size=6).map(
    lambda billed: [
        Bill(month=month, programme=programme, amount=amount)
        for (month, programme), amount in billed.items()
    ]
)


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[Bill], list[Payment]]:
    owed = draw(bills)
    payments = [
        Payment(month=bill.month, programme=bill.programme, paid_on=paid_on, amount=amount)
        for bill in draw(st.lists(st.sampled_from(owed), max_size=8))
        for paid_on, amount in [(draw(days), draw(amounts))]
    ]
    return owed, payments


def arrears_of(ledger: tuple[list[Bill], list[Payment]], *, cutoff: date) -> Arrears:
    owed, payments = ledger
    return arrears(
        bills=owed, payments=payments, cutoff=cutoff, calendar=packaged_calendar(), law=SHIPPED
    )


def leaf_values(found: Arrears) -> Iterator[int]:
    return (leaf.value for leaf in found.derivation().leaves())


@given(ledger=ledgers(), cutoff=days)
def test_the_leaves_of_the_derivation_add_up_to_the_total(
    ledger: tuple[list[Bill], list[Payment]], cutoff: date
) -> None:
    found = arrears_of(ledger, cutoff=cutoff)

    assert sum(leaf_values(found)) == found.total == found.principal + found.penalty


@given(ledger=ledgers(), cutoff=days)
def test_every_node_of_the_derivation_is_the_sum_of_its_children(
    ledger: tuple[list[Bill], list[Payment]], cutoff: date
) -> None:
    for node in arrears_of(ledger, cutoff=cutoff).derivation().nodes():
        assert not node.children or node.value == sum(child.value for child in node.children)


@given(ledger=ledgers(), cutoff=days, paid_on=days, amount=amounts)
def test_one_more_payment_never_makes_more_debt(
    ledger: tuple[list[Bill], list[Payment]], cutoff: date, paid_on: date, amount: int
) -> None:
    owed, payments = ledger
    more = Payment(month=owed[0].month, programme=owed[0].programme, paid_on=paid_on, amount=amount)

    before = arrears_of(ledger, cutoff=cutoff)
    after = arrears_of((owed, [*payments, more]), cutoff=cutoff)

    assert after.principal <= before.principal
    assert after.penalty <= before.penalty


@given(ledger=ledgers(), cutoff=days, later=st.integers(0, 900))
def test_a_later_cutoff_never_makes_less_penalty(
    ledger: tuple[list[Bill], list[Payment]], cutoff: date, later: int
) -> None:
    first = arrears_of(ledger, cutoff=cutoff)
    second = arrears_of(ledger, cutoff=cutoff + timedelta(days=later))

    assert second.penalty >= first.penalty


@given(ledger=ledgers(), cutoff=days)
def test_the_same_ledger_gives_the_same_arrears_again(
    ledger: tuple[list[Bill], list[Payment]], cutoff: date
) -> None:
    owed, payments = list(ledger[0]), list(ledger[1])

    first, second = (arrears_of(ledger, cutoff=cutoff) for _ in range(2))

    assert (first, first.derivation()) == (second, second.derivation())
    assert ledger == (owed, payments)


@given(ledger=ledgers(), cutoff=days)
def test_day_by_day_the_penalty_of_a_month_and_more_never_falls(
    ledger: tuple[list[Bill], list[Payment]], cutoff: date
) -> None:
    penalties = [
        arrears_of(ledger, cutoff=cutoff + timedelta(days=later)).penalty for later in range(33)
    ]

    assert penalties == sorted(penalties)


@given(ledger=ledgers(), cutoff=days, data=st.data())
def test_the_order_of_payments_does_not_matter(
    ledger: tuple[list[Bill], list[Payment]], cutoff: date, data: st.DataObject
) -> None:
    owed, payments = ledger
    shuffled = data.draw(st.permutations(payments))

    found = [arrears_of((owed, order), cutoff=cutoff) for order in (payments, list(shuffled))]

    one, other = (
        (
            [(line.paid, line.overpaid, line.outstanding, line.penalty) for line in answer.lines],
            (answer.principal, answer.penalty, answer.total),
            (answer.months_in_arrears, answer.ageing_class),
        )
        for answer in found
    )
    assert one == other


@given(ledger=ledgers(), cutoff=days)
def test_what_is_billed_is_paid_overpaid_or_outstanding(
    ledger: tuple[list[Bill], list[Payment]], cutoff: date
) -> None:
    for line in arrears_of(ledger, cutoff=cutoff).lines:
        assert line.billed + line.overpaid == line.paid + line.outstanding
        assert min(line.outstanding, line.overpaid, line.penalty) >= 0


@given(due=days, until=days)
def test_started_months_run_ahead_of_completed_ones_by_at_most_one(due: date, until: date) -> None:
    started = months_late(due=due, until=until)
    completed = months_late(due=due, until=until, part_month="completed")

    assert 0 <= started - completed <= 1
