"""What is probably owed where nobody billed it: as a calculator, for workers typed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.schemas import SignedIn
from app.calculations import faults
from app.calculations.estimates import EstimateAnswer, EstimateRequest, estimate_answer
from app.errors import AppError
from app.infra.wording import N_
from app.web.deps import legal_day, person
from app.web.norms import NormsDep
from app.web.pages.calculator_lines import evidence_lines
from app.web.pages.calculator_problems import on_the_page
from app.web.pages.calculators import PROGRAMMES, RISK_CLASSES
from app.web.pages.forms import Form, Reader, Sent, blank, refilled, typed
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/kalkulator/perkiraan")
MAY = person("calculate")

# fmt: off
KINDS: Final[Mapping[str, str]] = {
    "PWBD":        N_("Pemberi kerja belum terdaftar: semua pekerjanya"),
    "PDS_TK":      N_("Sebagian pekerja belum didaftarkan"),
    "PDS_UPAH":    N_("Upah dilaporkan lebih kecil daripada yang terbukti"),
    "PDS_PROGRAM": N_("Program wajib belum diikuti"),
}
# A link of ours that fills in the form says so: it asks for no answer where the employer's record
# lacks one of these, and whoever follows it has made no mistake.
PREPARED: Final = "prepared"
_OF_THE_RECORD: Final[Mapping[str, str]] = {
    "scale":     N_("Skala usaha"),
    "jkk_class": N_("Tingkat risiko JKK"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class EstimateView:
    """`answer` is None until something was asked, or when what was asked is wrong.

    `lacking` are the inputs that a link of ours could not fill in, with their words.
    """

    answer: EstimateAnswer | None
    lacking: Mapping[str, str]
    kinds: Mapping[str, str]
    risk_classes: Mapping[str, str]
    programmes: tuple[str, ...]


@router.get("", name="page:estimate")
def estimate(
    request: Request, found: Annotated[SignedIn, Depends(MAY)], norms: NormsDep
) -> Response:
    asked = request.query_params
    form, answer, status = blank(kind="PWBD", cutoff=legal_day(found.principal)), None, 200
    lacking = _lacking(asked)
    if lacking:
        form = Form(values=typed(asked))
    elif asked:
        try:
            answer = estimate_answer(_request(Reader(asked)), norms)
            form = Form(values=typed(asked))
        except AppError as error:
            form, status = refilled(asked, on_the_page(error), page_language(request)), 422
    view = EstimateView(
        answer=answer,
        lacking=lacking,
        kinds=KINDS,
        risk_classes=RISK_CLASSES,
        programmes=PROGRAMMES,
    )
    return render_page(
        request, "pages/calculators/estimate.html", {"view": view, "form": form}, status=status
    )


def _lacking(asked: Sent) -> Mapping[str, str]:
    if not asked.get(PREPARED):
        return {}
    return {name: words for name, words in _OF_THE_RECORD.items() if not asked.get(name)}


def _request(reader: Reader) -> EstimateRequest:
    kind = reader.text("kind")
    if kind not in KINDS:
        reader.complain(
            "kind", N_("Yang diperkirakan “{value}” tidak ada; pilih satu."), value=kind[:40]
        )
    cutoff = reader.day("cutoff", N_("Isi tanggal batas perhitungan."))
    text = reader.required("workers", N_("Isi sekurang-kurangnya satu pekerja."))
    held = reader.texts("held")
    if held and kind in KINDS and kind != "PDS_PROGRAM":
        reader.complain(
            "held",
            N_(
                "Program yang sudah diikuti ({value}) hanya dipakai bila yang diperkirakan adalah "
                "program yang belum diikuti; kosongkan."
            ),
            value=", ".join(held)[:40],
        )
    risk = reader.text("jkk_class")
    if risk and risk not in RISK_CLASSES:
        reader.complain(
            "jkk_class", N_("Tingkat risiko JKK “{value}” tidak ada; pilih satu."), value=risk[:40]
        )
    reader.check()
    return faults.read(
        EstimateRequest,
        {
            "kind": kind,
            "cutoff": cutoff.isoformat(),
            "workers": evidence_lines(text),
            "jkk_class": int(risk) if risk else None,
            "scale": reader.text("scale") or None,
            "programmes": reader.texts("programmes") or None,
            "labour_intensive": reader.text("labour_intensive") == "1",
            # No programme ticked is an answer of its own: none is followed yet.
            "held": held if kind == "PDS_PROGRAM" else None,
        },
    )
