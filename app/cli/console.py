"""The terminal: one sentence when it goes wrong, JSON when asked, progress only for people."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from app.errors import AppError, Invalid, Unavailable, particulars
from app.infra import settings
from app.infra.wording import N_, sentence, translate

REFUSED: Final = 1
MISUSED: Final = 2

err = Console(stderr=True, highlight=False, soft_wrap=True)
out = Console(highlight=False, soft_wrap=True)


class WrongUsage(Invalid):
    """An option has a value that it never takes."""

    code = "wrong-usage"


@contextmanager
def refusals() -> Iterator[None]:
    """Turn every anticipated no into one sentence on standard error and exit code 1, or 2."""
    try:
        yield
    except WrongUsage as error:
        complain(error)
        raise typer.Exit(MISUSED) from error
    except AppError as error:
        complain(error)
        raise typer.Exit(REFUSED) from error
    except KeyboardInterrupt as error:
        warn(N_("Dihentikan; tidak ada yang tersimpan setengah."))
        raise typer.Exit(REFUSED) from error


def complain(error: AppError) -> None:
    """Print the sentence of the error and, beneath it, each field or each missing thing."""
    language = settings.language()
    err.print(sentence(error, language), markup=False)
    items = particulars(error)
    for item in items:
        if len(items) > 1 or sentence(item, language) != sentence(error, language):
            err.print(f"- {sentence(item, language)}", markup=False)


def say(template: str, /, **values: object) -> None:
    """Print a sentence for a person on standard output."""
    out.print(translate(template, settings.language(), **values), markup=False)


def warn(template: str, /, **values: object) -> None:
    """Print a sentence for a person on standard error."""
    err.print(translate(template, settings.language(), **values), markup=False)


def parse_day(text: str | None, option: str) -> date | None:
    """Return the day, or None when the option was not given.

    Raises:
        WrongUsage: it is not a day of the form YYYY-MM-DD.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage(
            "{option}: “{value}” bukan tanggal; tulis YYYY-MM-DD, misalnya 2026-11-23.",
            option=option,
            value=text,
        ) from error


@contextmanager
def written(path: Path) -> Iterator[None]:
    """Turn what the system says about a file we write into a sentence that names it.

    Raises:
        Unavailable: it cannot be written: no such folder, no right, no space.
    """
    try:
        yield
    except OSError as error:
        raise Unavailable(
            "{path} tidak dapat ditulis ({reason}); pilih tempat lain atau kosongkan ruang.",
            path=path,
            reason=error.strerror or type(error).__name__,
        ) from error


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
