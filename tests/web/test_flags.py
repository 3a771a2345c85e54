"""Pages of flags: the list, one flag, and what a person decides about it."""

import re

import pytest

from tests.web.conftest import TODAY, Browser, Visit, words
from tests.web.finding import first_flag, version_of
from tests.web.test_cases import take


def test_flags_are_narrowed_by_their_address_and_opened_with_it(supervisor: Browser) -> None:
    page = supervisor.get("/temuan?aturan=PIUTANG&urut=rupiah")

    assert "Menunggak iuran" in words(page)
    assert 'href="/temuan?urut=rupiah"' in page.text
    assert re.search(r'href="/temuan/\d+\?aturan=PIUTANG&amp;urut=rupiah"', page.text)


def test_a_flag_shows_its_sentence_its_numbers_and_its_rows_without_any_nik(
    supervisor: Browser,
) -> None:
    listed = supervisor.get("/temuan").text
    pages = [supervisor.get(found) for found in re.findall(r'href="(/temuan/\d+)"', listed)]

    for page in pages:
        assert "Baris data yang mendasari" in words(page)
        assert "Seberapa yakin" in words(page)
        assert not re.search(r'data-label="NIK"><span>\d', page.text)
        assert not re.search(r"<dt>NIK</dt><dd>\d", page.text)
    assert any("············" in page.text for page in pages)


def test_a_declined_flag_needs_a_reason_and_leads_to_the_next_one(supervisor: Browser) -> None:
    flag = first_flag(supervisor, "PIUTANG")
    version = version_of(supervisor, flag)
    refused = supervisor.post(f"{flag}/tolak", {"versi": version, "alasan_tolak": ""})
    assert refused.status_code == 422
    assert '<a href="#alasan_tolak">' in refused.text

    declined = supervisor.post(
        f"{flag}/tolak",
        {"versi": version, "alasan_tolak": "Sudah dibayar.", "lanjut": "urut=rupiah"},
    )

    location = declined.headers["location"]
    assert location.startswith("/temuan/")
    assert "urut=rupiah" in location
    assert not location.startswith(f"{flag}?")
    assert "Sudah dibayar." in words(supervisor.get(flag))
    again = supervisor.post(f"{flag}/buka-lagi", {"versi": version_of(supervisor, flag)})
    assert again.headers["location"] == f"{flag}?kabar=tinjau"


def test_a_reason_that_is_too_short_is_said_beside_its_own_field(supervisor: Browser) -> None:
    flag = first_flag(supervisor, "PIUTANG")

    refused = supervisor.post(
        f"{flag}/tolak", {"versi": version_of(supervisor, flag), "alasan_tolak": "ya"}
    )

    assert '<a href="#alasan_tolak">' in refused.text
    assert 'id="alasan_tolak-kesalahan"' in refused.text


def test_a_snoozed_flag_rests_until_a_day_to_come(supervisor: Browser) -> None:
    flag = first_flag(supervisor, "PWBD")
    version = version_of(supervisor, flag)
    form = {"versi": version, "until": "2026-11-20", "alasan_tunda": "Menunggu data DJP."}
    assert supervisor.post(f"{flag}/tunda", form).status_code == 422

    supervisor.post(f"{flag}/tunda", {**form, "until": "2026-12-20"})

    assert "Ditunda" in words(supervisor.get(flag))


@pytest.mark.parametrize(
    ("action", "day", "reason"),
    [("tunda", "until", "alasan_tunda"), ("kecualikan", "exception_until", "alasan_kecuali")],
)
def test_a_day_too_far_off_is_refused_beside_its_field_with_the_latest_one(
    supervisor: Browser, action: str, day: str, reason: str
) -> None:
    flag = first_flag(supervisor, "PWBD")
    form = {"versi": version_of(supervisor, flag), reason: "Menunggu data DJP."}

    refused = supervisor.post(f"{flag}/{action}", {**form, day: "2099-12-31"})

    assert refused.status_code == 422
    assert f'<a href="#{day}">Pilih tanggal paling lambat 20 November 2027;' in refused.text
    assert re.search(
        rf'id="{day}" name="{day}" type="date" value="2099-12-31"[^>]* max="2027-11-20"',
        refused.text,
    )
    assert "Menunggu data DJP.</textarea>" in refused.text


def test_an_accepted_flag_becomes_a_case_and_a_second_click_finds_the_same(
    supervisor: Browser,
) -> None:
    flag = first_flag(supervisor, "PIUTANG")
    supervisor.get(flag)

    first = supervisor.post(f"{flag}/terima")
    second = supervisor.post(f"{flag}/terima")

    assert first.headers["location"].startswith("/kasus/PTH-J05-2026-00001")
    assert second.headers["location"] == first.headers["location"]
    assert "Buka kasus PTH-J05-2026-00001" in words(supervisor.get(flag))


def test_a_flag_whose_case_was_closed_shows_it_and_can_be_raised_at_once(
    supervisor: Browser, visit: Visit
) -> None:
    flag = first_flag(supervisor, "PIUTANG")
    supervisor.get(flag)
    case = supervisor.post(f"{flag}/terima").headers["location"].split("?")[0]
    assert "Program wajib" in words(supervisor.get(case))
    asked = take(supervisor, case, "close", on=TODAY.isoformat(), kind="bukti_bayar",
                 reason="LUNAS")  # fmt: skip
    assert asked.headers["location"] == f"{case}?kabar=usul", words(asked)
    head = visit("kepala")
    address = re.search(r'action="([^"]+/usulan/\d+)"', head.get(case).text)
    assert address is not None
    head.post(address[1], {"putusan": "setuju"})

    page = words(supervisor.get(flag))
    assert "Kasus yang sudah ditutup PTH-J05-2026-00001 Ditutup 20 November 2026: Lunas" in page
    assert "Potret data berikutnya menilai temuan ini kembali" in page
    assert "Buka kasus PTH-J05-2026-00001" not in page
    supervisor.post(f"{flag}/buka-lagi", {"versi": version_of(supervisor, flag)})

    page = words(supervisor.get(flag))
    assert "Terima dan buka kasus" in page
    assert "Ditutup 20 November 2026: Lunas" in page
