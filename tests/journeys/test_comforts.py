"""What people on slow lines, keyboards and old browsers rely on."""

import pytest
from playwright.sync_api import Browser, Response, expect

from app.accounts.demonstration import DEMO_PASSWORD
from tests.journeys.conftest import WIDTHS, Open

HEAVIEST_PAGE_BYTES = 150_000


def test_everything_is_reached_without_javascript(chromium: Browser, address: str) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(f"{address}/temuan")
    page.get_by_label("Surel dinas").fill("hukum@demo.patuh.example")
    page.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page).to_have_url(f"{address}/temuan")
    page.get_by_label("Nama, NPP, NPWP, atau NIB").fill("baja")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("link", name="Hapus saringan “baja”")).to_be_visible()
    page.locator("details.account summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Flags", exact=True)).to_be_visible()
    context.close()


def test_the_first_visit_fits_a_metered_line(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    answers: list[Response] = []

    def heard(answer: Response) -> None:
        answers.append(answer)

    page.on("response", heard)

    page.goto(f"{address}/masuk", wait_until="networkidle")

    sizes = {one.url: one.request.sizes()["responseBodySize"] for one in answers}
    assert sum(sizes.values()) < HEAVIEST_PAGE_BYTES, sizes
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_refused_form_moves_the_focus_to_what_is_wrong(visitor: Open, width: int) -> None:
    person = visitor(width)
    person.sign_in("pemeriksa")
    person.go("/kasus/baru")

    person.press("Buka kasus")

    page = person.page
    expect(page.locator("#ringkasan-kesalahan")).to_be_focused()
    page.get_by_role("link", name="Isi nama pemberi kerja.").click()
    expect(page.get_by_label("Nama pemberi kerja")).to_be_focused()
    assert page.title().startswith("Kesalahan:")


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_before_any_data_say_what_to_do_and_hold_no_barrier(
    visitor: Open, width: int
) -> None:
    person = visitor(width)
    person.sign_in("penyelia")

    for path in ("/", "/temuan", "/kasus", "/pemberi-kerja", "/impor", "/kalkulator", "/tidak-ada"):
        person.go(path)

    person.go("/kalkulator/tenggat/sertifikat?from=2026-03-13&count=10&unit=working_days")
    expect(person.page.get_by_role("heading", name="Sertifikat tenggat")).to_be_visible()
    person.go("/kalkulator/iuran?month=2026-03&wage=12000000&jkk_class=2&scale=menengah")
    # From the outside in: what lies inside a closed fold cannot be pressed.
    while (closed := person.page.locator("main details:not([open]) > summary:visible")).count():
        closed.first.click()
    person.judge()
    expect(person.page.get_by_text("Rp1.117.389").first).to_be_visible()


def test_the_skip_link_is_the_first_stop_of_the_keyboard(visitor: Open) -> None:
    person = visitor(1280)
    person.sign_in("pemeriksa")

    person.page.keyboard.press("Tab")

    expect(person.page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    person.page.keyboard.press("Enter")
    expect(person.page.locator("#isi")).to_be_focused()
