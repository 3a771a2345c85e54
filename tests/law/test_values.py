"""Money, months, citations and dated values."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.law.administrative_fine import administrative_fine
from app.law.book import SHIPPED
from app.law.citation import Citation, reading
from app.law.dated import Dated, ParameterGap, Version
from app.law.late_payment import LateStep
from app.law.money import formatted, in_words, round_half_up
from app.law.month import Month


@pytest.mark.parametrize(
    ("amount", "rupiah"), [("0.4999", 0), ("0.5", 1), ("1.5", 2), ("2.5", 3), ("110122.20", 110122)]
)
def test_half_a_rupiah_rounds_up(amount: str, rupiah: int) -> None:
    assert round_half_up(Decimal(amount)) == rupiah


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "nol rupiah"),
        (1_500, "seribu lima ratus rupiah"),
        (12_001_500, "dua belas juta seribu lima ratus rupiah"),
        (3_021_000, "tiga juta dua puluh satu ribu rupiah"),
        (
            1_101_222,
            "satu juta seratus satu ribu dua ratus dua puluh dua rupiah",
        ),
    ],
)
def test_amounts_are_written_out_in_words(amount: int, words: str) -> None:
    assert in_words(amount) == words


def test_amounts_are_printed_with_dots() -> None:
    assert formatted(1_101_222) == "Rp1.101.222"


@pytest.mark.parametrize(
    "text",
    ["2026-13", "2026-00", "2026-3", "0000-01", "202603", " 2026-03", "2026-03-01", "", "٢٠٢٦-٠٣"],
)
def test_a_text_that_is_no_month_is_refused_by_name(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        Month.parse(text, field="bulan")

    assert text in str(refused.value)
    assert refused.value.fields[0].field == "bulan"


@given(st.integers(12, 9999 * 12 + 11), st.integers(-500, 500))
def test_months_count_forwards_and_back(index: int, step: int) -> None:
    month = Month.from_index(index)

    assert month.index == index
    assert Month.parse(str(month)) == month
    if 12 <= index + step <= 9999 * 12 + 11:
        later = month + step
        assert (later - month, later - step) == (step, month)
        assert (later > month) is (step > 0)


def test_a_month_knows_its_first_and_last_day() -> None:
    month = Month.of(date(2024, 2, 17))

    assert (month.first_day, month.last_day) == (date(2024, 2, 1), date(2024, 2, 29))
    assert month.day(30) == date(2024, 2, 29)


def cited(
    *, grade: str, article_grade: str | None = None, checked_by: str | None = None
) -> Citation:
    return Citation(
        instrument="PP 99/2099",
        article="Pasal 8",
        grade=grade,  # type: ignore[arg-type]
        article_grade=article_grade,  # type: ignore[arg-type]
        source="S0",
        checked_by=checked_by,
    )


@pytest.mark.parametrize(
    ("grade", "article_grade", "printable"),
    [
        ("A", None, "PP 99/2099 Pasal 8"),
        ("B", None, "PP 99/2099 Pasal 8"),
        ("B", "C", "PP 99/2099"),
        ("C", None, None),
        ("C", "A", None),
    ],
)
def test_an_unverified_citation_is_not_printed_as_fact(
    grade: str, article_grade: str | None, printable: str | None
) -> None:
    citation = cited(grade=grade, article_grade=article_grade)

    assert citation.printable == printable
    assert printable is not None or "belum diverifikasi" in citation.label


def test_an_article_nobody_checked_does_not_reach_a_prosecutor() -> None:
    assert cited(grade="A").confirmed == "PP 99/2099"
    assert cited(grade="A", checked_by="Ketua Tim Hukum").confirmed == "PP 99/2099 Pasal 8"
    assert cited(grade="C", checked_by="Ketua Tim Hukum").confirmed is None


def version(valid_from: date, valid_to: date | None, value: int) -> Version[int]:
    return Version(
        valid_from=valid_from,
        valid_to=valid_to,
        value=value,
        unit="hari",
        grade="C",
        citation=reading("contoh"),
    )


GAPPED = Dated(
    key="x",
    title="contoh",
    versions=(
        version(date(2020, 1, 1), date(2020, 12, 31), 1),
        version(date(2022, 1, 1), date(2022, 12, 31), 2),
    ),
)


def test_a_value_holds_from_its_first_day_to_its_last() -> None:
    assert [GAPPED.on(day) for day in (date(2020, 1, 1), date(2020, 12, 31))] == [1, 1]


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2021, 6, 1), date(2023, 1, 1)])
def test_a_day_without_a_version_is_a_gap_that_names_the_parameter(day: date) -> None:
    with pytest.raises(ParameterGap, match=f"contoh.*{day.isoformat()}"):
        GAPPED.on(day)


def test_the_last_known_value_is_provisional_only_after_its_end() -> None:
    assert not GAPPED.last_known_on(date(2022, 12, 31)).provisional
    assert GAPPED.last_known_on(date(2023, 1, 1)).provisional


@pytest.mark.parametrize(
    ("day", "value", "provisional"),
    [
        (date(2020, 12, 31), 1, False),
        (date(2021, 1, 1), 1, True),
        (date(2021, 12, 31), 1, True),
        (date(2022, 1, 1), 2, False),
    ],
)
def test_the_last_known_value_stands_in_a_gap_until_the_next_begins(
    day: date, value: int, provisional: bool
) -> None:
    found = GAPPED.last_known_on(day)

    assert (found.value, found.provisional) == (value, provisional)


def test_before_the_first_version_no_value_is_known() -> None:
    with pytest.raises(ParameterGap):
        GAPPED.last_known_on(date(2019, 12, 31))


def test_two_versions_on_one_day_are_a_mistake_in_the_table() -> None:
    with pytest.raises(ValueError, match="two versions"):
        Dated(
            key="x",
            title="contoh",
            versions=(
                version(date(2020, 1, 1), None, 1),
                version(date(2021, 1, 1), None, 2),
            ),
        )


def test_the_fine_for_not_registering_is_a_tenth_of_a_percent_of_one_month() -> None:
    ended = date(2026, 4, 6)

    found = administrative_fine(
        contributions_due=1_101_222, second_warning_ended_on=ended, on=date(2026, 4, 7), law=SHIPPED
    )

    assert (found.amount, found.window_ends_on) == (1_101, date(2026, 5, 6))
    assert found.derivation().value == 1_101


def test_the_fine_does_not_start_before_the_second_warning_has_run_out() -> None:
    ended = date(2026, 4, 6)

    found = administrative_fine(
        contributions_due=1_101_222, second_warning_ended_on=ended, on=ended, law=SHIPPED
    )

    assert found.amount == 0


@given(
    base=st.integers(0, 10**12),
    ended=st.dates(date(2015, 7, 1), date(2030, 1, 1)),
    days=st.integers(-60, 400),
)
def test_the_leaves_of_the_derivation_of_the_fine_add_up_to_it(
    base: int, ended: date, days: int
) -> None:
    found = administrative_fine(
        contributions_due=base,
        second_warning_ended_on=ended,
        on=ended + timedelta(days=days),
        law=SHIPPED,
    )

    derivation = found.derivation()

    assert sum(leaf.value for leaf in derivation.leaves()) == found.amount == derivation.value
    assert found.amount == (round_half_up(Decimal(base) / 1000) if days > 0 else 0)


def test_the_fine_cannot_be_added_to_a_late_penalty() -> None:
    fine = administrative_fine(
        contributions_due=1_000_000,
        second_warning_ended_on=date(2026, 4, 6),
        on=date(2026, 4, 7),
        law=SHIPPED,
    )
    step = LateStep(
        amount=1,
        until=date(2026, 4, 7),
        paid=False,
        months=1,
        rate_per_month=Decimal("0.02"),
        penalty=Decimal("0.02"),
    )

    for other in (step, step.penalty, 2_000):
        with pytest.raises(TypeError):
            fine + other  # type: ignore[operator]
        with pytest.raises(TypeError):
            other + fine  # type: ignore[operator]
