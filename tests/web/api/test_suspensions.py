"""/cases/{id}/suspensions through the API: proposed with If-Match, decided by somebody else."""

import pytest

from tests.web.api.agency import HEAD, INSPECTOR, Agency

SENT = {
    "entry": "mulai",
    "first_on": "2026-11-09",
    "last_on": "2026-11-11",
    "reason": "Banjir di kawasan industri.",
    "authority": "Surat Kepala Cabang B/77/112026",
}


@pytest.fixture
def case_id(agency: Agency) -> int:
    """A case of its own: the agency is shared."""
    opened = agency.post(
        INSPECTOR,
        "/cases",
        json={
            "employer": {"nama": "CV Banjir Contoh", "npp": "ZZ000001", "kode_wilayah": "32.16"},
            "violations": ["PWBD"],
            "note": "Ditemui di lapangan.",
        },
    )
    return int(opened["id"])


def test_the_ledger_is_proposed_decided_and_listed(agency: Agency, case_id: int) -> None:
    address = f"/cases/{case_id}/suspensions"
    version = agency.get(INSPECTOR, f"/cases/{case_id}")["version"]

    agency.post(INSPECTOR, address, json=SENT, status=428)
    proposed = agency.post(INSPECTOR, address, json=SENT, version=version)
    agency.post(INSPECTOR, address, json=SENT, version=version, status=412)
    agency.post(
        HEAD, f"/suspensions/{proposed['id']}/decision", json={"decision": "approve"}, status=200
    )

    (line,) = agency.get(INSPECTOR, address)["items"]
    assert (proposed["status"], line["status"]) == ("menunggu", "disetujui")
    assert line["decided_by"]["name"] != line["proposed_by"]["name"]
    assert {name: line[name] for name in SENT} == SENT
    assert agency.get(INSPECTOR, f"/cases/{case_id}")["undermined"] == []
