"""Every role at every page and form: refused where the permissions table says no, only there."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from app.accounts.permissions import MAY
from tests.house.test_routes_guarded import guards
from tests.house.test_routes_guarded import operations as routes
from tests.web.conftest import PEOPLE, Browser, Visit
from tests.web.test_cases import FIELD_CASE, opened

Page = tuple[str, str, str]
PLACES = {
    "number": "PTH-J05-2026-00001",
    "action": "visit",
    "key": "jp.ceiling",
    "code": "J05",
    "table": "tagihan",
    "packet": "PKT-1",
    "name": "x.pdf",
    "npp": "AA000001",
}
# Leaving and entering would end the walk of the person who walks.
DOORS = frozenset({"/masuk", "/keluar"})
REFUSED = {404, 409, 412, 422}


def pages(app: FastAPI, *, number: str = "1") -> Iterator[Page]:
    """Yield method, address and the guard of every page and form; `number` stands for a row's."""
    for context in routes(app):
        path = str(context.path)
        if path.startswith("/api/") or path in DOORS:
            continue
        (guard,) = set(guards(context.dependant))
        address = "/".join(
            PLACES.get(part[1:-1].split(":")[0], number) if part.startswith("{") else part
            for part in path.split("/")
        )
        for method in context.methods or ():
            yield method, address, guard


def status(browser: Browser, method: str, address: str) -> int:
    return (browser.get(address) if method == "GET" else browser.post(address)).status_code


@pytest.mark.parametrize("person", PEOPLE)
def test_the_role_decides_at_every_page_and_form(app: FastAPI, visit: Visit, person: str) -> None:
    role = PEOPLE[person][0]

    browser = visit(person)
    wrong = {}
    for method, address, guard in pages(app):
        found = status(browser, method, address)
        allowed = role in MAY.get(guard, frozenset({role}))
        if (found == 403) is allowed or found >= 500:
            wrong[f"{method} {address}"] = (guard, found)

    assert wrong == {}


def test_nobody_passes_a_page_or_form_without_signing_in(app: FastAPI, anonymous: Browser) -> None:
    asked = [page for page in pages(app) if page[2] != "public"]

    passed = {}
    for method, address, _ in asked:
        send = anonymous.get if method == "GET" else anonymous.post
        answer = send(address)
        if (answer.status_code, answer.headers.get("location", "")[:6]) != (303, "/masuk"):
            passed[f"{method} {address}"] = answer.status_code

    assert {method for method, _, _ in asked} == {"GET", "POST"}
    assert len(asked) > 90
    assert passed == {}


@pytest.mark.parametrize("number", ["99999999999999999999", "2147483648", "0", "-1", "satu"])
def test_a_number_that_nothing_has_is_not_found_at_any_page_or_form(
    app: FastAPI, visit: Visit, number: str
) -> None:
    opened(visit("pemeriksa"))
    staff = {PEOPLE[name][0]: visit(name) for name in ("penyelia", "kepala", "hukum", "admin")}
    numbered = [page for page in pages(app, number=number) if f"/{number}" in page[1]]

    wrong = {}
    for method, address, guard in numbered:
        browser = next(staff[role] for role in staff if role in MAY[guard])
        if (found := status(browser, method, address)) != 404:
            wrong[f"{method} {address}"] = found

    assert len(numbered) > 20
    assert wrong == {}


@pytest.mark.parametrize("number", ["99999999999999999999", "999999999999999", "2147483648"])
def test_a_number_that_nothing_has_is_a_sentence_in_every_form(visit: Visit, number: str) -> None:
    inspector, supervisor = visit("pemeriksa"), visit("penyelia")
    case = opened(inspector)
    supervisor.get(case)
    sent: list[tuple[Browser, str, dict[str, object]]] = [
        (supervisor, f"{case}/petugas", {"petugas": number, "versi": "1"}),
        (supervisor, f"{case}/petugas", {"petugas": "1", "versi": number}),
        (inspector, f"{case}/penyampaian",
         {"event_seq": number, "channel": "pos", "sent_on": "2026-11-20", "result": "dikirim"}),
        (inspector, f"{case}/penyampaian",
         {"event_seq": "1", "channel": "pos", "sent_on": "2026-11-20", "result": "diterima",
          "received_on": "2026-11-20", "receiver_name": "Rina", "evidence_id": number}),
        (inspector, f"{case}/langkah/visit",
         {"on": "2026-11-20", "versi": "1", "tahap": "catat", "evidence": number}),
        (inspector, f"{case}/langkah/visit",
         {"on": "2026-11-20", "versi": number, "tahap": "catat"}),
        (supervisor, "/temuan/1/terima", {"temuan": number}),
        (supervisor, "/temuan/1/tolak", {"versi": number, "alasan_tolak": "Sudah dibayar."}),
        (supervisor, "/temuan/pilihan",
         {"temuan": number, f"versi-{number}": "1", "keputusan": "tolak", "reason": "Sudah."}),
        (inspector, f"{case}/penangguhan",
         {"entry": "akhir", "of_id": number, "versi": "1", "last_on": "2026-11-20",
          "reason": "Selesai.", "authority": "Kepala", "evidence_id": number}),
        (inspector, "/kasus/baru", {**FIELD_CASE, "jumlah_tk": number}),
    ]  # fmt: skip

    said = [
        (address, form, browser.post(address, form).status_code) for browser, address, form in sent
    ]
    chosen = supervisor.get(f"/temuan/pilihan?temuan={number}").status_code

    assert [one for one in said if one[2] not in REFUSED] == []
    assert chosen == 404
