"""Administration through pages: people, offices and tokens, by an administrator and nobody else."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.accounts.schemas import Principal
from app.accounts.tables import ApiToken, Office, UserAccount
from app.infra.database import Database
from tests.web.conftest import PASSWORD, Browser, Visit, words

PEOPLE = "/administrasi/pengguna"
OFFICES = "/administrasi/kantor"
TOKENS = "/administrasi/token"
OWN = "kata sandi yang saya pilih"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def secret(page: str) -> str:
    found = re.search(r'class="secret code">([^<]+)<', page)
    assert found, "no secret on the page"
    return found[1]


def new_person(browser: Browser, **change: str) -> dict[str, str]:
    page = browser.get(f"{PEOPLE}/baru").text
    return {
        "kunci": hidden(page, "kunci"),
        "email": "budi@contoh.test",
        "name": "Budi Santoso",
        "role": "inspector",
        "office": "J05",
        **change,
    }


@pytest.mark.parametrize("person", ["pemeriksa", "penyelia", "kepala", "hukum", "auditor"])
def test_only_an_administrator_enters(visit: Visit, person: str) -> None:
    browser = visit(person)
    pages = ("", "/pengguna", "/pengguna/baru", "/pengguna/1", "/kantor", "/kantor/J05", "/token")

    statuses = {path: browser.get(f"/administrasi{path}").status_code for path in pages}

    assert statuses == dict.fromkeys(pages, 403)


def test_an_invited_person_chooses_a_password_before_any_other_page_opens(
    visit: Visit, anonymous: Browser
) -> None:
    admin = visit("admin")
    handed = admin.post(f"{PEOPLE}/baru", new_person(admin))
    password = secret(handed.text)
    someone = {"email": "budi@contoh.test", "password": password}

    anonymous.post("/masuk", someone)
    refused = anonymous.get("/kasus")
    form = anonymous.get("/akun/kata-sandi")
    changed = anonymous.post(
        "/akun/kata-sandi",
        {"current_password": password, "new_password": OWN, "repeated_password": OWN},
    )

    assert handed.status_code == 200
    assert refused.headers["location"] == "/akun/kata-sandi"
    assert "kata sandi sementara" in words(form)
    assert 'class="sidenav"' not in form.text
    assert changed.headers["location"] == "/?kabar=sandi"
    assert anonymous.get("/kasus").status_code == 200


def test_a_person_with_a_temporary_password_may_still_sign_out(
    visit: Visit, anonymous: Browser
) -> None:
    admin = visit("admin")
    password = secret(admin.post(f"{PEOPLE}/baru", new_person(admin)).text)
    anonymous.post("/masuk", {"email": "budi@contoh.test", "password": password})
    anonymous.get("/akun/kata-sandi")

    assert anonymous.post("/keluar").headers["location"] == "/masuk?kabar=keluar"


def test_sending_the_form_twice_adds_one_person_and_shows_the_same_password(
    visit: Visit, database: Database
) -> None:
    admin = visit("admin")
    form = new_person(admin)

    first, second = admin.post(f"{PEOPLE}/baru", form), admin.post(f"{PEOPLE}/baru", form)

    assert secret(first.text) == secret(second.text)
    with database.transaction() as session:
        found = session.exec(select(UserAccount).where(UserAccount.email == "budi@contoh.test"))
        assert len(found.all()) == 1


def test_a_refused_form_keeps_what_was_typed_and_names_the_field(visit: Visit) -> None:
    admin = visit("admin")

    page = admin.post(f"{PEOPLE}/baru", new_person(admin, email="bukan surel", role=""))

    assert page.status_code == 422
    assert 'href="#email"' in page.text
    assert 'href="#role"' in page.text
    assert 'value="Budi Santoso"' in page.text


def test_the_list_narrows_by_its_address(visit: Visit) -> None:
    admin = visit("admin")

    page = words(admin.get(f"{PEOPLE}?kantor=J05&peran=inspector&status=aktif"))
    nobody = admin.get(f"{PEOPLE}?cari=tidak-ada-yang-begini")

    assert "Ratna Wulandari" in page
    assert "Togar Siahaan" not in page
    assert "Tidak ada pengguna yang cocok" in words(nobody)


def test_a_deactivated_person_is_out_at_the_next_click(
    visit: Visit, people: dict[str, Principal]
) -> None:
    admin, inspector = visit("admin"), visit("pemeriksa")
    address = f"{PEOPLE}/{people['pemeriksa'].user_id}"
    version = hidden(admin.get(address).text, "versi")

    closed = admin.post(f"{address}/nonaktif", {"versi": version})

    assert closed.headers["location"] == f"{address}?kabar=pengguna-nonaktif"
    assert inspector.get("/kasus").status_code == 303
    again = admin.get(address)
    assert "Aktifkan pengguna" in words(again)
    admin.post(f"{address}/aktif", {"versi": hidden(again.text, "versi")})
    assert visit("pemeriksa").get("/kasus").status_code == 200


def test_a_tab_opened_before_somebody_elses_change_is_told_so_and_changes_nothing(
    visit: Visit, people: dict[str, Principal]
) -> None:
    admin = visit("admin")
    address = f"{PEOPLE}/{people['pemeriksa'].user_id}"
    old = admin.get(address).text
    form = {"versi": hidden(old, "versi"), "role": "inspector", "office": "J05"}
    admin.post(address, {**form, "name": "Ratna Pertama"})

    stale = admin.post(address, {**form, "name": "Ratna Kedua"})

    assert stale.status_code == 412
    assert "muat ulang" in words(stale)
    assert "<h1>Ratna Pertama</h1>" in admin.get(address).text


def test_an_administrator_finds_no_door_that_locks_them_out(
    visit: Visit, people: dict[str, Principal]
) -> None:
    admin = visit("admin")
    address = f"{PEOPLE}/{people['admin'].user_id}"
    page = admin.get(address)
    form = {"versi": hidden(page.text, "versi"), "name": "Dewi", "office": "PST"}

    demoted = admin.post(address, {**form, "role": "auditor"})
    closed = admin.post(f"{address}/nonaktif", {"versi": form["versi"]})
    renamed = admin.post(address, {**form, "role": "administrator"})

    assert "Nonaktifkan pengguna" not in words(page)
    assert (demoted.status_code, closed.status_code, renamed.status_code) == (409, 409, 303)
    assert "administrator lain" in words(closed)


def test_a_forgotten_password_is_replaced_and_the_old_one_ends(
    visit: Visit, people: dict[str, Principal], anonymous: Browser
) -> None:
    admin, inspector = visit("admin"), visit("pemeriksa")
    address = f"{PEOPLE}/{people['pemeriksa'].user_id}"
    page = admin.get(address).text

    handed = admin.post(
        f"{address}/kata-sandi",
        {"versi": hidden(page, "versi"), "kunci": hidden(page, "kunci")},
    )

    assert inspector.get("/").status_code == 303
    old = {"email": "pemeriksa@contoh.test", "password": PASSWORD}
    assert anonymous.post("/masuk", old).status_code == 401
    assert anonymous.post("/masuk", {**old, "password": secret(handed.text)}).status_code == 303


def test_an_office_is_added_once_and_moved_never_below_itself(
    visit: Visit, database: Database
) -> None:
    admin = visit("admin")
    form = {
        "code": "w03", "name": "Kantor Wilayah Jawa Barat", "kind": "wilayah",
        "zone": "Asia/Jakarta", "parent": "PST", "city": "Bandung", "address": "Jl. Asia Afrika 1",
        "head_name": "Budi", "head_title": "Kepala Kantor Wilayah",
    }  # fmt: skip

    added = [admin.post(f"{OFFICES}/baru", form).headers["location"] for _ in range(2)]
    branch = admin.get(f"{OFFICES}/J05").text
    moved = admin.post(
        f"{OFFICES}/J05",
        {"versi": hidden(branch, "versi"), "name": "Cikarang", "kind": "cabang",
         "zone": "Asia/Makassar", "parent": "W03"},
    )  # fmt: skip
    region = admin.get(f"{OFFICES}/W03").text
    ring = admin.post(f"{OFFICES}/W03", {**form, "versi": hidden(region, "versi"), "parent": "J05"})

    assert added == [f"{OFFICES}/W03?kabar=kantor-baru"] * 2
    assert moved.status_code == 303
    assert (ring.status_code, "dirinya sendiri" in words(ring)) == (409, True)
    with database.transaction() as session:
        found = session.get_one(Office, "J05")
        assert (found.parent_code, found.zone, found.complete) == ("W03", "Asia/Makassar", False)


def test_the_tree_of_offices_says_which_are_incomplete(visit: Visit) -> None:
    page = words(visit("admin").get(OFFICES))

    assert "Kantor Cabang Cikarang" in page
    assert "3 kantor; 1 belum lengkap" in page


def test_a_token_is_shown_once_works_and_is_revoked(
    visit: Visit, database: Database, app: object
) -> None:
    admin = visit("admin")
    kunci = hidden(admin.get(f"{TOKENS}/baru").text, "kunci")
    form = {"kunci": kunci, "name": "SIPP", "scopes": "flags:read", "office": "J05", "days": "90"}

    first, second = admin.post(f"{TOKENS}/baru", form), admin.post(f"{TOKENS}/baru", form)
    token = secret(first.text)
    api = TestClient(app)  # type: ignore[arg-type]
    bearer = {"Authorization": f"Bearer {token}"}
    before = api.get("/api/v1/flags", headers=bearer).status_code
    listed = admin.get(TOKENS)
    with database.transaction() as session:
        (row,) = session.exec(select(ApiToken)).all()
    revoked = admin.post(f"{TOKENS}/{row.id}/cabut")

    assert secret(second.text) == token
    assert token not in listed.text
    assert (before, revoked.status_code) == (200, 303)
    assert api.get("/api/v1/flags", headers=bearer).status_code == 401
    assert "Dicabut" in words(admin.get(TOKENS))


def test_a_token_form_without_a_scope_keeps_what_was_typed(visit: Visit) -> None:
    admin = visit("admin")
    kunci = hidden(admin.get(f"{TOKENS}/baru").text, "kunci")

    page = admin.post(
        f"{TOKENS}/baru", {"kunci": kunci, "name": "SIPP", "office": "J05", "days": "30"}
    )

    assert page.status_code == 422
    assert 'href="#scopes"' in page.text
    assert 'value="SIPP"' in page.text


def test_the_first_page_of_an_administrator_counts_what_waits(visit: Visit) -> None:
    page = words(visit("admin").get("/"))

    assert "7 pengguna aktif" in page
    assert "1 kantor belum lengkap" in page
