"""An agency that does its whole job through the API: the demo region, tokens, one walked case."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.permissions import TOKEN_SCOPES
from app.cases.stages import DOCUMENT_LABELS, Action, Proof
from app.demo import write_region
from app.demo.casework import ARREARS_STORY, PAPER_OF, Beat
from app.demo.offices import furnish
from app.demo.papers import paper
from app.infra.database import Database, sqlalchemy_url
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.jobs.tasks import JobContext
from app.jobs.worker import drain
from app.main import create_app
from app.registry.snapshots import TABLES
from app.web.api.v1.description import PREFIX

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ENDS_ON = date(2026, 11, 20)
INSPECTOR, SUPERVISOR, HEAD, STRANGER = "pemeriksa", "penyelia", "kepala", "asing"
Headers = dict[str, str]
Json = Any


@dataclass
class Agency:
    """The application with the demo's offices, and one token per person."""

    client: TestClient
    app: FastAPI
    tokens: dict[str, Headers]
    job: JobContext
    extracts: Path

    def get(self, who: str, path: str, **query: str | int) -> Json:
        answer = self.client.get(f"{PREFIX}{path}", params=query, headers=self.tokens[who])
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(
        self, who: str, path: str, *, status: int = 201, version: int | None = None, **sent: Json
    ) -> Json:
        headers = dict(self.tokens[who])
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        answer = self.client.post(f"{PREFIX}{path}", headers=headers, **sent)
        assert answer.status_code == status, answer.text
        return answer.json()


@dataclass
class Done:
    """What the job made: everything an address may name."""

    import_id: int
    snapshot_id: str
    flag: Json
    case_id: int
    evidence_id: int
    attempt_id: int
    approval_id: int
    packet: Json
    referral_id: int


@contextmanager
def open_agency(server_url: str, folder: Path, *, name: str) -> Iterator[Agency]:
    engine = sa.create_engine(sqlalchemy_url(server_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template_patuh"))
    engine.dispose()
    url = sqlalchemy_url(server_url).set(database=name)
    database = Database(url.render_as_string(hide_password=False))
    settings = Settings(
        data_dir=folder / "data",
        database_url=None,
        store_url=None,
        base_url="http://127.0.0.1:8000",
        allowed_hosts=("testserver",),
        log_level="warning",
        duckdb_memory="1GB",
        demo_accounts=False,
    )
    store = ObjectStore(folder / "blobs")
    region = write_region(out=folder / "extracts", employers=150, seed=7, today=ENDS_ON)
    with time_machine.travel(NOW, tick=True):
        tokens = people(database, region.offices)
    app = create_app(settings=settings, database=database, store=store)
    job = JobContext(settings=settings, database=database, store=store)
    yield Agency(TestClient(app), app, tokens, job, folder / "extracts")
    database.dispose()


def people(database: Database, offices: Json) -> dict[str, Headers]:
    tokens = {}
    with database.transaction() as session:
        furnish(session, offices=offices, now=NOW)
        accounts.add_user(
            session,
            email=f"{STRANGER}@demo.patuh.example",
            name="Togar Siahaan",
            role="supervisor",
            office_code=offices[1].code,
            password="kata-sandi-untuk-uji",
            now=NOW,
            actor="test",
        )
        for who in (INSPECTOR, SUPERVISOR, HEAD, STRANGER):
            secret = accounts.create_token(
                session,
                name=who,
                scopes=TOKEN_SCOPES,
                office_code=None,
                owner_email=f"{who}@demo.patuh.example",
                days=30,
                now=NOW,
                actor="test",
            )
            tokens[who] = {"Authorization": f"Bearer {secret}"}
    return tokens


def do_the_job(agency: Agency) -> Done:
    """Do the job: import, sweep, flag, case, steps with proofs, approval, packet."""
    imported = send_extracts(agency)
    agency.post(SUPERVISOR, "/sweeps", json={"on": ENDS_ON.isoformat()})
    page = agency.get(INSPECTOR, "/flags", rule="PIUTANG", status="baru", sort="skor", limit=1)
    flag = page["items"][0]
    opened = agency.post(
        INSPECTOR,
        "/cases",
        json={
            "flag_ids": [flag["id"]],
            "note": "Dibuka lewat API.",
            "on": (ENDS_ON - timedelta(days=104)).isoformat(),
        },
    )
    walked = [walk(agency, opened["id"], beat, count) for count, beat in enumerate(ARREARS_STORY)]
    packet = agency.post(
        HEAD, "/packets", json={"case_id": opened["id"], "cutoff": ENDS_ON.isoformat()}
    )
    referral = agency.get(HEAD, "/referrals", case_id=opened["id"])["items"][0]
    return Done(
        import_id=imported["id"],
        snapshot_id=imported["report"]["snapshot_id"],
        flag=flag,
        case_id=opened["id"],
        evidence_id=next(step["evidence"] for step in walked if step["evidence"]),
        attempt_id=next(step["attempt"] for step in walked if step["attempt"]),
        approval_id=next(step["approval"] for step in walked if step["approval"]),
        packet=packet,
        referral_id=referral["id"],
    )


def send_extracts(agency: Agency) -> Json:
    folder = agency.extracts
    files = [("files", (f"{name}.csv", (folder / f"{name}.csv").read_bytes())) for name in TABLES]
    asked = agency.post(
        SUPERVISOR, "/imports", status=202, files=files, data={"as_of": ENDS_ON.isoformat()}
    )
    assert asked["status"] == "queued"
    drain(agency.job)
    return agency.get(SUPERVISOR, f"/imports/{asked['id']}")


def walk(agency: Agency, case_id: int, beat: Beat, count: int) -> dict[str, Any]:
    """Take one step with its paper, its approval and its proof of delivery."""
    on = ENDS_ON - timedelta(days=beat.days_before)
    number = f"B/{count:02}/{on:%m%Y}"
    made: dict[str, Any] = {"evidence": None, "attempt": None, "approval": None}
    if kind := PAPER_OF.get(beat.action):
        made["evidence"] = upload(agency, case_id, kind, DOCUMENT_LABELS[beat.action], on)
    version = agency.get(INSPECTOR, f"/cases/{case_id}/steps", on=on.isoformat())["version"]
    second = beat.action is Action.REFER
    step = agency.post(
        INSPECTOR,
        f"/cases/{case_id}/steps",
        status=202 if second else 201,
        version=version,
        json={
            "action": beat.action.value,
            "on": on.isoformat(),
            "letter_number": "" if beat.action in {Action.VISIT, Action.REFER} else number,
            "note": "Data peragaan." if beat.action is Action.VISIT else "",
            "evidence_ids": [made["evidence"]] if made["evidence"] else [],
        },
    )
    if second:
        made["approval"] = step["approval_id"]
        step = agency.post(
            HEAD,
            f"/approvals/{step['approval_id']}/decision",
            status=200,
            json={"decision": "approve"},
        )
    if beat.received_after is not None:
        received = on + timedelta(days=beat.received_after)
        receipt = upload(agency, case_id, Proof.RECEIPT, f"Tanda terima {number}", received)
        attempt = agency.post(
            INSPECTOR,
            f"/cases/{case_id}/service-attempts",
            json={
                "event_seq": step["event_seq"],
                "channel": "kurir",
                "tracking_number": f"T{count}",
                "sent_on": on.isoformat(),
                "result": "diterima",
                "received_on": received.isoformat(),
                "receiver_name": "Rina Kartika",
                "receiver_position": "Staf Personalia",
                "evidence_id": receipt,
            },
        )
        assert attempt["proves_receipt"]
        made["attempt"] = attempt["id"]
    return made


def upload(agency: Agency, case_id: int, kind: Proof, title: str, on: date) -> int:
    content = paper(title=title, number="-", on=on, lines=[title])
    kept = agency.post(
        INSPECTOR,
        f"/cases/{case_id}/evidence",
        files={"file": (f"{kind.value}.pdf", content)},
        data={"kind": kind.value, "title": title, "dated_on": on.isoformat()},
    )
    return int(kept["id"])
