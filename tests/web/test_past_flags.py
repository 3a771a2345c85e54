"""Flags as known on a day, as pages and over the API: the past is read, never decided about."""

import re

from tests.web.conftest import TODAY, Browser, words
from tests.web.finding import first_flag, version_of


def test_the_page_of_the_past_says_so_and_offers_no_decision(supervisor: Browser) -> None:
    flag = first_flag(supervisor, "PIUTANG")

    page = supervisor.get(f"{flag}?pada={TODAY}")

    assert "Keadaan masa lalu" in words(page)
    assert "Pencarian yang berlaku saat itu" in words(page)
    assert "Baris data yang mendasari" in words(page)
    assert f'<a href="{flag}">Lihat keadaan terbaru</a>' in page.text
    assert not re.search(rf'action="{flag}/', page.text)
    assert not re.search(r"<dt>NIK</dt><dd>\d", page.text)


def test_a_decision_is_seen_on_its_day_and_nothing_before_the_first_search(
    supervisor: Browser,
) -> None:
    flag = first_flag(supervisor, "PIUTANG")
    supervisor.post(
        f"{flag}/tolak", {"versi": version_of(supervisor, flag), "alasan_tolak": "Sudah lunas."}
    )

    assert "Sudah lunas." in words(supervisor.get(f"{flag}?pada={TODAY}"))
    assert flag in supervisor.get(f"/temuan?pada={TODAY}&status=ditolak").text
    assert flag not in supervisor.get(f"/temuan?pada={TODAY}").text
    before = supervisor.get(f"{flag}?pada=2020-01-01")
    assert before.status_code == 404
    assert "1 Januari 2020 belum ada pencarian temuan" in words(before)


def test_the_list_of_the_past_has_no_boxes_and_leads_to_pages_of_the_past(
    supervisor: Browser,
) -> None:
    page = supervisor.get(f"/temuan?pada={TODAY}")

    assert 'name="temuan"' not in page.text
    assert re.search(rf'href="/temuan/\d+\?pada={TODAY}"', page.text)
    assert not re.search(r'href="/temuan/\d+"', page.text)


def test_what_is_no_day_is_said_beside_the_field_and_the_flags_of_now_are_shown(
    supervisor: Browser,
) -> None:
    page = supervisor.get("/temuan?pada=kemarin")

    assert '<a href="#pada">' in page.text
    assert "Keadaan masa lalu" not in words(page)


def test_an_employer_of_the_past_shows_its_flags_as_they_were(supervisor: Browser) -> None:
    flag = first_flag(supervisor, "PIUTANG")
    employer = re.search(r'href="(/pemberi-kerja/[A-Z0-9]+)"', supervisor.get(flag).text)
    assert employer is not None

    page = supervisor.get(f"{employer[1]}?pada={TODAY}")

    assert f'href="{flag}?pada={TODAY}"' in page.text
