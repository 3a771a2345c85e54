"""Runs migrations on the connection that app.infra.database hands over, or prints their SQL."""

import sqlalchemy as sa
from alembic import context

import app.registered_tables
from app.infra.database import sqlalchemy_url
from app.infra.tables import METADATA

assert app.registered_tables.ROOMS  # noqa: S101 - importing it is what declares the tables


def include_name(name: str | None, kind: str, parent_names: dict[str, str | None]) -> bool:
    """Leave the job queue's own tables to its own schema file."""
    del parent_names
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def run() -> None:
    if context.is_offline_mode():
        context.configure(url="postgresql+psycopg://", target_metadata=METADATA, literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    connection = context.config.attributes.get("connection")
    if connection is None:
        url = context.config.attributes["url"]
        connection = sa.create_engine(sqlalchemy_url(url)).connect()
    connection.execute(sa.text("SET statement_timeout = '10min'"))
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_name=include_name,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
