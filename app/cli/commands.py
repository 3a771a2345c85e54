"""Assembles the commands; their names are a contract (product.md)."""

import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final, cast

import typer

from app.cli.console import warn
from app.infra.wording import N_

# fmt: off
# name: where it lives. Loaded only when called: a calculation must not wait for a web server.
COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "demo":      ("app.cli.demo",       "demo"),
    "import":    ("app.cli.registry",   "import_extracts"),
    "sweep":     ("app.cli.detection",  "sweep"),
    "packet":    ("app.cli.packets",    "packet"),
    "verify":    ("app.cli.packets",    "verify"),
    "calculate": ("app.cli.calculate",  "calculate"),
    "serve":     ("app.cli.operations", "serve"),
    "worker":    ("app.cli.operations", "worker"),
    "start":     ("app.cli.quickstart", "start"),
    "backup":    ("app.cli.operations", "backup"),
    "restore":   ("app.cli.operations", "restore"),
}
GROUPS: Final[Mapping[str, tuple[str, str]]] = {
    "flags":     ("app.cli.detection",  "flags"),
    "user":      ("app.cli.people",     "users"),
    "token":     ("app.cli.people",     "tokens"),
    "audit":     ("app.cli.operations", "audits"),
    "snapshots": ("app.cli.snapshots",  "snapshots"),
    "statistics": ("app.cli.statistics", "statistics"),
    "corrections": ("app.cli.corrections", "corrections"),
}
# fmt: on


def main() -> None:
    """Run the command line."""
    named = sys.argv[1] if len(sys.argv) > 1 else ""
    known = named in COMMANDS or named in GROUPS
    try:
        command_line({named} if known else {*COMMANDS, *GROUPS})()
    except Exception as error:  # noqa: BLE001 - the edge: the trace to a file, a sentence to people
        _report(error)
        sys.exit(1)


def _report(error: Exception) -> None:
    with tempfile.NamedTemporaryFile(
        "w", prefix="patuh-", suffix=".log", encoding="utf-8", delete=False
    ) as file:
        traceback.print_exception(error, file=file)
    warn(
        N_(
            "Gangguan yang tidak terduga ({kind}); yang belum selesai tidak disimpan. "
            "Rinciannya ada di {path}; kirimkan kepada administrator."
        ),
        kind=type(error).__name__,
        path=file.name,
    )


def command_line(names: set[str]) -> typer.Typer:
    """Return the command line with these commands only."""
    app = typer.Typer(
        name="patuh",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="Patuh: pelacak kasus penegakan kepatuhan jaminan sosial ketenagakerjaan.",
    )
    app.callback()(_root)
    for name, place in COMMANDS.items():
        if name in names:
            app.command(name)(_load(place))
    for name, place in GROUPS.items():
        if name in names:
            app.add_typer(cast("typer.Typer", _load(place)), name=name)
    return app


def _root() -> None:
    """Patuh: pelacak kasus penegakan kepatuhan jaminan sosial ketenagakerjaan."""


def _load(place: tuple[str, str]) -> Callable[..., Any] | Any:  # noqa: ANN401 - a command or a group
    module, name = place
    return getattr(import_module(module), name)
