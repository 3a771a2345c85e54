"""The application on a fresh database, two branches, tokens of any role."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.permissions import TOKEN_SCOPES
from app.accounts.schemas import OfficeView
from app.infra.database import Database
from app.infra.settings import Settings
from app.infra.store import ObjectStore
from app.main import create_app
from app.web import deps
from tests.web.api.agency import NOW, Agency, Done, do_the_job, open_agency

PASSWORD = "kata-sandi-untuk-uji"
BRANCHES = ("JKT01", "BDG01")
ALL_SCOPES = tuple(TOKEN_SCOPES)

Call = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def agency(
    server_url: str, template_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Agency]:
    del template_url
    with open_agency(server_url, tmp_path_factory.mktemp("agency"), name="whole_job") as agency:
        yield agency


@pytest.fixture(scope="session")
def done(agency: Agency) -> Done:
    """What the whole job made; tests that read it must not change it."""
    with time_machine.travel(NOW, tick=True):
        return do_the_job(agency)


@pytest.fixture
def app(database: Database, settings: Settings, store: ObjectStore, now: datetime) -> FastAPI:
    app = create_app(settings=settings, database=database, store=store)
    app.dependency_overrides[deps.now] = lambda: now
    return app


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app)


@pytest.fixture
def offices(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        head = accounts.ensure_head_office(session, now=now, actor="test")
        for code in BRANCHES:
            accounts.save_office(session, office=_branch(code, head), now=now, actor="test")


@pytest.fixture
def token(database: Database, offices: None, now: datetime) -> Call:
    """Return the headers of a new token: of a role at an office, or of nobody."""
    known: set[str] = set()

    def make(
        role: str | None = "supervisor",
        *,
        office: str = "JKT01",
        scopes: tuple[str, ...] = ALL_SCOPES,
        days: int = 30,
    ) -> dict[str, str]:
        owner = None if role is None else f"{role}.{office.lower()}@example.id"
        with database.transaction() as session:
            if owner is not None and owner not in known:
                known.add(owner)
                accounts.add_user(
                    session,
                    email=owner,
                    name=f"{role} {office}",
                    role=str(role),
                    office_code=office,
                    password=PASSWORD,
                    title="Petugas",
                    now=now,
                    actor="test",
                )
            secret = accounts.create_token(
                session,
                name="uji",
                scopes=scopes,
                office_code=office,
                owner_email=owner,
                days=days,
                now=now,
                actor="test",
            )
        return {"Authorization": f"Bearer {secret}"}

    return make


def _branch(code: str, parent: str) -> OfficeView:
    return OfficeView(
        code=code,
        name=f"Kantor Cabang {code}",
        kind="cabang",
        parent_code=parent,
        zone="Asia/Jakarta",
        city="Jakarta",
        address="Jalan Merdeka 1",
        phone="021-1",
        email=f"{code.lower()}@example.id",
        head_name="Kepala",
        head_title="Kepala Kantor Cabang",
        prosecutor_office="Kejaksaan Negeri",
        complete=True,
    )
