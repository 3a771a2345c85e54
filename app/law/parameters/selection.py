"""From how many control visits on a figure says anything, and when a group counts as skewed."""

from decimal import Decimal
from typing import Final

from app.law.parameters.readings import our_reading

MINIMUM: Final = our_reading(
    "selection.minimum",
    "kunjungan kontrol paling sedikit",
    30,
    "kunjungan",
    "Di bawahnya angka hanya disebut, tidak dibandingkan; berlaku juga untuk setiap kelompok.",
)
SKEW: Final = our_reading(
    "selection.skew",
    "berapa kali lebih banyak dari bagiannya",
    Decimal("1.5"),
    "kali",
    "Bagian kelompok di antara yang ditandai dibagi bagiannya di register; kebalikannya untuk "
    "kelompok yang kurang ditandai.",
)
