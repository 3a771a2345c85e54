"""Files sent to the API: refused with a sentence, kept once, nothing lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.jobs.tasks import JobContext
from app.jobs.worker import drain
from app.registry.tables import ImportRun
from app.web.api.v1.description import PREFIX

Call = Callable[..., dict[str, str]]
EXTRACT = b"sumber;id_sumber;nama\nWLKP;1;PT Uji\n"


@pytest.fixture
def work(database: Database, settings: Settings, store: ObjectStore) -> JobContext:
    return JobContext(settings=settings, database=database, store=store)


def runs(database: Database) -> int:
    with database.transaction() as session:
        return len(session.exec(select(ImportRun)).all())


def test_an_empty_file_is_refused_and_nothing_is_queued(
    client: TestClient, token: Call, database: Database
) -> None:
    answer = client.post(
        f"{PREFIX}/imports", files={"files": ("tagihan.csv", b"")}, headers=token()
    )

    assert answer.status_code == 422
    assert "kosong" in answer.json()["detail"]
    assert runs(database) == 0


def test_a_form_without_a_file_is_refused(client: TestClient, token: Call) -> None:
    answer = client.post(
        f"{PREFIX}/imports",
        data={"as_of": "2026-11-20"},
        files={"other": ("a.csv", b"x")},
        headers=token(),
    )

    assert answer.status_code == 422
    assert {"files"} <= {entry["field"] for entry in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("daftar.csv", b"a;b\n1;2\n"),
        ("tagihan.csv", b"npp;divisi\nAA;000\n"),
        ("kepesertaan.xlsx", b"bukan lembar kerja"),
        ("tagihan.parquet", b"PAR1"),
    ],
    ids=["unknown-table", "missing-column", "no-workbook", "no-parquet"],
)
def test_a_file_that_cannot_be_used_ends_with_a_reason(
    client: TestClient, token: Call, work: JobContext, name: str, content: bytes
) -> None:
    headers = token()
    asked = client.post(f"{PREFIX}/imports", files={"files": (name, content)}, headers=headers)
    drain(work)

    run = client.get(asked.headers["location"], headers=headers).json()

    assert asked.status_code == 202
    assert run["status"] == "failed"
    assert name in run["error"]
    assert run["report"]["rejected_files"][0]["file"] == name


def test_an_import_sent_twice_with_one_key_is_one_import(
    client: TestClient, token: Call, database: Database
) -> None:
    headers = {**token(), "Idempotency-Key": "impor-1"}

    first, again = (
        client.post(f"{PREFIX}/imports", files={"files": ("a.csv", EXTRACT)}, headers=headers)
        for _ in range(2)
    )

    assert first.json() == again.json()
    assert first.headers["location"] == again.headers["location"]
    assert runs(database) == 1


def test_an_import_of_another_office_is_404(client: TestClient, token: Call) -> None:
    asked = client.post(
        f"{PREFIX}/imports", files={"files": ("a.csv", EXTRACT)}, headers=token(office="JKT01")
    )
    stranger = token(office="BDG01")

    for part in ("", "/rejected", "/rejected/tagihan.csv"):
        answer = client.get(asked.headers["location"] + part, headers=stranger)

        assert answer.status_code == 404


def test_evidence_beyond_its_limit_is_413(client: TestClient, token: Call, tmp_path: Path) -> None:
    large = tmp_path / "besar.pdf"
    with large.open("wb") as file:
        file.truncate(26_500_000)

    with large.open("rb") as file:
        answer = client.post(
            f"{PREFIX}/cases/1/evidence",
            files={"file": ("besar.pdf", file)},
            data={"kind": "foto", "dated_on": "2026-11-01"},
            headers=token(),
        )

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_table_nobody_knows_has_no_rejected_file(client: TestClient, token: Call) -> None:
    answer = client.get(f"{PREFIX}/imports/1/rejected/..%2Fsecret.csv", headers=token())

    assert answer.status_code in {404, 422}
