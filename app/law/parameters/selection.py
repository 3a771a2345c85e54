"""From how many control visits on a figure says anything, and when a group counts as skewed."""

from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from app.law.citation import reading
from app.law.dated import Dated, Version

_T = TypeVar("_T")


def _threshold(key: str, title: str, value: _T, unit: str, note: str) -> Dated[_T]:
    version = Version(
        valid_from=date(2015, 7, 1),
        valid_to=None,
        value=value,
        unit=unit,
        grade="C",
        citation=reading(note),
    )
    return Dated(key=key, title=title, versions=(version,))


MINIMUM: Final = _threshold(
    "selection.minimum",
    "kunjungan kontrol paling sedikit",
    30,
    "kunjungan",
    "Di bawahnya angka hanya disebut, tidak dibandingkan; berlaku juga untuk setiap kelompok.",
)
SKEW: Final = _threshold(
    "selection.skew",
    "berapa kali lebih banyak dari bagiannya",
    Decimal("1.5"),
    "kali",
    "Bagian kelompok di antara yang ditandai dibagi bagiannya di register; kebalikannya untuk "
    "kelompok yang kurang ditandai.",
)
