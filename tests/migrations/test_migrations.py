"""Migrations: numbered, one head, there and back again, and equal to the declared tables."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import app.registered_tables
from app.infra.database import MIGRATIONS, Database, alembic_config
from app.infra.tables import METADATA
from tests.conftest import create_database

assert app.registered_tables.ROOMS


@pytest.fixture
def empty(server_url: str) -> Iterator[Database]:
    """A database without any tables."""
    database = Database(create_database(server_url, "empty_patuh", "template1"))
    yield database
    database.dispose()
    create_database(server_url, "empty_patuh", None)


def objects(database: Database) -> set[tuple[str, str]]:
    with database.engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT 'relation', c.relname FROM pg_class c "
                "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' "
                "AND c.relname <> 'alembic_version' AND c.relname NOT LIKE 'alembic_version%' "
                "UNION ALL SELECT 'function', p.proname FROM pg_proc p "
                "JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' "
                "UNION ALL SELECT 'type', t.typname FROM pg_type t "
                "JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = 'public' "
                "AND t.typname NOT LIKE '%alembic_version'"
            )
        )
        return {(kind, name) for kind, name in rows}


def run(database: Database, direction: str, revision: str) -> None:
    config = alembic_config(database.url)
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        getattr(command, direction)(config, revision)
        connection.commit()


def test_every_migration_is_numbered_and_the_head_file_names_the_last() -> None:
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    head = ScriptDirectory.from_config(alembic_config("postgresql://")).get_current_head()

    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z_]+\.py", name) for name in names)
    assert (MIGRATIONS / "head").read_text().strip() == head == names[-1][:4]


def test_up_down_up_leaves_the_same_schema_and_down_leaves_nothing(empty: Database) -> None:
    run(empty, "upgrade", "head")
    first = objects(empty)

    run(empty, "downgrade", "base")
    assert objects(empty) == set()

    run(empty, "upgrade", "head")
    assert objects(empty) == first


def test_the_declared_tables_are_what_the_migrations_make(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: (
                    not (kind == "table" and name.startswith("procrastinate_"))
                ),
                "compare_type": True,
            },
        )

        assert compare_metadata(context, METADATA) == []


def test_every_table_says_what_it_is_for() -> None:
    silent = [table.name for table in METADATA.sorted_tables if not table.comment]

    assert silent == []


def put(session: sa.Connection, table: str, **values: object) -> None:
    """Insert a row; what is not given and may not be null is empty."""
    columns = sa.inspect(session).get_columns(table)
    empty = {int: 0, str: "", bool: False, dict: "{}", object: "{}", list: "[]"}
    row = dict(values)
    for column in columns:
        kind = column["type"].python_type
        if column["name"] not in row and not column["nullable"] and column["name"] != "id":
            fallback = "2026-11-01" if "date" in kind.__name__ else empty[kind]
            row[column["name"]] = fallback
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    session.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row)  # noqa: S608 - names of our own tables


def test_flags_of_cases_closed_before_0007_are_let_go_by_reason(empty: Database) -> None:
    run(empty, "upgrade", "0006")
    reasons = {"K-1": "LUNAS", "K-2": "TIDAK_TERBUKTI", "K-3": "DIALIHKAN", "K-4": ""}
    with empty.engine.begin() as session:
        put(session, "office", code="J05", name="Cabang", kind="cabang")
        for number, reason in reasons.items():
            put(
                session, "case_file", number=number, office_code="J05", closed_reason=reason,
                stage="closed" if reason else "fine", closed_on="2026-11-20" if reason else None,
                next_state="none", violations=["PIUTANG"], employer_key=number,
            )  # fmt: skip
            for rule, seen in (("PIUTANG", True), ("PDS_TK", True), ("PWBD", False)):
                put(
                    session, "flag", rule=rule, subject=number, status="kasus", seen=seen,
                    case_number=number, confidence="tinggi", version=1,
                )  # fmt: skip

    run(empty, "upgrade", "0007")

    with empty.engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT subject, rule, status, status_before_gone, case_number, case_ended_on "
                "IS NOT NULL, decision_reason <> '' FROM flag ORDER BY subject, rule"
            )
        )
        found = {(row[0], row[1]): tuple(row[2:]) for row in rows}
    waits, declined = ("kasus", "", True, False), ("ditolak", "", "", False, True)
    gone, gone_declined = ("hilang", "", "", False, False), ("hilang", "ditolak", "", False, True)
    assert found == {
        ("K-1", "PIUTANG"): (waits[0], waits[1], "K-1", *waits[2:]),
        ("K-1", "PDS_TK"): (waits[0], waits[1], "K-1", *waits[2:]),
        ("K-1", "PWBD"): gone,
        ("K-2", "PIUTANG"): declined,
        ("K-2", "PDS_TK"): declined,
        ("K-2", "PWBD"): gone_declined,
        ("K-3", "PIUTANG"): declined,
        ("K-3", "PDS_TK"): (waits[0], waits[1], "K-3", *waits[2:]),
        ("K-3", "PWBD"): gone,
        ("K-4", "PIUTANG"): ("kasus", "", "K-4", False, False),
        ("K-4", "PDS_TK"): ("kasus", "", "K-4", False, False),
        ("K-4", "PWBD"): ("kasus", "", "K-4", False, False),
    }
