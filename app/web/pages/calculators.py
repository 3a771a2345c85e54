"""Calculators for everyone signed in: contribution, arrears, deadline; each with its derivation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from app.accounts.schemas import SignedIn
from app.calculations import faults
from app.calculations import service as calculations
from app.calculations.schemas import (
    ArrearsAnswer,
    ArrearsRequest,
    ContributionAnswer,
    ContributionRequest,
    DeadlineAnswer,
    DeadlineRequest,
)
from app.errors import AppError, FieldProblem, Invalid
from app.infra.wording import N_
from app.web.addresses import address_of
from app.web.deps import legal_day, person
from app.web.norms import NormsDep
from app.web.pages.calculator_lines import bill_lines, worker_lines
from app.web.pages.calculator_problems import on_the_page
from app.web.pages.certificates import calculated_certificate
from app.web.pages.forms import Form, Reader, blank, refilled, typed
from app.web.rendering import page_language, render_page

router = APIRouter(prefix="/kalkulator")
MAY = person("calculate")
MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
NAME_MONTH: Final = N_("Isi bulan iuran, misalnya 2026-03.")
NO_MONTH: Final = N_("Bulan iuran “{value}” tidak ada; tulis seperti 2026-03.")

PROGRAMMES: Final = ("JKK", "JKM", "JHT", "JP")
# fmt: off
SCALES: Final[Mapping[str, str]] = {
    "mikro":    N_("Mikro"),
    "kecil":    N_("Kecil"),
    "menengah": N_("Menengah"),
    "besar":    N_("Besar"),
}
RISK_CLASSES: Final[Mapping[str, str]] = {
    "1": N_("1, sangat rendah"),
    "2": N_("2, rendah"),
    "3": N_("3, sedang"),
    "4": N_("4, tinggi"),
    "5": N_("5, sangat tinggi"),
}
UNITS: Final[Mapping[str, str]] = {
    "working_days":  N_("hari kerja"),
    "calendar_days": N_("hari kalender"),
}
AGEING: Final[Mapping[str, str]] = {
    "lancar":        N_("Lancar"),
    "kurang_lancar": N_("Kurang lancar"),
    "diragukan":     N_("Diragukan"),
    "macet":         N_("Macet"),
}
SUSPENSION_COLUMNS: Final = ("from", "to", "reason", "authority")
# fmt: on


@dataclass(frozen=True, slots=True)
class ContributionView:
    """`answer` is None until something was asked, or when what was asked is wrong."""

    answer: ContributionAnswer | None
    scales: Mapping[str, str]
    risk_classes: Mapping[str, str]
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """`certificate` is the address of the printable certificate, empty without an answer."""

    answer: DeadlineAnswer | None
    units: Mapping[str, str]
    certificate: str


@dataclass(frozen=True, slots=True)
class ArrearsView:
    """`overpaid` over both kinds of debt and every bill, due or not."""

    answer: ArrearsAnswer | None
    ageing: str

    @property
    def overpaid(self) -> int:
        lines = self.answer.lines if self.answer else ()
        return sum(line.overpaid + line.penalty_overpaid for line in lines)


@router.get("", name="page:calculators", dependencies=[Depends(MAY)])
def index(request: Request) -> Response:
    return render_page(request, "pages/calculators/index.html", {"view": None})


@router.get("/iuran", name="page:contribution", dependencies=[Depends(MAY)])
def contribution(request: Request, norms: NormsDep) -> Response:
    asked = request.query_params
    form, answer, status = Form(values={"programmes": PROGRAMMES}), None, 200
    if asked:
        try:
            answer = calculations.contribution_answer(_contribution_request(Reader(asked)), norms)
            form = Form(values=typed(asked))
        except AppError as error:
            form, status = refilled(asked, on_the_page(error), page_language(request)), 422
    view = ContributionView(
        answer=answer, scales=SCALES, risk_classes=RISK_CLASSES, programmes=PROGRAMMES
    )
    return render_page(
        request, "pages/calculators/contribution.html", {"view": view, "form": form}, status=status
    )


@router.get("/tenggat", name="page:deadline")
def deadline(
    request: Request, found: Annotated[SignedIn, Depends(MAY)], norms: NormsDep
) -> Response:
    asked = request.query_params
    today = legal_day(found.principal)
    form, answer, status = blank(**{"from": today, "count": 10, "unit": "working_days"}), None, 200
    if asked:
        try:
            answer = calculations.deadline_answer(_deadline_request(Reader(asked)), norms)
            form = Form(values=typed(asked))
        except AppError as error:
            form, status = refilled(asked, on_the_page(error), page_language(request)), 422
    certificate = address_of(request, "deadline_certificate")
    view = DeadlineView(
        answer=answer,
        units=UNITS,
        certificate=f"{certificate}?{urlencode(asked.multi_items())}" if answer else "",
    )
    return render_page(
        request, "pages/calculators/deadline.html", {"view": view, "form": form}, status=status
    )


@router.get("/tenggat/sertifikat", name="page:deadline_certificate")
def deadline_certificate(
    request: Request, found: Annotated[SignedIn, Depends(MAY)], norms: NormsDep
) -> Response:
    """Show the certificate of the deadline that the address asks for.

    Raises:
        Invalid: the address asks for none.
        Refused: its last day is not known.
    """
    asked = request.query_params
    answer = calculations.deadline_answer(_deadline_request(Reader(asked)), norms)
    view = calculated_certificate(
        answer,
        today=legal_day(found.principal),
        back=f"{address_of(request, 'deadline')}?{urlencode(asked.multi_items())}",
        language=page_language(request),
    )
    return render_page(request, "pages/certificates/deadline.html", {"view": view})


@router.get("/tunggakan", name="page:arrears")
def arrears(
    request: Request, found: Annotated[SignedIn, Depends(MAY)], norms: NormsDep
) -> Response:
    asked = request.query_params
    form, answer, status = blank(cutoff=legal_day(found.principal)), None, 200
    if asked:
        try:
            answer = calculations.arrears_answer(_arrears_request(Reader(asked)), norms)
            form = Form(values=typed(asked))
        except AppError as error:
            form, status = refilled(asked, on_the_page(error), page_language(request)), 422
    view = ArrearsView(answer=answer, ageing=AGEING.get((answer and answer.ageing_class) or "", ""))
    return render_page(
        request,
        "pages/calculators/arrears.html",
        {"view": view, "form": form},
        status=status,
    )


def _contribution_request(reader: Reader) -> ContributionRequest:
    month = reader.required("month", NAME_MONTH)
    if month and not MONTH.fullmatch(month):
        reader.complain("month", NO_MONTH, value=month[:40])
    several = reader.text("workers")
    wage = None
    if not several or reader.text("wage"):
        wage = reader.whole(
            "wage",
            N_(
                "Upah sebulan “{value}” tidak dapat dipakai; isi rupiah bulat, nol atau lebih, "
                "angka saja."
            ),
            missing=N_("Isi upah sebulan dalam rupiah, angka saja."),
        )
    if several and wage is not None:
        reader.complain("workers", N_("Isi upah sebulan atau daftar pekerja, jangan keduanya."))
    risk = reader.text("jkk_class")
    reader.check()
    paid = {"workers": worker_lines(several)} if several else {"wage": wage}
    return faults.read(
        ContributionRequest,
        {
            "month": month,
            **paid,
            "jkk_class": int(risk) if risk in RISK_CLASSES else None,
            "scale": reader.text("scale") or None,
            "programmes": reader.texts("programmes") or None,
            "labour_intensive": reader.text("labour_intensive") == "1",
        },
    )


def _deadline_request(reader: Reader) -> DeadlineRequest:
    start = reader.day("from", N_("Isi tanggal mulai."))
    count = reader.whole(
        "count",
        N_("Jumlah hari “{value}” tidak dapat dipakai; isi bilangan bulat, angka saja."),
        missing=N_("Isi jumlah hari, angka saja."),
    )
    unit = reader.text("unit")
    if unit not in UNITS:
        reader.complain("unit", N_("Pilih hari kerja atau hari kalender."))
    reader.check()
    return faults.read(
        DeadlineRequest,
        {
            "from": start.isoformat(),
            unit: count,
            "collective_leave_counts": reader.text("collective_leave_counts") == "1",
            "suspensions": _suspension_lines(reader.text("suspensions")),
        },
    )


def _suspension_lines(text: str) -> list[dict[str, object]]:
    """Read `hari pertama; hari terakhir; alasan; dasar wewenang` line by line.

    Raises:
        Invalid: names the first line that cannot be read.
    """
    found: list[dict[str, object]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [part.strip() for part in line.split(";", maxsplit=3)]
        if not any(parts):
            continue
        if len(parts) != len(SUSPENSION_COLUMNS):
            template = N_(
                "Baris {number} belum terbaca; tulis hari pertama; hari terakhir; alasan; "
                "dasar wewenang."
            )
            problem = FieldProblem("suspensions", template, {"number": number})
            raise Invalid(template, fields=(problem,), number=number)
        row = dict(zip(SUSPENSION_COLUMNS, parts, strict=True))
        found.append({**row, "to": row["to"] or None})
    return found


def _arrears_request(reader: Reader) -> ArrearsRequest:
    cutoff: date = reader.day("cutoff", N_("Isi tanggal batas perhitungan."))
    text = reader.required("lines", N_("Isi sekurang-kurangnya satu baris tagihan."))
    reader.check()
    bills, payments = bill_lines(text)
    return faults.read(
        ArrearsRequest,
        {"bills": bills, "payments": payments, "cutoff": cutoff.isoformat()},
    )
