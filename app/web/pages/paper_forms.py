"""The form of a paper with a term: its choices, and what was typed as the command."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from app.cases.papers import CASE_PAPERS, PAPER_LABELS, PaperKind
from app.cases.service import PaperGiven
from app.infra.wording import N_
from app.web.pages.forms import Reader

KINDS: Final[Mapping[str, str]] = {kind.value: PAPER_LABELS[kind] for kind in CASE_PAPERS}
# fmt: off
TRILEAN: Final[Mapping[str, str]] = {
    "":      N_("tidak dicatat"),
    "ya":    N_("ya"),
    "tidak": N_("tidak"),
}
# fmt: on
_SAID: Final = {"ya": True, "tidak": False}


def paper_given(reader: Reader, *, kind: PaperKind | None = None) -> PaperGiven:
    """Return what was typed; `kind` when the form leaves no choice.

    Raises:
        Invalid: names each field that is wrong.
    """
    chosen = reader.text("kind")
    if kind is None and chosen not in KINDS:
        reader.complain("kind", N_("Pilih jenis dokumen."))
    number = reader.required("number", N_("Isi nomor dokumen."))
    signed_on = reader.day("signed_on", N_("Isi tanggal dokumen."))
    until = reader.optional_day("valid_until")
    reader.check()
    return PaperGiven(
        kind=kind or PaperKind(chosen),
        number=number,
        signed_on=signed_on,
        valid_until=until,
        substitution=_SAID.get(reader.text("substitution")),
        stamped=_SAID.get(reader.text("stamped")),
        note=reader.text("note"),
    )


def ending(reader: Reader) -> tuple[date, str]:
    """Return the last day and the reason. Raises: Invalid: names each field that is wrong."""
    day = reader.day("ended_on", N_("Isi hari terakhir dokumen ini."))
    reason = reader.required("reason", N_("Tulis mengapa dokumen ini berakhir."))
    reader.check()
    return day, reason
