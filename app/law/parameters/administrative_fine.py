"""The fine of PP 86/2013 for not registering or not reporting truly; not the late penalty."""

from datetime import date
from decimal import Decimal
from typing import Final

from app.law.citation import reading
from app.law.dated import Dated, Version
from app.law.parameters import norms

_FIRST: Final = date(2013, 12, 24)

FINE_RATE: Final = Dated(
    key="fine.rate",
    title="denda administratif per bulan",
    versions=(
        Version(
            valid_from=_FIRST,
            valid_to=None,
            value=Decimal("0.001"),
            unit="bagian dari iuran yang seharusnya dibayar per bulan",
            grade="B",
            citation=norms.PP_86_2013_FINE_AMOUNT,
        ),
    ),
)
FINE_WINDOW: Final = Dated(
    key="fine.window",
    title="jangka waktu denda administratif sejak teguran kedua berakhir",
    versions=(
        Version(
            valid_from=_FIRST,
            valid_to=None,
            value=30,
            unit="hari kalender",
            grade="A",
            citation=norms.PP_86_2013_FINE_WINDOW,
        ),
    ),
)
FINE_PERIODS: Final = Dated(
    key="fine.periods",
    title="jumlah bulan denda administratif paling banyak",
    versions=(
        Version(
            valid_from=_FIRST,
            valid_to=None,
            value=1,
            unit="bulan",
            grade="C",
            citation=reading("Jangka 30 hari hanya memuat satu bulan denda."),
        ),
    ),
)
FINE_BASE: Final = Dated(
    key="fine.base",
    title="dasar denda administratif",
    versions=(
        Version(
            valid_from=_FIRST,
            valid_to=None,
            value="iuran satu bulan yang ditemukan kurang, dijumlahkan atas semua dugaan",
            unit="aturan",
            grade="C",
            citation=reading(
                "Norma tidak menyebut apakah dasarnya iuran satu bulan atau semua bulan."
            ),
        ),
    ),
)
