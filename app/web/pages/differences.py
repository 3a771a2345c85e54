"""Why arrears changed between two days: as a calculator, for bills and payments typed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.schemas import SignedIn
from app.calculations import faults
from app.calculations.differences import (
    DifferenceAnswer,
    DifferenceRequest,
    difference_answer,
)
from app.errors import AppError
from app.infra.wording import N_
from app.web.deps import legal_day, person
from app.web.norms import NormsDep
from app.web.pages.calculator_lines import bill_lines
from app.web.pages.calculator_problems import Inputs, on_the_page
from app.web.pages.forms import Form, Reader, blank, refilled, typed
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/kalkulator/perubahan")
MAY = person("calculate")

_LINES: Final = ("lines", N_("Tagihan dan pembayaran"))
_LINES_AFTER: Final = ("lines_after", N_("Tagihan dan pembayaran yang kini diketahui"))
_CUTOFFS: Final[Inputs] = {
    "before.cutoff": ("cutoff", N_("Tanggal batas pertama")),
    "after.cutoff": ("cutoff_after", N_("Tanggal batas kedua")),
}


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """`answer` is None until something was asked, or when what was asked is wrong."""

    answer: DifferenceAnswer | None


@router.get("", name="page:difference")
def difference(
    request: Request, found: Annotated[SignedIn, Depends(MAY)], norms: NormsDep
) -> Response:
    asked = request.query_params
    form, answer, status = blank(cutoff_after=legal_day(found.principal)), None, 200
    if asked:
        reader = Reader(asked)
        try:
            answer = difference_answer(_request(reader), norms)
            form = Form(values=typed(asked))
        except AppError as error:
            error = on_the_page(error, _inputs(twice=bool(reader.text("lines_after"))))
            form, status = refilled(asked, error, page_language(request)), 422
    return render_page(
        request,
        "pages/calculators/difference.html",
        {"view": DifferenceView(answer=answer), "form": form},
        status=status,
    )


def _inputs(*, twice: bool) -> Mapping[str, tuple[str, str]]:
    """Return where each field was typed; without a second history the first serves both days."""
    after = _LINES_AFTER if twice else _LINES
    return {
        **_CUTOFFS,
        "before.bills": _LINES,
        "before.payments": _LINES,
        "after.bills": after,
        "after.payments": after,
    }


def _request(reader: Reader) -> DifferenceRequest:
    first = reader.day("cutoff", N_("Isi tanggal batas pertama."))
    second = reader.day("cutoff_after", N_("Isi tanggal batas kedua."))
    then = reader.required("lines", N_("Isi sekurang-kurangnya satu baris tagihan."))
    now = reader.text("lines_after")
    reader.check()
    bills, payments = bill_lines(then)
    before: dict[str, object] = {"bills": bills, "payments": payments}
    after = before
    if now:
        bills, payments = bill_lines(now, field="lines_after")
        after = {"bills": bills, "payments": payments}
    return faults.read(
        DifferenceRequest,
        {
            "before": {**before, "cutoff": first.isoformat()},
            "after": {**after, "cutoff": second.isoformat()},
        },
    )
