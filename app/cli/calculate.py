"""`patuh calculate`: the stateless calculations of the law, without a server or a database."""

import json
import sys
from typing import Annotated, Final

import typer

from app.calculations.service import CALCULATIONS
from app.cli.console import REFUSED, refusals, warn
from app.errors import AppError, Invalid
from app.infra.calendars import packaged_calendar
from app.infra.wording import N_
from app.law.book import SHIPPED, Norms

# Without a database: what administrators have added since is known to the server only.
_NORMS: Final = Norms(law=SHIPPED, calendar=packaged_calendar())


def calculate(
    kind: Annotated[str, typer.Argument(help="contribution, arrears, deadline, atau settlement")],
    *,
    lines: Annotated[
        bool, typer.Option("--lines", help="Baca dan tulis JSON Lines: satu dokumen per baris.")
    ] = False,
) -> None:
    """Baca dokumen JSON dari masukan standar, tulis jawabannya ke keluaran standar."""
    if kind not in CALCULATIONS:
        warn(
            N_("Jenis hitungan “{kind}” tidak ada; pilih dari: {known}."),
            kind=kind,
            known=", ".join(CALCULATIONS),
        )
        raise typer.Exit(2)
    if lines:
        _each_line(kind)
        return
    with refusals():
        answer = CALCULATIONS[kind](_document(sys.stdin.read(), where="masukan standar"), _NORMS)
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


def _each_line(kind: str) -> None:
    """Answer every line; a bad one is answered with its problem, and the exit code is then 1."""
    refused = 0
    for number, text in enumerate(sys.stdin, start=1):
        if not text.strip():
            continue
        try:
            answer = CALCULATIONS[kind](_document(text, where=f"baris {number}"), _NORMS)
        except AppError as error:
            refused += 1
            fields = error.fields if isinstance(error, Invalid) else ()
            answer = {
                "line": number,
                "code": error.code,
                "detail": str(error),
                "errors": [{"field": item.field, "detail": str(item)} for item in fields],
            }
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    if refused:
        warn(N_("{count} baris ditolak; alasannya ada pada jawaban baris itu."), count=refused)
        raise typer.Exit(REFUSED)


def _document(text: str, *, where: str) -> dict[str, object]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise Invalid(
            "Isi {where} bukan JSON yang sah (baris {line}, kolom {column}).",
            where=where,
            line=error.lineno,
            column=error.colno,
        ) from error
    if not isinstance(document, dict):
        raise Invalid("Isi {where} harus satu objek JSON.", where=where)
    return document
