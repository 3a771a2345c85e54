"""Papers, defects, routes and the radar over HTTP."""

from tests.web.api.agency import HEAD, INSPECTOR, Agency, Done

PUPN = {"kind": "pupn", "number": "S-1/KNL/2026", "signed_on": "2026-01-05"}


def test_a_case_tells_its_defects_and_its_routes(agency: Agency, done: Done) -> None:
    case = agency.get(INSPECTOR, f"/cases/{done.case_id}")

    routes = {item["route"]: item for item in case["routes"]}
    assert set(routes) == {
        "non_litigasi", "gugatan_sederhana", "gugatan_biasa", "pupn",
        "pengawas_ketenagakerjaan", "tmp2t", "pembinaan_agen",
    }  # fmt: skip
    assert routes["pembinaan_agen"]["grade"] == "C"
    assert "belum diverifikasi" in routes["pembinaan_agen"]["citation"]
    for defect in case["defects"]:
        assert defect["severity"] in {"fatal", "dapat_diperbaiki"}
        assert defect["sentence"]
        assert defect["repair"]


def test_a_paper_is_recorded_seen_by_the_radar_and_ended(agency: Agency, done: Done) -> None:
    path = f"/cases/{done.case_id}/papers"
    paper = agency.post(INSPECTOR, path, json=PUPN | {"valid_until": "2026-12-01"})
    case = agency.get(INSPECTOR, f"/cases/{done.case_id}")
    radar = agency.get(INSPECTOR, "/radar", on="2026-11-20", days=30)

    assert "two-collectors" in {defect["code"] for defect in case["defects"]}
    assert "S-1/KNL/2026" in str([item["sentence"] for item in radar["items"]])
    ended = agency.post(
        INSPECTOR, f"/papers/{paper['id']}/end", status=200,
        json={"ended_on": "2026-01-06", "reason": "Ditarik kembali."},
    )  # fmt: skip
    assert ended["ended_on"] == "2026-01-06"
    listed = agency.get(INSPECTOR, path)["items"]
    assert [item["ended_on"] for item in listed if item["id"] == paper["id"]] == ["2026-01-06"]


def test_a_wrong_paper_is_refused_by_its_field(agency: Agency, done: Done) -> None:
    answer = agency.post(
        INSPECTOR, f"/cases/{done.case_id}/papers", status=422, json=PUPN | {"substitution": True}
    )

    assert answer["errors"][0]["field"] == "substitution"


def test_an_agreement_belongs_to_an_office(agency: Agency, done: Done) -> None:
    case = agency.get(HEAD, f"/cases/{done.case_id}")
    agreement = {"kind": "pks", "number": "PKS/1", "signed_on": "2026-01-02"}

    paper = agency.post(HEAD, f"/offices/{case['office_code']}/papers", json=agreement)

    assert paper["case_id"] is None
    assert agency.post(HEAD, "/offices/ZZZ/papers", status=404, json=agreement)


def test_sealing_is_refused_with_one_sentence_for_each_fatal_defect(
    agency: Agency, done: Done
) -> None:
    given = {"kind": "pupn", "number": "S-9/KNL", "signed_on": "2026-11-01"}
    paper = agency.post(INSPECTOR, f"/cases/{done.case_id}/papers", json=given)
    wanted = {"case_id": done.case_id, "cutoff": "2026-11-18"}

    refused = agency.post(HEAD, "/packets", status=409, json=wanted)
    ended = {"ended_on": "2026-11-19", "reason": "Ditarik kembali."}
    agency.post(INSPECTOR, f"/papers/{paper['id']}/end", status=200, json=ended)
    sealed = agency.post(HEAD, "/packets", json=wanted)

    assert [fault["field"] for fault in refused["errors"]] == ["route"]
    assert "S-9/KNL" in refused["errors"][0]["detail"]
    assert {item["severity"] for item in sealed["cautions"]} == {"dapat_diperbaiki"}
