"""How small a correction of the past may be before nobody needs to write to the employer again."""

from datetime import date
from typing import Final

from app.law.citation import reading
from app.law.dated import Dated, Version


def _threshold(key: str, title: str, value: int, unit: str, note: str) -> Dated[int]:
    version = Version(
        valid_from=date(2015, 7, 1),
        valid_to=None,
        value=value,
        unit=unit,
        grade="C",
        citation=reading(note),
    )
    return Dated(key=key, title=title, versions=(version,))


ROUNDING: Final = _threshold(
    "correction.rounding",
    "pembulatan satu tagihan pada koreksi data",
    1,
    "rupiah per tagihan",
    "Tagihan dan denda dibulatkan sekali per tagihan; selisih sebesar itu bukan perubahan fakta.",
)
MATERIAL: Final = _threshold(
    "correction.material",
    "koreksi data yang mengubah surat",
    10_000,
    "rupiah",
    "Di bawahnya koreksi diusulkan diabaikan selama dasar kasus tetap; orang yang memutuskan.",
)
