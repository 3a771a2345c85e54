"""`patuh user` and `patuh token`: accounts and API tokens."""

import secrets
from typing import Annotated

import typer

from app.accounts import permissions
from app.accounts import service as accounts
from app.cli.console import out, print_json, refusals, say
from app.cli.runtime import CLI_ACTOR, open_runtime
from app.infra import clock
from app.infra.wording import N_

users = typer.Typer(no_args_is_help=True, help="Pengguna yang masuk lewat peramban.")
tokens = typer.Typer(no_args_is_help=True, help="Token API untuk sistem lain.")


@users.callback()
def _users() -> None:
    """Pengguna yang masuk lewat peramban."""


@tokens.callback()
def _tokens() -> None:
    """Token API untuk sistem lain."""


@users.command("add")
def add_user(
    email: str,
    role: Annotated[str, typer.Option(help=", ".join(permissions.ROLES))],
    office: Annotated[str, typer.Option(help="Kode kantor")],
    name: Annotated[str | None, typer.Option(help="Nama lengkap")] = None,
    title: Annotated[str, typer.Option(help="Jabatan, dicetak pada surat")] = "",
) -> None:
    """Tambah pengguna; kata sandi awal dicetak sekali."""
    with refusals(), open_runtime() as runtime:
        password = secrets.token_urlsafe(15)
        with runtime.database.transaction() as session:
            accounts.add_user(
                session,
                email=email,
                name=name or email.split("@", maxsplit=1)[0],
                role=role,
                office_code=office,
                password=password,
                title=title,
                now=clock.now(),
                actor=CLI_ACTOR,
            )
    say(
        N_("{email} ditambahkan sebagai {role} di {office}. Kata sandi awal:"),
        email=email,
        role=role,
        office=office,
    )
    out.print(password, markup=False)


@tokens.command("create")
def create_token(
    name: str,
    scopes: Annotated[
        str, typer.Option(help="Dipisah koma: " + ", ".join(permissions.TOKEN_SCOPES))
    ],
    office: Annotated[str | None, typer.Option(help="Kode kantor; bawaan: kantor pusat")] = None,
    days: Annotated[int, typer.Option(help="Masa berlaku dalam hari, 1-365")] = 90,
    user: Annotated[
        str | None,
        typer.Option(
            help="Surel petugas yang diwakili; tanpa ini token tidak dapat mengambil langkah hukum"
        ),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Buat token API; dicetak sekali dan tidak disimpan."""
    with refusals(), open_runtime() as runtime, runtime.database.transaction() as session:
        token = accounts.create_token(
            session,
            name=name,
            scopes=scopes.split(","),
            office_code=office,
            owner_email=user,
            days=days,
            now=clock.now(),
            actor=CLI_ACTOR,
        )
    if as_json:
        print_json({"name": name, "token": token, "scopes": scopes.split(","), "days": days})
    else:
        out.print(token, markup=False)
