"""The cases of an employer as they were known at the end of a day, over the API."""

from collections.abc import Callable

from fastapi.testclient import TestClient

Call = Callable[..., dict[str, str]]
FIELD_CASE = {
    "employer": {"nama": "CV Banjir Contoh", "npp": "ZZ000001", "kode_wilayah": "32.16"},
    "violations": ["PWBD"],
    "note": "Ditemui di lapangan.",
    "on": "2026-11-02",
}


def test_a_case_is_known_from_the_day_it_was_recorded_and_within_reach_only(
    client: TestClient, token: Call
) -> None:
    head = token("inspector")
    opened = client.post("/api/v1/cases", json=FIELD_CASE, headers=head)
    assert opened.status_code == 201, opened.json()
    address = "/api/v1/employers/ZZ000001/cases"

    # Opened on the 2nd, recorded on the 20th.
    before = client.get(f"{address}?known_on=2026-11-19", headers=head).json()
    on_the_day = client.get(f"{address}?known_on=2026-11-20", headers=head).json()

    assert (before["npp"], before["known_on"], before["items"]) == ("ZZ000001", "2026-11-19", [])
    (case,) = on_the_day["items"]
    assert case == {
        "number": opened.json()["number"], "stage": "verification", "stage_label": "Verifikasi",
    }  # fmt: skip
    english = client.get(
        f"{address}?known_on=2026-11-20", headers={**head, "Accept-Language": "en"}
    ).json()
    assert english["items"][0]["stage_label"] == "Verification"
    another = client.get(f"{address}?known_on=2026-11-20", headers=token(office="BDG01"))
    assert another.json()["items"] == []
    assert client.get(address, headers=head).json()["items"] == [case]
    assert client.get(f"{address}?known_on=kemarin", headers=head).status_code == 422
    reader = token("inspector", scopes=("employers:read",))
    assert client.get(f"{address}?known_on=2026-11-20", headers=reader).status_code == 403
