"""Figures over the API: computed once, computed again, within reach, and as known on a day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.accounts import queries as accounts
from app.infra.database import Database
from app.infra.program import release
from app.infra.settings import Settings
from app.registry import service
from tests.detection.kept import keep_definition_1, keep_difference_1
from tests.registry.extracts import row, write_csv

Call = Callable[..., dict[str, str]]
NPP = row("pemberi_kerja")["npp"]


def brought(
    database: Database,
    settings: Settings,
    folder: Path,
    *,
    as_of: date,
    at: datetime,
    ended: str,
    channels: Sequence[str] | None = None,
    more: Sequence[Mapping[str, str]] = (),
) -> str:
    """Import eight workers of one employer, of whom the first may have left; return the id.

    Or one worker for each of `channels`, who came through it. `more` are further workers.
    """
    folder.mkdir(exist_ok=True)
    workers = [
        row("kepesertaan", nik=f"317101010190000{n}", kpj=f"2000000000{n}", tgl_mulai="2025-02-01",
            tgl_akhir=ended if n == 1 else "", sebab_akhir="klaim_jht" if ended and n == 1 else "")
        for n in range(1, 9)
    ] if channels is None else [
        row("kepesertaan", nik=f"31710101019000{n:02}", kpj=f"200000000{n:02}",
            tgl_mulai="2025-02-01", kanal=channel)
        for n, channel in enumerate(channels, start=1)
    ]  # fmt: skip
    files = (
        write_csv(folder, "pemberi_kerja", [row("pemberi_kerja", kantor_cabang="JKT01")]),
        write_csv(folder, "kepesertaan", [*workers, *more]),
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


def test_a_result_of_definition_1_is_read_run_again_and_never_replaced(
    client: TestClient,
    token: Call,
    two: tuple[str, str],
    database: Database,
    settings: Settings,
) -> None:
    september, november = two
    head = token()
    with database.transaction() as session:
        keep_definition_1(session, settings, november)

    kept = client.get("/api/v1/retention?by=kanal", headers=head).json()
    again = client.post("/api/v1/retention", json={"definition": 1}, headers=head)
    first = client.post("/api/v1/retention", json={}, headers=head)

    assert kept["statistic"]["definition"] == 1
    assert [(one["key"], one["enrolled"]) for one in kept["rows"]] == [("", 8)]
    assert (again.status_code, again.json()["same"]) == (200, True)
    ran = again.json()["statistic"]["run_again"]
    assert (ran["release"], ran["same"]) == (release(), True)
    assert {**again.json()["statistic"], "run_again": None} == kept["statistic"]
    assert kept["statistic"]["release"] == release()
    assert (first.status_code, first.json()["first"]) == (201, True)
    assert first.json()["statistic"]["definition"] == 2
    assert first.json()["statistic"]["sha256"] != kept["statistic"]["sha256"]
    for asked, definition in (("", 2), ("?definition=2", 2), ("?definition=1", 1),
                              (f"?snapshot={november}", 2),
                              (f"?snapshot={november}&definition=1", 1)):  # fmt: skip
        found = client.get(f"/api/v1/retention{asked}", headers=head).json()
        assert found["statistic"]["definition"] == definition, asked
    never = client.post(
        "/api/v1/retention", json={"definition": 1, "snapshot_id": september}, headers=head
    )
    assert never.status_code == 404
    assert "yang baru dihitung dengan definisi 2" in never.json()["detail"]
    for unknown in (0, 3):
        sent = client.post("/api/v1/retention", json={"definition": unknown}, headers=head)
        assert sent.status_code == 422, unknown


def test_channels_are_told_apart_and_a_small_one_hides_with_the_next_smallest(
    client: TestClient,
    token: Call,
    database: Database,
    settings: Settings,
    offices: None,
    tmp_path: Path,
) -> None:
    del offices
    channels = [*("perisai",) * 7, *("kantor",) * 6, *("",) * 5, *("mitra",) * 4]
    brought(database, settings, tmp_path / "ekstrak", as_of=date(2026, 11, 20), ended="",
            at=datetime(2026, 11, 20, 3, tzinfo=UTC), channels=channels)  # fmt: skip
    head = token()
    client.post("/api/v1/retention", json={}, headers=head)

    found = client.get("/api/v1/retention?by=kanal", headers=head).json()
    agents = client.get("/api/v1/retention?by=kantor&channel=perisai", headers=head).json()

    assert [(one["key"], one["enrolled"]) for one in found["rows"]] == [
        ("kantor", 6), ("mitra", None), ("perisai", 7), ("", None),
    ]  # fmt: skip
    assert found["rows"][2]["after"]["12"] == {
        "state": "ada", "active": 7, "enrolled": 7, "per_mille": 1000,
    }  # fmt: skip
    assert found["rows"][1]["after"]["12"]["state"] == "disembunyikan"
    assert found["total"]["enrolled"] == agents["total"]["enrolled"] + 15 == 22
    few = client.get("/api/v1/retention?by=kantor&channel=mitra", headers=head).json()
    assert few["total"]["enrolled"] is None
    assert few["years"][0]["enrolled"] is None
    stranger = client.get("/api/v1/retention?by=kanal", headers=token(office="BDG01")).json()
    assert stranger["rows"] == []


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


def test_a_difference_of_definition_1_is_read_run_again_and_never_replaced(
    client: TestClient,
    token: Call,
    database: Database,
    settings: Settings,
    offices: None,
    tmp_path: Path,
) -> None:
    del offices
    passing = row("kepesertaan", nik="3171010101900020", kpj="20000000020", tgl_mulai="2026-10-02",
                  tgl_akhir="2026-10-30", sebab_akhir="phk")  # fmt: skip
    before, after = (
        brought(database, settings, tmp_path / "ekstrak", as_of=day, ended=ended, more=more,
                at=datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
        for day, ended, more in ((date(2026, 9, 30), "", ()),
                                 (date(2026, 11, 20), "2026-10-05", (passing,)))
    )  # fmt: skip
    head = token()
    address = f"/api/v1/snapshots/{after}/differences"
    never = client.post(address, json={"from": before, "definition": 1}, headers=head)
    with database.transaction() as session:
        keep_difference_1(session, settings, before_id=before, after_id=after)

    kept = client.get(f"{address}?from={before}", headers=head).json()
    again = client.post(address, json={"from": before, "definition": 1}, headers=head)
    first = client.post(address, json={"from": before}, headers=head)

    assert never.status_code == 404
    assert "yang baru dihitung dengan definisi 2" in never.json()["detail"]
    assert kept["figure"]["definition"] == 1
    assert (kept["total"]["masuk"], kept["total"]["keluar"]) == (1, 1)
    assert (again.status_code, again.json()["same"]) == (200, True)
    assert again.json()["figure"] == kept["figure"]
    assert (first.status_code, first.json()["first"]) == (201, True)
    for asked, definition, left in (("", 2, 2), ("&definition=2", 2, 2), ("&definition=1", 1, 1)):
        found = client.get(f"{address}?from={before}{asked}", headers=head).json()
        told = (found["figure"]["definition"], found["total"]["masuk"], found["total"]["keluar"])
        assert told == (definition, 1, left), asked
    for unknown in (0, 3):
        sent = client.post(address, json={"from": before, "definition": unknown}, headers=head)
        assert sent.status_code == 422, unknown
