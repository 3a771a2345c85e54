"""The figures of a case: why they changed since a paper, and estimates of what is not billed."""

import re
from html import unescape

from httpx2 import Response

from tests.web.conftest import TODAY, Browser, words
from tests.web.finding import opened_case
from tests.web.test_cases import take


def test_a_case_says_why_its_arrears_changed_since_its_letter(supervisor: Browser) -> None:
    case = opened_case(supervisor, "PIUTANG")
    nothing = words(supervisor.get(f"{case}/angka"))
    take(supervisor, case, "send_notice", on=TODAY.isoformat(), letter="B/1/2026",
         kind="salinan_surat")  # fmt: skip

    page = supervisor.get(f"{case}/angka")
    wrong = supervisor.get(f"{case}/angka?since=langkah-99")

    assert "Belum ada surat, laporan, atau berkas bertanggal" in nothing
    assert f'href="{case}/angka" aria-current="page"' in page.text
    assert "Surat Penagihan B/1/2026, 20 November 2026" in words(page)
    assert "Jumlahnya sama" in words(page)
    assert wrong.status_code == 422
    assert '<a href="#since">' in wrong.text
    assert "langkah-99” (Bandingkan hari ini dengan) tidak ada pada kasus ini" in words(wrong)


def calculator_of(page: Response) -> str:
    found = re.search(r'href="(/kalkulator/perkiraan\?[^"]+)"', page.text)
    assert found is not None
    return unescape(found[1])


def test_an_estimate_of_a_case_asks_for_what_nobody_knows_and_bears_its_label(
    supervisor: Browser,
) -> None:
    case = opened_case(supervisor, "PWBD")

    asking = supervisor.get(f"{case}/angka")
    told = supervisor.get(f"{case}/angka?scale=kecil&jkk_class=2")
    wrong = supervisor.get(f"{case}/angka?scale=raksasa&jkk_class=2")
    prepared = supervisor.get(calculator_of(asking))

    assert "belum terdaftar, jadi belum ada tagihan" in words(asking)
    assert "belum diketahui; pilih untuk memperkirakan" in words(asking)
    assert "Rp" not in words(asking).split("Perkiraan yang belum pernah")[1].split("sebulan")[1]
    assert "perkiraan, bukan tagihan Rp" in words(told)
    assert "Cara Iuran penuh tiap pekerja yang belum terdaftar" in words(told)
    assert re.search(r'<option value="kecil" selected>', told.text)
    assert wrong.status_code == 422
    assert '<a href="#scale">Skala usaha “raksasa” tidak ada' in wrong.text
    assert prepared.status_code == 200
    assert "Kesalahan:" not in prepared.text
    assert '<a href="#scale">Skala usaha</a>' in prepared.text
    assert '<a href="#jkk_class">Tingkat risiko JKK</a>' in prepared.text
    assert re.search(r'name="workers"[^>]*>[^<]+; \d+; ', prepared.text)
    again = supervisor.get(calculator_of(told))
    total = re.search(r'tile__value">(Rp[\d.]+)', told.text)
    assert total is not None
    assert f'tile__value">{total[1]}<' in again.text
