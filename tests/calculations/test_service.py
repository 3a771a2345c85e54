import json
from typing import Any

import pytest

from app.calculations.service import CALCULATIONS
from app.errors import Invalid
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED, Norms
from app.law.calendar import CalendarTooShort

CONTRIBUTION = {"month": "2026-03", "wage": 12_000_000, "jkk_class": 2, "scale": "menengah"}
BILL = {"month": "2026-02", "programme": "JHT", "amount": 684_000}
PAYMENT = {"month": "2026-02", "programme": "JHT", "paid_on": "2026-07-20", "amount": 100_000}
ARREARS = {"bills": [BILL], "payments": [PAYMENT], "cutoff": "2026-09-30"}
DEADLINE = {"from": "2026-03-13", "working_days": 10}
SETTLEMENT = {"bills": [BILL], "from": "2026-09-30", "pay_on": "2026-10-10"}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "contribution": CONTRIBUTION,
    "arrears": ARREARS,
    "deadline": DEADLINE,
    "settlement": SETTLEMENT,
}


NORMS = Norms(law=SHIPPED, calendar=packaged_calendar())


def answer(kind: str, **changes: object) -> dict[str, Any]:
    return CALCULATIONS[kind](DOCUMENTS[kind] | changes, NORMS)


def problems_of(kind: str, document: object) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        CALCULATIONS[kind](document, NORMS)
    return {problem.field: str(problem) for problem in refused.value.fields}


def test_the_contribution_of_the_contract() -> None:
    found = answer("contribution")

    assert (
        found["programmes"][0].items()
        >= {
            "programme": "JKK",
            "employer": 64_800,
            "worker": 0,
            "deferred": 0,
        }.items()
    )
    assert (found["total"], found["provisional"]) == (1_117_389, False)


def test_a_month_without_an_announced_ceiling_is_provisional() -> None:
    assert answer("contribution", month="2027-03")["provisional"] is True


def test_the_arrears_of_the_contract() -> None:
    found = answer("arrears")

    (line,) = found["lines"]
    assert (
        line.items()
        >= {
            "month": "2026-02",
            "programme": "JHT",
            "billed": 684_000,
            "paid": 100_000,
            "overpaid": 0,
            "outstanding": 584_000,
            "due_on": "2026-03-16",
            "penalty": 91_760,
        }.items()
    )
    assert (
        found.items()
        >= {
            "principal": 584_000,
            "penalty": 91_760,
            "total": 675_760,
            "months_in_arrears": 1,
            "ageing_class": "lancar",
        }.items()
    )


def test_the_workers_of_an_employer_are_answered_one_by_one_and_summed() -> None:
    document = {name: value for name, value in CONTRIBUTION.items() if name != "wage"}
    both = [
        {"label": "Ani", "wage": 12_000_000},
        {"wage": 5_000_000, "programmes": ["JKK", "JKM"]},
    ]

    found: dict[str, Any] = CALCULATIONS["contribution"](document | {"workers": both}, NORMS)

    ani, second = found["workers"]
    assert (ani["label"], second["label"]) == ("Ani", "Pekerja 2")
    assert ani["programmes"] == answer("contribution")["programmes"]
    assert (ani["total"], second["total"], found["total"]) == (1_117_389, 42_000, 1_159_389)
    assert found["wage"] == 17_000_000
    jkk = found["programmes"][0]
    assert jkk["employer"] == 64_800 + 27_000


def test_one_wage_is_answered_without_workers() -> None:
    assert answer("contribution")["workers"] == []


def test_a_lump_sum_and_a_reversal_are_told_apart_from_what_counts() -> None:
    lump = {"month": None, "programme": None, "paid_on": "2026-03-10", "amount": 700_000}
    bounced = PAYMENT | {"reversed_on": "2026-08-01"}

    found = answer("arrears", payments=[lump, bounced])

    assert found["allocations"] == [
        {
            "paid_on": "2026-03-10",
            "month": "2026-02",
            "programme": "JHT",
            "towards": "principal",
            "amount": 684_000,
        }
    ]
    assert (found["unallocated"], found["total"]) == (16_000, 0)
    assert found["not_counted"] == [bounced | {"towards": None}]


def test_an_estimate_is_labelled_as_one() -> None:
    found = CALCULATIONS["estimate"](
        {
            "kind": "PDS_PROGRAM",
            "cutoff": "2026-04-10",
            "workers": [{"wage": 5_000_000, "source_on": "2026-03-01"}],
            "jkk_class": 1,
            "scale": "kecil",
            "held": ["JKK", "JKM"],
        },
        NORMS,
    )

    assert (found["label"], found["amount"]) == ("perkiraan", 285_000)
    assert "total" not in found


def test_an_estimate_of_missing_programmes_asks_which_are_held() -> None:
    document = {"kind": "PDS_PROGRAM", "cutoff": "2026-04-10", "workers": [], "scale": "kecil"}

    assert set(problems_of("estimate", document)) == {"held"}


def test_a_difference_is_told_by_cause() -> None:
    found = CALCULATIONS["difference"](
        {"before": ARREARS | {"payments": [], "cutoff": "2026-06-30"}, "after": ARREARS}, NORMS
    )

    effects = found["effects"]
    assert isinstance(effects, list)
    assert {one["cause"]: one["amount"] for one in effects} == {
        "time": 41_040,
        "payment": -104_000,
    }
    assert found["amount"] == -62_960


def test_the_deadline_of_the_contract() -> None:
    found = answer("deadline", collective_leave_counts=False)

    assert found["due_on"] == "2026-04-06"
    assert found["counted"][0] == "2026-03-16"
    assert found["skipped"][0] == {"day": "2026-03-14", "reason": "Sabtu"}
    assert found["calendar_version"]


def test_collective_leave_may_count() -> None:
    assert answer("deadline", collective_leave_counts=True)["due_on"] == "2026-03-30"


def test_calendar_days_are_not_moved() -> None:
    found = CALCULATIONS["deadline"]({"from": "2026-03-13", "calendar_days": 30}, NORMS)

    assert (found["due_on"], found["skipped"]) == ("2026-04-12", [])


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_an_answer_is_json_and_carries_parameters_with_their_sources(kind: str) -> None:
    found = answer(kind)

    assert json.loads(json.dumps(found)) == found
    assert found["citations"]
    for parameter in found["parameters"]:
        assert parameter["citation"] in found["citations"]


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_an_answer_quotes_no_unverified_law(kind: str) -> None:
    for citation in answer(kind)["citations"]:
        assert citation["grade"] != "C" or (citation["printable"], citation["article"]) == (
            None,
            None,
        )


@pytest.mark.parametrize("kind", ["contribution", "arrears"])
def test_the_derivation_adds_up_to_the_total(kind: str) -> None:
    found = answer(kind)

    def leaves(node: dict[str, Any]) -> list[int]:
        below = node["children"]
        if not below:
            return [node["value"]]
        return [value for child in below for value in leaves(child)]

    assert sum(leaves(found["derivation"])) == found["total"]


@pytest.mark.parametrize(
    ("kind", "changes", "field", "value"),
    [
        ("contribution", {"month": "2026-13"}, "month", "2026-13"),
        ("contribution", {"month": "2015-06"}, "month", "2015-06"),
        ("contribution", {"month": 202603}, "month", "202603"),
        ("contribution", {"wage": -5}, "wage", "-5"),
        ("contribution", {"wage": 1.5}, "wage", "1.5"),
        ("contribution", {"wage": "12000000"}, "wage", "12000000"),
        ("contribution", {"wage": True}, "wage", "true"),
        ("contribution", {"jkk_class": 9}, "jkk_class", "9"),
        ("contribution", {"scale": "raksasa"}, "scale", "raksasa"),
        ("contribution", {"programmes": ["JKX"]}, "programmes", "JKX"),
        ("contribution", {"labour_intensive": "ya"}, "labour_intensive", "ya"),
        ("contribution", {"upah": 1}, "upah", "upah"),
        ("contribution", {"workers": [{"wage": 1}]}, "wage", "12000000"),
        ("contribution", {"wage": None}, "wage", "Isi wage"),
        (
            "arrears",
            {"payments": [PAYMENT | {"reversed_on": "kemarin"}]},
            "payments.0.reversed_on",
            "kemarin",
        ),
        ("arrears", {"payments": [PAYMENT | {"towards": "bunga"}]}, "payments.0.towards", "bunga"),
        (
            "arrears",
            {"bills": [BILL | {"workers": [{"label": "Ani", "amount": 5}]}]},
            "bills.0.workers",
            "684000",
        ),
        ("arrears", {"cutoff": "2026-02-30"}, "cutoff", "2026-02-30"),
        ("arrears", {"cutoff": "20260930"}, "cutoff", "20260930"),
        ("arrears", {"bills": [BILL | {"programme": "X"}]}, "bills.0.programme", "X"),
        ("arrears", {"bills": [BILL | {"month": "x"}]}, "bills.0.month", "x"),
        ("arrears", {"bills": [BILL, BILL]}, "bills.1", "2026-02"),
        ("arrears", {"bills": []}, "payments.0", "2026-02"),
        ("arrears", {"payments": [PAYMENT | {"amount": -1}]}, "payments.0.amount", "-1"),
        ("deadline", {"working_days": 0}, "working_days", "0"),
        ("deadline", {"calendar_days": 5}, "calendar_days", "5"),
        ("deadline", {"from": "13-03-2026"}, "from", "13-03-2026"),
        ("settlement", {"pay_on": "2026-09-29"}, "pay_on", "2026-09-29"),
    ],
)
def test_a_wrong_field_is_named_with_its_value(
    kind: str, changes: dict[str, object], field: str, value: str
) -> None:
    found = problems_of(kind, DOCUMENTS[kind] | changes)

    assert list(found) == [field]
    assert value in found[field]


def test_every_wrong_field_is_named_at_once() -> None:
    found = problems_of("contribution", {"month": "x", "wage": None, "kelas": 1})

    assert set(found) == {"month", "wage", "kelas"}


@pytest.mark.parametrize(
    ("kind", "missing"),
    [("contribution", {"month", "wage"}), ("arrears", {"bills", "cutoff"}), ("deadline", {"from"})],
)
def test_every_missing_field_is_named(kind: str, missing: set[str]) -> None:
    assert set(problems_of(kind, {})) == missing


@pytest.mark.parametrize("document", [None, [], "x", 1])
def test_what_is_no_object_is_refused(document: object) -> None:
    assert set(problems_of("deadline", document)) == {"dokumen"}


def test_neither_kind_of_day_is_refused() -> None:
    assert set(problems_of("deadline", {"from": "2026-03-13"})) == {"working_days"}


def test_a_count_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(CalendarTooShort, match="2028"):
        answer("deadline", **{"from": "2027-12-30"})


def test_a_long_wrong_value_is_not_repeated_in_full() -> None:
    (sentence,) = problems_of("contribution", CONTRIBUTION | {"month": "9" * 5_000}).values()

    assert len(sentence) < 200


def test_a_settlement_of_one_day_is_the_debt_of_that_day() -> None:
    found = answer("settlement")

    (payment,) = found["instalments"]
    owed = answer("arrears", payments=[], cutoff="2026-10-10")
    assert payment["amount"] == payment["before"]["total"] == owed["total"]
    assert (found["left"]["total"], found["saved"]) == (0, 0)


def test_a_settlement_in_instalments_ends_with_the_rest_and_the_penalty() -> None:
    document: dict[str, object] = {"bills": [BILL], "from": "2026-09-30"}
    document["instalments"] = {"count": 3, "first_on": "2026-10-15"}

    found = CALCULATIONS["settlement"](document, NORMS)

    instalments = found["instalments"]
    assert isinstance(instalments, list)
    assert [item["on"] for item in instalments] == ["2026-10-15", "2026-11-15", "2026-12-15"]
    assert [item["to_principal"] for item in instalments] == [228_000, 228_000, 228_000]
    assert [item["to_penalty"] > 0 for item in instalments] == [False, False, True]


@pytest.mark.parametrize(
    "ways", [{}, {"pay_on": "2026-10-01", "schedule": [{"on": "2026-10-01"}]}], ids=["none", "two"]
)
def test_a_settlement_says_one_way_of_paying_and_not_two(ways: dict[str, object]) -> None:
    document = {"bills": [BILL], "from": "2026-09-30", **ways}

    assert set(problems_of("settlement", document)) == {"pay_on"}
