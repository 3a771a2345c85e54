import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.law.book import SHIPPED
from app.law.contributions import FIRST_MONTH, Contribution, contribution
from app.law.money import LARGEST_AMOUNT
from app.law.month import Month
from app.law.parameters.programmes import PROGRAMMES, SCALES

MARCH = Month(2026, 3)


def owed(
    *,
    month: Month = MARCH,
    wage: int = 12_000_000,
    jkk_class: int | None = 2,
    scale: str | None = "menengah",
    programmes: tuple[str, ...] | None = None,
    labour_intensive: bool = False,
) -> Contribution:
    return contribution(
        month=month,
        wage=wage,
        jkk_class=jkk_class,
        scale=scale,
        programmes=programmes,
        labour_intensive=labour_intensive,
        law=SHIPPED,
    )


@pytest.mark.parametrize(
    ("scale", "programmes"),
    [
        ("mikro", ["JKK", "JKM"]),
        ("kecil", ["JKK", "JKM", "JHT"]),
        ("menengah", ["JKK", "JKM", "JHT", "JP"]),
        ("besar", ["JKK", "JKM", "JHT", "JP"]),
    ],
)
def test_the_scale_decides_which_programmes_are_owed(scale: str, programmes: list[str]) -> None:
    assert [share.programme for share in owed(scale=scale).shares] == programmes


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("jkk_class", [1, 2, 3, 4, 5])
def test_every_month_since_the_first_is_answered_and_none_before_it(
    scale: str, jkk_class: int
) -> None:
    found = [
        owed(month=FIRST_MONTH + later, scale=scale, jkk_class=jkk_class)
        for later in range(MARCH + 9 - FIRST_MONTH)
    ]

    assert len(found) == 137
    assert all(one.total > 0 and not one.provisional for one in found)
    with pytest.raises(Invalid, match=r"2015-06 \(month\)"):
        owed(month=FIRST_MONTH - 1, scale=scale, jkk_class=jkk_class)


def test_programmes_that_are_named_need_no_scale() -> None:
    found = owed(scale=None, programmes=("JHT", "JKM"), jkk_class=None)

    assert [share.programme for share in found.shares] == ["JHT", "JKM"]


@pytest.mark.parametrize(
    ("jkk_class", "employer"), [(1, 24_000), (2, 54_000), (3, 89_000), (4, 127_000), (5, 174_000)]
)
def test_each_risk_class_has_its_rate(jkk_class: int, employer: int) -> None:
    (share,) = owed(wage=10_000_000, jkk_class=jkk_class, programmes=("JKK",)).shares

    assert (share.employer, share.worker) == (employer, 0)


@pytest.mark.parametrize(
    ("request_", "field", "value"),
    [
        ({"month": Month(2015, 6)}, "month", "2015-06"),
        ({"wage": -1}, "wage", "-1"),
        ({"wage": LARGEST_AMOUNT + 1}, "wage", str(LARGEST_AMOUNT + 1)),
        ({"jkk_class": 0}, "jkk_class", "0"),
        ({"jkk_class": 6}, "jkk_class", "6"),
        ({"jkk_class": None}, "jkk_class", "jkk_class"),
        ({"scale": "raksasa"}, "scale", "raksasa"),
        ({"scale": None}, "scale", "scale"),
        ({"programmes": ()}, "programmes", "programmes"),
        ({"programmes": ("JKP",)}, "programmes", "JKP"),
        ({"programmes": ("JHT", "JHT")}, "programmes", "JHT"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_field_and_value(
    request_: dict[str, object], field: str, value: str
) -> None:
    with pytest.raises(Invalid) as refused:
        owed(**request_)  # type: ignore[arg-type]

    assert [problem.field for problem in refused.value.fields] == [field]
    assert value in str(refused.value)


def test_the_first_month_of_the_programmes_is_accepted() -> None:
    assert owed(month=Month(2015, 7)).total > 0


def test_a_share_names_the_parameters_it_rests_on() -> None:
    (share,) = owed(month=Month(2020, 10), programmes=("JP",)).shares

    assert [parameter.key for parameter in share.parameters] == [
        "rate.jp.employer",
        "rate.jp.worker",
        "jp.ceiling",
        "relief.pp49.jp",
    ]


wages = st.integers(0, 10**12)
months = st.integers(Month(2015, 7).index, Month(2030, 12).index).map(Month.from_index)
classes = st.integers(1, 5)


@given(
    month=months, wage=wages, jkk_class=classes, scale=st.sampled_from(SCALES), hard=st.booleans()
)
def test_the_leaves_of_the_derivation_add_up_to_the_total(
    month: Month, wage: int, jkk_class: int, scale: str, hard: bool
) -> None:
    found = owed(month=month, wage=wage, jkk_class=jkk_class, scale=scale, labour_intensive=hard)

    derivation = found.derivation()

    assert sum(leaf.value for leaf in derivation.leaves()) == found.total == derivation.value
    assert found.total == sum(share.employer + share.worker for share in found.shares)


@given(month=months, wage=wages, jkk_class=classes, scale=st.sampled_from(SCALES))
def test_the_same_wage_gives_the_same_contribution_again(
    month: Month, wage: int, jkk_class: int, scale: str
) -> None:
    first, second = (
        owed(month=month, wage=wage, jkk_class=jkk_class, scale=scale) for _ in range(2)
    )

    assert (first, first.derivation()) == (second, second.derivation())


@given(month=months, wage=wages, more=wages, jkk_class=classes)
def test_a_higher_wage_never_owes_less(month: Month, wage: int, more: int, jkk_class: int) -> None:
    low = owed(month=month, wage=wage, jkk_class=jkk_class)
    high = owed(month=month, wage=wage + more, jkk_class=jkk_class)

    for one, other in zip(low.shares, high.shares, strict=True):
        assert one.payable <= other.payable
        assert one.payable + one.deferred <= other.payable + other.deferred


@given(wage=wages, jkk_class=classes)
def test_a_deferral_moves_the_pension_share_but_forgives_nothing(wage: int, jkk_class: int) -> None:
    # July and August 2020 share the JP ceiling of March 2020.
    (before,) = owed(month=Month(2020, 7), wage=wage, programmes=("JP",)).shares
    (during,) = owed(month=Month(2020, 8), wage=wage, programmes=("JP",)).shares

    assert during.payable + during.deferred == before.payable
    assert min(during.employer, during.worker, during.deferred) >= 0


@given(month=months, wage=wages, jkk_class=classes)
def test_programmes_are_independent_of_each_other(month: Month, wage: int, jkk_class: int) -> None:
    together = owed(month=month, wage=wage, jkk_class=jkk_class, programmes=PROGRAMMES)

    apart = [
        owed(month=month, wage=wage, jkk_class=jkk_class, programmes=(programme,)).total
        for programme in PROGRAMMES
    ]

    assert sum(apart) == together.total
