"""The application with people of every role, and browsers that stand for them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from html import unescape
from io import BytesIO

import pikepdf
import pytest
import structlog
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from structlog.typing import EventDict

from app.accounts import permissions
from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.accounts.schemas import OfficeView, Principal
from app.demo import RegionReport, write_region
from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.jobs import tasks
from app.jobs.tasks import JobContext
from app.main import create_app

TODAY = date(2026, 11, 20)
PASSWORD = "kata-sandi-untuk-uji"
OFFICE = "J05"
ELSEWHERE = "M01"
PEOPLE = {
    "pemeriksa": (permissions.INSPECTOR, OFFICE, "Ratna Wulandari"),
    "penyelia": (permissions.SUPERVISOR, OFFICE, "Hendra Gunawan"),
    "kepala": (permissions.BRANCH_HEAD, OFFICE, "Sri Lestari"),
    "hukum": (permissions.LEGAL_OFFICER, OFFICE, "Maria Simanjuntak"),
    "asing": (permissions.INSPECTOR, ELSEWHERE, "Togar Siahaan"),
    "auditor": (permissions.AUDITOR, "PST", "Agus Prasetyo"),
    "admin": (permissions.ADMINISTRATOR, "PST", "Dewi Anggraini"),
}
Upload = tuple[str, bytes, str]


class Browser:
    """A person's browser: keeps the cookie, sends the form token, reads what the page says."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self._csrf = ""

    def get(self, path: str, *, follow: bool = False) -> Response:
        response = self.client.get(path, follow_redirects=follow)
        self._remember(response)
        return response

    def post(
        self,
        path: str,
        data: Mapping[str, object] | None = None,
        files: Mapping[str, Upload] | Sequence[tuple[str, Upload]] | None = None,
    ) -> Response:
        sent = {"csrf_token": self._csrf, **(data or {})}
        response = self.client.post(path, data=sent, files=files, follow_redirects=False)
        self._remember(response)
        return response

    def _remember(self, response: Response) -> None:
        found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
        if found:
            self._csrf = found[1]


Visit = Callable[[str], Browser]


@pytest.fixture(autouse=True)
def _frozen_clock(now: datetime) -> Iterator[None]:
    """Pages ask what day it is; here it is always the 20th of November 2026."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture(autouse=True)
def _nothing_crashes(request: pytest.FixtureRequest) -> Iterator[None]:
    """A page that ends in the last resort fails its test, unless the test is about that."""
    crashes: list[str] = []

    def collect(_logger: object, _name: str, event: EventDict) -> EventDict:
        if event["event"] == "unexpected":
            crashes.append(str(event.get("exception", "")))
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.processors.format_exc_info, collect])
    yield
    structlog.reset_defaults()
    if request.node.get_closest_marker("crashes") is None:
        assert crashes == [], crashes[0]


@pytest.fixture
def people(database: Database, now: datetime) -> dict[str, Principal]:
    with database.transaction() as session:
        head = accounts_service.ensure_head_office(session, now=now, actor="test")
        for code, name in ((OFFICE, "Kantor Cabang Cikarang"), (ELSEWHERE, "Kantor Cabang Medan")):
            office = OfficeView(
                code=code, name=name, kind="cabang", parent_code=head, zone="Asia/Jakarta",
                city="Cikarang", address="Jl. Uji 1", phone="021-1", email="kc@contoh.test",
                head_name="Sri Lestari", head_title="Kepala Kantor Cabang",
                prosecutor_office="Kejaksaan Negeri Kabupaten Bekasi", complete=True,
            )  # fmt: skip
            accounts_service.save_office(session, office=office, now=now, actor="test")
        for key, (role, code, name) in PEOPLE.items():
            accounts_service.add_user(
                session, email=f"{key}@contoh.test", name=name, role=role, office_code=code,
                password=PASSWORD, now=now, actor="test", title="Jabatan",
            )  # fmt: skip
        return {
            key: accounts.principal_by_email(session, email=f"{key}@contoh.test") for key in PEOPLE
        }


@pytest.fixture
def app(
    settings: Settings, database: Database, store: ObjectStore, people: dict[str, Principal]
) -> FastAPI:
    return create_app(settings=settings, database=database, store=store)


@pytest.fixture
def anonymous(app: FastAPI) -> Browser:
    return Browser(TestClient(app))


@pytest.fixture
def visit(app: FastAPI) -> Visit:
    """Return a browser in which the person of that name has signed in."""

    def sign_in(key: str) -> Browser:
        browser = Browser(TestClient(app))
        response = browser.post("/masuk", {"email": f"{key}@contoh.test", "password": PASSWORD})
        assert response.status_code == 303, response.text
        browser.get("/")
        return browser

    return sign_in


def words(response: Response) -> str:
    """Return the text of a page, without tags and with single spaces."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def pdf(text: str) -> bytes:
    buffer = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = text
        document.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> RegionReport:
    return write_region(out=tmp_path_factory.mktemp("wilayah"), employers=90, seed=7, today=TODAY)


@pytest.fixture
def jobs(settings: Settings, database: Database, store: ObjectStore) -> JobContext:
    return JobContext(settings=settings, database=database, store=store)


@pytest.fixture
def supervisor(visit: Visit, region: RegionReport, jobs: JobContext) -> Browser:
    """A supervisor whose upload has been imported and swept."""
    browser = visit("penyelia")
    uploaded(browser, region)
    tasks.run_import(jobs, run_id=1)
    snapshot = re.search(r'name="potret" value="([0-9a-f]{16})"', browser.get("/impor/1").text)
    assert snapshot is not None
    answer = browser.post("/impor/temuan", {"potret": snapshot[1]})
    assert answer.headers["location"] == "/impor?kabar=deteksi"
    tasks.run_sweep(jobs, snapshot_id=snapshot[1], on=TODAY.isoformat(), actor="user:2")
    return browser


def uploaded(browser: Browser, region: RegionReport) -> None:
    browser.get("/impor")
    files: list[tuple[str, Upload]] = [
        ("berkas", (path.name, path.read_bytes(), "text/csv"))
        for path in region.files
        if path.name != "truth.csv"
    ]
    answer = browser.post("/impor", {"per_tanggal": TODAY.isoformat()}, files)
    assert answer.headers["location"] == "/impor/1", words(answer)
