"""The whole job through the API alone: extracts in, a sealed packet out, verified offline."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
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
from app.packets.verify import verify
from app.registry.snapshots import TABLES
from app.web.api.v1.description import PREFIX, api_routes, openapi
from app.web.api.v1.reference import sample

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


@pytest.fixture(scope="module")
def agency(
    server_url: str, template_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Agency]:
    del template_url
    folder = tmp_path_factory.mktemp("agency")
    engine = sa.create_engine(sqlalchemy_url(server_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE whole_job TEMPLATE template_patuh"))
    engine.dispose()
    url = sqlalchemy_url(server_url).set(database="whole_job")
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
        yield Agency(TestClient(app), app, tokens, job)
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


@pytest.fixture(scope="module")
def done(agency: Agency, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Do the job: import, sweep, flag, case, steps with proofs, approval, packet."""
    extracts = tmp_path_factory.getbasetemp() / "agency0" / "extracts"
    imported = send_extracts(agency, extracts)
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


def send_extracts(agency: Agency, folder: Path) -> Json:
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


def test_the_report_says_what_was_rejected_and_the_file_can_be_fixed(
    agency: Agency, done: Done
) -> None:
    run = agency.get(SUPERVISOR, f"/imports/{done.import_id}")
    rejected = agency.get(SUPERVISOR, f"/imports/{done.import_id}/rejected", limit=200)
    table = rejected["items"][0]["table"]
    file = agency.client.get(
        f"{PREFIX}/imports/{done.import_id}/rejected/{table}.csv", headers=agency.tokens[SUPERVISOR]
    )

    assert run["status"] == "done"
    assert run["report"]["rejected_rows"] > 0
    assert {row["reason"] for row in rejected["items"]}
    assert all(row["value"].startswith("·") for row in rejected["items"] if row["column"] == "nik")
    assert file.status_code == 200
    assert file.headers["content-disposition"].startswith("attachment")


def test_the_packet_that_was_downloaded_verifies_offline(
    agency: Agency, done: Done, tmp_path: Path
) -> None:
    packet = done.packet
    address = f"{PREFIX}/packets/{packet['id']}/files/{packet['number']}.zip"

    answer = agency.client.get(address, headers=agency.tokens[HEAD])
    target = tmp_path / f"{packet['number']}.zip"
    target.write_bytes(answer.content)
    report = verify(target)

    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert report.ok, report.problems
    assert report.packets == (packet["number"],)


def test_every_file_of_the_packet_can_be_fetched(agency: Agency, done: Done) -> None:
    for file in done.packet["files"]:
        answer = agency.client.get(
            f"{PREFIX}/packets/{done.packet['id']}/files/{file['name']}",
            headers=agency.tokens[HEAD],
        )

        assert answer.status_code == 200, file["name"]
        assert len(answer.content) == file["size"]


def test_the_packet_again_is_the_same_packet(agency: Agency, done: Done) -> None:
    again = agency.post(
        HEAD,
        "/packets",
        status=200,
        json={"case_id": done.case_id, "cutoff": ENDS_ON.isoformat()},
    )

    assert again["already"]
    assert again["pdf_sha256"] == done.packet["pdf_sha256"]


def test_no_answer_holds_a_whole_nik(agency: Agency, done: Done) -> None:
    npp = done.flag["npp"]
    workers = agency.get(INSPECTOR, f"/employers/{npp}/workers", limit=200)
    shown = agency.get(INSPECTOR, f"/flags/{done.flag['id']}")

    assert workers["items"]
    assert all(row["nik"].startswith("·") for row in workers["items"])
    assert all(
        str(row["values"]["nik"]).startswith("·")
        for row in shown["evidence"]
        if row["values"].get("nik")
    )


def test_bills_come_page_by_page_without_a_gap(agency: Agency, done: Done) -> None:
    npp, seen, cursor = done.flag["npp"], [], None
    whole = agency.get(INSPECTOR, f"/employers/{npp}/bills", limit=200)["items"]

    while True:
        query = {"limit": 7} if cursor is None else {"limit": 7, "cursor": cursor}
        page = agency.get(INSPECTOR, f"/employers/{npp}/bills", **query)
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break

    assert seen[: len(whole)] == whole
    assert len({(row["divisi"], row["month"], row["program"]) for row in seen}) == len(seen)


def test_a_stale_version_is_412_and_a_missing_one_428(agency: Agency, done: Done) -> None:
    body = {"action": "visit", "note": "x"}

    missing = agency.client.post(
        f"{PREFIX}/cases/{done.case_id}/steps", json=body, headers=agency.tokens[INSPECTOR]
    )
    stale = agency.client.post(
        f"{PREFIX}/cases/{done.case_id}/steps",
        json=body,
        headers={**agency.tokens[INSPECTOR], "If-Match": '"1"'},
    )

    assert (missing.status_code, missing.json()["code"]) == (428, "precondition-missing")
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_a_step_out_of_order_says_every_reason(agency: Agency, done: Done) -> None:
    steps = agency.get(INSPECTOR, f"/cases/{done.case_id}/steps")
    blocked = next(step for step in steps["steps"] if not step["allowed"])

    answer = agency.client.post(
        f"{PREFIX}/cases/{done.case_id}/steps",
        json={"action": "warn_1", "letter_number": "X/1"},
        headers={**agency.tokens[INSPECTOR], "If-Match": f'"{steps["version"]}"'},
    )

    assert blocked["reasons"]
    assert answer.status_code == 409
    assert answer.json()["code"] == "step-refused"
    assert answer.json()["errors"]


def test_another_office_finds_nothing_at_any_address(agency: Agency, done: Done) -> None:
    """Every operation that names a thing of one office, with a body that would be good."""
    document = openapi(agency.app.routes)
    own = {"/calculations/", "/snapshots/", "/imports/"}
    names = {
        "case_id": done.case_id,
        "case": done.case_id,
        "flag_id": done.flag["id"],
        "evidence_id": done.evidence_id,
        "attempt_id": done.attempt_id,
        "approval_id": done.approval_id,
        "packet_id": done.packet["id"],
        "referral_id": done.referral_id,
        "npp": done.flag["npp"],
        "name": done.packet["files"][0]["name"],
    }
    answers = {}
    for context in api_routes(agency.app.routes):
        path = context.path or ""
        if "{" not in path or any(path.startswith(f"{PREFIX}{part}") for part in own):
            continue
        for method in context.methods or ():
            address = path.replace(":path", "").format(**names)
            answer = agency.client.request(
                method,
                address,
                headers={**agency.tokens[STRANGER], "If-Match": '"1"'},
                **good_body(document, context.path_format, method),
            )
            answers[f"{method} {path}"] = answer.status_code

    assert len(answers) > 25
    assert {key: status for key, status in answers.items() if status not in {403, 404}} == {}
    assert list(answers.values()).count(404) > 20


def test_the_lists_of_another_office_are_empty(agency: Agency, done: Done) -> None:
    assert agency.get(STRANGER, "/cases")["items"] == []
    assert agency.get(STRANGER, "/packets")["items"] == []
    assert agency.get(STRANGER, "/referrals")["items"] == []
    flags = agency.get(STRANGER, "/flags", limit=200)["items"]
    assert done.flag["id"] not in {flag["id"] for flag in flags}
    assert agency.get(STRANGER, "/imports")["items"] == []


def good_body(document: Json, path: str | None, method: str) -> dict[str, Any]:
    operation = document["paths"][path][method.lower()]
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        if media == "application/json":
            return {"json": sample(content["schema"], document["components"]["schemas"])}
        fields = {"kind": "foto", "dated_on": "2026-11-01"}
        return {"files": {"file": ("a.pdf", b"%PDF-1.4")}, "data": fields}
    return {}
