"""Those who left and work on over the API: pages, filters, reach, and what it rests on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.infra.database import Database
from app.infra.settings import Settings
from tests.web.leaving import JOINED, LEFT, LISTED, brought

Call = Callable[..., dict[str, str]]
LIST = "/api/v1/retention/leavers"


@pytest.fixture
def snapshot(database: Database, settings: Settings, offices: None, tmp_path: Path) -> str:
    del offices
    return brought(database, settings, tmp_path / "ekstrak", office="JKT01", other="BDG01")


def test_the_list_is_computed_with_retention_and_told_page_by_page(
    client: TestClient, token: Call, snapshot: str
) -> None:
    head = token()
    assert client.get(LIST, headers=head).status_code == 404
    first = client.post("/api/v1/retention", json={}, headers=head).json()
    again = client.post("/api/v1/retention", json={}, headers=head).json()
    assert (first["first"], first["same"], again["same"]) == (True, True, True)

    pages: list[dict[str, Any]] = []
    cursor = None
    while cursor is not None or not pages:
        asked = {"limit": 12, **({"cursor": cursor} if cursor else {})}
        pages.append(client.get(LIST, params=asked, headers=head).json())
        cursor = pages[-1]["next"]

    rows = [row for page in pages for row in page["items"]]
    assert [len(page["items"]) for page in pages] == [12, 12, 6]
    assert {(page["total"], page["by_membership"], page["here"]) for page in pages} == {
        (LISTED, 10, 10)
    }
    statistic = pages[0]["statistic"]
    assert (statistic["snapshot_id"], statistic["definition"]) == (snapshot, 1)
    assert len({row["name"] for row in rows}) == LISTED
    assert {row["nik"][:12] for row in rows} == {"············"}
    assert {(row["npp"], row["cohort"], row["ended_on"]) for row in rows} == {
        (LEFT, "2025-02", "2025-09-30")
    }
    away = [row for row in rows if row["onward_by"] == "kepesertaan"]
    assert {(row["hidden"], row["onward_npp"], row["onward_name"]) for row in away} == {
        (True, None, None)
    }
    assert {row["lapsed_npp"] for row in rows if row["source_id"] == "WL-0001"} == {LEFT}
    assert {row["flag_id"] for row in rows} == {None}


def test_filters_reach_and_the_role_decide_who_is_told(
    client: TestClient, token: Call, snapshot: str
) -> None:
    head = token()
    client.post("/api/v1/retention", json={}, headers=head)

    def total(**asked: str) -> int:
        return int(client.get(LIST, params=asked, headers=head).json()["total"])

    assert (total(reason="klaim_jht"), total(reason="phk"), total(reason="lain")) == (15, 15, 0)
    assert (total(month="2025-02"), total(month="2025-03"), total(year="2025")) == (30, 0, 30)
    assert (total(office="JKT01"), total(office="BDG01"), total(basis="perdana")) == (30, 0, 20)
    assert total(snapshot=snapshot) == 30
    for wrong in ({"month": "2025-13"}, {"reason": "pindah"}, {"cursor": "apa"}):
        assert client.get(LIST, params=wrong, headers=head).status_code == 422, wrong
    stranger = client.get(LIST, headers=token(office="BDG01")).json()
    assert (stranger["total"], stranger["items"]) == (0, [])
    assert client.get(LIST, headers=token("administrator")).status_code == 403
    whole = client.get(LIST, params={"limit": 200}, headers=token(office="PST")).json()
    assert {row["onward_npp"] for row in whole["items"] if row["onward_by"] == "kepesertaan"} == {
        JOINED
    }
