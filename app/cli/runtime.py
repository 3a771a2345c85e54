"""What every command needs: settings, database, the operator, one sentence when it goes wrong."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Self

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.accounts.schemas import Principal
from app.errors import AppError, Invalid, Refused
from app.infra import clock, embedded, log
from app.infra import settings as settings_module
from app.infra.database import Database, open_database
from app.infra.settings import DEFAULT_ZONE, Settings
from app.infra.store import ObjectStore, open_store
from app.infra.wording import N_, sentence, translate

REFUSED = 1
CLI_ACTOR = "system:cli"

err = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Runtime:
    """An open installation: schema up to date, head office present."""

    settings: Settings
    database: Database
    store: ObjectStore


def open_runtime() -> Runtime:
    """Open the installation that the environment names, making it on first use.

    Raises:
        AppError: a setting is wrong, or the database cannot be reached.
    """
    settings = settings_module.from_environ()
    log.configure(settings.log_level)
    if settings.database_url is None and embedded.will_make_user():
        err.print(
            translate(
                N_(
                    "PostgreSQL tidak berjalan sebagai root: pengguna sistem “{user}” dibuat, dan "
                    "folder di atas {folder} dapat dibaca olehnya."
                ),
                settings_module.language(),
                user=embedded.SERVER_USER,
                folder=settings.data_dir,
            ),
            markup=False,
        )
    database = open_database(settings)
    database.migrate()
    with database.transaction() as session:
        accounts_service.ensure_head_office(session, now=clock.now(), actor=CLI_ACTOR)
    return Runtime(settings=settings, database=database, store=open_store(settings))


@contextmanager
def refusals(language: str) -> Iterator[None]:
    """Turn every anticipated no into one sentence on standard error and exit code 1."""
    try:
        yield
    except AppError as error:
        complain(error, language)
        raise typer.Exit(REFUSED) from error
    except KeyboardInterrupt as error:
        err.print(translate(N_("Dihentikan; tidak ada yang tersimpan setengah."), language))
        raise typer.Exit(REFUSED) from error


def complain(error: AppError, language: str) -> None:
    err.print(sentence(error, language), markup=False)
    items = error.fields if isinstance(error, Invalid) else ()
    if isinstance(error, Refused):
        items = error.missing
    for item in items:
        place = f"{item.field}: " if item.field else ""
        err.print(f"- {place}{sentence(item, language)}", markup=False)


def acting(session: Session, email: str | None) -> Principal:
    """Return the named person to act for, else the operator of this machine."""
    if email is None:
        return accounts.operator(session)
    return accounts.principal_by_email(session, email=email)


def parse_day(text: str | None, option: str) -> date | None:
    """Return the day, or None when the option was not given.

    Raises:
        Invalid: it is not a day of the form YYYY-MM-DD.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(
            "{option}: “{value}” bukan tanggal; tulis YYYY-MM-DD, misalnya 2026-11-23.",
            option=option,
            value=text,
        ) from error


def legal_today() -> date:
    return clock.today(DEFAULT_ZONE)


def print_json(document: object) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")


class ProgressBar:
    """Shows long work on a terminal; silent in a pipe."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=err,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def report(self, label: str, done: int, total: int) -> None:
        if self._task is None:
            self._task = self._progress.add_task(label, total=total)
        self._progress.update(self._task, description=label, completed=done, total=total)
