"""The calendar page: everyone may read it, an administrator may change it, deadlines follow."""

from tests.web.conftest import Visit

NEW = {
    "day": "2026-12-07",
    "name": "Hari pemungutan suara",
    "kind": "public",
    "source": "Keppres uji",
}


def test_an_inspector_reads_the_calendar_but_finds_no_door_to_change_it(visit: Visit) -> None:
    browser = visit("pemeriksa")

    page = browser.get("/kalender?tahun=2026")

    assert page.status_code == 200
    assert "Tambah hari libur" not in page.text
    assert browser.post("/kalender", NEW).status_code == 403


def test_an_administrator_adds_and_removes_a_day_off(visit: Visit) -> None:
    browser = visit("admin")
    browser.get("/kalender?tahun=2026")

    added = browser.post("/kalender", NEW)
    with_day = browser.get("/kalender?tahun=2026").text
    removed = browser.post("/kalender/hapus", {"day": NEW["day"], "name": NEW["name"]})
    without = browser.get("/kalender?tahun=2026").text

    assert (added.status_code, removed.status_code) == (303, 303)
    assert NEW["name"] in with_day
    assert NEW["name"] not in without


def test_a_day_in_a_year_that_is_not_announced_is_refused_and_what_was_typed_stays(
    visit: Visit,
) -> None:
    browser = visit("admin")
    browser.get("/kalender")

    page = browser.post("/kalender", NEW | {"day": "2031-01-01"})

    assert page.status_code == 422
    assert "2031" in page.text
    assert NEW["name"] in page.text
