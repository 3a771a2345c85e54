"""What the tests of detection share: a registry to fill, a workbench, one question to ask."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.detection.engines.duckdb import workbench
from app.detection.findings import Finding
from app.detection.rules import RULES
from app.detection.settings import SHIPPED_EDITIONS, RuleSettings, Value, with_edition
from app.infra.database import Database
from tests.detection.scene import NOW, Scene
from tests.detection.snapshots import ON, Registry
from tests.detection.trying import Trying

Found = Callable[..., list[Finding]]


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with workbench(scratch=tmp_path / "scratch", memory="500MB") as bench:
        yield bench


@pytest.fixture
def found(registry: Registry, connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Found:
    """Return what one rule finds in the registry as it is now."""

    def ask(
        rule: str, *, on: date = ON, version: int = 1, values: Mapping[str, Value] | None = None
    ) -> list[Finding]:
        asked = [one for one in RULES if one.code == rule]
        edition = RuleSettings(rule, version=version, values=values or {})
        return registry.findings(
            tmp_path,
            connection,
            on=on,
            rules=asked,
            editions=with_edition(SHIPPED_EDITIONS, edition),
        )

    return ask


@pytest.fixture
def scene(session: Session, tmp_path: Path) -> Scene:
    return Scene(session, tmp_path / "snapshots")


@pytest.fixture
def trying(database: Database, tmp_path: Path) -> Iterator[Trying]:
    with Session(database.engine, expire_on_commit=False) as session:
        head = accounts_service.ensure_head_office(session, now=NOW, actor="test")
        roles = {"satu": "administrator", "dua": "legal_officer", "pengawas": "supervisor"}
        for key, role in roles.items():
            accounts_service.add_user(
                session, email=f"{key}@contoh.test", name=key.title(), role=role, office_code=head,
                password="rahasia panjang sekali", now=NOW, actor="test", title="Jabatan",
            )  # fmt: skip
        people = {
            key: accounts.principal_by_email(session, email=f"{key}@contoh.test") for key in roles
        }
        session.commit()
        yield Trying(database, session, Scene(session, tmp_path / "snapshots"), people)


def numbers(finding: Finding) -> dict[str, Any]:
    return dict(json.loads(finding.numbers))


def evidence(finding: Finding) -> list[dict[str, Any]]:
    return list(json.loads(finding.evidence))
