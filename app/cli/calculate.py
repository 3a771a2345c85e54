"""`patuh calculate`: the stateless calculations of the law, without a server or a database."""

import json
import sys
from typing import Annotated, Final

import typer

from app.calculations.service import CALCULATIONS
from app.cli.console import REFUSED, refusals, warn
from app.errors import AppError, Invalid, particulars
from app.infra.calendars import packaged_calendar
from app.infra.wording import N_
from app.law.book import SHIPPED, Norms

# Without a database: what administrators have added since is known to the server only.
_NORMS: Final = Norms(law=SHIPPED, calendar=packaged_calendar())


def calculate(
    kind: Annotated[
        str,
        typer.Argument(
            help="contribution, arrears, deadline, estimate, difference, atau settlement"
        ),
    ],
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
        answer = CALCULATIONS[kind](
            _document(sys.stdin.buffer.read(), where="masukan standar"), _NORMS
        )
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


def _each_line(kind: str) -> None:
    """Answer every line; a bad one is answered with its problem, and the exit code is then 1."""
    refused = 0
    for number, text in enumerate(sys.stdin.buffer, start=1):
        if not text.strip():
            continue
        try:
            answer = CALCULATIONS[kind](_document(text, where=f"baris {number}"), _NORMS)
        except AppError as error:
            refused += 1
            fields = particulars(error)
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


def _document(sent: bytes, *, where: str) -> dict[str, object]:
    """Read one JSON object.

    Raises:
        Invalid: not UTF-8, not JSON, not an object, or one that no calculation asks for.
    """
    try:
        # Tools on Windows put the mark of UTF-8 before what they pipe.
        text = sent.decode("utf-8-sig")
        document = json.loads(text)
        # A lone half of a character can be written as an escape; it can be neither said nor kept.
        json.dumps(document, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise Invalid(
            "Isi {where} bukan JSON yang sah (baris {line}, kolom {column}).",
            where=where,
            line=error.lineno,
            column=error.colno,
        ) from error
    except UnicodeError as error:
        raise Invalid("Isi {where} bukan teks UTF-8.", where=where) from error
    except (ValueError, RecursionError) as error:
        raise Invalid(
            "Isi {where} memuat bilangan yang terlalu panjang atau susunan yang terlalu dalam.",
            where=where,
        ) from error
    if not isinstance(document, dict):
        raise Invalid("Isi {where} harus satu objek JSON.", where=where)
    return document
