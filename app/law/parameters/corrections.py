"""How small a correction of the past may be before nobody needs to write to the employer again."""

from typing import Final

from app.law.parameters.readings import our_reading

ROUNDING: Final = our_reading(
    "correction.rounding",
    "pembulatan satu tagihan pada koreksi data",
    1,
    "rupiah per tagihan",
    "Tagihan dan denda dibulatkan sekali per tagihan; selisih sebesar itu bukan perubahan fakta.",
)
MATERIAL: Final = our_reading(
    "correction.material",
    "koreksi data yang mengubah surat",
    10_000,
    "rupiah",
    "Di bawahnya koreksi diusulkan diabaikan selama dasar kasus tetap; orang yang memutuskan.",
)
