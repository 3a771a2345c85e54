"""Which years the calendar knows, and how days are counted."""

from datetime import date
from typing import Final

from app.law.citation import reading
from app.law.dated import Dated, Version
from app.law.parameters import norms

# Readings of how to count reach back further than the holidays do.
_COUNTING_FROM: Final = date(2000, 1, 1)

LOADED_YEARS: Final = Dated(
    key="calendar.years",
    title="tahun kalender yang dimuat",
    versions=(
        Version(
            valid_from=date(2015, 1, 1),
            valid_to=None,
            value=tuple(range(2015, 2028)),
            unit="tahun",
            grade="B",
            citation=norms.SKB_HOLIDAYS,
        ),
    ),
)
WORKING_WEEK: Final = Dated(
    key="calendar.week",
    title="hari kerja dalam seminggu",
    versions=(
        Version(
            valid_from=_COUNTING_FROM,
            valid_to=None,
            value=("Senin", "Selasa", "Rabu", "Kamis", "Jumat"),
            unit="hari",
            grade="B",
            citation=norms.PERPRES_21_2023,
        ),
    ),
)
COLLECTIVE_LEAVE_IS_A_WORKING_DAY: Final = Dated(
    key="calendar.collective-leave",
    title="cuti bersama dihitung sebagai hari kerja",
    versions=(
        Version(
            valid_from=_COUNTING_FROM,
            valid_to=None,
            value=False,
            unit="ya atau tidak",
            grade="C",
            citation=reading("Waktu yang lebih panjang bagi pemberi kerja paling aman."),
        ),
    ),
)
FIRST_DAY_COUNTED: Final = Dated(
    key="calendar.first-day",
    title="hari pertama yang dihitung setelah tanggal mulai",
    versions=(
        Version(
            valid_from=_COUNTING_FROM,
            valid_to=None,
            value=1,
            unit="hari sesudahnya",
            grade="C",
            citation=reading("Hari terakhir termasuk dalam jangka waktu."),
        ),
    ),
)
RECEIPT_CUTOFF_HOUR: Final[Dated[int | None]] = Dated(
    key="calendar.receipt-cutoff",
    title="jam batas penerimaan surat pada satu hari",
    versions=(
        Version(
            valid_from=_COUNTING_FROM,
            valid_to=None,
            value=None,
            unit="jam setempat, 0 sampai 23",
            grade="C",
            citation=reading(
                "Tidak ditemukan norma; tanpa nilai, penerimaan pada jam berapa pun dihitung "
                "pada hari itu."
            ),
        ),
    ),
)
