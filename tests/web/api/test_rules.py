"""Rules over the API: read, try, propose, decide."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.jobs import tasks
from app.jobs.tasks import JobContext
from tests.web.api.test_controls import swept as swept  # noqa: PLC0414 - a fixture

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


def test_a_rule_tells_its_versions_and_how_each_stands(client: TestClient, token: Call) -> None:
    headers = {**token("supervisor"), "Accept-Language": "en"}

    answer = client.get(f"{PREFIX}/rules/LAPSED", headers=headers).json()

    assert answer["rule"]["version"] == answer["rule"]["in_force"]["version"] == 1
    told = {one["version"]: one for one in answer["versions"]}
    assert {number: one["standing"] for number, one in told.items()} == {
        2: "rancangan",
        1: "berlaku",
    }
    assert told[2]["settings"][0] == {
        "key": "grace_days", "title": "grace of data after the membership's end",
        "unit": "calendar days", "value": 30, "shipped": 30, "edition": 0,
    }  # fmt: skip
    assert "dated at least 30 days after the end" in told[2]["conditions"][1]
    assert "at least {tenggang} days afterwards" in told[2]["sentences"][0]
    assert "grace_days" not in {one["key"] for one in told[1]["settings"]}


@pytest.mark.parametrize(
    ("document", "field", "told"),
    [
        ({"version": 3}, "version", "tidak memiliki versi 3; pilih salah satu: 1, 2"),
        ({"version": 0}, "version", "tidak memiliki versi 0"),
        ({"values": {"grace_days": 45}}, "values", "versi 1 tidak memiliki isian grace_days"),
        ({"version": 2, "values": {"grace_days": 181}}, "grace_days", "antara 1 dan 180"),
    ],
)
def test_a_version_that_cannot_be_tried_is_refused_at_its_field(
    client: TestClient,
    token: Call,
    swept: str,
    document: dict[str, object],
    field: str,
    told: str,
) -> None:
    answer = client.post(
        f"{PREFIX}/rule-trials",
        headers=token("supervisor"),
        json={"rule": "LAPSED", "snapshot_id": swept, **document},
    )

    assert answer.status_code == 422, answer.text
    assert told in answer.json()["detail"]
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_a_draft_is_tried_proposed_and_decided_over_the_api(
    client: TestClient,
    token: Call,
    swept: str,
    settings: Settings,
    database: Database,
    store: ObjectStore,
) -> None:
    admin, lawyer = token("administrator"), token("legal_officer")
    made = client.post(
        f"{PREFIX}/rule-trials",
        headers=admin,
        json={"rule": "LAPSED", "snapshot_id": swept, "version": 2, "values": {"grace_days": 45}},
    )
    assert made.status_code == 202, made.text
    jobs = JobContext(settings=settings, database=database, store=store)
    tasks.run_rule_trial(jobs, trial_id=made.json()["id"])
    read = client.get(f"{PREFIX}/rule-trials/{made.json()['id']}", headers=admin).json()
    assert (read["status"], read["live"]["version"], read["draft"]["version"]) == ("done", 1, 2)
    assert (read["draft_version"], read["norms"]["draft_rule_version"]) == (2, 2)

    proposed = client.post(
        f"{PREFIX}/rule-editions",
        headers=admin,
        json={"trial_id": read["id"], "valid_from": "2026-12-01", "why": "Daftar terlalu dini."},
    )
    assert proposed.status_code == 201, proposed.text
    decision = f"{PREFIX}/rule-editions/{proposed.json()['id']}/decision"
    own = client.post(decision, headers=admin, json={"decision": "approve"})
    approved = client.post(decision, headers=lawyer, json={"decision": "approve"})

    called_off = client.post(
        decision, headers=lawyer, json={"decision": "call_off", "reason": "Salah hitung."}
    )

    assert own.status_code == 403
    assert (approved.status_code, approved.json()["settings"]["version"]) == (200, 2)
    assert (called_off.status_code, called_off.json()["state"]) == (200, "dibatalkan")
    assert called_off.json()["called_off_by"] != ""


CALENDAR = [
    {"day": "2026-10-15", "name": "Cuti bersama tambahan"},
    {"day": "2026-08-17", "off": False},
]


def test_another_calendar_is_tried_read_back_and_carries_no_proposal(
    client: TestClient,
    token: Call,
    swept: str,
    settings: Settings,
    database: Database,
    store: ObjectStore,
) -> None:
    headers, wanted = token("administrator"), {"rule": "PIUTANG", "snapshot_id": swept}
    made = client.post(
        f"{PREFIX}/rule-trials", headers=headers, json={**wanted, "calendar": CALENDAR}
    )
    assert made.status_code == 202, made.text
    jobs = JobContext(settings=settings, database=database, store=store)

    tasks.run_rule_trial(jobs, trial_id=made.json()["id"])

    read = client.get(f"{PREFIX}/rule-trials/{made.json()['id']}", headers=headers).json()
    assert (read["status"], read["other_calendar"]) == ("done", True)
    assert read["calendar"] == made.json()["calendar"] == [
        {"day": "2026-08-17", "name": "Hari Kemerdekaan Republik Indonesia", "off": False},
        {"day": "2026-10-15", "name": "Cuti bersama tambahan", "off": True},
    ]  # fmt: skip
    assert read["norms"]["draft_calendar"].startswith(f"{read['norms']['calendar']}+")
    proposed = client.post(
        f"{PREFIX}/rule-editions",
        headers=headers,
        json={"trial_id": read["id"], "valid_from": "2026-12-01", "why": "Dicoba saja dahulu."},
    )
    assert proposed.status_code == 409
    assert "kalender lain (2026-08-17, 2026-10-15)" in proposed.json()["detail"]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([{"day": "2026-08-17", "name": "Lagi"}], "sudah libur"),
        ([{"day": "2026-10-15", "off": False}], "tidak dapat ditiadakan"),
        ([*CALENDAR, CALENDAR[0]], "disebut lebih dari sekali"),
        ([{"day": "2028-01-03", "name": "Libur"}], "di luar kalender yang berlaku"),
    ],
)
def test_a_day_that_cannot_be_tried_is_refused_at_its_field(
    client: TestClient, token: Call, swept: str, days: list[dict[str, object]], told: str
) -> None:
    answer = client.post(
        f"{PREFIX}/rule-trials",
        headers=token("supervisor"),
        json={"rule": "PIUTANG", "snapshot_id": swept, "calendar": days},
    )

    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert [one["field"] for one in answer.json()["errors"]] == ["calendar"]
