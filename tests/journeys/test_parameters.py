"""A value of law: proposed by one person, seen in its reach, put in force by another."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import WIDTHS, Open


@pytest.mark.parametrize("width", WIDTHS)
def test_two_people_add_a_value_of_law(visitor: Open, width: int) -> None:
    admin, lawyer = visitor(width), visitor(width)
    admin.sign_in("admin")
    admin.go("/parameter")
    admin.follow("batas upah JP")
    admin.press("Periksa apa yang berubah")
    expect(admin.page.locator("#ringkasan-kesalahan")).to_be_focused()
    admin.page.get_by_label("Nilai baru", exact=True).fill("11.640.600")
    # Each width has a day of its own: both run against one database.
    admin.page.get_by_label("Berlaku sejak").fill(f"2099-03-{1 + (width > 640):02}")
    admin.page.get_by_label("Peraturan atau surat").fill("Surat pengumuman 2099")
    admin.page.get_by_label("Dibaca di").fill("Salinan surat pada berkas kantor pusat")
    admin.press("Periksa apa yang berubah")
    expect(admin.page.get_by_role("heading", name="Yang akan berubah")).to_be_visible()
    admin.press("Usulkan nilai ini")
    address = admin.page.url.split("?")[0]

    lawyer.sign_in("hukum")
    lawyer.go("/" + address.split("/", 3)[3])
    lawyer.press("Setujui nilai ini")

    expect(lawyer.page.get_by_text("Nilai disetujui")).to_be_visible()
