"""Rules over the API: read, try, propose, decide."""

from collections.abc import Callable

from fastapi.testclient import TestClient

PREFIX = "/api/v1"
Call = Callable[..., dict[str, str]]


def test_a_rule_says_in_both_languages_what_it_asks(client: TestClient, token: Call) -> None:
    headers = token("supervisor")

    listed = client.get(f"{PREFIX}/rules", headers=headers).json()["items"]
    english = client.get(
        f"{PREFIX}/rules/PIUTANG", headers={**headers, "Accept-Language": "en"}
    ).json()

    assert [one["code"] for one in listed] == [
        "PWBD", "PDS_TK", "PDS_UPAH", "PDS_PROGRAM", "PIUTANG", "LAPSED",
    ]  # fmt: skip
    arrears = listed[4]
    assert arrears["settings"][0]["value"] == 3
    assert arrears["settings"][1]["value"] is None
    assert english["rule"]["condition"] == "number of months in arrears at least 3"
    assert english["rule"]["basis"][0]["grade"] == "A"


def test_a_value_the_rule_does_not_have_is_refused_by_name(client: TestClient, token: Call) -> None:
    headers = {**token("supervisor"), "Idempotency-Key": "k1"}

    for values, told in (
        ({"grace_days": 10}, "grace_days"),
        ({"arrears_months": "dua"}, "dua"),
        ({"arrears_months": 61}, "61"),
    ):
        answer = client.post(
            f"{PREFIX}/rule-trials", headers=headers, json={"rule": "PIUTANG", "values": values}
        )
        assert answer.status_code in {404, 422}, answer.text
        if answer.status_code == 422:
            assert told in answer.json()["detail"]
