"""The rules as a whole: their codes, their law, what may be printed of it."""

import sys
from pathlib import Path

import pytest

from app.detection.facts import asof
from app.detection.rules import BESIDE, RULES, version_of, versions_of
from app.detection.rules.rule import Rule
from app.detection.schemas import RULE_CODES
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED
from app.law.month import Month
from tests.detection.snapshots import ON

EVERY = (*RULES, *BESIDE)


def test_the_codes_are_the_contract() -> None:
    assert tuple(rule.code for rule in RULES) == RULE_CODES


def test_every_version_of_a_rule_has_a_number_of_its_own() -> None:
    for rule in EVERY:
        assert version_of(rule.code, rule.version) is rule
        assert rule in versions_of(rule.code)


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: f"{rule.code}-{rule.version}")
def test_every_rule_says_its_law_and_its_reading(rule: Rule) -> None:
    words = sys.modules[rule.rows.__module__].__doc__ or ""

    assert "Law:" in words
    assert "Reading:" in words


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: f"{rule.code}-{rule.version}")
def test_every_rule_cites_what_may_be_printed(rule: Rule) -> None:
    assert all(citation.printable for citation in rule.basis)


def test_rules_and_facts_know_no_engine() -> None:
    folder = Path(sys.modules["app.detection"].__path__[0])
    sources = [
        path.read_text(encoding="utf-8")
        for room in ("rules", "facts")
        for path in sorted((folder / room).glob("*.py"))
    ]

    assert [text for text in sources if "duckdb" in text or ".to_native" in text] == []


def test_a_source_is_fresh_through_the_same_day_eighteen_months_before() -> None:
    august = ON.replace(month=8, day=31)

    as_on = asof.as_of(august, billed_months=(), calendar=packaged_calendar(), law=SHIPPED)

    assert as_on.fresh_from.isoformat() == "2025-02-28"


def test_bills_of_years_that_no_calendar_knows_are_due_all_the_same() -> None:
    months = [Month(2009, 3).index, Month(2026, 9).index, Month(2026, 11).index]

    as_on = asof.as_of(ON, billed_months=months, calendar=packaged_calendar(), law=SHIPPED)

    assert as_on.due_months == (Month(2009, 3).index, Month(2026, 9).index)
