"""What is wrong with what was asked of a calculator, in the words and places of its page."""

from collections.abc import Mapping
from typing import Final

from app.errors import AppError, FieldProblem, Invalid, particulars
from app.infra.wording import N_

_LINES: Final = ("lines", N_("Tagihan dan pembayaran"))
# The input that holds a field of the calculation, and what the page calls it.
# fmt: off
_INPUTS: Final[Mapping[str, tuple[str, str]]] = {
    "month":         ("month",      N_("Bulan iuran")),
    "wage":          ("wage",       N_("Upah sebulan (Rp)")),
    "scale":         ("scale",      N_("Skala usaha")),
    "jkk_class":     ("jkk_class",  N_("Tingkat risiko JKK")),
    "programmes":    ("programmes", N_("Program")),
    "from":          ("from",       N_("Tanggal mulai")),
    "working_days":  ("count",      N_("Jumlah hari")),
    "calendar_days": ("count",      N_("Jumlah hari")),
    "cutoff":        ("cutoff",     N_("Tanggal batas perhitungan")),
    "bills":         _LINES,
    "payments":      _LINES,
}
# fmt: on


def on_the_page(error: AppError) -> AppError:
    """Return the error with each complaint at its input, and the field called as it is there."""
    problems = tuple(_at_its_input(problem) for problem in particulars(error))
    return Invalid(error.template, fields=problems, **error.values) if problems else error


def _at_its_input(problem: FieldProblem) -> FieldProblem:
    found = _INPUTS.get(problem.field.split(".")[0])
    if found is None:
        return problem
    name, label = found
    return FieldProblem(name, problem.template, {**problem.values, "field": label})
