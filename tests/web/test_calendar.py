"""The calendar page: everyone may read it, an administrator may change it, deadlines follow."""

import re
from html import unescape

from httpx2 import Response

from tests.web.conftest import Visit, words

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


def carried(page: Response) -> dict[str, str]:
    """Return the hidden fields of the preview's form."""
    form = page.text.split("<main")[1].split("<form")[-1]
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found if name != "csrf_token"}


def test_an_administrator_adds_moves_and_removes_a_day_off_each_after_a_preview(
    visit: Visit,
) -> None:
    browser = visit("admin")
    browser.get("/kalender?tahun=2026")

    preview = browser.post("/kalender", NEW)
    before = browser.get("/kalender?tahun=2026").text
    added = browser.post("/kalender", carried(preview))
    with_day = browser.get("/kalender?tahun=2026").text
    change = {"day": NEW["day"], "name": NEW["name"], "source": "Keppres uji 2"}
    moving = browser.post("/kalender/ubah", {**change, "perubahan": "pindah", "to": "2026-12-08"})
    moved = browser.post("/kalender/ubah", carried(moving))
    change["day"] = "2026-12-08"
    removing = browser.post("/kalender/ubah", {**change, "perubahan": "hapus"})
    removed = browser.post("/kalender/ubah", carried(removing))
    without = browser.get("/kalender?tahun=2026").text

    assert "Periksa akibat perubahan kalender" in words(preview)
    assert [answer.status_code for answer in (preview, moving, removing)] == [200] * 3
    assert [answer.status_code for answer in (added, moved, removed)] == [303] * 3
    assert NEW["name"] not in before
    assert NEW["name"] in with_day
    assert NEW["name"] not in without


def test_a_preview_of_another_calendar_is_not_saved(visit: Visit) -> None:
    browser = visit("admin")
    browser.get("/kalender?tahun=2026")
    stale = carried(browser.post("/kalender", NEW))
    other = carried(browser.post("/kalender", NEW | {"day": "2026-12-08"}))
    browser.post("/kalender", other)

    refused = browser.post("/kalender", stale)

    assert refused.status_code == 412
    assert "7 Desember 2026" not in words(browser.get("/kalender?tahun=2026"))


def test_a_change_without_its_decree_is_refused_beside_the_field(visit: Visit) -> None:
    browser = visit("admin")
    browser.get("/kalender?tahun=2026")

    page = browser.post(
        "/kalender/ubah", {"day": "2026-12-25", "name": "Hari Raya Natal", "perubahan": "hapus"}
    )

    assert page.status_code == 422
    assert '<a href="#source">' in page.text


def test_a_day_in_a_year_that_is_not_announced_is_refused_and_what_was_typed_stays(
    visit: Visit,
) -> None:
    browser = visit("admin")
    browser.get("/kalender")

    page = browser.post("/kalender", NEW | {"day": "2031-01-01"})

    assert page.status_code == 422
    assert "2031" in page.text
    assert NEW["name"] in page.text
