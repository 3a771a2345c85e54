"""Prints the SQL of every migration, for the linter of migrations."""

from alembic import command

from app.infra.database import alembic_config

command.upgrade(alembic_config("postgresql://"), "head", sql=True)
