"""/calculations: stateless; the documents are those of `patuh calculate`."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Body

from app.calculations import service as calculations
from app.calculations.differences import DifferenceAnswer, DifferenceRequest, difference_answer
from app.calculations.estimates import EstimateAnswer, EstimateRequest, estimate_answer
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
PAYROLL_EXAMPLE = {
    "month": "2026-03",
    "workers": [
        {"label": "Pekerja A", "wage": 12000000},
        {"label": "Pekerja B", "wage": 5000000, "programmes": ["JKK", "JKM"]},
    ],
    "jkk_class": 2,
    "scale": "menengah",
}
LUMP_SUM_EXAMPLE = {
    "bills": ARREARS_EXAMPLE["bills"],
    "payments": [
        {"month": None, "programme": None, "paid_on": "2026-07-20", "amount": 100000},
    ],
    "cutoff": "2026-09-30",
}
DEADLINE_EXAMPLE = {"from": "2026-03-13", "working_days": 10}
ESTIMATE_EXAMPLE = {
    "kind": "PDS_TK",
    "cutoff": "2026-09-30",
    "workers": [{"wage": 5000000, "started_on": "2026-02-02"}],
    "jkk_class": 2,
    "scale": "kecil",
}
DIFFERENCE_EXAMPLE = {
    "before": {"bills": ARREARS_EXAMPLE["bills"], "cutoff": "2026-06-30"},
    "after": ARREARS_EXAMPLE,
}
SETTLEMENT_EXAMPLE = {
    "bills": [{"month": "2026-02", "programme": "JHT", "amount": 684000}],
    "from": "2026-09-30",
    "instalments": {"count": 3, "first_on": "2026-10-15"},
}

# The documents are those of the calculations room, whose own notes are for programmers.
DOCUMENTS: Final[Mapping[str, str]] = {
    "ContributionRequest": "`wage` satu upah, atau `workers` semua pekerja; tanpa `programmes`: "
    "program wajib menurut skala.",
    "WorkerWageDocument": "Tanpa `programmes`: program pemberi kerja.",
    "WorkerContributionDocument": "Iuran satu pekerja.",
    "ContributionAnswer": "Dengan `workers`, `wage` dan `programmes` adalah jumlahnya.",
    "BillWorkerDocument": "Bagian tagihan untuk satu pekerja.",
    "BillDocument": "`workers`, bila diisi, berjumlah `amount`.",
    "PaymentDocument": "`month` atau `programme` null: dialokasikan menurut aturan yang berlaku; "
    "sejak `reversed_on` dianggap tidak pernah diterima.",
    "ArrearsLineDocument": "`penalty` sisa dari `penalty_charged`.",
    "BalanceDocument": "`charged` + `overpaid` = `paid` + `open`.",
    "AllocationDocument": "Bagian pembayaran tanpa tagihan dan utang yang dibayarnya.",
    "ArrearsAnswer": "`unallocated` sisa pembayaran tanpa utang; `not_counted` pembayaran sesudah "
    "batas atau yang sudah dibatalkan.",
    "WorkerEvidenceDocument": "`started_on`, atau `source_on`, menentukan bulan pertama.",
    "EstimateRequest": "`held` program yang sudah diikuti, untuk PDS_PROGRAM.",
    "EstimateAnswer": "Perkiraan, bukan tagihan; `deferred` tidak termasuk dalam `amount`.",
    "DifferenceRequest": "Dua permintaan tunggakan: yang lama dan yang sekarang.",
    "ChangeDocument": "Perubahan satu tagihan karena satu sebab; negatif bila berkurang.",
    "DifferenceAnswer": "`effects` berjumlah `amount`.",
    "DeadlineRequest": "Tepat satu dari `working_days` dan `calendar_days`; `from`, atau "
    "`received_at` bersama `zone` (WIB, WITA, WIT).",
    "SuspensionDocument": "Kedua hari termasuk; `to` null: belum berakhir.",
    "ReceiptDocument": "`on` hari hukum penerimaan; `after_hours`: hari berikutnya, karena lewat "
    "jam batas.",
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
    document: Annotated[
        ContributionRequest, Body(examples=[CONTRIBUTION_EXAMPLE, PAYROLL_EXAMPLE])
    ],
    norms: NormsDep,
) -> ContributionAnswer:
    """Iuran per program untuk satu bulan, dengan tarif yang berlaku pada bulan itu.

    `wage` untuk satu pekerja; `workers` untuk semua pekerja, jawabannya per pekerja dan jumlahnya.

    `programmes` boleh tidak diisi: yang dihitung adalah program yang wajib menurut skala usaha.
    """
    return calculations.contribution_answer(document, norms)


@router.post(
    "/calculations/arrears",
    summary="Menghitung tunggakan dan denda pada suatu tanggal",
    dependencies=may("calculate"),
)
def calculate_arrears(
    document: Annotated[ArrearsRequest, Body(examples=[ARREARS_EXAMPLE, LUMP_SUM_EXAMPLE])],
    norms: NormsDep,
) -> ArrearsAnswer:
    """Satu baris per tagihan, dengan jatuh tempo, denda dua persen, dan turunan angkanya.

    Pembayaran sesudah tanggal `cutoff` dan yang sudah dibatalkan tidak dihitung.
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
    """Tenggat dalam hari kerja atau hari kalender, beserta hari yang dihitung dan dilewati.

    Hari dalam masa penangguhan dilewati; penangguhan yang belum berakhir dijawab 409, karena
    tenggatnya belum dapat diketahui.
    """
    return calculations.deadline_answer(document, norms)


@router.post(
    "/calculations/estimate",
    summary="Memperkirakan iuran yang belum pernah ditagih",
    dependencies=may("calculate"),
)
def calculate_estimate(
    document: Annotated[EstimateRequest, Body(examples=[ESTIMATE_EXAMPLE])],
    norms: NormsDep,
) -> EstimateAnswer:
    """Perkiraan per bulan beserta metodenya; bukan tagihan, tidak dijumlahkan dengan tunggakan."""
    return estimate_answer(document, norms)


@router.post(
    "/calculations/difference",
    summary="Menjelaskan perubahan tunggakan antara dua tanggal",
    dependencies=may("calculate"),
)
def calculate_difference(
    document: Annotated[DifferenceRequest, Body(examples=[DIFFERENCE_EXAMPLE])],
    norms: NormsDep,
) -> DifferenceAnswer:
    """Selisih dua perhitungan menurut sebabnya; semua sebab berjumlah tepat selisih itu."""
    return difference_answer(document, norms)


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

    Pembayaran dibagi menurut urutan alokasi yang berlaku; angsuran melunasi pokok lebih dahulu.
    Hanya tagihan yang sudah jatuh tempo pada `from` yang masuk rencana.
    """
    return settlement_answer(document, norms)
