"""Fixtures every test may use: one embedded PostgreSQL, a migrated template, a fresh copy each."""

import itertools
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.infra import embedded
from app.infra.database import Database, sqlalchemy_url
from app.infra.settings import Settings
from app.infra.store import ObjectStore

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
_names = itertools.count()


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A throw-away server for this test process."""
    with tempfile.TemporaryDirectory(prefix="patuh-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield embedded.start(Path(folder))


@pytest.fixture(scope="session")
def template_url(server_url: str) -> str:
    """A migrated database that others are copied from; nothing may stay connected to it."""
    url = create_database(server_url, "template_patuh", "template1")
    database = Database(url)
    database.migrate()
    database.dispose()
    return url


@pytest.fixture
def database(server_url: str, template_url: str) -> Iterator[Database]:
    """A migrated, empty database of its own: for tests that commit."""
    del template_url
    name = f"test_{next(_names)}"
    database = Database(create_database(server_url, name, "template_patuh"))
    yield database
    database.dispose()
    create_database(server_url, name, None)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session on a fresh database, rolled back at the end."""
    with Session(database.engine, expire_on_commit=False) as session:
        yield session
        session.rollback()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        database_url=None,
        store_url=None,
        base_url="http://127.0.0.1:8000",
        allowed_hosts=("127.0.0.1", "localhost", "testserver"),
        log_level="warning",
        duckdb_memory="1GB",
        demo_accounts=False,
    )


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "blobs")


@pytest.fixture
def now() -> datetime:
    return NOW


def create_database(server_url: str, name: str, template: str | None) -> str:
    """Make `name` anew as a copy of `template`, or only drop it; return its address."""
    _execute(server_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    if template is not None:
        _execute(server_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    return sqlalchemy_url(server_url).set(database=name).render_as_string(hide_password=False)


def _execute(server_url: str, statement: str) -> None:
    engine = sa.create_engine(sqlalchemy_url(server_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()
