"""The calculations over HTTP: the shapes of the contract, refusals that say what to do."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from app.calculations.service import CALCULATIONS
from app.infra.calendars import packaged_calendar
from app.law.book import SHIPPED, Norms

Call = Callable[..., dict[str, str]]
CONTRIBUTION = {"month": "2026-03", "wage": 12000000, "jkk_class": 2, "scale": "menengah"}
ARREARS = {
    "bills": [{"month": "2026-02", "programme": "JHT", "amount": 684000}],
    "payments": [
        {"month": "2026-02", "programme": "JHT", "paid_on": "2026-07-20", "amount": 100000}
    ],
    "cutoff": "2026-09-30",
}
DEADLINE = {"from": "2026-03-13", "working_days": 10}
SETTLEMENT = {
    "bills": ARREARS["bills"],
    "from": "2026-09-30",
    "instalments": {"count": 3, "first_on": "2026-10-15"},
}


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("contribution", CONTRIBUTION),
        ("arrears", ARREARS),
        ("deadline", DEADLINE),
        ("settlement", SETTLEMENT),
    ],
)
def test_the_answer_is_the_one_of_the_command(
    client: TestClient, token: Call, kind: str, document: dict[str, object]
) -> None:
    answer = client.post(f"/api/v1/calculations/{kind}", json=document, headers=token())

    assert answer.status_code == 200
    assert answer.json() == CALCULATIONS[kind](
        document, Norms(law=SHIPPED, calendar=packaged_calendar())
    )


def test_the_contract_figures(client: TestClient, token: Call) -> None:
    headers = token()

    contribution = client.post(
        "/api/v1/calculations/contribution", json=CONTRIBUTION, headers=headers
    ).json()
    arrears = client.post("/api/v1/calculations/arrears", json=ARREARS, headers=headers).json()
    deadline = client.post("/api/v1/calculations/deadline", json=DEADLINE, headers=headers).json()

    assert contribution["total"] == 1117389
    assert contribution["programmes"][0]["employer"] == 64800
    assert (arrears["principal"], arrears["ageing_class"]) == (584000, "lancar")
    assert deadline["due_on"] == "2026-04-06"


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"month": "2026-13"}, "month", "2026-13"),
        ({"wage": 1.5}, "wage", "1.5"),
        ({"wage": -1}, "wage", "-1"),
        ({"bonus": 1}, "bonus", "bonus"),
        ({"jkk_class": 9}, "jkk_class", "9"),
    ],
    ids=["month", "fraction", "negative", "unknown-field", "class"],
)
def test_a_wrong_field_is_named_with_its_value(
    client: TestClient, token: Call, change: dict[str, object], field: str, said: str
) -> None:
    answer = client.post(
        "/api/v1/calculations/contribution", json={**CONTRIBUTION, **change}, headers=token()
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == field
    assert said in answer.json()["errors"][0]["detail"]


def test_english_is_answered_to_who_asks_for_it(client: TestClient, token: Call) -> None:
    answer = client.post(
        "/api/v1/calculations/contribution",
        json={**CONTRIBUTION, "wage": 1.5},
        headers={**token(), "Accept-Language": "en-GB,en;q=0.9"},
    )

    assert answer.json()["title"] == "Some answers need correcting"
