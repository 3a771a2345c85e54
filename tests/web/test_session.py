"""Signing in and out, the language, and what a page refuses at the door."""

import pytest

from tests.web.conftest import PASSWORD, Browser, Visit, words


def test_a_page_asked_for_by_nobody_leads_to_sign_in_and_back(anonymous: Browser) -> None:
    refused = anonymous.get("/temuan?aturan=PIUTANG")

    assert refused.status_code == 303
    assert refused.headers["location"] == "/masuk?lanjut=%2Ftemuan%3Faturan%3DPIUTANG"
    form = {"email": "pemeriksa@contoh.test", "password": PASSWORD, "lanjut": "/temuan"}
    assert anonymous.post("/masuk", form).headers["location"] == "/temuan"


def test_a_wrong_password_keeps_the_address_typed_and_names_neither(anonymous: Browser) -> None:
    response = anonymous.post("/masuk", {"email": "pemeriksa@contoh.test", "password": "salah"})

    assert response.status_code == 401
    assert 'value="pemeriksa@contoh.test"' in response.text
    assert "Surel atau kata sandi tidak cocok." in words(response)
    assert "salah" not in response.text.split("<main")[1].replace("kesalahan", "")


@pytest.mark.parametrize("target", ["//jahat.example", "https://jahat.example", "/\\jahat.example"])
def test_signing_in_never_leads_to_another_site(anonymous: Browser, target: str) -> None:
    form = {"email": "pemeriksa@contoh.test", "password": PASSWORD, "lanjut": target}

    assert anonymous.post("/masuk", form).headers["location"] == "/"


def test_after_too_many_wrong_passwords_the_page_says_when_to_come_back(
    anonymous: Browser,
) -> None:
    for _ in range(10):
        anonymous.post("/masuk", {"email": "pemeriksa@contoh.test", "password": "salah"})

    response = anonymous.post("/masuk", {"email": "pemeriksa@contoh.test", "password": PASSWORD})

    assert response.status_code == 409
    assert "15 menit" in words(response)


def test_signing_out_ends_the_session_on_the_server(visit: Visit) -> None:
    browser = visit("pemeriksa")
    cookie = dict(browser.client.cookies)

    response = browser.post("/keluar")
    browser.client.cookies.update(cookie)

    assert response.headers["location"] == "/masuk?kabar=keluar"
    assert browser.get("/").status_code == 303


def test_a_form_without_its_token_changes_nothing(visit: Visit) -> None:
    browser = visit("pemeriksa")

    response = browser.client.post("/keluar", data={}, follow_redirects=False)

    assert response.status_code == 403
    assert browser.get("/").status_code == 200


def test_a_form_from_another_site_is_refused_even_before_sign_in(anonymous: Browser) -> None:
    response = anonymous.client.post(
        "/masuk",
        data={"email": "pemeriksa@contoh.test", "password": PASSWORD},
        headers={"Sec-Fetch-Site": "cross-site"},
        follow_redirects=False,
    )

    assert response.status_code == 403


def test_the_language_is_kept_for_the_person_and_for_the_browser(visit: Visit) -> None:
    browser = visit("pemeriksa")

    back = browser.post("/bahasa", {"bahasa": "en", "kembali": "/kalkulator"})
    page = browser.get("/kalkulator")

    assert back.headers["location"] == "/kalkulator"
    assert '<html lang="en">' in page.text
    assert "Calculators store nothing." in words(page)
    browser.client.cookies.delete("patuh_bahasa")
    assert '<html lang="en">' in browser.get("/kalkulator").text


def test_demo_accounts_are_shown_only_when_the_operator_wants_it(anonymous: Browser) -> None:
    assert "Akun peragaan" not in words(anonymous.get("/masuk"))


def test_an_unknown_address_answers_with_a_page_that_says_what_to_do(visit: Visit) -> None:
    response = visit("pemeriksa").get("/tidak-ada")

    assert response.status_code == 404
    assert "Periksa alamatnya" in words(response)


def test_an_unknown_address_keeps_the_menu_of_who_is_signed_in(
    visit: Visit, anonymous: Browser
) -> None:
    assert 'class="sidenav"' in visit("pemeriksa").get("/tidak-ada").text
    assert 'class="sidenav"' not in anonymous.get("/tidak-ada").text


def test_a_page_beyond_the_role_says_so_without_our_names_for_things(visit: Visit) -> None:
    response = visit("pemeriksa").get("/impor")

    assert response.status_code == 403
    assert "peran Anda (Petugas pemeriksa)" in words(response)
    assert "imports.read" not in response.text
    assert "inspector" not in response.text


@pytest.mark.parametrize("path", ["/", "/masuk", "/kalkulator/iuran", "/tidak-ada"])
def test_every_answer_forbids_inline_code_and_caching(visit: Visit, path: str) -> None:
    response = visit("pemeriksa").get(path, follow=True)

    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["cache-control"] == "no-store"
    assert "<script>" not in response.text
    assert " style=" not in response.text
    assert " onclick=" not in response.text
