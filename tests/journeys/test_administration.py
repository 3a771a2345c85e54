"""An administrator lets somebody in, who chooses a password; every page of it is judged."""

import pytest
from playwright.sync_api import Browser, expect

from app.accounts.demonstration import DEMO_PASSWORD
from tests.journeys.conftest import WIDTHS, Open

OWN = "kata sandi yang saya pilih"


@pytest.mark.parametrize("width", WIDTHS)
def test_an_invited_person_gets_in_and_the_administrator_sees_it(visitor: Open, width: int) -> None:
    admin, newcomer = visitor(width), visitor(width)
    email = f"baru{width}@contoh.test"
    admin.sign_in("admin")
    admin.go("/administrasi")
    admin.follow("Tambah pengguna")
    admin.press("Tambah pengguna")
    expect(admin.page.locator("#ringkasan-kesalahan")).to_be_focused()
    admin.page.get_by_label("Surel dinas").fill(email)
    admin.page.get_by_label("Nama lengkap").fill("Orang Baru")
    admin.page.get_by_label("Peran").select_option("inspector")
    admin.press("Tambah pengguna")
    password = admin.page.locator(".secret").inner_text()

    newcomer.go("/masuk")
    newcomer.page.get_by_label("Surel dinas").fill(email)
    newcomer.page.get_by_label("Kata sandi").fill(password)
    newcomer.press("Masuk")
    newcomer.page.get_by_label("Kata sandi sementara").fill(password)
    newcomer.press("Ganti kata sandi")
    newcomer.page.get_by_label("Kata sandi sementara").fill(password)
    newcomer.page.get_by_label("Kata sandi baru", exact=True).fill(OWN)
    newcomer.page.get_by_label("Ulangi kata sandi baru").fill(OWN)
    newcomer.press("Ganti kata sandi")
    expect(newcomer.page.get_by_role("heading", name="Perlu tindakan saya")).to_be_visible()

    admin.follow("Lihat pengguna ini")
    admin.press("Nonaktifkan pengguna")
    newcomer.go("/kasus")
    expect(newcomer.page.get_by_role("heading", name="Masuk ke Patuh")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_administration_hold_no_barrier(visitor: Open, width: int) -> None:
    admin, auditor = visitor(width), visitor(width)
    admin.sign_in("admin")

    for path in (
        "/",
        "/administrasi/pengguna?peran=inspector",
        "/administrasi/pengguna?cari=tidak-ada-yang-begini",
        "/administrasi/pengguna/1",
        "/administrasi/kantor",
        "/administrasi/kantor/baru",
        "/administrasi/kantor/W03",
        "/administrasi/token",
        "/akun",
    ):
        admin.go(path)
    admin.go("/administrasi/token/baru")
    admin.press("Buat token")
    admin.page.get_by_label("Nama token").fill("SIPP")
    admin.page.locator("#scopes").check()
    admin.press("Buat token")
    admin.follow("Ke daftar token")
    admin.press("Cabut SIPP")
    auditor.sign_in("auditor")
    auditor.go("/jejak-audit")
    expect(auditor.page.get_by_text("Rantai utuh.")).to_be_visible()
    auditor.go("/jejak-audit?tindakan=user.added&hari=kemarin")


def test_the_trail_and_ones_own_account_need_no_javascript(chromium: Browser, address: str) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(f"{address}/jejak-audit")
    page.get_by_label("Surel dinas").fill("auditor@demo.patuh.example")
    page.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.get_by_label("Tindakan").select_option("user.added")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("link", name="Hapus saringan Pengguna ditambahkan")).to_be_visible()
    page.locator("details.account summary").click()
    page.get_by_role("link", name="Akun saya").click()
    expect(page.get_by_role("heading", name="Akun saya")).to_be_visible()
    context.close()
