"""Assembles the commands; their names are a contract (product.md)."""

import typer

from app.cli import calculate, casework, operations, people, quickstart, registry

app = typer.Typer(
    name="patuh",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Patuh: pelacak kasus penegakan kepatuhan jaminan sosial ketenagakerjaan.",
)
app.command("demo")(registry.demo)
app.command("import")(registry.import_extracts)
app.command("sweep")(registry.sweep)
app.add_typer(registry.flags, name="flags")
app.command("packet")(casework.packet)
app.command("verify")(casework.verify)
app.command("calculate")(calculate.calculate)
app.command("serve")(operations.serve)
app.command("worker")(operations.worker)
app.command("start")(quickstart.start)
app.add_typer(people.users, name="user")
app.add_typer(people.tokens, name="token")
app.command("backup")(operations.backup)
app.command("restore")(operations.restore)
app.add_typer(operations.audits, name="audit")


def main() -> None:
    """Run the command line."""
    app()
