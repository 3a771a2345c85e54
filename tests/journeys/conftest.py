"""The real program on a small region: served by its command, worked by its worker, in Chromium."""

import itertools
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from axe_core_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from app.accounts.demonstration import DEMO_PASSWORD
from app.demo import RegionReport, write_region
from app.demo.offices import furnish
from app.infra import clock
from app.infra.database import Database, sqlalchemy_url
from app.infra.settings import PROJECT_ROOT

CHROMIUM = "/usr/bin/chromium"
WIDTHS = (360, 1280)
EXTRACTS_OF = date(2026, 11, 20)
STARTS_WITHIN_SECONDS = 60
_numbers = itertools.count(1)
JUDGED: set[tuple[int, str]] = set()


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> RegionReport:
    return write_region(
        out=tmp_path_factory.mktemp("region"), employers=220, seed=7, today=EXTRACTS_OF
    )


@pytest.fixture(scope="module")
def address(
    server_url: str,
    template_url: str,
    region: RegionReport,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of a program that was just installed: people and offices, no data."""
    del template_url
    folder = tmp_path_factory.mktemp("program")
    name = f"journey_{next(_numbers)}"
    admin = sa.create_engine(sqlalchemy_url(server_url), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template_patuh"))
    url = sqlalchemy_url(server_url).set(database=name).render_as_string(hide_password=False)
    database = Database(url)
    with database.transaction() as session:
        furnish(session, offices=region.offices, now=clock.now())
    database.dispose()
    port = _free_port()
    try:
        with _served(url, port, folder):
            yield f"http://127.0.0.1:{port}"
    finally:
        with admin.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for one story: the event loop it keeps running would break other files."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visitor:
    """One person at one screen. Every page they land on is judged before they go on."""

    def __init__(self, page: Page, address: str, width: int) -> None:
        self.page = page
        self.address = address
        self.width = width
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    def sign_in(self, person: str) -> None:
        self.page.context.clear_cookies()
        self.go("/masuk")
        enter(self.page, person)
        self.judge()

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.judge()

    def press(self, name: str) -> None:
        self.page.locator("main").get_by_role("button", name=name, exact=True).first.click()
        self.judge()

    def follow(self, name: str) -> None:
        self.page.locator("main").get_by_role("link", name=name).first.click()
        self.judge()

    def judge(self) -> None:
        """Fail on what nobody should meet: a barrier, a sideways scroll, a small target."""
        self.page.wait_for_load_state()
        where = f"{self.page.url} at {self.width}px"
        assert "Gangguan pada sistem" not in self.page.title(), where
        spill = self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert spill <= 0, f"{where} scrolls sideways by {spill}px"
        assert self._barriers_unless_seen() == [], where
        assert self._small_targets() == [], where
        assert self.complaints == [], where

    def _barriers_unless_seen(self) -> list[str]:
        """Look for barriers once per kind of page, its state and screen: that takes a second."""
        headings = self.page.locator("main :is(h1, h2, summary)").all_inner_texts()
        state = f"{self.page.url.removeprefix(self.address)} {self.page.title()} {headings}"
        kind = (self.width, re.sub(r"\d+", "0", state))
        if kind in JUDGED:
            return []
        JUDGED.add(kind)
        return self._barriers()

    def _barriers(self) -> list[str]:
        self.page.evaluate(AXE_SCRIPT)
        found: dict[str, Any] = self.page.evaluate("() => axe.run()")
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]

    def _small_targets(self) -> list[str]:
        small: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll(
                '.button, .input, .sidenav a, .topbar button, .fold > summary, .tabs a')]
              .filter((one) => one.checkVisibility())
              .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect().height])
              .filter(([, height]) => height < 43.5)
              .map(([html, height]) => `${height}px: ${html}`)"""
        )
        return small

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.complaints.append(message.text)


Open = Callable[[int], Visitor]
OpenPlain = Callable[[str, str], Page]


def screen(chromium: Browser, address: str, width: int) -> Visitor:
    context = chromium.new_context(
        viewport={"width": width, "height": 740}, locale="id-ID", accept_downloads=True
    )
    return Visitor(context.new_page(), address, width)


def enter(page: Page, person: str) -> None:
    page.get_by_label("Surel dinas").fill(f"{person}@demo.patuh.example")
    page.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()


@pytest.fixture
def visitor(chromium: Browser, address: str) -> Iterator[Open]:
    opened: list[Visitor] = []

    def open_screen(width: int) -> Visitor:
        opened.append(screen(chromium, address, width))
        return opened[-1]

    yield open_screen
    for one in opened:
        one.page.context.close()


@pytest.fixture
def plain(chromium: Browser, address: str) -> Iterator[OpenPlain]:
    """A small screen without JavaScript, on which a person signed in on the way to a page."""
    contexts = []

    def open_plain(person: str, path: str) -> Page:
        context = chromium.new_context(
            java_script_enabled=False, viewport={"width": WIDTHS[0], "height": 740}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(address + path)
        enter(page, person)
        return page

    yield open_plain
    for context in contexts:
        context.close()


@contextmanager
def _served(url: str, port: int, folder: Path) -> Iterator[None]:
    inherited = os.environ  # noqa: TID251 - handed on to the program, never read
    environment = {**inherited, "DATABASE_URL": url, "PATUH_DATA": str(folder / "data")}
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--with-worker"],
            cwd=PROJECT_ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_until_it_answers(process, port)
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = clock.now().timestamp() + STARTS_WITHIN_SECONDS
    while clock.now().timestamp() < deadline:
        assert process.poll() is None, "the program ended; see server.log"
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/masuk", timeout=5).close()
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            continue
        return
    raise TimeoutError(process.args)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
