"""Why the figures of a case changed, over HTTP: the same view as the page."""

from collections.abc import Callable

from app.web.api.v1.description import PREFIX
from tests.web.api.agency import HEAD, INSPECTOR, Agency, Done

Call = Callable[..., dict[str, str]]


def test_the_figures_of_a_case_compare_a_letter_with_a_day(agency: Agency, done: Done) -> None:
    answer = agency.get(HEAD, f"/cases/{done.case_id}/figures")

    change = answer["change"]
    assert change is not None, answer["unknown"]
    assert answer["unknown"] == ""
    assert change["since"] == answer["moments"][0]["key"]
    difference = change["difference"]
    assert sum(effect["amount"] for effect in difference["effects"]) == difference["amount"]
    assert difference["derivation"]["value"] == difference["amount"]


def test_a_sealed_packet_is_a_day_to_compare_with(agency: Agency, done: Done) -> None:
    answer = agency.get(HEAD, f"/cases/{done.case_id}/figures", since=done.packet["number"])

    sealed = next(one for one in answer["moments"] if one["key"] == done.packet["number"])
    assert sealed["printed"] == done.packet["total"]
    assert answer["change"]["difference"]["before"]["total"] == sealed["printed"]
    assert answer["change"]["printed"] is None
    assert answer["change"]["snapshot_then"] == done.snapshot_id


def test_a_moment_that_is_not_there_is_named(agency: Agency, done: Done) -> None:
    answer = agency.client.get(
        f"{PREFIX}/cases/{done.case_id}/figures?since=langkah-999", headers=agency.tokens[INSPECTOR]
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == ["since"]
    assert "langkah-999" in answer.json()["errors"][0]["detail"]


def test_a_scale_or_class_that_is_none_is_named(agency: Agency, done: Done) -> None:
    for query, field in (("scale=raksasa", "scale"), ("jkk_class=6", "jkk_class")):
        answer = agency.client.get(
            f"{PREFIX}/cases/{done.case_id}/figures?{query}", headers=agency.tokens[INSPECTOR]
        )

        assert answer.status_code == 422
        assert field in answer.text
