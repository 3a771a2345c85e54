"""What people may change of a rule: read, bounded, printed, and turned into words of code."""

from datetime import date
from decimal import Decimal

import pytest

from app.detection import expression
from app.detection.facts.asof import AsOf, as_of
from app.detection.rule_words import WORDS, words_of
from app.detection.rules import BESIDE, RULES
from app.detection.rules.rule import Rule
from app.detection.schemas import RULE_CODES
from app.detection.settings import (
    SETTINGS,
    SHIPPED_EDITIONS,
    RuleSettings,
    Setting,
    aged,
    applied,
    changes,
    every_setting,
    from_json,
    printed,
    read,
    sent,
    setting,
    settings_of,
    to_json,
    with_edition,
)
from app.errors import Invalid
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED
from app.web.pages.forms import INPUTS
from tests.detection.snapshots import ON

EVERY = (*RULES, *BESIDE)


def told(rule: Rule) -> str:
    return f"{rule.code}-{rule.version}"


@pytest.fixture
def asof() -> AsOf:
    return as_of(ON, billed_months=(), calendar=packaged_calendar(), law=SHIPPED)


def named(rule: str, key: str) -> Setting:
    found = setting(rule, key, version=1)
    assert found is not None
    return found


def test_every_rule_has_words_and_settings_and_every_setting_an_input() -> None:
    assert tuple(WORDS) == tuple(SETTINGS) == RULE_CODES
    assert {one.key for code in RULE_CODES for one, _ in every_setting(code)} <= INPUTS


@pytest.mark.parametrize("rule", EVERY, ids=told)
def test_conditions_name_only_numbers_the_version_has(rule: Rule) -> None:
    keys = {one.key: "1" for one in settings_of(rule.code, rule.version)}

    for sentence in words_of(rule).conditions:
        assert sentence.format(**keys)


def test_what_ships_is_within_its_own_bounds() -> None:
    for rule in EVERY:
        for one in settings_of(rule.code, rule.version):
            shipped = one.in_force({}, law=SHIPPED, on=ON)
            assert shipped is None or one.least <= shipped <= one.most


def test_an_edition_moves_the_number_of_its_rule_alone(asof: AsOf) -> None:
    edition = RuleSettings("PDS_TK", 1, values={"head_count_share": Decimal("0.25")})

    changed = applied(asof, with_edition(SHIPPED_EDITIONS, edition))

    assert (asof.head_count_points, changed.head_count_points) == (1000, 2500)
    assert changed.wage_points == asof.wage_points


def test_what_ships_leaves_the_numbers_of_the_day_as_they_are(asof: AsOf) -> None:
    assert applied(asof, SHIPPED_EDITIONS) is asof
    assert aged(asof, SHIPPED_EDITIONS["PWBD"]) is asof


def test_one_source_may_be_older_than_all_others(asof: AsOf) -> None:
    changed = aged(asof, RuleSettings("PWBD", 1, values={"stale_djp": 24}))

    assert changed.fresh_from == asof.fresh_from
    assert dict(changed.fresh_by_source) == {"DJP": date(2024, 11, 20)}


@pytest.mark.parametrize(
    ("rule", "key", "text", "value"),
    [
        ("PIUTANG", "arrears_months", "1", 1),
        ("PIUTANG", "arrears_months", "60", 60),
        ("PDS_UPAH", "wage_margin", "12,5", Decimal("0.125")),
        ("PDS_UPAH", "wage_margin", "0", Decimal(0)),
        ("PIUTANG", "visit_minutes", "  ", None),
    ],
)
def test_a_value_is_read_as_people_write_it(rule: str, key: str, text: str, value: object) -> None:
    assert read(named(rule, key), text) == value


@pytest.mark.parametrize("text", ["0", "61", "-1", "dua", "2,5"])
def test_a_value_out_of_bounds_or_unreadable_names_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(named("PIUTANG", "arrears_months"), text)

    assert [problem.field for problem in refused.value.fields] == ["arrears_months"]


@pytest.mark.parametrize(
    "values", [{"grace_days": 3}, {"arrears_months": "2.0"}, {"arrears_months": 61}]
)
def test_a_document_with_a_wrong_value_is_refused(values: dict[str, str | int]) -> None:
    with pytest.raises(Invalid):
        sent("PIUTANG", values, version=1)


def test_a_share_in_a_document_is_decimal_text_and_never_above_one() -> None:
    assert sent("PDS_UPAH", {"wage_margin": "0.125"}, version=1) == {
        "wage_margin": Decimal("0.125")
    }
    with pytest.raises(Invalid):
        sent("PDS_UPAH", {"wage_margin": "1.01"}, version=1)


def test_values_come_back_from_storage_as_they_went() -> None:
    values = sent("PDS_TK", {"head_count_share": "0.25", "grace_days": 45}, version=1)

    assert from_json("PDS_TK", to_json(values), version=1) == values


def test_a_stored_value_this_release_no_longer_knows_is_left_out() -> None:
    stored = {"arrears_months": 2, "gone": 5}

    assert from_json("PIUTANG", stored, version=1) == {"arrears_months": 2}


def test_a_share_is_printed_in_per_cent() -> None:
    assert printed(named("PDS_UPAH", "wage_margin"), Decimal("0.125")) == "12,5"


def test_a_value_equal_to_what_ships_is_no_change_in_effect() -> None:
    same = RuleSettings("PIUTANG", 1, values={"arrears_months": 3})
    other = RuleSettings("PIUTANG", 1, values={"arrears_months": 2})
    shipped = SHIPPED_EDITIONS["PIUTANG"]

    assert changes(shipped, same, law=SHIPPED, on=ON) == ()
    (change,) = changes(shipped, other, law=SHIPPED, on=ON)
    assert (change.before, change.after) == (3, 2)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("rule", EVERY, ids=told)
def test_every_condition_of_the_code_has_words(rule: Rule, asof: AsOf, language: str) -> None:
    said = expression.in_words(rule, asof, language)

    assert "__" not in said
    assert "col(" not in said


def test_the_words_follow_the_number_in_the_expression(asof: AsOf) -> None:
    arrears = next(rule for rule in RULES if rule.code == "PIUTANG")
    edition = RuleSettings("PIUTANG", 1, values={"arrears_months": 2})

    said = expression.in_words(
        arrears, applied(asof, with_edition(SHIPPED_EDITIONS, edition)), "id"
    )

    assert said == "jumlah bulan menunggak paling sedikit 2"


def test_a_share_is_told_in_per_cent_and_both_sides_of_an_or_are_held_together(
    asof: AsOf,
) -> None:
    heads = next(rule for rule in RULES if rule.code == "PDS_TK")

    said = expression.in_words(heads, asof, "id")

    assert "paling sedikit 10 persen dari jumlah pekerja terdaftar)" in said
    assert "); atau (" in said
