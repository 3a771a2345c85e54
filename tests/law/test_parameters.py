from decimal import ROUND_FLOOR, Decimal
from pathlib import Path

import pytest

from app.law.dated import Dated
from app.law.parameters import ALL
from app.law.parameters.jp_ceiling import JP_CEILING
from app.law.parameters.page import markdown

PAGE = Path(__file__).parents[2] / "docs" / "parameters.md"

# Growth of GDP in the year before, percent: law.md 3.2.
GROWTH = ("4.79", "5.02", "5.07", "5.17", "5.02", "-2.07", "3.69", "5.31", "5.05", "5.03", "5.11")


def test_keys_are_unique() -> None:
    keys = [parameter.key for parameter in ALL]

    assert sorted(set(keys)) == sorted(keys)


@pytest.mark.parametrize("parameter", ALL, ids=lambda parameter: parameter.key)
def test_every_version_says_its_unit_source_and_grade(parameter: Dated[object]) -> None:
    assert parameter.title
    for version in parameter:
        assert version.unit
        assert version.grade in {"A", "B", "C"}
        assert version.citation.instrument
        assert version.citation.source


@pytest.mark.parametrize("parameter", ALL, ids=lambda parameter: parameter.key)
def test_a_value_is_never_surer_than_its_reading(parameter: Dated[object]) -> None:
    for version in parameter:
        assert version.citation.grade != "C" or version.grade == "C"


def test_no_rate_is_a_float() -> None:
    values = [version.value for parameter in ALL for version in parameter]

    assert not any(isinstance(value, float) for value in values)


def test_the_ceilings_follow_from_the_growth_of_the_economy() -> None:
    """Only a check on data entry: a ceiling is published, never computed."""
    ceilings = [version.value for version in JP_CEILING]

    computed = [
        int((before * (1 + Decimal(growth) / 100) / 100).to_integral_value(ROUND_FLOOR)) * 100
        for before, growth in zip(ceilings, GROWTH, strict=False)
    ]

    assert ceilings[1:] == computed


@pytest.mark.parametrize("parameter", ALL, ids=lambda parameter: parameter.key)
def test_the_page_says_of_every_value_where_it_was_read_and_who_compared_it(
    parameter: Dated[object],
) -> None:
    rows = [line for line in markdown().splitlines() if f"| `{parameter.key}` |" in line]

    assert len(rows) == len(parameter.versions)
    for row, version in zip(rows, parameter, strict=True):
        *_, source, checked = (cell.strip() for cell in row.strip("|").split("|"))
        cited = version.citation
        assert source == cited.source
        assert checked == (
            f"{cited.checked_by}, {cited.checked_on}" if cited.checked_by else "belum"
        )


def test_the_page_of_parameters_is_what_the_code_says() -> None:
    assert PAGE.read_text("utf-8") == markdown(), (
        "python -m app.law.parameters > docs/parameters.md"
    )
