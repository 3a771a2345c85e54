"""Suspensions: what they do to a count, day by day, and what they never do."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.infra.calendars import packaged_calendar
from app.law.calendar import CalendarTooShort, CollectiveLeave
from app.law.deadlines import DeadlineCertificate, calendar_day_deadline, working_day_deadline
from app.law.suspensions import StillSuspended, Suspension

MONDAY = date(2026, 11, 2)
ONE_DAY = timedelta(days=1)


def suspended(first: date, last: date | None, reason: str = "Banjir") -> Suspension:
    return Suspension(
        first=first, last=last, reason=reason, authority="Surat Kepala Cabang B/1/2026"
    )


def working(
    start: date,
    count: int,
    *suspensions: Suspension,
    leave: CollectiveLeave = CollectiveLeave.DAY_OFF,
) -> DeadlineCertificate:
    return working_day_deadline(
        start=start,
        count=count,
        calendar=packaged_calendar(),
        collective_leave=leave,
        suspensions=suspensions,
    )


def test_days_inside_a_suspension_are_skipped_with_its_reason_and_authority() -> None:
    found = working(MONDAY, 3, suspended(date(2026, 11, 4), date(2026, 11, 7)))

    assert found.counted == (date(2026, 11, 3), date(2026, 11, 9), date(2026, 11, 10))
    assert [(item.day.day, item.reason) for item in found.skipped] == [
        (4, "Penangguhan: Banjir (Surat Kepala Cabang B/1/2026)"),
        (5, "Penangguhan: Banjir (Surat Kepala Cabang B/1/2026)"),
        (6, "Penangguhan: Banjir (Surat Kepala Cabang B/1/2026)"),
        (7, "Sabtu; Penangguhan: Banjir (Surat Kepala Cabang B/1/2026)"),
        (8, "Minggu"),
    ]


@pytest.mark.parametrize(
    ("first", "last", "due_on"),
    [
        (date(2026, 11, 2), date(2026, 11, 2), date(2026, 11, 5)),
        (date(2026, 11, 5), date(2026, 11, 5), date(2026, 11, 6)),
        (date(2026, 11, 6), date(2026, 11, 6), date(2026, 11, 5)),
    ],
    ids=["on the day of receipt", "on the last day", "the day after the last day"],
)
def test_only_a_day_that_would_be_counted_moves_the_last_day(
    first: date, last: date, due_on: date
) -> None:
    assert working(MONDAY, 3, suspended(first, last)).due_on == due_on


def test_an_open_suspension_leaves_the_last_day_unknown_and_says_how_far_the_count_came() -> None:
    with pytest.raises(StillSuspended, match="2026-11-04") as caught:
        working(MONDAY, 3, suspended(date(2026, 11, 4), None))

    assert caught.value.counted == (date(2026, 11, 3),)
    assert "1 dari 3 hari" in str(caught.value)


def test_an_open_suspension_after_the_last_day_changes_nothing() -> None:
    assert working(MONDAY, 3, suspended(date(2026, 11, 6), None)) == working(MONDAY, 3)


def test_a_deadline_in_calendar_days_skips_suspended_days_too() -> None:
    found = calendar_day_deadline(
        start=MONDAY, count=2, suspensions=(suspended(date(2026, 11, 3), date(2026, 11, 8)),)
    )

    assert found.counted == (date(2026, 11, 9), date(2026, 11, 10))
    assert len(found.skipped) == 6


def test_a_suspension_that_pushes_the_count_beyond_the_calendar_is_refused_not_guessed() -> None:
    with pytest.raises(CalendarTooShort, match="2027-12-31"):
        working(date(2027, 12, 1), 10, suspended(date(2027, 12, 2), date(2028, 1, 31)))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (suspended(date(2026, 11, 4), date(2026, 11, 3)), "suspensions.0.to"),
        (suspended(date(2026, 11, 4), None, reason=" "), "suspensions.0.reason"),
    ],
    ids=["ends before it begins", "without a reason"],
)
def test_an_interval_that_is_none_is_refused_by_its_field(wrong: Suspension, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        working(MONDAY, 3, wrong)

    assert [problem.field for problem in caught.value.fields] == [field]


def test_a_suspension_of_centuries_is_refused_before_it_is_walked() -> None:
    with pytest.raises(Invalid, match="10980"):
        calendar_day_deadline(
            start=MONDAY, count=2, suspensions=(suspended(MONDAY, date(9999, 12, 31)),)
        )


starts = st.dates(date(2015, 1, 1), date(2026, 6, 30))
counts = st.integers(1, 60)
leaves = st.sampled_from(CollectiveLeave)


@st.composite
def intervals(draw: st.DrawFn) -> Suspension:
    first = draw(st.dates(date(2014, 12, 1), date(2026, 9, 30)))
    length = draw(st.integers(0, 40))
    return suspended(
        first, first + timedelta(days=length), draw(st.sampled_from(("Banjir", "PKPU", "Mediasi")))
    )


@st.composite
def counted_with(draw: st.DrawFn) -> tuple[date, int, list[Suspension]]:
    """A count, with suspensions that mostly lie in its way."""
    start = draw(starts)
    near = st.builds(
        lambda after, length, reason: suspended(
            start + timedelta(days=after), start + timedelta(days=after + length), reason
        ),
        st.integers(-20, 60),
        st.integers(0, 30),
        st.sampled_from(("Banjir", "PKPU", "Mediasi")),
    )
    return start, draw(counts), draw(st.lists(near, max_size=5))


@given(case=counted_with(), more=intervals(), leave=leaves)
def test_a_suspension_never_brings_a_deadline_forward(
    case: tuple[date, int, list[Suspension]], more: Suspension, leave: CollectiveLeave
) -> None:
    start, count, ledger = case

    before = working(start, count, *ledger, leave=leave).due_on

    assert working(start, count, *ledger, more, leave=leave).due_on >= before


@given(case=counted_with(), parts=st.integers(0, 40))
def test_one_suspension_or_two_adjacent_ones_are_the_same(
    case: tuple[date, int, list[Suspension]], parts: int
) -> None:
    start, count, ledger = case
    first, last = start + timedelta(days=2), start + timedelta(days=2 + 40)
    cut = first + timedelta(days=parts)
    whole = [suspended(first, last)]
    halves = [suspended(first, cut)]
    if cut < last:
        halves.append(suspended(cut + ONE_DAY, last))

    assert working(start, count, *ledger, *whole) == working(start, count, *ledger, *halves)


@given(case=counted_with(), gap=st.integers(1, 50), length=st.integers(0, 50))
def test_a_suspension_outside_the_count_changes_nothing(
    case: tuple[date, int, list[Suspension]], gap: int, length: int
) -> None:
    start, count, ledger = case
    plain = working(start, count, *ledger)
    before = suspended(start - timedelta(days=length), start)
    after = suspended(plain.due_on + timedelta(days=gap), None)

    assert working(start, count, *ledger, before, after) == plain


@given(case=counted_with(), order=st.randoms(use_true_random=False))
def test_the_order_of_the_ledger_does_not_matter(
    case: tuple[date, int, list[Suspension]], order: object
) -> None:
    start, count, ledger = case
    shuffled = list(ledger)
    order.shuffle(shuffled)  # type: ignore[attr-defined]

    assert working(start, count, *ledger) == working(start, count, *shuffled)


@given(case=counted_with(), leave=leaves)
def test_counted_and_skipped_are_disjoint_and_cover_every_day_to_the_last(
    case: tuple[date, int, list[Suspension]], leave: CollectiveLeave
) -> None:
    start, count, ledger = case

    for found in (
        working(start, count, *ledger, leave=leave),
        calendar_day_deadline(start=start, count=count, suspensions=tuple(ledger)),
    ):
        skipped = {item.day for item in found.skipped}
        every = {start + timedelta(days=n) for n in range(1, (found.due_on - start).days + 1)}
        assert len(found.counted) == count
        assert found.counted[-1] == found.due_on
        assert skipped.isdisjoint(found.counted)
        assert skipped | set(found.counted) == every
        assert not any(item.covers(day) for item in ledger for day in found.counted)
