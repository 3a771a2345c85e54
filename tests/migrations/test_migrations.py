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
