"""One's own account: the password, and the browsers one is signed in with."""

import re

from tests.web.conftest import PASSWORD, Visit, words

OWN = "kata sandi yang saya pilih"
CHANGE = {"current_password": PASSWORD, "new_password": OWN, "repeated_password": OWN}
AGENT = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; K) Chrome/150.0 Mobile Safari/537.36"}


def test_a_changed_password_ends_the_other_browser_and_keeps_this_one(visit: Visit) -> None:
    here, elsewhere = visit("pemeriksa"), visit("pemeriksa")

    changed = here.post("/akun/kata-sandi", CHANGE)

    assert changed.headers["location"] == "/akun?kabar=sandi"
    assert here.get("/akun").status_code == 200
    assert elsewhere.get("/akun").status_code == 303


def test_a_refused_change_never_sends_a_password_back(visit: Visit) -> None:
    browser = visit("pemeriksa")

    page = browser.post("/akun/kata-sandi", {**CHANGE, "repeated_password": "lain sekali"})

    assert page.status_code == 422
    assert 'href="#repeated_password"' in page.text
    assert OWN not in page.text
    assert PASSWORD not in page.text


def test_guessing_the_current_password_is_stopped(visit: Visit) -> None:
    browser = visit("pemeriksa")
    wrong = {**CHANGE, "current_password": "tebakan yang salah"}

    statuses = [browser.post("/akun/kata-sandi", wrong).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [409]


def test_sessions_are_told_apart_and_ended(visit: Visit) -> None:
    here, phone = visit("pemeriksa"), visit("pemeriksa")
    phone.client.headers.update(AGENT)
    phone.post("/masuk", {"email": "pemeriksa@contoh.test", "password": PASSWORD})

    page = here.get("/akun")
    assert "Chrome · Android" in words(page)
    ended = re.findall(r'name="sesi" value="([0-9a-f]+)"', page.text)
    for handle in ended:
        here.post("/akun/sesi/akhiri", {"sesi": handle})

    assert len(ended) == 2
    assert phone.get("/").status_code == 303
    assert here.get("/akun").status_code == 200


def test_all_other_sessions_end_with_one_button(visit: Visit) -> None:
    here, elsewhere = visit("auditor"), visit("auditor")
    here.get("/akun")

    here.post("/akun/sesi/akhiri-lain")

    assert elsewhere.get("/").status_code == 303
    assert here.get("/").status_code == 200
