"""How money is booked that names no single bill, and what a reversed payment leaves behind."""

from datetime import date
from typing import Final, TypeVar

from app.law.citation import reading
from app.law.dated import Dated, Version
from app.law.parameters.programmes import PROGRAMMES

_T = TypeVar("_T")

OLDEST_FIRST: Final = "bulan tertua dahulu"
NEWEST_FIRST: Final = "bulan terbaru dahulu"
PRINCIPAL_FIRST: Final = "pokok sebelum denda"
PENALTY_FIRST: Final = "denda sebelum pokok"
BY_PROGRAMME: Final = "urutan program"
AS_NEVER_RECEIVED: Final = "seolah tidak pernah diterima"


def _reading(key: str, title: str, value: _T, unit: str, note: str) -> Dated[_T]:
    version = Version(
        valid_from=date(2015, 7, 1),
        valid_to=None,
        value=value,
        unit=unit,
        grade="C",
        citation=reading(note),
    )
    return Dated(key=key, title=title, versions=(version,))


ALLOCATION_ORDER: Final = _reading(
    "allocation.order",
    "urutan alokasi pembayaran tanpa tagihan",
    (OLDEST_FIRST, PRINCIPAL_FIRST, BY_PROGRAMME),
    "aturan, yang pertama paling menentukan",
    "Tidak ditemukan norma tentang urutan alokasi. Pembayaran yang menyebut bulan dan program "
    "dibukukan lebih dahulu dari pembayaran lain pada hari yang sama.",
)
ALLOCATION_PROGRAMMES: Final = _reading(
    "allocation.programmes",
    "urutan program dalam alokasi pembayaran",
    ", ".join(PROGRAMMES),
    "aturan",
    "Tidak ditemukan norma tentang urutan alokasi; dipakai urutan program pada tagihan.",
)
REVERSAL: Final = _reading(
    "allocation.reversal",
    "pembayaran yang dibatalkan",
    AS_NEVER_RECEIVED,
    "aturan",
    "Sampai sehari sebelum dibatalkan dihitung sebagai pembayaran; sejak hari pembatalan seolah "
    "tidak pernah diterima, sehingga denda dihitung sejak jatuh tempo.",
)
