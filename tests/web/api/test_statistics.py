"""Figures over the API: computed once, computed again, within reach, and as known on a day."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.accounts import queries as accounts
from app.infra.database import Database
from app.infra.settings import Settings
from app.registry import service
from tests.registry.extracts import row, write_csv

Call = Callable[..., dict[str, str]]
NPP = row("pemberi_kerja")["npp"]


def brought(
    database: Database, settings: Settings, folder: Path, *, as_of: date, at: datetime, ended: str
) -> str:
    """Import eight workers of one employer, of whom the first may have left; return the id."""
    folder.mkdir(exist_ok=True)
    workers = [
        row("kepesertaan", nik=f"317101010190000{n}", kpj=f"2000000000{n}", tgl_mulai="2025-02-01",
            tgl_akhir=ended if n == 1 else "", sebab_akhir="klaim_jht" if ended and n == 1 else "")
        for n in range(1, 9)
    ]  # fmt: skip
    files = (
        write_csv(folder, "pemberi_kerja", [row("pemberi_kerja", kantor_cabang="JKT01")]),
        write_csv(folder, "kepesertaan", workers),
    )
    with database.transaction() as session:
        operator = accounts.operator(session)
    done = service.import_now(
        database,
        principal=operator,
        places=service.folders(settings),
        files=files,
        as_of=as_of,
        clock=lambda: at,
        report_progress=lambda *_: None,
    )
    assert done.snapshot_id is not None
    return done.snapshot_id


@pytest.fixture
def two(database: Database, settings: Settings, offices: None, tmp_path: Path) -> tuple[str, str]:
    del offices
    september, november = (
        brought(database, settings, tmp_path / "ekstrak", as_of=day, ended=ended,
                at=datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
        for day, ended in ((date(2026, 9, 30), ""), (date(2026, 11, 20), "2026-10-05"))
    )  # fmt: skip
    return september, november


def test_retention_is_computed_once_and_the_second_run_is_the_same(
    client: TestClient, token: Call, two: tuple[str, str], settings: Settings
) -> None:
    del two
    head = token()
    assert client.get("/api/v1/retention", headers=head).status_code == 404

    first = client.post("/api/v1/retention", json={}, headers=head)
    again = client.post("/api/v1/retention", json={}, headers=head)

    assert (first.status_code, first.json()["first"]) == (201, True)
    assert (again.status_code, again.json()["same"]) == (200, True)
    found = client.get("/api/v1/retention?by=kantor", headers=head).json()
    assert [one["key"] for one in found["rows"]] == ["JKT01"]
    assert found["rows"][0]["after"]["12"] == {
        "state": "ada", "active": 8, "enrolled": 8, "per_mille": 1000,
    }  # fmt: skip
    # Seven are active and one left: one is too few to be told apart, and so are the seven.
    assert (found["active"], found["endings"][0]["people"]) == (None, None)
    stranger = client.get("/api/v1/retention", headers=token(office="BDG01")).json()
    assert (stranger["rows"], stranger["total"]["enrolled"]) == ([], 0)
    for kept in (settings.snapshots_dir / "statistics").iterdir():
        kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    assert client.get("/api/v1/retention", headers=head).status_code == 503
    assert client.post("/api/v1/retention", json={}, headers=head).json()["same"] is True
    assert client.get("/api/v1/retention", headers=head).status_code == 200


def test_a_difference_is_told_by_employer_and_an_employer_as_known_on_a_day(
    client: TestClient, token: Call, two: tuple[str, str]
) -> None:
    before, after = two
    head = token()
    address = f"/api/v1/snapshots/{after}/differences"
    assert client.get(f"{address}?from={before}", headers=head).status_code == 404

    first = client.post(address, json={"from": before}, headers=head)

    assert (first.status_code, first.json()["first"]) == (201, True)
    found = client.get(f"{address}?from={before}", headers=head).json()
    assert (found["employers"], found["total"]["keluar"]) == (1, 1)
    assert [one["npp"] for one in found["items"]] == [NPP]
    elsewhere = client.get(f"{address}?from={before}", headers=token(office="BDG01")).json()
    assert (elsewhere["employers"], elsewhere["items"]) == (0, [])
    turned = client.post(
        f"/api/v1/snapshots/{before}/differences", json={"from": after}, headers=head
    )
    assert turned.status_code == 422

    employer = f"/api/v1/employers/{NPP}"
    then = client.get(f"{employer}?known_on=2026-11-19", headers=head).json()
    now = client.get(f"{employer}?known_on=2026-11-20", headers=head).json()
    assert (then["snapshot_id"], then["active_workers"]) == (before, 8)
    assert (now["snapshot_id"], now["active_workers"]) == (after, 7)
    assert client.get(f"{employer}?known_on=2026-09-29", headers=head).status_code == 404
    both = client.get(f"{employer}?known_on=2026-11-20&snapshot={after}", headers=head)
    assert both.status_code == 422
