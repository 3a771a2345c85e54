"""What paying on a day or in instalments would come to: as a calculator, for figures typed in."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.schemas import SignedIn
from app.calculations import faults
from app.calculations.schemas import SettlementAnswer, SettlementRequest
from app.calculations.settlement import settlement_answer
from app.errors import AppError
from app.infra.wording import N_
from app.web.deps import legal_day, person
from app.web.norms import NormsDep
from app.web.pages.calculator_lines import bill_lines, promise_lines
from app.web.pages.calculator_problems import Inputs, on_the_page
from app.web.pages.forms import Form, Reader, Sent, blank, refilled, typed
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/kalkulator/penyelesaian")
MAY = person("calculate")
USUAL_COUNT: Final = 6
# Where on the page a field of the document was typed, and what the page calls it.
BILLS_TYPED_IN: Final = "lines"
_LINES: Final = (BILLS_TYPED_IN, N_("Tagihan dan pembayaran"))
_FIRST: Final = ("on", N_("Tanggal bayar atau angsuran pertama"))
# fmt: off
_TYPED_IN: Final[Inputs] = {
    "bills":                _LINES,
    "payments":             _LINES,
    "from":                 ("from", N_("Tanggal kesepakatan")),
    "pay_on":               _FIRST,
    "instalments.first_on": _FIRST,
    "instalments.count":    ("count", N_("Banyak angsuran bulanan (1: lunas)")),
    "schedule":             ("schedule", N_("Jadwal sendiri")),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class SettlementView:
    """`answer` is None until something was asked, or when what was asked is wrong."""

    answer: SettlementAnswer | None


@router.get("", name="page:settlement")
def settlement(
    request: Request, found: Annotated[SignedIn, Depends(MAY)], norms: NormsDep
) -> Response:
    asked = request.query_params
    form, answer, status = suggested(legal_day(found.principal)), None, 200
    if asked:
        try:
            answer = settlement_answer(_request(Reader(asked)), norms)
            form = Form(values=typed(asked))
        except AppError as error:
            form, status = complained(asked, error, page_language(request)), 422
    view = SettlementView(answer=answer)
    return render_page(
        request, "pages/calculators/settlement.html", {"view": view, "form": form}, status=status
    )


def suggested(today: date) -> Form:
    return blank(**{"from": today, "on": today, "count": USUAL_COUNT})


def complained(asked: Sent, error: AppError, language: str) -> Form:
    """Return the form as it was sent; each complaint points at the input it was typed in."""
    return refilled(asked, on_the_page(error, _TYPED_IN), language)


def plan_document(reader: Reader) -> dict[str, object]:
    """Return the part of a SettlementRequest that says who pays when; one instalment is a day.

    Raises:
        Invalid: names each field that is wrong.
    """
    start = reader.day("from", N_("Isi tanggal kesepakatan."))
    text = reader.text("schedule")
    if text:
        reader.check()
        return {"from": start.isoformat(), "schedule": promise_lines(text)}
    first = reader.day("on", N_("Isi tanggal bayar atau tanggal angsuran pertama."))
    count = reader.whole("count", N_("Isi banyaknya angsuran, angka saja."))
    reader.check()
    if count == 1:
        return {"from": start.isoformat(), "pay_on": first.isoformat()}
    return {
        "from": start.isoformat(),
        "instalments": {"count": count, "first_on": first.isoformat()},
    }


def _request(reader: Reader) -> SettlementRequest:
    text = reader.required("lines", N_("Isi sekurang-kurangnya satu baris tagihan."))
    plan = plan_document(reader)
    bills, payments = bill_lines(text)
    return faults.read(SettlementRequest, {"bills": bills, "payments": payments, **plan})
