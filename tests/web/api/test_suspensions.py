"""/cases/{id}/suspensions through the API: proposed with If-Match, decided by somebody else."""

from tests.web.api.agency import HEAD, INSPECTOR, Agency, Done

SENT = {
    "entry": "mulai",
    "first_on": "2026-11-09",
    "last_on": "2026-11-11",
    "reason": "Banjir di kawasan industri.",
    "authority": "Surat Kepala Cabang B/77/112026",
}


def test_the_ledger_is_proposed_decided_and_listed(agency: Agency, done: Done) -> None:
    address = f"/cases/{done.case_id}/suspensions"
    version = agency.get(INSPECTOR, f"/cases/{done.case_id}")["version"]

    proposed = agency.post(INSPECTOR, address, json=SENT, version=version)
    agency.post(INSPECTOR, address, json=SENT, version=version, status=412)
    agency.post(
        HEAD, f"/suspensions/{proposed['id']}/decision", json={"decision": "approve"}, status=200
    )

    (line,) = agency.get(INSPECTOR, address)["items"]
    assert (proposed["status"], line["status"]) == ("menunggu", "disetujui")
    assert line["decided_by"]["name"] != line["proposed_by"]["name"]
    assert {name: line[name] for name in SENT} == SENT
    assert agency.get(INSPECTOR, f"/cases/{done.case_id}")["defects"] == []


def test_a_proposal_without_the_version_seen_is_refused(agency: Agency, done: Done) -> None:
    agency.post(INSPECTOR, f"/cases/{done.case_id}/suspensions", json=SENT, status=428)
