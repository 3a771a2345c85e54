"""How money is booked that names no single bill, and what a reversed payment leaves behind."""

from typing import Final

from app.law.parameters.programmes import PROGRAMMES
from app.law.parameters.readings import our_reading

OLDEST_FIRST: Final = "bulan tertua dahulu"
NEWEST_FIRST: Final = "bulan terbaru dahulu"
PRINCIPAL_FIRST: Final = "pokok sebelum denda"
PENALTY_FIRST: Final = "denda sebelum pokok"
BY_PROGRAMME: Final = "urutan program"
AS_NEVER_RECEIVED: Final = "seolah tidak pernah diterima"


ALLOCATION_ORDER: Final = our_reading(
    "allocation.order",
    "urutan alokasi pembayaran tanpa tagihan",
    (OLDEST_FIRST, PRINCIPAL_FIRST, BY_PROGRAMME),
    "aturan, yang pertama paling menentukan",
    "Tidak ditemukan norma tentang urutan alokasi. Pembayaran yang menyebut bulan dan program "
    "dibukukan lebih dahulu dari pembayaran lain pada hari yang sama.",
)
ALLOCATION_PROGRAMMES: Final = our_reading(
    "allocation.programmes",
    "urutan program dalam alokasi pembayaran",
    ", ".join(PROGRAMMES),
    "aturan",
    "Tidak ditemukan norma tentang urutan alokasi; dipakai urutan program pada tagihan.",
)
REVERSAL: Final = our_reading(
    "allocation.reversal",
    "pembayaran yang dibatalkan",
    AS_NEVER_RECEIVED,
    "aturan",
    "Sampai sehari sebelum dibatalkan dihitung sebagai pembayaran; sejak hari pembatalan seolah "
    "tidak pernah diterima, sehingga denda dihitung sejak jatuh tempo.",
)
