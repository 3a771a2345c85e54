"""What is sent to a page has a limit, and strangers send no files at all."""

from collections.abc import Iterator

import pytest

from app.web import bodies
from tests.web.conftest import Browser, Visit

SENTENCE = "Perkecil atau bagi isinya"


@pytest.mark.parametrize("path", ["/kasus/baru", "/akun/kata-sandi", "/masuk"])
def test_a_form_of_absurd_size_is_413_with_a_sentence(visit: Visit, path: str) -> None:
    browser = visit("admin")
    browser.get("/")

    answer = browser.post(path, {"note": "x" * bodies.TEXT})

    assert answer.status_code == 413
    assert SENTENCE in answer.text
    assert "<html" in answer.text


def test_a_form_without_a_declared_length_is_cut_off_too(visit: Visit) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(3):
            yield b"note=" + b"x" * 1_000_000

    browser = visit("pemeriksa")

    answer = browser.client.post(
        "/kasus/baru",
        content=pieces(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 413


def test_a_file_of_evidence_may_be_larger_than_a_form(visit: Visit) -> None:
    browser = visit("pemeriksa")
    browser.get("/")

    answer = browser.post(
        "/kasus/PTH-J05-2026-00001/bukti",
        {"kind": "foto"},
        files={"file": ("foto.jpg", b"x" * (bodies.TEXT + 1), "image/jpeg")},
    )

    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/masuk", "/bahasa", "/impor", "/kasus/X/bukti"])
def test_nobody_sends_a_file_before_signing_in(anonymous: Browser, path: str) -> None:
    answer = anonymous.post(path, {}, files={"berkas": ("a.csv", b"npp\n", "text/csv")})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/masuk")
