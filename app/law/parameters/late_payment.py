"""Due day and penalty of contributions paid late, by the month of the bill."""

from datetime import date
from decimal import Decimal
from typing import Final, Literal

from app.law.citation import Citation, Grade, reading
from app.law.dated import Dated, Version
from app.law.parameters import norms

PartMonth = Literal["started", "completed"]

_FIRST: Final = date(2015, 7, 1)
_BEFORE_PP_49: Final = date(2020, 7, 31)
_PP_49_FROM: Final = date(2020, 8, 1)
_PP_49_TO: Final = date(2021, 1, 31)
_AFTER_PP_49: Final = date(2021, 2, 1)
_PER_MONTH: Final = "bagian dari iuran belum dibayar per bulan"
_DAY: Final = "hari dalam bulan"


def _rate(
    value: str, valid_from: date, valid_to: date | None, citation: Citation
) -> Version[Decimal]:
    return Version(
        valid_from=valid_from,
        valid_to=valid_to,
        value=Decimal(value),
        unit=_PER_MONTH,
        grade="B",
        citation=citation,
    )


def _due_day(
    value: int, valid_from: date, valid_to: date | None, citation: Citation
) -> Version[int]:
    return Version(
        valid_from=valid_from,
        valid_to=valid_to,
        value=value,
        unit=_DAY,
        grade="B",
        citation=citation,
    )


def _since_2015(value: str, *, unit: str, grade: Grade, citation: Citation) -> Version[str]:
    return Version(
        valid_from=_FIRST, valid_to=None, value=value, unit=unit, grade=grade, citation=citation
    )


RATE_PER_MONTH: Final = Dated(
    key="late.rate",
    title="denda keterlambatan per bulan",
    versions=(
        _rate("0.02", _FIRST, _BEFORE_PP_49, norms.LATE_PAYMENT),
        _rate("0.005", _PP_49_FROM, _PP_49_TO, norms.PP_49_2020_PENALTY),
        _rate("0.02", _AFTER_PP_49, None, norms.LATE_PAYMENT),
    ),
)
DUE_DAY: Final = Dated(
    key="late.due-day",
    title="tanggal jatuh tempo dalam bulan berikutnya",
    versions=(
        _due_day(15, _FIRST, _BEFORE_PP_49, norms.LATE_PAYMENT),
        _due_day(30, _PP_49_FROM, _PP_49_TO, norms.PP_49_2020_DUE),
        _due_day(15, _AFTER_PP_49, None, norms.LATE_PAYMENT),
    ),
)
DUE_ROLL: Final = Dated(
    key="late.due-roll",
    title="jatuh tempo pada hari libur",
    versions=(
        _since_2015("hari kerja berikutnya", unit="aturan", grade="B", citation=norms.LATE_PAYMENT),
    ),
)
PART_MONTH: Final[Dated[PartMonth]] = Dated(
    key="late.part-month",
    title="bulan keterlambatan yang belum penuh",
    versions=(
        Version(
            valid_from=_FIRST,
            valid_to=None,
            value="started",
            unit="aturan",
            grade="C",
            citation=reading("Setiap bulan yang sudah dimulai dihitung satu bulan."),
        ),
    ),
)
COMPOUNDING: Final = Dated(
    key="late.compounding",
    title="cara menghitung denda",
    versions=(
        _since_2015(
            "tunggal",
            unit="aturan",
            grade="C",
            citation=reading("Denda tidak dikenai denda."),
        ),
    ),
)
ROUNDING: Final = Dated(
    key="late.rounding",
    title="pembulatan denda",
    versions=(
        _since_2015(
            "setengah ke atas, satu kali per tagihan",
            unit="aturan",
            grade="C",
            citation=reading("Dibulatkan ke rupiah setelah semua bagian dijumlahkan."),
        ),
    ),
)
CAP_MONTHS: Final[Dated[int | None]] = Dated(
    key="late.cap",
    title="batas bulan keterlambatan yang didenda",
    versions=(
        Version(
            valid_from=_FIRST,
            valid_to=None,
            value=None,
            unit="bulan",
            grade="C",
            citation=reading("Tidak ditemukan norma yang membatasi."),
        ),
    ),
)
