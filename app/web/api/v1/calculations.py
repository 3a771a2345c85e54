"""/calculations: stateless; the documents are those of `patuh calculate`."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Body

from app.calculations import service as calculations
from app.calculations.schemas import (
    ArrearsAnswer,
    ArrearsRequest,
    ContributionAnswer,
    ContributionRequest,
    DeadlineAnswer,
    DeadlineRequest,
    SettlementAnswer,
    SettlementRequest,
)
from app.calculations.settlement import settlement_answer
from app.web.api.operation import may, operations
from app.web.norms import NormsDep

router = operations("calculations")

CONTRIBUTION_EXAMPLE = {
    "month": "2026-03",
    "wage": 12000000,
    "jkk_class": 2,
    "scale": "menengah",
    "programmes": ["JKK", "JKM", "JHT", "JP"],
}
ARREARS_EXAMPLE = {
    "bills": [{"month": "2026-02", "programme": "JHT", "amount": 684000}],
    "payments": [
        {"month": "2026-02", "programme": "JHT", "paid_on": "2026-07-20", "amount": 100000}
    ],
    "cutoff": "2026-09-30",
}
DEADLINE_EXAMPLE = {"from": "2026-03-13", "working_days": 10}
SETTLEMENT_EXAMPLE = {
    "bills": [{"month": "2026-02", "programme": "JHT", "amount": 684000}],
    "from": "2026-09-30",
    "instalments": {"count": 3, "first_on": "2026-10-15"},
}

# The documents are those of the calculations room, whose own notes are for programmers.
DOCUMENTS: Final[Mapping[str, str]] = {
    "ContributionRequest": "Rupiah dan bulan; tanpa `programmes`: program wajib menurut skala.",
    "DeadlineRequest": "Tepat satu dari `working_days` dan `calendar_days`.",
    "CitationDocument": "`printable` null bila tidak boleh dikutip sebagai hukum.",
    "ParameterDocument": "Versi parameter yang dipakai; tarif ditulis sebagai teks desimal.",
    "DerivationDocument": "Simpul pohon di balik suatu angka; daunnya berjumlah akarnya.",
    "ShareDocument": "`employer` dan `worker` dibayar sekarang, `deferred` sisanya.",
    "LateStepDocument": "`penalty` teks desimal: pembulatan sekali, pada barisnya.",
    "DeadlineAnswer": "`due_on` hari terakhir, termasuk hari itu.",
    "PromiseDocument": "Tanpa `amount`: seluruh utang pada hari itu.",
    "InstalmentsDocument": "Bulanan dengan pokok sama besar; yang terakhir memuat sisa dan denda.",
    "SettlementRequest": "Tepat satu dari `pay_on`, `instalments`, dan `schedule`.",
    "InstalmentDocument": "`before`: utang hari itu, juga bila ingkar; `grows_…`: denda sebulan.",
    "SettlementAnswer": "`unpaid`: utang pada hari terakhir bila tidak ada yang dibayar.",
}


@router.post(
    "/calculations/contribution",
    summary="Menghitung iuran sebulan",
    dependencies=may("calculate"),
)
def calculate_contribution(
    document: Annotated[ContributionRequest, Body(examples=[CONTRIBUTION_EXAMPLE])],
    norms: NormsDep,
) -> ContributionAnswer:
    """Iuran per program untuk satu upah dan satu bulan, dengan tarif yang berlaku pada bulan itu.

    `programmes` boleh tidak diisi: yang dihitung adalah program yang wajib menurut skala usaha.
    """
    return calculations.contribution_answer(document, norms)


@router.post(
    "/calculations/arrears",
    summary="Menghitung tunggakan dan denda pada suatu tanggal",
    dependencies=may("calculate"),
)
def calculate_arrears(
    document: Annotated[ArrearsRequest, Body(examples=[ARREARS_EXAMPLE])],
    norms: NormsDep,
) -> ArrearsAnswer:
    """Satu baris per tagihan, dengan jatuh tempo, denda dua persen, dan turunan angkanya.

    Pembayaran sesudah tanggal `cutoff` tidak dihitung.
    """
    return calculations.arrears_answer(document, norms)


@router.post(
    "/calculations/deadline",
    summary="Menghitung tenggat",
    dependencies=may("calculate"),
)
def calculate_deadline(
    document: Annotated[DeadlineRequest, Body(examples=[DEADLINE_EXAMPLE])],
    norms: NormsDep,
) -> DeadlineAnswer:
    """Tenggat dalam hari kerja atau hari kalender, beserta hari yang dihitung dan dilewati."""
    return calculations.deadline_answer(document, norms)


@router.post(
    "/calculations/settlement",
    summary="Meninjau pelunasan atau angsuran",
    dependencies=may("calculate"),
)
def calculate_settlement(
    document: Annotated[SettlementRequest, Body(examples=[SETTLEMENT_EXAMPLE])],
    norms: NormsDep,
) -> SettlementAnswer:
    """Yang harus dibayar per tanggal, denda yang berhenti dan bertambah, dan akibat ingkar.

    Pembayaran melunasi pokok bulan tertua lebih dahulu, baru denda. Hanya tagihan yang sudah jatuh
    tempo pada `from` yang masuk rencana.
    """
    return settlement_answer(document, norms)
