"""What is wrong with what was asked of a calculator, in the words and places of its page."""

from collections.abc import Mapping
from typing import Final

from app.errors import AppError, FieldProblem, Invalid, particulars
from app.infra.wording import N_

Inputs = Mapping[str, tuple[str, str]]

_LINES: Final = ("lines", N_("Tagihan dan pembayaran"))
# The input that holds a field of the calculation, and what the page calls it.
# fmt: off
_INPUTS: Final[Inputs] = {
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
    "workers":       ("workers",    N_("Daftar pekerja")),
    "held":          ("held",       N_("Program yang sudah diikuti")),
}
# fmt: on


def on_the_page(error: AppError, inputs: Inputs = _INPUTS) -> AppError:
    """Return the error with each complaint at its input, and the field called as it is there.

    `inputs` are by the first part of a field's name, or by its first two: `before.bills`.
    """
    problems = tuple(_at_its_input(problem, inputs) for problem in particulars(error))
    return Invalid(error.template, fields=problems, **error.values) if problems else error


def _at_its_input(problem: FieldProblem, inputs: Inputs) -> FieldProblem:
    parts = problem.field.split(".")
    found = inputs.get(".".join(parts[:2]), inputs.get(parts[0]))
    if found is None:
        return problem
    name, label = found
    return FieldProblem(name, problem.template, {**problem.values, "field": label})
