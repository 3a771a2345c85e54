"""The whole job through the API alone: extracts in, a sealed packet out, verified offline."""

from pathlib import Path
from typing import Any

from app.packets.verify import verify
from app.web.api.v1.description import PREFIX, api_routes, openapi
from app.web.api.v1.reference import sample
from tests.web.api.agency import ENDS_ON, HEAD, INSPECTOR, STRANGER, SUPERVISOR, Agency, Done, Json


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
    # What the whole country shares: everybody who may read it at all reads the same.
    own = {
        "/calculations/", "/snapshots/", "/imports/", "/rules/", "/rule-trials/",
        "/rule-editions/", "/linkage/models/", "/selection-report/",
    }  # fmt: skip
    drawn = agency.post(
        SUPERVISOR,
        "/controls",
        json={
            "office": "J05", "first_on": "2026-12-01", "last_on": "2026-12-31", "count": 5,
            "strata": [], "why": "Kontrol acak.",
        },
    )  # fmt: skip
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
        "number": drawn["number"],
        "place": 1,
        # No pair is in doubt, nothing was corrected: whose these are is asked in their own tests.
        "pair_id": 1,
        "correction_id": 1,
        **papers_and_suspensions(agency),
    }
    answers = {}
    for context in api_routes(agency.app.routes):
        path = context.path or ""
        if "{" not in path or any(path.startswith(f"{PREFIX}{part}") for part in own):
            continue
        # A list: what lies beyond reach is not on it (test_cases_then).
        if path == f"{PREFIX}/employers/{{npp}}/cases":
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


def papers_and_suspensions(agency: Agency) -> Json:
    """Return what the addresses of a case's ledgers name, made in a case of their own."""
    case = agency.post(
        INSPECTOR,
        "/cases",
        json={
            "employer": {"nama": "CV Lain Kantor", "npp": "ZZ000009", "kode_wilayah": "32.16"},
            "violations": ["PWBD"],
            "note": "Ditemui di lapangan.",
        },
    )
    address = f"/cases/{case['id']}"
    suspension = agency.post(
        INSPECTOR,
        f"{address}/suspensions",
        json={
            "entry": "mulai", "first_on": "2026-11-09", "last_on": "2026-11-11",
            "reason": "Banjir di kawasan industri.", "authority": "Surat Kepala Cabang",
        },
        version=agency.get(INSPECTOR, address)["version"],
    )  # fmt: skip
    paper = agency.post(
        INSPECTOR,
        f"{address}/papers",
        json={"kind": "pupn", "number": "S-9/KNL/2026", "signed_on": "2026-01-05"},
    )
    return {
        "suspension_id": suspension["id"],
        "paper_id": paper["id"],
        "office": agency.get(INSPECTOR, address)["office_code"],
    }


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
