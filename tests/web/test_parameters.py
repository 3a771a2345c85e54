"""Parameter pages: read by all on duty; two people add a value whose reach is shown first."""

import re

from tests.web.conftest import Visit, words

VALUE = {
    "value": "11.640.600",
    "valid_from": "2099-03-01",
    "instrument": "Surat uji",
    "article": "",
    "grade": "B",
    "source": "surat pengumuman",
    "note": "",
}


def test_every_parameter_stands_on_one_page_with_its_source(visit: Visit) -> None:
    page = words(visit("pemeriksa").get("/parameter"))

    for told in ("Rp11.086.300", "3,7 %", "PP 46/2015", "bagian dari upah sebulan"):
        assert told in page


def test_an_inspector_finds_no_door_to_propose(visit: Visit) -> None:
    browser = visit("pemeriksa")

    page = browser.get("/parameter/jp.ceiling")

    assert "Usulkan nilai baru" not in page.text
    assert browser.post("/parameter/jp.ceiling", VALUE).status_code == 403


def test_a_value_is_shown_in_its_reach_then_proposed_then_approved_by_another(visit: Visit) -> None:
    admin, lawyer = visit("admin"), visit("hukum")
    admin.get("/parameter/jp.ceiling")

    check = words(admin.post("/parameter/jp.ceiling/periksa", VALUE))
    made = admin.post("/parameter/jp.ceiling", VALUE)
    address = made.headers["location"].split("?")[0]
    own = admin.post(f"{address}/setuju", {})
    lawyer.get(address)
    approved = lawyer.post(f"{address}/setuju", {})

    assert "Belum ada yang disimpan" in check
    assert "Rp1.117.389" in check
    assert "kalender tahun itu belum diumumkan" in check
    assert made.status_code == 303
    assert own.status_code == 403
    assert approved.status_code == 303
    assert "sejak 1 Maret 2099" in words(lawyer.get("/parameter/jp.ceiling"))


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(visit: Visit) -> None:
    browser = visit("admin")
    browser.get("/parameter/jp.ceiling")

    page = browser.post(
        "/parameter/jp.ceiling/periksa", VALUE | {"value": "11,5", "valid_from": "2020-01-01"}
    )

    assert page.status_code == 422
    assert re.search(r'id="value-kesalahan".*?“11,5”', page.text, re.DOTALL)
    assert 'value="2020-01-01"' in page.text


def test_a_rule_has_no_form_and_an_unknown_key_is_answered_with_a_sentence(visit: Visit) -> None:
    browser = visit("admin")

    assert "memerlukan rilis baru" in words(browser.get("/parameter/late.part-month"))
    unknown = browser.get("/parameter/tidak.ada")
    assert unknown.status_code == 422
    assert "tidak.ada" in words(unknown)
