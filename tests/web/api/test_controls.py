"""Control visits over the API: drawn once, told within reach, recorded, and counted in a report."""

from datetime import date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.accounts import queries as accounts
from app.detection import service as detection
from app.infra.calendars import packaged_calendar
from app.infra.database import Database
from app.infra.settings import Settings
from app.registry import queries as registry
from app.registry import service
from tests.registry.extracts import row, write_csv
from tests.web.api.conftest import Call

EMPLOYERS = 6
DRAW = {
    "office": "JKT01",
    "first_on": "2026-11-20",
    "last_on": "2026-12-31",
    "count": 4,
    "strata": ["skala"],
    "why": "Kontrol acak semester dua.",
}
FOUND = {
    "visited_on": "2026-11-20",
    "result": "melanggar",
    "violations": ["PDS_UPAH"],
    "rupiah": 4_500_000,
    "workers": 3,
    "note": "Slip gaji menunjukkan upah lain.",
}


@pytest.fixture
def swept(
    database: Database, settings: Settings, offices: None, tmp_path: Path, now: datetime
) -> str:
    """Six employers of one branch, looked through by the rules; return the snapshot's id."""
    del offices
    folder = tmp_path / "ekstrak"
    folder.mkdir()
    employers = [
        row("pemberi_kerja", npp=f"1234567{n}", kantor_cabang="JKT01",
            skala="mikro" if n % 2 else "kecil")
        for n in range(EMPLOYERS)
    ]  # fmt: skip
    with database.transaction() as session:
        operator = accounts.operator(session)
    done = service.import_now(
        database,
        principal=operator,
        places=service.folders(settings),
        files=(write_csv(folder, "pemberi_kerja", employers),),
        as_of=date(2026, 11, 20),
        clock=lambda: now,
        report_progress=lambda *_: None,
    )
    with database.transaction() as session:
        snapshot = registry.latest_snapshot(session)
        assert snapshot is not None
        detection.sweep(
            session,
            principal=operator,
            snapshot=snapshot,
            snapshots_dir=settings.snapshots_dir,
            on=date(2026, 11, 20),
            calendar=packaged_calendar(),
            scratch=settings.data_dir / "scratch",
            memory="500MB",
            now=now,
        )
    assert done.snapshot_id is not None
    return done.snapshot_id


def test_a_draw_is_made_once_and_told_with_its_visits(
    client: TestClient, token: Call, swept: str
) -> None:
    head = token()

    first = client.post("/api/v1/controls", json=DRAW, headers=head)
    again = client.post("/api/v1/controls", json=DRAW, headers=head)

    assert (first.status_code, again.status_code) == (201, 201)
    drawn = first.json()
    assert again.json()["number"] == drawn["number"] == "SK-JKT01-2026-001"
    assert (drawn["snapshot_id"], drawn["employers"], drawn["visits"]) == (swept, EMPLOYERS, 4)
    assert {one["key"]: (one["size"], one["drawn"]) for one in drawn["groups"]} == {
        "kecil": (3, 2), "mikro": (3, 2),
    }  # fmt: skip
    listed = client.get("/api/v1/controls", headers=head).json()
    assert [one["number"] for one in listed["items"]] == [drawn["number"]]
    told = client.get(f"/api/v1/controls/{drawn['number']}", headers=head).json()
    assert [one["place"] for one in told["visits"]] == [1, 2, 3, 4]
    # What the rules say of an employer is kept from whoever has yet to look.
    assert {one["flagged"] for one in told["visits"]} == {None}
    stranger = token(office="BDG01")
    assert client.get("/api/v1/controls", headers=stranger).json()["items"] == []
    assert client.get(f"/api/v1/controls/{drawn['number']}", headers=stranger).status_code == 404


def test_an_outcome_is_recorded_and_counts_in_the_report(
    client: TestClient, token: Call, swept: str
) -> None:
    head = token()
    assert client.get("/api/v1/selection-report", headers=head).status_code == 404
    number = client.post("/api/v1/controls", json=DRAW, headers=head).json()["number"]
    address = f"/api/v1/controls/{number}/visits/1/outcomes"

    recorded = client.post(address, json=FOUND, headers=head)
    stale = client.post(address, json=FOUND, headers=head)

    assert recorded.status_code == 201, recorded.text
    told = recorded.json()
    assert (told["outcome"]["rupiah"], told["outcomes"], told["flagged"]) == (4_500_000, 1, [])
    assert stale.status_code == 409
    asked = {"office": "JKT01", "first": "2026-11-20", "last": "2026-11-20"}
    counted = client.post("/api/v1/selection-report", json=asked, headers=head)
    assert (counted.status_code, counted.json()["first"]) == (201, True), counted.text
    report = counted.json()["report"]
    assert (report["snapshot_id"], report["drawn"], report["done"]) == (swept, 4, 1)
    again = client.post(f"/api/v1/selection-report/{report['id']}/again", headers=head)
    assert (again.status_code, again.json()["same"]) == (200, True)
    shown = client.get("/api/v1/selection-report", headers=head).json()
    assert shown["sha256"] == report["sha256"]
    stranger = token(office="BDG01")
    assert client.get("/api/v1/selection-report?office=JKT01", headers=stranger).status_code == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"count": 0}, 422),
        ({"count": EMPLOYERS + 1}, 422),
        ({"why": " "}, 422),
        ({"last_on": "2026-11-19"}, 422),
        ({"strata": ["warna"]}, 422),
        ({"office": "TIDAK"}, 404),
    ],
    ids=str,
)
def test_a_draw_that_cannot_be_meant_is_refused(
    client: TestClient, token: Call, swept: str, change: dict[str, object], status: int
) -> None:
    del swept
    head = token()

    refused = client.post("/api/v1/controls", json=DRAW | change, headers=head)

    assert refused.status_code == status, refused.text
    assert client.get("/api/v1/controls", headers=head).json()["items"] == []


def test_nobody_draws_without_a_name_and_an_inspector_only_records(
    client: TestClient, token: Call, swept: str
) -> None:
    del swept

    assert client.post("/api/v1/controls", json=DRAW, headers=token(None)).status_code == 403
    assert client.post("/api/v1/controls", json=DRAW, headers=token("inspector")).status_code == 403
    assert client.post("/api/v1/controls", json=DRAW, headers=token()).status_code == 201
