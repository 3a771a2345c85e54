"""How contributions in arrears are classed by their number of months."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.law.dated import Dated, Version
from app.law.parameters import norms


@dataclass(frozen=True, slots=True)
class AgeingClass:
    """`from_months` and `to_months` are inclusive; `to_months` None means without end."""

    name: str
    from_months: int
    to_months: int | None

    def __str__(self) -> str:
        end = "ke atas" if self.to_months is None else f"sampai {self.to_months}"
        return f"{self.name}: {self.from_months} {end}"


AGEING_CLASSES: Final = Dated(
    key="ageing.classes",
    title="golongan umur tunggakan",
    versions=(
        Version(
            valid_from=date(2015, 7, 1),
            valid_to=None,
            value=(
                AgeingClass("lancar", 1, 3),
                AgeingClass("kurang_lancar", 4, 6),
                AgeingClass("diragukan", 7, 12),
                AgeingClass("macet", 13, None),
            ),
            unit="bulan menunggak",
            grade="B",
            citation=norms.AGEING_PRACTICE,
        ),
    ),
)
