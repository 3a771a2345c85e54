"""`patuh user` and `patuh token`: accounts and API tokens."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from sqlmodel import Session

from app.accounts import directory, permissions
from app.accounts import service as accounts
from app.accounts.schemas import Invitation, PersonDetails, PersonEntry, PersonFilter
from app.cli.console import out, print_json, refusals, say
from app.cli.runtime import CLI_ACTOR, acting, open_runtime
from app.infra import clock
from app.infra.paging import LARGEST_PAGE
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
    """Tambah pengguna; kata sandi sementara dicetak sekali."""
    with refusals(), open_runtime() as runtime, runtime.database.transaction() as session:
        details = PersonDetails(
            name=name or email.split("@", maxsplit=1)[0],
            role=role,
            office_code=office,
            title=title,
            staff_number="",
        )
        invited = accounts.invite(
            session,
            principal=acting(session, None),
            email=email,
            details=details,
            seed=accounts.new_seed(),
            now=clock.now(),
        )
    say(
        N_("{email} ditambahkan sebagai {role} di {office}."),
        email=email,
        role=role,
        office=office,
    )
    _hand_over(invited)


@users.command("list")
def list_users(*, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Daftar pengguna: surel, nama, peran, kantor, keadaan."""
    with refusals(), open_runtime() as runtime, runtime.database.transaction() as session:
        found = list(_everybody(session))
    if as_json:
        print_json([{**asdict(one.user), "temporary_until": one.temporary_until} for one in found])
        return
    for one in found:
        user = one.user
        state = "aktif" if user.active else "nonaktif"
        out.print(
            f"{user.email}\t{user.name}\t{user.role}\t{user.office_code}\t{state}", markup=False
        )


@users.command("deactivate")
def deactivate_user(email: str) -> None:
    """Nonaktifkan pengguna dan akhiri sesinya."""
    with refusals(), open_runtime() as runtime, runtime.database.transaction() as session:
        principal = acting(session, None)
        user_id, version = accounts.user_id_of(session, principal=principal, email=email)
        accounts.deactivate(
            session,
            principal=principal,
            user_id=user_id,
            expected_version=version,
            now=clock.now(),
        )
    say(N_("{email} nonaktif; sesinya diakhiri."), email=email)


@users.command("reactivate")
def reactivate_user(email: str) -> None:
    """Aktifkan lagi pengguna yang nonaktif."""
    with refusals(), open_runtime() as runtime, runtime.database.transaction() as session:
        principal = acting(session, None)
        user_id, version = accounts.user_id_of(session, principal=principal, email=email)
        accounts.reactivate(
            session,
            principal=principal,
            user_id=user_id,
            expected_version=version,
            now=clock.now(),
        )
    say(N_("{email} aktif kembali."), email=email)


@users.command("password")
def reset_password(email: str) -> None:
    """Buat kata sandi sementara; yang lama tidak berlaku lagi."""
    with refusals(), open_runtime() as runtime, runtime.database.transaction() as session:
        principal = acting(session, None)
        user_id, version = accounts.user_id_of(session, principal=principal, email=email)
        invited = accounts.reset_password(
            session,
            principal=principal,
            user_id=user_id,
            seed=accounts.new_seed(),
            expected_version=version,
            now=clock.now(),
        )
    _hand_over(invited)


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


@tokens.command("list")
def list_tokens(*, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Daftar token: nomor, nama, kantor, lingkup, berlaku sampai, keadaan."""
    with refusals(), open_runtime() as runtime, runtime.database.transaction() as session:
        found = directory.tokens(session, principal=acting(session, None))
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        state = "dicabut" if one.revoked_at else ""
        day = one.expires_at.date().isoformat()
        fields = (str(one.id), one.name, one.office_code, ",".join(one.scopes), day, state)
        out.print("\t".join(fields), markup=False)


@tokens.command("revoke")
def revoke_token(token_id: Annotated[int, typer.Argument(help="Nomor dari `token list`")]) -> None:
    """Cabut token; panggilan berikutnya dengannya ditolak."""
    with refusals(), open_runtime() as runtime, runtime.database.transaction() as session:
        name = accounts.revoke_token(
            session, principal=acting(session, None), token_id=token_id, now=clock.now()
        )
    say(N_("Token {name} dicabut."), name=name)


def _everybody(session: Session) -> Iterator[PersonEntry]:
    principal, cursor = acting(session, None), None
    while True:
        page = directory.people(
            session,
            principal=principal,
            filter=PersonFilter(),
            limit=LARGEST_PAGE,
            cursor=cursor,
            now=clock.now(),
        )
        yield from page.items
        cursor = page.next
        if cursor is None:
            return


def _hand_over(invited: Invitation) -> None:
    say(
        N_("Kata sandi sementara, berlaku sampai {until} dan diganti saat pertama masuk:"),
        until=invited.until.date().isoformat(),
    )
    out.print(invited.password, markup=False)
