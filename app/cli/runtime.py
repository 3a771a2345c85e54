"""An open installation: settings read, database up to date, calendar and head office present."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.accounts.schemas import Principal
from app.cases.holidays import seed_calendar
from app.cli.console import warn
from app.infra import clock, embedded, log, settings
from app.infra.database import Database, open_database
from app.infra.settings import DEFAULT_ZONE, Settings
from app.infra.store import ObjectStore, open_store
from app.infra.wording import N_
from app.registry import origin

CLI_ACTOR: Final = "system:cli"


@dataclass(frozen=True, slots=True)
class Runtime:
    settings: Settings
    database: Database
    store: ObjectStore


@contextmanager
def open_runtime() -> Iterator[Runtime]:
    """Lend the installation that the environment names, making it on first use.

    Raises:
        AppError: a setting is wrong, or the database cannot be reached.
    """
    found = settings.from_environ()
    log.configure(found.log_level)
    origin.declare(found.snapshots_dir, found.snapshots_url)
    if found.database_url is None and embedded.will_make_user():
        warn(
            N_(
                "PostgreSQL tidak berjalan sebagai root: pengguna sistem “{user}” dibuat, dan "
                "folder di atas {folder} dapat dibaca olehnya."
            ),
            user=embedded.SERVER_USER,
            folder=found.data_dir,
        )
    database = open_database(found)
    try:
        database.migrate()
        with database.transaction() as session:
            now = clock.now()
            # Two commands at once on a fresh installation must not both make its head office.
            session.connection().execute(sa.text("SELECT pg_advisory_xact_lock(7208)"))
            accounts_service.ensure_head_office(session, now=now, actor=CLI_ACTOR)
            seed_calendar(session, now=now)
        yield Runtime(settings=found, database=database, store=open_store(found))
    finally:
        database.dispose()


def acting(session: Session, email: str | None) -> Principal:
    """Return the named person to act for, else the operator of this machine."""
    if email is None:
        return accounts.operator(session)
    return accounts.principal_by_email(session, email=email)


def legal_today() -> date:
    return clock.today(DEFAULT_ZONE)
